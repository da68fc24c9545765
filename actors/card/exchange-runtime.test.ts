// Defends: a PAN update whose door died after its first step is finished by its timer: the runtime
// carries the link to the other card's actor, in another shard, and the completion back.
import { afterEach, beforeEach, expect, test } from "vitest";
import { viewToken } from "../../vault/mod.ts";
import {
  createTestVault,
  seededRandom,
  type TestVault,
  testPan,
  trid,
} from "../../vault/test-vault.ts";
import { openKinds } from "../kinds.ts";
import { EmbeddedLog } from "../log/embedded.ts";
import { prepareLogMeta } from "../log/log-meta.ts";
import { RecordSeal } from "../log/record.ts";
import { systemTurns } from "../runtime/ports.ts";
import { Runtime } from "../runtime/runtime.ts";
import { lmdbStore } from "../store/lmdb.ts";
import { CardDesk } from "./desk.ts";
import { routePan } from "./routing.ts";

let rig: TestVault;
let runtime: Runtime;

beforeEach(async () => {
  rig = createTestVault();
  const { vault, clock } = rig;
  const store = lmdbStore(vault.env);
  const random = seededRandom("runtime");
  const meta = prepareLogMeta(store, random, vault.shards);
  runtime = new Runtime({
    log: new EmbeddedLog({ store, meta, checkOwner: () => {} }),
    store,
    meta,
    kinds: openKinds(vault, store),
    seal: new RecordSeal(vault.sealing.ring),
    node: "test",
    clock,
    turns: systemTurns,
    random,
  });
  await runtime.ownAll();
});
afterEach(async () => {
  await runtime.stop(1_000);
  await rig.remove();
});

/** A desk whose commands are lost from the `from`-th on, as when the door's process dies. */
function dyingDesk(from: number): CardDesk {
  let sent = 0;
  const { vault, clock } = rig;
  const commands = {
    submit: (envelope: Parameters<Runtime["submit"]>[0]) => {
      if (++sent >= from) return new Promise<never>(() => {});
      return runtime.submit(envelope);
    },
  };
  return new CardDesk({ vault, commands, clock });
}

const call = (idempotencyKey: string) => {
  return { client: "test", idempotencyKey, deadlineMs: rig.clock.monotonicMs() + 10_000 };
};

test("the timer takes the update up", async () => {
  const { vault } = rig;
  const pan = testPan(1);
  // In another shard, so that the runtime has to carry the commands over.
  let number = 2;
  while (routePan(vault, testPan(number)).shard === routePan(vault, pan).shard) number++;
  const newPan = testPan(number);
  const desk = dyingDesk(Number.POSITIVE_INFINITY);
  const made = await desk.provision(call("p"), {
    command: "provision",
    ...{ pan, panExpiry: 3012, trid, assurance: 12, active: true, verified: true, async: false },
  });
  const ref = String(made.answer.tokenRef);
  const update = { pan, newPan, newExpiry: 3105, reason: "REPLACEMENT" } as const;
  void dyingDesk(2).updatePan(call("u"), update);
  await new Promise((resolve) => setTimeout(resolve, 100));
  vault.freshRead();
  expect(viewToken(vault, ref).pan.equals(pan)).toBe(true);
  rig.clock.advance(6_000);
  for (let tries = 0; tries < 500 && !viewToken(vault, ref).pan.equals(newPan); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    vault.freshRead();
  }
  expect(viewToken(vault, ref)).toMatchObject({ cardExpiry: "3105", status: "ACTIVE" });
  expect(viewToken(vault, ref).pan.equals(newPan)).toBe(true);
  // Whoever repeats the call is told what became of it.
  const repeated = await desk.updatePan(call("u"), update);
  expect(repeated).toMatchObject({ repeated: true, answer: { changed: true, tokensAffected: 1 } });
});

// Defends: cards live on the real runtime and the embedded log as they do without one: commands
// over several shards are answered when durable and applied, repetitions get their first answer,
// timers fire, and a vault that is built anew from the log alone is the same.
import { afterEach, expect, test } from "vitest";
import { isAppError } from "../../platform/mod.ts";
import { tokenAt, tokenStatus, type Vault, verifyVault, viewToken } from "../../vault/mod.ts";
import {
  createTestVault,
  otherTrid,
  type TestVault,
  testPan,
  trid,
} from "../../vault/test-vault.ts";
import { EmbeddedLog } from "../log/embedded.ts";
import { prepareLogMeta } from "../log/log-meta.ts";
import { Ownership } from "../log/owner.ts";
import { RecordSeal } from "../log/record.ts";
import type { Reply } from "../runtime/actor-kind.ts";
import { type AnyKind, KindTable } from "../runtime/kinds.ts";
import { Runtime } from "../runtime/runtime.ts";
import { logRing } from "../runtime/test-rig.ts";
import { lmdbStore } from "../store/lmdb.ts";
import { verifyStates } from "../upkeep/verify-states.ts";
import type { CardAction, CardCommand, Provision } from "./commands.ts";
import { createCardKind } from "./kind.ts";
import { routePan } from "./routing.ts";
import {
  cardSteps,
  envelopeOf,
  provisionSteps,
  runSteps,
  type Step,
  type Steps,
  tokenSteps,
  updatePanSteps,
} from "./steps.ts";
import { dump, fold, type Logged } from "./test-fold.ts";

const vaults: TestVault[] = [];
const runtimes: Runtime[] = [];
afterEach(async () => {
  await Promise.all(runtimes.splice(0).map((runtime) => runtime.stop(1_000)));
  await Promise.all(vaults.splice(0).map((vault) => vault.remove()));
});

function newVault(): TestVault {
  const t = createTestVault();
  vaults.push(t);
  return t;
}

/** Starts the runtime on the vault, over the log that lies in it; `log` collects what is folded. */
async function start(t: TestVault, log: Logged[]): Promise<Runtime> {
  const store = lmdbStore(t.vault.env);
  const meta = prepareLogMeta(store, t.vault.random, t.vault.shards);
  const owner = Ownership.take(store, t.vault.random(8));
  const card = createCardKind(t.vault);
  const kind = {
    ...card,
    project: (...args: Parameters<typeof card.project>) => {
      const [actor, , , event, { shard }] = args;
      log.push({ to: { actor, shard }, event });
      card.project(...args);
    },
  };
  const runtime = new Runtime({
    node: "n1",
    store,
    meta,
    kinds: new KindTable([kind as unknown as AnyKind]),
    seal: new RecordSeal(logRing()),
    log: new EmbeddedLog({ store, meta, checkOwner: () => owner.check() }),
    clock: t.clock,
    random: t.vault.random,
    turns: {
      defer: (work) => void setImmediate(work),
      after: (ms, work) => {
        const timer = setTimeout(work, ms);
        return () => clearTimeout(timer);
      },
    },
  });
  runtimes.push(runtime);
  expect(await runtime.ownAll()).toBe(t.vault.shards);
  return runtime;
}

let commands = 0;
const nextId = () => {
  const id = Buffer.alloc(16);
  id.writeUInt32BE(++commands, 12);
  return id;
};

const provision = (number: number, requestor = trid): Provision => ({
  command: "provision",
  pan: testPan(number),
  panExpiry: 2909,
  trid: requestor,
  assurance: 12,
  active: true,
  verified: false,
  async: false,
});

const say = (action: CardAction["action"], number: number): CardAction => ({
  command: "card",
  action,
  pan: testPan(number),
  reason: "LOST",
  expiry: 0,
  causedAtMs: 0,
  asLink: false,
  linksServed: 0,
});

function runner(vault: Vault, runtime: Runtime) {
  const run = (steps: Steps) => runSteps(steps, (envelope) => runtime.submit(envelope), 5_000);
  return {
    provision: (command: Provision, id = nextId()) => run(provisionSteps(vault, command, id)),
    card: (command: CardAction, id = nextId()) => run(cardSteps(vault, command, id)),
    token: (ref: string, command: (ref: Buffer) => CardCommand) =>
      run(tokenSteps(vault, ref, command, nextId())),
    move: (from: number, to: number, id = nextId()) => {
      const pans = { pan: testPan(from), newPan: testPan(to), newExpiry: 3104 };
      const said = { reason: "REPLACEMENT", asLink: false, linksServed: 0 } as const;
      return run(updatePanSteps(vault, { command: "updatePan", ...pans, ...said }, id));
    },
  };
}

const answerOf = (reply: Reply) => {
  if (!reply.ok) throw reply.error;
  return reply.answer;
};

test("cards live on the runtime, and the log alone makes the same vault", async () => {
  const t = newVault();
  const log: Logged[] = [];
  const does = runner(t.vault, await start(t, log));
  const numbers = Array.from({ length: 20 }, (_, i) => i);
  const made = await Promise.all(numbers.map((number) => does.provision(provision(number))));
  const refs = made.map((reply) => String(answerOf(reply).tokenRef));
  expect(
    new Set(numbers.map((number) => routePan(t.vault, testPan(number)).shard)).size,
  ).toBeGreaterThan(5);
  const said = await Promise.all(numbers.map((number) => does.card(say("suspend", number))));
  expect(said.every((reply) => reply.ok && reply.answer.changed === true)).toBe(true);
  for (const ref of refs) expect(viewToken(t.vault, ref).status).toBe("SUSPENDED");
  await Promise.all(numbers.map((number) => does.card(say("resume", number))));
  const moves = await Promise.all(numbers.map((number) => does.move(number, number + 100)));
  expect(moves.every((reply) => reply.ok && reply.answer.tokensAffected === 1)).toBe(true);
  await Promise.all(numbers.map((number) => does.provision(provision(number + 100, otherTrid))));
  await does.card(say("delete", 100));
  expect(viewToken(t.vault, refs[0]!).status).toBe("DELETED");
  for (const number of numbers.slice(1)) {
    expect(viewToken(t.vault, refs[number]!).pan.equals(testPan(number + 100))).toBe(true);
  }
  expect(verifyVault(t.vault)).toMatchObject({ tokens: 40, problems: [] });
  const other = newVault();
  fold(other.vault, log, { keep: false });
  expect(dump(other.vault)).toEqual(dump(t.vault));
});

test("a token that something else than the fold has changed stops its card's shard", async () => {
  const t = newVault();
  const runtime = await start(t, []);
  const does = runner(t.vault, runtime);
  await does.provision(provision(1));
  await does.card(say("suspend", 1));
  await runtime.stop(1_000);
  const { tokens } = t.vault.tables;
  const [token] = [...tokens.getRange({ limit: 1 })];
  // Who steals the disk's bits makes it active again.
  const record = Buffer.from(token!.value);
  record[tokenAt.status] = tokenStatus.ACTIVE;
  t.vault.env.write(() => void tokens.putSync(token!.key, record));
  const store = lmdbStore(t.vault.env);
  const kinds = new KindTable([createCardKind(t.vault) as unknown as AnyKind]);
  const found = await verifyStates(store, kinds);
  expect(found).toMatchObject({ states: 1, differing: [expect.stringMatching(/^card /)] });
  const reply = await runner(t.vault, await start(t, [])).card(say("resume", 1));
  expect(reply.ok).toBe(false);
  expect(!reply.ok && isAppError(reply.error, "SHARD_PARKED")).toBe(true);
});

test("two provisions at once of one card and requestor give one token", async () => {
  const t = newVault();
  const does = runner(t.vault, await start(t, []));
  const rivals = await Promise.all([1, 2, 3].map(() => does.provision(provision(1))));
  const answers = rivals.map(answerOf);
  expect(new Set(answers.map((answer) => answer.tokenRef)).size).toBe(1);
  expect(answers.map((answer) => answer.reused).sort()).toEqual([false, true, true]);
});

test("a repeated command gets its first answer, a PAN update as a whole too", async () => {
  const t = newVault();
  const does = runner(t.vault, await start(t, []));
  const [made, moved] = [nextId(), nextId()];
  const first = await does.provision(provision(1), made);
  const again = await does.provision(provision(1), made);
  expect(again).toMatchObject({ repeated: true, answer: answerOf(first) });
  expect(answerOf(await does.move(1, 2, moved))).toMatchObject({ changed: true });
  expect((await does.move(1, 2, moved)).ok).toBe(true);
  // Both times: a repetition must not make of a refusal something that was done.
  await does.provision(provision(3));
  await does.card(say("delete", 4));
  const closed = nextId();
  for (const reply of [await does.move(3, 4, closed), await does.move(3, 4, closed)]) {
    expect(!reply.ok && isAppError(reply.error, "CARD_NOT_ALLOWED")).toBe(true);
  }
  expect(verifyVault(t.vault).problems).toEqual([]);
});

test("a token past its expiry is stored as EXPIRED by its timer, after a restart too", async () => {
  const t = newVault();
  const log: Logged[] = [];
  const first = await start(t, log);
  const ref = String(answerOf(await runner(t.vault, first).provision(provision(1))).tokenRef);
  await first.stop(1_000);
  t.clock.advance(Date.parse("2030-12-31T16:00:00Z") - t.clock.nowMs());
  await start(t, log);
  await expect.poll(() => log.map(({ event }) => event.event)).toContain("tokensChanged");
  expect(viewToken(t.vault, ref).status).toBe("EXPIRED");
  expect(verifyVault(t.vault).problems).toEqual([]);
});

test("a PAN update whose door died is finished by the timer of its first step", async () => {
  const t = newVault();
  const log: Logged[] = [];
  const runtime = await start(t, log);
  const ref = String(answerOf(await runner(t.vault, runtime).provision(provision(1))).tokenRef);
  const pans = { pan: testPan(1), newPan: testPan(2), newExpiry: 3104 };
  const said = { reason: "REPLACEMENT", asLink: false, linksServed: 0 } as const;
  const steps = updatePanSteps(t.vault, { command: "updatePan", ...pans, ...said }, nextId());
  const first = steps.next().value as Step;
  expect((await runtime.submit(envelopeOf(first, 5_000))).ok).toBe(true);
  expect(viewToken(t.vault, ref).pan.equals(testPan(1))).toBe(true);
  t.clock.advance(5_000);
  await expect.poll(() => log.map(({ event }) => event.event)).toContain("panUpdated");
  expect(log.map(({ event }) => event.event)).toEqual([
    ...["provisioned", "panBegun", "panResumed", "linked", "panUpdated"],
  ]);
  expect(viewToken(t.vault, ref).pan.equals(testPan(2))).toBe(true);
  expect(verifyVault(t.vault).problems).toEqual([]);
});

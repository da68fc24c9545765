// Defends: the card actor through the whole of runtime, embedded log and fold: what is answered can
// be read in the vault, repeated requests have one effect, and the log folded into an empty vault
// gives the same cards and tokens byte for byte.
import { createHash, randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { commandCodec } from "../../actors/card/command-codec.ts";
import { provisionSteps, type Steps, tokenSteps, updatePanSteps } from "../../actors/card/steps.ts";
import {
  cardKindNumber,
  EmbeddedLog,
  lmdbStore,
  openKinds,
  prepareLogMeta,
  RecordSeal,
  type Reply,
  Runtime,
  replayLog,
  systemTurns,
  verifyLog,
} from "../../actors/mod.ts";
import { logRing } from "../../actors/runtime/test-rig.ts";
import { type Vault, verifyVault, viewToken } from "../../vault/mod.ts";
import { createTestVault, type TestVault, testPan, trid } from "../../vault/test-vault.ts";

const cards = 40;
const opened: TestVault[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.remove();
});

function makeVault(): TestVault {
  const made = createTestVault({ shards: 4, mapSizeBytes: 2 ** 27 });
  opened.push(made);
  return made;
}

async function run(runtime: Runtime, steps: Steps): Promise<Reply> {
  let next = steps.next();
  while (!next.done) {
    const { to, command, id } = next.value;
    const body = commandCodec.encode(command);
    const reply = await runtime.submit({ ...to, id, body, kind: cardKindNumber, timeoutMs: 9_000 });
    next = steps.next(reply);
  }
  return next.value;
}

const idOf = (name: string) => createHash("sha256").update(name).digest().subarray(0, 16);

function rowsOf(vault: Vault): string {
  vault.freshRead();
  const lines: string[] = [];
  for (const name of ["cards", "tokens", "refs", "agreements", "cardSides"] as const) {
    for (const { key, value } of vault.tables[name].getRange({})) {
      lines.push(`${name} ${Buffer.from(key as Buffer).toString("hex")} ${value.toString("hex")}`);
    }
  }
  return lines.join("\n");
}

test("cards and tokens through the runtime, and again from the log", async () => {
  const { vault, clock } = makeVault();
  const store = lmdbStore(vault.env);
  const meta = prepareLogMeta(store, randomBytes, vault.shards);
  const seal = new RecordSeal(logRing());
  const runtime = new Runtime({
    ...{ store, meta, seal, clock, turns: systemTurns, random: randomBytes, node: "test" },
    log: new EmbeddedLog({ store, meta, checkOwner: () => {} }),
    kinds: openKinds(vault, store),
  });
  expect(await runtime.ownAll()).toBe(4);
  const provision = (n: number) =>
    run(
      runtime,
      provisionSteps(
        vault,
        {
          ...{ command: "provision", active: true, verified: false, async: false },
          ...{ pan: testPan(n), panExpiry: 2912, trid, assurance: 10 },
        },
        idOf(`provision ${n}`),
      ),
    );
  const numbers = Array.from({ length: cards }, (_, n) => n);
  const made = await Promise.all(numbers.map(provision));
  const refs = made.map((reply) => {
    if (!reply.ok) throw reply.error;
    return String(reply.answer.tokenRef);
  });
  expect(new Set(refs).size).toBe(cards);
  expect(await Promise.all(numbers.map(provision))).toEqual(
    made.map((reply) => ({ ...reply, repeated: true })),
  );
  const more = { action: "suspend", caller: { who: "ADMIN" }, cause: "ADMIN" } as const;
  for (const ref of refs.slice(0, 10)) {
    const command = (bytes: Buffer) =>
      ({
        command: "token",
        ref: bytes,
        reason: "NONE",
        expectVersion: undefined,
        ...more,
      }) as const;
    const reply = await run(runtime, tokenSteps(vault, ref, command, idOf(`suspend ${ref}`)));
    expect(reply.ok).toBe(true);
    expect(viewToken(vault, ref).status).toBe("SUSPENDED");
  }
  // A new PAN, in another shard for most: an exchange between two actors.
  for (let n = 20; n < 30; n++) {
    const said = { pan: testPan(n), newPan: testPan(1_000 + n), newExpiry: 3_012 };
    const command = { command: "updatePan", reason: "REPLACEMENT", asLink: false } as const;
    const update = { ...command, ...said, issuerId: undefined, linksServed: 0 };
    const reply = await run(runtime, updatePanSteps(vault, update, idOf(`update ${n}`)));
    expect(reply).toMatchObject({ ok: true, answer: { changed: true, tokensAffected: 1 } });
  }
  await runtime.stop(5_000);
  expect(verifyVault(vault).problemCount).toBe(0);
  expect((await verifyLog(store, meta, seal)).problems).toEqual([]);
  const other = makeVault();
  const to = lmdbStore(other.vault.env);
  await replayLog({ from: store, to, kinds: openKinds(other.vault, to), seal });
  expect(rowsOf(other.vault)).toBe(rowsOf(vault));
  expect(rowsOf(vault).split("\n").length).toBeGreaterThan(3 * cards);
});

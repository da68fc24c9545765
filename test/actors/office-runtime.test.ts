// Defends: what two people decided is carried out once by the real runtime over the real log, under
// concurrent hands and repeated commands; and the log alone gives another node the same registry,
// users and acts.
import { randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import {
  type DeskCall,
  EmbeddedLog,
  lmdbStore,
  OfficeRows,
  openKinds,
  prepareLogMeta,
  RecordSeal,
  Runtime,
  replayLog,
  submitOffice,
  systemTurns,
} from "../../actors/mod.ts";
import { logRing } from "../../actors/runtime/test-rig.ts";
import { isAppError } from "../../platform/mod.ts";
import { ActRows, type Vault } from "../../vault/mod.ts";
import { createTestVault, type TestVault, trid } from "../../vault/test-vault.ts";

const opened: TestVault[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.remove();
});

function makeVault(): TestVault {
  const made = createTestVault({ shards: 4, mapSizeBytes: 2 ** 27 });
  opened.push(made);
  return made;
}

/** Everything that administration writes. */
function stateOf(vault: Vault): unknown {
  vault.freshRead();
  const { registryStore } = vault;
  const office = new OfficeRows(lmdbStore(vault.env));
  const tables = ["requestors", "issuers", "ranges", "subranges", "acquirers"] as const;
  return {
    rows: tables.map((table) => [...registryStore.all(table)]),
    users: office.users(),
    changes: office.changes(),
    acts: new ActRows(vault.env).after(0, 1_000),
  };
}

test("two people, one effect, and the same on another node", async () => {
  const { vault, clock } = makeVault();
  const store = lmdbStore(vault.env);
  const meta = prepareLogMeta(store, randomBytes, vault.shards);
  const seal = new RecordSeal(logRing());
  const runtime = new Runtime({
    ...{ store, meta, seal, clock, turns: systemTurns, random: randomBytes, node: "test" },
    log: new EmbeddedLog({ store, meta, checkOwner: () => {} }),
    kinds: openKinds(vault, store),
  });
  await runtime.ownAll();
  let calls = 0;
  const submit = async (command: Parameters<typeof submitOffice>[2], key = `key-${calls++}`) => {
    const call: DeskCall = {
      client: "test",
      idempotencyKey: key,
      deadlineMs: clock.monotonicMs() + 9_000,
    };
    const { answer } = await submitOffice({ commands: runtime, clock, shards: 4 }, call, command);
    return answer;
  };
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => "OK",
      (error: unknown) => (isAppError(error) ? error.code : String(error)),
    );
  const user = (name: string) => {
    const roles = ["programme", "users"] as const;
    return { name, roles, identities: [`URI:x:${name}`], secrets: [], status: "ACTIVE" as const };
  };
  await submit({ command: "setup", by: "cli:root", users: ["a", "b", "c"].map(user) });
  const propose = (id: string, key?: string) => {
    const content = { id, name: id };
    return submit({ command: "propose", by: "a", kind: "issuer.put", content, note: "" }, key);
  };
  const banks = Array.from({ length: 20 }, (_, i) => `B${i}`);
  const proposed = await Promise.all(banks.map((id) => propose(id)));
  // Three hands at each, at once: one approval counts.
  for (const { change: id } of proposed) {
    const change = Number(id);
    const hands = ["b", "c", "b"].map((by) => codeOf(submit({ command: "approve", by, change })));
    expect((await Promise.all(hands)).sort()).toEqual(["CHANGE_CLOSED", "CHANGE_CLOSED", "OK"]);
  }
  const again = await propose("ONCE", "one key");
  expect(await propose("ONCE", "one key")).toEqual(again);
  const content = { trid, status: "SUSPENDED" };
  const put = { command: "propose", by: "b", kind: "requestor.status", note: "" } as const;
  const { change } = await submit({ ...put, content });
  await submit({ command: "approve", by: "a", change: Number(change) });
  await runtime.stop(5_000);
  vault.freshRead();
  const issuers = vault.registry().issuers.filter((one) => one !== undefined);
  expect(issuers).toHaveLength(22);
  expect(vault.registry().findRequestor(trid)?.status).toBe("SUSPENDED");
  const other = makeVault();
  const to = lmdbStore(other.vault.env);
  await replayLog({ from: store, to, kinds: openKinds(other.vault, to), seal });
  expect(stateOf(other.vault)).toEqual(stateOf(vault));
});

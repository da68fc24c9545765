// Defends: the log commands do what they say on a vault's own log: show without content, prove,
// save, bring back only when the loss was accepted, rebuild beside and compare, trim only what is
// saved.
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { StreamRows } from "../../actors/log/embedded-rows.ts";
import {
  EmbeddedLog,
  lmdbStore,
  Ownership,
  openKinds,
  ProgressTable,
  placeOf,
  prepareLogMeta,
  RecordSeal,
  Runtime,
  SubscriberRows,
  systemTurns,
} from "../../actors/mod.ts";
import { accountKind } from "../../actors/runtime/test-account.ts";
import { envelope } from "../../actors/runtime/test-rig.ts";
import { FileProvider, type KeyRing, KeyStore } from "../../crypto/mod.ts";
import { AppError, exitCode, systemClock } from "../../platform/mod.ts";
import { Vault } from "../../vault/mod.ts";
import { register } from "./log.ts";

const passphrase = Buffer.from("correct horse battery");
let base: string;
let dir: string;
let passphraseFile: string;
let ring: KeyRing;
let out: string;
let err: string;

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), "pantun-log-cli-"));
  dir = join(base, "vault");
  passphraseFile = join(base, "passphrase");
  writeFileSync(passphraseFile, `${passphrase.toString()}\n`);
  chmodSync(passphraseFile, 0o600);
  const provider = await FileProvider.create(dir, passphrase, { cost: { n: 1_024, r: 8, p: 1 } });
  ring = await (await KeyStore.init(dir, provider, {})).load();
  await provider.close();
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(base, { recursive: true });
});

function openVault(): Vault {
  const random = randomBytes;
  const options = { clock: systemClock, random, create: true, mapSizeBytes: 2 ** 26, shards: 4 };
  return Vault.open({ dir, ring, ...options });
}

/** What a service does for a while: opens its epochs, takes commands, stops. */
async function serve(accounts: number): Promise<void> {
  const vault = openVault();
  const store = lmdbStore(vault.env);
  const owner = Ownership.take(store, randomBytes(8));
  const meta = prepareLogMeta(store, randomBytes, vault.shards);
  const log = new EmbeddedLog({ store, meta, checkOwner: () => owner.check() });
  const runtime = new Runtime({
    ...{ log, store, meta, clock: systemClock, turns: systemTurns, random: randomBytes },
    kinds: openKinds(vault, store, { more: [() => accountKind(store)] }),
    seal: new RecordSeal(ring),
    node: "test",
  });
  await runtime.ownAll();
  for (let n = 0; n < accounts; n++) {
    await runtime.submit(envelope(n % 4, n, { do: "deposit", amount: 12_345, pad: "SECRET" }));
  }
  await runtime.stop(1_000);
  await log.close();
  owner.release();
  await vault.close();
}

/** Flips a bit of a record in the vault's file, as a disk would. */
async function damage(shard: number, seq: number): Promise<void> {
  const vault = openVault();
  const bytes = new StreamRows(lmdbStore(vault.env), "evt", shard).get(seq)!;
  await vault.close();
  const path = join(dir, "vault", "data.mdb");
  const file = readFileSync(path);
  // Pages that were written anew may hold it twice.
  let at = file.indexOf(bytes);
  for (; at >= 0; at = file.indexOf(bytes, at + 1)) file[at + 70]! ^= 4;
  writeFileSync(path, file);
}

/** Runs a command; its output is in `out`. */
async function run(command: string, folder = dir): Promise<string> {
  const program = new Command("pantun").exitOverride();
  register(program);
  out = "";
  err = "";
  process.exitCode = undefined;
  const args = ["--dir", folder, "--passphrase-file", passphraseFile, "--json"];
  await program.parseAsync([...command.split(" "), ...args], { from: "user" });
  return out;
}

async function json(command: string, folder = dir): Promise<Record<string, unknown>> {
  return JSON.parse(await run(command, folder)) as Record<string, unknown>;
}

async function codeOf(command: string, folder = dir): Promise<string> {
  const error = await run(command, folder).catch((thrown: unknown) => thrown);
  if (error instanceof AppError) return error.code;
  throw error;
}

describe("pantun log", () => {
  test("tail shows who, when and which types, and no content", async () => {
    await serve(6);
    const lines = (await run("log tail --shard 1")).trim().split("\n");
    const shown = lines.map((line) => JSON.parse(line) as { seq: number; events: object[] });
    expect(shown.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(shown[0]).toMatchObject({ shard: 1, epoch: 1, events: [{ name: "epoch.opened" }] });
    const names = ["51201", "command.noted", "states.noted"].map((name) => ({ name }));
    expect(shown[1]!.events).toMatchObject(names);
    expect(out).not.toContain("SECRET");
    expect(out).not.toContain("12345");
    expect((await run("log tail --limit 1")).trim().split("\n")).toHaveLength(4);
    expect(await codeOf("log tail --from 2")).toBe("USAGE");
    expect(await codeOf("log tail --shard 9")).toBe("USAGE");
  });

  test("verify counts, and ends with 1 where a record was changed", async () => {
    await serve(6);
    expect(await json("log verify")).toMatchObject({ shards: 4, records: 10, problems: [] });
    expect(process.exitCode).toBeUndefined();
    const vault = openVault();
    const rows = new StreamRows(lmdbStore(vault.env), "evt", 2);
    lmdbStore(vault.env).write(() => rows.put(2, Buffer.alloc(99, 1)));
    await vault.close();
    expect(await json("log verify")).toMatchObject({ problems: [{ shard: 2, seq: 2 }, {}] });
    expect(process.exitCode).toBe(exitCode.FAILED);
  });

  test("snapshot, restore: names what is lost, and waits for the word", async () => {
    await serve(4);
    const copy = join(base, "copy");
    expect(await json(`log snapshot ${copy}`)).toMatchObject({ verified: { records: 8 } });
    const manifest = JSON.parse(readFileSync(join(copy, "log.json"), "utf8"));
    expect(manifest).toMatchObject({ incarnation: 1, shards: { length: 4 } });
    await serve(1);
    const fresh = join(base, "fresh");
    expect(await codeOf(`log restore ${copy} --old ${dir}`, fresh)).toBe("USAGE");
    expect(err).toContain("shard 0: records 3 to 4");
    expect(err).toContain("shard 3: records 3 to 3");
    const restored = await json(`log restore ${copy} --accept-loss`, fresh);
    expect(err).toContain("everything after 20");
    expect(restored).toMatchObject({ log: { incarnation: 2 } });
    dir = fresh;
    await serve(2);
    expect(await json("log verify", fresh)).toMatchObject({ records: 14, problems: [] });
  });

  test("rebuild folds again beside the vault in use, and trim forgets what is saved", async () => {
    await serve(0);
    const first = join(base, "first");
    await json(`log snapshot ${first}`);
    await serve(0);
    const same = { differing: [], records: 8 };
    expect(await json(`log rebuild ${join(base, "again")}`)).toMatchObject(same);
    const beside = `log rebuild ${join(base, "beside")} --snapshot ${first}`;
    expect(await json(beside)).toMatchObject({ differing: [], records: 4 });
    expect(await codeOf(`log rebuild ${first}`)).toBe("ALREADY_EXISTS");
    const second = join(base, "second");
    await json(`log snapshot ${second}`);
    expect(await json(`log trim --snapshot ${second}`)).toEqual({ records: 4, kept: 0 });
    expect(await json("log verify")).toMatchObject({ records: 4, problems: [] });
    expect(await codeOf(`log rebuild ${join(base, "late")}`)).toBe("FAILED");
  });

  test("trim keeps what a webhook has still to be told, until it was told", async () => {
    const trid = "99900000001";
    await serve(0);
    let vault = openVault();
    const subscribers = new SubscriberRows(lmdbStore(vault.env), () => ring);
    const since = { url: "https://example.com/hook", keys: [], sinceMs: 1, version: 1 };
    lmdbStore(vault.env).write(() => subscribers.put(Buffer.alloc(16, 1), { trid, ...since }));
    await vault.close();
    await serve(0);
    await serve(0);
    const copy = join(base, "copy");
    await json(`log snapshot ${copy}`);
    // No progress yet: it begins with the oldest record.
    expect(await json(`log trim --snapshot ${copy}`)).toEqual({ records: 0, kept: 8 });
    vault = openVault();
    const store = lmdbStore(vault.env);
    const progress = new ProgressTable(vault.env.table("outbox"), (work) => store.write(work));
    const none = { subscriber: trid, put: [], drop: [], dead: [] };
    const row = { place: placeOf(2, 0), lane: 1, attempts: 1, firstMs: 1, dueMs: 2, gapFrom: 0 };
    await progress.save([0, 1, 2].map((n) => ({ ...none, shard: n, cursor: placeOf(4, 0) - 1 })));
    await progress.save([{ ...none, shard: 0, cursor: placeOf(4, 0) - 1, put: [row] }]);
    await vault.close();
    // Shard 0 waits with record 2, shard 3 has no progress, the others have been told everything.
    expect(await json(`log trim --snapshot ${copy}`)).toEqual({ records: 5, kept: 3 });
    expect(await json("log verify")).toMatchObject({ records: 7, problems: [] });
  });

  test("salvage brings records back out of a snapshot, or goes on without them", async () => {
    await serve(8);
    const copy = join(base, "copy");
    await json(`log snapshot ${copy}`);
    await serve(4);
    await damage(2, 2);
    await damage(3, 4);
    expect((await json("log verify")).problems).not.toEqual([]);
    expect(await codeOf("log salvage")).toBe("USAGE");
    // Record 2 of shard 2 is in the snapshot, record 4 of shard 3 came after it.
    expect(await codeOf(`log salvage --snapshot ${copy}`)).toBe("USAGE");
    const one = await json(`log salvage --shard 2 --snapshot ${copy}`);
    expect(one).toMatchObject({ shards: [{ shard: 2, restored: 1, lost: null }] });
    const other = await json(`log salvage --snapshot ${copy} --accept-loss`);
    expect(other).toMatchObject({ shards: [{ shard: 3, lost: 4, kept: 4, firstSeq: 5 }] });
    expect(await json("log verify")).toMatchObject({ problems: [] });
    await serve(4);
    expect(await json("log verify")).toMatchObject({ problems: [] });
  });

  test("of a vault that has none says so", async () => {
    await openVault().close();
    expect(await codeOf("log verify")).toBe("VAULT_NOT_FOUND");
  });
});

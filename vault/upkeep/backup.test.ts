// Defends: a backup is a whole vault and says so only after it was verified; what is restored
// begins a new life in which nothing that was used or given out since the backup can be used or
// given out again.
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { open } from "lmdb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { provision, suspendCard } from "../../actors/card/test-rig.ts";
import { isAppError } from "../../platform/mod.ts";
import {
  createTestVault,
  seededRandom,
  type TestVault,
  testNowMs,
  testPan,
  testRing,
  trid,
} from "../test-vault.ts";
import { viewToken } from "../token-view.ts";
import { Vault } from "../vault.ts";
import { backupVault, restoreVault } from "./backup.ts";
import { beginIncarnation } from "./incarnation.ts";
import { verifyVault } from "./verify.ts";

let t: TestVault;
let copies = 0;
beforeEach(() => {
  t = createTestVault();
});
afterEach(() => t.remove());

const place = () => join(t.dir, `copy-${copies++}`);

function make(card: number): string {
  const request = { pan: testPan(card), panExpiry: 2909, trid, assurance: 12 };
  return provision(t.vault, request).token.ref;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) return "none";
  return isAppError(error) ? error.code : String(error);
}

function optionsFor(dir: string) {
  return { dir, ring: testRing(), clock: t.clock, random: seededRandom("restored") };
}

describe("backup and restore", () => {
  test("bring back every token, with keys and history, as the owner's alone", async () => {
    const ref = make(1);
    mkdirSync(join(t.dir, "keys"));
    writeFileSync(join(t.dir, "keys", "keys.json"), "{}");
    writeFileSync(join(t.dir, "keys", "keys.lock"), "");
    const history = open({ path: join(t.dir, "history"), encoding: "binary" });
    await history.put("row", Buffer.from("1"));
    await history.close();
    const dest = place();
    const { manifest } = await backupVault(t.vault, dest);
    expect(manifest).toMatchObject({ tokens: 1, cards: 1, layout: 2 });
    expect(readdirSync(dest).sort()).toEqual(["backup.json", "history", "keys", "vault"]);
    expect(readdirSync(join(dest, "keys"))).toEqual(["keys.json"]);
    expect(statSync(join(dest, "keys", "keys.json")).mode & 0o077).toBe(0);
    make(2);
    const dir = place();
    await restoreVault(dest, optionsFor(dir));
    expect(readdirSync(dir).sort()).toEqual(["history", "keys", "vault"]);
    const restored = Vault.open(optionsFor(dir));
    expect(viewToken(restored, ref).pan.equals(testPan(1))).toBe(true);
    expect(verifyVault(restored)).toMatchObject({ tokens: 1, problems: [] });
    await restored.close();
  });

  test("a restore has another incarnation, both fences, and closed sub-ranges", async () => {
    make(1);
    t.vault.raiseHorizon("ptav", testNowMs / 1000 + 5_000);
    const dest = place();
    await backupVault(t.vault, dest);
    const dir = place();
    const result = await restoreVault(dest, optionsFor(dir));
    const restored = Vault.open(optionsFor(dir));
    expect(restored.incarnation).not.toBe(t.vault.incarnation);
    expect(restored.incarnation).toBe(result.incarnation);
    expect(restored.horizon("ptav")).toBe(testNowMs / 1000 + 5_000);
    expect(restored.horizon("de7")).toBe(testNowMs / 1000 + 300);
    expect(result.closedSubRanges).toBe(1);
    const fresh = provision(restored, { pan: testPan(9), panExpiry: 2909, trid, assurance: 12 });
    expect(fresh.token.tpan.mask().slice(0, 6)).toBe("608727");
    expect(restored.meta.subRangeUsed(0)).toBe(1);
    expect(restored.meta.subRangeUsed(1)).toBe(1);
    await restored.close();
  });

  test("a backup is made while others write", async () => {
    for (let card = 0; card < 20; card++) make(card);
    const writer = t.open();
    const running = backupVault(t.vault, place());
    for (let card = 0; card < 20; card++) suspendCard(writer, testPan(card));
    const { verified } = await running;
    expect(verified).toMatchObject({ tokens: 20, problems: [] });
  });

  test("a damaged vault gives no backup, and a damaged backup no vault", async () => {
    make(1);
    const dest = place();
    await backupVault(t.vault, dest);
    const copy = Vault.open(optionsFor(dest));
    damage(copy);
    await copy.close();
    const dir = place();
    expect(await codeOf(restoreVault(dest, optionsFor(dir)))).toBe("VAULT_CORRUPT");
    expect(existsSync(join(dir, "vault"))).toBe(false);
    damage(t.vault);
    expect(await codeOf(backupVault(t.vault, place()))).toBe("VAULT_CORRUPT");
  });

  test("nothing is written over, and what is no backup is not found", async () => {
    const dest = place();
    await backupVault(t.vault, dest);
    expect(await codeOf(backupVault(t.vault, dest))).toBe("ALREADY_EXISTS");
    expect(await codeOf(restoreVault(dest, optionsFor(t.dir)))).toBe("ALREADY_EXISTS");
    expect(await codeOf(restoreVault(place(), optionsFor(place())))).toBe("VAULT_NOT_FOUND");
  });

  test("a restore that was cut off leaves no vault, and the next one succeeds", async () => {
    make(1);
    const dest = place();
    await backupVault(t.vault, dest);
    const dir = place();
    mkdirSync(join(dir, "restoring", "vault"), { recursive: true });
    writeFileSync(join(dir, "restoring", "vault", "data.mdb"), "half");
    expect((await restoreVault(dest, optionsFor(dir))).verified.tokens).toBe(1);
    expect(existsSync(join(dir, "restoring"))).toBe(false);
  });
});

/** Flips a bit of the first token's sealed number. */
function damage(vault: Vault): void {
  const [first] = [...vault.tables.tokens.getRange({ limit: 1 })];
  first!.value[90]! ^= 1;
  vault.tables.tokens.putSync(first!.key, first!.value);
}

test("a fence never lowers a horizon", () => {
  t.vault.raiseHorizon("de7", 4_000_000_000);
  const first = beginIncarnation(t.vault);
  expect(first).toMatchObject({ de7Horizon: 4_000_000_000, ptavHorizon: testNowMs / 1000 + 60 });
  t.clock.stepWall(-86_400_000);
  const second = beginIncarnation(t.vault);
  expect(second.ptavHorizon).toBe(first.ptavHorizon);
  expect(second.incarnation).not.toBe(first.incarnation);
});

// Defends: after a rotation every block is under the new key, however often the job is stopped, and
// what the blocks hold is the same.
import { afterEach, beforeEach, expect, test } from "vitest";
import { KeyRing } from "../../crypto/mod.ts";
import { isAppError } from "../../platform/mod.ts";
import { generateTokens } from "../bulk/generate.ts";
import { createTestVault, type TestVault, testKey } from "../test-vault.ts";
import { viewOf } from "../token-view.ts";
import { resealVault } from "./reseal.ts";
import { verifyVault } from "./verify.ts";

let t: TestVault;
const rotated = new KeyRing([
  testKey("index", 0),
  testKey("route", 50),
  testKey("seal", 0, 1, "VERIFY_ONLY"),
  testKey("seal", 100, 2),
]);
const newOnly = new KeyRing([testKey("index", 0), testKey("route", 50), testKey("seal", 100, 2)]);

beforeEach(async () => {
  t = createTestVault();
  await generateTokens(t.vault, { tokens: 100, tokensPerCard: 2 });
});
afterEach(() => t.remove());

const pans = () =>
  [...t.vault.tables.tokens.getRange({})].map(({ key, value }) => {
    const { pan, tpan, cardExpiry, expiry } = viewOf(t.vault, key, value);
    return [pan.mask(), tpan.mask(), cardExpiry, expiry];
  });

test("re-seals tokens and cards; the old key is not needed after it", async () => {
  const before = pans();
  t.vault.useKeys(rotated);
  expect(await resealVault(t.vault, { batchRows: 7 })).toEqual({
    scanned: 150,
    tokens: 100,
    cards: 50,
    complete: true,
    version: 2,
  });
  t.vault.useKeys(newOnly);
  expect(verifyVault(t.vault)).toMatchObject({ tokens: 100, cards: 50, problems: [] });
  expect(pans()).toEqual(before);
  expect(await resealVault(t.vault)).toMatchObject({ tokens: 0, cards: 0, complete: true });
});

test("goes on where it was stopped, in tokens and in cards", async () => {
  t.vault.useKeys(rotated);
  let tokens = 0;
  let cards = 0;
  for (let run = 0; run < 50; run++) {
    const stop = new AbortController();
    const options = { batchRows: 10, signal: stop.signal, onProgress: () => stop.abort() };
    const result = await resealVault(t.vault, options);
    expect(result.scanned).toBeLessThanOrEqual(10);
    tokens += result.tokens;
    cards += result.cards;
    if (result.complete) break;
  }
  expect([tokens, cards]).toEqual([100, 50]);
  t.vault.useKeys(newOnly);
  expect(verifyVault(t.vault).problems).toEqual([]);
});

test("a second rotation in the middle begins anew", async () => {
  t.vault.useKeys(rotated);
  const stop = new AbortController();
  await resealVault(t.vault, {
    batchRows: 30,
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  const again = new KeyRing([
    testKey("index", 0),
    testKey("route", 50),
    testKey("seal", 0, 1, "VERIFY_ONLY"),
    testKey("seal", 100, 2, "VERIFY_ONLY"),
    testKey("seal", 180, 3),
  ]);
  t.vault.useKeys(again);
  expect(await resealVault(t.vault)).toMatchObject({ tokens: 100, cards: 50, version: 3 });
  expect(verifyVault(t.vault).problems).toEqual([]);
});

test("stops at a block that fails its tag, and leaves that batch as it was", async () => {
  const [first] = [...t.vault.tables.tokens.getRange({ limit: 1 })];
  first!.value[85]! ^= 1;
  t.vault.tables.tokens.putSync(first!.key, first!.value);
  t.vault.useKeys(rotated);
  const error = await resealVault(t.vault).catch((thrown: unknown) => thrown);
  expect(isAppError(error, "VAULT_CORRUPT")).toBe(true);
  expect(verifyVault(t.vault).problemCount).toBe(1);
});

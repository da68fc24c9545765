// Defends: an agreement is found under exactly its token, acquirer, merchant and id; it ends by
// revocation, 13 months of idleness, or with its token.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  agreementKey,
  agreementNameOf,
  agreementsOf,
  mitType,
  mitTypesOf,
  parseRef,
  putAgreement,
  revokeAgreement,
  sweepAgreements,
  touchAgreement,
} from "../../vault/mod.ts";
import {
  createTestVault,
  otherTrid,
  type TestVault,
  testPan,
  trid,
} from "../../vault/test-vault.ts";
import { deleteCard, deleteToken, provision } from "./test-rig.ts";

let t: TestVault;
let index: Buffer;
let ref: string;
const name = { acquirer: "458001", merchant: "MERCHANT 1", id: "A-1" };
const terms = { types: mitType.R, source: "CIT" as const, atSeconds: 1_000 };

function make(requestor = trid): string {
  const request = { pan: testPan(1), panExpiry: 3512, trid: requestor, assurance: 12 };
  return provision(t.vault, request).token.ref;
}

beforeEach(() => {
  t = createTestVault();
  ref = make();
  index = t.vault.findTokenByRef(parseRef(ref)!)!.index;
});
afterEach(() => t.remove());

describe("agreements", () => {
  test("the key is 80 bytes as laid out, and reads back", () => {
    const key = agreementKey(index, name);
    expect(key.length).toBe(80);
    expect(key.subarray(0, 16)).toEqual(index);
    expect(key.toString("latin1", 16, 28)).toBe("\x06458001\0\0\0\0\0");
    expect(key.toString("latin1", 28, 43)).toBe("MERCHANT 1     ");
    expect(key.toString("latin1", 43, 48)).toBe("\x03A-1\0");
    expect(agreementNameOf(key)).toEqual(name);
  });

  test("the hot path finds the four words of a live one and nothing beside it", () => {
    putAgreement(t.vault, index, name, terms);
    const words = new Int32Array(4);
    t.vault.freshRead();
    expect(t.vault.findAgreement(agreementKey(index, name), words, 0)).toBe(true);
    expect([...words]).toEqual([mitType.R | (1 << 8), 1_000, 1_000, 0]);
    for (const other of [{ acquirer: "45800" }, { merchant: "MERCHANT 2" }, { id: "A-" }]) {
      const key = agreementKey(index, { ...name, ...other });
      expect(t.vault.findAgreement(key, words, 0)).toBe(false);
    }
  });

  test("types add up while it lives; after a revocation it begins anew", () => {
    putAgreement(t.vault, index, name, terms);
    putAgreement(t.vault, index, name, { ...terms, types: mitType.U, atSeconds: 2_000 });
    expect(agreementsOf(t.vault, index)).toMatchObject([
      { types: mitType.R | mitType.U, createdAt: 1_000, lastUsedAt: 2_000, revokedAt: 0 },
    ]);
    const key = agreementKey(index, name);
    expect(revokeAgreement(t.vault, key, 3_000)).toBe(true);
    expect(revokeAgreement(t.vault, key, 3_001)).toBe(false);
    expect(agreementsOf(t.vault, index)[0]?.revokedAt).toBe(3_000);
    putAgreement(t.vault, index, name, { ...terms, types: mitType.I, atSeconds: 4_000 });
    expect(agreementsOf(t.vault, index)).toMatchObject([
      { types: mitType.I, createdAt: 4_000, revokedAt: 0 },
    ]);
  });

  test("it goes with its token, whoever deletes that, and another token's stay", () => {
    const other = make(otherTrid);
    const otherIndex = t.vault.findTokenByRef(parseRef(other)!)!.index;
    for (const one of [index, otherIndex]) putAgreement(t.vault, one, name, terms);
    deleteToken(t.vault, ref);
    expect(agreementsOf(t.vault, index)).toEqual([]);
    expect(agreementsOf(t.vault, otherIndex)).toHaveLength(1);
    deleteCard(t.vault, testPan(1));
    expect(agreementsOf(t.vault, otherIndex)).toEqual([]);
  });

  test("a use moves the end; 13 months without one is the end", () => {
    const now = t.vault.nowSeconds();
    putAgreement(t.vault, index, name, { ...terms, atSeconds: now });
    putAgreement(t.vault, index, { ...name, id: "B" }, { ...terms, atSeconds: now });
    t.clock.advance(300 * 86_400_000);
    expect(touchAgreement(t.vault, agreementKey(index, name), t.vault.nowSeconds())).toBe(true);
    expect(touchAgreement(t.vault, agreementKey(index, { ...name, id: "C" }), 1)).toBe(false);
    expect(sweepAgreements(t.vault)).toBe(0);
    t.clock.advance(100 * 86_400_000);
    expect(sweepAgreements(t.vault)).toBe(1);
    expect(agreementsOf(t.vault, index)).toMatchObject([{ id: "A-1" }]);
  });

  test("wrong parts are refused", () => {
    for (const wrong of [
      { acquirer: "" },
      { merchant: "M2345678901234567" },
      { id: "x".repeat(37) },
    ]) {
      expect(() => putAgreement(t.vault, index, { ...name, ...wrong }, terms)).toThrow(
        "wrong form",
      );
    }
    expect(() => putAgreement(t.vault, index, name, { ...terms, types: 8 })).toThrow("MIT type");
    expect([mitTypesOf("RU"), mitTypesOf("X"), mitTypesOf("")]).toEqual([5, undefined, undefined]);
  });
});

// Defends: after a PAN update every live token opens to the new card, the old one is closed and
// names its successor, and what was agreed with a token stays with it.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isAppError } from "../../platform/mod.ts";
import {
  agreementsOf,
  parseRef,
  putAgreement,
  tokenAt,
  verifyVault,
  viewToken,
} from "../../vault/mod.ts";
import {
  createTestVault,
  otherTrid,
  type TestVault,
  testPan,
  trid,
} from "../../vault/test-vault.ts";
import {
  deleteCard,
  deleteToken,
  provision,
  resumeCard,
  suspendCard,
  suspendToken,
  updatePan,
} from "./test-rig.ts";

let t: TestVault;
beforeEach(() => {
  t = createTestVault();
});
afterEach(() => t.remove());

const a = testPan(1);
const b = testPan(2);
const c = testPan(3);
const par = "ZZ99A1B2C3D4E5F6G7H8J9K0L1M2N";
const otherPar = "ZZ99OOOOOOOOOOOOOOOOOOOOOOOOO";

function make(pan = a, requestor = trid, ownPar?: string): string {
  const more = ownPar === undefined ? {} : { par: ownPar };
  const request = { pan, panExpiry: 2909, trid: requestor, assurance: 12, ...more };
  return provision(t.vault, request).token.ref;
}

const move = (pan = a, newPan = b) => updatePan(t.vault, { pan, newPan, newExpiry: 3104 });

function codeOf(work: () => unknown): string {
  try {
    work();
    return "none";
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
}

describe("PAN update", () => {
  test("the token stays, the card behind it is the new one, with its expiry", () => {
    const ref = make(a, trid, par);
    const before = viewToken(t.vault, ref);
    expect(move()).toEqual({ changed: true, tokensAffected: 1, mergedTokens: [] });
    const after = viewToken(t.vault, ref);
    expect(after.pan.equals(b)).toBe(true);
    expect(after.tpan.equals(before.tpan)).toBe(true);
    expect(after).toMatchObject({ cardExpiry: "3104", status: "ACTIVE", par });
    expect(verifyVault(t.vault)).toMatchObject({ cards: 2, tokens: 1, problems: [] });
    expect(codeOf(() => make(a))).toBe("CARD_NOT_ALLOWED");
  });

  test("an outstanding PTAV stays good: nothing of the token that it covers changes", () => {
    const ref = make();
    const before = t.vault.findTokenByRef(parseRef(ref)!)!;
    move();
    const after = t.vault.findTokenByRef(parseRef(ref)!)!;
    expect(after.index).toEqual(before.index);
    for (const at of [tokenAt.expiry, tokenAt.expiry + 1, tokenAt.ptavNotBefore, tokenAt.trid]) {
      expect(after.record[at]).toBe(before.record[at]);
    }
  });

  test("to a card with a token of the same requestor: both live, the moved one is primary", () => {
    const moved = make(a);
    const there = make(b);
    expect(move().mergedTokens).toEqual([there]);
    expect(viewToken(t.vault, moved)).toMatchObject({ status: "ACTIVE", primary: true });
    expect(viewToken(t.vault, there)).toMatchObject({ status: "ACTIVE", primary: false });
    expect(provision(t.vault, { pan: b, panExpiry: 3104, trid, assurance: 12 }).token.ref).toBe(
      moved,
    );
    expect(verifyVault(t.vault).problems).toEqual([]);
  });

  test("the PAR of the new card wins only where it has live tokens", () => {
    const moved = make(a, trid, par);
    make(b, otherTrid, otherPar);
    move();
    expect(viewToken(t.vault, moved).par).toBe(otherPar);
    const second = make(c, trid, par);
    move(c, testPan(4));
    expect(viewToken(t.vault, second).par).toBe(par);
  });

  test("agreements go along, deleted tokens stay behind", () => {
    const ref = make();
    const dead = make(a, otherTrid);
    deleteToken(t.vault, dead);
    const { index } = t.vault.findTokenByRef(parseRef(ref)!)!;
    const name = { acquirer: "458001", merchant: "M1", id: "A-1" };
    putAgreement(t.vault, index, name, { types: 1, source: "CIT", atSeconds: 5 });
    expect(move().tokensAffected).toBe(1);
    expect(agreementsOf(t.vault, index)).toHaveLength(1);
    expect(viewToken(t.vault, dead).pan.equals(a)).toBe(true);
    expect(verifyVault(t.vault).problems).toEqual([]);
  });

  test("a suspension of the old card ends, one of the new card begins, others stay", () => {
    const ref = make();
    suspendCard(t.vault, a, { reason: "LOST" });
    move();
    expect(viewToken(t.vault, ref)).toMatchObject({ status: "ACTIVE", cardStatus: "ACTIVE" });
    suspendToken(t.vault, ref, "FRAUD_CONTROL");
    suspendCard(t.vault, c);
    move(b, c);
    expect(viewToken(t.vault, ref)).toMatchObject({
      suspendedBy: ["ISSUER", "FRAUD_CONTROL"],
      cardStatus: "SUSPENDED",
    });
    resumeCard(t.vault, c);
    expect(viewToken(t.vault, ref).suspendedBy).toEqual(["FRAUD_CONTROL"]);
    expect(verifyVault(t.vault).problems).toEqual([]);
  });

  test("a chain is followed, a circle refused, a repetition changes nothing", () => {
    const ref = make();
    move(a, b);
    expect(move(a, b).changed).toBe(false);
    move(b, c);
    expect(viewToken(t.vault, ref).pan.equals(c)).toBe(true);
    expect(codeOf(() => move(c, a))).toBe("CARD_NOT_ALLOWED");
    expect(codeOf(() => move(a, testPan(4)))).toBe("CARD_NOT_ALLOWED");
    expect(codeOf(() => move(b, a))).toBe("CARD_NOT_ALLOWED");
    // The card behind a's tokens is c already, by whatever way.
    expect(move(a, c).changed).toBe(false);
    expect(move(c, c).changed).toBe(false);
  });

  test("refusals leave everything as it was", () => {
    const ref = make();
    deleteCard(t.vault, c);
    expect(codeOf(() => move(a, testPan(1, "888888")))).toBe("PAN_NOT_OWNED");
    expect(codeOf(() => move(a, testPan(1, "555555")))).toBe("PAN_NOT_OWNED");
    expect(codeOf(() => move(a, c))).toBe("CARD_NOT_ALLOWED");
    expect(codeOf(() => move(b, a))).toBe("CARD_NOT_FOUND");
    const foreign = { pan: a, newPan: b, newExpiry: 3104, issuerId: "OTHER" };
    expect(codeOf(() => updatePan(t.vault, foreign))).toBe("PAN_NOT_OWNED");
    expect(viewToken(t.vault, ref).pan.equals(a)).toBe(true);
    expect(verifyVault(t.vault).problems).toEqual([]);
  });
});

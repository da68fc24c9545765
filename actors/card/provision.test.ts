// Defends: one live primary token for a card and a requestor whoever asks how often, and no token
// for a card, range, issuer or requestor that may not have one.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isAppError } from "../../platform/mod.ts";
import {
  agreementsOf,
  parseRef,
  putBinRange,
  putIssuer,
  setRequestorStatus,
  verifyVault,
} from "../../vault/mod.ts";
import {
  createTestVault,
  otherTrid,
  runChild,
  type TestVault,
  testPan,
  trid,
} from "../../vault/test-vault.ts";
import {
  activateToken,
  deleteCard,
  deleteToken,
  provision,
  suspendCard,
  suspendToken,
  type TestProvision,
} from "./test-rig.ts";

let t: TestVault;
beforeEach(() => {
  t = createTestVault();
});
afterEach(() => t.remove());

function make(more: Partial<TestProvision> = {}) {
  return provision(t.vault, { pan: testPan(1), panExpiry: 2909, trid, assurance: 12, ...more });
}

function codeOf(work: () => unknown): string {
  try {
    work();
    return "none";
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
}

describe("provision", () => {
  test("makes a token under the token BIN, good for 60 months, and shows numbers masked", () => {
    const { token, reused } = make({ par: "ZZ99A1B2C3D4E5F6G7H8J9K0L1M2N" });
    expect(reused).toBe(false);
    expect(token.tpan.mask()).toMatch(/^608727\*{6}[0-9]{4}$/);
    expect(token).toMatchObject({
      status: "ACTIVE",
      cardStatus: "ACTIVE",
      expiry: "3012",
      cardExpiry: "2909",
      assurance: "12",
      trid,
      par: "ZZ99A1B2C3D4E5F6G7H8J9K0L1M2N",
      primary: true,
    });
    expect(JSON.stringify(token)).not.toMatch(/[0-9]{13,}(?=")/);
    expect(verifyVault(t.vault).problems).toEqual([]);
  });

  test("asking again gives the same token, suspended ones as they are", () => {
    const first = make().token.ref;
    suspendToken(t.vault, first, "TOKEN_REQUESTOR");
    const again = make();
    expect(again).toMatchObject({ reused: true, token: { ref: first, status: "SUSPENDED" } });
  });

  test("another requestor gets another TPAN for the same card", () => {
    const one = make();
    const other = make({ trid: otherTrid });
    expect(other.reused).toBe(false);
    expect(other.token.tpan.equals(one.token.tpan)).toBe(false);
    expect(other.token.pan.equals(one.token.pan)).toBe(true);
    expect(verifyVault(t.vault)).toMatchObject({ cards: 1, tokens: 2, problems: [] });
  });

  test("a deleted or expired token gives a new TPAN", () => {
    const first = make();
    deleteToken(t.vault, first.token.ref);
    const second = make();
    expect(second.reused).toBe(false);
    expect(second.token.tpan.equals(first.token.tpan)).toBe(false);
    t.clock.advance(61 * 31 * 86_400_000);
    const third = make({ panExpiry: 3509, verified: true });
    expect(third.reused).toBe(false);
    expect(third.token.cardExpiry).toBe("3509");
  });

  test("two processes at the same cards at once make one token each", async () => {
    const jobs = [
      runChild<Line>(t.dir, "provision", "40"),
      runChild<Line>(t.dir, "provision", "40"),
    ];
    const [one, other] = (await Promise.all(jobs)) as [Line[], Line[]];
    expect(one.length).toBe(40);
    for (let card = 0; card < 40; card++) {
      expect(other[card]?.ref).toBe(one[card]?.ref);
      expect(Number(one[card]?.reused) + Number(other[card]?.reused)).toBe(1);
    }
    expect(verifyVault(t.vault)).toMatchObject({ tokens: 40, problems: [] });
  }, 20_000);

  test("a later card expiry is taken only with a recent cardholder check", () => {
    make();
    expect(make({ panExpiry: 3001 }).token.cardExpiry).toBe("2909");
    expect(make({ panExpiry: 3001, verified: true }).token.cardExpiry).toBe("3001");
    expect(make({ panExpiry: 2909, verified: true }).token.cardExpiry).toBe("3001");
    expect(verifyVault(t.vault).problems).toEqual([]);
  });

  test("an INACTIVE token becomes ACTIVE by its issuer's confirmation", () => {
    const { token } = make({ active: false });
    expect(token.status).toBe("INACTIVE");
    expect(activateToken(t.vault, token.ref)).toMatchObject({
      changed: true,
      token: { status: "ACTIVE" },
    });
    expect(activateToken(t.vault, token.ref).changed).toBe(false);
  });

  test("refusals", () => {
    putIssuer(t.vault, { id: "GONE", name: "Gone", status: "SUSPENDED" });
    putBinRange(t.vault, { prefix: "777777", issuerId: "GONE" });
    putBinRange(t.vault, { prefix: "666666", issuerId: "OTHER", tokenisable: false });
    expect(codeOf(() => make({ pan: testPan(1, "555555") }))).toBe("CARD_NOT_ELIGIBLE");
    expect(codeOf(() => make({ pan: testPan(1, "666666") }))).toBe("CARD_NOT_ELIGIBLE");
    expect(codeOf(() => make({ pan: testPan(1, "777777") }))).toBe("CARD_NOT_ALLOWED");
    expect(codeOf(() => make({ trid: "99900000009" }))).toBe("TRID_NOT_ALLOWED");
    expect(codeOf(() => make({ panExpiry: 2512 }))).toBe("CARD_EXPIRED");
    expect(codeOf(() => make({ panExpiry: 2613 }))).toBe("INVALID_FIELD");
    setRequestorStatus(t.vault, otherTrid, "SUSPENDED");
    expect(codeOf(() => make({ trid: otherTrid }))).toBe("REQUESTOR_SUSPENDED");
    suspendCard(t.vault, testPan(2));
    expect(codeOf(() => make({ pan: testPan(2) }))).toBe("CARD_NOT_ALLOWED");
    deleteCard(t.vault, testPan(3));
    expect(codeOf(() => make({ pan: testPan(3) }))).toBe("CARD_NOT_ALLOWED");
    expect(t.vault.tables.tokens.getKeysCount({})).toBe(0);
  });

  test("the limit counts live tokens only", () => {
    const first = make();
    expect(codeOf(() => make({ trid: otherTrid, liveTokensMax: 1 }))).toBe("TOKEN_LIMIT_REACHED");
    deleteToken(t.vault, first.token.ref);
    expect(make({ trid: otherTrid, liveTokensMax: 1 }).reused).toBe(false);
  });

  test("an agreement comes with the request where the requestor may attest", () => {
    const agreement = { acquirer: "458001", merchant: "M1", id: "A-1", mitTypes: ["R"] as const };
    const { token } = make({ agreement });
    const { index } = t.vault.findTokenByRef(parseRef(token.ref)!)!;
    expect(agreementsOf(t.vault, index)).toMatchObject([
      { acquirer: "458001", merchant: "M1", id: "A-1", types: 1, source: "PROVISION" },
    ]);
    expect(codeOf(() => make({ trid: otherTrid, agreement }))).toBe("SCOPE_MISSING");
  });
});

interface Line {
  readonly ref: string;
  readonly reused: boolean;
}

// Defends: an issuer's event reaches the card and the copies in all its tokens at once, causes stay
// apart, and nothing tells an issuer whether another issuer's card is known.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isAppError } from "../../platform/mod.ts";
import {
  cardReason,
  cardStatus,
  parseRef,
  tokenAt,
  tokenStatus,
  tokenWords,
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
  resumeToken,
  suspendCard,
  suspendToken,
  updateCardExpiry,
} from "./test-rig.ts";

let t: TestVault;
beforeEach(() => {
  t = createTestVault();
});
afterEach(() => t.remove());

const pan = testPan(1);

function make(requestor = trid): string {
  return provision(t.vault, { pan, panExpiry: 2909, trid: requestor, assurance: 12 }).token.ref;
}

function recordOf(ref: string): Buffer {
  return t.vault.findTokenByRef(parseRef(ref)!)!.record;
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

describe("card suspend, resume, delete", () => {
  test("a suspension reaches every token's copy and sets ptavNotBefore", () => {
    const refs = [make(), make(otherTrid)];
    const change = suspendCard(t.vault, pan, { reason: "STOLEN" });
    expect(change).toMatchObject({ changed: true, status: "SUSPENDED" });
    expect(change).toMatchObject({ tokensAffected: refs.length, tokensUnchanged: [] });
    for (const ref of refs) {
      const record = recordOf(ref);
      expect(record[tokenAt.cardStatus]).toBe(cardStatus.SUSPENDED);
      expect(record[tokenAt.cardReason]).toBe(cardReason.STOLEN);
      expect(record[tokenAt.status]).toBe(tokenStatus.SUSPENDED);
      expect(record.readUInt32LE(tokenAt.ptavNotBefore)).toBe(t.vault.nowSeconds());
    }
    expect(verifyVault(t.vault).problems).toEqual([]);
  });

  test("the hot path's look-up of the next batch has it", () => {
    const ref = make();
    const lane = new Int32Array(tokenWords);
    const { index } = t.vault.findTokenByRef(parseRef(ref)!)!;
    const bytes = Buffer.from(lane.buffer);
    const reader = t.open({ readOnly: true });
    reader.findToken(index, 0, lane, 0);
    expect(bytes[tokenAt.status]).toBe(tokenStatus.ACTIVE);
    suspendCard(t.vault, pan);
    reader.freshRead();
    reader.findToken(index, 0, lane, 0);
    expect(bytes[tokenAt.status]).toBe(tokenStatus.SUSPENDED);
  });

  test.each([["requestor first"], ["issuer first"]])(
    "suspended by requestor and issuer, resumed by each, %s",
    (order) => {
      const ref = make();
      suspendToken(t.vault, ref, "TOKEN_REQUESTOR");
      suspendCard(t.vault, pan);
      expect(viewToken(t.vault, ref).suspendedBy).toEqual(["ISSUER", "TOKEN_REQUESTOR"]);
      const resumes = [
        () => resumeToken(t.vault, ref, "TOKEN_REQUESTOR"),
        () => resumeCard(t.vault, pan),
      ];
      if (order === "issuer first") resumes.reverse();
      resumes[0]!();
      expect(viewToken(t.vault, ref).status).toBe("SUSPENDED");
      resumes[1]!();
      expect(viewToken(t.vault, ref)).toMatchObject({ status: "ACTIVE", cardStatus: "ACTIVE" });
      expect(verifyVault(t.vault).problems).toEqual([]);
    },
  );

  test("a card resume does not lift a single token's suspension, clearAll does", () => {
    const ref = make();
    suspendToken(t.vault, ref, "ISSUER_TOKEN");
    suspendCard(t.vault, pan);
    resumeCard(t.vault, pan);
    expect(viewToken(t.vault, ref).suspendedBy).toEqual(["ISSUER_TOKEN"]);
    suspendCard(t.vault, pan);
    resumeCard(t.vault, pan, { clearAll: true });
    expect(viewToken(t.vault, ref).status).toBe("ACTIVE");
  });

  test("deletion is final for card and tokens, and repeating it changes nothing", () => {
    const ref = make();
    expect(deleteCard(t.vault, pan, { reason: "ACCOUNT_CLOSED" }).changed).toBe(true);
    expect(deleteCard(t.vault, pan)).toMatchObject({ changed: false, status: "DELETED" });
    expect(suspendCard(t.vault, pan)).toMatchObject({ changed: false, status: "DELETED" });
    expect(codeOf(() => resumeCard(t.vault, pan))).toBe("CARD_NOT_ALLOWED");
    expect(codeOf(() => updateCardExpiry(t.vault, pan, 3001))).toBe("CARD_NOT_ALLOWED");
    expect(viewToken(t.vault, ref)).toMatchObject({ status: "DELETED", cardStatus: "DELETED" });
    expect(codeOf(() => resumeToken(t.vault, ref, "ADMIN"))).toBe("TOKEN_DELETED");
    expect(deleteToken(t.vault, ref).changed).toBe(false);
    expect(verifyVault(t.vault).problems).toEqual([]);
  });

  test("an unseen PAN is remembered as suspended, and may be resumed and tokenised later", () => {
    expect(suspendCard(t.vault, pan, { reason: "LOST" })).toMatchObject({
      changed: true,
      tokensAffected: 0,
    });
    expect(codeOf(() => make())).toBe("CARD_NOT_ALLOWED");
    expect(resumeCard(t.vault, pan).status).toBe("ACTIVE");
    expect(viewToken(t.vault, make()).cardExpiry).toBe("2909");
    expect(verifyVault(t.vault).problems).toEqual([]);
  });

  test("resume and expiry update of an unseen PAN are CARD_NOT_FOUND", () => {
    expect(codeOf(() => resumeCard(t.vault, pan))).toBe("CARD_NOT_FOUND");
    expect(codeOf(() => updateCardExpiry(t.vault, pan, 3001))).toBe("CARD_NOT_FOUND");
  });

  test("another issuer's PAN is PAN_NOT_OWNED, whether it is known or not", () => {
    make();
    for (const card of [pan, testPan(99)]) {
      const act = () => suspendCard(t.vault, card, { issuerId: "OTHER" });
      expect(codeOf(act)).toBe("PAN_NOT_OWNED");
    }
    expect(t.vault.tables.cards.getKeysCount({})).toBe(1);
    expect(codeOf(() => suspendCard(t.vault, testPan(1, "555555")))).toBe("PAN_NOT_OWNED");
  });

  test("a requestor reaches its own tokens only, and a stale version is refused", () => {
    const ref = make();
    const act = () => suspendToken(t.vault, ref, "TOKEN_REQUESTOR", { trid: otherTrid });
    expect(codeOf(act)).toBe("TOKEN_NOT_FOUND");
    expect(codeOf(() => viewToken(t.vault, "tok_nonsense"))).toBe("TOKEN_NOT_FOUND");
    const { version } = viewToken(t.vault, ref);
    const options = { expectVersion: version };
    expect(suspendToken(t.vault, ref, "ADMIN", options).token.version).toBe(version + 1);
    expect(codeOf(() => suspendToken(t.vault, ref, "ADMIN", options))).toBe("VERSION_CONFLICT");
  });
});

describe("expiry update", () => {
  test("changes card and copies, seals anew, and extends a TPAN that nears its end", () => {
    const ref = make();
    t.clock.advance(50 * 30 * 86_400_000);
    updateCardExpiry(t.vault, pan, 3311);
    const token = viewToken(t.vault, ref);
    expect(token.cardExpiry).toBe("3311");
    expect(token.expiry > "3412").toBe(true);
    expect(recordOf(ref).readUInt16LE(tokenAt.previousExpiry)).toBe(3012);
    expect(verifyVault(t.vault).problems).toEqual([]);
    expect(updateCardExpiry(t.vault, pan, 3311).changed).toBe(false);
  });

  test("revives an expired token unless another one took its place", () => {
    const first = make();
    const second = make(otherTrid);
    t.clock.advance(61 * 31 * 86_400_000);
    const renewed = provision(t.vault, {
      pan,
      panExpiry: 3512,
      trid: otherTrid,
      assurance: 12,
      verified: true,
    }).token.ref;
    updateCardExpiry(t.vault, pan, 3601);
    expect(viewToken(t.vault, first).status).toBe("ACTIVE");
    expect(viewToken(t.vault, second).status).toBe("EXPIRED");
    expect(viewToken(t.vault, renewed).status).toBe("ACTIVE");
    expect(verifyVault(t.vault).problems).toEqual([]);
  });
});

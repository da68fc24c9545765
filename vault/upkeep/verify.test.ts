// Defends: whatever is altered, moved, lost or out of step in a vault is found, each under its
// name.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { provision } from "../../actors/card/test-rig.ts";
import { KeyRing } from "../../crypto/mod.ts";
import { putAgreement } from "../agreements.ts";
import { cardAt } from "../card-record.ts";
import { parseRef } from "../minting/mint.ts";
import {
  createTestVault,
  otherTrid,
  type TestVault,
  testKey,
  testPan,
  trid,
} from "../test-vault.ts";
import { tokenAt } from "../token-record.ts";
import { verifyVault } from "./verify.ts";

let t: TestVault;
let token: { index: Buffer; record: Buffer };
let other: { index: Buffer; record: Buffer };
let card: { key: Buffer; value: Buffer };

beforeEach(() => {
  t = createTestVault();
  const refs = [trid, otherTrid].map((one) => {
    const request = { pan: testPan(1), panExpiry: 2909, trid: one, assurance: 12 };
    return provision(t.vault, request).token.ref;
  });
  token = t.vault.findTokenByRef(parseRef(refs[0]!)!)!;
  other = t.vault.findTokenByRef(parseRef(refs[1]!)!)!;
  card = [...t.vault.tables.cards.getRange({})][0]!;
});
afterEach(() => t.remove());

/** The kinds of problem that are found after `damage`. */
function foundAfter(damage: () => void): string[] {
  expect(verifyVault(t.vault).problems).toEqual([]);
  t.vault.env.write(damage);
  const result = verifyVault(t.vault);
  expect(result.problemCount).toBe(result.problems.length);
  return [...new Set(result.problems.map((problem) => problem.kind))].sort();
}

const putToken = () => t.vault.tables.tokens.putSync(token.index, token.record);
const putCard = () => t.vault.tables.cards.putSync(card.key, card.value);

describe("verify finds", () => {
  test.each([
    ["the sealed card number", tokenAt.sealedPan + 20],
    ["the tag of the card number", tokenAt.sealedPan],
    ["the sealed token number", tokenAt.sealedTpan + 31],
  ])("one flipped bit in %s", (_, at) => {
    const kinds = foundAfter(() => {
      token.record[at]! ^= 1;
      putToken();
    });
    expect(kinds).toEqual(["SEAL_BROKEN"]);
  });

  test("a record moved under another token's index", () => {
    const kinds = foundAfter(() => t.vault.tables.tokens.putSync(token.index, other.record));
    expect(kinds).toContain("SEAL_BROKEN");
  });

  test("a sealed block moved from one token to the other", () => {
    const kinds = foundAfter(() => {
      const { sealedPan } = tokenAt;
      other.record.copy(token.record, sealedPan, sealedPan, sealedPan + 32);
      putToken();
    });
    expect(kinds).toEqual(["SEAL_BROKEN"]);
  });

  test.each([
    ["card status", tokenAt.cardStatus],
    ["card reason", tokenAt.cardReason],
    ["PAR", tokenAt.par],
    ["card id", tokenAt.cardId],
  ])("a copy that disagrees: %s", (_, at) => {
    const kinds = foundAfter(() => {
      token.record[at]! ^= 2;
      putToken();
    });
    expect(kinds).toEqual(["COPY_DIFFERS"]);
  });

  test("a card that changed without its tokens", () => {
    const kinds = foundAfter(() => {
      card.value[cardAt.status] = 2;
      putCard();
    });
    expect(kinds).toEqual(["COPY_DIFFERS"]);
  });

  test("an expiry that is not the sealed one", () => {
    const kinds = foundAfter(() => {
      token.record.writeUInt16LE(3101, tokenAt.expiry);
      putToken();
    });
    expect(kinds).toEqual(["EXPIRY_WRONG"]);
  });

  test("a missing card, a missing token, a missing reference", () => {
    expect(foundAfter(() => t.vault.tables.cards.removeSync(card.key))).toContain("CARD_MISSING");
    t.vault.env.write(putCard);
    const gone = foundAfter(() => t.vault.tables.tokens.removeSync(token.index));
    expect(gone).toEqual(["CARD_LIST_WRONG", "TOKEN_MISSING"]);
    t.vault.env.write(putToken);
    const ref = token.record.subarray(tokenAt.ref);
    expect(foundAfter(() => t.vault.tables.refs.removeSync(ref))).toEqual(["REF_WRONG"]);
  });

  test("a token that its card does not list", () => {
    const kinds = foundAfter(() => {
      other.index.copy(card.value, cardAt.tokens);
      other.index.copy(card.value, cardAt.tokens + 16);
      putCard();
    });
    expect(kinds).toEqual(["CARD_LIST_WRONG"]);
  });

  test("a requestor number that is not the TRID's", () => {
    const kinds = foundAfter(() => {
      token.record.writeUInt16LE(2, tokenAt.requestor);
      putToken();
    });
    expect(kinds).toEqual(["REQUESTOR_WRONG"]);
  });

  test("an impossible status, another layout and a record of another size", () => {
    token.record[tokenAt.status] = 9;
    expect(foundAfter(putToken)).toEqual(["RECORD_SHAPE"]);
    token.record[tokenAt.status] = 2;
    t.vault.env.write(putToken);
    token.record[tokenAt.version] = 2;
    expect(foundAfter(putToken)).toEqual(["RECORD_SHAPE"]);
    token.record[tokenAt.version] = 1;
    t.vault.env.write(putToken);
    const short = token.record.subarray(0, 100);
    expect(foundAfter(() => t.vault.tables.tokens.putSync(token.index, short))).toContain(
      "RECORD_SHAPE",
    );
  });

  test("an agreement of a token that is not there", () => {
    const name = { acquirer: "1", merchant: "M", id: "A" };
    const terms = { types: 1, source: "CIT" as const, atSeconds: 1 };
    const kinds = foundAfter(() => putAgreement(t.vault, Buffer.alloc(16, 3), name, terms));
    expect(kinds).toEqual(["AGREEMENT_ORPHAN"]);
  });

  test("keys that are not the vault's: another index key, no or another sealing key", () => {
    const kindsUnder = (...keys: ReturnType<typeof testKey>[]) => {
      const vault = t.open({ ring: new KeyRing(keys) });
      return [...new Set(verifyVault(vault).problems.map((problem) => problem.kind))];
    };
    const route = testKey("route", 50);
    expect(kindsUnder(testKey("index", 9), testKey("seal", 0), route)).toContain("INDEX_WRONG");
    expect(kindsUnder(testKey("index", 0), testKey("seal", 9), route)).toEqual(["SEAL_BROKEN"]);
    expect(kindsUnder(testKey("index", 0), testKey("seal", 0, 2), route)).toContain("KEY_MISSING");
  });
});

test("no problem names a card or token number", () => {
  token.record[tokenAt.sealedPan]! ^= 1;
  t.vault.env.write(putToken);
  expect(JSON.stringify(verifyVault(t.vault))).not.toMatch(/[0-9]{13}/);
});

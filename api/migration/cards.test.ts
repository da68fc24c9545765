// Defends: an agreement in an upload counts only where the requestor may attest agreements, and a
// card whose issuer does not take part is not asked about.
import { afterEach, beforeEach, expect, it } from "vitest";
import { CardDesk, type Reply } from "../../actors/mod.ts";
import { knownPan } from "../../codec/pan/fixtures.ts";
import { ClearPAN } from "../../codec/pan/mod.ts";
import { putBinRange, putIssuer, putRequestor } from "../../vault/mod.ts";
import { createTestVault, type TestVault } from "../../vault/test-vault.ts";
import { MigrationCards } from "./cards.ts";
import type { UploadRow } from "./upload-row.ts";

const trid = "99900000001";
const nobody = { submit: (): Promise<Reply> => Promise.reject(new Error("nobody is asked")) };
let t: TestVault;
let cards: MigrationCards;

beforeEach(() => {
  t = createTestVault();
  const { vault, clock } = t;
  cards = new MigrationCards({
    vault,
    clock,
    desk: new CardDesk({ vault, clock, commands: nobody }),
  });
  putIssuer(vault, { id: "BANK0001", name: "Bank One" });
  putBinRange(vault, { prefix: "999999", issuerId: "BANK0001" });
});
afterEach(() => t.remove());

const name = { acquirer: "458001", merchant: "SHOP", id: "mandate-1" };
const row: UploadRow = {
  requestorRef: "ref-1",
  pan: ClearPAN.parse(knownPan),
  expiry: 2909,
  agreement: { ...name, types: 1, source: "MIGRATION" },
};

function attests(allowAttestedAgreements: boolean): void {
  const about = { trid, name: "Shop", type: "MERCHANT", acquirers: ["458001"] } as const;
  putRequestor(t.vault, { ...about, allowAttestedAgreements });
}

it("an agreement needs a requestor that may attest it", () => {
  attests(false);
  expect(cards.judge(trid, row)).toEqual({ ok: false, code: "SCOPE_MISSING" });
  expect(cards.judge(trid, { ...row, agreement: undefined })).toMatchObject({ ok: true });
  attests(true);
  expect(cards.judge(trid, row)).toMatchObject({ ok: true });
});

it("a card nobody would tokenise is not asked about", () => {
  attests(true);
  expect(cards.judge(trid, { ...row, expiry: 2001 })).toEqual({ ok: false, code: "CARD_EXPIRED" });
  putIssuer(t.vault, { id: "BANK0001", name: "Bank One", status: "SUSPENDED" });
  expect(cards.judge(trid, row)).toEqual({ ok: false, code: "CARD_NOT_ALLOWED" });
});

// Defends: what is loaded in bulk is what provisioning makes one by one; bad rows are named by
// line and code and never by number; a file loaded again changes nothing.
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deleteCard, provision } from "../../actors/card/test-rig.ts";
import { ClearPAN } from "../../codec/pan/mod.ts";
import { isAppError } from "../../platform/mod.ts";
import { mitType } from "../agreement-key.ts";
import { agreementsOf } from "../agreements.ts";
import { parseRef } from "../minting/mint.ts";
import { subRangeFills } from "../minting/sub-ranges.ts";
import { putBinRange, putIssuer, setRequestorStatus } from "../registry/registry-admin.ts";
import {
  createTestVault,
  otherTrid,
  seededRandom,
  type TestVault,
  testPan,
  trid,
} from "../test-vault.ts";
import { tokenAt } from "../token-record.ts";
import { viewOf } from "../token-view.ts";
import { verifyVault } from "../upkeep/verify.ts";
import type { ProvisionKnown } from "./bulk-load.ts";
import { type LoadOptions, loadCsv } from "./csv-load.ts";
import { generateTokens, testPanText } from "./generate.ts";

let t: TestVault;
beforeEach(() => {
  t = createTestVault();
});
afterEach(() => t.remove());

const par = "ZZ99A1B2C3D4E5F6G7H8J9K0L1M2N";

function text(pan: ClearPAN): string {
  const buf = Buffer.alloc(19);
  return buf.toString("latin1", 0, pan.copyTo(buf, 0));
}

async function load(csv: string, options: Partial<LoadOptions> = {}) {
  const rejects: string[] = [];
  const onReject = (line: number, code: string) => rejects.push(`${line} ${code}`);
  const provisionKnown: ProvisionKnown = ({ agreement, ...row }) => {
    const mitTypes = (["R", "I", "U"] as const).filter(
      (one) => (agreement?.types ?? 0) & mitType[one],
    );
    const terms = agreement && { ...agreement, mitTypes };
    const more = terms === undefined ? {} : { agreement: terms };
    return provision(t.vault, { ...row, ...more, agreementSource: "MIGRATION" });
  };
  const all = { onReject, provisionKnown, ...options };
  const summary = await loadCsv(t.vault, Readable.from([csv]), all);
  return { ...summary, rejects };
}

describe("loadCsv", () => {
  test("makes the token that provisioning would make, but for its random parts", async () => {
    await load(`pan,expiry_yymm,trid,par,assurance\n${text(testPan(1))},2909,${trid},${par},12\n`);
    const single = createTestVault();
    const request = { pan: testPan(1), panExpiry: 2909, trid, assurance: 12, par };
    const made = provision(single.vault, request);
    const one = single.vault.findTokenByRef(parseRef(made.token.ref)!)!;
    const [bulk] = [...t.vault.tables.tokens.getRange({})];
    for (const [at, bytes] of [
      [tokenAt.sealedPan, 64],
      [tokenAt.ref, 16],
    ] as const) {
      bulk!.value.fill(0, at, at + bytes);
      one.record.fill(0, at, at + bytes);
    }
    expect(bulk!.value).toEqual(one.record);
    const [card] = [...t.vault.tables.cards.getRange({})];
    const [singleCard] = [...single.vault.tables.cards.getRange({})];
    expect(card!.key).toEqual(singleCard!.key);
    expect(card!.value.subarray(0, 128)).toEqual(singleCard!.value.subarray(0, 128));
    await single.remove();
  });

  test("rejects rows by line and code, and takes the others", async () => {
    putIssuer(t.vault, { id: "GONE", name: "Gone", status: "SUSPENDED" });
    putBinRange(t.vault, { prefix: "777777", issuerId: "GONE" });
    setRequestorStatus(t.vault, otherTrid, "SUSPENDED");
    const good = text(testPan(1));
    const wrongDigit = good.slice(0, -1) + ((Number(good.at(-1)) + 1) % 10);
    const rows = [
      `${good},2909,${trid}`,
      `${wrongDigit},2909,${trid}`,
      `${good}0000,2909,${trid}`,
      `,2909,${trid}`,
      `${good},2913,${trid}`,
      `${good},2512,${trid}`,
      `${good},2909,99900000009`,
      `${good},2909,${otherTrid}`,
      `${text(testPan(1, "555555"))},2909,${trid}`,
      `${text(testPan(1, "777777"))},2909,${trid}`,
      `${good}`,
      `${text(testPan(2))},2909,${trid}`,
      `"${good},2909,${trid}"x`,
    ];
    const result = await load(`pan,expiry_yymm,trid\n${rows.join("\n")}\n`);
    expect(result.rejects).toEqual([
      "3 PAN_INVALID",
      "4 PAN_INVALID",
      "5 PAN_INVALID",
      "6 INVALID_FIELD",
      "7 CARD_EXPIRED",
      "8 TRID_NOT_ALLOWED",
      "9 REQUESTOR_SUSPENDED",
      "10 CARD_NOT_ELIGIBLE",
      "11 CARD_NOT_ALLOWED",
      "12 INVALID_FIELD",
      "14 PAN_INVALID",
    ]);
    expect(result).toMatchObject({ rows: 13, created: 2, rejected: 11 });
    expect(verifyVault(t.vault)).toMatchObject({ tokens: 2, problems: [] });
  });

  test("a line with a stray quote takes no other row away unnamed", async () => {
    const rows = Array.from({ length: 9 }, (_, i) => `${text(testPan(i))},2909,${trid}`);
    rows[4] = `"${rows[4]}"x`;
    const result = await load(`pan,expiry_yymm,trid\n${rows.join("\n")}\n`);
    expect(result).toMatchObject({ created: 8, rejects: ["6 PAN_INVALID"] });
  });

  test("quotes around values, a byte order mark and blank lines are taken", async () => {
    const csv = `\ufeff"pan","expiry_yymm","trid"\n\n"${text(testPan(1))}","2909","${trid}"\n\n`;
    expect(await load(csv)).toMatchObject({ rows: 1, created: 1, rejects: [] });
  });

  test("the same file again, in other batches, changes nothing", async () => {
    const rows = Array.from({ length: 50 }, (_, i) => {
      const requestor = i % 3 === 0 ? otherTrid : trid;
      return `${text(testPan(i >> 1))},2909,${requestor}`;
    });
    const csv = `pan,expiry_yymm,trid\r\n${rows.join("\r\n")}`;
    const first = await load(csv, { batchRows: 7 });
    const again = await load(csv, { batchRows: 20 });
    expect(first.created + first.reused).toBe(50);
    expect(again).toMatchObject({ created: 0, reused: 50, cards: 0, rejects: [] });
    expect(verifyVault(t.vault)).toMatchObject({ tokens: first.created, cards: 25, problems: [] });
  });

  test("a closed card is rejected, a repeated one takes its latest expiry", async () => {
    deleteCard(t.vault, testPan(9));
    const rows = [
      `${text(testPan(9))},2909,${trid}`,
      `${text(testPan(1))},2909,${trid}`,
      `${text(testPan(1))},3104,${otherTrid}`,
      `${text(testPan(1))},3001,${trid}`,
    ];
    const result = await load(`pan,expiry_yymm,trid\n${rows.join("\n")}`);
    expect(result.rejects).toEqual(["2 CARD_NOT_ALLOWED"]);
    expect(result).toMatchObject({ created: 2, reused: 1 });
    for (const { key, value } of t.vault.tables.tokens.getRange({})) {
      expect(viewOf(t.vault, key, value).cardExpiry).toBe("3104");
    }
    expect(verifyVault(t.vault).problems).toEqual([]);
  });

  test("agreements come along where the requestor may attest, on new and known cards", async () => {
    const head = "pan,expiry_yymm,trid,agreement_id,mit_types,merchant_id,acquirer_id";
    const row = (card: number, requestor: string, types: string) =>
      `${text(testPan(card))},2909,${requestor},A-1,${types},M1,458001`;
    const csv = [head, row(1, trid, "RU"), row(2, otherTrid, "R"), row(3, trid, "Z")].join("\n");
    const result = await load(csv);
    expect(result.rejects).toEqual(["3 SCOPE_MISSING", "4 INVALID_FIELD"]);
    await load([head, row(1, trid, "I")].join("\n"));
    const [token] = [...t.vault.tables.tokens.getRange({})];
    expect(agreementsOf(t.vault, token!.key)).toMatchObject([
      { id: "A-1", merchant: "M1", acquirer: "458001", types: 7, source: "MIGRATION" },
    ]);
  });

  test.each([
    ["an unknown column", "pan,expiry_yymm,trid,cvv\n"],
    ["a missing column", "pan,trid\n"],
    ["a column twice", "pan,expiry_yymm,trid,pan\n"],
    ["nothing", ""],
  ])("%s is INVALID_REQUEST", async (_, csv) => {
    const error = await load(csv).catch((thrown: unknown) => thrown);
    expect(isAppError(error, "INVALID_REQUEST")).toBe(true);
  });

  test("the live-token limit holds within a batch", async () => {
    const rows = [trid, otherTrid].map((one) => `${text(testPan(1))},2909,${one}`);
    const csv = `pan,expiry_yymm,trid\n${rows.join("\n")}`;
    const result = await load(csv, { liveTokensMax: 1 });
    expect(result).toMatchObject({ created: 1, rejects: ["3 TOKEN_LIMIT_REACHED"] });
  });
});

describe("generateTokens", () => {
  const numbersOf = (one: TestVault) =>
    [...one.vault.tables.tokens.getRange({})]
      .map(({ key, value }) => viewOf(one.vault, key, value))
      .map((view) => `${text(view.tpan)} ${text(view.pan)} ${view.par} ${view.trid}`);

  test("the same seed makes the same numbers, and the vault is whole", async () => {
    const vaults = [createTestVault(), createTestVault()];
    for (const one of vaults) {
      const vault = one.open({ random: seededRandom("seed") });
      const options = { tokens: 500, tokensPerCard: 2, requestors: 3, batchRows: 300 };
      const made = await generateTokens(vault, options);
      expect(made).toMatchObject({ created: 500, cards: 250, rejected: 0, reused: 0 });
      expect(verifyVault(vault)).toMatchObject({ tokens: 500, problems: [] });
    }
    expect(numbersOf(vaults[0]!)).toEqual(numbersOf(vaults[1]!));
    for (const one of vaults) await one.remove();
  });

  test("a second run adds other cards, and never an old TPAN", async () => {
    await generateTokens(t.vault, { tokens: 300 });
    const vault = t.open({ random: seededRandom("test") });
    const again = await generateTokens(vault, { tokens: 300 });
    expect(again).toMatchObject({ created: 300, cards: 300 });
    expect(subRangeFills(vault)[0]?.used).toBe(600);
    expect(verifyVault(vault)).toMatchObject({ tokens: 600, problems: [] });
  });

  test("test cards are all different and Luhn-valid", () => {
    const numbers = new Set<string>();
    for (let card = 0; card < 5000; card++) numbers.add(testPanText(card * 3_777));
    expect(numbers.size).toBe(5000);
    for (const one of numbers) expect(ClearPAN.parse(one).length).toBe(16);
  });
});

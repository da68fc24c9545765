// Test tokens by the million: cards in the test range 999999, token requestors, one or more
// tokens a card. The numbers are Luhn-valid and were never issued by anybody.
import { setImmediate as nextTurn } from "node:timers/promises";
import { luhnDigit } from "../../codec/pan/mod.ts";
import { appError } from "../../platform/mod.ts";
import { monthAt, yymmOf } from "../expiry.ts";
import { pooled } from "../minting/mint.ts";
import type { BinRange, Requestor } from "../registry/records.ts";
import { putBinRange, putIssuer, putRequestors } from "../registry/registry-admin.ts";
import type { Vault } from "../vault.ts";
import { liveTokensMaxDefault, loadBatch } from "./bulk-load.ts";
import { poolBytes } from "./bulk-mint.ts";
import type { LoadProgress, LoadSummary } from "./csv-load.ts";
import { RowBatch } from "./row-batch.ts";

export const testRange = "999999";
export const testIssuer = "TESTBANK";
/** Acquirer of the generated requestors: DE32 of the examples in the docs. */
export const testAcquirer = "458001";

/** All numbers of a 16-digit range are 10^9; the spread below must stay exact in a double. */
const cardsMax = 20_000_000;

/** Rows of one transaction; larger than for files, since nobody else writes to a test vault. */
const generateRows = 524_288;

/** Test cards are good for three years. */
const cardLifeMonths = 36;

export interface GenerateOptions {
  readonly tokens: number;
  /** Tokens a card, each for another requestor. */
  readonly tokensPerCard?: number;
  readonly requestors?: number;
  readonly acquirer?: string;
  readonly batchRows?: number;
  readonly onProgress?: (progress: LoadProgress) => void;
}

/**
 * Makes test tokens. Cards are numbered on from those that the vault has, so that a second run adds
 * to the first; with a seeded `random` the same calls make the same numbers.
 */
export async function generateTokens(vault: Vault, options: GenerateOptions): Promise<LoadSummary> {
  const perCard = options.tokensPerCard ?? 1;
  const requestorCount = Math.max(options.requestors ?? 10, perCard);
  const liveTokensMax = Math.max(liveTokensMaxDefault, perCard);
  if (options.tokens < 1 || options.tokens > cardsMax) {
    throw appError("USAGE", `The number of tokens is 1 to ${cardsMax}.`);
  }
  const { range, requestors } = prepare(vault, requestorCount, options.acquirer ?? testAcquirer);
  const total = { rows: 0, created: 0, reused: 0, rejected: 0, cards: 0 };
  const opened: number[] = [];
  const batch = new RowBatch(Math.min(options.batchRows ?? generateRows, options.tokens));
  const firstCard = vault.tables.cards.getKeysCount({});
  const expiry = yymmOf(monthAt(vault.nowSeconds()) + cardLifeMonths);
  const digits = Buffer.alloc(20);
  const parText = parMaker(vault);
  let par = "";
  for (let row = 0; row < options.tokens; row++) {
    const card = firstCard + Math.floor(row / perCard);
    if (row % perCard === 0) par = parText();
    const length = digits.write(testPanText(card), "latin1");
    const requestor = requestors[(card + (row % perCard)) % requestors.length]!;
    batch.add(digits, length, expiry, requestor, range, row + 1, { par, assurance: 12 });
    if (!batch.isFull && row + 1 < options.tokens) continue;
    total.rows += batch.count;
    const result = loadBatch(vault, batch, { liveTokensMax });
    total.created += result.created;
    total.reused += result.reused;
    total.cards += result.cards;
    total.rejected += result.rejected.length;
    opened.push(...result.opened);
    options.onProgress?.({ ...total });
    await nextTurn();
  }
  return { ...total, opened };
}

/**
 * The test card with this number: spread over the range by a multiplication modulo 10^9 that hits
 * every number once (387420489 = 9^9 has no factor in common with 10).
 */
export function testPanText(card: number): string {
  const spread = (card * 387_420_489 + 123_456_789) % 1_000_000_000;
  const head = testRange + String(spread).padStart(9, "0");
  return head + luhnDigit(head);
}

function prepare(
  vault: Vault,
  count: number,
  acquirer: string,
): { readonly range: BinRange; readonly requestors: readonly Requestor[] } {
  if (vault.registry().findIssuer(testIssuer) === undefined) {
    putIssuer(vault, { id: testIssuer, name: "Test Bank" });
  }
  const known = vault.registry().ranges.find((one) => one?.prefix === testRange);
  const range = known ?? putBinRange(vault, { prefix: testRange, issuerId: testIssuer });
  const trids = Array.from({ length: count }, (_, i) => `999${String(i + 1).padStart(8, "0")}`);
  const unknown = trids.filter((trid) => vault.registry().findRequestor(trid) === undefined);
  const rows = unknown.map((trid) => ({
    trid,
    name: `Test Merchant ${Number(trid.slice(3))}`,
    type: "MERCHANT" as const,
    acquirers: [acquirer],
    allowUnboundAmount: true,
    allowUnboundMerchant: true,
    allowAttestedAgreements: true,
  }));
  if (rows.length > 0) putRequestors(vault, rows);
  const requestors = trids.map((trid) => vault.registry().findRequestor(trid)!);
  return { range, requestors };
}

/** 4 characters of the controller, 25 random ones: 36^25 is more than anybody counts. */
function parMaker(vault: Vault): () => string {
  const random = pooled(vault.random, poolBytes);
  const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return () => {
    let par = "ZZ99";
    for (const byte of random(25)) par += letters[byte % letters.length];
    return par;
  };
}

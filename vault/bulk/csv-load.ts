// A CSV file of cards to tokens. Rows that cannot be taken are reported with their line and a code,
// never with what was in them; the others go on.
import type { Readable } from "node:stream";
import { parse } from "csv-parse";
import { digitsToBcd, panValid } from "../../codec/pan/mod.ts";
import { appError, type ErrorCode } from "../../platform/mod.ts";
import { agreementKey, mitTypesOf } from "../agreement-key.ts";
import { hasPassed, parseYymm } from "../expiry.ts";
import type { Vault } from "../vault.ts";
import { type BulkOptions, loadBatch } from "./bulk-load.ts";
import { batchRowsDefault, RowBatch, type RowExtras } from "./row-batch.ts";

/** One line of a load file; the longest sensible one has some 200 bytes. */
const lineBytesMax = 4096;

const required = ["pan", "expiry_yymm", "trid"] as const;
const optional = [
  "par",
  "assurance",
  "agreement_id",
  "mit_types",
  "merchant_id",
  "acquirer_id",
] as const;
type Column = (typeof required)[number] | (typeof optional)[number];

export interface LoadProgress {
  readonly rows: number;
  readonly created: number;
  readonly reused: number;
  readonly rejected: number;
}

export interface LoadOptions extends BulkOptions {
  readonly batchRows?: number;
  /** One rejected row: its line and why. */
  readonly onReject: (line: number, code: string) => void;
  /** After every transaction. */
  readonly onProgress?: (progress: LoadProgress) => void;
}

export interface LoadSummary extends LoadProgress {
  readonly cards: number;
  readonly opened: readonly number[];
}

/**
 * Loads `source`, a CSV text with a header line: pan, expiry_yymm, trid, and optionally par,
 * assurance (token assurance method, 2 digits), agreement_id, mit_types (letters of R, I, U),
 * merchant_id, acquirer_id. Values may stand in quotes and hold no comma. Loading a file twice
 * changes nothing. INVALID_REQUEST for a wrong header.
 */
export function loadCsv(
  vault: Vault,
  source: Readable,
  options: LoadOptions,
): Promise<LoadSummary> {
  const loader = new CsvLoader(vault, options);
  return new Promise((resolve, reject) => {
    const parser = parse({
      bom: true,
      info: true,
      max_record_size: lineBytesMax,
      // No value holds a comma, and a stray quote would swallow the rows up to the next one.
      quote: null,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
    const fail = (error: unknown) => {
      source.destroy();
      parser.destroy();
      reject(error);
    };
    parser.on("readable", () => {
      try {
        for (;;) {
          const row = parser.read() as { info: { lines: number }; record: string[] } | null;
          if (row === null) return;
          loader.take(row.record, row.info.lines);
        }
      } catch (error) {
        fail(error);
      }
    });
    parser.on("end", () => {
      try {
        resolve(loader.finish());
      } catch (error) {
        fail(error);
      }
    });
    parser.on("error", fail);
    source.on("error", fail);
    source.pipe(parser);
  });
}

class CsvLoader {
  readonly #vault: Vault;
  readonly #options: LoadOptions;
  readonly #batch: RowBatch;
  readonly #digits = Buffer.alloc(20);
  readonly #bcd = Buffer.alloc(10);
  #columns: Map<Column, number> | undefined;
  readonly #total = { rows: 0, created: 0, reused: 0, rejected: 0, cards: 0 };
  readonly #opened: number[] = [];

  constructor(vault: Vault, options: LoadOptions) {
    this.#vault = vault;
    this.#options = options;
    this.#batch = new RowBatch(options.batchRows ?? batchRowsDefault);
  }

  take(record: readonly string[], line: number): void {
    if (this.#columns === undefined) {
      this.#columns = columnsOf(record.map(unquoted));
      return;
    }
    this.#total.rows++;
    const refused = this.#add(record, line, this.#columns);
    if (refused !== undefined) this.#reject(line, refused);
    if (this.#batch.isFull) this.#flush();
  }

  finish(): LoadSummary {
    if (this.#columns === undefined)
      throw appError("INVALID_REQUEST", "The file has no header line.");
    if (this.#batch.count > 0) this.#flush();
    return { ...this.#total, opened: this.#opened };
  }

  #reject(line: number, code: string): void {
    this.#total.rejected++;
    this.#options.onReject(line, code);
  }

  #flush(): void {
    const result = loadBatch(this.#vault, this.#batch, this.#options);
    this.#total.created += result.created;
    this.#total.reused += result.reused;
    this.#total.cards += result.cards;
    this.#opened.push(...result.opened);
    for (const { line, code } of result.rejected) this.#reject(line, code);
    this.#options.onProgress?.({ ...this.#total });
  }

  /** Adds the row to the batch, or says why not. */
  #add(
    record: readonly string[],
    line: number,
    columns: ReadonlyMap<Column, number>,
  ): ErrorCode | undefined {
    if (record.length !== columns.size) return "INVALID_FIELD";
    const value = (column: Column) => unquoted(record[columns.get(column) ?? -1] ?? "");
    const pan = value("pan");
    const length = pan.length <= 19 ? this.#digits.write(pan, "latin1") : 0;
    if (!panValid(this.#digits, 0, length)) return "PAN_INVALID";
    if (!digitsToBcd(this.#digits, 0, length, this.#bcd, 0, 10)) return "PAN_INVALID";
    const expiry = parseYymm(value("expiry_yymm"));
    if (expiry === undefined) return "INVALID_FIELD";
    if (hasPassed(expiry, this.#vault.nowSeconds())) return "CARD_EXPIRED";
    const registry = this.#vault.registry();
    const requestor = registry.findRequestor(value("trid"));
    if (requestor === undefined) return "TRID_NOT_ALLOWED";
    if (requestor.status !== "ACTIVE") return "REQUESTOR_SUSPENDED";
    const range = registry.findRange(this.#digits, 0, length);
    if (range === undefined || !range.tokenisable) return "CARD_NOT_ELIGIBLE";
    if (range.status !== "ACTIVE" || range.issuer.status !== "ACTIVE") return "CARD_NOT_ALLOWED";
    const extras = extrasOf(value, requestor.allowAttestedAgreements);
    if (typeof extras === "string") return extras;
    this.#batch.add(this.#digits, length, expiry, requestor, range, line, extras);
    return undefined;
  }
}

/** A value without the quotes that some programs put around every one. */
function unquoted(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

function columnsOf(header: readonly string[]): Map<Column, number> {
  const known: readonly string[] = [...required, ...optional];
  const columns = new Map<Column, number>();
  for (const [position, name] of header.entries()) {
    if (!known.includes(name)) {
      const text = `column ${position + 1} is none of ${known.join(", ")}`;
      throw appError("INVALID_REQUEST", `The header is wrong: ${text}.`);
    }
    if (columns.has(name as Column)) {
      throw appError("INVALID_REQUEST", `The header has ${name} twice.`);
    }
    columns.set(name as Column, position);
  }
  for (const name of required) {
    if (!columns.has(name)) throw appError("INVALID_REQUEST", `The header lacks ${name}.`);
  }
  return columns;
}

function extrasOf(value: (column: Column) => string, mayAttest: boolean): RowExtras | ErrorCode {
  const par = value("par");
  if (par !== "" && !/^[0-9A-Z]{29}$/.test(par)) return "INVALID_FIELD";
  const assurance = value("assurance") || "00";
  if (!/^[0-9]{2}$/.test(assurance)) return "INVALID_FIELD";
  const basic = { assurance: Number(assurance), ...(par === "" ? {} : { par }) };
  const id = value("agreement_id");
  if (id === "") return basic;
  if (!mayAttest) return "SCOPE_MISSING";
  const types = mitTypesOf(value("mit_types"));
  const name = { acquirer: value("acquirer_id"), merchant: value("merchant_id"), id };
  try {
    agreementKey(Buffer.alloc(16), name);
  } catch {
    return "INVALID_FIELD";
  }
  return types === undefined ? "INVALID_FIELD" : { ...basic, agreement: { ...name, types } };
}

// The rows of one bulk transaction, side by side in typed arrays: a row is a card number, its
// expiry, a requestor and what the file said besides.
import { digitsToBcd } from "../../codec/pan/mod.ts";
import type { AgreementName } from "../agreement-key.ts";
import type { BinRange, Requestor } from "../registry/records.ts";
import { bcdBytes } from "../sealing.ts";
import { parBytes } from "../token-record.ts";
import { sortRowsMax } from "./index-order.ts";

/**
 * Rows of one transaction: enough that sorted writes share pages (a million tokens fill 45,000),
 * and 60 MB of memory at most. The write lock is held meanwhile, about three seconds.
 */
export const batchRowsDefault = 262_144;

export interface RowExtras {
  readonly par?: string;
  readonly assurance?: number;
  readonly agreement?: AgreementName & { readonly types: number };
}

export class RowBatch {
  readonly rowsMax: number;
  count = 0;
  readonly bcd: Buffer;
  readonly expiry: Uint16Array;
  readonly requestor: Uint16Array;
  readonly range: Uint16Array;
  readonly issuer: Uint16Array;
  readonly assurance: Uint8Array;
  readonly par: Buffer;
  /** Line of the source file, for rejects. */
  readonly line: Float64Array;
  /** Few rows bring one, so not an array. */
  readonly agreements = new Map<number, AgreementName & { readonly types: number }>();

  constructor(rowsMax: number) {
    if (rowsMax < 1 || rowsMax > sortRowsMax) throw new RangeError("rows of a batch");
    this.rowsMax = rowsMax;
    this.bcd = Buffer.alloc(rowsMax * bcdBytes);
    this.expiry = new Uint16Array(rowsMax);
    this.requestor = new Uint16Array(rowsMax);
    this.range = new Uint16Array(rowsMax);
    this.issuer = new Uint16Array(rowsMax);
    this.assurance = new Uint8Array(rowsMax);
    this.par = Buffer.alloc(rowsMax * parBytes);
    this.line = new Float64Array(rowsMax);
  }

  get isFull(): boolean {
    return this.count === this.rowsMax;
  }

  /** Adds a row; the digits must have been checked and the batch must not be full. */
  add(
    digits: Buffer,
    length: number,
    expiry: number,
    requestor: Requestor,
    range: BinRange,
    line: number,
    extras: RowExtras,
  ): void {
    const row = this.count++;
    digitsToBcd(digits, 0, length, this.bcd, row * bcdBytes, bcdBytes);
    this.expiry[row] = expiry;
    this.requestor[row] = requestor.number;
    this.range[row] = range.number;
    this.issuer[row] = range.issuer.number;
    this.assurance[row] = extras.assurance ?? 0;
    this.line[row] = line;
    const at = row * parBytes;
    if (extras.par === undefined) this.par.fill(0, at, at + parBytes);
    else this.par.write(extras.par, at, parBytes, "latin1");
    if (extras.agreement !== undefined) this.agreements.set(row, extras.agreement);
  }

  /** Empties the batch and wipes its card numbers. */
  clear(): void {
    this.count = 0;
    this.bcd.fill(0);
    this.agreements.clear();
  }
}

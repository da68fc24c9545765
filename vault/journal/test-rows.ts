// Journal rows as the hot path would write them, from a few named values.
import { beginRow, rowAt, rowBytes, rowFlag, rowKind } from "./row.ts";

export interface RowFields {
  readonly kind?: keyof typeof rowKind;
  readonly reason?: number;
  readonly flags?: readonly (keyof typeof rowFlag)[];
  readonly timeMs: number;
  /** Goes into the verification id; 0 leaves it zero. */
  readonly id: number;
  /** Goes into the token index. */
  readonly token?: number;
  readonly mti?: number;
  readonly initiation?: "C" | "M";
  readonly mitType?: string;
  readonly acquirer?: string;
  readonly agreementId?: string;
  readonly amount?: string;
  readonly currency?: string;
  readonly transmissionTime?: string;
  readonly stan?: string;
  readonly merchant?: string;
  readonly processingCode?: string;
  readonly responseCode?: string;
  readonly kvn?: number;
  readonly issuedAt?: number;
  readonly nonce?: number;
  readonly trid?: string;
  readonly cardId?: bigint;
  readonly original?: string;
  /** The number in the verification id that an advice names. */
  readonly reference?: number;
}

export const testTrid = Buffer.from("099900000001", "hex");
export const testMerchant = "MERCHANT0000001";

export function testId(number: number): Buffer {
  const id = Buffer.alloc(16);
  if (number !== 0) id.fill(0x11);
  id.writeUInt32BE(number, 12);
  return id;
}

export function testIndex(token: number): Buffer {
  const index = Buffer.alloc(16, 0xa0);
  index.writeUInt32BE(token, 12);
  return index;
}

/** `MMDDhhmmss` of a moment, as DE7 writes it. */
export function de7Of(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/[-:T]/g, "").slice(4, 14);
}

/** DE90 of the row that these fields make. */
export function de90Of(fields: RowFields): string {
  const mti = (fields.mti ?? 0x0100).toString(16).padStart(4, "0");
  const acquirer = (fields.acquirer ?? "458001").padStart(11, "0");
  const time = fields.transmissionTime ?? de7Of(fields.timeMs);
  return `${mti}${fields.stan ?? "000123"}${time}${acquirer}${"0".repeat(11)}`;
}

export function putRow(rows: Buffer, row: number, fields: RowFields): void {
  const at = row * rowBytes;
  const text = (off: number, value: string): void => {
    rows.write(value, at + off, "latin1");
  };
  beginRow(rows, at, rowKind[fields.kind ?? "verification"]);
  rows.writeUInt16LE(fields.reason ?? 0, at + rowAt.reason);
  for (const flag of fields.flags ?? []) rows[at + rowAt.flags]! |= rowFlag[flag];
  rows.writeDoubleLE(fields.timeMs, at + rowAt.timeMs);
  testId(fields.id).copy(rows, at + rowAt.verificationId);
  testIndex(fields.token ?? 1).copy(rows, at + rowAt.index);
  Buffer.from(fields.trid ?? testTrid.toString("hex"), "hex").copy(rows, at + rowAt.trid);
  rows.writeUInt16LE(fields.mti ?? 0x0100, at + rowAt.mti);
  text(rowAt.initiation, fields.initiation ?? "C");
  text(rowAt.mitType, fields.mitType ?? "");
  const acquirer = fields.acquirer ?? "458001";
  rows[at + rowAt.acquirerLength] = acquirer.length;
  text(rowAt.acquirer, acquirer);
  rows[at + rowAt.agreementLength] = (fields.agreementId ?? "").length;
  text(rowAt.agreementId, fields.agreementId ?? "");
  text(rowAt.amount, fields.amount ?? "000000012345");
  text(rowAt.currency, fields.currency ?? "458");
  text(rowAt.transmissionTime, fields.transmissionTime ?? de7Of(fields.timeMs));
  text(rowAt.stan, fields.stan ?? "000123");
  text(rowAt.rrn, "000000000123");
  text(rowAt.merchant, fields.merchant ?? testMerchant);
  text(rowAt.processingCode, fields.processingCode ?? "000000");
  text(rowAt.entryMode, "810");
  text(rowAt.responseCode, fields.responseCode ?? "00");
  rows[at + rowAt.kvn] = fields.kvn ?? 1;
  rows.writeUInt32LE(fields.issuedAt ?? Math.floor(fields.timeMs / 1_000), at + rowAt.issuedAt);
  rows.writeUInt32LE(fields.nonce ?? 0, at + rowAt.nonce);
  rows.writeUInt32LE(7, at + rowAt.peer);
  rows.writeUInt16LE(3, at + rowAt.sealVersion);
  rows.fill(0x5e, at + rowAt.sealedPAN, at + rowAt.sealedPAN + 32);
  rows.writeBigUInt64LE(fields.cardId ?? 9n, at + rowAt.cardId);
  text(rowAt.original, fields.original ?? "");
  if (fields.reference !== undefined) testId(fields.reference).copy(rows, at + rowAt.reference);
}

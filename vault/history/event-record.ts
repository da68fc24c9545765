// A token's event, as a desk sees it, made from its record.
import { rowAt, rowFlag, rowKind } from "../journal/row.ts";
import type { RowView } from "../journal/row-view.ts";
import { issueId } from "./finer-reason.ts";
import { finerReasonOf, referenceOf } from "./record.ts";

export type TokenEventKind = "verification" | "original-based" | "advice" | "ptav-issued";

const kindNames: Readonly<Record<number, TokenEventKind>> = {
  [rowKind.verification]: "verification",
  [rowKind.originalBased]: "original-based",
  [rowKind.advice]: "advice",
  [rowKind.ptavIssued]: "ptav-issued",
};

/** What a fraud analyst or a support desk sees. Holds no PAN and no TPAN. */
export interface TokenEvent {
  /** Where it stands in the token's history; opaque. */
  readonly position: string;
  readonly timeMs: number;
  readonly kind: TokenEventKind;
  /** 4-digit reason; the finer one where it was found. */
  readonly reason: number;
  /** The reason that the switch was given. */
  readonly answeredReason: number;
  readonly responseCode: string;
  readonly mti: string;
  readonly verificationId: string;
  readonly trid: string;
  readonly amount: string;
  readonly currency: string;
  readonly acquirer: string;
  readonly merchant: string;
  readonly rrn: string;
  readonly stan: string;
  readonly entryMode: string;
  readonly transmissionTime: string;
  readonly processingCode: string;
  readonly initiation: string;
  readonly mitType: string;
  readonly storedCredential: string;
  readonly agreementId: string;
  readonly peer: number;
  readonly kvn: number;
  readonly repetition: boolean;
  /** An MIT brought a PTAV, which was ignored. */
  readonly ptavIgnored: boolean;
  /** The verification that an advice tells of; "" elsewhere. */
  readonly reference: string;
}

/** Unix milliseconds u64 big-endian, verification id 16, kind 1: the order of a token's events. */
export const eventPositionBytes = 25;

export function eventPosition(record: RowView): Buffer {
  const position = Buffer.alloc(eventPositionBytes);
  position.writeBigUInt64BE(BigInt(Math.max(0, Math.floor(record.timeMs))), 0);
  idOf(record).copy(position, 8);
  position[24] = record.kind;
  return position;
}

/** The verification id; of an issued PTAV that has none, what names the PTAV. */
export function idOf(row: RowView): Buffer {
  const id = row.verificationId;
  return row.kind === rowKind.ptavIssued && allZero(id) ? issueId(row) : id;
}

export function allZero(bytes: Buffer): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return true;
}

export function decodeEvent(record: RowView): TokenEvent {
  const { bytes, at } = record;
  const text = (off: number, length: number): string => record.text(off, length);
  const finerReason = finerReasonOf(record);
  const kind = kindNames[record.kind];
  if (kind === undefined) throw new Error("an event of an unknown kind");
  const reference = kind === "advice" ? referenceOf(record) : undefined;
  return {
    position: eventPosition(record).toString("hex"),
    timeMs: Math.max(0, Math.floor(record.timeMs)),
    kind,
    reason: finerReason === 0 ? record.reason : finerReason,
    answeredReason: record.reason,
    responseCode: text(rowAt.responseCode, 2),
    mti: record.mti.toString(16).padStart(4, "0"),
    verificationId: uuidText(bytes, at + rowAt.verificationId),
    trid: bytes.toString("hex", at + rowAt.trid, at + rowAt.trid + 6).slice(1),
    amount: text(rowAt.amount, 12),
    currency: text(rowAt.currency, 3),
    acquirer: text(rowAt.acquirer, 11),
    merchant: text(rowAt.merchant, 15).trimEnd(),
    rrn: text(rowAt.rrn, 12),
    stan: text(rowAt.stan, 6),
    entryMode: text(rowAt.entryMode, 3),
    transmissionTime: text(rowAt.transmissionTime, 10),
    processingCode: text(rowAt.processingCode, 6),
    initiation: record.letter(rowAt.initiation),
    mitType: record.letter(rowAt.mitType),
    storedCredential: record.letter(rowAt.storedCredential),
    agreementId: text(rowAt.agreementId, 36),
    peer: bytes.readUInt32LE(at + rowAt.peer),
    kvn: record.kvn,
    repetition: (bytes[at + rowAt.flags]! & rowFlag.repetition) !== 0,
    ptavIgnored: (bytes[at + rowAt.flags]! & rowFlag.ptavIgnored) !== 0,
    reference: reference === undefined || allZero(reference) ? "" : uuidText(reference, 0),
  };
}

/** 16 bytes at `at` as the 36 characters of a UUID. */
export function uuidText(bytes: Buffer, at: number): string {
  const hex = bytes.toString("hex", at, at + 16);
  const part = (from: number, to: number) => hex.slice(from, to);
  return `${part(0, 8)}-${part(8, 12)}-${part(12, 16)}-${part(16, 20)}-${part(20, 32)}`;
}

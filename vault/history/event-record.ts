// One event of a token's history, 184 bytes. Key, 41 bytes: token index 16, Unix milliseconds u64
// big-endian, verification id 16, kind 1; so a token's events are one range in the order of time.

import { rowAt, rowFlag, rowKind } from "../journal/row.ts";
import type { RowView } from "../journal/row-view.ts";
import { keepSeconds, u32Seconds } from "./tables.ts";

export const eventKeyBytes = 41;
export const eventBytes = 184;

/** Offsets in the value; integers little-endian, text ASCII and zero-padded. */
export const eventAt = {
  keepUntil: 0,
  reason: 4,
  /** Found later by comparing with the issued PTAV; 0 where nothing finer is known. */
  finerReason: 6,
  kind: 8,
  flags: 9,
  mti: 10,
  initiation: 12,
  mitType: 13,
  storedCredential: 14,
  kvn: 15,
  verificationId: 16,
  amount: 32,
  currency: 44,
  acquirer: 48,
  merchant: 60,
  rrn: 76,
  stan: 88,
  responseCode: 94,
  entryMode: 96,
  transmissionTime: 100,
  processingCode: 110,
  peer: 116,
  trid: 120,
  agreementId: 128,
  reference: 164,
} as const;

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

export function eventKey(row: RowView, id: Buffer): Buffer {
  const key = Buffer.alloc(eventKeyBytes);
  row.index.copy(key, 0);
  key.writeBigUInt64BE(BigInt(Math.max(0, Math.floor(row.timeMs))), 16);
  id.copy(key, 24);
  key[40] = row.kind;
  return key;
}

/** Row offset, event offset, length of what is copied as it stands. */
const copied: readonly (readonly [number, number, number])[] = [
  [rowAt.reason, eventAt.reason, 2],
  [rowAt.kind, eventAt.kind, 1],
  [rowAt.flags, eventAt.flags, 1],
  [rowAt.mti, eventAt.mti, 2],
  [rowAt.initiation, eventAt.initiation, 3],
  [rowAt.kvn, eventAt.kvn, 1],
  [rowAt.verificationId, eventAt.verificationId, 16],
  [rowAt.amount, eventAt.amount, 12],
  [rowAt.currency, eventAt.currency, 3],
  [rowAt.acquirer, eventAt.acquirer, 11],
  [rowAt.merchant, eventAt.merchant, 15],
  [rowAt.rrn, eventAt.rrn, 12],
  [rowAt.stan, eventAt.stan, 6],
  [rowAt.responseCode, eventAt.responseCode, 2],
  [rowAt.entryMode, eventAt.entryMode, 3],
  [rowAt.transmissionTime, eventAt.transmissionTime, 10],
  [rowAt.processingCode, eventAt.processingCode, 6],
  [rowAt.peer, eventAt.peer, 4],
  [rowAt.trid, eventAt.trid, 6],
  [rowAt.agreementId, eventAt.agreementId, 36],
  [rowAt.reference, eventAt.reference, 16],
];

export function encodeEvent(row: RowView): Buffer {
  const value = Buffer.alloc(eventBytes);
  value.writeUInt32LE(u32Seconds(row.timeMs / 1_000 + keepSeconds), eventAt.keepUntil);
  for (const [from, to, length] of copied) {
    row.bytes.copy(value, to, row.at + from, row.at + from + length);
  }
  return value;
}

export function decodeEvent(key: Buffer, value: Buffer): TokenEvent {
  const text = (at: number, length: number): string => {
    const end = value.indexOf(0, at);
    return value.toString("latin1", at, end < 0 ? at + length : Math.min(end, at + length));
  };
  const answeredReason = value.readUInt16LE(eventAt.reason);
  const finerReason = value.readUInt16LE(eventAt.finerReason);
  const flags = value[eventAt.flags]!;
  const kind = kindNames[value[eventAt.kind]!];
  if (kind === undefined) throw new Error("an event of an unknown kind");
  return {
    position: key.toString("hex", 16),
    timeMs: Number(key.readBigUInt64BE(16)),
    kind,
    reason: finerReason === 0 ? answeredReason : finerReason,
    answeredReason,
    responseCode: text(eventAt.responseCode, 2),
    mti: value.readUInt16LE(eventAt.mti).toString(16).padStart(4, "0"),
    verificationId: uuidText(value, eventAt.verificationId),
    trid: value.toString("hex", eventAt.trid, eventAt.trid + 6).slice(1),
    amount: text(eventAt.amount, 12),
    currency: text(eventAt.currency, 3),
    acquirer: text(eventAt.acquirer, 11),
    merchant: text(eventAt.merchant, 15).trimEnd(),
    rrn: text(eventAt.rrn, 12),
    stan: text(eventAt.stan, 6),
    entryMode: text(eventAt.entryMode, 3),
    transmissionTime: text(eventAt.transmissionTime, 10),
    processingCode: text(eventAt.processingCode, 6),
    initiation: text(eventAt.initiation, 1),
    mitType: text(eventAt.mitType, 1),
    storedCredential: text(eventAt.storedCredential, 1),
    agreementId: text(eventAt.agreementId, 36),
    peer: value.readUInt32LE(eventAt.peer),
    kvn: value[eventAt.kvn]!,
    repetition: (flags & rowFlag.repetition) !== 0,
    ptavIgnored: (flags & rowFlag.ptavIgnored) !== 0,
    reference: value.subarray(eventAt.reference, eventAt.reference + 16).every((b) => b === 0)
      ? ""
      : uuidText(value, eventAt.reference),
  };
}

/** 16 bytes at `at` as the 36 characters of a UUID. */
export function uuidText(bytes: Buffer, at: number): string {
  const hex = bytes.toString("hex", at, at + 16);
  const part = (from: number, to: number) => hex.slice(from, to);
  return `${part(0, 8)}-${part(8, 12)}-${part(12, 16)}-${part(16, 20)}-${part(20, 32)}`;
}

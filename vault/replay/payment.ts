// An accepted payment as the log of payments keeps it: its claim, then its row of the journal.
//
//   kind 1, zero 3, peer 4, key 12, original 12, fingerprint 16, verification id 16, row 320
//
// `peer` is little-endian, like the claim that is made of it. An orphan, a reversal that came
// before its original, is named by the original's key and has no row.
import { rowBytes } from "../journal/row.ts";
import { claimKind } from "./claim-record.ts";

export const paymentKind = {
  /** A row alone: what may come any number of times takes nothing. */
  ROW: 0,
  ...claimKind,
  ORPHAN: 3,
} as const;

export const paymentAt = {
  kind: 0,
  peer: 4,
  key: 8,
  original: 20,
  fingerprint: 32,
  verificationId: 48,
  row: 64,
} as const;

export const paymentHeadBytes = paymentAt.row;
export const paymentBytes = paymentHeadBytes + rowBytes;

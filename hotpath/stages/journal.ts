// Stage: one append a batch to the process's verification journal, before the answers leave. The
// slow path makes histories, originals, agreements and flags of it.
import { ptavIssuedAt, ptavKvn } from "../../codec/ptav/mod.ts";
import { reason } from "../../platform/mod.ts";
import {
  beginRow,
  type JournalWriter,
  rowAt,
  rowBytes,
  rowFlag,
  rowKind,
  sealedBytes,
  tokenAt,
  tokenBytes,
} from "../../vault/mod.ts";
import type { Batch } from "../batch.ts";
import { copyBytes } from "../copy-bytes.ts";
import type { Peer } from "../dispatch-types.ts";
import type { HotMetrics } from "../hot-metrics.ts";
import { type Rows, work } from "../rows.ts";
import { idBytes, parseIdText } from "../verification-id.ts";
import { tag, tagByte } from "../verification-table.ts";
import { responseOf } from "./encode.ts";

/** By work. */
const kindOf: readonly number[] = [
  0,
  rowKind.verification,
  rowKind.originalBased,
  rowKind.advice,
  rowKind.originalBased,
];
const tagVerificationId = 14;
const firstUse = 0x46;

/** Elements of fixed length that every journalled message has: number, place in the row, length. */
const always = [
  [4, rowAt.amount, 12],
  [7, rowAt.transmissionTime, 10],
  [11, rowAt.stan, 6],
  [37, rowAt.rrn, 12],
  [42, rowAt.merchant, 15],
  [49, rowAt.currency, 3],
  [3, rowAt.processingCode, 6],
] as const;

export class JournalStage {
  private readonly writer: JournalWriter;
  private readonly peers: readonly Peer[];
  private readonly metrics: HotMetrics;

  constructor(writer: JournalWriter, peers: readonly Peer[], metrics: HotMetrics) {
    this.writer = writer;
    this.peers = peers;
    this.metrics = metrics;
  }

  run(batch: Batch, rows: Rows): void {
    let count = 0;
    for (let row = 0; row < rows.count; row++) {
      if (rows.work[row] === work.NONE) continue;
      this.writeRow(batch, rows, row, count * rowBytes);
      count++;
    }
    if (count === 0) return;
    try {
      this.writer.append(count);
    } catch {
      // What is not in the journal is not approved. The claim stands: the same message, sent again,
      // is found to be the same and approved then.
      this.metrics.journalFailures.add(1);
      for (let row = 0; row < rows.count; row++) {
        if (rows.work[row] === work.NONE || rows.reason[row] !== 0) continue;
        rows.reason[row] = reason.SYSTEM_ERROR;
      }
    }
  }

  private writeRow(batch: Batch, rows: Rows, row: number, at: number): void {
    const out = this.writer.rows;
    const kind = kindOf[rows.work[row] as number] as number;
    const view = rows.views[row]!;
    const { buf } = view;
    beginRow(out, at, kind);
    out.writeUInt16LE(rows.reason[row] as number, at + rowAt.reason);
    out.writeDoubleLE(rows.nowMs, at + rowAt.timeMs);
    copyBytes(batch.ids, row * idBytes, out, at + rowAt.verificationId, idBytes);
    copyBytes(rows.index, row * 16, out, at + rowAt.index, 16);
    out.writeUInt16LE(view.mti, at + rowAt.mti);
    out.writeUInt32LE(this.peers[rows.peer[row] as number]!.tag, at + rowAt.peer);
    for (let i = 0; i < always.length; i++) {
      const [element, to, length] = always[i] as (typeof always)[number];
      copyBytes(buf, view.offset(element), out, at + to, length);
    }
    out[at + rowAt.acquirerLength] = view.length(32);
    copyBytes(buf, view.offset(32), out, at + rowAt.acquirer, view.length(32));
    if (view.has(33)) {
      out[at + rowAt.forwarderLength] = view.length(33);
      copyBytes(buf, view.offset(33), out, at + rowAt.forwarder, view.length(33));
    }
    if (view.has(22)) copyBytes(buf, view.offset(22), out, at + rowAt.entryMode, 3);
    if (view.has(90)) copyBytes(buf, view.offset(90), out, at + rowAt.original, 42);
    if (kind === rowKind.advice) writeAdvice(rows, row, out, at);
    else {
      copyBytes(responseOf(rows, row), 0, out, at + rowAt.responseCode, 2);
      writeTags(rows, row, out, at);
      writeCard(rows, row, out, at);
    }
    out[at + rowAt.flags] = flagsOf(rows, row);
  }
}

function writeTags(rows: Rows, row: number, out: Buffer, at: number): void {
  const { buf, tags } = rows.views[row]!;
  if (tags.has(tag.TRID) && tags.length(tag.TRID) === 11) {
    packTrid(buf, tags.offset(tag.TRID), out, at + rowAt.trid);
  }
  out[at + rowAt.initiation] = tagByte(rows, row, tag.INITIATION);
  out[at + rowAt.mitType] = tagByte(rows, row, tag.MIT_TYPE);
  out[at + rowAt.storedCredential] = tagByte(rows, row, tag.STORED);
  if (tags.has(tag.AGREEMENT)) {
    out[at + rowAt.agreementLength] = tags.length(tag.AGREEMENT);
    const from = tags.offset(tag.AGREEMENT);
    copyBytes(buf, from, out, at + rowAt.agreementId, tags.length(tag.AGREEMENT));
  }
  if (rows.work[row] !== work.VERIFY || rows.ptavDecoded[row] === 0) return;
  const from = row * 20;
  out[at + rowAt.kvn] = ptavKvn(rows.ptav, from);
  out.writeUInt32LE(ptavIssuedAt(rows.ptav, from), at + rowAt.issuedAt);
  copyBytes(rows.ptav, from + 2, out, at + rowAt.nonce, 6);
}

/** The sealed block of the card that was handed back, for reversals of this message later. */
function writeCard(rows: Rows, row: number, out: Buffer, at: number): void {
  if (rows.work[row] !== work.VERIFY) {
    if (rows.reason[row] !== 0) return;
    out.writeUInt16LE(rows.sealVersion[row] as number, at + rowAt.sealVersion);
    copyBytes(rows.sealed, row * sealedBytes, out, at + rowAt.sealedPAN, sealedBytes);
  } else if (rows.found[row] === 1) {
    const from = row * tokenBytes;
    copyBytes(rows.recordBytes, from + tokenAt.sealKeyVersion, out, at + rowAt.sealVersion, 2);
    copyBytes(rows.recordBytes, from + tokenAt.sealedPan, out, at + rowAt.sealedPAN, sealedBytes);
    copyBytes(rows.recordBytes, from + tokenAt.cardId, out, at + rowAt.cardId, 8);
  }
}

function writeAdvice(rows: Rows, row: number, out: Buffer, at: number): void {
  const view = rows.views[row]!;
  copyBytes(view.buf, view.offset(39), out, at + rowAt.responseCode, 2);
  const { tags } = view;
  if (!view.has(120) || !tags.has(tagVerificationId)) return;
  const from = tags.offset(tagVerificationId);
  parseIdText(view.buf, from, tags.length(tagVerificationId), out, at + rowAt.reference);
}

function flagsOf(rows: Rows, row: number): number {
  let flags = rows.marks[row] as number;
  const view = rows.views[row]!;
  if (rows.work[row] === work.VERIFY) {
    const sets =
      tagByte(rows, row, tag.STORED) === firstUse &&
      view.tags.has(tag.AGREEMENT) &&
      view.tags.has(tag.MIT_TYPE);
    if (sets) flags |= rowFlag.agreementSetup;
  } else if (rows.work[row] === work.ORIGINAL && view.has(95)) flags |= rowFlag.partialReversal;
  return flags;
}

/** 11 digits to 6 BCD bytes, a zero before them. */
function packTrid(buf: Buffer, from: number, out: Buffer, at: number): void {
  out[at] = (buf[from] as number) & 15;
  for (let i = 1; i < 6; i++) {
    const high = (buf[from + 2 * i - 1] as number) & 15;
    out[at + i] = (high << 4) | ((buf[from + 2 * i] as number) & 15);
  }
}

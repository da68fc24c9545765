// Stage: one append a batch to the process's verification journal, before the answers leave. The
// slow path makes histories, originals, agreements and flags of it.
import { ptavIssuedAt, ptavKvn } from "../../codec/ptav/mod.ts";
import { reason } from "../../platform/mod.ts";
import {
  type JournalWriter,
  rowAt,
  rowBytes,
  rowFlag,
  rowKind,
  rowMagic,
  sealedBytes,
  tokenAt,
  tokenWords,
} from "../../vault/mod.ts";
import type { Batch } from "../batch.ts";
import { copyBytes, copyWords } from "../copy-bytes.ts";
import type { Peer } from "../dispatch-types.ts";
import type { HotMetrics } from "../hot-metrics.ts";
import { type Rows, work } from "../rows.ts";
import { parseIdText } from "../verification-id.ts";
import { responseOf, tag, tagByte } from "../verification-table.ts";

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

export class JournalStage {
  protected readonly writer: JournalWriter;
  private readonly peers: readonly Peer[];
  private readonly metrics: HotMetrics;

  constructor(writer: JournalWriter, peers: readonly Peer[], metrics: HotMetrics) {
    this.writer = writer;
    this.peers = peers;
    this.metrics = metrics;
  }

  run(batch: Batch, rows: Rows): void {
    // One call for all: 320 bytes of zeros a row, one by one, take as long as half of its fields.
    this.writer.rows.fill(0, 0, rows.count * rowBytes);
    let count = 0;
    for (let row = 0; row < rows.count; row++) {
      if (rows.work[row] === work.NONE) continue;
      this.writeRow(batch, rows, row, count * rowBytes);
      count++;
    }
    this.append(rows, count);
  }

  protected append(rows: Rows, count: number): void {
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

  protected writeRow(batch: Batch, rows: Rows, row: number, at: number): void {
    const { rows: out, words } = this.writer;
    const kind = kindOf[rows.work[row] as number] as number;
    const view = rows.views[row]!;
    const { buf } = view;
    const word = at >> 2;
    words[word] = rowMagic;
    words[word + 1] = (rows.reason[row] as number) | (flagsOf(rows, row) << 16) | (kind << 24);
    out.writeDoubleLE(rows.nowMs, at + rowAt.timeMs);
    copyWords(batch.idWords, row * 4, words, word + rowAt.verificationId / 4, 4);
    copyWords(rows.indexWords, row * 4, words, word + rowAt.index / 4, 4);
    out[at + rowAt.mti] = view.mti & 0xff;
    out[at + rowAt.mti + 1] = view.mti >> 8;
    const peer = this.peers[rows.peer[row] as number]!;
    words[word + rowAt.peer / 4] = peer.tag;
    out[at + rowAt.door] = peer.door ?? 0;
    copyBytes(buf, view.offset(4), out, at + rowAt.amount, 12);
    copyBytes(buf, view.offset(7), out, at + rowAt.transmissionTime, 10);
    copyBytes(buf, view.offset(11), out, at + rowAt.stan, 6);
    copyBytes(buf, view.offset(37), out, at + rowAt.rrn, 12);
    copyBytes(buf, view.offset(42), out, at + rowAt.merchant, 15);
    copyBytes(buf, view.offset(49), out, at + rowAt.currency, 3);
    copyBytes(buf, view.offset(3), out, at + rowAt.processingCode, 6);
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
      const response = responseOf(rows, row);
      out[at + rowAt.responseCode] = response >> 8;
      out[at + rowAt.responseCode + 1] = response & 0xff;
      writeTags(rows, row, out, at);
      writeCard(rows, row, out, words, at);
    }
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
function writeCard(rows: Rows, row: number, out: Buffer, words: Int32Array, at: number): void {
  const word = at >> 2;
  const sealedAt = word + rowAt.sealedPAN / 4;
  if (rows.work[row] !== work.VERIFY) {
    if (rows.reason[row] !== 0) return;
    out.writeUInt16LE(rows.sealVersion[row] as number, at + rowAt.sealVersion);
    copyWords(rows.sealedWords, (row * sealedBytes) / 4, words, sealedAt, sealedBytes / 4);
  } else if (rows.found[row] === 1) {
    const from = row * tokenWords;
    out.writeUInt16LE(rows.half(row, tokenAt.sealKeyVersion), at + rowAt.sealVersion);
    copyWords(rows.record, from + tokenAt.sealedPan / 4, words, sealedAt, sealedBytes / 4);
    copyWords(rows.record, from + tokenAt.cardId / 4, words, word + rowAt.cardId / 4, 2);
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

// Finds the records of a token. A fold writes a run: its records' token words, sorted. Runs that
// have become many are merged into one (`run-merge.ts`), so that there are some sixty and then one
// for every 100,000 records or so; a look-up asks each, the newest first. (An index in one tree
// would dirty a page for every row.)
//
// List: key, the run's number, u48 big-endian, which is the position of its first record; value,
// 24 bytes as `listAt`. Chunk: key, 14 bytes: run u48, first token word u32, chunk's number u32,
// all big-endian; value: kept until u32, then eight bytes an entry: token word u32, position less
// the run's number u32.
import type { HistoryTables } from "./tables.ts";

const listAt = { keepUntil: 0, entries: 4, minMs: 8, maxMs: 16 } as const;
const listBytes = 24;

const headBytes = 4;
const entryBytes = 8;

/** 4 + 500 * 8 = 4,004 bytes: one page. */
const chunkEntries = 500;

export interface RunHead {
  readonly run: number;
  readonly keepUntil: number;
  readonly entries: number;
  /** Unix milliseconds of the oldest and the newest record. */
  readonly minMs: number;
  readonly maxMs: number;
}

/** Token word and offset from the run's number, in turns; sorted by word, then by offset. */
export type RunWords = Uint32Array;

export function runKey(run: number): Buffer {
  const key = Buffer.allocUnsafe(6);
  key.writeUIntBE(run, 0, 6);
  return key;
}

function chunkKey(run: number, word: number, chunk: number): Buffer {
  const key = Buffer.allocUnsafe(14);
  key.writeUIntBE(run, 0, 6);
  key.writeUInt32BE(word, 6);
  key.writeUInt32BE(chunk, 10);
  return key;
}

function decodeHead(key: Buffer, value: Buffer): RunHead {
  return {
    run: key.readUIntBE(0, 6),
    keepUntil: value.readUInt32LE(listAt.keepUntil),
    entries: value.readUInt32LE(listAt.entries),
    minMs: value.readDoubleLE(listAt.minMs),
    maxMs: value.readDoubleLE(listAt.maxMs),
  };
}

/** The runs, the newest first. */
export function* listRuns(tables: HistoryTables): Generator<RunHead> {
  const range = { start: Buffer.alloc(7, 0xff), end: Buffer.alloc(1), reverse: true };
  for (const { key, value } of tables.runList.getRange(range)) yield decodeHead(key, value);
}

export function findRun(tables: HistoryTables, run: number): RunHead | undefined {
  const key = runKey(run);
  const value = tables.runList.getBinary(key);
  return value === undefined ? undefined : decodeHead(key, value);
}

/** A run as it is written, encoded before the write lock is taken. */
export interface EncodedRun {
  readonly head: RunHead;
  readonly chunks: readonly { readonly key: Buffer; readonly value: Buffer }[];
}

export function encodeRun(head: RunHead, words: RunWords): EncodedRun {
  const bytes = Buffer.from(words.buffer, words.byteOffset, words.byteLength);
  const chunks: { key: Buffer; value: Buffer }[] = [];
  const step = chunkEntries * entryBytes;
  for (let from = 0; from < bytes.length; from += step) {
    const part = bytes.subarray(from, from + step);
    const value = Buffer.allocUnsafe(headBytes + part.length);
    value.writeUInt32LE(head.keepUntil, 0);
    part.copy(value, headBytes);
    chunks.push({ key: chunkKey(head.run, words[from / 4]!, from / step), value });
  }
  return { head, chunks };
}

/** Inside a write transaction. */
export function putRun(tables: HistoryTables, { head, chunks }: EncodedRun): void {
  for (const { key, value } of chunks) tables.runs.putSync(key, value);
  const value = Buffer.alloc(listBytes);
  value.writeUInt32LE(head.keepUntil, listAt.keepUntil);
  value.writeUInt32LE(head.entries, listAt.entries);
  value.writeDoubleLE(head.minMs, listAt.minMs);
  value.writeDoubleLE(head.maxMs, listAt.maxMs);
  tables.runList.putSync(runKey(head.run), value);
}

/** Inside a write transaction. */
export function removeRun(tables: HistoryTables, run: number): void {
  const range = { start: runKey(run), end: runKey(run + 1) };
  const keys = [...tables.runs.getKeys(range)].map((key) => Buffer.from(key));
  for (const key of keys) tables.runs.removeSync(key);
  tables.runList.removeSync(runKey(run));
}

/** All entries of a run; shorter than its head says where the sweep has been. */
export function readRun(tables: HistoryTables, { run, entries }: RunHead): RunWords {
  const words = new Uint32Array(2 * entries);
  const bytes = Buffer.from(words.buffer);
  let at = 0;
  for (const { value } of tables.runs.getRange({ start: runKey(run), end: runKey(run + 1) })) {
    at += value.copy(bytes, at, headBytes);
  }
  return words.subarray(0, at / 4);
}

/** Positions of the token word's records in a run, the newest first. */
export function positionsIn(tables: HistoryTables, run: number, word: number): number[] {
  const positions: number[] = [];
  const range = { start: chunkKey(run, word, 0xffff_ffff), end: runKey(run), reverse: true };
  for (const { key, value } of tables.runs.getRange(range)) {
    for (let at = lastOf(value, word); at >= headBytes; at -= entryBytes) {
      if (value.readUInt32LE(at) !== word) break;
      positions.push(run + value.readUInt32LE(at + 4));
    }
    // Where the chunk begins with the word, the one before it may hold some too.
    if (key.readUInt32BE(6) < word) break;
  }
  return positions;
}

/** Where the last entry lies whose word is not greater; below the first where there is none. */
function lastOf(value: Buffer, word: number): number {
  let low = 0;
  let high = (value.length - headBytes) / entryBytes;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value.readUInt32LE(headBytes + middle * entryBytes) <= word) low = middle + 1;
    else high = middle;
  }
  return headBytes + (low - 1) * entryBytes;
}

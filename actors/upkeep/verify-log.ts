// Proves an embedded log: every record opens, follows the one before it, and the projection stands
// at its end.
import { StreamRows } from "../log/embedded-rows.ts";
import type { LogMeta } from "../log/log-meta.ts";
import { type LogRecord, type RecordSeal, recordHash } from "../log/record.ts";
import { CursorRows, firstCursor } from "../runtime/cursor.ts";
import type { Store } from "../store/port.ts";

export interface LogProblem {
  readonly shard: number;
  readonly seq: number;
  readonly what: string;
}

export interface LogVerified {
  readonly shards: number;
  readonly records: number;
  readonly events: number;
  readonly bytes: number;
  readonly problems: readonly LogProblem[];
}

/** Read at a time; a reader pins pages of the file while it looks at them. */
const sliceRecords = 64;
const sliceBytes = 2 ** 20;

/** Problems that are listed; a log that is damaged all over needs no longer list. */
const problemsMax = 100;

export async function verifyLog(
  store: Store,
  meta: LogMeta,
  seal: RecordSeal,
  onProgress: (records: number) => void = () => {},
): Promise<LogVerified> {
  const problems: LogProblem[] = [];
  const counts = { records: 0, events: 0, bytes: 0 };
  for (let shard = 0; shard < meta.shards; shard++) {
    const report = (seq: number, what: string) => {
      if (problems.length < problemsMax) problems.push({ shard, seq, what });
    };
    for await (const { bytes, record } of recordsOf(store, meta, seal, shard, report)) {
      counts.records++;
      counts.bytes += bytes;
      counts.events += record?.events.length ?? 0;
      onProgress(counts.records);
    }
  }
  return { shards: meta.shards, ...counts, problems };
}

async function* recordsOf(
  store: Store,
  meta: LogMeta,
  seal: RecordSeal,
  shard: number,
  report: (seq: number, what: string) => void,
): AsyncGenerator<{ bytes: number; record: LogRecord | undefined }> {
  const rows = new StreamRows(store, "evt", shard);
  const { firstSeq } = rows.ends();
  const first = firstCursor("evt", shard, meta.born);
  // What a trimmed stream began with is gone: its oldest record is believed.
  let before = firstSeq === 1 ? { hash: first.hash, epoch: 0, atMs: 0 } : undefined;
  let seq = firstSeq;
  for (;;) {
    const slice = rows.from(seq, sliceRecords, sliceBytes);
    if (slice.length === 0) break;
    for (const { bytes } of slice) {
      const record = openRecord(seal, bytes, (what) => report(seq, what));
      if (record !== undefined) checkOrder(shard, before, record, (what) => report(seq, what));
      const { epoch = 0, atMs = 0 } = record?.head ?? {};
      before = { hash: recordHash(bytes), epoch, atMs };
      yield { bytes: bytes.length, record };
      seq++;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  checkCursor(store, meta, shard, seq - 1, before?.hash, report);
}

function openRecord(
  seal: RecordSeal,
  bytes: Buffer,
  report: (what: string) => void,
): LogRecord | undefined {
  try {
    return seal.open(bytes);
  } catch (error) {
    report((error as Error).message);
    return undefined;
  }
}

function checkOrder(
  shard: number,
  before: { hash: Buffer; epoch: number; atMs: number } | undefined,
  { head }: LogRecord,
  report: (what: string) => void,
): void {
  if (head.shard !== shard) report(`is a record of shard ${head.shard}`);
  if (before === undefined) return;
  if (!head.prev.equals(before.hash)) report("does not follow the record before it");
  if (head.epoch < before.epoch) report(`epoch ${head.epoch} after ${before.epoch}`);
  if (head.atMs < before.atMs) report("its time lies before the last one");
}

function checkCursor(
  store: Store,
  meta: LogMeta,
  shard: number,
  lastSeq: number,
  lastHash: Buffer | undefined,
  report: (seq: number, what: string) => void,
): void {
  const cursor = new CursorRows(store).get("evt", shard, meta);
  const { lastSeq: end } = new StreamRows(store, "evt", shard).ends();
  if (end !== lastSeq) report(lastSeq + 1, `is missing; the stream ends at ${end}`);
  if (cursor.seq !== end) report(end, `the projection stands at ${cursor.seq}`);
  else if (lastHash !== undefined && !cursor.hash.equals(lastHash)) {
    report(end, "the projection has seen another record here");
  }
}

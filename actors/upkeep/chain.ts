// The chain of a stream walked backwards, from a record that a projection has applied: its hash
// says which bytes the record has, those say which hash the one before it has, and so on. Wherever
// such bytes are found, they are the right ones.
import type { ShardLog } from "../log/port.ts";
import { readHead, recordHash } from "../log/record.ts";

/** A place where records of one stream may still be. */
export interface RecordSource {
  readonly name: string;
  /** Undefined where it is not there or cannot be read. */
  read(seq: number): Promise<Buffer | undefined>;
}

export interface ChainEnd {
  readonly seq: number;
  /** Of the record at `seq`; where `seq` is 0, what the first record carries as `prev`. */
  readonly hash: Buffer;
}

export interface Link {
  readonly seq: number;
  readonly bytes: Buffer;
  readonly source: RecordSource;
  /** The record before this one. */
  readonly before: ChainEnd;
}

/** The records from `end` backwards, as far as one of the sources has them. */
export async function* chainBack(
  end: ChainEnd,
  sources: readonly RecordSource[],
): AsyncGenerator<Link> {
  let next = end;
  while (next.seq > 0) {
    const found = await findRecord(next, sources);
    if (found === undefined) return;
    const before = { seq: next.seq - 1, hash: Buffer.from(readHead(found.bytes).prev) };
    yield { seq: next.seq, ...found, before };
    next = before;
  }
}

async function findRecord(
  { seq, hash }: ChainEnd,
  sources: readonly RecordSource[],
): Promise<{ bytes: Buffer; source: RecordSource } | undefined> {
  for (const source of sources) {
    const bytes = await source.read(seq);
    if (bytes !== undefined && recordHash(bytes).equals(hash)) return { bytes, source };
  }
  return undefined;
}

/**
 * Whether a vault that stands at `at` can follow the stream. One of payments may begin later: who
 * has not seen what is gone fences it.
 */
export async function canFollow(stream: ShardLog, { seq, hash }: ChainEnd): Promise<boolean> {
  const { firstSeq, lastSeq } = await stream.end();
  if (seq > lastSeq) return false;
  if (firstSeq > lastSeq) return seq === lastSeq;
  if (seq < firstSeq - 1) return stream.kind === "pay";
  const bytes = await stream.read(Math.max(seq, firstSeq));
  if (bytes === undefined) return false;
  return (seq < firstSeq ? readHead(bytes).prev : recordHash(bytes)).equals(hash);
}

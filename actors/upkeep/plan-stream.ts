// What has to be done to one stream of a cluster's log, so that it holds again what the vaults have
// applied. The log decides where it can: a record of it that follows is never replaced, and what a
// vault has applied beside it is lost. Where the log only ends too early, or cannot be read, what
// the vaults kept goes back byte for byte under its numbers.
import type { BrokenStream, StreamState } from "../log/jetstream/stream-repair.ts";
import type { StoredRecord, StreamKind } from "../log/port.ts";
import { type RecordSeal, readHead, recordHash } from "../log/record.ts";
import { type ChainEnd, chainBack, type RecordSource } from "./chain.ts";
import type { RecordFile } from "./record-file.ts";

/** What one vault has applied of the stream, and the records that it kept. */
export interface Replica {
  readonly name: string;
  readonly at: ChainEnd;
  readonly records: RecordSource;
}

export interface StreamParts {
  readonly kind: StreamKind;
  readonly stream: BrokenStream;
  readonly replicas: readonly Replica[];
  readonly seal: RecordSeal;
  /** Takes the records to write, and is read, too: a run that was broken off has filled it. */
  readonly wanted: RecordFile;
  /** Takes what the log or a vault holds and will not be in the log. */
  readonly kept: RecordFile;
  readonly onProgress?: () => void;
}

export interface StreamPlan {
  /** `none`: it is whole. `append`: behind its end. `remake`: all of it, into a new stream. */
  readonly act: "none" | "append" | "remake";
  /** Records that go into the stream, out of `wanted`: `from` to `to`; none where `to` < `from`. */
  readonly from: number;
  readonly to: number;
  /** Where the stream begins and ends afterwards. */
  readonly firstSeq: number;
  readonly end: ChainEnd;
  /** Records that a vault has applied and the log does not hold: it has gone on without them. */
  readonly lost: readonly StoredRecord[];
  /** Records at the log's end that cannot be read or do not follow. No vault has applied them. */
  readonly cut: number;
  /** The log held older records, or may have, which nobody can read any more. */
  readonly gone: boolean;
  /** Vaults that have applied other records than the log's. */
  readonly strays: readonly string[];
  /** Vaults that stand before its beginning. */
  readonly behind: readonly string[];
}

/** How the log and the newest vault's chain lie to each other. */
interface Meeting {
  /** The newest record that both have; undefined where they have none in common. */
  readonly met: ChainEnd | undefined;
  /** Records of the vault's chain that are not in the log, from there on. */
  readonly above: readonly number[];
  /** The newest record that the log itself leads to from there. */
  readonly good: ChainEnd | undefined;
}

/** Rejects where the log or a node does not answer. */
export async function planStream(parts: StreamParts): Promise<StreamPlan> {
  const state = await parts.stream.state();
  const tip = parts.replicas.map(({ at }) => at).reduce((a, b) => (b.seq > a.seq ? b : a));
  const { met, above, good } = await meet(parts, state, tip);
  const movedOn = above.length > 0 && good !== undefined && good.seq > (met?.seq ?? 0);
  const end = good !== undefined && (movedOn || above.length === 0) ? good : tip;
  const cut = state === undefined ? 0 : Math.max(0, state.lastSeq - (good?.seq ?? 0));
  if (state === undefined || good === undefined || state.missing > 0 || cut > 0) {
    return { ...(await planRemake(parts, state, end)), cut };
  }
  const from = good.seq + 1;
  const act = end.seq >= from ? "append" : "none";
  const plan = { from, to: end.seq, firstSeq: state.firstSeq, end };
  const others = await strangers(parts, plan, [logOf(parts), parts.wanted]);
  return { act, ...plan, ...others, cut, gone: false };
}

function logOf({ stream }: StreamParts): RecordSource {
  return { name: "the log", read: (seq) => stream.read(seq) };
}

/** Everywhere but in the log. */
function sources({ wanted, replicas }: StreamParts): RecordSource[] {
  return [wanted, ...replicas.map(({ records }) => records)];
}

async function meet(
  parts: StreamParts,
  state: StreamState | undefined,
  tip: ChainEnd,
): Promise<Meeting> {
  const { wanted, replicas, onProgress = () => {} } = parts;
  const log = logOf(parts);
  const above: number[] = [];
  let met: ChainEnd | undefined;
  let next = tip;
  for await (const link of chainBack(tip, [log, ...sources(parts)])) {
    if (link.source === log) {
      met = next;
      break;
    }
    if (link.source !== wanted) wanted.put(link.seq, link.bytes);
    above.unshift(link.seq);
    next = link.before;
    onProgress();
  }
  // Nothing is in it, and what comes next is the chain's: an empty stream has no hash to compare.
  const empty = state !== undefined && state.firstSeq > state.lastSeq;
  if (met === undefined && state !== undefined && (empty || next.seq === 0)) {
    if (state.lastSeq === next.seq || next.seq === 0) met = next;
  }
  met ??= state === undefined ? undefined : await highestOnLog(replicas, log);
  const good = met === undefined ? undefined : await leadsTo(parts, met, state?.lastSeq ?? 0);
  return { met, above, good };
}

/** The newest vault that stands on a record of the log. */
async function highestOnLog(
  replicas: readonly Replica[],
  log: RecordSource,
): Promise<ChainEnd | undefined> {
  for (const { at } of [...replicas].sort((a, b) => b.at.seq - a.at.seq)) {
    const found = at.seq > 0 ? await log.read(at.seq) : undefined;
    if (found !== undefined && recordHash(found).equals(at.hash)) return at;
  }
  return undefined;
}

/** Follows the log's own records from one that is right. */
async function leadsTo(
  { stream, seal, onProgress = () => {} }: StreamParts,
  from: ChainEnd,
  lastSeq: number,
): Promise<ChainEnd> {
  let end = from;
  let epoch = 0;
  while (end.seq < lastSeq) {
    const bytes = await stream.read(end.seq + 1);
    const head = bytes === undefined ? undefined : headBehind(bytes, end.hash, seal);
    if (bytes === undefined || head === undefined || head.epoch < epoch) break;
    epoch = head.epoch;
    end = { seq: end.seq + 1, hash: recordHash(bytes) };
    onProgress();
  }
  return end;
}

function headBehind(bytes: Buffer, before: Buffer, seal: RecordSeal) {
  try {
    const { head } = seal.open(bytes);
    return head.prev.equals(before) ? head : undefined;
  } catch {
    return undefined;
  }
}

/** All that can be had of the chain that ends at `end`, for a new stream. */
async function planRemake(
  parts: StreamParts,
  state: StreamState | undefined,
  end: ChainEnd,
): Promise<Omit<StreamPlan, "cut">> {
  const { wanted, kept, onProgress = () => {} } = parts;
  const log = logOf(parts);
  let firstSeq = end.seq + 1;
  for await (const link of chainBack(end, [log, ...sources(parts)])) {
    if (link.source !== wanted) wanted.put(link.seq, link.bytes);
    firstSeq = link.seq;
    onProgress();
  }
  for (let seq = state?.firstSeq ?? 1; seq <= (state?.lastSeq ?? 0); seq++) {
    const there = await log.read(seq);
    const goesBack = seq >= firstSeq && seq <= end.seq && there?.equals(await at(wanted, seq));
    if (there !== undefined && goesBack !== true) kept.put(seq, there);
  }
  const plan = { from: firstSeq, to: end.seq, firstSeq, end };
  const gone = firstSeq > (state?.firstSeq ?? 1);
  return { act: "remake", ...plan, gone, ...(await strangers(parts, plan, [wanted])) };
}

async function at(source: RecordSource, seq: number): Promise<Buffer> {
  return (await source.read(seq)) ?? Buffer.alloc(0);
}

/** Vaults that cannot follow the mended stream, and what those lose that have left it. */
async function strangers(
  parts: StreamParts,
  { firstSeq, end }: Pick<StreamPlan, "firstSeq" | "end">,
  records: readonly RecordSource[],
): Promise<Pick<StreamPlan, "strays" | "behind" | "lost">> {
  const strays: string[] = [];
  const behind: string[] = [];
  const lost = new Map<string, StoredRecord>();
  for (const { name, at } of parts.replicas) {
    const tooOld = at.seq < firstSeq - 1;
    // Who has not seen the oldest payments fences them and begins where the stream does.
    if (tooOld && parts.kind === "evt") behind.push(name);
    const isOnLog = async ({ seq, hash }: ChainEnd): Promise<boolean> =>
      (await hashAt(seq, firstSeq, end, records))?.equals(hash) === true;
    if (tooOld || at.seq === 0 || (await isOnLog(at))) continue;
    strays.push(name);
    for await (const { seq, bytes, before } of chainBack(at, sources(parts))) {
      lost.set(recordHash(bytes).toString("hex"), { seq, bytes });
      parts.kept.put(seq, bytes);
      if (await isOnLog(before)) break;
    }
  }
  const bySeq = [...lost.values()].sort((a, b) => a.seq - b.seq);
  return { strays, behind, lost: bySeq };
}

async function hashAt(
  seq: number,
  firstSeq: number,
  end: ChainEnd,
  records: readonly RecordSource[],
): Promise<Buffer | undefined> {
  if (seq === end.seq) return end.hash;
  if (seq > end.seq || seq < firstSeq - 1) return undefined;
  for (const source of records) {
    // The record before the first is known by what the first says of it.
    const bytes = await source.read(Math.max(seq, firstSeq));
    if (bytes !== undefined) return seq < firstSeq ? readHead(bytes).prev : recordHash(bytes);
  }
  return undefined;
}

// Mends a vault's own log. What the projection has applied is trusted: the hash in its cursor names
// the newest record, and through it every record before. One that is damaged or missing comes back
// out of a snapshot, byte for byte; where none has it, the log begins behind it, and what it still
// held of older records is kept in a file.
import { appError } from "../../platform/mod.ts";
import { StreamRows } from "../log/embedded-rows.ts";
import type { LogMeta } from "../log/log-meta.ts";
import { type RecordSeal, readHead, recordHash } from "../log/record.ts";
import { type Cursor, CursorRows } from "../runtime/cursor.ts";
import type { Store } from "../store/port.ts";
import { chainBack, type RecordSource } from "./chain.ts";
import { recordFile } from "./record-file.ts";

export interface SalvageEmbeddedOptions {
  readonly store: Store;
  readonly meta: LogMeta;
  readonly seal: RecordSeal;
  readonly shards: readonly number[];
  /** The events of a shard in snapshots of this vault. */
  readonly copies: readonly ((shard: number) => RecordSource)[];
  /** Where what is taken out of the log is kept. */
  readonly keep: string;
  /** Without it nothing is done where something would be lost. */
  readonly acceptLoss: boolean;
  readonly onProgress?: (records: number) => void;
}

export interface SalvagedShard {
  readonly shard: number;
  /** Records that came back out of a snapshot. */
  readonly restored: number;
  /** The newest record that is gone, though the vault has its effect; null where none is. */
  readonly lost: number | null;
  /** Records that were taken out of the log and lie in the folder now. */
  readonly kept: number;
  /** The log begins here now. */
  readonly firstSeq: number;
}

/** The events that a vault's own log holds, as a place to look for records. */
export function copiedRecords(store: Store, name: string): (shard: number) => RecordSource {
  return (shard) => {
    const rows = new StreamRows(store, "evt", shard);
    return { name, read: async (seq) => rows.get(seq) };
  };
}

interface Plan {
  readonly shard: number;
  readonly rows: StreamRows;
  readonly mended: Map<number, Buffer>;
  readonly lost: number | undefined;
  /** Records from here on lead nowhere and were never applied. */
  readonly cutFrom: number | undefined;
}

/** Records of one transaction. */
const sliceRecords = 512;

/**
 * Mends these shards. The caller owns the actors. Errors: USAGE where a loss is not accepted, with
 * nothing changed; what LMDB throws where the file itself cannot be read.
 */
export async function salvageEmbedded(options: SalvageEmbeddedOptions): Promise<SalvagedShard[]> {
  const plans: Plan[] = [];
  for (const shard of options.shards) plans.push(await plan(options, shard));
  const losses = plans.filter(({ lost, cutFrom }) => lost !== undefined || cutFrom !== undefined);
  if (losses.length > 0 && !options.acceptLoss) {
    const said = losses.map(({ shard, lost, cutFrom }) => {
      return `shard ${shard} loses record ${lost ?? cutFrom}`;
    });
    const text = `${said.join(", ")}: no snapshot has it. Name one with --snapshot`;
    throw appError("USAGE", `${text}, or say --accept-loss.`);
  }
  const done: SalvagedShard[] = [];
  for (const one of plans) done.push(await mend(options, one));
  return done;
}

async function plan(
  { store, meta, seal, copies, onProgress = () => {} }: SalvageEmbeddedOptions,
  shard: number,
): Promise<Plan> {
  const rows = new StreamRows(store, "evt", shard);
  const cursor = new CursorRows(store).get("evt", shard, meta);
  const own: RecordSource = { name: "the log", read: async (seq) => rows.get(seq) };
  const { firstSeq } = rows;
  const mended = new Map<number, Buffer>();
  let next = cursor.seq;
  for await (const link of chainBack(cursor, [own, ...copies.map((copy) => copy(shard))])) {
    if (link.seq < firstSeq) break;
    if (link.source !== own) mended.set(link.seq, link.bytes);
    next = link.seq - 1;
    onProgress(1);
  }
  const lost = next >= firstSeq ? next : undefined;
  const kept = [...mended].filter(([seq]) => lost === undefined || seq > lost);
  return { shard, rows, mended: new Map(kept), lost, cutFrom: cutFrom(rows, cursor, seal) };
}

/** The first record behind the projection that does not follow; usually there is none at all. */
function cutFrom(rows: StreamRows, cursor: Cursor, seal: RecordSeal): number | undefined {
  const { lastSeq } = rows.ends();
  let { hash } = cursor;
  for (let seq = cursor.seq + 1; seq <= lastSeq; seq++) {
    const bytes = rows.get(seq);
    if (bytes === undefined || !follows(bytes, hash, seal)) return seq;
    hash = recordHash(bytes);
  }
  return undefined;
}

function follows(bytes: Buffer, before: Buffer, seal: RecordSeal): boolean {
  try {
    seal.open(bytes);
    return readHead(bytes).prev.equals(before);
  } catch {
    return false;
  }
}

async function mend(
  { store, keep }: SalvageEmbeddedOptions,
  { shard, rows, mended, lost, cutFrom }: Plan,
): Promise<SalvagedShard> {
  const back = [...mended];
  for (let from = 0; from < back.length; from += sliceRecords) {
    store.write(() => {
      for (const [seq, bytes] of back.slice(from, from + sliceRecords)) rows.put(seq, bytes);
    });
  }
  let kept = 0;
  if (lost !== undefined || cutFrom !== undefined) {
    const file = recordFile(keep, "evt", shard, "kept");
    const { firstSeq, lastSeq } = rows.ends();
    const taken = (seq: number) => seq <= (lost ?? 0) || seq >= (cutFrom ?? lastSeq + 1);
    for (let seq = firstSeq; seq <= lastSeq; seq++) {
      const bytes = taken(seq) ? rows.get(seq) : undefined;
      if (bytes === undefined) continue;
      file.put(seq, bytes);
      kept++;
    }
    // Before anything goes.
    file.flush();
    file.close();
    if (cutFrom !== undefined) store.write(() => rows.cut(cutFrom));
    if (lost !== undefined) {
      while (!store.write(() => rows.trim(lost + 1, sliceRecords))) await turn();
      store.write(() => rows.beginAt(lost + 1));
    }
  }
  const restored = mended.size;
  return { shard, restored, lost: lost ?? null, kept, firstSeq: rows.firstSeq };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

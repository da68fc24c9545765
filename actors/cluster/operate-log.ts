// What an operator asks of a node to mend a log: where its vault stands, the records that it has
// kept, and to follow a stream that was mended or to leave one that goes on without it.
import { appError } from "../../platform/mod.ts";
import type { StreamKind } from "../log/port.ts";
import type { Cursor } from "../runtime/cursor.ts";
import { TailRows } from "../runtime/tail-rows.ts";
import type { ClusterNode } from "./cluster-node.ts";

/** Where a vault stands in one stream, as JSON. The hash in hex. */
export interface StreamPoint {
  readonly seq: number;
  readonly hash: string;
  readonly epoch: number;
  readonly atMs: number;
  readonly horizonPtav: number;
  readonly horizonDe7: number;
}

export interface ShardStreams {
  readonly evt: StreamPoint;
  readonly pay: StreamPoint;
}

/** Records from one downwards, the newest first, in base64. */
export interface KeptRecords {
  readonly records: readonly (readonly [seq: number, bytes: string])[];
}

export type LogOperation =
  | { readonly do: "points"; readonly shard: number }
  | {
      readonly do: "records";
      readonly shard: number;
      readonly stream: StreamKind;
      readonly upTo: number;
    }
  | { readonly do: "adopt"; readonly shard: number }
  | { readonly do: "leave"; readonly shard: number };

/** One answer is one message: below what a server carries, in base64 and sealed. */
const answerBytesMax = 512 * 1024;
const answerRecordsMax = 32;

export function streamPoint(cursor: Cursor): StreamPoint {
  const { seq, hash, epoch, atMs, horizonPtav, horizonDe7 } = cursor;
  return { seq, hash: hash.toString("hex"), epoch, atMs, horizonPtav, horizonDe7 };
}

/** The node's side. Errors: FAILED. */
export async function performOnLog(
  node: ClusterNode,
  operation: LogOperation,
): Promise<ShardStreams | KeptRecords | undefined> {
  const { fold } = node.runtime;
  const { shard } = operation;
  if (operation.do === "points") {
    const point = (kind: StreamKind) => streamPoint(fold.cursor(shard, kind));
    return { evt: point("evt"), pay: point("pay") };
  }
  if (operation.do === "records") {
    const { stream, upTo } = operation;
    const tail = new TailRows(fold.store);
    const records: [number, string][] = [];
    let bytes = 0;
    for (const one of tail.upTo(stream, shard, upTo, answerRecordsMax)) {
      bytes += one.bytes.length;
      if (records.length > 0 && bytes > answerBytesMax) break;
      records.push([one.seq, one.bytes.toString("base64")]);
    }
    return { records };
  }
  const own = node.ownership.shard(shard);
  if (own.state !== "PARKED") throw appError("FAILED", `Shard ${shard} does not stand.`);
  if (operation.do === "leave") {
    node.host.leave(shard);
    return undefined;
  }
  await node.host.adopt(shard);
  own.unpark();
  return undefined;
}

// What each stream of a clustered log was when this vault began to follow it. Kept with the
// cursors: a stream that was made anew has other records under the same numbers.
import { appError } from "../../platform/mod.ts";
import { actorRows } from "../log/log-meta.ts";
import type { StreamKind } from "../log/port.ts";
import { CursorRows } from "../runtime/cursor.ts";
import type { Rows, Store } from "../store/port.ts";

export class IdentityRows {
  readonly #rows: Rows;

  constructor(store: Store) {
    this.#rows = actorRows(store);
  }

  get(kind: StreamKind, shard: number): string | undefined {
    return this.#rows.get(keyOf(kind, shard))?.toString();
  }

  /** Inside a transaction. */
  put(kind: StreamKind, shard: number, identity: string): void {
    this.#rows.put(keyOf(kind, shard), Buffer.from(identity));
  }

  /** Whether this vault has applied what the shard's log has gone on without. */
  hasLeft(shard: number): boolean {
    return this.#rows.get(leftKey(shard)) !== undefined;
  }

  /** Inside a transaction. */
  putLeft(shard: number): void {
    this.#rows.put(leftKey(shard), Buffer.of(1));
  }
}

function leftKey(shard: number): Buffer {
  return Buffer.from(`left ${shard}`);
}

function keyOf(kind: StreamKind, shard: number): Buffer {
  return Buffer.from(`stream ${kind} ${shard}`);
}

/**
 * Refuses a vault whose changes are in another kind of log than the one that it is opened with:
 * each would go on without what the other holds. Throws LOG_UNFIT with what to do.
 */
export function checkLogKind(store: Store, wanted: "embedded" | "jetstream", shards: number): void {
  const identities = new IdentityRows(store);
  const cursors = new CursorRows(store);
  for (let shard = 0; shard < shards; shard++) {
    if (identities.hasLeft(shard)) {
      const text = `This vault holds changes that the log of shard ${shard} has lost`;
      throw appError("LOG_UNFIT", `${text}; join the cluster again from another node's snapshot.`);
    }
    const clustered = identities.get("evt", shard) !== undefined;
    if (wanted === "embedded" && clustered) {
      const text = "This vault follows a log on JetStream; set log.kind to jetstream.";
      throw appError("LOG_UNFIT", text);
    }
    if (wanted === "jetstream" && !clustered && cursors.has("evt", shard)) {
      const text =
        "This vault's changes are in its own log; 'pantun log export' takes them to JetStream.";
      throw appError("LOG_UNFIT", text);
    }
  }
}

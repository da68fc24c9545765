// The timers that actors have set, in order of the time they are due. The fold keeps them equal to
// what each actor's state asks for.
import { afterPrefix, type Rows, type Store } from "../store/port.ts";
import { keyBytes, type Timer } from "./actor-kind.ts";

/** [nn 2, due 6, kind 1, actor 16, timer 1] -> the encoded command. */
const keyLength = 2 + 6 + 1 + keyBytes + 1;

export interface DueTimer {
  readonly shard: number;
  readonly dueMs: number;
  readonly kind: number;
  readonly actor: Buffer;
  readonly id: number;
  readonly body: Buffer;
}

export class TimerRows {
  readonly #rows: Rows;

  constructor(store: Store) {
    this.#rows = store.rows("timer");
  }

  /** Inside a transaction: from what an actor wanted to what it wants. */
  change(
    shard: number,
    kind: number,
    actor: Buffer,
    before: readonly Timer<unknown>[],
    after: readonly Timer<unknown>[],
    encode: (command: unknown) => Buffer,
  ): void {
    if (before.length === 0 && after.length === 0) return;
    const had = new Map(before.map((timer) => [`${timer.id} ${timer.dueMs}`, timer]));
    for (const { id, dueMs, command } of after) {
      const old = had.get(`${id} ${dueMs}`);
      had.delete(`${id} ${dueMs}`);
      const body = encode(command);
      if (old !== undefined && encode(old.command).equals(body)) continue;
      this.#rows.put(keyOf(shard, dueMs, kind, actor, id), body);
    }
    for (const { id, dueMs } of had.values()) {
      this.#rows.remove(keyOf(shard, dueMs, kind, actor, id));
    }
  }

  /** Timers due at `nowMs`, the oldest first. */
  due(shard: number, nowMs: number, limit: number): DueTimer[] {
    const start = Buffer.of(shard >> 8, shard & 0xff);
    const end = Buffer.alloc(8);
    end.set(start);
    end.writeUIntBE(nowMs + 1, 2, 6);
    return this.#rows.range({ start, end, limit }).map(({ key, value }) => ({
      shard,
      dueMs: key.readUIntBE(2, 6),
      kind: key[8]!,
      actor: key.subarray(9, 9 + keyBytes),
      id: key[keyLength - 1]!,
      body: value,
    }));
  }

  /** Inside a transaction: up to `limit` rows of the shard go; true when none is left. */
  clear(shard: number, limit: number): boolean {
    const start = Buffer.of(shard >> 8, shard & 0xff);
    const all = this.#rows.range({ start, end: afterPrefix(start), limit });
    for (const { key } of all) this.#rows.remove(key);
    return all.length < limit;
  }
}

function keyOf(shard: number, dueMs: number, kind: number, actor: Buffer, id: number): Buffer {
  if (!Number.isInteger(id) || id < 1 || id > 255) throw new RangeError(`timer id ${id}`);
  const key = Buffer.alloc(keyLength);
  key.writeUInt16BE(shard, 0);
  key.writeUIntBE(dueMs, 2, 6);
  key[8] = kind;
  key.set(actor, 9);
  key[keyLength - 1] = id;
  return key;
}

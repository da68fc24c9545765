// What stands for an actor in a state: nine bytes, so that a projection that is not what the log
// makes of it is noticed at the next touch, instead of being decided on. Each node keeps the mark
// of every actor that it has folded, and the owner sends along those of the actors that a record
// changes.
import { hash } from "node:crypto";
import { type LogEvent, ownTypes } from "../log/record.ts";
import type { Rows, Store } from "../store/port.ts";
import { keyBytes } from "./actor-kind.ts";
import { noCommand } from "./event-frame.ts";
import type { AnyKind } from "./kinds.ts";

/** Layout of the fingerprint 1, then the first bytes of its hash 8. */
export const markBytes = 9;
const hashPart = 8;

/** Whose fingerprint is not made: compared with nothing. */
const noMark = Buffer.alloc(markBytes);

/** SHA-256 over kind, key and fingerprint; undefined for nobody, and for kinds without one. */
export function stateHash(kind: AnyKind, key: Buffer, state: unknown): Buffer | undefined {
  const bytes = kind.fingerprint?.(state);
  if (bytes === undefined) return undefined;
  return hash("sha256", Buffer.concat([Buffer.of(kind.number), key, bytes]), "buffer");
}

/** Of a state with this hash. Nobody has a mark, too: its hash is zeros. */
function markOf(kind: AnyKind, state: Buffer | undefined): Buffer {
  const mark = Buffer.alloc(markBytes);
  mark[0] = layoutOf(kind);
  state?.copy(mark, 1, 0, hashPart);
  return mark;
}

function layoutOf({ fingerprint, fingerprintLayout = 1 }: AnyKind): number {
  return fingerprint === undefined ? 0 : fingerprintLayout;
}

/** False where both were made in the same way and differ. */
function agrees(kind: AnyKind, mark: Buffer, state: Buffer | undefined): boolean {
  const layout = layoutOf(kind);
  return layout === 0 || mark[0] !== layout || mark.equals(markOf(kind, state));
}

/** The marks of the actors that were folded here: [kind 1, key 16] -> mark. */
export class StateMarks {
  readonly #rows: Rows;

  constructor(store: Store) {
    this.#rows = store.rows("state");
  }

  /** Whether the state that was read is the one that was folded last, as far as is known. */
  isAsFolded(kind: AnyKind, key: Buffer, state: Buffer | undefined): boolean {
    if (layoutOf(kind) === 0) return true;
    const mark = this.#rows.get(rowKey(kind, key));
    return mark === undefined || agrees(kind, mark, state);
  }

  /** Up to `limit` actors that have a mark, in order, behind `after`. */
  behind(after: Buffer | undefined, limit: number): MarkedRow[] {
    const start = after === undefined ? Buffer.alloc(1) : Buffer.concat([after, Buffer.alloc(1)]);
    const end = Buffer.alloc(1 + keyBytes + 1, 0xff);
    return this.#rows
      .range({ start, end, limit })
      .map(({ key }) => ({ row: key, kind: key[0]!, key: key.subarray(1) }));
  }

  /** Inside a transaction. */
  put(kind: AnyKind, key: Buffer, state: Buffer | undefined): void {
    if (layoutOf(kind) === 0) return;
    if (state === undefined) this.#rows.remove(rowKey(kind, key));
    else this.#rows.put(rowKey(kind, key), markOf(kind, state));
  }
}

/** `row`: where the next ones are behind. */
export interface MarkedRow {
  readonly row: Buffer;
  readonly kind: number;
  readonly key: Buffer;
}

function rowKey(kind: AnyKind, key: Buffer): Buffer {
  return Buffer.concat([Buffer.of(kind.number), key]);
}

export interface MarkedActor {
  readonly kind: AnyKind;
  readonly key: Buffer;
  readonly state: unknown;
}

/** The last event of a group: the marks of its actors, in the order of their first events. */
export function statesNoted(actors: readonly MarkedActor[]): LogEvent {
  const marks = actors.map(({ kind, key, state }) => {
    return kind.fingerprint === undefined ? noMark : markOf(kind, stateHash(kind, key, state));
  });
  const payload = Buffer.concat(marks);
  // Who does not know it folds as before.
  const type = ownTypes.statesNoted;
  return { type, version: 1, critical: false, commandId: noCommand, payload };
}

/** The first actor whose state is another than its owner's; undefined where all agree. */
export function firstDifference<T extends { readonly kind: AnyKind }>(
  payload: Buffer,
  actors: readonly T[],
  hashOf: (actor: T) => Buffer | undefined,
): T | undefined {
  // Another version knows other events: its marks are not of these actors.
  if (payload.length !== actors.length * markBytes) return undefined;
  return actors.find((actor, i) => {
    const mark = payload.subarray(i * markBytes, (i + 1) * markBytes);
    return !agrees(actor.kind, mark, hashOf(actor));
  });
}

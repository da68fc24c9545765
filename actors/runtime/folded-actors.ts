// The actors that one record touches, while it is folded: each is loaded once, and what depends on
// where it began and where it ended (timers, digest, mark) is written once.
import type { RecordHead } from "../log/record.ts";
import { stateDigestBytes } from "./cursor.ts";
import type { Fold } from "./fold.ts";
import type { AnyKind } from "./kinds.ts";
import { ParkError } from "./park.ts";
import { firstDifference, stateHash } from "./state-marks.ts";

interface Touched {
  readonly kind: AnyKind;
  readonly key: Buffer;
  readonly first: unknown;
  readonly firstHash: Buffer | undefined;
  state: unknown;
  /** Of the last state, once no more events come; null before. */
  lastHash: Buffer | undefined | null;
}

export class FoldedActors {
  readonly #fold: Fold;
  readonly #shard: number;
  readonly #head: RecordHead;
  readonly #seq: number;
  readonly #touched = new Map<string, Touched>();

  constructor(fold: Fold, shard: number, head: RecordHead, seq: number) {
    this.#fold = fold;
    this.#shard = shard;
    this.#head = head;
    this.#seq = seq;
  }

  apply(kind: AnyKind, key: Buffer, event: unknown, ord: number): void {
    const name = `${kind.number} ${key.toString("latin1")}`;
    let one = this.#touched.get(name);
    if (one === undefined) {
      one = this.#load(kind, key);
      this.#touched.set(name, one);
    }
    const after = kind.evolve(one.state, event, this.#head.atMs);
    const { incarnation } = this.#head;
    const position = { incarnation, shard: this.#shard, seq: this.#seq, ord };
    kind.project(key, one.state, after, event, position);
    one.state = after;
    one.lastHash = null;
  }

  #load(kind: AnyKind, key: Buffer): Touched {
    const first = kind.load(key);
    const firstHash = stateHash(kind, key, first);
    if (!this.#fold.marks.isAsFolded(kind, key, firstHash)) {
      throw damagedState(this.#shard, this.#seq, kind, key);
    }
    return { kind, key, first, firstHash, state: first, lastHash: firstHash };
  }

  /** Compares with what the owner made of the same events. Behind the last of them. */
  check(marks: Buffer): void {
    const other = firstDifference(marks, [...this.#touched.values()], lastHashOf);
    if (other === undefined) return;
    const detail = `${nameOf(other)} is another here than at its owner`;
    throw new ParkError("state-mismatch", this.#shard, this.#seq, detail);
  }

  /** Writes what the whole change means: timers and marks. */
  finish(): void {
    for (const one of this.#touched.values()) {
      const { kind, key, first, state } = one;
      const encode = (command: unknown) => kind.commands.encode(command);
      const before = kind.timers(first);
      const after = kind.timers(state);
      this.#fold.timers.change(this.#shard, kind.number, key, before, after, encode);
      this.#fold.marks.put(kind, key, lastHashOf(one));
    }
  }

  /** The shard's digest, moved from each actor's first to its last state. */
  digest(before: Buffer): Buffer {
    const digest = Buffer.from(before);
    for (const one of this.#touched.values()) {
      mix(digest, one.firstHash);
      mix(digest, lastHashOf(one));
    }
    return digest;
  }
}

/**
 * What is read of an actor is not what was folded last: the rows were changed by something else.
 */
export function damagedState(shard: number, seq: number, kind: AnyKind, key: Buffer): ParkError {
  const detail = `${nameOf({ kind, key })} is not as it was folded last`;
  return new ParkError("damaged-state", shard, seq, detail);
}

function nameOf({ kind, key }: Pick<Touched, "kind" | "key">): string {
  return `${kind.name} ${key.toString("hex")}`;
}

function lastHashOf(one: Touched): Buffer | undefined {
  if (one.lastHash === null) one.lastHash = stateHash(one.kind, one.key, one.state);
  return one.lastHash;
}

/** XORs in or out what stands for an actor in a state; nobody stands for nothing. */
function mix(digest: Buffer, one: Buffer | undefined): void {
  if (one === undefined) return;
  for (let i = 0; i < stateDigestBytes; i++) digest[i]! ^= one[i]!;
}

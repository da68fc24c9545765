// The actors that one record touches, while it is folded: each is loaded once, and what depends on
// where it began and where it ended (timers, digest) is written once.
import { hash } from "node:crypto";
import type { RecordHead } from "../log/record.ts";
import { stateDigestBytes } from "./cursor.ts";
import type { Fold } from "./fold.ts";
import type { AnyKind } from "./kinds.ts";

interface Touched {
  readonly kind: AnyKind;
  readonly key: Buffer;
  readonly first: unknown;
  state: unknown;
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
      const first = kind.load(key);
      one = { kind, key, first, state: first };
      this.#touched.set(name, one);
    }
    const after = kind.evolve(one.state, event, this.#head.atMs);
    const { incarnation } = this.#head;
    const position = { incarnation, shard: this.#shard, seq: this.#seq, ord };
    kind.project(key, one.state, after, event, position);
    one.state = after;
  }

  /** Writes what the whole change means: the timers. */
  finish(): void {
    for (const { kind, key, first, state } of this.#touched.values()) {
      const encode = (command: unknown) => kind.commands.encode(command);
      const before = kind.timers(first);
      const after = kind.timers(state);
      this.#fold.timers.change(this.#shard, kind.number, key, before, after, encode);
    }
  }

  /** The shard's digest, moved from each actor's first to its last state. */
  digest(before: Buffer): Buffer {
    const digest = Buffer.from(before);
    for (const { kind, key, first, state } of this.#touched.values()) {
      mix(digest, kind, key, first);
      mix(digest, kind, key, state);
    }
    return digest;
  }
}

/** XORs in or out what stands for this actor in this state; nobody stands for nothing. */
function mix(digest: Buffer, kind: AnyKind, key: Buffer, state: unknown): void {
  const bytes = kind.fingerprint?.(state);
  if (bytes === undefined) return;
  const one = hash("sha256", Buffer.concat([Buffer.of(kind.number), key, bytes]), "buffer");
  for (let i = 0; i < stateDigestBytes; i++) digest[i]! ^= one[i]!;
}

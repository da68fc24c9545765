// The actors of one shard that are in memory. An actor runs ahead of the projection while its group
// is on the way to the log; the one that nobody asked for longest goes first, but never one with
// events that are not applied yet.
import type { Group } from "./group.ts";
import type { AnyKind } from "./kinds.ts";

export interface LiveActor {
  readonly kind: AnyKind;
  readonly key: Buffer;
  /** As of its last decision, applied or not. */
  state: unknown;
  /** Commands that are not answered yet: the mailbox. */
  waiting: number;
  /** The group with its newest events; undefined where all are applied. */
  group: Group | undefined;
}

/** Actors looked at for one that may go; busy ones that were met are the newest again. */
const probesMax = 16;

export class LiveActors {
  readonly #max: number;
  readonly #check: (kind: AnyKind, key: Buffer, state: unknown) => void;
  readonly #actors = new Map<string, LiveActor>();

  /** `check`: throws where a state that was read is not to be decided on. */
  constructor(max: number, check: (kind: AnyKind, key: Buffer, state: unknown) => void) {
    this.#max = max;
    this.#check = check;
  }

  get size(): number {
    return this.#actors.size;
  }

  /** The actor, loaded from the projection on first touch. Throws what the check throws. */
  touch(kind: AnyKind, key: Buffer): LiveActor {
    const name = `${kind.number} ${key.toString("latin1")}`;
    let actor = this.#actors.get(name);
    if (actor === undefined) {
      const state = kind.load(key);
      this.#check(kind, key, state);
      actor = { kind, key, state, waiting: 0, group: undefined };
      if (this.#actors.size >= this.#max) this.#passivate();
    } else {
      this.#actors.delete(name);
    }
    this.#actors.set(name, actor);
    return actor;
  }

  /** Whatever they know is in doubt: the next touch loads anew. */
  drop(): void {
    this.#actors.clear();
  }

  #passivate(): void {
    let probes = 0;
    for (const [name, actor] of this.#actors) {
      this.#actors.delete(name);
      if (actor.waiting === 0 && actor.group === undefined) return;
      this.#actors.set(name, actor);
      if (++probes >= probesMax) return;
    }
  }
}

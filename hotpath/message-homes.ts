// Which shard a message belongs to: the home of the number in DE2. Asked before anything else where
// another node may have to answer.
import { mydebit } from "../codec/iso8583/mod.ts";
import type { KeyRing } from "../crypto/mod.ts";
import { bcdBytes, Homes, homeLanes, routeKeyOf } from "../vault/mod.ts";

const digitsMax = 2 * bcdBytes - 1;
const zero = 0x30;
const filler = 0xff;
const none = -1;

export class MessageHomes {
  readonly #homes: Homes;
  readonly #shards: number;
  readonly #view = mydebit.createView();
  readonly #bcd = Buffer.alloc(homeLanes * bcdBytes);
  readonly #found = new Uint16Array(homeLanes);
  readonly #lane = new Int16Array(homeLanes);

  /** Errors: KEY_NOT_FOUND where the vault has no routing key. */
  constructor(ring: KeyRing, shards: number) {
    this.#homes = new Homes(routeKeyOf(ring));
    this.#shards = shards;
  }

  /** Calls `found` with each message's number and shard; -1: none, any node answers it. */
  each(messages: readonly Buffer[], found: (message: number, shard: number) => void): void {
    for (let from = 0; from < messages.length; from += homeLanes) {
      const many = Math.min(homeLanes, messages.length - from);
      let count = 0;
      for (let i = 0; i < many; i++) {
        const there = this.#read(messages[from + i] as Buffer, count);
        this.#lane[i] = there ? count++ : none;
      }
      if (count > 0) this.#homes.many(this.#bcd, count, this.#shards, this.#found);
      for (let i = 0; i < many; i++) {
        const lane = this.#lane[i] as number;
        found(from + i, lane === none ? none : (this.#found[lane] as number));
      }
    }
    this.#bcd.fill(0);
  }

  /** DE2 into lane `lane`, F-padded; false where the message names no number. */
  #read(message: Buffer, lane: number): boolean {
    const view = this.#view;
    if (mydebit.scanMessage(view, message, 0, message.length) !== 0 || !view.has(2)) return false;
    const length = view.length(2);
    if (length > digitsMax) return false;
    const at = lane * bcdBytes;
    this.#bcd.fill(filler, at, at + bcdBytes);
    for (let i = 0; i < length; i++) {
      const digit = (message[view.offset(2) + i] as number) - zero;
      if (digit < 0 || digit > 9) return false;
      const byte = at + (i >> 1);
      const old = this.#bcd[byte] as number;
      this.#bcd[byte] = i % 2 === 0 ? (digit << 4) | 0x0f : (old & 0xf0) | digit;
    }
    return true;
  }
}

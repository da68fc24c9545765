// Ids of answers that the door gives by itself: UUIDv7 (RFC 9562), 36 characters.
import type { Clock } from "../../platform/mod.ts";

const idBytes = 16;
/** Random bytes of 64 ids at a time: a call costs microseconds, whatever it brings. */
const poolIds = 64;

export class AnswerIds {
  readonly #clock: Clock;
  readonly #random: (bytes: number) => Buffer;
  #pool: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(clock: Clock, random: (bytes: number) => Buffer) {
    this.#clock = clock;
    this.#random = random;
  }

  next(): string {
    if (this.#at >= this.#pool.length) {
      this.#pool = this.#random(poolIds * idBytes);
      this.#at = 0;
    }
    const id = this.#pool.subarray(this.#at, this.#at + idBytes);
    this.#at += idBytes;
    id.writeUIntBE(this.#clock.nowMs(), 0, 6);
    id[6] = 0x70 | (id[6]! & 0x0f);
    id[8] = 0x80 | (id[8]! & 0x3f);
    const hex = id.toString("hex");
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      hex.slice(12, 16),
      hex.slice(16, 20),
      hex.slice(20),
    ].join("-");
  }
}

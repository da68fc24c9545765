// What came in over a connection and is not yet in its frame reader.
import type { FrameReader } from "../../codec/iso8583/mod.ts";

export class ChunkQueue {
  readonly #chunks: Buffer[] = [];
  #at = 0;

  get empty(): boolean {
    return this.#chunks.length === 0;
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  clear(): void {
    this.#chunks.length = 0;
    this.#at = 0;
  }

  /** Gives the reader more bytes; false when there are none. */
  feed(reader: FrameReader): boolean {
    const chunk = this.#chunks[0];
    if (chunk === undefined) return false;
    this.#at += reader.push(chunk, this.#at);
    if (this.#at === chunk.length) {
      this.#chunks.shift();
      this.#at = 0;
    }
    return true;
  }
}

// Gathers the answers of one connection and writes many of them with one call.
import type { Socket } from "node:net";
import { FRAME_PREFIX_BYTES, writeFramePrefix } from "../../codec/iso8583/mod.ts";
import { START_BYTES } from "./in-flight.ts";

/** About a hundred answers of the usual size; the longest answer takes 4,098 bytes. */
const chunkBytes = 32 * 1_024;

/** Answers are gathered by `add` and leave with `flush`. */
export class Outbox {
  readonly #socket: Socket;
  #chunk: Buffer | null = null;
  #from = 0;
  #to = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Bytes that the peer has not yet taken, gathered ones included. */
  get unsentBytes(): number {
    return this.#socket.writableLength + this.#to - this.#from;
  }

  /** One frame: length prefix, start bytes, message. */
  add(starts: Buffer, startsAt: number, bytes: Buffer, offset: number, length: number): void {
    const body = START_BYTES + length;
    const chunk = this.#room(FRAME_PREFIX_BYTES + body);
    let at = writeFramePrefix(chunk, this.#to, body);
    for (let i = 0; i < START_BYTES; i++) chunk[at++] = starts[startsAt + i]!;
    bytes.copy(chunk, at, offset, offset + length);
    this.#to = at + length;
  }

  /** Hands what was gathered to the socket and says how many bytes that was. */
  flush(): number {
    const chunk = this.#chunk;
    const bytes = this.#to - this.#from;
    if (chunk === null || bytes === 0) return 0;
    this.#socket.write(chunk.subarray(this.#from, this.#to));
    this.#from = this.#to;
    return bytes;
  }

  #room(bytes: number): Buffer {
    // Nothing is gathered and the kernel has all: the chunk may be written over from its start.
    if (this.#from === this.#to && this.#socket.writableLength === 0) {
      this.#from = 0;
      this.#to = 0;
    }
    if (this.#chunk === null || this.#to + bytes > this.#chunk.length) {
      this.flush();
      this.#chunk = Buffer.allocUnsafeSlow(chunkBytes);
      this.#from = 0;
      this.#to = 0;
    }
    return this.#chunk;
  }
}

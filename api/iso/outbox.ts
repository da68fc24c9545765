// Gathers the answers of one connection and writes many of them with one call.
import type { Socket } from "node:net";
import {
  type Framing,
  finishFrame,
  frameFits,
  raw2,
  writeFramePrefix,
} from "../../codec/iso8583/mod.ts";
import { START_BYTES } from "./in-flight.ts";

/** About a hundred answers of the usual size; a longer message gets a chunk of its own. */
const chunkBytes = 32 * 1_024;

const trailerBytesMax = 1;

/** Answers are gathered by `add` and leave with `flush`. */
export class Outbox {
  readonly #socket: Socket;
  readonly #framing: Framing;
  readonly #headBytes: number;
  #chunk: Buffer | null = null;
  #from = 0;
  #to = 0;

  /** `headBytes`: of transport header and start bytes, which `add` takes in one piece. */
  constructor(
    socket: Socket,
    framing: Framing = raw2,
    headBytes: number = framing.headBytes + START_BYTES,
  ) {
    this.#socket = socket;
    this.#framing = framing;
    this.#headBytes = headBytes;
  }

  /** Bytes that the peer has not yet taken, gathered ones included. */
  get unsentBytes(): number {
    return this.#socket.writableLength + this.#to - this.#from;
  }

  /**
   * One frame: prefix, transport header and start bytes, message, trailer. False, and nothing is
   * written, where the framing has no room for so long a message.
   */
  add(heads: Buffer, headAt: number, bytes: Buffer, offset: number, length: number): boolean {
    const framing = this.#framing;
    const headBytes = this.#headBytes;
    const body = headBytes + length;
    if (!frameFits(framing, body)) return false;
    const chunk = this.#room(framing.prefixBytes + body + trailerBytesMax);
    const headStart = writeFramePrefix(chunk, this.#to, body, framing);
    let at = headStart;
    for (let i = 0; i < headBytes; i++) chunk[at++] = heads[headAt + i]!;
    bytes.copy(chunk, at, offset, offset + length);
    this.#to = finishFrame(framing, chunk, headStart, at + length);
    return true;
  }

  /** Bytes as they are: a keep-alive that goes back. */
  addRaw(bytes: Buffer): void {
    const chunk = this.#room(bytes.length);
    this.#to += bytes.copy(chunk, this.#to);
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
      this.#chunk = Buffer.allocUnsafeSlow(Math.max(chunkBytes, bytes));
      this.#from = 0;
      this.#to = 0;
    }
    return this.#chunk;
  }
}

// Cuts a byte stream into frames, of any framing, and finds the message in each.
import { type Framing, raw2 } from "./frame-formats.ts";
import { headBytesMax, headLength, rejectCode } from "./frame-head.ts";
import { readNumber } from "./frame-number.ts";

/** What `FrameReader.next` found. */
export const frame = {
  /** A whole message stands at `offset`, `length` bytes long. */
  READY: 1,
  /** The next frame is not complete; give more bytes. */
  MORE: 0,
  /** FRAME_LENGTH: the number is none, or outside the limits, or the trailer is not there. */
  BAD_LENGTH: -1,
  /** BAD_HEADER: the frame is whole, but its transport header is none. */
  BAD_HEAD: -2,
} as const;

/** Bytes of the default length prefix, which does not count itself. */
export const FRAME_PREFIX_BYTES = 2;

/** Limits of the message, transport header left out. */
export interface FrameLimits {
  readonly bodyBytesMin: number;
  readonly bodyBytesMax: number;
}

/** A body holds 12 start bytes, an MTI and two bitmaps: 48 bytes at least; 4,096 by agreement. */
export const mydebitFrames: FrameLimits = { bodyBytesMin: 48, bodyBytesMax: 4_096 };

/** Of any other dialect: an MTI and a bitmap are 10 bytes at least. */
export const anyFrames: FrameLimits = { bodyBytesMin: 10, bodyBytesMax: 0xffff };

/**
 * One reader a connection. The buffer holds two frames of the largest size and never grows; frames
 * are handed out as offset and length in `buf`, valid until the next `push`. However the stream is
 * split into chunks, the frames are the same.
 *
 * ```
 * for (let at = 0; at < chunk.length; ) {
 *   at += reader.push(chunk, at);
 *   while (reader.next() === frame.READY) use(reader.buf, reader.offset, reader.length);
 *   if (reader.broken) …
 * }
 * ```
 * After `next` has answered MORE, `push` takes at least one byte.
 */
export class FrameReader {
  readonly buf: Buffer;
  readonly framing: Framing;
  /** Message of the frame that `next` found. */
  offset = 0;
  length = 0;
  /** Its transport header stands from here to `offset`. */
  headOffset = 0;
  /** The network's code where it sent one of our own messages back; -1 usually. */
  rejected = -1;
  /** Frames of length 0 so far: a sign of life without content. */
  keepAlives = 0;
  /** The last of them as it came, for networks that want it back. */
  readonly keepAlive: Buffer;
  /** Messages of the line itself (VAP), which are skipped. */
  controls = 0;
  /** True once the stream cannot be read any more: there is no way to resynchronise. */
  broken = false;
  /** The number that broke the stream, for the log; -1 where there was none. */
  brokenLength = 0;

  readonly #limits: FrameLimits;
  /** Of transport header and message together. */
  readonly #min: number;
  readonly #max: number;
  readonly #prefix: number;
  readonly #trailer: number;
  #broken: number = frame.BAD_LENGTH;
  #read = 0;
  #write = 0;

  constructor(limits: FrameLimits = mydebitFrames, framing: Framing = raw2) {
    if (limits.bodyBytesMin < 1 || limits.bodyBytesMax > 0xffff) {
      throw new RangeError("a frame body is 1 to 65,535 bytes");
    }
    this.framing = framing;
    this.#limits = limits;
    this.#prefix = framing.prefixBytes;
    this.#trailer = framing.trailer < 0 ? 0 : 1;
    this.keepAlive = Buffer.alloc(framing.prefixBytes);
    const headMax = headBytesMax(framing);
    this.#min = framing.headBytes + limits.bodyBytesMin;
    this.#max = Math.min(headMax + limits.bodyBytesMax, framing.bytesMax);
    if (this.#min > this.#max) throw new RangeError(`${framing.name} has no room for a message`);
    this.buf = Buffer.alloc(2 * (this.#prefix + this.#max + this.#trailer));
  }

  /** Bytes taken in and not yet handed out. */
  get pendingBytes(): number {
    return this.#write - this.#read;
  }

  /** Takes bytes of `chunk` from `from` on, as many as there is room for, and says how many. */
  push(chunk: Buffer, from: number): number {
    const buf = this.buf;
    if (this.#read === this.#write) {
      this.#read = 0;
      this.#write = 0;
    } else if (this.#write === buf.length) {
      // Compact only here, when the tail is full: at most one frame moves per buffer of frames.
      buf.copyWithin(0, this.#read, this.#write);
      this.#write -= this.#read;
      this.#read = 0;
    }
    const take = Math.min(chunk.length - from, buf.length - this.#write);
    chunk.copy(buf, this.#write, from, from + take);
    this.#write += take;
    return take;
  }

  /** Finds the next message: see `frame`. Frames of length 0 are counted and skipped. */
  next(): number {
    const buf = this.buf;
    const framing = this.framing;
    while (!this.broken) {
      const at = this.#read;
      const have = this.#write - at;
      if (have < this.#prefix) return frame.MORE;
      const number =
        framing === raw2 ? (buf[at]! << 8) | buf[at + 1]! : readNumber(framing, buf, at);
      const length = number - framing.counted;
      if (number === 0 || length === 0) {
        if (!this.#skipEmpty(number, have)) return this.broken ? this.#broken : frame.MORE;
        continue;
      }
      const control = framing.control && buf[at + 3]! >> 4 === 2;
      if (length > this.#max || (length < this.#min && !control) || length < 0) {
        return this.#break(frame.BAD_LENGTH, number);
      }
      if (have < this.#prefix + length + this.#trailer) return frame.MORE;
      const end = at + this.#prefix + length;
      this.#read = end + this.#trailer;
      if (control) {
        this.controls += 1;
        continue;
      }
      return this.#found(at + this.#prefix, end, number);
    }
    return this.#broken;
  }

  /** Judges trailer and transport header of a whole frame. */
  #found(headAt: number, end: number, number: number): number {
    const buf = this.buf;
    const framing = this.framing;
    if (this.#trailer === 1 && buf[end] !== framing.trailer) {
      return this.#break(frame.BAD_LENGTH, number);
    }
    const head = headLength(framing, buf, headAt, end);
    const length = end - headAt - head;
    if (head < 0) return this.#break(frame.BAD_HEAD, number);
    const { bodyBytesMin, bodyBytesMax } = this.#limits;
    if (length < bodyBytesMin || length > bodyBytesMax)
      return this.#break(frame.BAD_LENGTH, number);
    this.headOffset = headAt;
    this.offset = headAt + head;
    this.length = length;
    this.rejected = framing.head === "base1" ? rejectCode(buf, headAt) : -1;
    return frame.READY;
  }

  /** Skips a frame without content, its trailer too; false where that has not come yet. */
  #skipEmpty(number: number, have: number): boolean {
    const trailer = number === 0 ? 0 : this.#trailer;
    if (have < this.#prefix + trailer) return false;
    const end = this.#read + this.#prefix;
    if (trailer === 1 && this.buf[end] !== this.framing.trailer) {
      this.#break(frame.BAD_LENGTH, number);
      return false;
    }
    this.keepAlives += 1;
    for (let i = 0; i < this.#prefix; i++) this.keepAlive[i] = this.buf[this.#read + i]!;
    this.#read = end + trailer;
    return true;
  }

  #break(why: number, number: number): number {
    this.broken = true;
    this.brokenLength = number;
    this.#broken = why;
    return why;
  }
}

// Cuts a byte stream into frames: a 2-byte big-endian length, then the body.

/** What `FrameReader.next` found. */
export const frame = {
  /** A whole frame stands at `offset`, `length` bytes long. */
  READY: 1,
  /** The next frame is not complete; give more bytes. */
  MORE: 0,
  /** FRAME_LENGTH: the length prefix is outside the limits. There is no way to resynchronise. */
  BAD_LENGTH: -1,
} as const;

/** Bytes of the length prefix, which does not count itself. */
export const FRAME_PREFIX_BYTES = 2;

export interface FrameLimits {
  readonly bodyBytesMin: number;
  readonly bodyBytesMax: number;
}

/** A body holds 12 start bytes, an MTI and two bitmaps: 48 bytes at least; 4,096 by agreement. */
export const mydebitFrames: FrameLimits = { bodyBytesMin: 48, bodyBytesMax: 4_096 };

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
  /** Body of the frame that `next` found. */
  offset = 0;
  length = 0;
  /** Frames of length 0 so far: a sign of life without content. */
  keepAlives = 0;
  /** True once a prefix was outside the limits; nothing is read any more. */
  broken = false;
  /** The prefix that broke the stream, for the log. */
  brokenLength = 0;

  readonly #min: number;
  readonly #max: number;
  #read = 0;
  #write = 0;

  constructor(limits: FrameLimits = mydebitFrames) {
    if (limits.bodyBytesMin < 1 || limits.bodyBytesMax > 0xffff) {
      throw new RangeError("a frame body is 1 to 65,535 bytes");
    }
    this.#min = limits.bodyBytesMin;
    this.#max = limits.bodyBytesMax;
    this.buf = Buffer.alloc(2 * (FRAME_PREFIX_BYTES + limits.bodyBytesMax));
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

  /** Finds the next frame: see `frame`. Frames of length 0 are counted and skipped. */
  next(): number {
    const buf = this.buf;
    while (!this.broken) {
      const at = this.#read;
      const have = this.#write - at;
      if (have < FRAME_PREFIX_BYTES) return frame.MORE;
      const length = (buf[at]! << 8) | buf[at + 1]!;
      if (length === 0) {
        this.keepAlives += 1;
        this.#read = at + FRAME_PREFIX_BYTES;
        continue;
      }
      if (length < this.#min || length > this.#max) {
        this.broken = true;
        this.brokenLength = length;
        break;
      }
      if (have < FRAME_PREFIX_BYTES + length) return frame.MORE;
      this.offset = at + FRAME_PREFIX_BYTES;
      this.length = length;
      this.#read = this.offset + length;
      return frame.READY;
    }
    return frame.BAD_LENGTH;
  }
}

/** Writes the length prefix of a body of `length` bytes and returns the offset after it. */
export function writeFramePrefix(dst: Buffer, at: number, length: number): number {
  dst[at] = length >>> 8;
  dst[at + 1] = length & 0xff;
  return at + FRAME_PREFIX_BYTES;
}

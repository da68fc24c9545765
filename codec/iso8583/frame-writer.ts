// Writes frames of any framing: the number, the header's own length, the trailer.
import { type Framing, raw2 } from "./frame-formats.ts";
import { writeNumber } from "./frame-number.ts";

/** True where header and message together are not more than the framing can carry. */
export function frameFits(framing: Framing, headAndMessage: number): boolean {
  return headAndMessage <= framing.bytesMax;
}

/** Bytes of a whole frame around a message of `length` bytes and our own header. */
export function frameBytes(framing: Framing, length: number): number {
  const trailer = framing.trailer < 0 ? 0 : 1;
  return framing.prefixBytes + framing.headBytes + length + trailer;
}

/**
 * Writes the prefix of a frame whose header and message have `length` bytes together, and returns
 * the offset after it. The caller has checked `frameFits`.
 */
export function writeFramePrefix(
  dst: Buffer,
  at: number,
  length: number,
  framing: Framing = raw2,
): number {
  // The common one without a loop: it stands before every answer.
  if (framing === raw2) {
    dst[at] = length >>> 8;
    dst[at + 1] = length & 0xff;
    return at + 2;
  }
  return writeNumber(framing, dst, at, length + framing.counted);
}

/**
 * Finishes a frame: the header at `headAt` learns its total length, and the trailer follows the
 * message that ends at `end`. Returns the end of the frame.
 */
export function finishFrame(framing: Framing, dst: Buffer, headAt: number, end: number): number {
  if (framing.head === "base1") {
    const total = end - headAt;
    dst[headAt + 3] = total >>> 8;
    dst[headAt + 4] = total & 0xff;
  }
  if (framing.trailer < 0) return end;
  dst[end] = framing.trailer;
  return end + 1;
}

/** A whole frame in a buffer of its own: for tools and tests. Throws where it does not fit. */
export function encodeFrame(framing: Framing, message: Uint8Array, head?: Uint8Array): Buffer {
  const length = framing.headBytes + message.length;
  if (!frameFits(framing, length)) {
    throw new RangeError(`${framing.name} carries at most ${framing.bytesMax} bytes`);
  }
  const out = Buffer.alloc(frameBytes(framing, message.length));
  const headAt = writeFramePrefix(out, 0, length, framing);
  if (framing.headBytes > 0) {
    if (head?.length !== framing.headBytes) {
      throw new RangeError(`${framing.name} needs a header of ${framing.headBytes} bytes`);
    }
    out.set(head, headAt);
  }
  out.set(message, headAt + framing.headBytes);
  finishFrame(framing, out, headAt, headAt + length);
  return out;
}

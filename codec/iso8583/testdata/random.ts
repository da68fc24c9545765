// Seeded random messages and damage for the tests that compare scanner and oracle.

/** Numbers in [0, limit), the same ones for the same seed (mulberry32). */
export type Random = (limit: number) => number;

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}

/** Bytes that matter to a decoder more often than others. */
const telling = Buffer.from("0019:/AFGafz C=D~\x00\x1f\x7f\x80\xff", "latin1");

function pick(random: Random, bytes: Buffer): number {
  return bytes[random(bytes.length)]!;
}

/** Behind the bitmap mostly: damage before it never reaches the elements. */
function placeOf(random: Random, length: number, from: number): number {
  return from < length && random(4) > 0 ? from + random(length - from) : random(length);
}

/** One to four changes: a byte, a swap, a cut, a byte more, a piece doubled, a bitmap bit. */
export function damage(random: Random, message: Buffer, bitmapAt: number): Buffer {
  let bytes = Buffer.from(message);
  // One change mostly: a second one hides what the first one did.
  for (let count = random(2) === 0 ? 1 : 1 + random(4); count > 0; count--) {
    const at = placeOf(random, bytes.length, bitmapAt + 16);
    const kind = random(7);
    if (kind === 0) {
      bytes[at] = random(256);
    } else if (kind === 1) {
      bytes[at] = pick(random, telling);
    } else if (kind === 2) {
      bytes[at] = 0x30 + random(10);
    } else if (kind === 3 && bitmapAt + 32 < bytes.length) {
      bytes[bitmapAt + random(32)] = "0123456789ABCDEF".charCodeAt(random(16));
    } else if (kind === 4) {
      bytes = bytes.subarray(0, at);
    } else if (kind === 5) {
      const piece = bytes.subarray(at, at + random(12));
      bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
    } else {
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(3))]);
    }
    if (bytes.length === 0) {
      return bytes;
    }
  }
  return bytes;
}

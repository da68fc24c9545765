import { type Cipheriv, createCipheriv } from "node:crypto";
import { CryptoError } from "./crypto-error.ts";
import { checkMacRange } from "./mac-range.ts";
import type { MessageMac } from "./message-mac.ts";

/** Left and right half: a double-length DES key. Every other length is refused. */
export const retailKeyBytes = 16;

const blockBytes = 8;
/** Longer messages go through in pieces of this size. */
const chunkBytes = 512;

/**
 * X9.19 retail MAC: ISO/IEC 9797-1 algorithm 3 with DES and padding method 1 (zeros to a multiple
 * of 8; nothing where it is one already). Single DES is what triple DES does with one key three
 * times, and OpenSSL has single DES no more; the last block goes through left, right, left, which
 * is the algorithm's final step. Both ciphers live as long as the object; the chain's tail is XORed
 * into the next message's first block, which starts it anew (as in `Cmac`). About 7 us for a
 * message of 28 blocks.
 */
export class RetailMac implements MessageMac {
  readonly #chainKey: Buffer;
  readonly #lastKey: Buffer;
  readonly #input = Buffer.alloc(chunkBytes);
  readonly #last = Buffer.alloc(blockBytes);
  readonly #tail = Buffer.alloc(blockBytes);
  #chain: Cipheriv | null = null;
  #final: Cipheriv | null = null;

  constructor(key: Uint8Array) {
    if (key.length !== retailKeyBytes) {
      throw new CryptoError("KEY_INVALID", `a key for X9.19 has ${retailKeyBytes} bytes`);
    }
    const left = key.subarray(0, blockBytes);
    this.#chainKey = Buffer.concat([left, left, left]);
    this.#lastKey = Buffer.concat([left, key.subarray(blockBytes), left]);
  }

  /** Writes the leftmost `outLength` (1-8) bytes of the MAC of `length` bytes at `off`. */
  mac(
    buf: Uint8Array,
    off: number,
    length: number,
    out: Uint8Array,
    outOff: number,
    outLength: number,
  ): void {
    checkMacRange(buf, off, length, out, outOff, outLength, blockBytes);
    const lastAt = length === 0 ? 0 : Math.floor((length - 1) / blockBytes) * blockBytes;
    const last = this.#last;
    last.fill(0);
    for (let i = lastAt; i < length; i++) last[i - lastAt] = buf[off + i]!;
    try {
      if (lastAt > 0) {
        this.#run(buf, off, lastAt);
        for (let i = 0; i < blockBytes; i++) last[i]! ^= this.#tail[i]!;
      }
      this.#final ??= start("des-ede3", this.#lastKey, null);
      const result = this.#final.update(last);
      for (let i = 0; i < outLength; i++) out[outOff + i] = result[i]!;
    } catch (cause) {
      // What is inside a cipher that failed is unknown: the next call begins with fresh ones.
      this.#chain = null;
      this.#final = null;
      throw new CryptoError("CIPHER_FAILED", "the DES cipher failed", { cause });
    }
  }

  /** Chains whole blocks and leaves the last result in `#tail`. */
  #run(buf: Uint8Array, off: number, length: number): void {
    const input = this.#input;
    const tail = this.#tail;
    const fresh = this.#chain === null;
    this.#chain ??= start("des-ede3-cbc", this.#chainKey, Buffer.alloc(blockBytes));
    for (let from = 0; from < length; from += chunkBytes) {
      const bytes = Math.min(chunkBytes, length - from);
      for (let i = 0; i < bytes; i++) input[i] = buf[off + from + i]!;
      if (from === 0 && !fresh) for (let i = 0; i < blockBytes; i++) input[i]! ^= tail[i]!;
      const result = this.#chain.update(input.subarray(0, bytes));
      for (let i = 0; i < blockBytes; i++) tail[i] = result[bytes - blockBytes + i]!;
    }
  }
}

function start(name: string, key: Buffer, iv: Buffer | null): Cipheriv {
  const cipher = createCipheriv(name, key, iv);
  cipher.setAutoPadding(false);
  return cipher;
}

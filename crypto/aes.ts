import { type Cipheriv, createCipheriv } from "node:crypto";
import { CryptoError } from "./crypto-error.ts";

export const blockBytes = 16;

/** AES key lengths; production keys are 32 bytes, the others serve the published vectors. */
function bitsOf(key: Uint8Array): number {
  if (key.length !== 16 && key.length !== 24 && key.length !== 32) {
    throw new CryptoError("KEY_INVALID", "an AES key has 16, 24 or 32 bytes");
  }
  return key.length * 8;
}

/**
 * One long-lived AES cipher over at most `blocksMax` blocks. Callers fill `input` from its start
 * and read the result in `output`; both are allocated once. After a call that threw, the cipher's
 * inner state is unknown, so it is thrown away and the next call starts a fresh one.
 */
export class AesBlocks {
  readonly input: Buffer;
  readonly output: Buffer;
  readonly inputWords: Int32Array;
  readonly outputWords: Int32Array;
  readonly #key: Buffer;
  readonly #mode: "ecb" | "cbc";
  readonly #views: (Buffer | undefined)[];
  #cipher: Cipheriv | undefined;

  constructor(key: Uint8Array, mode: "ecb" | "cbc", blocksMax: number) {
    bitsOf(key);
    // Own copies in unpooled memory: the caller may wipe its buffer, and word views need alignment.
    this.#key = Buffer.alloc(key.length, key);
    this.#mode = mode;
    this.input = Buffer.alloc(blocksMax * blockBytes);
    this.output = Buffer.alloc(blocksMax * blockBytes);
    this.inputWords = new Int32Array(this.input.buffer, 0, blocksMax * 4);
    this.outputWords = new Int32Array(this.output.buffer, 0, blocksMax * 4);
    // Cutting a view costs more than encrypting a block, and there are only blocksMax of them.
    this.#views = new Array(blocksMax + 1);
  }

  /** True while a CBC chain may go on from the last call's final block. */
  get live(): boolean {
    return this.#cipher !== undefined;
  }

  /** Encrypts the first `blocks` blocks of `input`; returns OpenSSL's own result buffer. */
  encrypt(blocks: number): Buffer {
    if (blocks === 0) return this.output;
    let view = this.#views[blocks];
    if (view === undefined) {
      view = this.input.subarray(0, blocks * blockBytes);
      this.#views[blocks] = view;
    }
    try {
      this.#cipher ??= this.#start();
      const result = this.#cipher.update(view);
      if (result.length !== view.length) throw new RangeError("short result");
      return result;
    } catch (cause) {
      this.#cipher = undefined;
      throw new CryptoError("CIPHER_FAILED", "the AES cipher failed", { cause });
    }
  }

  /** Encrypts the first `blocks` blocks of `input` into `output`. */
  run(blocks: number): void {
    this.output.set(this.encrypt(blocks));
  }

  #start(): Cipheriv {
    const iv = this.#mode === "cbc" ? Buffer.alloc(blockBytes) : null;
    const cipher = createCipheriv(`aes-${bitsOf(this.#key)}-${this.#mode}`, this.#key, iv);
    cipher.setAutoPadding(false);
    return cipher;
  }
}

/** Doubles a block in GF(2^128) in place (SP 800-38B 6.1, RFC 5297 2.3). */
export function doubleBlock(block: Uint8Array): void {
  const carry = block[0]! >> 7;
  for (let i = 0; i < 15; i++) block[i] = (block[i]! << 1) | (block[i + 1]! >> 7);
  // No branch on a secret bit: 0 - carry is all ones or zero.
  block[15] = (block[15]! << 1) ^ (0x87 & -carry);
}

/** One AES block, for key set-up only: it makes a cipher of its own. */
export function encryptBlock(key: Uint8Array, block: Uint8Array): Buffer {
  const cipher = createCipheriv(`aes-${bitsOf(key)}-ecb`, key, null);
  cipher.setAutoPadding(false);
  return cipher.update(block);
}

/** The two CMAC subkeys (SP 800-38B 6.1): k1 for a complete last block, k2 for a padded one. */
export function cmacSubkeys(key: Uint8Array): { k1: Buffer; k2: Buffer } {
  const k1 = Buffer.alloc(blockBytes);
  k1.set(encryptBlock(key, k1));
  doubleBlock(k1);
  const k2 = Buffer.alloc(blockBytes, k1);
  doubleBlock(k2);
  return { k1, k2 };
}

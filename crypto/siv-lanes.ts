import { AesBlocks, blockBytes, cmacSubkeys, doubleBlock, encryptBlock } from "./aes.ts";
import { equalConstantTime } from "./constant-time.ts";
import { CryptoError } from "./crypto-error.ts";

export const sealedBytes = 32;

/**
 * AES-SIV (RFC 5297) of one plaintext block with one block of associated data, many lanes at once.
 * With these lengths S2V is two CMACs of one complete block each:
 *   D = dbl(CMAC(zero)) xor CMAC(AD)
 *   V = CMAC(D xor P)
 *   C = P xor AES(K2, V with two bits cleared)
 * so sealing and opening are three cipher calls for the whole batch. The sealed form is V (16
 * bytes) then C (16).
 */
export class SivLanes {
  readonly sealed: Buffer;
  readonly ad: Buffer;
  readonly plain: Buffer;
  /** 1 where the tag was right, set by `open`. */
  readonly ok: Uint8Array;
  readonly lanesMax: number;
  /** The same bytes as words: eight a lane of `sealed`, four of `ad` and `plain`. */
  readonly sealedWords: Int32Array;
  readonly adWords: Int32Array;
  readonly plainWords: Int32Array;
  /** dbl(CMAC(zero)) xor k1, and k1: four words each. */
  readonly #constants = new Int32Array(8);
  readonly #mac: AesBlocks;
  readonly #stream: AesBlocks;
  readonly #macs: Buffer;

  /** `key`: 64 bytes, the S2V key first (32 and 48 bytes serve the published vectors). */
  constructor(key: Uint8Array, lanesMax: number) {
    const half = key.length / 2;
    if (half !== 16 && half !== 24 && half !== 32) {
      throw new CryptoError("KEY_INVALID", "an AES-SIV key has 32, 48 or 64 bytes");
    }
    this.lanesMax = lanesMax;
    this.sealed = Buffer.alloc(lanesMax * sealedBytes);
    this.ad = Buffer.alloc(lanesMax * blockBytes);
    this.plain = Buffer.alloc(lanesMax * blockBytes);
    this.ok = new Uint8Array(lanesMax);
    this.sealedWords = new Int32Array(this.sealed.buffer, 0, lanesMax * 8);
    this.adWords = new Int32Array(this.ad.buffer, 0, lanesMax * 4);
    this.plainWords = new Int32Array(this.plain.buffer, 0, lanesMax * 4);
    const macKey = key.subarray(0, half);
    this.#mac = new AesBlocks(macKey, "ecb", lanesMax);
    this.#stream = new AesBlocks(key.subarray(half), "ecb", lanesMax);
    this.#macs = this.#mac.output;
    const { k1 } = cmacSubkeys(macKey);
    const zeroMac = encryptBlock(macKey, k1);
    doubleBlock(zeroMac);
    const constants = Buffer.from(this.#constants.buffer);
    for (let i = 0; i < blockBytes; i++) constants[i] = zeroMac[i]! ^ k1[i]!;
    constants.set(k1, blockBytes);
  }

  /**
   * Opens lanes 0 to count-1 of `sealed` under `ad`. A lane whose tag is wrong has ok 0 and a
   * zeroed plaintext. A CryptoError means that no lane may be used; all are then zeroed.
   */
  open(count: number): void {
    this.#check(count);
    this.ok.fill(0, 0, count);
    const sealed = this.sealedWords;
    const plain = this.plainWords;
    try {
      this.#keyStream(count);
      const stream = this.#stream.outputWords;
      for (let lane = 0; lane < count; lane++) {
        const p = lane * 4;
        const s = lane * 8 + 4;
        plain[p] = sealed[s]! ^ stream[p]!;
        plain[p + 1] = sealed[s + 1]! ^ stream[p + 1]!;
        plain[p + 2] = sealed[s + 2]! ^ stream[p + 2]!;
        plain[p + 3] = sealed[s + 3]! ^ stream[p + 3]!;
      }
      this.#authenticate(count);
    } catch (error) {
      plain.fill(0, 0, count * 4);
      throw error;
    }
    for (let lane = 0; lane < count; lane++) {
      if (equalConstantTime(this.#macs, lane * 16, this.sealed, lane * 32, blockBytes)) {
        this.ok[lane] = 1;
      } else {
        plain.fill(0, lane * 4, lane * 4 + 4);
      }
    }
  }

  /** Seals lanes 0 to count-1 of `plain` under `ad` into `sealed`. */
  seal(count: number): void {
    this.#check(count);
    this.#authenticate(count);
    const macs = this.#mac.outputWords;
    const sealed = this.sealedWords;
    const plain = this.plainWords;
    for (let lane = 0; lane < count; lane++) {
      for (let i = 0; i < 4; i++) sealed[lane * 8 + i] = macs[lane * 4 + i]!;
    }
    this.#keyStream(count);
    const stream = this.#stream.outputWords;
    for (let lane = 0; lane < count; lane++) {
      for (let i = 0; i < 4; i++) {
        sealed[lane * 8 + 4 + i] = plain[lane * 4 + i]! ^ stream[lane * 4 + i]!;
      }
    }
  }

  /** Zeroes the plaintext of lanes 0 to count-1: clear PANs live no longer than their batch. */
  wipe(count: number): void {
    this.plainWords.fill(0, 0, count * 4);
  }

  /** V of every lane from `ad` and `plain`, into the MAC cipher's output. */
  #authenticate(count: number): void {
    const input = this.#mac.inputWords;
    const output = this.#mac.outputWords;
    const ad = this.adWords;
    const plain = this.plainWords;
    const k = this.#constants;
    for (let at = 0, end = count * 4; at < end; at += 4) {
      input[at] = ad[at]! ^ k[4]!;
      input[at + 1] = ad[at + 1]! ^ k[5]!;
      input[at + 2] = ad[at + 2]! ^ k[6]!;
      input[at + 3] = ad[at + 3]! ^ k[7]!;
    }
    this.#mac.run(count);
    for (let at = 0, end = count * 4; at < end; at += 4) {
      input[at] = output[at]! ^ plain[at]! ^ k[0]!;
      input[at + 1] = output[at + 1]! ^ plain[at + 1]! ^ k[1]!;
      input[at + 2] = output[at + 2]! ^ plain[at + 2]! ^ k[2]!;
      input[at + 3] = output[at + 3]! ^ plain[at + 3]! ^ k[3]!;
    }
    this.#mac.run(count);
  }

  /** AES under the CTR key of every lane's V with bits 31 and 63 cleared (RFC 5297 2.6). */
  #keyStream(count: number): void {
    const input = this.#stream.inputWords;
    const bytes = this.#stream.input;
    const sealed = this.sealedWords;
    for (let lane = 0; lane < count; lane++) {
      const to = lane * 4;
      const from = lane * 8;
      input[to] = sealed[from]!;
      input[to + 1] = sealed[from + 1]!;
      input[to + 2] = sealed[from + 2]!;
      input[to + 3] = sealed[from + 3]!;
      bytes[lane * 16 + 8]! &= 0x7f;
      bytes[lane * 16 + 12]! &= 0x7f;
    }
    this.#stream.run(count);
  }

  #check(count: number): void {
    if (count < 0 || count > this.lanesMax) throw new RangeError("SivLanes: lane count");
  }
}

// A zone master key (ZMK): what two parties share so that one can send the other a working key.
// An AES ZMK wraps in X9.143 blocks; a triple-DES one encrypts the bare key (ANSI X9.17, ECB).
import { createCipheriv, createDecipheriv } from "node:crypto";
import { keyCheckValue } from "./check-value.ts";
import { CryptoError } from "./crypto-error.ts";
import { openKeyBlock, sealKeyBlock } from "./key-block.ts";
import { retailKeyBytes } from "./retail-mac.ts";
import { readGuardedFile } from "./safe-file.ts";

const aesBytes = 32;
const tripleDesBytes = [16, 24];
const fileBytesMax = 256;

/** Uses of a block whose key may make and check DE128, by its algorithm. */
const macUses: Readonly<Record<string, { usage: string; bytes: number }>> = {
  A: { usage: "M6", bytes: aesBytes },
  T: { usage: "M3", bytes: retailKeyBytes },
};

export class ZoneKey {
  readonly #bytes: Buffer;

  /** 32 bytes are AES, 16 and 24 triple DES. A CryptoError KEY_INVALID otherwise. */
  constructor(bytes: Buffer) {
    if (bytes.length !== aesBytes && !tripleDesBytes.includes(bytes.length)) {
      throw new CryptoError("KEY_INVALID", "a ZMK has 16 or 24 bytes (3DES) or 32 (AES)");
    }
    this.#bytes = Buffer.from(bytes);
  }

  /** A file that only its owner can read, with the key in hex. */
  static load(path: string): ZoneKey {
    const text = readGuardedFile(path, fileBytesMax).toString("latin1").trim();
    if (!/^([0-9A-Fa-f]{2})+$/.test(text)) {
      throw new CryptoError("KEY_INVALID", `${path} must hold a ZMK in hex`);
    }
    return new ZoneKey(Buffer.from(text, "hex"));
  }

  /**
   * The MAC key in `text` (a block of version D, or hex under a triple-DES ZMK), proven by its KCV.
   * Throws a CryptoError KEY_INVALID that says what is wrong and nothing of the key.
   */
  open(text: string, kcv: string): Buffer {
    const key = this.#bytes.length === aesBytes ? this.#openBlock(text) : this.#openHex(text);
    if (keyCheckValue(key) !== kcv.toUpperCase()) {
      key.fill(0);
      throw new CryptoError("KEY_INVALID", "the key does not have the KCV beside it");
    }
    return key;
  }

  /** The other direction: what goes into DE120 tags 40 and 41. */
  seal(key: Buffer, random: (bytes: number) => Buffer): { text: string; kcv: string } {
    const kcv = keyCheckValue(key);
    if (this.#bytes.length !== aesBytes) {
      const cipher = createCipheriv("des-ede3", threeKeys(this.#bytes), null);
      cipher.setAutoPadding(false);
      return { text: cipher.update(key).toString("hex").toUpperCase(), kcv };
    }
    const algorithm = key.length === retailKeyBytes ? "T" : "A";
    const { usage } = macUses[algorithm]!;
    const header = { usage, algorithm, mode: "C", version: "00", exportability: "N" };
    return { text: sealKeyBlock(this.#bytes, { ...header, key }, random), kcv };
  }

  #openBlock(text: string): Buffer {
    const block = openKeyBlock(this.#bytes, text);
    const use = macUses[block.algorithm];
    if (use?.usage !== block.usage || block.mode !== "C" || block.key.length !== use.bytes) {
      block.key.fill(0);
      throw new CryptoError("KEY_INVALID", "the key block holds no key for message MACs");
    }
    return block.key;
  }

  #openHex(text: string): Buffer {
    if (!/^([0-9A-Fa-f]{32}|[0-9A-Fa-f]{64})$/.test(text)) {
      throw new CryptoError("KEY_INVALID", "a key under a 3DES ZMK is 32 or 64 hex digits");
    }
    const decipher = createDecipheriv("des-ede3", threeKeys(this.#bytes), null);
    decipher.setAutoPadding(false);
    return decipher.update(Buffer.from(text, "hex"));
  }

  toJSON(): string {
    return "[zone key]";
  }

  toString(): string {
    return "[zone key]";
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[zone key]";
  }
}

function threeKeys(key: Buffer): Buffer {
  return key.length === 24 ? key : Buffer.concat([key, key.subarray(0, 8)]);
}

// Key blocks of ANSI X9.143 (before: TR-31), version D: a key under an AES key block protection
// key, bound to what it is for. The header is in clear and authenticated; the key is encrypted and
// MACed under two keys derived from the protection key.
import { createCipheriv, createDecipheriv } from "node:crypto";
import { Cmac } from "./cmac.ts";
import { equalConstantTime } from "./constant-time.ts";
import { CryptoError } from "./crypto-error.ts";

/** What a block says about its key, X9.143 tables 3 to 6. */
export interface KeyBlockHeader {
  /** M3: ISO 9797-1 algorithm 3 (X9.19); M6: CMAC. */
  readonly usage: string;
  /** A: AES; T: triple DES. */
  readonly algorithm: string;
  /** C: makes and checks; G: makes only; V: checks only. */
  readonly mode: string;
  readonly version: string;
  /** E, N or S. */
  readonly exportability: string;
}

export interface KeyBlock extends KeyBlockHeader {
  readonly key: Buffer;
}

const headerChars = 16;
const macBytes = 16;
const cipherBlock = 16;
/** A block with an AES-256 key takes 144 characters; optional blocks may add to it. */
const blockCharsMax = 512;
/** Keys are padded to the longest one, so that a block does not tell which it is. */
const paddedKeyBytes = 32;

/**
 * Opens a block. A CryptoError KEY_INVALID that says nothing about the key where it is not right.
 */
export function openKeyBlock(protection: Buffer, text: string): KeyBlock {
  const length = Number.parseInt(text.slice(1, 5), 10);
  const wellFormed =
    /^D[0-9]{4}[A-Z0-9]{2}[A-Z][A-Z][A-Za-z0-9]{2}[ENS][0-9]{2}00[ -~]*$/.test(text) &&
    text.length <= blockCharsMax &&
    length === text.length;
  if (!wellFormed) throw invalid("is not one of version D");
  const from = optionalEnd(text);
  const body = text.slice(from);
  const encryptedBytes = body.length / 2 - macBytes;
  if (!/^[0-9A-Fa-f]*$/.test(body) || encryptedBytes < cipherBlock) throw invalid("is too short");
  if (encryptedBytes % cipherBlock !== 0) throw invalid("has a length that is none");
  const encrypted = Buffer.from(body.slice(0, 2 * encryptedBytes), "hex");
  const mac = Buffer.from(body.slice(2 * encryptedBytes), "hex");
  const { encryption, authentication } = derive(protection);
  const decipher = createDecipheriv(cipherName(encryption), encryption, mac);
  decipher.setAutoPadding(false);
  const clear = Buffer.concat([decipher.update(encrypted), decipher.final()]);
  const expected = macOf(authentication, text.slice(0, from), clear);
  if (!equalConstantTime(expected, 0, mac, 0, macBytes)) throw invalid("has a wrong MAC");
  const bits = clear.readUInt16BE(0);
  if (bits % 8 !== 0 || 2 + bits / 8 > clear.length) throw invalid("has a key length that is none");
  const key = Buffer.from(clear.subarray(2, 2 + bits / 8));
  clear.fill(0);
  return { ...headerOf(text), key };
}

/** Wraps a key; `random` gives the padding. */
export function sealKeyBlock(
  protection: Buffer,
  block: KeyBlock,
  random: (bytes: number) => Buffer,
): string {
  const padded = Math.ceil((2 + Math.max(block.key.length, paddedKeyBytes)) / cipherBlock);
  const clear = Buffer.alloc(padded * cipherBlock);
  clear.writeUInt16BE(8 * block.key.length, 0);
  block.key.copy(clear, 2);
  random(clear.length - 2 - block.key.length).copy(clear, 2 + block.key.length);
  const chars = headerChars + 2 * (clear.length + macBytes);
  const { usage, algorithm, mode, version, exportability } = block;
  const head = `D${String(chars).padStart(4, "0")}${usage}${algorithm}${mode}${version}`;
  const header = `${head}${exportability}0000`;
  const { encryption, authentication } = derive(protection);
  const mac = macOf(authentication, header, clear);
  const cipher = createCipheriv(cipherName(encryption), encryption, mac);
  cipher.setAutoPadding(false);
  const encrypted = Buffer.concat([cipher.update(clear), cipher.final()]);
  clear.fill(0);
  return header + Buffer.concat([encrypted, mac]).toString("hex").toUpperCase();
}

function headerOf(text: string): KeyBlockHeader {
  return {
    usage: text.slice(5, 7),
    algorithm: text.slice(7, 8),
    mode: text.slice(8, 9),
    version: text.slice(9, 11),
    exportability: text.slice(11, 12),
  };
}

/** Where the optional blocks end: each is an id, its length in two hex digits, and data. */
function optionalEnd(text: string): number {
  let at = headerChars;
  for (let left = Number(text.slice(12, 14)); left > 0; left--) {
    const length = Number.parseInt(text.slice(at + 2, at + 4), 16);
    // 00 announces a longer length, which only certificates need.
    if (!(length >= 4) || at + length > text.length) throw invalid("has a broken optional block");
    at += length;
  }
  return at;
}

/** X9.143 section 6.4: CMAC in counter mode, once for each key. */
function derive(protection: Buffer): { encryption: Buffer; authentication: Buffer } {
  const bytes = protection.length;
  const algorithm = { 16: 2, 24: 3, 32: 4 }[bytes];
  if (algorithm === undefined) {
    throw new CryptoError("KEY_INVALID", "a key block protection key has 16, 24 or 32 bytes");
  }
  const cmac = new Cmac(protection);
  const one = (use: number): Buffer => {
    const out = Buffer.alloc(2 * cipherBlock);
    for (let counter = 1; (counter - 1) * cipherBlock < bytes; counter++) {
      const input = Buffer.from([counter, 0, use, 0, 0, algorithm, 0, 0]);
      input.writeUInt16BE(8 * bytes, 6);
      cmac.mac(input, 0, input.length, out, (counter - 1) * cipherBlock, cipherBlock);
    }
    return out.subarray(0, bytes);
  };
  return { encryption: one(0), authentication: one(1) };
}

function macOf(key: Buffer, header: string, clear: Buffer): Buffer {
  const input = Buffer.concat([Buffer.from(header, "latin1"), clear]);
  const mac = Buffer.alloc(macBytes);
  new Cmac(key).mac(input, 0, input.length, mac, 0, macBytes);
  input.fill(0);
  return mac;
}

function cipherName(key: Buffer): string {
  return `aes-${8 * key.length}-cbc`;
}

function invalid(what: string): CryptoError {
  return new CryptoError("KEY_INVALID", `the key block ${what}`);
}

import { createCipheriv } from "node:crypto";
import { blockBytes, doubleBlock } from "./aes.ts";
import { Cmac } from "./cmac.ts";
import { equalConstantTime } from "./constant-time.ts";
import { CryptoError } from "./crypto-error.ts";

/** S2V is a vector PRF of at most 127 strings (RFC 5297 2.4), the plaintext among them. */
const headersMax = 126;

/**
 * AES-SIV (RFC 5297) for any lengths, one message at a time: wraps keys and checks the lanes. Key:
 * 32, 48 or 64 bytes, the S2V key first. Returns V (16) then C. Deterministic: the same key,
 * headers and plaintext give the same bytes, which for random keys as plaintext is what is wanted.
 */
export function sivSeal(
  key: Uint8Array,
  headers: readonly Uint8Array[],
  plain: Uint8Array,
): Buffer {
  const { macKey, streamKey } = split(key);
  const tag = s2v(macKey, headers, plain);
  const sealed = Buffer.alloc(blockBytes + plain.length);
  sealed.set(tag);
  sealed.set(counter(streamKey, tag, plain), blockBytes);
  return sealed;
}

/** The plaintext, or undefined when key, headers or bytes are not those that were sealed. */
export function sivOpen(
  key: Uint8Array,
  headers: readonly Uint8Array[],
  sealed: Uint8Array,
): Buffer | undefined {
  const { macKey, streamKey } = split(key);
  if (sealed.length < blockBytes) return undefined;
  const tag = sealed.subarray(0, blockBytes);
  const plain = counter(streamKey, tag, sealed.subarray(blockBytes));
  if (equalConstantTime(s2v(macKey, headers, plain), 0, tag, 0, blockBytes)) return plain;
  plain.fill(0);
  return undefined;
}

function split(key: Uint8Array): { macKey: Uint8Array; streamKey: Uint8Array } {
  if (key.length !== 32 && key.length !== 48 && key.length !== 64) {
    throw new CryptoError("KEY_INVALID", "an AES-SIV key has 32, 48 or 64 bytes");
  }
  return {
    macKey: key.subarray(0, key.length / 2),
    streamKey: key.subarray(key.length / 2),
  };
}

function s2v(macKey: Uint8Array, headers: readonly Uint8Array[], plain: Uint8Array): Buffer {
  if (headers.length > headersMax) throw new RangeError("AES-SIV: too many headers");
  const cmac = new Cmac(macKey);
  const d = Buffer.alloc(blockBytes);
  const mac = Buffer.alloc(blockBytes);
  cmac.mac(d, 0, blockBytes, d, 0, blockBytes);
  for (const header of headers) {
    doubleBlock(d);
    cmac.mac(header, 0, header.length, mac, 0, blockBytes);
    for (let i = 0; i < blockBytes; i++) d[i]! ^= mac[i]!;
  }
  const last = Buffer.alloc(Math.max(blockBytes, plain.length));
  last.set(plain);
  if (plain.length < blockBytes) {
    last[plain.length] = 0x80;
    doubleBlock(d);
  }
  const end = last.length - blockBytes;
  for (let i = 0; i < blockBytes; i++) last[end + i]! ^= d[i]!;
  cmac.mac(last, 0, last.length, mac, 0, blockBytes);
  last.fill(0);
  return mac;
}

function counter(streamKey: Uint8Array, tag: Uint8Array, data: Uint8Array): Buffer {
  const start = Buffer.alloc(blockBytes, tag);
  start[8]! &= 0x7f;
  start[12]! &= 0x7f;
  return createCipheriv(`aes-${streamKey.length * 8}-ctr`, streamKey, start).update(data);
}

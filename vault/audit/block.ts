// A block of the audit chain: a head, entries, and a MAC. Its hash is SHA-256 over head and
// entries; the head holds the hash of the block before. So whoever noted one hash can prove
// everything up to it without a key, and with the key nobody else can have written a block.
import { createHash } from "node:crypto";
import { Cmac, equalConstantTime, type Key, type KeyRing } from "../../crypto/mod.ts";
import { type Entry, readEntries } from "./entry.ts";

/** "PAB1" as a little-endian word. */
const magic = 0x31424150;

export const hashBytes = 32;
export const macBytes = 16;

/** Offsets in the head; integers are little-endian. */
const at = {
  magic: 0, // u32
  keyVersion: 4, // u16; 6-7 zero
  seq: 8, // u48
  count: 14, // u16, entries
  atMs: 16, // f64
  bodyBytes: 24, // u32; 28-31 zero
  prev: 32, // 32
} as const;
const headBytes = 64;

export interface BlockHead {
  readonly seq: number;
  readonly keyVersion: number;
  readonly count: number;
  readonly atMs: number;
  /** Hash of the block before; zeros in the first one. */
  readonly prev: Buffer;
}

export interface Block extends BlockHead {
  readonly hash: Buffer;
  readonly entries: readonly Entry[];
}

/** The block that holds these entries, and its hash. */
export function sealBlock(
  key: Key,
  { seq, atMs, prev }: Pick<BlockHead, "seq" | "atMs" | "prev">,
  body: { readonly bytes: Buffer; readonly count: number },
): { readonly bytes: Buffer; readonly hash: Buffer } {
  const bytes = Buffer.alloc(headBytes + body.bytes.length + macBytes);
  bytes.writeUInt32LE(magic, at.magic);
  bytes.writeUInt16LE(key.version, at.keyVersion);
  bytes.writeUIntLE(seq, at.seq, 6);
  bytes.writeUInt16LE(body.count, at.count);
  bytes.writeDoubleLE(atMs, at.atMs);
  bytes.writeUInt32LE(body.bytes.length, at.bodyBytes);
  prev.copy(bytes, at.prev);
  body.bytes.copy(bytes, headBytes);
  const hash = hashOf(bytes);
  macOf(key, "block", hash).copy(bytes, bytes.length - macBytes);
  return { bytes, hash };
}

/** The block, or what is wrong with its form. Says nothing about MAC and chain. */
export function openBlock(bytes: Buffer): Block | string {
  if (bytes.length < headBytes + macBytes) return "is too short";
  if (bytes.readUInt32LE(at.magic) !== magic) return "does not begin like a block";
  const bodyBytes = bytes.readUInt32LE(at.bodyBytes);
  if (bytes.length !== headBytes + bodyBytes + macBytes) return "has another length than it says";
  const entries = readEntries(bytes.subarray(headBytes, headBytes + bodyBytes));
  const count = bytes.readUInt16LE(at.count);
  if (entries === undefined || entries.length !== count) return "has entries that cannot be read";
  return {
    seq: bytes.readUIntLE(at.seq, 6),
    keyVersion: bytes.readUInt16LE(at.keyVersion),
    count,
    atMs: bytes.readDoubleLE(at.atMs),
    prev: bytes.subarray(at.prev, at.prev + hashBytes),
    hash: hashOf(bytes),
    entries,
  };
}

/** Whether the block's MAC is that of a key of this ring. */
export function isGenuine(ring: KeyRing, { keyVersion, hash }: Block, bytes: Buffer): boolean {
  const key = ring.find("audit", keyVersion);
  return key !== undefined && isMac(macOf(key, "block", hash), bytes.subarray(-macBytes));
}

/** Whether two MACs are the same. */
export function isMac(a: Buffer, b: Buffer): boolean {
  return b.length === macBytes && equalConstantTime(a, 0, b, 0, macBytes);
}

/** MAC of a hash under the audit key; `what` keeps uses apart. */
export function macOf(key: Key, what: "block" | "anchor" | "base", bytes: Buffer): Buffer {
  const message = Buffer.concat([Buffer.from(`pantun audit ${what}\0`), bytes]);
  const mac = Buffer.alloc(macBytes);
  new Cmac(key.bytes).mac(message, 0, message.length, mac, 0, macBytes);
  return mac;
}

function hashOf(bytes: Buffer): Buffer {
  return createHash("sha256")
    .update(bytes.subarray(0, bytes.length - macBytes))
    .digest();
}

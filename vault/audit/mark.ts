// A place in the chain that is vouched for: the number and hash of a block, under a MAC. The
// chain's base is one (what came before it was kept long enough and removed), and so is the anchor
// that the vault keeps of the end.
import type { Key, KeyRing } from "../../crypto/mod.ts";
import { hashBytes, isMac, macBytes, macOf } from "./block.ts";

export interface Mark {
  readonly seq: number;
  readonly hash: Buffer;
}

export type MarkKind = "anchor" | "base";

const markBytes = 6 + hashBytes;

/** Before the first block of a vault. */
export const nowhere: Mark = { seq: 0, hash: Buffer.alloc(hashBytes) };

/** seq u48, hash 32, key version u16, MAC 16. */
export function sealMark(key: Key, kind: MarkKind, { seq, hash }: Mark): Buffer {
  const bytes = Buffer.alloc(markBytes + 2 + macBytes);
  bytes.writeUIntLE(seq, 0, 6);
  hash.copy(bytes, 6);
  bytes.writeUInt16LE(key.version, markBytes);
  macOf(key, kind, bytes.subarray(0, markBytes)).copy(bytes, markBytes + 2);
  return bytes;
}

/** Undefined where it is not what this vault wrote. */
export function openMark(ring: KeyRing, kind: MarkKind, bytes: Buffer): Mark | undefined {
  if (bytes.length !== markBytes + 2 + macBytes) return undefined;
  const key = ring.find("audit", bytes.readUInt16LE(markBytes));
  if (key === undefined) return undefined;
  const mac = macOf(key, kind, bytes.subarray(0, markBytes));
  if (!isMac(mac, bytes.subarray(markBytes + 2))) return undefined;
  return { seq: bytes.readUIntLE(0, 6), hash: bytes.subarray(6, markBytes) };
}

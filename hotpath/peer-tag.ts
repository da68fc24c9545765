import { createHash } from "node:crypto";

/**
 * A peer's number in claims: the first 32 bits of SHA-256 over its name. It must be the same in
 * every process of a vault and after every restart, which a position in a list is not.
 */
export function peerTag(name: string): number {
  return createHash("sha256").update(`pantun peer ${name}`).digest().readUInt32BE(0);
}

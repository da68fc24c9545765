// Commands and replies between nodes, sealed: they pass through servers that need not know a card
// number, and nobody else can make one. The shard and the epoch are part of the seal, so that a
// recorded one is worth nothing once the shard has another owner.
//
//   key version 2, then V (16) and C of AES-SIV (RFC 5297)
import { type KeyRing, sivOpen, sivSeal } from "../../crypto/mod.ts";

const versionBytes = 2;

export interface SealContext {
  readonly direction: "command" | "reply" | "payments" | "taken" | "answers";
  /** Zero, as the epoch, for a block of many shards: its items say which. */
  readonly shard: number;
  readonly epoch: number;
}

export class CommandSeal {
  #ring: KeyRing;

  constructor(ring: KeyRing) {
    this.#ring = ring;
  }

  useKeys(ring: KeyRing): void {
    this.#ring = ring;
  }

  seal(plain: Buffer, context: SealContext): Buffer {
    const key = this.#ring.active("log");
    const head = Buffer.alloc(versionBytes);
    head.writeUInt16BE(key.version);
    return Buffer.concat([head, sivSeal(key.bytes, [head, labelOf(context)], plain)]);
  }

  /** Undefined where the bytes are not of a node of this vault, or were meant for another epoch. */
  open(bytes: Buffer, context: SealContext): Buffer | undefined {
    if (bytes.length < versionBytes) return undefined;
    const head = bytes.subarray(0, versionBytes);
    const key = this.#ring.find("log", head.readUInt16BE());
    if (key === undefined) return undefined;
    return sivOpen(key.bytes, [head, labelOf(context)], bytes.subarray(versionBytes));
  }
}

function labelOf({ direction, shard, epoch }: SealContext): Buffer {
  return Buffer.from(`pantun node ${direction} ${shard} ${epoch}`);
}

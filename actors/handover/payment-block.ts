// Payments and what becomes of them as bytes, many in one block: between the threads of a node and
// between nodes. One layout for all of them; what a use does not need is zero.
//
//   ticket 4, shard 2, code 2, status 4, epoch 8, left 4, peer 4, id 16, length 4, body
//
// Numbers are big-endian.
import type { PaymentItem } from "../../vault/mod.ts";

const headBytes = 48;
const idAt = 28;
const idBytes = 16;

export function paymentItemBytes({ body }: PaymentItem): number {
  return headBytes + body.length;
}

/** In memory of its own, so that it can be handed to another thread. */
export function writePayments(items: readonly PaymentItem[]): Buffer<ArrayBuffer> {
  const bytes = items.reduce((sum, item) => sum + paymentItemBytes(item), 0);
  const block = Buffer.from(new ArrayBuffer(bytes));
  let at = 0;
  for (const item of items) {
    block.writeUInt32BE(item.ticket, at);
    block.writeUInt16BE(item.shard, at + 4);
    block.writeUInt16BE(item.code, at + 6);
    block.writeInt32BE(item.status, at + 8);
    block.writeDoubleBE(item.epoch, at + 12);
    block.writeUInt32BE(Math.max(0, Math.min(item.leftMs, 0xffff_ffff)), at + 20);
    block.writeUInt32BE(item.peer, at + 24);
    block.set(item.id, at + idAt);
    block.writeUInt32BE(item.body.length, at + idAt + idBytes);
    block.set(item.body, at + headBytes);
    at += headBytes + item.body.length;
  }
  return block;
}

/** Throws a RangeError where the bytes are no whole block. Ids and bodies are views of it. */
export function readPayments(block: Buffer): PaymentItem[] {
  const items: PaymentItem[] = [];
  let at = 0;
  while (at < block.length) {
    const body = at + headBytes;
    const end = body <= block.length ? body + block.readUInt32BE(body - 4) : Infinity;
    if (end > block.length) throw new RangeError("bytes that are no block of payments");
    items.push({
      ticket: block.readUInt32BE(at),
      shard: block.readUInt16BE(at + 4),
      code: block.readUInt16BE(at + 6),
      status: block.readInt32BE(at + 8),
      epoch: block.readDoubleBE(at + 12),
      leftMs: block.readUInt32BE(at + 20),
      peer: block.readUInt32BE(at + 24),
      id: block.subarray(at + idAt, at + idAt + idBytes),
      body: block.subarray(body, end),
    });
    at = end;
  }
  return items;
}

/** Cuts items into blocks of so many bytes at most; a longer item is a block of its own. */
export function cutPayments(items: readonly PaymentItem[], bytesMax: number): PaymentItem[][] {
  const blocks: PaymentItem[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = paymentItemBytes(item);
    const last = blocks.at(-1);
    if (last === undefined || bytes + size > bytesMax) {
      blocks.push([item]);
      bytes = size;
    } else {
      last.push(item);
      bytes += size;
    }
  }
  return blocks;
}

// What nodes say to each other: how far an owner is, who is there, and blocks of messages for the
// shards of another node. Bytes come from the network: what cannot be read is no message.
import type { ShardTail, StreamTail } from "./ownership-port.ts";

export interface TailNotice extends ShardTail {
  readonly node: string;
  readonly nonce: string;
  readonly epoch: number;
}

function streamTail(value: unknown): StreamTail | undefined {
  const { seq, hash } = (value ?? {}) as { seq?: unknown; hash?: unknown };
  if (!Number.isSafeInteger(seq) || typeof hash !== "string" || !/^[0-9a-f]{32}$/.test(hash)) {
    return undefined;
  }
  return { seq: seq as number, hash: Buffer.from(hash, "hex") };
}

export function writeTail({ node, nonce, epoch, evt, pay }: TailNotice): Buffer {
  const plain = ({ seq, hash }: StreamTail) => ({ seq, hash: hash.toString("hex") });
  return Buffer.from(JSON.stringify({ node, nonce, epoch, evt: plain(evt), pay: plain(pay) }));
}

export function readTail(bytes: Buffer): TailNotice | undefined {
  try {
    const value = JSON.parse(bytes.toString()) as Record<string, unknown>;
    const { node, nonce, epoch } = value;
    const evt = streamTail(value.evt);
    const pay = streamTail(value.pay);
    if (typeof node !== "string" || typeof nonce !== "string") return undefined;
    if (!Number.isSafeInteger(epoch) || evt === undefined || pay === undefined) return undefined;
    return { node, nonce, epoch: epoch as number, evt, pay };
  } catch {
    return undefined;
  }
}

/** The first byte of a request to a node. */
export const nodeRequest = {
  PING: 1,
  TAIL: 2,
  BLOCK: 3,
  OPERATE: 4,
  PAYMENTS: 5,
} as const;

export const pingRequest = Buffer.from([nodeRequest.PING]);

export function tailRequest(shard: number): Buffer {
  return Buffer.from([nodeRequest.TAIL, shard]);
}

/** A message for a shard, from somebody who believes that the node owns it in that epoch. */
export interface BlockItem {
  readonly shard: number;
  readonly epoch: number;
  readonly message: Buffer;
}

/** `moved`: another node or epoch, nothing was done. `failed`: the owner could not answer. */
export type BlockAnswer =
  | { readonly kind: "answer"; readonly message: Buffer }
  | { readonly kind: "moved" }
  | { readonly kind: "failed" };

/** One request holds no more; the largest command is far smaller. */
export const blockBytesMax = 512 * 1024;
export const blockItemsMax = 4_096;

const itemHead = 1 + 8 + 4;
const answerHead = 1 + 4;
const answerKinds = ["answer", "moved", "failed"] as const;

/** Cuts messages into blocks that fit one request each. Throws where one alone does not. */
export function cutBlocks(items: readonly BlockItem[]): BlockItem[][] {
  const blocks: BlockItem[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = itemHead + item.message.length;
    if (1 + size > blockBytesMax) throw new RangeError(`a message of ${size} bytes for a block`);
    const last = blocks.at(-1);
    if (last === undefined || bytes + size > blockBytesMax || last.length === blockItemsMax) {
      blocks.push([item]);
      bytes = 1 + size;
    } else {
      last.push(item);
      bytes += size;
    }
  }
  return blocks;
}

export function writeBlock(items: readonly BlockItem[]): Buffer {
  const parts: Buffer[] = [Buffer.from([nodeRequest.BLOCK])];
  for (const { shard, epoch, message } of items) {
    const head = Buffer.alloc(itemHead);
    head.writeUInt8(shard, 0);
    head.writeBigUInt64BE(BigInt(epoch), 1);
    head.writeUInt32BE(message.length, 9);
    parts.push(head, message);
  }
  return Buffer.concat(parts);
}

/** Undefined where the bytes are no whole block. */
export function readBlock(bytes: Buffer): BlockItem[] | undefined {
  const items: BlockItem[] = [];
  let at = 1;
  while (at < bytes.length) {
    if (at + itemHead > bytes.length || items.length === blockItemsMax) return undefined;
    const end = at + itemHead + bytes.readUInt32BE(at + 9);
    if (end > bytes.length) return undefined;
    const epoch = Number(bytes.readBigUInt64BE(at + 1));
    items.push({ shard: bytes[at] as number, epoch, message: bytes.subarray(at + itemHead, end) });
    at = end;
  }
  return items;
}

export function writeBlockAnswers(answers: readonly BlockAnswer[]): Buffer {
  const parts: Buffer[] = [];
  for (const answer of answers) {
    const message = answer.kind === "answer" ? answer.message : Buffer.alloc(0);
    const head = Buffer.alloc(answerHead);
    head.writeUInt8(answerKinds.indexOf(answer.kind), 0);
    head.writeUInt32BE(message.length, 1);
    parts.push(head, message);
  }
  return Buffer.concat(parts);
}

/** Undefined where the bytes are not exactly `count` answers. */
export function readBlockAnswers(bytes: Buffer, count: number): BlockAnswer[] | undefined {
  const answers: BlockAnswer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + answerHead > bytes.length) return undefined;
    const kind = answerKinds[bytes[at] as number];
    const end = at + answerHead + bytes.readUInt32BE(at + 1);
    if (kind === undefined || end > bytes.length) return undefined;
    if (kind === "answer") answers.push({ kind, message: bytes.subarray(at + answerHead, end) });
    else answers.push({ kind });
    at = end;
  }
  return answers.length === count ? answers : undefined;
}

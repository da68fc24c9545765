// Commands and replies as bytes, many in one block: between the threads of a process and between
// the processes of one machine. Deadlines are absolute on the machine's monotonic clock, so that
// time spent in any queue on the way counts.
//
//   command: length 4, correlation 4, deadline 8 (double, ms), kind 1, shard 2, id 16, actor 16,
//            body
//   reply:   length 4, correlation 4, 1 accepted, flags 1, incarnation 4, shard 2, seq 8, ord 2,
//            the answer as JSON
//            length 4, correlation 4, 0 refused, the error as JSON
//
// `length` counts what follows it; numbers are big-endian.
import { type AppError, appError, type ErrorCode, errorTable } from "../../platform/mod.ts";
import type { Answer, Envelope, Reply } from "../runtime/actor-kind.ts";

export interface CommandFrame {
  readonly correlation: number;
  readonly deadlineMs: number;
  readonly envelope: Omit<Envelope, "timeoutMs">;
}

export interface ReplyFrame {
  readonly correlation: number;
  readonly reply: Reply;
}

const commandHeadBytes = 4 + 4 + 8 + 1 + 2 + 16 + 16;
const acceptedHeadBytes = 4 + 4 + 1 + 1 + 4 + 2 + 8 + 2;
const refusedHeadBytes = 4 + 4 + 1;

/** A body may fill a record; nothing longer is read. */
export const itemBytesMax = 600 * 1024;

export function commandFrameBytes(body: Buffer): number {
  return commandHeadBytes + body.length;
}

export function writeCommand({ correlation, deadlineMs, envelope }: CommandFrame): Buffer {
  const { kind, shard, id, actor, body } = envelope;
  if (id.length !== 16 || actor.length !== 16) throw new RangeError("an id and a key of 16 bytes");
  const bytes = Buffer.alloc(commandHeadBytes + body.length);
  bytes.writeUInt32BE(bytes.length - 4, 0);
  bytes.writeUInt32BE(correlation, 4);
  bytes.writeDoubleBE(deadlineMs, 8);
  bytes.writeUInt8(kind, 16);
  bytes.writeUInt16BE(shard, 17);
  bytes.set(id, 19);
  bytes.set(actor, 35);
  bytes.set(body, commandHeadBytes);
  return bytes;
}

/** The commands of a block. Throws a RangeError at the first byte that is none of its making. */
export function readCommands(block: Buffer): CommandFrame[] {
  return itemsOf(block, commandHeadBytes).map((bytes) => ({
    correlation: bytes.readUInt32BE(4),
    deadlineMs: bytes.readDoubleBE(8),
    envelope: {
      kind: bytes[16]!,
      shard: bytes.readUInt16BE(17),
      id: bytes.subarray(19, 35),
      actor: bytes.subarray(35, 51),
      body: bytes.subarray(commandHeadBytes),
    },
  }));
}

export function writeReply({ correlation, reply }: ReplyFrame): Buffer {
  if (!reply.ok) return writeRefused(correlation, reply.error);
  const { incarnation, shard, seq, ord } = reply.position;
  const answer = Buffer.from(JSON.stringify(reply.answer));
  const bytes = Buffer.alloc(acceptedHeadBytes + answer.length);
  bytes.writeUInt32BE(bytes.length - 4, 0);
  bytes.writeUInt32BE(correlation, 4);
  bytes.writeUInt8(1, 8);
  bytes.writeUInt8(reply.repeated ? 1 : 0, 9);
  bytes.writeUInt32BE(incarnation, 10);
  bytes.writeUInt16BE(shard, 14);
  bytes.writeBigUInt64BE(BigInt(seq), 16);
  bytes.writeUInt16BE(ord, 24);
  bytes.set(answer, acceptedHeadBytes);
  return bytes;
}

function writeRefused(correlation: number, error: AppError): Buffer {
  const { code, message, details, retryAfterMs } = error;
  const text = Buffer.from(JSON.stringify({ code, message, details, retryAfterMs }));
  const bytes = Buffer.alloc(refusedHeadBytes + text.length);
  bytes.writeUInt32BE(bytes.length - 4, 0);
  bytes.writeUInt32BE(correlation, 4);
  bytes.set(text, refusedHeadBytes);
  return bytes;
}

/** The replies of a block; throws as `readCommands` does. */
export function readReplies(block: Buffer): ReplyFrame[] {
  return itemsOf(block, refusedHeadBytes).map((bytes) => {
    const correlation = bytes.readUInt32BE(4);
    if (bytes[8] === 0) return { correlation, reply: { ok: false, error: readError(bytes) } };
    if (bytes.length < acceptedHeadBytes) throw new RangeError("a reply is cut off");
    const position = {
      incarnation: bytes.readUInt32BE(10),
      shard: bytes.readUInt16BE(14),
      seq: Number(bytes.readBigUInt64BE(16)),
      ord: bytes.readUInt16BE(24),
    };
    const answer = JSON.parse(bytes.toString("utf8", acceptedHeadBytes)) as Answer;
    return { correlation, reply: { ok: true, answer, position, repeated: bytes[9] === 1 } };
  });
}

function readError(bytes: Buffer): AppError {
  const read = JSON.parse(bytes.toString("utf8", refusedHeadBytes)) as {
    readonly code: ErrorCode;
    readonly message: string;
    readonly details?: Readonly<Record<string, string | number>>;
    readonly retryAfterMs?: number;
  };
  const { code, message, details = {}, retryAfterMs } = read;
  // Another version may know codes that this one does not.
  if (!errorTable.has(code)) return appError("INTERNAL_ERROR", `Refused with ${String(code)}.`);
  const more = retryAfterMs === undefined ? {} : { retryAfterMs };
  return appError(code, message, { details, ...more });
}

function itemsOf(block: Buffer, least: number): Buffer[] {
  const items: Buffer[] = [];
  for (let at = 0; at < block.length; ) {
    const length = at + 4 <= block.length ? block.readUInt32BE(at) + 4 : 0;
    if (length < least || length > itemBytesMax || at + length > block.length) {
      throw new RangeError("a block of commands or replies cannot be read");
    }
    items.push(block.subarray(at, at + length));
    at += length;
  }
  return items;
}

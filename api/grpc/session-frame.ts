// Frames of a session as bytes. A frame that carries one block is read and written in place: the
// generated code would copy the block twice and make an object per field. Everything else goes
// through the generated code; a test proves that both agree.
import { SessionRequest, SessionResponse } from "../../proto/mod.ts";

/** Bytes before the message of an item: correlation id 8, length 4, both big-endian. */
export const itemHeadBytes = 12;

/** Key of the field `block`, number 1, length-delimited, in both directions. */
const blockKey = 0x0a;

/** Room before the items of a block for its key and its length, which is known last. */
const frameHeadBytes = 6;

export interface BlockFrame {
  readonly kind: "block";
  /** The frame as it came; the items lie from `start` to `end`. */
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

export interface MalformedFrame {
  readonly kind: "malformed";
}

export interface OtherFrame<T> {
  readonly kind: "message";
  readonly message: T;
}

export type Frame<T> = BlockFrame | OtherFrame<T> | MalformedFrame;

const malformed: MalformedFrame = { kind: "malformed" };

/** Bytes that are one block from end to end; null for anything else, right or wrong. */
function asBlock(bytes: Buffer): BlockFrame | null {
  if (bytes.length < 2 || bytes[0] !== blockKey) return null;
  let length = 0;
  let at = 1;
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = bytes[at++];
    if (byte === undefined) return null;
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      const end = at + length;
      return end === bytes.length ? { kind: "block", bytes, start: at, end } : null;
    }
  }
  return null;
}

interface Decodes<T> {
  decode(bytes: Uint8Array): T;
}

function decodeFrame<T>(bytes: Buffer, codec: Decodes<T>): Frame<T> {
  const block = asBlock(bytes);
  if (block !== null) return block;
  try {
    return { kind: "message", message: codec.decode(bytes) };
  } catch {
    return malformed;
  }
}

/** What a switch sent. Never throws: the session answers what is malformed. */
export function decodeSessionRequest(bytes: Buffer): Frame<SessionRequest> {
  const frame = decodeFrame(bytes, SessionRequest);
  if (frame.kind !== "message" || frame.message.frame?.$case !== "block") return frame;
  // The same field sent twice, or beside unknown fields: rare, but the last one counts.
  const block = frame.message.frame.block;
  return { kind: "block", bytes: block, start: 0, end: block.length };
}

/** What a server sent. */
export function decodeSessionResponse(bytes: Buffer): Frame<SessionResponse> {
  const frame = decodeFrame(bytes, SessionResponse);
  if (frame.kind !== "message" || frame.message.frame?.$case !== "block") return frame;
  const block = frame.message.frame.block;
  return { kind: "block", bytes: block, start: 0, end: block.length };
}

/** A finished frame. `written` says that grpc-js has copied it, so its buffer may be used again. */
export interface EncodedFrame {
  readonly kind: "encoded";
  bytes: Buffer;
  start: number;
  end: number;
  written: boolean;
}

/** A client keeps what this returns until it is sent: `written` stays as it is. */
export function encodeSessionRequest(frame: EncodedFrame | OtherFrame<SessionRequest>): Buffer {
  if (frame.kind === "message") return Buffer.from(SessionRequest.encode(frame.message).finish());
  return frame.bytes.subarray(frame.start, frame.end);
}

/** grpc-js copies what this returns before it does anything else (server-interceptors.js). */
export function encodeSessionResponse(frame: EncodedFrame | OtherFrame<SessionResponse>): Buffer {
  if (frame.kind === "message") return Buffer.from(SessionResponse.encode(frame.message).finish());
  frame.written = true;
  return frame.bytes.subarray(frame.start, frame.end);
}

/**
 * Walks over a block. Returns the number of its items, or -1 when an item does not fit, is empty,
 * or there are more than `itemsMax`: then nothing of the block may be taken.
 */
export function countItems(bytes: Buffer, start: number, end: number, itemsMax: number): number {
  let at = start;
  let count = 0;
  while (at < end) {
    if (end - at <= itemHeadBytes) return -1;
    const length = bytes.readUInt32BE(at + 8);
    at += itemHeadBytes + length;
    if (length === 0 || at > end || ++count > itemsMax) return -1;
  }
  return count;
}

/** Gathers items into one block. The caller takes the frame before it gets too large. */
export class BlockWriter {
  readonly #capacity: number;
  #frame: EncodedFrame;
  #end = frameHeadBytes;

  /** `bytesMax` bounds a frame; one item that is larger still gets a frame of its own. */
  constructor(bytesMax: number) {
    this.#capacity = bytesMax;
    this.#frame = this.#fresh(bytesMax);
  }

  get isEmpty(): boolean {
    return this.#end === frameHeadBytes;
  }

  fits(length: number): boolean {
    return this.#end + itemHeadBytes + length <= this.#frame.bytes.length;
  }

  /** Adds an item; `high` and `low` are the halves of its correlation id. */
  add(high: number, low: number, from: Buffer, offset: number, length: number): void {
    if (!this.fits(length)) {
      if (!this.isEmpty) throw new Error("the block is full: take it before adding more");
      this.#frame = this.#fresh(frameHeadBytes + itemHeadBytes + length);
    }
    const { bytes } = this.#frame;
    let at = this.#end;
    at = putUint32(bytes, at, high);
    at = putUint32(bytes, at, low);
    at = putUint32(bytes, at, length);
    from.copy(bytes, at, offset, offset + length);
    this.#end = at + length;
  }

  /** The frame of what was added. Give it back by `reuse` as soon as it is handed to grpc-js. */
  take(): EncodedFrame {
    const frame = this.#frame;
    frame.end = this.#end;
    frame.start = putHead(frame.bytes, this.#end - frameHeadBytes);
    frame.written = false;
    this.#end = frameHeadBytes;
    return frame;
  }

  /** Takes the buffer again if grpc-js has copied it; a frame that still waits keeps its own. */
  reuse(frame: EncodedFrame): void {
    const reusable = frame.written && frame.bytes.length === this.#capacity;
    if (!reusable) this.#frame = this.#fresh(this.#capacity);
  }

  #fresh(bytes: number): EncodedFrame {
    const room = Buffer.allocUnsafeSlow(bytes);
    return { kind: "encoded", bytes: room, start: 0, end: 0, written: false };
  }
}

function putUint32(bytes: Buffer, at: number, value: number): number {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
  return at + 4;
}

/** Writes key and length so that they end where the items begin; returns where they start. */
function putHead(bytes: Buffer, length: number): number {
  let size = 1;
  for (let rest = length >>> 7; rest > 0; rest >>>= 7) size++;
  const start = frameHeadBytes - size - 1;
  bytes[start] = blockKey;
  let rest = length;
  for (let i = 1; i <= size; i++) {
    bytes[start + i] = i === size ? rest : (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  return start;
}

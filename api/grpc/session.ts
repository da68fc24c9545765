// One session of a switch: frames in, items to the hot path, answers out, each exactly once.
//
// An item takes a slot; its ticket is the slot's number, its correlation id lies in typed arrays,
// so nothing is allocated per message of a block. Reading pauses while many items are under way or
// the client does not read, and goes on at half of that: the client then feels HTTP/2 flow control.
import type { ServerDuplexStream } from "@grpc/grpc-js";
import { unpackStatus } from "../../codec/iso8583/mod.ts";
import {
  type AnswerSink,
  messageBytesMax,
  type PaymentDispatcher,
  type Peer,
} from "../../hotpath/mod.ts";
import { type AppError, appError, type Clock, isAppError, reason } from "../../platform/mod.ts";
import type {
  SessionAnswer,
  SessionError,
  SessionItem,
  SessionRequest,
  SessionResponse,
  Status,
} from "../../proto/mod.ts";
import { type GrpcLimits, ticketsMax } from "./limits.ts";
import type { AnswerReader } from "./payment-answer.ts";
import type { PaymentEncoder } from "./payment-message.ts";
import type { GrpcMetrics } from "./ports.ts";
import {
  type BlockFrame,
  BlockWriter,
  countItems,
  type EncodedFrame,
  type Frame,
  itemHeadBytes,
  type OtherFrame,
} from "./session-frame.ts";
import { plainError, rpcStatusOf, statusObjectOf } from "./status.ts";

/** Bytes of an outgoing frame: grpc-js queues 16 frames, so a slow reader holds at most 1 MiB. */
const frameBytesMax = 64 << 10;

export type SessionStream = ServerDuplexStream<
  Frame<SessionRequest>,
  EncodedFrame | OtherFrame<SessionResponse>
>;

export interface SessionOptions {
  readonly stream: SessionStream;
  readonly peer: Peer;
  readonly requestId: string;
  readonly dispatcher: PaymentDispatcher;
  readonly encoder: PaymentEncoder;
  readonly reader: AnswerReader;
  readonly limits: GrpcLimits;
  readonly clock: Clock;
  readonly metrics: GrpcMetrics;
  /** The session is over and everything of it is answered or given up. */
  readonly onEnd: () => void;
}

const overloaded: Status = rpcStatusOf(plainError("OVERLOADED"));
const stopping: Status = rpcStatusOf(
  appError("SERVICE_UNAVAILABLE", "this session is ending; nothing was begun"),
);
const inBlock = 0;
const structured = 1;

/** How a session that must end is told: with a status, at once or after what is under way. */
type End = { readonly error: AppError | null };

export class Session implements AnswerSink {
  readonly #options: SessionOptions;
  readonly #high: Uint32Array;
  readonly #low: Uint32Array;
  readonly #kind: Uint8Array;
  /** When the item of a slot arrived, monotonic milliseconds. */
  readonly #arrived: Float64Array;
  /** Arrivals of what was answered since the last flush. */
  readonly #answered: Float64Array;
  #answeredCount = 0;
  /** Free slots as a stack. */
  readonly #free: Int32Array;
  #freeCount: number;
  readonly #slots: number;
  readonly #block = new BlockWriter(frameBytesMax);
  #answers: SessionAnswer[] = [];
  #errors: SessionError[] = [];
  #paused = false;
  #draining = false;
  #end: End | null = null;
  #closed = false;
  #scratch: Buffer = Buffer.allocUnsafe(messageBytesMax);

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#slots = ticketsMax(options.limits);
    this.#high = new Uint32Array(this.#slots);
    this.#low = new Uint32Array(this.#slots);
    this.#kind = new Uint8Array(this.#slots);
    this.#arrived = new Float64Array(this.#slots);
    this.#answered = new Float64Array(this.#slots);
    this.#free = Int32Array.from({ length: this.#slots }, (_, i) => this.#slots - 1 - i);
    this.#freeCount = this.#slots;
    const { stream } = options;
    stream.on("data", (frame: Frame<SessionRequest>) => this.#take(frame));
    stream.on("drain", () => this.#throttle());
    stream.on("end", () => this.#finish(null));
    stream.on("cancelled", () => this.#close());
  }

  get peerId(): number {
    return this.#options.peer.id;
  }

  get inflight(): number {
    return this.#slots - this.#freeCount;
  }

  /** From now on items are refused; the session ends when what is under way is answered. */
  drain(why: string): void {
    if (this.#draining || this.#closed) return;
    this.#draining = true;
    this.#finish(appError("SERVICE_UNAVAILABLE", why));
  }

  answer(
    ticket: number,
    bytes: Buffer,
    offset: number,
    length: number,
    reasonCode: number,
    status: number,
  ): void {
    const high = this.#high[ticket]!;
    const low = this.#low[ticket]!;
    this.#free[this.#freeCount++] = ticket;
    if (this.#closed) return;
    // One clock reading for all of them, in flush().
    if (this.#answeredCount < this.#slots) {
      this.#answered[this.#answeredCount++] = this.#arrived[ticket]!;
    }
    if (length === 0) {
      this.#unanswerable(high, low, reasonCode, status);
      return;
    }
    if (this.#kind[ticket] === structured) {
      this.#structured(high, low, bytes, offset, length, reasonCode);
      return;
    }
    if (!this.#block.fits(length) && !this.#block.isEmpty) this.#sendBlock();
    this.#block.add(high, low, bytes, offset, length);
  }

  flush(): void {
    if (this.#closed) return;
    if (!this.#block.isEmpty) this.#sendBlock();
    if (this.#answers.length > 0) {
      const answers = { items: this.#answers };
      this.#answers = [];
      this.#send({ frame: { $case: "answers", answers } });
    }
    if (this.#errors.length > 0) {
      const errors = { items: this.#errors };
      this.#errors = [];
      this.#send({ frame: { $case: "errors", errors } });
    }
    this.#countAnswered();
    this.#throttle();
    if (this.#end !== null && this.inflight === 0) this.#sendEnd();
  }

  #countAnswered(): void {
    const { metrics, clock } = this.#options;
    const now = clock.monotonicMs();
    for (let i = 0; i < this.#answeredCount; i++) {
      metrics.answered?.("session", (now - this.#answered[i]!) / 1000);
    }
    this.#answeredCount = 0;
  }

  #take(frame: Frame<SessionRequest>): void {
    if (this.#closed || (this.#end !== null && !this.#draining)) return;
    if (frame.kind === "block") this.#takeBlock(frame);
    else if (frame.kind === "message" && frame.message.frame?.$case === "requests") {
      this.#takeStructured(frame.message.frame.requests.items);
    } else this.#malformed("the frame carries neither a block nor requests");
    if (this.#errors.length > 0) this.flush();
    this.#throttle();
  }

  #takeBlock(frame: BlockFrame): void {
    const { limits, dispatcher, peer, clock, metrics } = this.#options;
    const { bytes, start, end } = frame;
    const count = countItems(bytes, start, end, limits.blockItemsMax);
    if (count < 0) {
      const most = `at most ${limits.blockItemsMax} of them`;
      this.#malformed(`the block is not made of whole items (8 + 4 bytes and a message), ${most}`);
      return;
    }
    if (this.#draining) {
      this.#refuseBlock(frame);
      return;
    }
    const nowMs = clock.monotonicMs();
    const deadlineMs = nowMs + limits.deadlineDefaultMs;
    let shed = 0;
    for (let at = start; at < end; ) {
      const high = bytes.readUInt32BE(at);
      const low = bytes.readUInt32BE(at + 4);
      const length = bytes.readUInt32BE(at + 8);
      at += itemHeadBytes;
      if (length > messageBytesMax) this.#tooLong(high, low);
      else {
        const ticket = this.#slot(high, low, inBlock, nowMs);
        if (!dispatcher.submit(peer, bytes, at, length, ticket, this, deadlineMs)) {
          shed++;
          this.#shed(ticket);
        }
      }
      at += length;
    }
    metrics.items("taken", count - shed);
    if (shed > 0) metrics.items("shed", shed);
  }

  #takeStructured(items: readonly SessionItem[]): void {
    const { limits, dispatcher, peer, clock, encoder, metrics } = this.#options;
    if (items.length > limits.structuredMax) {
      this.#malformed(`a frame holds at most ${limits.structuredMax} requests`);
      return;
    }
    const nowMs = clock.monotonicMs();
    const deadlineMs = nowMs + limits.deadlineDefaultMs;
    let shed = 0;
    for (const item of items) {
      const { correlationId, request } = item;
      if (this.#draining) {
        this.#errors.push({ correlationId, error: stopping });
        continue;
      }
      try {
        const length = encoder.encodeVerify(request, this.#scratch, 0);
        const high = Number(correlationId >> 32n);
        const low = Number(correlationId & 0xffffffffn);
        const ticket = this.#slot(high, low, structured, nowMs);
        if (!dispatcher.submit(peer, this.#scratch, 0, length, ticket, this, deadlineMs)) {
          shed++;
          this.#shed(ticket);
        }
      } catch (error) {
        if (!isAppError(error)) throw error;
        this.#errors.push({ correlationId, error: rpcStatusOf(error) });
      }
    }
    metrics.items("taken", items.length - shed);
    if (shed > 0) metrics.items("shed", shed);
  }

  #slot(high: number, low: number, kind: number, nowMs: number): number {
    // Reading stops below the pause mark and a frame holds fewer items than the rest of the slots.
    if (this.#freeCount === 0) throw new Error("a session took more items than it has slots");
    const ticket = this.#free[--this.#freeCount]!;
    this.#high[ticket] = high;
    this.#low[ticket] = low;
    this.#kind[ticket] = kind;
    this.#arrived[ticket] = nowMs;
    return ticket;
  }

  #shed(ticket: number): void {
    this.#free[this.#freeCount++] = ticket;
    this.#fail(this.#high[ticket]!, this.#low[ticket]!, overloaded);
  }

  #refuseBlock({ bytes, start, end }: BlockFrame): void {
    for (let at = start; at < end; ) {
      this.#fail(bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4), stopping);
      at += itemHeadBytes + bytes.readUInt32BE(at + 8);
    }
  }

  #tooLong(high: number, low: number): void {
    const text = `a message has at most ${messageBytesMax} bytes`;
    const details = { code: "FRAME_LENGTH", path: "", bytesMax: messageBytesMax };
    this.#fail(high, low, rpcStatusOf(appError("MESSAGE_INVALID", text, { details })));
    this.#options.metrics.items("unanswerable", 1);
  }

  #unanswerable(high: number, low: number, reasonCode: number, status: number): void {
    this.#options.metrics.items("unanswerable", 1);
    this.#fail(high, low, rpcStatusOf(unanswerableError(reasonCode, status)));
  }

  #structured(
    high: number,
    low: number,
    bytes: Buffer,
    offset: number,
    length: number,
    reasonCode: number,
  ): void {
    // A structured caller reads overload as an error, as in the unary calls.
    if (reasonCode === reason.OVERLOADED) {
      this.#fail(high, low, overloaded);
      return;
    }
    const response = this.#options.reader.read(bytes, offset, length, reasonCode);
    if (isAppError(response)) {
      this.#fail(high, low, rpcStatusOf(response));
      return;
    }
    this.#answers.push({ correlationId: joined(high, low), response });
  }

  #fail(high: number, low: number, error: Status): void {
    this.#errors.push({ correlationId: joined(high, low), error });
  }

  #malformed(text: string): void {
    const error = appError("INVALID_REQUEST", text, { details: { field: "frame" } });
    this.#finish(error);
    this.#options.stream.pause();
  }

  /** Ends the session as soon as nothing is under way. */
  #finish(error: AppError | null): void {
    if (this.#end !== null && !(this.#draining && error === null)) return;
    this.#end = { error };
    if (this.inflight === 0) setImmediate(() => this.#endIfIdle());
  }

  /** After a turn of the event loop, in which frames that had arrived are still answered. */
  #endIfIdle(): void {
    if (this.#closed || this.inflight > 0) return;
    this.flush();
  }

  #sendEnd(): void {
    if (this.#closed) return;
    const { stream, requestId } = this.#options;
    const error = this.#end?.error ?? null;
    this.#close();
    if (error === null) stream.end();
    else {
      const { code, details, metadata } = statusObjectOf(error, requestId);
      stream.emit("error", Object.assign(new Error(details), { code, details, metadata }));
    }
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#answers = [];
    this.#errors = [];
    this.#options.onEnd();
  }

  #sendBlock(): void {
    const frame = this.#block.take();
    this.#options.stream.write(frame);
    this.#block.reuse(frame);
  }

  #send(message: SessionResponse): void {
    this.#options.stream.write({ kind: "message", message });
  }

  #throttle(): void {
    const { stream, limits } = this.#options;
    if (this.#closed || (this.#end?.error && !this.#draining)) return;
    const { inflight } = this;
    if (this.#paused) {
      if (stream.writableNeedDrain || inflight > limits.inflightPause / 2) return;
      this.#paused = false;
      stream.resume();
    } else if (stream.writableNeedDrain || inflight >= limits.inflightPause) {
      this.#paused = true;
      stream.pause();
    }
  }
}

function joined(high: number, low: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

/** Code and place of what is wrong with a message, never a part of it. */
export function unanswerableError(reasonCode: number, status: number): AppError {
  if (reasonCode === reason.SYSTEM_ERROR) return plainError("INTERNAL_ERROR");
  if (status >= 0) return plainError("MESSAGE_INVALID");
  const { code, path } = unpackStatus(status);
  const where = path === "" ? "the message" : `element ${path}`;
  const details = { code, path };
  return appError("MESSAGE_INVALID", `${where} cannot be read: ${code}`, { details });
}

// The switch's side of the switch service: unary calls, and sessions that keep many frames under
// way. Simulators, the demo and the bench use it; a switch in TypeScript could.
import type { ClientDuplexStream, ServiceError } from "@grpc/grpc-js";
import { type AppError, appError } from "../../platform/mod.ts";
import {
  type AdviseRequest,
  type AdviseResponse,
  type ResolveRequest,
  type ResolveResponse,
  type SessionItem,
  type SessionRequest,
  type SessionResponse,
  SwitchServiceClient,
  SwitchServiceService,
  type VerifyBatchRequest,
  type VerifyBatchResponse,
  type VerifyRequest,
  type VerifyResponse,
} from "../../proto/mod.ts";
import {
  type ClientTarget,
  callOf,
  clientCredentials,
  clientOptions,
  deadlineIn,
  errorOfCall,
  errorOfStatus,
  readyOf,
} from "./client-channel.ts";
import { defaultLimits } from "./limits.ts";
import {
  BlockWriter,
  decodeSessionResponse,
  type EncodedFrame,
  encodeSessionRequest,
  type Frame,
  itemHeadBytes,
  type OtherFrame,
} from "./session-frame.ts";

/** A frame leaves by itself when it has this many bytes. */
const frameBytesMax = 64 << 10;

type Stream = ClientDuplexStream<EncodedFrame | OtherFrame<SessionRequest>, Frame<SessionResponse>>;

/** Who gets the answers of a session. Correlation ids are whole numbers below 2^53. */
export interface SessionListener {
  /** A message; the bytes are valid during the call. */
  answer(correlation: number, bytes: Buffer, offset: number, length: number): void;
  /** The answer to a structured payment. */
  response?(correlation: number, response: VerifyResponse): void;
  /** An item that got no answer. */
  fail(correlation: number, error: AppError): void;
  /** The server reads again after `flush` had returned false. */
  drain?(): void;
  /** The session is over; null where both sides ended it in good order. */
  end(error: AppError | null): void;
}

export class SwitchSession {
  readonly #stream: Stream;
  readonly #listener: SessionListener;
  readonly #block = new BlockWriter(frameBytesMax);
  #ended = false;

  constructor(stream: Stream, listener: SessionListener) {
    this.#stream = stream;
    this.#listener = listener;
    stream.on("data", (frame: Frame<SessionResponse>) => this.#take(frame));
    stream.on("drain", () => listener.drain?.());
    stream.on("error", (error: ServiceError) => this.#finish(errorOfCall(error)));
    stream.on("end", () => this.#finish(null));
  }

  /** Adds a message (from its MTI on) to the frame in the making; full frames leave at once. */
  add(correlation: number, bytes: Buffer, offset: number, length: number): void {
    if (!this.#block.fits(length) && !this.#block.isEmpty) this.flush();
    this.#block.add(Math.floor(correlation / 2 ** 32), correlation >>> 0, bytes, offset, length);
  }

  /** Sends what was added. False: the server is slow; wait for `drain` before adding more. */
  flush(): boolean {
    if (this.#block.isEmpty) return !this.#stream.writableNeedDrain;
    const frame = this.#block.take();
    // grpc-js keeps a client's frames by reference until they are sent: give it bytes of its own.
    const bytes = Buffer.from(frame.bytes.subarray(frame.start, frame.end));
    frame.written = true;
    this.#block.reuse(frame);
    return this.#stream.write({ ...frame, bytes, start: 0, end: bytes.length });
  }

  /** Sends structured payments as one frame. */
  request(items: SessionItem[]): boolean {
    const message: SessionRequest = { frame: { $case: "requests", requests: { items } } };
    return this.#stream.write({ kind: "message", message });
  }

  /** No more frames from here; the server answers what it has and ends. */
  finish(): void {
    this.flush();
    this.#stream.end();
  }

  cancel(): void {
    this.#stream.cancel();
  }

  #take(frame: Frame<SessionResponse>): void {
    if (frame.kind === "block") {
      this.#takeBlock(frame.bytes, frame.start, frame.end);
      return;
    }
    const content = frame.kind === "message" ? frame.message.frame : undefined;
    if (content?.$case === "answers") {
      for (const { correlationId, response } of content.answers.items) {
        if (response) this.#listener.response?.(Number(correlationId), response);
      }
    } else if (content?.$case === "errors") {
      for (const { correlationId, error } of content.errors.items) {
        if (error) this.#listener.fail(Number(correlationId), errorOfStatus(error));
      }
    } else this.#broken();
  }

  #takeBlock(bytes: Buffer, start: number, end: number): void {
    for (let at = start; at < end; ) {
      if (end - at < itemHeadBytes) {
        this.#broken();
        return;
      }
      const correlation = bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
      const length = bytes.readUInt32BE(at + 8);
      at += itemHeadBytes;
      if (at + length > end) {
        this.#broken();
        return;
      }
      this.#listener.answer(correlation, bytes, at, length);
      at += length;
    }
  }

  #broken(): void {
    this.#finish(appError("INVALID_REQUEST", "the server sent a frame that cannot be read"));
    this.#stream.cancel();
  }

  #finish(error: AppError | null): void {
    if (this.#ended) return;
    // An error status comes before or after the end of the data: the status says how it ended.
    if (error === null) {
      setImmediate(() => {
        if (this.#ended) return;
        this.#ended = true;
        this.#listener.end(null);
      });
      return;
    }
    this.#ended = true;
    this.#listener.end(error);
  }
}

export class SwitchClient {
  readonly #client: SwitchServiceClient;
  readonly #timeoutMs: number;

  /** Connects when first used. Throws CERTIFICATE_UNREADABLE. */
  constructor(target: ClientTarget) {
    const credentials = clientCredentials(target);
    this.#client = new SwitchServiceClient(target.address, credentials, clientOptions(target));
    this.#timeoutMs = target.timeoutMs ?? defaultLimits.deadlineDefaultMs;
  }

  /** Resolves when connected; rejects with NOT_REACHABLE. */
  ready(timeoutMs: number): Promise<void> {
    return readyOf(this.#client, timeoutMs);
  }

  session(listener: SessionListener): SwitchSession {
    const { path } = SwitchServiceService.session;
    const stream = this.#client.makeBidiStreamRequest(
      path,
      encodeSessionRequest,
      decodeSessionResponse,
    );
    return new SwitchSession(stream, listener);
  }

  verify(request: VerifyRequest): Promise<VerifyResponse> {
    const { client, options } = this.#call();
    return callOf((r, done) => client.verify(r, options.metadata, options, done), request);
  }

  verifyBatch(request: VerifyBatchRequest): Promise<VerifyBatchResponse> {
    const { client, options } = this.#call();
    return callOf((r, done) => client.verifyBatch(r, options.metadata, options, done), request);
  }

  resolve(request: ResolveRequest): Promise<ResolveResponse> {
    const { client, options } = this.#call();
    return callOf((r, done) => client.resolve(r, options.metadata, options, done), request);
  }

  advise(request: AdviseRequest): Promise<AdviseResponse> {
    const { client, options } = this.#call();
    return callOf((r, done) => client.advise(r, options.metadata, options, done), request);
  }

  close(): void {
    this.#client.close();
  }

  #call() {
    return { client: this.#client, options: deadlineIn(this.#timeoutMs) };
  }
}

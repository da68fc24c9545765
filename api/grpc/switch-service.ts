// The service of switches and directory servers: hands over, and encodes what comes back.
import type { handleBidiStreamingCall, Server, ServerDuplexStream } from "@grpc/grpc-js";
import { messageBytesMax, type PaymentDispatcher } from "../../hotpath/mod.ts";
import {
  type AppError,
  appError,
  type Clock,
  isAppError,
  type Logger,
} from "../../platform/mod.ts";
import {
  type AdviseRequest,
  type AdviseResponse,
  Decision,
  type ResolveRequest,
  type ResolveResponse,
  type SessionRequest,
  type SessionResponse,
  SwitchServiceService,
  type VerifyBatchRequest,
  type VerifyBatchResponse,
  type VerifyBatchResult,
  type VerifyRequest,
  type VerifyResponse,
} from "../../proto/mod.ts";
import { type CallContext, getContext } from "./call-context.ts";
import { lenient, switchCaller, unary } from "./handlers.ts";
import { type GrpcLimits, sessionAgeMs } from "./limits.ts";
import { AnswerReader } from "./payment-answer.ts";
import { PaymentCalls } from "./payment-calls.ts";
import { nested, PaymentEncoder } from "./payment-message.ts";
import type { GrpcMetrics } from "./ports.ts";
import type { Resolver } from "./resolver.ts";
import { Session } from "./session.ts";
import {
  decodeSessionRequest,
  type EncodedFrame,
  encodeSessionResponse,
  type Frame,
  type OtherFrame,
} from "./session-frame.ts";
import { rpcStatusOf, statusObjectOf, toAppError } from "./status.ts";

export const switchServiceName = "pantun.switch.v1.SwitchService";

export interface SwitchServiceOptions {
  readonly dispatcher: PaymentDispatcher;
  readonly resolver: Resolver;
  readonly limits: GrpcLimits;
  readonly clock: Clock;
  readonly metrics: GrpcMetrics;
  readonly log: Logger;
}

/** Frames are decoded and encoded by session-frame.ts, not by the generated code. */
const sessionDefinition = {
  ...SwitchServiceService.session,
  requestSerialize: () => Buffer.alloc(0),
  requestDeserialize: decodeSessionRequest,
  responseSerialize: encodeSessionResponse,
  responseDeserialize: () => null,
};

export class SwitchService {
  readonly #options: SwitchServiceOptions;
  readonly #calls: PaymentCalls;
  readonly #encoder = new PaymentEncoder();
  readonly #reader = new AnswerReader();
  readonly #sessions = new Set<Session>();
  readonly #scratch = Buffer.allocUnsafe(messageBytesMax);

  constructor(options: SwitchServiceOptions) {
    this.#options = options;
    const { dispatcher, clock } = options;
    this.#calls = new PaymentCalls({ dispatcher, clock, reader: this.#reader });
  }

  addTo(server: Server): void {
    const { log } = this.#options;
    const { verify, verifyBatch, resolve, advise } = SwitchServiceService;
    server.addService(
      {
        session: sessionDefinition,
        verify: lenient(verify),
        verifyBatch: lenient(verifyBatch),
        resolve: lenient(resolve),
        advise: lenient(advise),
      },
      {
        session: this.#session,
        verify: unary(log, (context, request: VerifyRequest) => this.#verify(context, request)),
        verifyBatch: unary(log, (context, request: VerifyBatchRequest) =>
          this.#verifyBatch(context, request),
        ),
        resolve: unary(log, (context, request: ResolveRequest) => this.#resolve(context, request)),
        advise: unary(log, (context, request: AdviseRequest) => this.#advise(context, request)),
      },
    );
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  /** Sessions answer what is under way, then end. */
  drain(): void {
    for (const session of this.#sessions) session.drain("this server is stopping");
  }

  /** Sessions of all other peers answer what is under way, then end. */
  keepPeers(ids: ReadonlySet<number>): void {
    for (const session of this.#sessions) {
      if (!ids.has(session.peerId)) session.drain("this caller is not known any more");
    }
  }

  close(): void {
    this.#calls.close();
  }

  readonly #session: handleBidiStreamingCall<
    Frame<SessionRequest>,
    EncodedFrame | OtherFrame<SessionResponse>
  > = (
    stream: ServerDuplexStream<Frame<SessionRequest>, EncodedFrame | OtherFrame<SessionResponse>>,
  ) => {
    const { dispatcher, limits, clock, metrics, log } = this.#options;
    const context = getContext(stream.metadata);
    let peer: ReturnType<typeof switchCaller>["peer"];
    try {
      peer = switchCaller(context, "switch").peer;
    } catch (error) {
      const { code, details, metadata } = statusObjectOf(toAppError(error), context.requestId);
      stream.emit("error", Object.assign(new Error(details), { code, details, metadata }));
      return;
    }
    metrics.sessions(1);
    const { requestId } = context;
    const started = { event: "session.opened", requestId, peer: peer.name };
    log.info(started);
    const session: Session = new Session({
      stream,
      peer,
      requestId,
      dispatcher,
      encoder: this.#encoder,
      reader: this.#reader,
      limits,
      clock,
      metrics,
      onEnd: () => {
        clearTimeout(age);
        this.#sessions.delete(session);
        metrics.sessions(-1);
        log.info({ ...started, event: "session.closed", unanswered: session.inflight });
      },
    });
    this.#sessions.add(session);
    const old = "this session has reached its age: open another one";
    const age = setTimeout(() => session.drain(old), sessionAgeMs(limits)).unref();
  };

  #submit(context: CallContext, length: number): Promise<VerifyResponse | AppError> {
    const { peer } = switchCaller(context, "switch");
    const { metrics, clock } = this.#options;
    return new Promise((resolve) => {
      this.#calls.submit(peer, this.#scratch, length, context.deadlineMs, (outcome) => {
        metrics.answered?.("unary", (clock.monotonicMs() - context.startedMs) / 1000);
        resolve(outcome);
      });
    });
  }

  async #verify(context: CallContext, request: VerifyRequest): Promise<VerifyResponse> {
    switchCaller(context, "switch");
    const outcome = await this.#submit(
      context,
      this.#encoder.encodeVerify(request, this.#scratch, 0),
    );
    if (isAppError(outcome)) throw outcome;
    return outcome;
  }

  async #verifyBatch(
    context: CallContext,
    request: VerifyBatchRequest,
  ): Promise<VerifyBatchResponse> {
    switchCaller(context, "switch");
    const { structuredMax } = this.#options.limits;
    if (request.requests.length > structuredMax) {
      const details = { field: "requests", countMax: structuredMax };
      throw appError("INVALID_FIELD", `at most ${structuredMax} requests`, { details });
    }
    const outcomes = request.requests.map((item, index) => this.#item(context, item, index));
    const results = (await Promise.all(outcomes)).map(
      (outcome): VerifyBatchResult => ({
        outcome: isAppError(outcome)
          ? { $case: "error", error: rpcStatusOf(outcome) }
          : { $case: "response", response: outcome },
      }),
    );
    return { results };
  }

  #item(context: CallContext, request: VerifyRequest, index: number) {
    let length: number;
    try {
      length = this.#encoder.encodeVerify(request, this.#scratch, 0);
    } catch (error) {
      if (!isAppError(error)) throw error;
      return nested(error, `requests[${index}]`);
    }
    return this.#submit(context, length);
  }

  async #resolve(context: CallContext, request: ResolveRequest): Promise<ResolveResponse> {
    const caller = switchCaller(context, "directory-server");
    const { reasonCode, reason, responseCode, ...rest } = await this.#options.resolver.resolve(
      caller,
      request,
      context.requestId,
    );
    return { ...verdict(reasonCode, reason, responseCode), ...rest };
  }

  async #advise(context: CallContext, request: AdviseRequest): Promise<AdviseResponse> {
    switchCaller(context, "switch");
    const outcome = await this.#submit(
      context,
      this.#encoder.encodeAdvise(request, this.#scratch, 0),
    );
    if (isAppError(outcome)) throw outcome;
    return verdict(outcome.reasonCode, outcome.reason, outcome.responseCode);
  }
}

function verdict(reasonCode: number, reason: string, responseCode: string): AdviseResponse {
  const decision = reasonCode === 0 ? Decision.DECISION_APPROVED : Decision.DECISION_DECLINED;
  return { decision, reasonCode, reason, responseCode };
}

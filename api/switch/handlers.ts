// JSON to the structured requests of the gRPC door and back: one encoder, one pipeline, one table
// of reasons for both.
import { messageBytesMax, type PaymentDispatcher, type Peer } from "../../hotpath/mod.ts";
import { type AppError, type Clock, isAppError, reasonText } from "../../platform/mod.ts";
import { Decision, type OriginalData, type VerifyResponse } from "../../proto/mod.ts";
import { AnswerReader } from "../grpc/payment-answer.ts";
import { PaymentCalls } from "../grpc/payment-calls.ts";
import { PaymentEncoder } from "../grpc/payment-message.ts";
import type { SwitchCaller } from "../grpc/ports.ts";
import type { Resolver } from "../grpc/resolver.ts";
import { InvalidFields } from "../grpc/status.ts";
import type { EncryptionKey } from "../http/client-keys.ts";
import { sealPan } from "../http/encrypted-card.ts";
import { FieldErrors } from "../http/problem.ts";
import type {
  AdviceAnswer,
  AdviceBody,
  ResolveAnswer,
  ResolveBody,
  VerifyAnswer,
  VerifyBody,
} from "./schemas.ts";

/** As long as the gRPC door waits for a caller that names no time. */
const timeoutMs = 2_000;

export interface SwitchHandlerPorts {
  readonly dispatcher: PaymentDispatcher;
  readonly resolver: Resolver;
  readonly clock: Clock;
}

export class SwitchHandlers {
  readonly #ports: SwitchHandlerPorts;
  readonly #calls: PaymentCalls;
  readonly #encoder = new PaymentEncoder();
  readonly #scratch = Buffer.allocUnsafe(messageBytesMax);

  constructor(ports: SwitchHandlerPorts) {
    this.#ports = ports;
    const { dispatcher, clock } = ports;
    this.#calls = new PaymentCalls({ dispatcher, clock, reader: new AnswerReader() });
  }

  close(): void {
    this.#calls.close();
  }

  async verify(peer: Peer, key: EncryptionKey, body: VerifyBody): Promise<VerifyAnswer> {
    const request = { ...noFields, ...body, ...numbersOf(body), otherTags: body.otherTags ?? [] };
    const response = await this.#submit(peer, (out) => this.#encoder.encodeVerify(request, out, 0));
    const common = {
      ...verdictOf(response),
      ptavResult: response.ptavResult,
      verificationId: response.verificationId,
      repetition: response.repetition,
    };
    if (response.decision !== Decision.DECISION_APPROVED) return common;
    try {
      const { panExpiry, par, tam, tokenType, issuerData } = response;
      const pan = await sealPan(response.pan, key);
      return { ...common, pan, ...given({ panExpiry, par, tam, tokenType, issuerData }) };
    } finally {
      response.pan.fill(0);
    }
  }

  async resolve(
    caller: SwitchCaller,
    body: ResolveBody,
    requestId: string,
  ): Promise<ResolveAnswer> {
    const found = await camel(() => this.#ports.resolver.resolve(caller, body, requestId));
    const { reasonCode, reason, responseCode, issuerId, acsRoutingKey, encryptedPan: pan } = found;
    const decision = reasonCode === 0 ? "APPROVED" : "DECLINED";
    const verdict = { decision, reasonCode: reasonText(reasonCode), reason, responseCode } as const;
    return { ...verdict, ...given({ issuerId, acsRoutingKey, pan }) };
  }

  async advice(peer: Peer, body: AdviceBody): Promise<AdviceAnswer> {
    const { amount } = numbersOf(body);
    const repeat = body.repeat === true;
    const request = { ...body, amount, repeat, original: originalOf(body.original) };
    return verdictOf(
      await this.#submit(peer, (out) => this.#encoder.encodeAdvise(request, out, 0)),
    );
  }

  #submit(peer: Peer, encode: (out: Buffer) => number): Promise<VerifyResponse> {
    return camel(() => {
      const length = encode(this.#scratch);
      const deadlineMs = this.#ports.clock.monotonicMs() + timeoutMs;
      return new Promise<VerifyResponse>((resolve, reject) => {
        this.#calls.submit(peer, this.#scratch, length, deadlineMs, (outcome) => {
          if (isAppError(outcome)) reject(outcome);
          else resolve(outcome);
        });
      });
    });
  }
}

/** Of a field that is not given: what the proto has for it. */
const noFields = {
  tokenExpiry: "",
  mcc: "",
  posEntryMode: "",
  posCondition: "",
  forwarderId: "",
  terminalId: "",
  merchantName: "",
  trid: "",
  ptav: "",
  initiation: "",
  mitType: "",
  storedCredential: "",
  agreementId: "",
  piav: "",
  eci: "",
  dsTransId: "",
} as const;

function numbersOf(body: VerifyBody | AdviceBody) {
  const left = "replacementAmount" in body ? (body.replacementAmount ?? 0) : 0;
  return {
    amount: BigInt(body.amount),
    replacementAmount: BigInt(left),
    original: body.original === undefined ? undefined : originalOf(body.original),
  };
}

function originalOf(original: AdviceBody["original"]): OriginalData {
  return { ...original, forwarderId: original.forwarderId ?? "" };
}

function verdictOf({ reasonCode, reason, responseCode, decision }: VerifyResponse) {
  return {
    decision: decision === Decision.DECISION_APPROVED ? "APPROVED" : "DECLINED",
    reasonCode: reasonText(reasonCode),
    reason,
    responseCode,
  } as const;
}

/** Only what has a value. */
function given<Name extends string>(
  fields: Readonly<Record<Name, string>>,
): { readonly [One in Name]?: string } {
  const kept = Object.entries<string>(fields).filter(([, value]) => value !== "");
  return Object.fromEntries(kept) as { readonly [One in Name]?: string };
}

/** Bad fields by the names that this door gives them. */
async function camel<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof InvalidFields ? fieldErrors(error) : error;
  }
}

function fieldErrors({ violations }: InvalidFields): AppError {
  return new FieldErrors(
    violations.map(({ field, code, description }) => ({
      field: field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      code,
      detail: description,
    })),
  );
}

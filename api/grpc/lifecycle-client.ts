// The callers' side of the command path: what a requestor and what an issuer calls.
import { Client, type ServiceError } from "@grpc/grpc-js";
import { issuer, lifecycle } from "../../proto/mod.ts";
import {
  type ClientTarget,
  callOf,
  clientCredentials,
  clientOptions,
  deadlineIn,
} from "./client-channel.ts";
import { defaultLimits } from "./limits.ts";

/** As much of a generated unary method as a call needs. */
interface UnaryMethod<Request, Response> {
  readonly path: string;
  readonly requestSerialize: (value: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

type Methods = Readonly<Record<string, UnaryMethod<never, unknown>>>;
type RequestOf<Method> = Method extends UnaryMethod<infer Request, unknown> ? Request : never;
type ResponseOf<Method> = Method extends UnaryMethod<never, infer Response> ? Response : never;

/** A client of one service. Connects when first used. */
class ServiceClient<Service extends Methods> {
  readonly #service: Service;
  readonly #client: Client;
  readonly #timeoutMs: number;

  /** Throws CERTIFICATE_UNREADABLE. */
  constructor(service: Service, target: ClientTarget) {
    this.#service = service;
    this.#client = new Client(target.address, clientCredentials(target), clientOptions(target));
    this.#timeoutMs = target.timeoutMs ?? defaultLimits.deadlineDefaultMs;
  }

  /** Any method by its name; rejects with the operating error that the service meant. */
  call<Name extends keyof Service>(
    name: Name,
    request: RequestOf<Service[Name]>,
  ): Promise<ResponseOf<Service[Name]>> {
    type Request = RequestOf<Service[Name]>;
    type Response = ResponseOf<Service[Name]>;
    const method = this.#service[name] as unknown as UnaryMethod<Request, Response>;
    const { metadata, ...options } = deadlineIn(this.#timeoutMs);
    return callOf<Request, Response>((message, done) => {
      const answered = (error: ServiceError | null, response?: Response) =>
        done(error, response as Response);
      const { path, requestSerialize, responseDeserialize } = method;
      this.#client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        message,
        metadata,
        options,
        answered,
      );
    }, request);
  }

  close(): void {
    this.#client.close();
  }
}

/** A requestor's client of the lifecycle service. */
export class LifecycleClient extends ServiceClient<typeof lifecycle.LifecycleServiceService> {
  constructor(target: ClientTarget) {
    super(lifecycle.LifecycleServiceService, target);
  }
}

/** An issuer's client. */
export class IssuerClient extends ServiceClient<typeof issuer.IssuerServiceService> {
  constructor(target: ClientTarget) {
    super(issuer.IssuerServiceService, target);
  }
}

// The token requestor's side of the requestor service.
import {
  type GetTokenDataRequest,
  type GetTokenDataResponse,
  RequestorServiceClient,
} from "../../proto/mod.ts";
import {
  type ClientTarget,
  callOf,
  clientCredentials,
  clientOptions,
  deadlineIn,
  readyOf,
} from "./client-channel.ts";
import { defaultLimits } from "./limits.ts";

export class RequestorClient {
  readonly #client: RequestorServiceClient;
  readonly #timeoutMs: number;

  /** Connects when first used. Throws CERTIFICATE_UNREADABLE. */
  constructor(target: ClientTarget) {
    const credentials = clientCredentials(target);
    this.#client = new RequestorServiceClient(target.address, credentials, clientOptions(target));
    this.#timeoutMs = target.timeoutMs ?? defaultLimits.deadlineDefaultMs;
  }

  /** Resolves when connected; rejects with NOT_REACHABLE. */
  ready(timeoutMs: number): Promise<void> {
    return readyOf(this.#client, timeoutMs);
  }

  /** Rejects with the operating error that the service meant. */
  getTokenData(request: GetTokenDataRequest): Promise<GetTokenDataResponse> {
    const options = deadlineIn(this.#timeoutMs);
    return callOf(
      (message, done) => this.#client.getTokenData(message, options.metadata, options, done),
      request,
    );
  }

  close(): void {
    this.#client.close();
  }
}

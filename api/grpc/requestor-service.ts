// The service of token requestors: decodes, checks who may act for which TRID, hands over, encodes.
import type { Server } from "@grpc/grpc-js";
import type { Logger } from "../../platform/mod.ts";
import {
  type GetTokenDataRequest,
  type GetTokenDataResponse,
  RequestorServiceService,
} from "../../proto/mod.ts";
import type { CallContext } from "./call-context.ts";
import { lenient, requestorCaller, unary } from "./handlers.ts";
import type { TokenDataIssuer } from "./ports.ts";
import { checkTokenData } from "./queries.ts";
import { plainError } from "./status.ts";

export const requestorServiceName = "pantun.requestor.v1.RequestorService";

export interface RequestorServiceOptions {
  readonly issuer: TokenDataIssuer;
  readonly log: Logger;
}

export class RequestorService {
  readonly #options: RequestorServiceOptions;

  constructor(options: RequestorServiceOptions) {
    this.#options = options;
  }

  addTo(server: Server): void {
    const { log } = this.#options;
    server.addService(
      { getTokenData: lenient(RequestorServiceService.getTokenData) },
      {
        getTokenData: unary(log, (context, request: GetTokenDataRequest) =>
          this.#getTokenData(context, request),
        ),
      },
    );
  }

  async #getTokenData(
    context: CallContext,
    request: GetTokenDataRequest,
  ): Promise<GetTokenDataResponse> {
    const caller = requestorCaller(context);
    const query = checkTokenData(request);
    if (!caller.trids.includes(query.trid)) throw plainError("TRID_NOT_ALLOWED");
    // Before the token is looked at: a merchant-initiated payment never has a PTAV.
    if (query.transactionType === "MIT") throw plainError("PTAV_NOT_APPLICABLE");
    const { ptav, tpan, tpanExpiry, trid, expiresAt } = await this.#options.issuer.issue(query);
    const expires = { seconds: BigInt(expiresAt), nanos: 0 };
    return { ptav, tpan, tpanExpiry, trid, expiresAt: expires };
  }
}

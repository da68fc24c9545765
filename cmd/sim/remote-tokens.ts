// Tokens and PTAVs as a token requestor gets them: over gRPC, from the requestor service.
import type { RequestorClient } from "../../api/grpc/mod.ts";
import { appError } from "../../platform/mod.ts";
import type { GetTokenDataRequest, GetTokenDataResponse } from "../../proto/mod.ts";
import { Binding, TransactionType } from "../../proto/mod.ts";
import { readTokenFile } from "./token-file.ts";
import type { PtavRequest, PtavSource, SimToken } from "./tokens.ts";

/** A source that asks the service for every payment. It cannot make expired PTAVs. */
export function remotePtavSource(client: RequestorClient): PtavSource {
  const get = async ({ token, amount, merchantId }: PtavRequest): Promise<string> => {
    const response = await client.getTokenData(requestFor(token, amount, merchantId));
    return response.ptav;
  };
  return { local: false, get };
}

interface TokenName {
  readonly trid: string;
  readonly tokenRef: string;
}

function requestFor(token: TokenName, amount: number, merchantId: string): GetTokenDataRequest {
  return {
    trid: token.trid,
    tokenRef: token.tokenRef,
    transactionType: TransactionType.TRANSACTION_TYPE_CIT,
    amount: BigInt(amount),
    currency: "458",
    merchantId,
    unpredictableNumber: Buffer.alloc(0),
    amountBinding: Binding.BINDING_BOUND,
    merchantBinding: Binding.BINDING_BOUND,
  };
}

export interface RemoteTokenOptions {
  readonly tokensMax: number;
  readonly acquirerId: string;
  readonly merchantId: string;
}

/**
 * Reads token names from a token file and asks the service for the rest. The
 * card behind them stays unknown: the simulator then only checks that some card comes back.
 */
export async function readRemoteTokens(
  path: string,
  client: RequestorClient,
  options: RemoteTokenOptions,
): Promise<SimToken[]> {
  const names = readTokenFile(path).slice(0, options.tokensMax);
  if (names.length === 0) throw appError("USAGE", `The token file ${path} names no token.`);
  const tokens: SimToken[] = [];
  for (const name of names) {
    const data = await client.getTokenData(requestFor(name, 1, options.merchantId));
    tokens.push(toToken(name, data, options));
  }
  return tokens;
}

function toToken(
  name: TokenName,
  data: GetTokenDataResponse,
  options: RemoteTokenOptions,
): SimToken {
  return {
    tpan: data.tpan,
    tpanExpiry: data.tpanExpiry,
    trid: name.trid,
    tokenRef: name.tokenRef,
    state: "ACTIVE",
    acquirerId: options.acquirerId,
    merchantId: options.merchantId,
    card: null,
  };
}

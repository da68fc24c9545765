// What a directory server asks, whichever door it comes through: quotas over all of them, the
// look-up, the card sealed for the issuer's access control server, and a line in the log for each
// question.
import type { DirectoryAnswer } from "../../hotpath/mod.ts";
import { type Clock, getReason, type Logger } from "../../platform/mod.ts";
import type { ResolveRequest } from "../../proto/mod.ts";
import type { AcsKeys } from "../http/acs-keys.ts";
import { defaultLimits, type GrpcLimits } from "./limits.ts";
import type { SwitchCaller, TokenDirectory } from "./ports.ts";
import { checkResolve } from "./queries.ts";
import { Quota } from "./quota.ts";

export interface ResolverOptions {
  readonly directory: TokenDirectory;
  readonly acs: AcsKeys;
  /** Changes to the limits of limits.ts. */
  readonly limits?: Partial<
    Pick<GrpcLimits, "resolvePerCallerPerSecond" | "resolvePerTokenPerMinute">
  >;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Resolved {
  readonly reasonCode: number;
  readonly reason: string;
  /** As DE39 would say it. */
  readonly responseCode: string;
  /** The others are "" in a decline. */
  readonly issuerId: string;
  readonly acsRoutingKey: string;
  readonly encryptedPan: string;
}

export class Resolver {
  readonly #options: ResolverOptions;
  readonly #callers: Quota;
  readonly #tokens: Quota;

  constructor(options: ResolverOptions) {
    this.#options = options;
    const { clock } = options;
    const limits = { ...defaultLimits, ...options.limits };
    const quota = (callsMax: number, windowMs: number, subject: string) =>
      new Quota({ callsMax, windowMs, clock, subject });
    this.#callers = quota(limits.resolvePerCallerPerSecond, 1_000, "caller");
    this.#tokens = quota(limits.resolvePerTokenPerMinute, 60_000, "token");
  }

  /** InvalidFields, RATE_LIMITED, SERVICE_UNAVAILABLE where a release cannot be written down. */
  async resolve(
    { name: caller, peer }: Pick<SwitchCaller, "name" | "peer">,
    request: ResolveRequest,
    requestId: string,
  ): Promise<Resolved> {
    const { directory, acs, log } = this.#options;
    this.#callers.take(caller);
    const query = checkResolve(request);
    this.#tokens.take(query.tpan);
    const hasServer = (issuerId: string) => acs.find(issuerId) !== undefined;
    const found = await directory.resolve(peer, query, hasServer);
    const { code, name: reason, de39 } = getReason(found.reasonCode);
    const { issuerId, acsRoutingKey, encryptedPan } = await this.#answer(found);
    const released = encryptedPan !== "";
    const { trid, acquirerId } = query;
    const line = { event: "directory.resolved", caller, requestId, trid, acquirerId };
    log.info({ ...line, reason, issuerId, released });
    return {
      reasonCode: code,
      reason,
      responseCode: de39,
      issuerId,
      acsRoutingKey,
      encryptedPan,
    };
  }

  async #answer({ reasonCode, issuerId, acsRoutingKey, pan }: DirectoryAnswer) {
    if (reasonCode !== 0) return { issuerId: "", acsRoutingKey: "", encryptedPan: "" };
    const { acs } = this.#options;
    const routingKey = acs.find(issuerId)?.routingKey ?? acsRoutingKey;
    const encryptedPan = pan === undefined ? "" : await acs.seal(issuerId, pan);
    return { issuerId, acsRoutingKey: routingKey, encryptedPan };
  }
}

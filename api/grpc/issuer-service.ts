// The service of card issuers: checks, says whose cards they are, hands over, encodes.
import type { Server } from "@grpc/grpc-js";
import {
  type CardAction,
  CardDesk,
  type Caller as CommandCaller,
  type Done,
  type TokenAction,
} from "../../actors/mod.ts";
import type { ClearPAN } from "../../codec/pan/mod.ts";
import type { Clock, Logger } from "../../platform/mod.ts";
import { issuer } from "../../proto/mod.ts";
import { getToken, type TokenEvent, type Vault } from "../../vault/mod.ts";
import { CardArt } from "../art/mod.ts";
import { listCardArt, putCardArt } from "./art-calls.ts";
import type { CallContext } from "./call-context.ts";
import { FieldCheck } from "./card-checks.ts";
import { cardStatusCode, tokenStatusCode, wireToken } from "./card-names.ts";
import { deskCall, positionText, tokenOutcome } from "./command-answers.ts";
import { issuerCaller, lenient, unary } from "./handlers.ts";
import type { CommandsPort, HistoryPort } from "./ports.ts";
import { plainError } from "./status.ts";

export const issuerServiceName = "pantun.issuer.v1.IssuerService";

export interface IssuerServiceOptions {
  readonly vault: Vault;
  readonly commands: CommandsPort;
  readonly history: HistoryPort;
  readonly clock: Clock;
  readonly log: Logger;
}

const cardEventsMax = 100;
const cardEventsDefault = 20;
const tokenEventsMax = 500;
const tokenEventsDefault = 100;

type WithCard = { readonly action: issuer.CardAction | undefined };
type WithToken = { readonly action: issuer.TokenAction | undefined };

export class IssuerService {
  readonly #options: IssuerServiceOptions;
  readonly #desk: CardDesk;
  readonly #art: CardArt;

  constructor(options: IssuerServiceOptions) {
    this.#options = options;
    this.#desk = new CardDesk(options);
    this.#art = new CardArt(options);
  }

  addTo(server: Server): void {
    const { log } = this.#options;
    const is = issuer.IssuerServiceService;
    server.addService(
      {
        suspendCard: lenient(is.suspendCard),
        resumeCard: lenient(is.resumeCard),
        deleteCard: lenient(is.deleteCard),
        updateCardExpiry: lenient(is.updateCardExpiry),
        updateCardPan: lenient(is.updateCardPan),
        suspendToken: lenient(is.suspendToken),
        resumeToken: lenient(is.resumeToken),
        deleteToken: lenient(is.deleteToken),
        activateToken: lenient(is.activateToken),
        searchTokens: lenient(is.searchTokens),
        listCardHistory: lenient(is.listCardHistory),
        listTokenHistory: lenient(is.listTokenHistory),
        putCardArt: lenient(is.putCardArt),
        listCardArt: lenient(is.listCardArt),
      },
      {
        suspendCard: unary(log, this.#card("suspend")),
        resumeCard: unary(log, this.#card("resume")),
        deleteCard: unary(log, this.#card("delete")),
        updateCardExpiry: unary(log, this.#expiry),
        updateCardPan: unary(log, this.#updatePan),
        suspendToken: unary(log, this.#token("suspend")),
        resumeToken: unary(log, this.#token("resume")),
        deleteToken: unary(log, this.#token("delete")),
        activateToken: unary(log, this.#token("activate")),
        searchTokens: unary(log, this.#searchTokens),
        listCardHistory: unary(log, this.#cardHistory),
        listTokenHistory: unary(log, this.#tokenHistory),
        putCardArt: unary(log, this.#putCardArt),
        listCardArt: unary(log, (context) =>
          listCardArt(this.#art, issuerCaller(context).issuerId),
        ),
      },
    );
  }

  #call(context: CallContext, idempotencyKey: string) {
    return deskCall(context, `issuer ${issuerCaller(context).issuerId}`, idempotencyKey);
  }

  readonly #putCardArt = (context: CallContext, request: issuer.PutCardArtRequest) => {
    const { issuerId } = issuerCaller(context);
    return putCardArt(this.#art, issuerId, request, (key) => this.#call(context, key));
  };

  #card(action: "suspend" | "resume" | "delete") {
    return async (context: CallContext, request: WithCard): Promise<Outcome> =>
      this.#change(context, request.action, action, 0);
  }

  readonly #expiry = async (
    context: CallContext,
    request: issuer.UpdateCardExpiryRequest,
  ): Promise<Outcome> => {
    issuerCaller(context);
    const check = new FieldCheck();
    const expiry = check.yymm("new_expiry", request.newExpiry);
    check.done();
    return this.#change(context, request.action, "expiry", expiry);
  };

  async #change(
    context: CallContext,
    given: issuer.CardAction | undefined,
    action: CardAction["action"],
    expiry: number,
  ): Promise<Outcome> {
    const { issuerId } = issuerCaller(context);
    const check = given === undefined ? new FieldCheck() : new FieldCheck("action.");
    if (given === undefined) check.missing("action");
    const idempotencyKey = given === undefined ? "" : check.idempotencyKey(given.idempotencyKey);
    const pan = given && check.pan("pan", given.pan);
    const reason = given === undefined ? "NONE" : check.reason(given.reasonCode);
    const causedAtMs = check.time("caused_at", given?.causedAt);
    check.done();
    const call = this.#call(context, idempotencyKey);
    const card = { action, pan: pan as ClearPAN, issuerId, reason, expiry, causedAtMs };
    return { outcome: cardOutcome(await this.#desk.card(call, card)) };
  }

  readonly #updatePan = async (
    context: CallContext,
    request: issuer.UpdateCardPanRequest,
  ): Promise<issuer.UpdateCardPanResponse> => {
    const { issuerId } = issuerCaller(context);
    const check = new FieldCheck();
    const idempotencyKey = check.idempotencyKey(request.idempotencyKey);
    const pan = check.pan("pan", request.pan) as ClearPAN;
    const { newCard } = request;
    if (newCard === undefined) check.missing("new_card");
    const newPan = (newCard && check.pan("new_card.pan", newCard.pan)) as ClearPAN;
    const newExpiry = newCard === undefined ? 0 : check.yymm("new_card.expiry", newCard.expiry);
    const reason = check.reason(request.reasonCode);
    check.done();
    const call = this.#call(context, idempotencyKey);
    const update = { pan, newPan, newExpiry, issuerId, reason };
    const done = await this.#desk.updatePan(call, update);
    const { changed, tokensAffected, mergedTokens } = done.answer;
    return {
      changed: changed === true,
      tokensAffected: Number(tokensAffected ?? 0),
      mergedTokens: Array.isArray(mergedTokens) ? mergedTokens.map(String) : [],
      repeated: done.repeated,
      position: positionText(done.position),
    };
  };

  #token(action: TokenAction["action"]) {
    return async (
      context: CallContext,
      request: WithToken,
    ): Promise<{ outcome: issuer.TokenOutcome }> => {
      const { issuerId } = issuerCaller(context);
      const check = request.action === undefined ? new FieldCheck() : new FieldCheck("action.");
      const given = request.action;
      if (given === undefined) check.missing("action");
      const idempotencyKey = given === undefined ? "" : check.idempotencyKey(given.idempotencyKey);
      const tokenRef = given === undefined ? "" : check.tokenRef(given.tokenRef);
      const reason = given === undefined ? "NONE" : check.reason(given.reasonCode);
      check.done();
      const caller: CommandCaller = { who: "ISSUER", issuerId };
      const cause = given?.onBehalfOfCardholder === true ? "CARDHOLDER" : "ISSUER_TOKEN";
      const expectVersion = given?.expectedVersion;
      const call = this.#call(context, idempotencyKey);
      const more = { action, caller, cause, reason, expectVersion } as const;
      const done = await this.#desk.token(call, tokenRef, (ref) => ({
        command: "token",
        ref,
        ...more,
      }));
      return { outcome: tokenOutcome(done) };
    };
  }

  /** PAN_NOT_OWNED for every number outside the issuer's ranges, known or not. */
  #ownPan(context: CallContext, check: FieldCheck, bytes: Buffer): ClearPAN {
    const { issuerId } = issuerCaller(context);
    const pan = check.pan("pan", bytes) as ClearPAN;
    check.done();
    this.#options.vault.freshRead();
    if (this.#desk.rangeOf(pan)?.issuer.id !== issuerId) throw plainError("PAN_NOT_OWNED");
    return pan;
  }

  readonly #searchTokens = async (
    context: CallContext,
    request: issuer.SearchTokensRequest,
  ): Promise<issuer.SearchTokensResponse> => {
    const pan = this.#ownPan(context, new FieldCheck(), request.pan);
    const { status, tokens } = this.#desk.viewCard(pan);
    return { cardStatus: cardStatusCode(status), tokens: tokens.map(wireToken) };
  };

  readonly #cardHistory = async (
    context: CallContext,
    request: issuer.ListCardHistoryRequest,
  ): Promise<issuer.ListCardHistoryResponse> => {
    const check = new FieldCheck();
    const limit = check.limit(request.limit, cardEventsMax, cardEventsDefault);
    const pan = this.#ownPan(context, check, request.pan);
    const { tokens } = this.#desk.viewCard(pan);
    const events = tokens.flatMap(({ ref }) => this.#eventsOf(ref, { limit }));
    events.sort((a, b) => (a.position < b.position ? 1 : -1));
    return { events };
  };

  readonly #tokenHistory = async (
    context: CallContext,
    request: issuer.ListTokenHistoryRequest,
  ): Promise<issuer.ListTokenHistoryResponse> => {
    const { issuerId } = issuerCaller(context);
    const check = new FieldCheck();
    const tokenRef = check.tokenRef(request.tokenRef);
    const limit = check.limit(request.limit, tokenEventsMax, tokenEventsDefault);
    check.done();
    if (this.#desk.issuerOf(tokenRef) !== issuerId) throw plainError("TOKEN_NOT_FOUND");
    const { before } = request;
    return { events: this.#eventsOf(tokenRef, before === "" ? { limit } : { limit, before }) };
  };

  #eventsOf(ref: string, options: { limit: number; before?: string }): issuer.HistoryEvent[] {
    const { vault, history } = this.#options;
    const { index } = getToken(vault, ref);
    return history.eventsOf(index, options).map((event) => historyEvent(ref, event));
  }
}

interface Outcome {
  readonly outcome: issuer.CardOutcome;
}

function cardOutcome({ answer, repeated, position }: Done): issuer.CardOutcome {
  const unchanged = Array.isArray(answer.tokensUnchanged) ? answer.tokensUnchanged : [];
  return {
    changed: answer.changed === true,
    stale: answer.stale === true,
    status: cardStatusCode(answer.status),
    tokensAffected: Number(answer.tokensAffected ?? 0),
    tokensUnchanged: unchanged.map((one: { tokenRef: string; reason: string }) => ({
      tokenRef: one.tokenRef,
      reason: tokenStatusCode(one.reason),
    })),
    tokensUnchangedCount: Number(answer.tokensUnchangedCount ?? 0),
    eventsQueued: Number(answer.eventsQueued ?? 0),
    repeated,
    position: positionText(position),
  };
}

function historyEvent(tokenRef: string, event: TokenEvent): issuer.HistoryEvent {
  const seconds = Math.floor(event.timeMs / 1_000);
  const nanos = Math.round((event.timeMs - seconds * 1_000) * 1e6);
  return {
    tokenRef,
    position: event.position,
    at: { seconds: BigInt(seconds), nanos },
    kind: event.kind,
    reasonCode: String(event.reason).padStart(4, "0"),
    mti: event.mti,
    trid: event.trid,
    amount: event.amount,
    currency: event.currency,
    acquirerId: event.acquirer,
    merchantId: event.merchant,
    rrn: event.rrn,
    verificationId: event.verificationId,
  };
}

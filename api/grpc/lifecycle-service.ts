// The lifecycle service of token requestors: checks, says whose tokens they are, hands over,
// encodes.
import type { Server } from "@grpc/grpc-js";
import {
  CardDesk,
  type DeskCall,
  type Done,
  parseTarget,
  submitSubscriber,
  type TokenAction,
  withProof,
} from "../../actors/mod.ts";
import type { Clock, Logger } from "../../platform/mod.ts";
import { lifecycle } from "../../proto/mod.ts";
import type { TokenView, Vault } from "../../vault/mod.ts";
import { CardArt } from "../art/mod.ts";
import { wireArt } from "./art-calls.ts";
import type { CallContext } from "./call-context.ts";
import { FieldCheck } from "./card-checks.ts";
import { wireToken } from "./card-names.ts";
import type { CardRate } from "./card-rate.ts";
import { caughtUp, deskCall, positionText, tokenOutcome } from "./command-answers.ts";
import { lenient, requestorCaller, unary } from "./handlers.ts";
import {
  type ActionFields,
  checkAction,
  checkAgreement,
  checkProvision,
  checkRevoke,
  checkWebhook,
} from "./lifecycle-checks.ts";
import type { CommandsPort, EventsPort } from "./ports.ts";
import { plainError } from "./status.ts";

export const lifecycleServiceName = "pantun.requestor.v1.LifecycleService";

export interface LifecycleServiceOptions {
  readonly vault: Vault;
  readonly commands: CommandsPort;
  readonly events: EventsPort;
  /** Webhooks to this machine are taken: for tests and demonstrations only. */
  readonly loopbackWebhooks: boolean;
  readonly provisions: CardRate;
  readonly clock: Clock;
  readonly log: Logger;
}

const eventsDefault = 100;
const eventsMax = 500;

export class LifecycleService {
  readonly #options: LifecycleServiceOptions;
  readonly #desk: CardDesk;
  readonly #art: CardArt;

  constructor(options: LifecycleServiceOptions) {
    this.#options = options;
    this.#desk = new CardDesk(options);
    this.#art = new CardArt(options);
  }

  addTo(server: Server): void {
    const { log } = this.#options;
    const is = lifecycle.LifecycleServiceService;
    server.addService(
      {
        provisionToken: lenient(is.provisionToken),
        getToken: lenient(is.getToken),
        suspendToken: lenient(is.suspendToken),
        resumeToken: lenient(is.resumeToken),
        deleteToken: lenient(is.deleteToken),
        activateToken: lenient(is.activateToken),
        putAgreement: lenient(is.putAgreement),
        revokeAgreement: lenient(is.revokeAgreement),
        listEvents: lenient(is.listEvents),
        putWebhook: lenient(is.putWebhook),
        deleteWebhook: lenient(is.deleteWebhook),
        getAsset: lenient(is.getAsset),
      },
      {
        provisionToken: unary(log, this.#provision),
        getToken: unary(log, this.#getToken),
        suspendToken: unary(log, this.#act("suspend")),
        resumeToken: unary(log, this.#act("resume")),
        deleteToken: unary(log, this.#act("delete")),
        activateToken: unary(log, this.#act("activate")),
        putAgreement: unary(log, this.#putAgreement),
        revokeAgreement: unary(log, this.#revokeAgreement),
        listEvents: unary(log, this.#listEvents),
        putWebhook: unary(log, this.#putWebhook),
        deleteWebhook: unary(log, this.#deleteWebhook),
        getAsset: unary(log, this.#getAsset),
      },
    );
  }

  /** The caller may act for the TRID, and the TRID may act. */
  #admit(context: CallContext, trid: string): void {
    if (!requestorCaller(context).trids.includes(trid)) throw plainError("TRID_NOT_ALLOWED");
    const { vault } = this.#options;
    vault.freshRead();
    const requestor = vault.registry().findRequestor(trid);
    if (requestor?.status === "SUSPENDED") throw plainError("REQUESTOR_SUSPENDED");
  }

  #call(context: CallContext, idempotencyKey: string): DeskCall {
    return deskCall(context, `requestor ${requestorCaller(context).name}`, idempotencyKey);
  }

  readonly #provision = async (
    context: CallContext,
    request: lifecycle.ProvisionTokenRequest,
  ): Promise<lifecycle.ProvisionTokenResponse> => {
    requestorCaller(context);
    const { idempotencyKey, dsTransId, content, command } = checkProvision(
      request,
      this.#options.clock.nowMs(),
    );
    this.#admit(context, command.trid);
    const call = { ...this.#call(context, idempotencyKey), request: content };
    this.#options.provisions.take(command.pan, this.#desk, call);
    const ports = { ...this.#options, desk: this.#desk };
    const done = await withProof(ports, call, { ...command, dsTransId }, () =>
      this.#desk.provision(call, command),
    );
    const token = this.#desk.viewToken(String(done.answer.tokenRef), command.trid);
    const range = this.#desk.rangeOf(command.pan);
    const look = await this.#art.lookOrNone(range, call.deadlineMs, this.#options.log);
    return {
      token: wireToken(token),
      tpan: digitsOf(token.tpan),
      reused: done.answer.reused === true,
      ...receiptOf(done),
      cardArt: wireArt(look),
    };
  };

  readonly #getToken = async (
    context: CallContext,
    request: lifecycle.GetTokenRequest,
  ): Promise<lifecycle.GetTokenResponse> => {
    const check = new FieldCheck();
    const trid = check.trid(request.trid);
    const ref = check.tokenRef(request.tokenRef);
    check.done();
    this.#admit(context, trid);
    await caughtUp(this.#desk, request.minPosition, context.deadlineMs, this.#options.clock);
    return { token: wireToken(this.#desk.viewToken(ref, trid)) };
  };

  readonly #getAsset = (
    context: CallContext,
    request: lifecycle.GetAssetRequest,
  ): lifecycle.GetAssetResponse => {
    const check = new FieldCheck();
    const trid = check.trid(request.trid);
    const rule = "an id that a provisioning answered";
    const assetId = check.text("asset_id", request.assetId, /^[!-~]{1,64}$/, rule);
    check.done();
    this.#admit(context, trid);
    return { mediaType: "image/png", picture: this.#art.picture(assetId) };
  };

  #act(action: TokenAction["action"]) {
    return async (
      context: CallContext,
      request: { readonly action: lifecycle.TokenAction | undefined },
    ): Promise<{ outcome: lifecycle.TokenOutcome }> => {
      requestorCaller(context);
      const fields = checkAction(request.action);
      this.#admit(context, fields.trid);
      const done = await this.#change(context, action, fields);
      return { outcome: tokenOutcome(done) };
    };
  }

  #change(context: CallContext, action: TokenAction["action"], fields: ActionFields) {
    const { trid, tokenRef, reason, expectVersion, idempotencyKey } = fields;
    const caller = { who: "REQUESTOR", trid } as const;
    return this.#desk.token(this.#call(context, idempotencyKey), tokenRef, (ref) => ({
      command: "token",
      action,
      ref,
      caller,
      cause: "TOKEN_REQUESTOR",
      reason,
      expectVersion,
    }));
  }

  readonly #putAgreement = async (
    context: CallContext,
    request: lifecycle.PutAgreementRequest,
  ): Promise<lifecycle.PutAgreementResponse> => {
    requestorCaller(context);
    const { idempotencyKey, trid, tokenRef, agreement } = checkAgreement(request);
    this.#admit(context, trid);
    const caller = { who: "REQUESTOR", trid } as const;
    const done = await this.#desk.token(this.#call(context, idempotencyKey), tokenRef, (ref) => ({
      command: "putAgreement",
      ref,
      caller,
      agreement,
    }));
    return changedOf(done);
  };

  readonly #revokeAgreement = async (
    context: CallContext,
    request: lifecycle.RevokeAgreementRequest,
  ): Promise<lifecycle.RevokeAgreementResponse> => {
    requestorCaller(context);
    const { idempotencyKey, trid, tokenRef, name } = checkRevoke(request);
    this.#admit(context, trid);
    const caller = { who: "REQUESTOR", trid } as const;
    const done = await this.#desk.token(this.#call(context, idempotencyKey), tokenRef, (ref) => ({
      command: "revokeAgreement",
      ref,
      caller,
      name,
    }));
    return changedOf(done);
  };

  readonly #listEvents = async (
    context: CallContext,
    request: lifecycle.ListEventsRequest,
  ): Promise<lifecycle.ListEventsResponse> => {
    requestorCaller(context);
    const check = new FieldCheck();
    const trid = check.trid(request.trid);
    const limit = check.limit(request.limit, eventsMax, eventsDefault);
    check.done();
    this.#admit(context, trid);
    const { cursor } = request;
    const pulled = await this.#options.events.pull(trid, cursor === "" ? undefined : cursor, limit);
    return {
      events: pulled.events.map(({ eventId, type, body }) => ({ eventId, type, body })),
      cursor: pulled.cursor,
      more: pulled.more,
      gap: pulled.gap,
    };
  };

  readonly #putWebhook = async (
    context: CallContext,
    request: lifecycle.PutWebhookRequest,
  ): Promise<lifecycle.PutWebhookResponse> => {
    requestorCaller(context);
    const { trid, idempotencyKey, url, secret, rotateKey } = checkWebhook(request);
    this.#admit(context, trid);
    parseTarget(url, { loopbackAllowed: this.#options.loopbackWebhooks });
    const command = { command: "put", trid, url, secret, rotateKey } as const;
    const done = await this.#subscribe(context, idempotencyKey, command);
    return { publicKey: String(done.answer.publicKey ?? ""), ...changedOf(done) };
  };

  readonly #deleteWebhook = async (
    context: CallContext,
    request: lifecycle.DeleteWebhookRequest,
  ): Promise<lifecycle.DeleteWebhookResponse> => {
    requestorCaller(context);
    const check = new FieldCheck();
    const idempotencyKey = check.idempotencyKey(request.idempotencyKey);
    const trid = check.trid(request.trid);
    check.done();
    this.#admit(context, trid);
    return changedOf(await this.#subscribe(context, idempotencyKey, { command: "end", trid }));
  };

  #subscribe(
    context: CallContext,
    key: string,
    command: Parameters<typeof submitSubscriber>[2],
  ): Promise<Done> {
    const { commands, clock, vault } = this.#options;
    const ports = { commands, clock, shards: vault.shards };
    return submitSubscriber(ports, this.#call(context, key), command);
  }
}

function receiptOf(done: Done): { readonly repeated: boolean; readonly position: string } {
  return { repeated: done.repeated, position: positionText(done.position) };
}

function changedOf(done: Done) {
  return { changed: done.answer.changed === true, ...receiptOf(done) };
}

/** The one number that leaves in clear: a requestor's own token. */
function digitsOf(number: TokenView["tpan"]): string {
  const digits = Buffer.alloc(number.length);
  number.copyTo(digits, 0);
  const text = digits.toString("latin1");
  digits.fill(0);
  return text;
}

// What issuers do with their cards: the same commands as over gRPC. Whose card or token it is says
// the decision; what only reads is checked here.
import { type CardAction, CardDesk, type Done, type TokenAction } from "../../actors/mod.ts";
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { appError } from "../../platform/mod.ts";
import { getToken, isYymm, type TokenEvent, type TokenView } from "../../vault/mod.ts";
import type { HistoryPort } from "../grpc/ports.ts";
import type { Answer, Call, Handlers } from "./call.ts";
import { openCard } from "./encrypted-card.ts";
import type { issuerOperations } from "./issuer-operations.ts";
import { cardEventsDefault, tokenEventsDefault } from "./issuer-schemas.ts";
import { FieldErrors } from "./problem.ts";
import { shown, type TokenPorts } from "./token-handlers.ts";

export interface IssuerPorts extends Pick<TokenPorts, "vault" | "commands" | "keys" | "clock"> {
  readonly history: HistoryPort;
}

export function issuerHandlers(ports: IssuerPorts): Pick<Handlers, keyof typeof issuerOperations> {
  const desk = new CardDesk(ports);
  return {
    suspendCard: (call) => change(ports, desk, "suspend", call),
    resumeCard: (call) => change(ports, desk, "resume", call),
    deleteCard: (call) => change(ports, desk, "delete", call),
    updateCardExpiry: (call) => {
      const yymm = Number(call.body.newExpiry);
      if (!isYymm(yymm)) throw wrong("newExpiry", "4 digits, YYMM");
      return change(ports, desk, "expiry", call, yymm);
    },
    updateCardPan: (call) => updatePan(ports, desk, call),
    suspendCardToken: (call) => act(desk, "suspend", call),
    resumeCardToken: (call) => act(desk, "resume", call),
    deleteCardToken: (call) => act(desk, "delete", call),
    activateCardToken: (call) => act(desk, "activate", call),
    searchCardTokens: async (call) => {
      const { status, tokens } = desk.viewCard(await ownPan(ports, desk, call));
      const card = status === undefined ? {} : { cardStatus: status };
      return { status: 200, body: { ...card, tokens: tokens.map(shown) } };
    },
    listCardHistory: async (call) => {
      const { tokens } = desk.viewCard(await ownPan(ports, desk, call));
      const { limit = cardEventsDefault } = call.body;
      const events = tokens.flatMap(({ ref }) => eventsOf(ports, ref, { limit }));
      events.sort((a, b) => (a.position < b.position ? 1 : -1));
      return { status: 200, body: { events } };
    },
    listTokenHistory: async ({ issuerId, params, query }) => {
      const ref = params.tokenRef!;
      if (desk.issuerOf(ref) !== issuerId) throw appError("TOKEN_NOT_FOUND", "No such token.");
      const limit = Number(query.limit ?? tokenEventsDefault);
      const { before } = query;
      const events = eventsOf(ports, ref, before === undefined ? { limit } : { limit, before });
      return { status: 200, body: { events } };
    },
    listCardKeys: async () => ({ status: 200, body: { keys: [...ports.keys().cardSet] } }),
  };
}

function wrong(field: string, detail: string): FieldErrors {
  return new FieldErrors([{ field, code: "INVALID_FIELD", detail }]);
}

async function change(
  ports: IssuerPorts,
  desk: CardDesk,
  action: CardAction["action"],
  { body, issuerId, desk: call }: Call<"suspendCard">,
  expiry = 0,
): Promise<Answer<"suspendCard">> {
  const causedAtMs = body.causedAt === undefined ? 0 : Date.parse(body.causedAt);
  // Before 1970 is as wrong as the 31st of February.
  if (!(causedAtMs >= 0)) throw wrong("causedAt", "a time after 1970, RFC 3339");
  const { pan } = await openCard(
    body.encryptedCard,
    ports.keys(),
    ports.clock.nowMs(),
    "number-only",
  );
  const reason = body.reasonCode ?? "NONE";
  const done = await desk.card(call, { action, pan, issuerId, reason, expiry, causedAtMs });
  return { status: 200, repeated: done.repeated, body: cardOutcome(done) };
}

function cardOutcome({ answer }: Done): Answer<"suspendCard">["body"] {
  const { status, tokensUnchanged } = answer;
  const known = status === "ACTIVE" || status === "SUSPENDED" || status === "DELETED";
  return {
    changed: answer.changed === true,
    stale: answer.stale === true,
    ...(known ? { cardStatus: status } : {}),
    tokensAffected: Number(answer.tokensAffected ?? 0),
    tokensUnchanged: Array.isArray(tokensUnchanged) ? tokensUnchanged : [],
    tokensUnchangedCount: Number(answer.tokensUnchangedCount ?? 0),
    eventsQueued: Number(answer.eventsQueued ?? 0),
  };
}

async function updatePan(
  { keys, clock }: IssuerPorts,
  desk: CardDesk,
  { body, issuerId, desk: call }: Call<"updateCardPan">,
): Promise<Answer<"updateCardPan">> {
  const nowMs = clock.nowMs();
  const { pan } = await openCard(body.encryptedCard, keys(), nowMs, "number-only");
  const next = await openCard(body.encryptedNewCard, keys(), nowMs, "with-expiry");
  const reason = body.reasonCode ?? "NONE";
  const update = { pan, newPan: next.pan, newExpiry: next.expiry, issuerId, reason } as const;
  const { answer, repeated } = await desk.updatePan(call, update);
  const { mergedTokens } = answer;
  return {
    status: 200,
    repeated,
    body: {
      changed: answer.changed === true,
      tokensAffected: Number(answer.tokensAffected ?? 0),
      mergedTokens: Array.isArray(mergedTokens) ? mergedTokens.map(String) : [],
    },
  };
}

async function act(
  desk: CardDesk,
  action: TokenAction["action"],
  { issuerId, params, body, desk: call }: Call<"suspendCardToken">,
): Promise<Answer<"suspendCardToken">> {
  const { answer, repeated } = await desk.token(call, params.tokenRef!, (ref) => ({
    command: "token",
    action,
    ref,
    caller: { who: "ISSUER", issuerId },
    cause: body.onBehalfOf ?? "ISSUER_TOKEN",
    reason: body.reasonCode ?? "NONE",
    expectVersion: body.expectedVersion,
  }));
  return {
    status: 200,
    repeated,
    body: {
      tokenRef: String(answer.tokenRef),
      changed: answer.changed === true,
      status: answer.status as TokenView["status"],
      suspendedBy: answer.suspendedBy as string[],
      version: Number(answer.version),
    },
  };
}

/** PAN_NOT_OWNED for every number outside the issuer's ranges, known or not. */
async function ownPan(
  { vault, keys, clock }: IssuerPorts,
  desk: CardDesk,
  { body, issuerId }: Call<"searchCardTokens"> | Call<"listCardHistory">,
): Promise<ClearPAN> {
  const { pan } = await openCard(body.encryptedCard, keys(), clock.nowMs(), "number-only");
  vault.freshRead();
  if (desk.rangeOf(pan)?.issuer.id !== issuerId) {
    throw appError("PAN_NOT_OWNED", "The card number lies outside the issuer's ranges.");
  }
  return pan;
}

function eventsOf({ vault, history }: IssuerPorts, ref: string, options: Page) {
  const { index } = getToken(vault, ref);
  return history.eventsOf(index, options).map((event) => historyEvent(ref, event));
}

interface Page {
  readonly limit: number;
  readonly before?: string;
}

function historyEvent(tokenRef: string, event: TokenEvent) {
  return {
    tokenRef,
    position: event.position,
    at: new Date(event.timeMs).toISOString(),
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

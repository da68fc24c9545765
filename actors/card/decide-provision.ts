// Provisioning: one live primary token for a card, a requestor and a token type. Asking again gives
// the same token; a deleted or expired one gives a new TPAN.
import { isAppError } from "../../platform/mod.ts";
import {
  cardTokensMax,
  hasPassed,
  isYymm,
  monthOf,
  refText,
  tokenExpiryFrom,
  tokenType,
} from "../../vault/mod.ts";
import { changeOf } from "./change.ts";
import type { Provision } from "./commands.ts";
import { badName } from "./decide-token.ts";
import { accept, type CardDecision, conflict, reject } from "./decision.ts";
import type { AgreementPut, AgreementTermsOf, CardEvent, NewToken } from "./events.ts";
import { type Gathered, keyOf } from "./gather.ts";
import type { Draw } from "./minter.ts";
import type { CardFacts, CardState, Token } from "./state.ts";
import { isAlive, statusOf } from "./token-change.ts";

const type = tokenType.ECOM_COF;

export function decideProvision(
  state: CardState,
  command: Provision,
  gathered: Gathered,
  nowMs: number,
): CardDecision {
  const nowSeconds = Math.floor(nowMs / 1000);
  const refused = refuseRequest(command, gathered, nowSeconds) ?? refuseCard(state, gathered);
  if (refused !== undefined) return refused;
  const requestor = gathered.requestor!.number;
  const isKind = (one: { readonly requestor: number; readonly type: number }) =>
    one.requestor === requestor && one.type === type;
  const own = state.tokens.find(
    (token) => isKind(token) && !token.secondary && isAlive(token, nowSeconds),
  );
  if (own !== undefined) return reuse(state, command, gathered, own, nowSeconds);
  const linked = gathered.rivals.find(isKind);
  // A linked card's token: what comes with the request goes to that card's own actor.
  if (linked !== undefined) {
    return accept([], { tokenRef: refText(linked.ref), reused: true, linked: true });
  }
  return make(state, command, gathered, nowSeconds);
}

function refuseRequest(
  command: Provision,
  gathered: Gathered,
  nowSeconds: number,
): CardDecision | undefined {
  const { requestor } = gathered;
  if (requestor === undefined) return reject("TRID_NOT_ALLOWED", "The TRID is not registered.");
  if (requestor.status !== "ACTIVE") {
    return reject("REQUESTOR_SUSPENDED", "The token requestor is suspended.");
  }
  if (command.agreement !== undefined && !requestor.allowAttestedAgreements) {
    return reject("SCOPE_MISSING", "The requestor may not attest agreements.");
  }
  const { range } = gathered.pan!;
  if (range === undefined || !range.tokenisable) {
    return reject("CARD_NOT_ELIGIBLE", "The card's range is not registered for tokens.");
  }
  if (range.status !== "ACTIVE" || range.issuer.status !== "ACTIVE") {
    return reject("CARD_NOT_ALLOWED", "The issuer does not take part.");
  }
  if (!isYymm(command.panExpiry)) return reject("INVALID_FIELD", "The card expiry is no YYMM.");
  if (hasPassed(command.panExpiry, nowSeconds)) {
    return reject("CARD_EXPIRED", "The card has expired.");
  }
  if (command.par !== undefined && !/^[0-9A-Z]{29}$/.test(command.par)) {
    return reject("INVALID_FIELD", "A PAR has 29 capital letters or digits.");
  }
  const types = command.agreement?.types ?? 1;
  return types < 1 || types > 7 ? reject("INVALID_FIELD", "No MIT type is given.") : undefined;
}

function refuseCard(state: CardState, gathered: Gathered): CardDecision | undefined {
  const { card } = state;
  const { index } = gathered.pan!;
  const replaced = card === undefined ? !index.equals(state.key) : !index.equals(card.index);
  if (replaced || (card !== undefined && card.status !== "ACTIVE")) {
    return reject("CARD_NOT_ALLOWED", "The card is suspended or closed.");
  }
  return state.pending === undefined ? undefined : conflict.updating();
}

/** A card that came by a suspension has no expiry yet; a later one needs a recent check. */
function factsAfter(state: CardState, command: Provision, gathered: Gathered): CardFacts {
  const { card } = state;
  const { panExpiry, par, verified } = command;
  if (card === undefined) {
    const issuer = gathered.pan!.range!.issuer.number;
    return { issuer, status: "ACTIVE", reason: "NONE", expiry: panExpiry, par };
  }
  // Behind a PAN that other cards are linked to, one card's expiry would leave theirs behind.
  const later = verified && state.links.length === 0 && monthOf(panExpiry) > monthOf(card.expiry);
  const expiry = card.expiry === 0 || later ? panExpiry : card.expiry;
  return { ...card, expiry, par: card.par ?? par };
}

function changeFor(
  state: CardState,
  command: Provision,
  gathered: Gathered,
  card: CardFacts,
  nowSeconds: number,
) {
  const known = state.card;
  const { shard } = gathered.pan!;
  return changeOf(state, gathered, {
    causedBy: "TOKEN_REQUESTOR",
    reason: "NONE",
    pan: command.pan,
    card,
    opening: known === undefined ? { pan: command.pan, shard, createdAt: nowSeconds } : undefined,
    tokens: state.tokens,
    cardUpdated: known !== undefined && (known.expiry !== card.expiry || known.par !== card.par),
  });
}

function reuse(
  state: CardState,
  command: Provision,
  gathered: Gathered,
  token: Token,
  nowSeconds: number,
): CardDecision {
  const events: CardEvent[] = [];
  const card = factsAfter(state, command, gathered);
  if (card.expiry !== state.card!.expiry || card.par !== state.card!.par) {
    const change = changeFor(state, command, gathered, card, nowSeconds);
    events.push({ event: "cardChanged", kind: "renew", causedAtMs: 0, change });
  }
  if (command.agreement !== undefined) {
    const terms = termsOf(command, token.index, nowSeconds);
    if (terms === undefined) return badName();
    events.push({ event: "agreementPut", ref: token.ref, terms } satisfies AgreementPut);
  }
  const status = statusOf(token, nowSeconds);
  return accept(events, { tokenRef: refText(token.ref), reused: true, linked: false, status });
}

function termsOf(
  { agreement }: Provision,
  index: Buffer,
  atSeconds: number,
): AgreementTermsOf | undefined {
  const key = agreement && keyOf(index, agreement);
  if (agreement === undefined || key === undefined) return undefined;
  const { types, source } = agreement;
  return { key, types, source, atSeconds };
}

function make(
  state: CardState,
  command: Provision,
  gathered: Gathered,
  nowSeconds: number,
): CardDecision {
  const live = state.tokens.filter((token) => isAlive(token, nowSeconds)).length;
  const liveMax = gathered.policy.liveTokensMax;
  if (live + gathered.rivals.length >= liveMax || state.tokens.length >= cardTokensMax) {
    return reject("TOKEN_LIMIT_REACHED", "The card has its most tokens already.");
  }
  const { draw } = gathered;
  if (isAppError(draw)) return { kind: "reject", error: draw };
  // The token that was to be given again expired between the two looks: the caller tries again.
  if (draw === undefined) return conflict.version();
  const agreement = termsOf(command, draw.index, nowSeconds);
  if (command.agreement !== undefined && agreement === undefined) return badName();
  const card = factsAfter(state, command, gathered);
  const token = newToken(command, gathered, draw, nowSeconds);
  const change = changeFor(state, command, gathered, card, nowSeconds);
  const status = command.active ? "ACTIVE" : "INACTIVE";
  const answer = { tokenRef: refText(draw.ref), reused: false, linked: false, status };
  return accept([{ event: "provisioned", change, token, agreement }], answer);
}

function newToken(
  command: Provision,
  gathered: Gathered,
  draw: Draw,
  nowSeconds: number,
): NewToken {
  const { range, digits } = draw.subRange;
  const { number, trid } = gathered.requestor!;
  return {
    tpan: draw.tpan,
    index: draw.index,
    ref: draw.ref,
    type,
    assurance: command.assurance,
    requestor: number,
    trid,
    active: command.active,
    expiry: tokenExpiryFrom(nowSeconds),
    provisionedAt: nowSeconds,
    notified: command.async,
    seq: command.async ? 1 : 0,
    opened: draw.opens ? { range, digits } : undefined,
  };
}

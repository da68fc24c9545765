// Actors: everything that changes a card, as commands to the one actor of its PAN.
//
// Promises: a decision is a pure function of state, command and what was gathered for it; what was
// decided is an event, and the vault's records follow from events alone; a command for another
// issuer's or requestor's card or token is answered as if there were none.
// Never: I/O inside a decision; a decision about a payment (that is hotpath/); a card number in an
// answer, an error or a log.

export type {
  Caller,
  CardAction,
  CardCommand,
  Provision,
  TokenAction,
  UpdatePan,
} from "./card/commands.ts";
export {
  type CardRequest,
  DirectCards,
  type ProvisionRequest,
  type TokenChange,
  type TokenRequest,
} from "./card/direct.ts";
export { type CardEvent, type Notice, type NoticeName, noticesOf } from "./card/events.ts";
export type { CardPolicy } from "./card/gather.ts";
export {
  type CardKind,
  type CardKindOptions,
  cardKindNumber,
  createCardKind,
} from "./card/kind.ts";
export { homeOf, type Route, routeLinks, routePan, routeToken } from "./card/routing.ts";
export {
  cardSteps,
  envelopeOf,
  exchangeSteps,
  provisionSteps,
  runSteps,
  type Step,
  type Steps,
  tokenSteps,
  updatePanSteps,
} from "./card/steps.ts";

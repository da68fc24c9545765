// The state machines of token and card as data: one row an event, one cell a state it may meet. The
// cells name actions; `token-change.ts` carries them out.
import type { CardStatusName, TokenStatusName } from "../../vault/mod.ts";

/**
 * none: nothing changes, and that is no error. error: refused. activate, delete, expire: the state
 * of that name. suspend: SUSPENDED with the cause. add, remove: the cause joins or leaves the set;
 * a token that is only SUSPENDED and has an empty set goes back to what it was before. data: card
 * data and expiry only. relink: as data, but the ISSUER cause belonged to the old card and leaves.
 * revive: back to life where its expiry was extended and no other live primary took its place.
 */
export type TokenAction =
  | "none"
  | "error"
  | "activate"
  | "delete"
  | "expire"
  | "suspend"
  | "add"
  | "remove"
  | "data"
  | "relink"
  | "revive";

export type TokenEvent =
  | "activate"
  | "requestorSuspend"
  | "requestorResume"
  | "delete"
  | "causeSuspend"
  | "causeResume"
  | "cardSuspend"
  | "cardResume"
  | "cardDelete"
  | "clock"
  | "expiryUpdate"
  | "panUpdate";

type TokenRow = Readonly<Record<TokenStatusName, TokenAction>>;

function row(
  INACTIVE: TokenAction,
  ACTIVE: TokenAction,
  SUSPENDED: TokenAction,
  DELETED: TokenAction,
  EXPIRED: TokenAction,
): TokenRow {
  return { INACTIVE, ACTIVE, SUSPENDED, DELETED, EXPIRED };
}

/**
 * `causeSuspend` and `causeResume` are those of every actor but token requestor and card issuer.
 */
export const tokenTable: Readonly<Record<TokenEvent, TokenRow>> = {
  //                   INACTIVE    ACTIVE     SUSPENDED  DELETED  EXPIRED
  activate: row("activate", "none", "error", "error", "error"),
  requestorSuspend: row("error", "suspend", "add", "error", "error"),
  requestorResume: row("error", "none", "remove", "error", "error"),
  delete: row("delete", "delete", "delete", "none", "delete"),
  causeSuspend: row("suspend", "suspend", "add", "error", "error"),
  causeResume: row("none", "none", "remove", "error", "error"),
  cardSuspend: row("suspend", "suspend", "add", "none", "add"),
  cardResume: row("none", "none", "remove", "none", "remove"),
  cardDelete: row("delete", "delete", "delete", "none", "delete"),
  clock: row("expire", "expire", "expire", "none", "none"),
  expiryUpdate: row("data", "data", "data", "none", "revive"),
  panUpdate: row("data", "data", "relink", "none", "revive"),
};

export type CardEvent = "suspend" | "resume" | "delete" | "expiryUpdate" | "panUpdate";
export type CardAction = "none" | "error" | "suspend" | "resume" | "delete" | "data";

/** A card row may exist before any token, so suspend and delete of an unknown PAN make one. */
export const cardTable: Readonly<Record<CardEvent, Readonly<Record<CardStatusName, CardAction>>>> =
  {
    suspend: { ACTIVE: "suspend", SUSPENDED: "suspend", DELETED: "none" },
    resume: { ACTIVE: "none", SUSPENDED: "resume", DELETED: "error" },
    delete: { ACTIVE: "delete", SUSPENDED: "delete", DELETED: "none" },
    expiryUpdate: { ACTIVE: "data", SUSPENDED: "data", DELETED: "error" },
    panUpdate: { ACTIVE: "delete", SUSPENDED: "delete", DELETED: "error" },
  };

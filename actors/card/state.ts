// What one card actor knows: the card that stands behind its tokens now, the tokens, and what it
// owes to the cards of other actors. Values are never changed in place.
import type { ClearPAN } from "../../codec/pan/mod.ts";
import type { CardReasonName, CardStatusName, TokenStatusName } from "../../vault/mod.ts";

export interface Token {
  /** Blind index of the TPAN, 16 bytes. */
  readonly index: Buffer;
  /** UUIDv7, 16 bytes. */
  readonly ref: Buffer;
  readonly status: TokenStatusName;
  /** Bit set of `suspendedBy`. */
  readonly causes: number;
  /** Made INACTIVE and not activated since: a resume leads back there. */
  readonly neverActive: boolean;
  /** Another token of the same card, requestor and type is the primary one. */
  readonly secondary: boolean;
  readonly type: number;
  /** Token assurance method, 0 to 99. */
  readonly assurance: number;
  /** YYMM as a number, as every expiry here. */
  readonly expiry: number;
  /** The expiry before the last extension, 0 for none. */
  readonly previousExpiry: number;
  /** Unix seconds; PTAVs issued up to then are void. */
  readonly ptavNotBefore: number;
  /** Number of the token requestor in the registry, and its TRID. */
  readonly requestor: number;
  readonly trid: string;
  readonly provisionedAt: number;
  /** Optimistic lock: plus one with every event that changes the token's record. */
  readonly changes: number;
  /** Number of its last notification, 0 before the first. */
  readonly seq: number;
}

/** The card as events tell it. */
export interface CardFacts {
  /** Number of the issuer in the registry. */
  readonly issuer: number;
  readonly status: CardStatusName;
  readonly reason: CardReasonName;
  /** 0 where only a suspension or deletion told of the card. */
  readonly expiry: number;
  readonly par: string | undefined;
}

export interface Card extends CardFacts {
  readonly pan: ClearPAN;
  /** Blind index of `pan`; the actor's key until the first PAN update. */
  readonly index: Buffer;
  readonly createdAt: number;
  readonly changes: number;
}

/** A live primary token of a linked card, as its actor told when it moved behind this PAN. */
export interface LinkedToken {
  readonly requestor: number;
  readonly type: number;
  readonly ref: Buffer;
}

/** Another card whose tokens stand behind this PAN since a PAN update. */
export interface Link {
  /** Id of the exchange that made it, 16 bytes. */
  readonly id: Buffer;
  readonly actor: Buffer;
  readonly shard: number;
  readonly tokens: readonly LinkedToken[];
}

/** A PAN update between `begun` and `updated` or `refused`. */
export interface PendingUpdate {
  readonly id: Buffer;
  readonly pan: ClearPAN;
  /** Version of the key that its stored form is sealed under. */
  readonly sealVersion: number;
  readonly index: Buffer;
  readonly shard: number;
  readonly expiry: number;
  readonly reason: CardReasonName;
  readonly attempt: number;
  /** Unix milliseconds: when the timer resumes it. */
  readonly dueMs: number;
  /** What the issuer said of the new PAN meanwhile; it is later than what the link answers. */
  readonly noted: { readonly status: CardStatusName; readonly reason: CardReasonName } | undefined;
}

/** Unix milliseconds of the last issuer event of each kind that was applied; 0 for none. */
export interface IssuerTimes {
  readonly suspend: number;
  readonly resume: number;
  readonly delete: number;
  readonly expiry: number;
}

export interface CardState {
  /** The actor's key: blind index of the card's first PAN. */
  readonly key: Buffer;
  /** Undefined for an actor that nothing happened to. */
  readonly card: Card | undefined;
  /** Home shard; 0 and without meaning where there is no card. */
  readonly shard: number;
  /** In the order of their making, tombstones too; a position never changes. */
  readonly tokens: readonly Token[];
  /** How many restores of the vault the `seq` of the tokens have taken in. */
  readonly restores: number;
  readonly times: IssuerTimes;
  readonly links: readonly Link[];
  readonly pending: PendingUpdate | undefined;
}

const noTimes: IssuerTimes = { suspend: 0, resume: 0, delete: 0, expiry: 0 };

/** The actor of a PAN that was never seen. */
export function nobody(key: Buffer): CardState {
  return {
    key,
    card: undefined,
    shard: 0,
    tokens: [],
    restores: 0,
    times: noTimes,
    links: [],
    pending: undefined,
  };
}

/** Cards that may be linked to one PAN: each issuer command of the PAN goes to all of them. */
export const linksMax = 255;

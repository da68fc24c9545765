// What happened to a card. Events carry results, not requests: what a token became is in them, so
// that a later rule or another clock never makes something else of an old log.
import type { ClearPAN } from "../../codec/pan/mod.ts";
import type {
  AgreementSource,
  CardReasonName,
  CardStatusName,
  TokenStatusName,
} from "../../vault/mod.ts";
import type { CausedBy } from "./commands.ts";
import type { CardFacts, LinkedToken } from "./state.ts";

/** Notifications to a token's requestor, as bits; one token may get several from one event. */
export const notice = {
  TOKEN_CREATED: 1,
  TOKEN_ACTIVATED: 2,
  CARD_UPDATED: 4,
  TOKEN_EXPIRY_UPDATED: 8,
  TOKEN_SUSPENDED: 16,
  TOKEN_RESUMED: 32,
  TOKEN_DELETED: 64,
  TOKEN_EXPIRED: 128,
} as const;
export type NoticeName = keyof typeof notice;

/** One token as an event left it. */
export interface TokenEntry {
  /** Position in the actor's list. */
  readonly position: number;
  readonly ref: Buffer;
  readonly requestor: number;
  readonly oldStatus: TokenStatusName;
  readonly oldCauses: number;
  readonly status: TokenStatusName;
  readonly causes: number;
  readonly neverActive: boolean;
  readonly secondary: boolean;
  readonly expiry: number;
  readonly previousExpiry: number;
  readonly ptavNotBefore: number;
  /** Bit set of `notice`, sent in the order of the bits. */
  readonly notices: number;
  /** The token's number of notifications after them: the last one's `seq`. */
  readonly seq: number;
}

export interface Opening {
  readonly pan: ClearPAN;
  readonly shard: number;
  readonly createdAt: number;
}

/** The part that all events share that change card or tokens. */
export interface Change {
  readonly causedBy: CausedBy;
  readonly reason: CardReasonName;
  /** Restores of the vault so far: each token's `seq` leaps by 2^20 for every new one. */
  readonly restores: number;
  /** Version of the key that new sealed blocks are sealed under. */
  readonly sealVersion: number;
  /** Last four digits of the PAN after the event, as a number. */
  readonly last4: number;
  /** The card after the event. */
  readonly card: CardFacts;
  /** Where the event makes the card: its first PAN and that PAN's home. */
  readonly opening: Opening | undefined;
  readonly tokens: readonly TokenEntry[];
}

export interface NewToken {
  readonly tpan: ClearPAN;
  readonly index: Buffer;
  readonly ref: Buffer;
  readonly type: number;
  readonly assurance: number;
  readonly requestor: number;
  readonly trid: string;
  readonly active: boolean;
  readonly expiry: number;
  readonly provisionedAt: number;
  /** True: TOKEN_CREATED is sent, as `seq`. */
  readonly notified: boolean;
  readonly seq: number;
  /** The sub-range of the TPAN where it was opened for it. */
  readonly opened: { readonly range: number; readonly digits: 16 | 19 } | undefined;
}

export interface AgreementTermsOf {
  /** 80 bytes, as in the vault's table. */
  readonly key: Buffer;
  readonly types: number;
  readonly source: AgreementSource;
  readonly atSeconds: number;
}

export interface Provisioned {
  readonly event: "provisioned";
  readonly change: Change;
  readonly token: NewToken;
  readonly agreement: AgreementTermsOf | undefined;
}

export type CardChangeKind = "suspend" | "resume" | "delete" | "expiry" | "renew";

export interface CardChanged {
  readonly event: "cardChanged";
  readonly kind: CardChangeKind;
  /** By the issuer's clock, 0 where it did not say. */
  readonly causedAtMs: number;
  readonly change: Change;
}

export interface TokensChanged {
  readonly event: "tokensChanged";
  readonly change: Change;
}

export interface TokenFlagged {
  readonly event: "flagged";
  readonly position: number;
  readonly ref: Buffer;
  readonly untilSeconds: number;
}

export interface AgreementPut {
  readonly event: "agreementPut";
  readonly ref: Buffer;
  readonly terms: AgreementTermsOf;
}

export interface AgreementRevoked {
  readonly event: "agreementRevoked";
  readonly ref: Buffer;
  readonly key: Buffer;
  readonly atSeconds: number;
}

/** `pan.update.begun` */
export interface PanBegun {
  readonly event: "panBegun";
  readonly id: Buffer;
  readonly newPan: ClearPAN;
  readonly newIndex: Buffer;
  readonly newShard: number;
  readonly newExpiry: number;
  readonly reason: CardReasonName;
  readonly dueMs: number;
  readonly sealVersion: number;
}

export interface PanResumed {
  readonly event: "panResumed";
  readonly id: Buffer;
  readonly attempt: number;
  readonly dueMs: number;
}

/** The issuer said something of the new PAN while the update was under way. */
export interface PanNoted {
  readonly event: "panNoted";
  readonly id: Buffer;
  readonly noted: { readonly status: CardStatusName; readonly reason: CardReasonName } | undefined;
  /** The new card's expiry, changed or not. */
  readonly expiry: number;
}

/** `pan.updated` */
export interface PanUpdated {
  readonly event: "panUpdated";
  readonly id: Buffer;
  readonly change: Change;
}

/** `pan.update.refused` */
export interface PanRefused {
  readonly event: "panRefused";
  readonly id: Buffer;
  readonly code: string;
}

/** `link` */
export interface Linked {
  readonly event: "linked";
  readonly id: Buffer;
  readonly actor: Buffer;
  readonly shard: number;
  readonly linked: readonly LinkedToken[];
  readonly change: Change;
}

export type CardEvent =
  | Provisioned
  | CardChanged
  | TokensChanged
  | TokenFlagged
  | AgreementPut
  | AgreementRevoked
  | PanBegun
  | PanResumed
  | PanNoted
  | PanUpdated
  | PanRefused
  | Linked;

export interface Notice {
  readonly type: NoticeName;
  readonly ref: Buffer;
  /** Number of the requestor in the registry. */
  readonly requestor: number;
  readonly seq: number;
  readonly causedBy: CausedBy;
  readonly reason: CardReasonName;
  readonly oldStatus: TokenStatusName | undefined;
  readonly snapshot: {
    readonly status: TokenStatusName;
    /** Bit set of `suspendedBy`. */
    readonly causes: number;
    readonly tokenExpiry: number;
    readonly cardLast4: number;
    readonly cardExpiry: number;
    readonly par: string | undefined;
  };
}

/** The notifications of an event, per token in the order of their `seq`. */
export function noticesOf(event: CardEvent): Notice[] {
  if (!("change" in event)) return [];
  const { change } = event;
  const { causedBy, reason, card } = change;
  const ofCard = { cardLast4: change.last4, cardExpiry: card.expiry, par: card.par };
  const found: Notice[] = [];
  if (event.event === "provisioned" && event.token.notified) {
    const { ref, requestor, seq, active, expiry } = event.token;
    const status = active ? "ACTIVE" : "INACTIVE";
    const snapshot = { status, causes: 0, tokenExpiry: expiry, ...ofCard } as const;
    const type = "TOKEN_CREATED";
    found.push({ type, ref, requestor, seq, causedBy, reason, oldStatus: undefined, snapshot });
  }
  for (const entry of change.tokens) {
    const { ref, requestor, oldStatus, status, causes } = entry;
    const snapshot = { status, causes, tokenExpiry: entry.expiry, ...ofCard };
    const types = (Object.keys(notice) as NoticeName[]).filter(
      (name) => entry.notices & notice[name],
    );
    types.forEach((type, i) => {
      const seq = entry.seq - (types.length - 1 - i);
      found.push({ type, ref, requestor, seq, causedBy, reason, oldStatus, snapshot });
    });
  }
  return found;
}

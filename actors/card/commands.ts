// What a card actor can be asked. Whoever asks is part of the command: the decision, not the door,
// says whose token or card it is.
import type { ClearPAN } from "../../codec/pan/mod.ts";
import type { AgreementName, CardReasonName, SuspensionCause } from "../../vault/mod.ts";
import type { LinkedToken } from "./state.ts";

/** Who asks. A requestor reaches its own tokens, an issuer its own cards' tokens. */
export type Caller =
  | { readonly who: "REQUESTOR"; readonly trid: string }
  | { readonly who: "ISSUER"; readonly issuerId: string }
  | { readonly who: "ADMIN" };

/** Who caused a change, as notifications name it. */
export type CausedBy = SuspensionCause | "TSP";

export interface AttestedAgreement extends AgreementName {
  /** Bit set of `mitType`, 1 to 7. */
  readonly types: number;
  readonly source: "PROVISION" | "MIGRATION";
}

export interface Provision {
  readonly command: "provision";
  readonly pan: ClearPAN;
  /** YYMM as a number. */
  readonly panExpiry: number;
  readonly trid: string;
  /** Token assurance method, 0 to 99. */
  readonly assurance: number;
  /** Given where the card has none yet. */
  readonly par?: string | undefined;
  /** False makes an INACTIVE token, for issuers that confirm. */
  readonly active: boolean;
  /** The cardholder check is recent: a later card expiry than the stored one is taken. */
  readonly verified: boolean;
  /** The requestor hears of the token by a notification only. */
  readonly async: boolean;
  /** Set up by the requestor's word; its TRID must be allowed to. */
  readonly agreement?: AttestedAgreement | undefined;
  /** SHA-256 of what else the request said; a repetition must say the same. */
  readonly request?: Buffer | undefined;
}

export interface TokenAction {
  readonly command: "token";
  readonly action: "activate" | "suspend" | "resume" | "delete";
  /** 16 bytes. */
  readonly ref: Buffer;
  readonly caller: Caller;
  /** For suspend and resume the cause; for the others who is named as having caused it. */
  readonly cause: Exclude<SuspensionCause, "ISSUER">;
  readonly reason: CardReasonName;
  readonly expectVersion?: number | undefined;
}

export interface CardAction {
  readonly command: "card";
  readonly action: "suspend" | "resume" | "delete" | "expiry";
  readonly pan: ClearPAN;
  /** The issuer that asks; absent for an administrator. */
  readonly issuerId?: string | undefined;
  readonly reason: CardReasonName;
  /** YYMM as a number, for `expiry`; 0 otherwise. */
  readonly expiry: number;
  /** Unix milliseconds by the issuer's clock, 0 where it does not say. */
  readonly causedAtMs: number;
  readonly expectVersion?: number | undefined;
  /** Sent to a linked card: a PAN that is not its current one (any more) is no error. */
  readonly asLink: boolean;
  /** How many linked cards of this PAN have the command already. */
  readonly linksServed: number;
}

export interface UpdatePan {
  readonly command: "updatePan";
  /** Id of the exchange if one begins, 16 bytes. */
  readonly id: Buffer;
  readonly pan: ClearPAN;
  readonly newPan: ClearPAN;
  readonly newExpiry: number;
  readonly issuerId?: string | undefined;
  readonly reason: CardReasonName;
  readonly asLink: boolean;
  readonly linksServed: number;
}

/** Step two of a PAN update, to the actor of the new PAN. */
export interface LinkPan {
  readonly command: "linkPan";
  readonly id: Buffer;
  /** The new PAN; its actor is this one. */
  readonly pan: ClearPAN;
  /** Number of the issuer that both PANs belong to. */
  readonly issuer: number;
  readonly expiry: number;
  readonly par: string | undefined;
  /** The card whose tokens come. */
  readonly actor: Buffer;
  readonly shard: number;
  /** Its tokens that are not deleted; 0: there is nothing to link. */
  readonly tokenCount: number;
  /** Its live primary tokens. */
  readonly tokens: readonly LinkedToken[];
}

/** Step three, back to the actor of the old PAN. */
export interface CompletePan {
  readonly command: "completePan";
  readonly id: Buffer;
  readonly outcome:
    | {
        readonly linked: true;
        readonly status: "ACTIVE" | "SUSPENDED";
        readonly reason: CardReasonName;
        /** References of tokens that another linked card has a primary one for. */
        readonly secondary: readonly Buffer[];
        /** The PAR that the new card has now. */
        readonly par: string | undefined;
      }
    | { readonly linked: false; readonly code: string };
}

/** The timer of a PAN update that is under way. */
export interface ResumePan {
  readonly command: "resumePan";
  readonly id: Buffer;
}

/** The timer of the next TPAN expiry. */
export interface Clock {
  readonly command: "clock";
}

export interface FlagToken {
  readonly command: "flag";
  readonly ref: Buffer;
  /** Unix seconds until which the fraud rule declines. */
  readonly untilSeconds: number;
}

export interface PutAgreement {
  readonly command: "putAgreement";
  readonly ref: Buffer;
  readonly caller: Caller;
  readonly agreement: AttestedAgreement;
}

export interface RevokeAgreement {
  readonly command: "revokeAgreement";
  readonly ref: Buffer;
  readonly caller: Caller;
  readonly name: AgreementName;
}

export type CardCommand =
  | Provision
  | TokenAction
  | CardAction
  | UpdatePan
  | LinkPan
  | CompletePan
  | ResumePan
  | Clock
  | FlagToken
  | PutAgreement
  | RevokeAgreement;

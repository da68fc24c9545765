// Names of states, causes and reasons on the wire and inside, and tokens as both sides show them.
import {
  CardStatus,
  ReasonCode,
  SuspensionCause,
  TokenStatus,
  type TokenView as WireToken,
} from "../../proto/mod.ts";
import type {
  CardReasonName,
  CardStatusName,
  SuspensionCause as CauseName,
  TokenStatusName,
  TokenView,
} from "../../vault/mod.ts";

const tokenStatus: Readonly<Record<TokenStatusName, TokenStatus>> = {
  INACTIVE: TokenStatus.TOKEN_STATUS_INACTIVE,
  ACTIVE: TokenStatus.TOKEN_STATUS_ACTIVE,
  SUSPENDED: TokenStatus.TOKEN_STATUS_SUSPENDED,
  DELETED: TokenStatus.TOKEN_STATUS_DELETED,
  EXPIRED: TokenStatus.TOKEN_STATUS_EXPIRED,
};

const cardStatus: Readonly<Record<CardStatusName, CardStatus>> = {
  ACTIVE: CardStatus.CARD_STATUS_ACTIVE,
  SUSPENDED: CardStatus.CARD_STATUS_SUSPENDED,
  DELETED: CardStatus.CARD_STATUS_DELETED,
};

const causes: Readonly<Record<CauseName, SuspensionCause>> = {
  ISSUER: SuspensionCause.SUSPENSION_CAUSE_ISSUER,
  ISSUER_TOKEN: SuspensionCause.SUSPENSION_CAUSE_ISSUER_TOKEN,
  TOKEN_REQUESTOR: SuspensionCause.SUSPENSION_CAUSE_TOKEN_REQUESTOR,
  CARDHOLDER: SuspensionCause.SUSPENSION_CAUSE_CARDHOLDER,
  ADMIN: SuspensionCause.SUSPENSION_CAUSE_ADMIN,
  FRAUD_CONTROL: SuspensionCause.SUSPENSION_CAUSE_FRAUD_CONTROL,
};

const reasons: ReadonlyMap<ReasonCode, CardReasonName> = new Map([
  [ReasonCode.REASON_CODE_UNSPECIFIED, "NONE"],
  [ReasonCode.REASON_CODE_LOST, "LOST"],
  [ReasonCode.REASON_CODE_STOLEN, "STOLEN"],
  [ReasonCode.REASON_CODE_SUSPECTED_FRAUD, "SUSPECTED_FRAUD"],
  [ReasonCode.REASON_CODE_ACCOUNT_CLOSED, "ACCOUNT_CLOSED"],
  [ReasonCode.REASON_CODE_CUSTOMER_REQUEST, "CUSTOMER_REQUEST"],
  [ReasonCode.REASON_CODE_RENEWAL, "RENEWAL"],
  [ReasonCode.REASON_CODE_REPLACEMENT, "REPLACEMENT"],
  [ReasonCode.REASON_CODE_NOT_FRAUD, "NOT_FRAUD"],
  [ReasonCode.REASON_CODE_FOUND, "FOUND"],
  [ReasonCode.REASON_CODE_OTHER, "OTHER"],
]);

/** Undefined for a number that this version does not know. */
export function reasonName(code: ReasonCode): CardReasonName | undefined {
  return reasons.get(code);
}

/** The wire's number of a name that an answer holds; 0 for one that it does not. */
export function tokenStatusCode(name: unknown): TokenStatus {
  return Object.hasOwn(tokenStatus, String(name)) ? tokenStatus[name as TokenStatusName] : 0;
}

export function cardStatusCode(name: unknown): CardStatus {
  return Object.hasOwn(cardStatus, String(name)) ? cardStatus[name as CardStatusName] : 0;
}

export function causeCodes(names: unknown): SuspensionCause[] {
  if (!Array.isArray(names)) return [];
  return names.flatMap((name) => (Object.hasOwn(causes, name) ? causes[name as CauseName] : []));
}

/** Holds no number but the last four digits. */
export function wireToken(view: TokenView): WireToken {
  return {
    tokenRef: view.ref,
    status: tokenStatus[view.status],
    suspendedBy: causeCodes(view.suspendedBy),
    trid: view.trid,
    tpanExpiry: view.expiry,
    tpanLast4: view.tpan.mask().slice(-4),
    cardStatus: cardStatus[view.cardStatus],
    cardLast4: view.pan.mask().slice(-4),
    cardExpiry: view.cardExpiry,
    par: view.par ?? "",
    assurance: view.assurance,
    primary: view.primary,
    createdAt: { seconds: BigInt(view.provisionedAt), nanos: 0 },
    version: view.version,
  };
}

// The vault: which card is behind which token, sealed, in one LMDB environment.
//
// Promises: a change to a card and its copies in all its tokens are one transaction; what a call
// reports as done is flushed; a TPAN is never given out twice, not even after its deletion; a record
// that was altered or moved is found when it is opened; a reader sees one snapshot, never a mix.
// Never: a clear PAN on disk, in an error or in a log; a promise on the path of a payment; a decision
// about a payment (that is hotpath/).

export {
  type AgreementName,
  type AgreementSource,
  agreementAt,
  agreementBytes,
  agreementKey,
  agreementKeyAt,
  agreementKeyBytes,
  agreementNameOf,
  agreementSource,
  mitType,
} from "./agreement-key.ts";
export { cardAt, cardBytes, cardHeadBytes, cardTokensMax } from "./card-record.ts";
export * from "./history/mod.ts";
export * from "./journal/mod.ts";
export { ByteSet } from "./registry/byte-set.ts";
export type {
  BinRange,
  BinRangeInput,
  Issuer,
  IssuerInput,
  Registry,
  Requestor,
  RequestorInput,
  SubRange,
} from "./registry/records.ts";
export * from "./replay/mod.ts";
export type { HorizonKind } from "./store/meta.ts";
export {
  type CardReasonName,
  type CardStatusName,
  cardReason,
  cardStatus,
  causesOf,
  indexBytes,
  nameOf,
  parBytes,
  recordVersion,
  type SuspensionCause,
  sealedBytes,
  suspendedBy,
  type TokenStatusName,
  tokenAt,
  tokenBytes,
  tokenStatus,
  tokenType,
  tokenWords,
  tridBytes,
} from "./token-record.ts";
export { Vault, type VaultOptions, type VaultTables } from "./vault.ts";

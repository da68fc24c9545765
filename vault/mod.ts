// The vault: which card is behind which token, sealed, in one LMDB environment.
//
// Promises: a change to a card and its copies in all its tokens are one transaction; what a call
// reports as done is flushed; a TPAN is never given out twice, not even after its deletion; a
// record that was altered or moved is found when it is opened; a reader sees one snapshot, never
// a mix.
// Never: a clear PAN on disk, in an error or in a log; a promise on the path of a payment; a
// decision about a payment (that is hotpath/).

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
  mitTypesOf,
} from "./agreement-key.ts";
export { type BulkOptions, type BulkResult, loadBatch } from "./bulk/bulk-load.ts";
export { type LoadOptions, type LoadProgress, type LoadSummary, loadCsv } from "./bulk/csv-load.ts";
export {
  type GenerateOptions,
  generateTokens,
  testAcquirer,
  testIssuer,
  testPanText,
  testRange,
} from "./bulk/generate.ts";
export { batchRowsDefault, RowBatch, type RowExtras } from "./bulk/row-batch.ts";
export { cardAt, cardBytes, cardHeadBytes, cardTokensMax } from "./card-record.ts";
export * from "./history/mod.ts";
export * from "./journal/mod.ts";
export {
  type Agreement,
  type AgreementTerms,
  agreementsOf,
  putAgreement,
  putAgreementRow,
  revokeAgreement,
  sweepAgreements,
  touchAgreement,
} from "./lifecycle/agreements.ts";
export {
  type CardActionOptions,
  type CardChange,
  deleteCard,
  resumeCard,
  suspendCard,
  updateCardExpiry,
} from "./lifecycle/card-actions.ts";
export { hasPassed, monthAt, monthOf, parseYymm, yymmOf } from "./lifecycle/expiry.ts";
export { type PanUpdate, type PanUpdated, updatePan } from "./lifecycle/pan-update.ts";
export { type Provisioned, type ProvisionRequest, provision } from "./lifecycle/provision.ts";
export { cardTable, tokenTable } from "./lifecycle/state-tables.ts";
export {
  activateToken,
  deleteToken,
  flagToken,
  resumeToken,
  suspendToken,
  type TokenActionOptions,
  type TokenChange,
  viewToken,
} from "./lifecycle/token-actions.ts";
export { isLive, statusAt } from "./lifecycle/token-change.ts";
export { openNumber, type TokenView, tridOf, viewOf } from "./lifecycle/token-entry.ts";
export { type CapacityAlarm, parseRef, refText } from "./minting/mint.ts";
export { fillAlarm, type SubRangeFill, subRangeFills } from "./minting/sub-ranges.ts";
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
export {
  putBinRange,
  putIssuer,
  putRequestor,
  putRequestors,
  setRequestorStatus,
  tokenBin,
} from "./registry/registry-admin.ts";
export * from "./replay/mod.ts";
export {
  type Environment,
  type EnvironmentOptions,
  openEnvironment,
  type Table,
} from "./store/environment.ts";
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
export {
  type BackupManifest,
  type BackupResult,
  backupVault,
  type RestoreResult,
  restoreVault,
} from "./upkeep/backup.ts";
export { beginIncarnation, type NewIncarnation } from "./upkeep/incarnation.ts";
export {
  type ResealOptions,
  type ResealProgress,
  type ResealResult,
  resealVault,
} from "./upkeep/reseal.ts";
export { statsOf, type VaultStats } from "./upkeep/stats.ts";
export { type Problem, type ProblemKind, type VerifyResult, verifyVault } from "./upkeep/verify.ts";
export { Vault, type VaultOptions, type VaultTables } from "./vault.ts";

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
export {
  type Agreement,
  type AgreementTerms,
  agreementsMax,
  agreementsOf,
  putAgreement,
  putAgreementRow,
  removeAgreements,
  revokeAgreement,
  sweepAgreements,
  touchAgreement,
} from "./agreements.ts";
export * from "./audit/mod.ts";
export {
  type BulkOptions,
  type BulkResult,
  type KnownCardRow,
  liveTokensMaxDefault,
  loadBatch,
  type ProvisionKnown,
} from "./bulk/bulk-load.ts";
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
export {
  cardAt,
  cardBytes,
  cardHeadBytes,
  cardTokensMax,
  tokenCountOf,
  tokenIndexAt,
  withTokens,
  writeCardId,
} from "./card-record.ts";
export {
  extendBelowMonths,
  hasPassed,
  isYymm,
  monthAt,
  monthEndSeconds,
  monthOf,
  needsExtension,
  parseYymm,
  tokenExpiryFrom,
  yymmOf,
} from "./expiry.ts";
export * from "./history/mod.ts";
export { bcdBytes, Homes, homeLanes, routeKeyOf, shardsDefault } from "./home-shard.ts";
export * from "./journal/mod.ts";
export {
  type CapacityAlarm,
  drawTpan,
  parseRef,
  pickSubRange,
  refText,
  tokenRef,
} from "./minting/mint.ts";
export { fillAlarm, openSubRange, type SubRangeFill, subRangeFills } from "./minting/sub-ranges.ts";
export { bcdOf, numberOfBcd, plainOf, setPlainExpiry } from "./plain-block.ts";
export { ByteSet } from "./registry/byte-set.ts";
export type {
  Acquirer,
  AcquirerInput,
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
  planRequestorStatus,
  planRow,
  planSubRange,
  putBinRange,
  putIssuer,
  putRequestor,
  putRequestors,
  type RegistryInput,
  type RegistryRow,
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
export { type HorizonKind, vaultLayout } from "./store/meta.ts";
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
  tokenFlag,
  tokenStatus,
  tokenType,
  tokenWords,
  tridBytes,
} from "./token-record.ts";
export { isLive, isPrimary, statusAt } from "./token-status.ts";
export {
  getToken,
  openNumber,
  type TokenView,
  tridBcd,
  tridOf,
  viewOf,
  viewToken,
  yymmText,
} from "./token-view.ts";
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

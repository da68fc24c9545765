// Migration of cards that a requestor has stored already: files of cards in, files of tokens out;
// batches and single cards that came over the API; one way of working on a record for all of them.
//
// Promises: nothing of a file is acted upon before the whole of it was read and fits its trailer;
// each record meets its issuer in at most one pre-authorisation, and each that may have been
// approved is reversed, however often anything is killed; the same rows give the same result once;
// results come in the order of the upload, encrypted for the requestor; memory does not grow with
// the file; a reason names a column and never a value.
// Never: a card number on the disk in clear, in a file's name, a log or a status; a card's
// verification value; a token made past the card's actor.

export { type BatchCard, BatchDesk, type BatchDeskOptions } from "./batch-desk.ts";
export { type CardCall, type CardDone, CardLedger, type CardLedgerOptions } from "./card-ledger.ts";
export { MigrationCards } from "./cards.ts";
export { type RecordStatus, recordStatuses } from "./checkpoints.ts";
export { MigrationDesk, type MigrationDeskOptions } from "./desk.ts";
export { Digests } from "./digests.ts";
export {
  ackNameOf,
  parseUploadName,
  partSuffix,
  resultNameOf,
  uploadNameOf,
} from "./file-name.ts";
export { folderOf } from "./folders.ts";
export { IssuerLine, type IssuerLineOptions } from "./issuer-line.ts";
export { Pace } from "./pace.ts";
export {
  loadRequestorKey,
  loadServiceKey,
  makeServiceKey,
  openUpload,
  type RequestorKey,
  type ServiceKey,
  writeSealed,
} from "./pgp.ts";
export type { RecordPorts, RunStep } from "./records.ts";
export type { RecordResult } from "./result-row.ts";
export { doneOf, listRuns, type RunStatus } from "./status.ts";
export { judgeRow, rowOf, type StoredCard, uploadColumns } from "./upload-row.ts";

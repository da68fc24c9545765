// The outbox: notices to those who hold tokens, out of the log, as signed webhooks.
//
// Promises: a notice is delivered at least once or ends as a dead letter, nothing is dropped in
// between; notices of one token leave in the order of the log, each under an id that never changes;
// a receiver that fails, hangs or floods costs nobody else anything; no connection is made to an
// address inside.
// Never: a PAN or TPAN in a notice; a decision about a card; a notice that is not in the log.

export { isPublicAddress, parseTarget, type TargetRules } from "./address.ts";
export type { DeliveryEvent, DeliveryStats } from "./delivery.ts";
export { embeddedRecords } from "./embedded-records.ts";
export { eventIdOf, ordinals, placeOf, positionAt } from "./event-id.ts";
export { LogNotices, type LogNoticesOptions } from "./log-notices.ts";
export { type OutboxOrder, OutboxOrders } from "./orders.ts";
export { Outbox, type OutboxOptions, type Subscriber } from "./outbox.ts";
export {
  type DeadLetter,
  type EventRecords,
  lanes,
  type Notice,
  type NoticePage,
  type NoticeSource,
  type OutboxTimers,
  type Progress,
  type ProgressChange,
  type ProgressStore,
  type Sender,
  type SendOutcome,
  type WaitingRow,
} from "./ports.ts";
export {
  deadMax,
  type KnownProgress,
  type ProgressRows,
  ProgressTable,
} from "./progress-table.ts";
export { type Pulled, type PullOptions, pull, pullMax } from "./pull.ts";
export {
  type Checkpoint,
  type Checkpoints,
  SharedProgress,
  type SharedProgressOptions,
} from "./shared-progress.ts";
export {
  type CheckingKey,
  checkingKey,
  isSigned,
  publicKeyOf,
  type SignedHeaders,
  type SigningKey,
  signedHeaders,
  signingKey,
} from "./signature.ts";
export { type StoredNeedOptions, storedNeed } from "./stored-need.ts";
export { type WebhookOptions, WebhookSender } from "./webhook.ts";

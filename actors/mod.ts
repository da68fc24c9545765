// The actors: everything that changes a card, as commands to the one actor of its PAN, through a
// log.
//
// Promises: a decision is a pure function of state, command and what was gathered for it; a command
// is answered when its events are durable in the log and applied to the vault; one command id has
// one effect and one answer, over restarts and changes of owner; what a shard decides while an
// append is under way shares the next one; the projection is the fold of the log and nothing else,
// and a shard whose log and projection disagree stands (PARKED) until somebody has looked; a
// command for another issuer's or requestor's card or token is answered as if there were none.
// Never: I/O or waiting inside a decision; an answer on a guess about the log; a clock or chance of
// its own (both come in as ports); a decision about a payment (that is hotpath/); a card number in
// a subject, an answer, an error or a line of a log.

export {
  assetIdOf,
  type Face,
  type Look,
  lookOf,
  pictureBytesMax,
} from "./art/art.ts";
export { ArtDesk, type ArtPorts, type FaceDone } from "./art/desk.ts";
export type {
  Caller,
  CardAction,
  CardCommand,
  Provision,
  PutAgreement,
  TokenAction,
  UpdatePan,
} from "./card/commands.ts";
export {
  CardDesk,
  type CardDeskPorts,
  type CardView,
  commandId,
  type DeskCall,
  type Done,
} from "./card/desk.ts";
export {
  type CardRequest,
  DirectCards,
  type ProvisionRequest,
  type TokenChange,
  type TokenRequest,
} from "./card/direct.ts";
export { type CardEvent, type Notice, type NoticeName, noticesOf } from "./card/events.ts";
export type { CardPolicy } from "./card/gather.ts";
export {
  type CardKind,
  type CardKindOptions,
  cardKindNumber,
  createCardKind,
} from "./card/kind.ts";
export { homeOf, type Route, routeLinks, routePan, routeToken } from "./card/routing.ts";
export {
  cardSteps,
  envelopeOf,
  exchangeSteps,
  provisionSteps,
  runSteps,
  type Step,
  type Steps,
  tokenSteps,
  updatePanSteps,
} from "./card/steps.ts";
export type { ClusterNode, ShardStanding } from "./cluster/cluster-node.ts";
export { CommandSeal } from "./cluster/command-seal.ts";
export { type Exported, type ExportOptions, exportLog } from "./cluster/export-log.ts";
export {
  type ClusterSettings,
  logSettings,
  type OpenedCluster,
  openCluster,
} from "./cluster/open-cluster.ts";
export {
  type ClusterEvents,
  type ClusterEventsOptions,
  openClusterEvents,
} from "./cluster/open-events.ts";
export { type NodeShards, type Operation, Operator } from "./cluster/operate.ts";
export type { StreamPoint } from "./cluster/operate-log.ts";
export { streamPoint } from "./cluster/operate-log.ts";
export type { PaymentDoor } from "./cluster/payment-router.ts";
export {
  type SalvagedStream,
  type SalvageOptions,
  type SalvageVault,
  salvageShard,
} from "./cluster/salvage.ts";
export { checkLogKind, IdentityRows } from "./cluster/stream-identity.ts";
export { CommandClient, type CommandPort } from "./handover/command-client.ts";
export { CommandServer } from "./handover/command-server.ts";
export { readPayments, writePayments } from "./handover/payment-block.ts";
export {
  type CommandSocket,
  connectSocket,
  listenSocket,
  type SocketCommands,
  socketPath,
} from "./handover/socket.ts";
export { type MakeKind, openKinds } from "./kinds.ts";
export { EmbeddedLog } from "./log/embedded.ts";
export { connectNats, type NatsSettings } from "./log/jetstream/connection.ts";
export { openJetStreamLog } from "./log/jetstream/jetstream-log.ts";
export { isNodeName } from "./log/jetstream/names.ts";
export { NatsBus } from "./log/jetstream/nats-bus.ts";
export { openBrokenStreams } from "./log/jetstream/stream-repair.ts";
export { knownNodes } from "./log/jetstream/topology-registry.ts";
export {
  type LogMeta,
  prepareLogMeta,
  readLogMeta,
  shardsDefault,
  writeLogMeta,
} from "./log/log-meta.ts";
export { Ownership, readOwner } from "./log/owner.ts";
export type { Log, LogEnd, ShardLog, StoredRecord, StreamKind } from "./log/port.ts";
export {
  type LogEvent,
  type LogRecord,
  ownTypes,
  RecordError,
  RecordSeal,
  readHead,
  recordHash,
} from "./log/record.ts";
export type { ResyncCause } from "./log/settle.ts";
export { endMigration, type MigrationEndPorts } from "./migration/desk.ts";
export type { MigrationEnd } from "./migration/kind.ts";
export {
  type ChangeKindName,
  type ContentOf,
  changeKindNames,
  changeKinds,
  checkContent,
  userName,
} from "./office/change-kinds.ts";
export { submitOffice } from "./office/desk.ts";
export {
  type Change,
  type OfficeCommand,
  type Role,
  roles,
  type User,
} from "./office/office.ts";
export { OfficeRows, refuseAlone } from "./office/office-rows.ts";
export * from "./outbox/mod.ts";
export { VaultLedger } from "./pay/ledger.ts";
export { type ProofPorts, withProof } from "./proof/desk.ts";
export type { ActorKind, Answer, Envelope, Position, Reply } from "./runtime/actor-kind.ts";
export { type Cursor, CursorRows } from "./runtime/cursor.ts";
export { readNoted, unframePayload } from "./runtime/event-frame.ts";
export { Fold, isPayment } from "./runtime/fold.ts";
export { KindTable } from "./runtime/kinds.ts";
export { ParkError, type ParkReason } from "./runtime/park.ts";
export { type RuntimePorts, systemTurns, type Turns } from "./runtime/ports.ts";
export { Runtime, type RuntimeOptions } from "./runtime/runtime.ts";
export type { Shard, ShardEvents, ShardState } from "./runtime/shard.ts";
export { TailRows } from "./runtime/tail-rows.ts";
export { lmdbStore } from "./store/lmdb.ts";
export type { Row, Rows, Store } from "./store/port.ts";
export { submitSubscriber } from "./subscriber/desk.ts";
export {
  type Subscriber,
  type SubscriberCommand,
  subscriberKey,
} from "./subscriber/subscriber.ts";
export { SubscriberRows } from "./subscriber/subscriber-rows.ts";
export type { RecordSource } from "./upkeep/chain.ts";
export {
  beginLogLife,
  type LostSpan,
  lostSpans,
  type ShardPoint,
  shardPoints,
} from "./upkeep/log-life.ts";
export { type LostCommand, lostCommands } from "./upkeep/lost-commands.ts";
export { type Rebuilt, replayLog } from "./upkeep/replay-log.ts";
export {
  copiedRecords,
  type SalvagedShard,
  salvageEmbedded,
} from "./upkeep/salvage-embedded.ts";
export { type LogProblem, type LogVerified, verifyLog } from "./upkeep/verify-log.ts";
export { type StatesVerified, verifyStates } from "./upkeep/verify-states.ts";

// The hot path: a payment message in, its answer out.
//
// It promises: one function judges every payment, synchronously, over whole batches; the answer to
// a message never depends on its neighbours, but through claims, where exactly one of any number of
// rivals wins; nothing is approved that is not claimed and journalled; every queue has a bound; a
// worker that dies costs nobody an answer.
//
// It never waits for a promise inside a batch, never holds a PAN longer than a batch, and never
// knows whether a message came over ISO 8583 or gRPC.

export { Batch, batchBytes, messageBytesMax, rowsMax } from "./batch.ts";
export {
  ClusterDispatcher,
  type ClusterDispatcherStats,
  type PaymentLine,
  type PaymentOwner,
} from "./cluster-dispatcher.ts";
export type { AnswerSink, PaymentDispatcher, Peer } from "./dispatch-types.ts";
export {
  type BatchRunner,
  Dispatcher,
  type DispatcherOptions,
  type DispatcherStats,
} from "./dispatcher.ts";
export { HotMetrics, stageNames } from "./hot-metrics.ts";
export { MessageHomes } from "./message-homes.ts";
export {
  type OpenedPipeline,
  openPipeline,
  type PipelineSettings,
  type PipelineShare,
} from "./open-pipeline.ts";
export { PeerPage, peersMax } from "./peer-page.ts";
export { peerTag } from "./peer-tag.ts";
export { Pipeline, type PipelineParts } from "./pipeline.ts";
export {
  type TokenDataAnswer,
  type TokenDataParts,
  type TokenDataRequest,
  TokenDataService,
} from "./token-data.ts";
export {
  type DirectoryAnswer,
  type DirectoryQuery,
  TokenDirectoryService,
} from "./token-directory.ts";
export { type Check, checks } from "./verification-table.ts";
export { WorkerPool, type WorkerPoolOptions } from "./worker-pool.ts";

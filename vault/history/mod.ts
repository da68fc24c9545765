// The history: what the verification journals tell, by token: events, the originals that reversals,
// completions and refunds name, the agreements that a CIT set up, finer reasons of a failed PTAV,
// and flags on tokens that somebody is guessing at.
//
// It promises: every row counts once, whoever folds and however often; rows may come in any order
// and from any number of journals; a refund never exceeds its original; what 18 months have passed
// over is removed; a journal segment is removed only when what it held is on the disk here.
//
// It never answers a payment by itself, never waits for a flush on the path of one, and holds no
// clear PAN: an original carries the sealed block of its token record.

export type { TokenEvent, TokenEventKind } from "./event-record.ts";

export { History, type HistoryOptions } from "./history.ts";
export { HistoryKeeper, type HistoryKeeperOptions } from "./history-keeper.ts";
export { foldRowsMax } from "./ledger.ts";
export { de90At, de90Bytes, type Original } from "./original-record.ts";
export type { OriginalQuery, RefundRequest } from "./originals.ts";
export type { AgreementSink, FlagSink, HistorySinks, SinkBatch } from "./ports.ts";
export { type Scan, ScanWatch } from "./scan-watch.ts";
export { type OnRefused, vaultSinks } from "./vault-sinks.ts";

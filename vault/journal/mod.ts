// The verification journal: one fixed row for each message that was judged, appended by the hot
// path before the answer leaves, read by the slow path.
//
// It promises: a batch costs one write; a process that is killed loses no row that was appended; a
// row is either whole (magic, XXH32) or is not seen; a write that failed leaves no half segment
// behind that later rows could be lost in; any number of processes write side by side, each to
// files of its own.
//
// It never flushes on the hot path, never rewrites a row, and holds no clear PAN: the sealed block
// is the token record's.

export {
  type JournalOptions,
  JournalWriter,
  type RowSink,
  segmentAgeMsMax,
} from "./journal-writer.ts";
export { newestIds } from "./newest-ids.ts";
export { beginRow, rowAt, rowBytes, rowFlag, rowKind, rowMagic } from "./row.ts";
export { RowView, rowValid } from "./row-view.ts";
export { journalPath, listSegments, type Segment } from "./segment.ts";

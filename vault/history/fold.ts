// Reads the rows that the journals have gained since the last fold.
import { closeSync, readSync, statSync } from "node:fs";
import { RowDigest, type Source } from "../audit/entry.ts";
import { segmentAgeMsMax } from "../journal/journal-writer.ts";
import { rowBytes } from "../journal/row.ts";
import { RowView, rowValid } from "../journal/row-view.ts";
import type { Segment } from "../journal/segment.ts";
import type { HistoryTables } from "./tables.ts";
import { openSegment } from "./tail.ts";

/** Rows of one read. */
const readRows = 1_024;

/** Cursor value: bytes read u48, damaged rows that were passed over u32. */
const cursorAt = { bytes: 0, damaged: 6 } as const;

export interface Cursor {
  readonly bytes: number;
  readonly damaged: number;
}

export function readCursor(tables: HistoryTables, file: string): Cursor {
  const value = tables.cursors.getBinary(Buffer.from(file, "latin1"));
  if (value === undefined) return { bytes: 0, damaged: 0 };
  return {
    bytes: value.readUIntLE(cursorAt.bytes, 6),
    damaged: value.readUInt32LE(cursorAt.damaged),
  };
}

function writeCursor(tables: HistoryTables, file: string, cursor: Cursor): void {
  const value = Buffer.alloc(10);
  value.writeUIntLE(cursor.bytes, cursorAt.bytes, 6);
  value.writeUInt32LE(cursor.damaged, cursorAt.damaged);
  tables.cursors.putSync(Buffer.from(file, "latin1"), value);
}

/** Writes the cursor as it stands: makes the caller's transaction one that is flushed. */
export function touchCursor(tables: HistoryTables, file: string): void {
  writeCursor(tables, file, readCursor(tables, file));
}

/** Whole rows of a segment that were not read yet. */
export function rowsAhead(tables: HistoryTables, segment: Segment): number {
  const bytes = segment.bytes - readCursor(tables, segment.file).bytes;
  return Math.max(0, Math.floor(bytes / rowBytes));
}

/**
 * True when nobody writes to the segment any more: its writer has begun another, or it is so old
 * that its writer would have. Only there is a damaged row passed over; elsewhere it may still
 * become whole.
 */
export function isClosed(segment: Segment, all: readonly Segment[], nowMs: number): boolean {
  const later = all.some((s) => s.writer === segment.writer && s.startMs > segment.startMs);
  return later || nowMs - segment.startMs > 2 * segmentAgeMsMax;
}

/** Reads rows into one buffer, made on first use and kept. */
export class SegmentReader {
  readonly #chunk = Buffer.allocUnsafeSlow(readRows * rowBytes);
  readonly #row = new RowView();

  constructor() {
    this.#row.bytes = this.#chunk;
  }

  /**
   * Applies at most `rowsMax` rows of a segment and moves its cursor; inside a write transaction.
   * Returns the number of rows that were read. A segment that has been removed holds none. `took`
   * hears which bytes they were.
   */
  read(
    tables: HistoryTables,
    segment: Segment,
    options: { readonly rowsMax: number; readonly closed: boolean },
    apply: (row: RowView) => void,
    took: (source: Omit<Source, "kind">) => void = () => {},
  ): number {
    const start = readCursor(tables, segment.file);
    let { bytes, damaged } = start;
    let rows = 0;
    const digest = new RowDigest();
    const fd = openSegment(segment.path);
    if (fd < 0) return 0;
    try {
      while (rows < options.rowsMax) {
        const wanted = Math.min(readRows, options.rowsMax - rows) * rowBytes;
        const whole = Math.floor(readSync(fd, this.#chunk, 0, wanted, bytes) / rowBytes);
        let row = 0;
        for (; row < whole; row++) {
          this.#row.at = row * rowBytes;
          if (rowValid(this.#chunk, this.#row.at)) apply(this.#row);
          else if (options.closed) damaged++;
          else break;
        }
        digest.add(this.#chunk, row);
        bytes += row * rowBytes;
        rows += row;
        if (row < whole || whole * rowBytes < wanted) break;
      }
    } finally {
      closeSync(fd);
    }
    if (bytes === start.bytes) return rows;
    writeCursor(tables, segment.file, { bytes, damaged });
    took({ file: segment.file, from: start.bytes, to: bytes, digest: digest.end() });
    return rows;
  }
}

/** True when the segment is read to its last whole row. */
export function isFolded(tables: HistoryTables, segment: Segment): boolean {
  const bytes = statSync(segment.path, { throwIfNoEntry: false })?.size ?? 0;
  return bytes - readCursor(tables, segment.file).bytes < rowBytes;
}

// Verification ids of the newest rows of a writer's files. Whoever writes rows out of a log, and
// died between a row and the note that it was written, must not write it twice.
import { closeSync, openSync, readSync } from "node:fs";
import { rowAt, rowBytes } from "./row.ts";
import { rowValid } from "./row-view.ts";
import { listSegments } from "./segment.ts";

const idBytes = 16;

/**
 * Ids, hex, of at most `rows` rows: those that were written last by writers whose names begin with
 * `prefix`.
 */
export function newestIds(dir: string, prefix: string, rows: number): Set<string> {
  const segments = listSegments(dir)
    .filter(({ writer }) => writer.startsWith(prefix))
    .sort((a, b) => b.startMs - a.startMs);
  const ids = new Set<string>();
  let left = rows;
  for (const { path, bytes } of segments) {
    if (left <= 0) break;
    const whole = Math.floor(bytes / rowBytes);
    const many = Math.min(left, whole);
    const chunk = Buffer.alloc(many * rowBytes);
    const fd = openSync(path, "r");
    try {
      readSync(fd, chunk, 0, chunk.length, (whole - many) * rowBytes);
    } finally {
      closeSync(fd);
    }
    for (let at = 0; at < chunk.length; at += rowBytes) {
      if (!rowValid(chunk, at)) continue;
      const from = at + rowAt.verificationId;
      ids.add(chunk.toString("hex", from, from + idBytes));
    }
    left -= many;
  }
  return ids;
}

// More than 20 failed PTAV checks of one token within 60 s: somebody is guessing. The token is
// flagged for ten minutes; the hot path reads the flag and counts nothing.
import { reason } from "../../platform/mod.ts";
import type { RowView } from "../journal/row-view.ts";
import { daySeconds, type HistoryTables, u32Seconds } from "./tables.ts";

const failuresMax = 20;
const windowSeconds = 60;
export const flagSeconds = 600;

/** The latest failures that are remembered: one more than is allowed decides. */
const timesMax = failuresMax + 1;

export function isFailedCheck(row: RowView): boolean {
  return row.reason === reason.PTAV_INVALID || row.reason === reason.PTAV_REPLAY;
}

/**
 * Counts one failed check. Returns until when the token is to be flagged, 0 where it is not. Rows
 * of several journals come in any order, so the times are kept sorted.
 */
export function countFailure(tables: HistoryTables, row: RowView): number {
  const index = Buffer.from(row.index);
  const seconds = Math.floor(row.timeMs / 1_000);
  const stored = tables.failures.getBinary(index);
  const times: number[] = [seconds];
  for (let at = 4; stored !== undefined && at + 4 <= stored.length; at += 4) {
    times.push(stored.readUInt32LE(at));
  }
  times.sort((a, b) => a - b);
  if (times.length > timesMax) times.shift();
  const value = Buffer.alloc(4 + 4 * times.length);
  value.writeUInt32LE(u32Seconds(seconds + daySeconds), 0);
  times.forEach((time, i) => {
    value.writeUInt32LE(u32Seconds(time), 4 + 4 * i);
  });
  tables.failures.putSync(index, value);
  const newest = times.at(-1)!;
  const many = times.length === timesMax && newest - times[0]! < windowSeconds;
  return many ? newest + flagSeconds : 0;
}

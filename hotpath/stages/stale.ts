// Stage: age. DE7 of a 0100 or 0200 (or its repeat) more than 300 s from now is refused: what is
// older could not be told from a replay.
import { reason } from "../../platform/mod.ts";
import { de7SkewSeconds } from "../../vault/mod.ts";
import { type Rows, work } from "../rows.ts";

export function refuseStale(rows: Rows): void {
  for (let row = 0; row < rows.count; row++) {
    if (rows.reason[row] !== 0 || rows.work[row] === work.NONE) continue;
    const kind = rows.views[row]!.mti & 0xffe;
    if (kind !== 0x100 && kind !== 0x200) continue;
    const apart = (rows.transmitted[row] as number) - rows.nowSeconds;
    if (apart > de7SkewSeconds || apart < -de7SkewSeconds) rows.reason[row] = reason.MESSAGE_STALE;
  }
}

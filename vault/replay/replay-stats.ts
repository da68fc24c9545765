// What an operator needs to know of the replay store: how full it is, and what it refuses.
import type { ClaimTable, ReplayEnvironment } from "./replay-environment.ts";
import { type ReplayState, stateWord } from "./replay-state.ts";

/** The share of the map at which to raise the alarm: time is left to make it larger. */
export const fullAlarmShare = 0.7;

export interface ReplayStats {
  readonly claims: number;
  readonly orphans: number;
  /** Pages in use, in bytes; emptied slots give their pages back to the next one. */
  readonly bytesUsed: number;
  /** What the store was sized for. LMDB would grow beyond it: then the size was too small. */
  readonly bytesMax: number;
  readonly usedShare: number;
  readonly full: boolean;
  readonly floor: number;
  readonly fencePtav: number;
  readonly fenceDe7: number;
  /** Transactions that could not be stored, in this process. */
  readonly failures: number;
  readonly lastError: unknown;
}

/** The part of LMDB's statistics that is read here. */
interface TableStats {
  readonly pageSize: number;
  readonly entryCount: number;
  readonly treeBranchPageCount: number;
  readonly treeLeafPageCount: number;
  readonly overflowPages: number;
}

/** One table's figures; lmdb-js types them as an empty object. */
function tableStats(table: ClaimTable): TableStats {
  return table.getStats() as TableStats;
}

/** Pages of one table's tree. */
export function treePages(table: ClaimTable): number {
  const stats = tableStats(table);
  return stats.treeBranchPageCount + stats.treeLeafPageCount + stats.overflowPages;
}

export function readReplayStats(
  environment: ReplayEnvironment,
  bytesMax: number,
  state: ReplayState,
  faults: { readonly failures: number; readonly lastError: unknown },
): ReplayStats {
  let bytesUsed = 0;
  let entries = 0;
  for (const slot of environment.slots) {
    const { pageSize, entryCount } = tableStats(slot);
    bytesUsed += treePages(slot) * pageSize;
    entries += entryCount;
  }
  const { words } = state;
  const orphans = state.orphans();
  const usedShare = bytesUsed / bytesMax;
  return {
    claims: entries - orphans,
    orphans,
    bytesUsed,
    bytesMax,
    usedShare,
    full: usedShare >= fullAlarmShare,
    floor: words[stateWord.floor]!,
    fencePtav: words[stateWord.fencePtav]!,
    fenceDe7: words[stateWord.fenceDe7]!,
    ...faults,
  };
}

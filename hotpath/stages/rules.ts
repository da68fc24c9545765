// Stage: the verification table, check by check over the whole batch, so that each check stays one
// short loop. Which checks run before the PTAV's MAC is recomputed is read off the table itself.
import { reason } from "../../platform/mod.ts";
import { type Rows, work } from "../rows.ts";
import { type Check, checks, type Facts, isMit } from "../verification-table.ts";

const macRow = checks.findIndex((check) => check.reason === reason.PTAV_INVALID);

/** Checks that need nothing but the message, the record and the registry. */
export const checksBeforeMac: readonly Check[] = checks.slice(0, macRow);
/** The PTAV's MAC and what is judged after it. */
export const checksFromMac: readonly Check[] = checks.slice(macRow);

export function applyChecks(list: readonly Check[], rows: Rows, facts: Facts): void {
  for (let row = 0; row < rows.count; row++) {
    if (rows.open(row, work.VERIFY)) rows.reason[row] = firstFailure(list, rows, row, facts);
  }
}

function firstFailure(list: readonly Check[], rows: Rows, row: number, facts: Facts): number {
  const mit = isMit(rows, row);
  for (let i = 0; i < list.length; i++) {
    const check = list[i]!;
    if (check.initiation === (mit ? "CIT" : "MIT")) continue;
    if (check.failed(rows, row, facts)) return check.reason;
  }
  return 0;
}

// Stage: one LMDB get a row, of the one record that holds all the rules need. Synchronous, from the
// memory map.
import { tokenWords, type Vault } from "../../vault/mod.ts";
import { type Rows, work } from "../rows.ts";

export function lookUp(vault: Vault, rows: Rows): void {
  for (let row = 0; row < rows.count; row++) {
    if (rows.reason[row] !== 0 || rows.work[row] === work.NONE) continue;
    if (vault.findToken(rows.index, row * 16, rows.record, row * tokenWords)) rows.found[row] = 1;
  }
}

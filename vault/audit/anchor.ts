// The vault's own note of where the audit chain ended, in another environment than the chain: an
// end that was cut off shows.
import type { KeyRing } from "../../crypto/mod.ts";
import type { Vault } from "../vault.ts";
import { auditKey } from "./chain.ts";
import { type Mark, openMark, sealMark } from "./mark.ts";
import { localUser, recordAct } from "./record-act.ts";

const name = Buffer.from("audit.anchor");

/** Flushed when it returns; the chain must be flushed up to there before. */
export function putAnchor(vault: Vault, mark: Mark): void {
  vault.env.write(() => {
    const bytes = sealMark(auditKey(vault.sealing.ring), "anchor", mark);
    vault.env.table("meta").putSync(name, bytes);
  });
}

/** "none" before the first; undefined where it is not what this vault wrote. */
export function readAnchor(vault: Vault, ring: KeyRing): Mark | "none" | undefined {
  const bytes = vault.env.table("meta").getBinary(name);
  return bytes === undefined ? "none" : openMark(ring, "anchor", bytes);
}

/**
 * After a restore the chain may end before the place that the vault noted, since the history is
 * copied first. The act that is written says where that was.
 */
export function forgetAnchor(vault: Vault): void {
  vault.env.write(() => {
    const mark = readAnchor(vault, vault.sealing.ring);
    const noted = mark === undefined || mark === "none" ? {} : markDocument(mark);
    recordAct(vault, { act: "audit.restored", by: localUser(), detail: noted });
    vault.env.table("meta").removeSync(name);
  });
}

function markDocument({ seq, hash }: Mark): Record<string, unknown> {
  return { block: seq, hash: hash.toString("hex") };
}

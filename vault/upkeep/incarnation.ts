// A new life of the vault. After a restore, or when a machine was reverted together with its
// memory, claims and TPANs that were made after the copy are lost: nothing they used may be used
// again.
import { closeUsedSubRanges } from "../minting/sub-ranges.ts";
import type { Vault } from "../vault.ts";

/** PTAVs issued up to now, with the clock skew that verification allows, are void. */
const ptavFenceSeconds = 60;
/** Messages without PTAV may carry a DE7 of up to five minutes ahead. */
const de7FenceSeconds = 300;

export interface NewIncarnation {
  readonly incarnation: string;
  readonly ptavHorizon: number;
  readonly de7Horizon: number;
  /** Sub-ranges that give no new TPAN any more: they may have given ones that this vault forgot. */
  readonly closedSubRanges: number;
}

/**
 * Begins a new incarnation: another replay folder, fenced at max(horizon, now + 60 s) for PTAVs and
 * now + 300 s for DE7, and no new TPAN from any sub-range that was in use. One flushed transaction.
 */
export function beginIncarnation(vault: Vault): NewIncarnation {
  return vault.env.write(() => {
    const now = vault.nowSeconds();
    vault.meta.renew(vault.random(16));
    vault.meta.countRestore();
    vault.meta.raiseHorizon("ptav", now + ptavFenceSeconds);
    vault.meta.raiseHorizon("de7", now + de7FenceSeconds);
    return {
      closedSubRanges: closeUsedSubRanges(vault),
      incarnation: vault.meta.incarnation(),
      ptavHorizon: vault.meta.horizon("ptav"),
      de7Horizon: vault.meta.horizon("de7"),
    };
  });
}

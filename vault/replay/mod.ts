// The replay store: one use, exactly. A message that would be approved claims its PTAV (or, without
// one, its DE7 and message keys) as its last check.
//
// It promises: of any number of rivals in any number of processes and threads exactly one gets NEW;
// the same transaction within 120 s gets REPETITION and the first verification id; a process that
// dies loses no claim; after a power loss, a restore, another TTL, a clock that goes back or a
// pause of any length nothing is accepted a second time: floor, fence and window are checked with a
// clock that is read inside the write transaction.
//
// In a cluster claims come from the log of payments, and only from there: `LoggedPayments` folds
// and judges, and `claim` is not called.
//
// It never flushes, never drops a database, never removes the folder of the running boot, and never
// answers NEW for what it could not store.

export { type BootIdSource, linuxBootId, readBootId } from "./boot-id.ts";
export { ClaimLanes } from "./claim-lanes.ts";
export { claim, claimKeyBytes, claimKind, verdict } from "./claim-record.ts";
export { type HorizonKind, type HorizonPort, horizonLeadSeconds } from "./horizon.ts";
export { HorizonKeeper, type HorizonKeeperOptions } from "./horizon-keeper.ts";
export { LoggedPayments } from "./logged-payments.ts";
export { removeOldBoots } from "./old-boots.ts";
export { paymentAt, paymentBytes, paymentHeadBytes, paymentKind } from "./payment.ts";
export type { PaymentItem } from "./payment-item.ts";
export { replayPath } from "./replay-environment.ts";
export { fullAlarmShare, type ReplayStats } from "./replay-stats.ts";
export { type ReplayOptions, ReplayStore } from "./replay-store.ts";
export { type HorizonVault, vaultHorizons } from "./vault-horizons.ts";
export {
  de7InWindow,
  de7SkewSeconds,
  ptavInWindow,
  ptavSkewSeconds,
  repetitionSeconds,
  slotWidth,
} from "./window.ts";

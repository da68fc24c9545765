// The audit chain: every card number that left the vault and every administrative act, in blocks
// chained by SHA-256 and proved by a MAC.
//
// It promises: what the journals and the vault tell stands in it exactly once, in the transaction
// in which their cursors move; a block that is removed, altered, moved or written by somebody
// without the key is found, and so is an end that was cut off; whoever notes one hash elsewhere can
// prove everything up to it without keys.
//
// It never holds a card number, and no payment waits for it.

export { type Act, ActRows, type NumberedAct } from "./act.ts";
export { putAnchor, readAnchor } from "./anchor.ts";
export { openBlock } from "./block.ts";
export { auditKey, type StoredBlock } from "./chain.ts";
export { type AuditProblem, type AuditVerified, type ChainCheck, verifyChain } from "./check.ts";
export { type DoorName, doorCode, type Entry, type Release } from "./entry.ts";
export type { Mark } from "./mark.ts";
export { localUser, recordAct } from "./record-act.ts";
export { type AuditSource, auditSourceOf } from "./trail.ts";
export { verifyAudit } from "./verify-audit.ts";

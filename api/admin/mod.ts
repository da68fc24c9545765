// The administration API: issuers, BIN ranges, token sub-ranges, requestors, acquirers, keys,
// users.
//
// It promises: who calls is a user that the office has at this moment, by certificate or by a token
// for his secret; a change takes effect only as the office decides, which wants two people; what is
// read is this node's vault; every error is a problem document.
//
// It never changes anything by itself, never shows a key, a secret or its hash, and never listens
// in the clear outside loopback unless the operator said so.

export { type AdminDoor, type AdminMetrics, createAdminDoor } from "./door.ts";
export type { AdminKey } from "./handlers.ts";
export { adminErrorsOf, adminOpenApi } from "./openapi.ts";
export {
  type AdminOperation,
  type AdminOperationId,
  adminOperationIds,
  adminOperations,
} from "./operations.ts";

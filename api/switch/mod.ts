// The JSON API of switches and directory servers, over mutual TLS: verify, resolve, advice.
//
// It promises: a payment takes the very path that it takes over ISO 8583 and gRPC and gets the same
// reason; a card number leaves only encrypted, to the key of the switch that asked or, through the
// directory, of the issuer's access control server.
//
// It never listens without mutual TLS outside loopback and never judges a payment itself.
export { AcsKeys, type AcsParty } from "../http/acs-keys.ts";
export { type EncryptionKey, loadEncryptionKey } from "../http/client-keys.ts";
export {
  createSwitchDoor,
  type SwitchClient,
  type SwitchDoor,
  type SwitchDoorOptions,
  type SwitchMetrics,
} from "./door.ts";
export { switchOpenApi } from "./openapi.ts";
export {
  type SwitchOperation,
  type SwitchOperationId,
  switchErrors,
  switchOperationIds,
  switchOperations,
} from "./operations.ts";

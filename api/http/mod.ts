// The JSON APIs of requestors (tokens, cryptograms, agreements, events and webhooks) and of issuers
// (their cards and the tokens of these) over HTTPS, by one way in.
//
// It promises: who calls is known by an access token of ours and by a signature over the bytes as
// they were sent, each request once; card data comes encrypted and leaves the door as a `ClearPAN`;
// every answer is signed; every error is a problem document from the one error table; one schema
// checks a request and describes it; the same idempotency key has one effect.
//
// Beside the door stands a client of it, which checks every answer as a careful one would.
//
// It never changes a card itself (commands do), never opens a card, never repeats what came in an
// error or a log, and never listens in the clear outside loopback unless the operator said so.

export {
  type ApiAccess,
  type ApiAnswer,
  type ApiCall,
  ApiClient,
  type CardFields,
} from "./api-client.ts";
export { type ClientKeys, clientKeysOf } from "./client-keys.ts";
export {
  type ClientOpener,
  type ClientSigner,
  loadOpener,
  loadSigner,
  makeKeyPair,
} from "./client-private-keys.ts";
export { makeSecret } from "./client-secret.ts";
export { type ClientParty, loadClients } from "./clients.ts";
export type { HttpDoor } from "./door.ts";
export { openPan } from "./encrypted-card.ts";
export { HttpPeer, type PeerAnswer, type PeerRequest, type PeerTls } from "./http-peer.ts";
export { issuerOperations } from "./issuer-operations.ts";
export { errorsOf, openApi } from "./openapi.ts";
export {
  changeErrors,
  commonErrors,
  issuerScopes,
  migrationScopes,
  type Operation,
  type OperationId,
  operationIds,
  operations,
  type Scope,
  scopes,
} from "./operations.ts";
export { type HttpClient, type HttpMetrics, noHttpMetrics } from "./ports.ts";
export { createHttpDoor, type HttpDoorOptions } from "./requestor-door.ts";
export { type ServedId, served, servedIds } from "./served.ts";
export { loadServerKeys, makeServerKeys, type ServerKeys } from "./server-keys.ts";

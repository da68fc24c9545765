// The UAT host: migration of stored cards over JSON, one card a call with its token in the answer,
// or a batch.
//
// It promises: its access tokens, signatures and card keys are of keys that no other door has; card
// data comes encrypted, is opened once and is on the disk sealed, without its security code; one
// idempotency key has one effect, whatever is killed; every record has the same steps as a record
// of a file over SFTP.
//
// It never talks to an issuer itself (migration/ does), and never makes a token past the card's
// actor.
export { createUatDoor, type UatDoorOptions } from "./door.ts";
export { uatOpenApi } from "./openapi.ts";
export { uatOperations } from "./operations.ts";

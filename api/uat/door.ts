// The migrations' door: the server of the requestors' JSON API with a table, keys and clients of
// its own.
import { type DoorOptions, type HttpDoor, openDoor } from "../http/door.ts";
import { type UatPorts, uatHandlers } from "./handlers.ts";
import { uatOperations } from "./operations.ts";

export interface UatDoorOptions extends DoorOptions, Omit<UatPorts, "keys"> {}

/** An access token of the requestors' API is not good here, nor one of this door there. */
const audience = "pantun-migration-api";

/** Errors: those of `openDoor`. */
export function createUatDoor(options: UatDoorOptions): Promise<HttpDoor> {
  const handlers = uatHandlers(options);
  return openDoor(options, { table: uatOperations, handlers, audience, settings: "migrate.api" });
}

// The door of requestors and issuers: its operations and who does the work of each.
import { CardArt } from "../art/mod.ts";
import { Quota } from "../grpc/quota.ts";
import { artHandlers } from "./art-handlers.ts";
import { type DoorOptions, type HttpDoor, openDoor } from "./door.ts";
import { type IssuerPorts, issuerHandlers } from "./issuer-handlers.ts";
import { type NoticePorts, noticeHandlers } from "./notice-handlers.ts";
import { served } from "./served.ts";
import { type TokenPorts, tokenHandlers } from "./token-handlers.ts";

export interface HttpDoorOptions
  extends DoorOptions,
    Pick<TokenPorts, "commands" | "tokenData" | "provisions">,
    Pick<NoticePorts, "events" | "loopbackWebhooks">,
    Pick<IssuerPorts, "history"> {}

/** A ping is a call of ours to somebody else. */
const pingsPerMinute = 6;

/** Errors: those of `openDoor`. */
export async function createHttpDoor(options: HttpDoorOptions): Promise<HttpDoor> {
  const { clock, keys: current } = options;
  const ports = {
    ...options,
    keys: () => current,
    art: new CardArt(options),
    pings: new Quota({ callsMax: pingsPerMinute, windowMs: 60_000, clock, subject: "webhook" }),
  };
  const handlers = {
    ...tokenHandlers(ports),
    ...noticeHandlers(ports),
    ...artHandlers(ports),
    ...issuerHandlers(ports),
  };
  return openDoor(options, { table: served, handlers, settings: "http" });
}

// What a shard says where it does not decide. In all of them nothing was done.
import { type AppError, appError } from "../../platform/mod.ts";
import type { ParkError } from "./park.ts";

/** After a refusal for want of room, commands are refused for so long before the next try. */
export const readOnlyMs = 1_000;

export function moved(): AppError {
  return appError("SHARD_MOVED", "This node does not answer for the card now; nothing was done.");
}

export function notSeen(): AppError {
  return appError("SERVICE_UNAVAILABLE", "The log does not answer; nothing was done.");
}

export function logFull(): AppError {
  return appError("LOG_FULL", "The log has no room; nothing was done.", {
    retryAfterMs: readOnlyMs,
  });
}

export function shardParked({ shard, seq, reason }: ParkError): AppError {
  const details = { shard, seq, reason };
  return appError("SHARD_PARKED", `Shard ${shard} stands at ${seq}: ${reason}.`, { details });
}

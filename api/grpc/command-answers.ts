// What the doors of the command path share: how a call becomes one of the desk's, how answers and
// positions look on the wire, and how a read waits for a position.
import type { CardDesk, DeskCall, Done, Position } from "../../actors/mod.ts";
import { appError, type Clock } from "../../platform/mod.ts";
import type { CallContext } from "./call-context.ts";
import { causeCodes, tokenStatusCode } from "./card-names.ts";
import { InvalidFields } from "./status.ts";

/** So long before the caller gives up it is told what is known: a reason says more than silence. */
const tellMs = 100;

export function deskCall(context: CallContext, client: string, idempotencyKey: string): DeskCall {
  return { client, idempotencyKey, deadlineMs: context.deadlineMs - tellMs };
}

/** Opaque to callers. */
export function positionText({ incarnation, shard, seq, ord }: Position): string {
  return `${incarnation}.${shard}.${seq}.${ord}`;
}

/** INVALID_FIELD where it is none that was given out. */
export function parsePosition(text: string): Position {
  const numbers = /^[0-9]{1,10}(\.[0-9]{1,16}){3}$/.test(text) ? text.split(".").map(Number) : [];
  const [incarnation, shard, seq, ord] = numbers;
  if (ord === undefined || !numbers.every(Number.isSafeInteger)) {
    const description = "a position from an earlier answer";
    throw new InvalidFields([{ field: "min_position", code: "INVALID_FIELD", description }]);
  }
  return { incarnation: incarnation!, shard: shard!, seq: seq!, ord };
}

/** How often a read that waits looks again. */
const lookMs = 10;

/**
 * Resolves when the vault has everything up to the position; "" waits for nothing.
 * SERVICE_UNAVAILABLE where it has not in time.
 */
export async function caughtUp(
  desk: CardDesk,
  position: string,
  deadlineMs: number,
  clock: Clock,
): Promise<void> {
  if (position === "") return;
  const wanted = parsePosition(position);
  while (!desk.hasReached(wanted)) {
    if (clock.monotonicMs() > deadlineMs - tellMs) {
      throw appError("SERVICE_UNAVAILABLE", "This node has not got so far in the log yet.");
    }
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

/** What became of a token; both services have a message of this form. */
export function tokenOutcome({ answer, repeated, position }: Done) {
  return {
    changed: answer.changed === true,
    status: tokenStatusCode(answer.status),
    suspendedBy: causeCodes(answer.suspendedBy),
    version: Number(answer.version ?? 0),
    repeated,
    position: positionText(position),
  };
}

// Card issuers' file actions on a session: 0302 becomes the command that it would be over JSON or
// gRPC, and 0312 says what became of it. The peer decides whose cards they are, not the message.
import type { DeskCall } from "../../actors/mod.ts";
import { type AppError, appError, isAppError, reason } from "../../platform/mod.ts";
import type { CardStatusName } from "../../vault/mod.ts";
import { macVerdict } from "./answer-desk.ts";
import type { Connection } from "./connection.ts";
import {
  cardOf,
  causedAtOf,
  eventOf,
  newCardOf,
  newExpiryOf,
  outcomeText,
  reasonOf,
  statusText,
  verbOf,
} from "./file-message.ts";

const done = "00";

/** A reason with this DE39, which is what the counters show of it. */
const reasonByDE39: Readonly<Record<string, number>> = {
  [done]: reason.VERIFIED,
  "12": reason.MIT_TYPE_INVALID,
  "14": reason.TOKEN_UNKNOWN,
  "57": reason.NOT_PERMITTED,
  "91": reason.OVERLOADED,
  "94": reason.DUPLICATE_TRANSMISSION,
  "96": reason.SYSTEM_ERROR,
};

/** Handles one message of class 3 that stands in `buf` from `begin` to `end`. */
export function handleFile(session: Connection, buf: Buffer, begin: number, end: number): void {
  const { peer } = session;
  const { desk } = session.door;
  const status = desk.read(buf, begin, end);
  if (status !== 0) {
    session.reply(desk.unreadable(peer, status), reason.FORMAT_ERROR, status);
    return;
  }
  if (!desk.expectsAnswer()) {
    session.reply(0, reason.FORMAT_ERROR, 0);
    return;
  }
  const key = desk.judgeMac(peer);
  if (key === macVerdict.MISSING) {
    session.reply(desk.errorOnly(peer, "30"), reason.FORMAT_ERROR, 0);
  } else if (key === macVerdict.WRONG) {
    session.reply(desk.file(peer, "63", "", 0), reason.MAC_FAILED, 0);
  } else {
    session.replyLater(answerTo(session, Buffer.from(buf.subarray(begin, end))));
  }
}

interface Outcome {
  readonly de39: string;
  /** Value of DE120; "" leaves it out. */
  readonly tags: string;
}

/** Never rejects. `message` is the sender's own copy, for it is answered after others were read. */
async function answerTo(
  session: Connection,
  message: Buffer,
): Promise<{ answer: Buffer; why: number }> {
  const { peer } = session;
  const { desk } = session.door;
  let outcome: Outcome;
  try {
    outcome = await carryOut(session, message);
  } catch (error) {
    const known = isAppError(error) ? error : broken(error);
    const tags = known.code === "CARD_NOT_FOUND" ? statusText(undefined) : "";
    outcome = { de39: known.row.de39, tags };
    const fault = outcome.de39 === "96";
    session.log[fault ? "error" : "info"]({ err: known }, "file action refused");
  }
  desk.read(message, 0, message.length);
  // The key that verified it may have been replaced meanwhile: it still signs, by another number.
  const key = Math.max(0, desk.judgeMac(peer));
  const length = desk.file(peer, outcome.de39, outcome.tags, key);
  message.fill(0);
  const why = reasonByDE39[outcome.de39] ?? reason.FORMAT_ERROR;
  return { answer: Buffer.from(desk.out.subarray(0, length)), why };
}

function broken(cause: unknown): AppError {
  return appError("INTERNAL_ERROR", "A file action failed.", { cause });
}

async function carryOut({ door, peer }: Connection, message: Buffer): Promise<Outcome> {
  const { cards, clock, limits } = door;
  const { view } = door.desk;
  door.desk.read(message, 0, message.length);
  const verb = verbOf(view);
  const pan = cardOf(view);
  if (cards === null) throw appError("SERVICE_UNAVAILABLE", "No commands are taken here.");
  const { issuerId } = peer;
  // Before anything is looked up: what belongs to others is answered alike, known or not.
  if (issuerId === undefined || cards.rangeOf(pan)?.issuer.id !== issuerId) {
    throw appError("PAN_NOT_OWNED", "The card number lies outside the issuer's ranges.");
  }
  if (verb === "inquiry") {
    const status = cards.statusOf(pan);
    if (status === undefined) throw appError("CARD_NOT_FOUND", "There is no such card.");
    return { de39: done, tags: outcomeText(undefined, status) };
  }
  const { space, key } = eventOf(view);
  const call: DeskCall = {
    client: `issuer ${issuerId}${space}`,
    idempotencyKey: key,
    deadlineMs: clock.monotonicMs() + limits.commandMs,
  };
  const said = { pan, issuerId, reason: reasonOf(view) };
  const result = await (verb === "pan"
    ? cards.updatePan(call, { ...said, newPan: newCardOf(view), newExpiry: newExpiryOf(view) })
    : cards.card(call, {
        ...said,
        action: verb,
        causedAtMs: causedAtOf(view),
        expiry: verb === "expiry" ? newExpiryOf(view) : 0,
      }));
  // A card that moved away is closed under its old number.
  const status = (result.answer.status as CardStatusName | undefined) ?? cards.statusOf(pan);
  return { de39: done, tags: outcomeText(result, status) };
}

// Network management on a session: sign-on, sign-off, echo, and the answers to our own echoes.
import { reason } from "../../platform/mod.ts";
import { type AnswerDesk, macVerdict } from "./answer-desk.ts";
import type { Connection } from "./connection.ts";
import { networkCode } from "./network-message.ts";

/** DE39: done; invalid transaction; format error; security violation. */
const done = "00";
const invalid = "12";
const badFormat = "30";
const violation = "63";

/** Handles one message of class 8 that stands in `buf` from `begin` to `end`. */
export function handleNetwork(
  desk: AnswerDesk,
  session: Connection,
  buf: Buffer,
  begin: number,
  end: number,
  startsAt: number,
): void {
  const peer = session.peer;
  const status = desk.read(buf, begin, end);
  if (status !== 0) {
    const length = desk.unreadable(peer, status);
    session.reply(length, buf, startsAt, reason.FORMAT_ERROR, status);
    return;
  }
  // The answer to our echo is life, which its bytes have shown already; an answer is never
  // answered.
  if (!desk.expectsAnswer()) return;
  const key = desk.judgeMac(peer);
  if (key === macVerdict.MISSING) {
    session.reply(desk.errorOnly(peer, badFormat), buf, startsAt, reason.FORMAT_ERROR, 0);
    return;
  }
  if (key === macVerdict.WRONG) {
    session.reply(desk.network(peer, violation, 0), buf, startsAt, reason.MAC_FAILED, 0);
    return;
  }
  switch (desk.view.int(70)) {
    case networkCode.SIGN_ON:
      session.setSignedOn(true);
      session.reply(desk.network(peer, done, key), buf, startsAt, reason.VERIFIED, 0);
      return;
    case networkCode.SIGN_OFF:
      session.signOff(desk.network(peer, done, key), buf, startsAt);
      return;
    case networkCode.ECHO:
      session.reply(desk.network(peer, done, key), buf, startsAt, reason.VERIFIED, 0);
      return;
    default:
      // Key change (161) among them: keys of this version change on the command line.
      session.reply(desk.network(peer, invalid, key), buf, startsAt, reason.FORMAT_ERROR, 0);
  }
}

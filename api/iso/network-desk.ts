// Network management on a session: sign-on, sign-off, echo, cut-over, key change, and the answers
// to what we asked ourselves.
import { reason } from "../../platform/mod.ts";
import { macVerdict } from "./answer-desk.ts";
import type { Connection } from "./connection.ts";
import { networkCode } from "./network-message.ts";

/** DE39: done; invalid transaction; format error; security violation; malfunction. */
const done = "00";
const invalid = "12";
const badFormat = "30";
const violation = "63";
const malfunction = "96";

/** Handles one message of class 8 that stands in `buf` from `begin` to `end`. */
export function handleNetwork(session: Connection, buf: Buffer, begin: number, end: number): void {
  const { peer } = session;
  const { desk } = session.door;
  const status = desk.read(buf, begin, end);
  if (status !== 0) {
    session.reply(desk.unreadable(peer, status), reason.FORMAT_ERROR, status);
    return;
  }
  // An answer is never answered.
  if (!desk.expectsAnswer()) {
    takeAnswer(session);
    return;
  }
  const key = desk.judgeMac(peer);
  if (key === macVerdict.MISSING) {
    session.reply(desk.errorOnly(peer, badFormat), reason.FORMAT_ERROR, 0);
    return;
  }
  if (key === macVerdict.WRONG) {
    session.reply(desk.network(peer, violation, 0), reason.MAC_FAILED, 0);
    return;
  }
  answerRequest(session, key);
}

function answerRequest(session: Connection, key: number): void {
  const { peer } = session;
  const { desk } = session.door;
  switch (desk.view.int(70)) {
    case networkCode.SIGN_ON:
      session.setSignedOn(true);
      session.reply(desk.network(peer, done, key), reason.VERIFIED, 0);
      return;
    case networkCode.SIGN_OFF:
      session.signOff(desk.network(peer, done, key));
      return;
    case networkCode.ECHO:
      session.reply(desk.network(peer, done, key), reason.VERIFIED, 0);
      return;
    case networkCode.CUT_OVER:
      // We settle nothing: the day changes in the switch, and is noted here.
      session.stats.cutOvers += 1;
      session.log.info({ settlementDate: desk.view.text(15) }, "cut-over");
      session.reply(desk.network(peer, done, key), reason.VERIFIED, 0);
      return;
    case networkCode.KEY_CHANGE:
      changeKey(session, key);
      return;
    default:
      session.reply(desk.network(peer, invalid, key), reason.FORMAT_ERROR, 0);
  }
}

/**
 * Takes a new MAC key: 00 once it is stored and signs, 96 where block or check value are wrong or
 * it cannot be stored. The answer is signed by the key that verified the request.
 */
function changeKey(session: Connection, key: number): void {
  const { peer } = session;
  const { desk, keyExchange } = session.door;
  const { view } = desk;
  if (keyExchange === null || !keyExchange.allows(peer)) {
    session.reply(desk.network(peer, invalid, key), reason.FORMAT_ERROR, 0);
    return;
  }
  if (!view.has(120) || !view.tags.has(40) || !view.tags.has(41)) {
    session.reply(desk.errorOnly(peer, badFormat), reason.FORMAT_ERROR, 0);
    return;
  }
  const fresh = keyExchange.open(peer, tagText(session, 40), tagText(session, 41));
  const copy = (de39: string): Buffer => {
    return Buffer.from(desk.out.subarray(0, desk.network(peer, de39, key)));
  };
  const refusal = { answer: copy(malfunction), why: reason.SYSTEM_ERROR };
  if (fresh === null) {
    session.stats.keyChangesRefused += 1;
    session.log.warn("a key came that does not open or has another check value");
    session.replyLater(Promise.resolve(refusal));
    return;
  }
  const accepted = { answer: copy(done), why: reason.VERIFIED };
  const stored = keyExchange.activate(peer, fresh).then(
    () => {
      session.stats.keyChanges += 1;
      session.log.info("took a new MAC key");
      return accepted;
    },
    (error: unknown) => {
      session.stats.keyChangesRefused += 1;
      session.log.error({ err: error }, "a new MAC key cannot be stored");
      return refusal;
    },
  );
  session.replyLater(stored);
}

function tagText(session: Connection, tag: number): string {
  const { view } = session.door.desk;
  const at = view.tags.offset(tag);
  return view.buf.toString("latin1", at, at + view.tags.length(tag));
}

/** The answer to one of our own requests; that it is life, its bytes have shown already. */
function takeAnswer(session: Connection): void {
  const { view } = session.door.desk;
  if (view.int(70) === networkCode.SIGN_ON && session.takeSignOn()) return;
  if (view.int(70) !== networkCode.ECHO) {
    session.stats.unmatched += 1;
    return;
  }
  const verdict = session.silence.answered(view.int(11), session.door.clock.monotonicMs());
  if (verdict === "late") session.stats.late += 1;
  else if (verdict === "unmatched") session.stats.unmatched += 1;
}

// One connection of a switch: frames in, answers out, and the state of its session.
import type { Socket } from "node:net";
import { FrameReader, frame, unpackStatus } from "../../codec/iso8583/mod.ts";
import type { AnswerSink, PaymentDispatcher, Peer } from "../../hotpath/mod.ts";
import { type Clock, type Logger, reason } from "../../platform/mod.ts";
import type { AnswerDesk } from "./answer-desk.ts";
import { InFlight, START_BYTES } from "./in-flight.ts";
import type { IsoLimits } from "./limits.ts";
import { mtiNumber, startBytesValid } from "./message-head.ts";
import { handleNetwork } from "./network-desk.ts";
import { Outbox } from "./outbox.ts";
import { Silence } from "./silence.ts";
import { answerKey, countUp, type IsoStats } from "./stats.ts";

/** What all connections of one server share. */
export interface Door {
  readonly dispatcher: PaymentDispatcher;
  readonly desk: AnswerDesk;
  readonly limits: IsoLimits;
  readonly stats: IsoStats;
  readonly clock: Clock;
  /** Start bytes of messages that we begin ourselves. */
  readonly starts: Buffer;
  /** Writes our own echo request into the desk's buffer and returns its length. */
  writeEcho(peer: Peer, stan: number): number;
  onClosed(connection: Connection): void;
  /** Seconds from reading a payment to its answer; called for a share of them. */
  answered(seconds: number): void;
}

/** Tickets are used in turn, so this times one payment in 16 and costs nothing that shows. */
const timedEvery = 16;

/** OPEN reads and answers; DRAINING only answers what is in flight; ENDED has said goodbye. */
type Phase = "OPEN" | "DRAINING" | "ENDED" | "CLOSED";

export class Connection implements AnswerSink {
  readonly peer: Peer;
  /** Business messages are taken only between sign-on and sign-off. */
  signedOn = false;

  readonly #door: Door;
  readonly #socket: Socket;
  readonly #log: Logger;
  readonly #reader = new FrameReader();
  readonly #inFlight: InFlight;
  readonly #outbox: Outbox;
  readonly #silence: Silence;
  #phase: Phase = "OPEN";
  /** What came in and is not yet in the reader. */
  readonly #chunks: Buffer[] = [];
  #chunkAt = 0;
  #pumping = false;
  /** The peer sends no more; it may still read. */
  #peerEnded = false;
  /** MTI of the message under way, as a decimal number. */
  #mti = 0;
  #unanswerable = 0;
  /** The answer to a sign-off waits here until nothing is in flight. */
  #farewell: Buffer | null = null;
  readonly #farewellStarts = Buffer.alloc(START_BYTES);
  #drainUntilMs = Number.POSITIVE_INFINITY;
  #slowSinceMs = -1;
  #deadlineMs = 0;
  #nowMs = 0;

  constructor(socket: Socket, peer: Peer, door: Door, log: Logger) {
    this.peer = peer;
    this.#door = door;
    this.#socket = socket;
    this.#log = log;
    this.#inFlight = new InFlight(door.limits.inFlightMax);
    this.#outbox = new Outbox(socket);
    this.#silence = new Silence(door.limits, door.clock.monotonicMs());
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("drain", () => this.#pump());
    socket.on("end", () => {
      this.#peerEnded = true;
      this.#limitDrain();
      this.#pump();
    });
    // The peer went away: `close` follows, and says nothing that the counters do not.
    socket.on("error", (error) => this.#log.debug({ err: error }, "connection failed"));
    socket.on("close", () => this.#closed());
  }

  /** Messages handed over and not yet answered. */
  get inFlight(): number {
    return this.#inFlight.count;
  }

  get closed(): boolean {
    return this.#phase === "CLOSED";
  }

  /** Reads nothing more, answers what is in flight, then ends the connection. */
  drain(): void {
    if (this.#phase !== "OPEN") return;
    this.#phase = "DRAINING";
    this.#limitDrain();
    this.#chunks.length = 0;
    // Reading on and throwing away: unread bytes would turn our close into a reset.
    this.#socket.resume();
    this.#settle();
  }

  /** From now on, what is owed must leave within `drainMs`. */
  #limitDrain(): void {
    const untilMs = this.#door.clock.monotonicMs() + this.#door.limits.drainMs;
    this.#drainUntilMs = Math.min(this.#drainUntilMs, untilMs);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  answer(
    ticket: number,
    bytes: Buffer,
    offset: number,
    length: number,
    why: number,
    status: number,
  ): void {
    const { stats } = this.#door;
    if (this.#phase === "CLOSED") {
      stats.undelivered += 1;
    } else if (length === 0) {
      this.#unanswered(status);
    } else {
      countUp(stats.answers, answerKey(this.#inFlight.mtis[ticket]!, why));
      this.#outbox.add(this.#inFlight.starts, ticket * START_BYTES, bytes, offset, length);
      if (ticket % timedEvery === 0) this.#time(ticket);
    }
    this.#inFlight.release(ticket);
  }

  #time(ticket: number): void {
    const nowMs = this.#door.clock.monotonicMs();
    this.#door.answered((nowMs - this.#inFlight.takenMs[ticket]!) / 1_000);
  }

  flush(): void {
    if (this.#phase === "CLOSED") return;
    this.#settle();
    if (!this.#pumping) this.#pump();
  }

  /** Judges silence, slow readers and drains; the server calls it every `tickMs`. */
  tick(nowMs: number): void {
    if (this.#phase === "CLOSED") return;
    if (nowMs > this.#drainUntilMs) {
      this.destroy();
      return;
    }
    if (this.#isSlow(nowMs)) {
      this.#door.stats.slowReaders += 1;
      this.#log.warn({ unsentBytes: this.#outbox.unsentBytes }, "peer does not read its answers");
      this.destroy();
      return;
    }
    if (this.#phase !== "OPEN" || this.#blocked()) return;
    this.#judgeSilence(nowMs);
  }

  #judgeSilence(nowMs: number): void {
    const verdict = this.#silence.judge(nowMs, this.signedOn);
    if (verdict === "echo") {
      const length = this.#door.writeEcho(this.peer, this.#silence.echoes);
      this.#door.stats.echoesSent += 1;
      this.#outbox.add(this.#door.starts, 0, this.#door.desk.out, 0, length);
      this.#settle();
    } else if (verdict === "dead") {
      this.#door.stats.silentPeers += 1;
      this.#log.warn("peer is silent");
      if (this.signedOn) this.destroy();
      else this.drain();
    }
  }

  #isSlow(nowMs: number): boolean {
    if (this.#outbox.unsentBytes <= this.#door.limits.unsentBytesMax) {
      this.#slowSinceMs = -1;
      return false;
    }
    if (this.#slowSinceMs < 0) this.#slowSinceMs = nowMs;
    return nowMs - this.#slowSinceMs >= this.#door.limits.slowReaderMs;
  }

  #take(chunk: Buffer): void {
    this.#door.stats.bytesIn += chunk.length;
    this.#silence.heard(this.#door.clock.monotonicMs());
    if (this.#phase !== "OPEN") return;
    this.#chunks.push(chunk);
    this.#pump();
  }

  /** True while no further message may be taken. */
  #blocked(): boolean {
    return (
      this.#phase !== "OPEN" ||
      this.#farewell !== null ||
      this.#inFlight.full ||
      this.#outbox.unsentBytes > this.#door.limits.unsentBytesMax
    );
  }

  /** Takes messages until there are none, or until one of the limits says stop. */
  #pump(): void {
    if (this.#pumping || this.#phase === "CLOSED") return;
    this.#pumping = true;
    const kept = this.#reader.keepAlives;
    this.#nowMs = this.#door.clock.monotonicMs();
    this.#deadlineMs = this.#nowMs + this.#door.limits.deadlineMs;
    while (!this.#blocked()) {
      const found = this.#reader.next();
      if (found === frame.READY) this.#onFrame();
      else if (found === frame.BAD_LENGTH) this.#unreadable("FRAME_LENGTH");
      else if (!this.#feed()) break;
    }
    this.#door.stats.keepAlives += this.#reader.keepAlives - kept;
    this.#pumping = false;
    this.#settle();
    if (this.#peerEnded && !this.#blocked()) this.drain();
    if (this.#phase !== "OPEN" || this.#chunks.length === 0) this.#socket.resume();
    else this.#socket.pause();
  }

  /** Gives the reader more bytes; false when there are none. */
  #feed(): boolean {
    const chunk = this.#chunks[0];
    if (chunk === undefined) return false;
    this.#chunkAt += this.#reader.push(chunk, this.#chunkAt);
    if (this.#chunkAt === chunk.length) {
      this.#chunks.shift();
      this.#chunkAt = 0;
    }
    return true;
  }

  #onFrame(): void {
    const { buf, offset, length } = this.#reader;
    const begin = offset + START_BYTES;
    const end = offset + length;
    if (!startBytesValid(buf, offset)) {
      this.#unreadable("BAD_HEADER");
      return;
    }
    this.#mti = mtiNumber(buf, begin);
    if (buf[begin + 1] === 0x38) {
      handleNetwork(this.#door.desk, this, buf, begin, end, offset);
      return;
    }
    if (!this.signedOn) {
      this.#door.stats.notSignedOn += 1;
      this.#refuse(reason.NOT_SIGNED_ON, buf, offset, begin, end);
      return;
    }
    const ticket = this.#inFlight.take(buf, offset, this.#mti, this.#nowMs);
    const { dispatcher } = this.#door;
    if (
      dispatcher.submit(this.peer, buf, begin, length - START_BYTES, ticket, this, this.#deadlineMs)
    )
      return;
    this.#inFlight.release(ticket);
    this.#door.stats.overloaded += 1;
    this.#refuse(reason.OVERLOADED, buf, offset, begin, end);
  }

  /** Answers a payment with one of the door's own reasons. */
  #refuse(why: number, buf: Buffer, startsAt: number, begin: number, end: number): void {
    const { desk } = this.#door;
    const status = desk.read(buf, begin, end);
    if (status !== 0) {
      this.reply(desk.unreadable(this.peer, status), buf, startsAt, reason.FORMAT_ERROR, status);
    } else if (!desk.expectsAnswer()) {
      this.reply(0, buf, startsAt, reason.FORMAT_ERROR, 0);
    } else {
      this.reply(desk.decline(this.peer, why), buf, startsAt, why, 0);
    }
  }

  /** Sends what the desk wrote; a length of 0 is a message that cannot be answered. */
  reply(length: number, buf: Buffer, startsAt: number, why: number, status: number): void {
    if (length === 0) {
      this.#unanswered(status);
      return;
    }
    countUp(this.#door.stats.answers, answerKey(this.#mti, why));
    this.#outbox.add(buf, startsAt, this.#door.desk.out, 0, length);
  }

  /** Signs off: the desk's answer leaves after the answers that are still owed. */
  signOff(length: number, buf: Buffer, startsAt: number): void {
    this.setSignedOn(false);
    countUp(this.#door.stats.answers, answerKey(this.#mti, reason.VERIFIED));
    this.#farewell = Buffer.from(this.#door.desk.out.subarray(0, length));
    buf.copy(this.#farewellStarts, 0, startsAt, startsAt + START_BYTES);
  }

  setSignedOn(on: boolean): void {
    if (on === this.signedOn) return;
    this.signedOn = on;
    countUp(this.#door.stats.signedOn, this.peer.name, on ? 1 : -1);
    this.#log.info(on ? "signed on" : "signed off");
  }

  /** A message that cannot be answered: some end the connection at once, the others by and by. */
  #unanswered(status: number): void {
    const { limits, stats } = this.#door;
    this.#unanswerable += 1;
    const what = status < 0 ? unpackStatus(status) : null;
    const fatal = what !== null && (what.action === "close" || what.code === "UNKNOWN_MTI");
    const { code, path } = what ?? { code: "UNEXPECTED_ANSWER", path: "" };
    countUp(stats.unanswerable, code);
    this.#log.warn({ code, path, count: this.#unanswerable }, "message cannot be answered");
    if (fatal || this.#unanswerable >= limits.unanswerableMax) this.drain();
  }

  /** The stream itself is broken: nothing after it can be read. */
  #unreadable(code: string): void {
    countUp(this.#door.stats.unanswerable, code);
    const { brokenLength, length } = this.#reader;
    const bytes = code === "FRAME_LENGTH" ? brokenLength : length;
    this.#log.warn({ code, offset: 0, bytes }, "stream cannot be read");
    this.drain();
  }

  /** Sends what is gathered, and what was waiting for the last answer. */
  #settle(): void {
    if (this.#pumping || this.#phase === "CLOSED" || this.#phase === "ENDED") return;
    if (this.#inFlight.count === 0 && this.#farewell !== null) {
      const farewell = this.#farewell;
      this.#farewell = null;
      this.#outbox.add(this.#farewellStarts, 0, farewell, 0, farewell.length);
    }
    const bytes = this.#outbox.flush();
    if (bytes > 0) {
      this.#door.stats.bytesOut += bytes;
      this.#silence.spoke(this.#door.clock.monotonicMs());
    }
    if (this.#phase === "DRAINING" && this.#inFlight.count === 0) {
      this.#phase = "ENDED";
      this.#socket.end();
    }
  }

  #closed(): void {
    if (this.#phase === "CLOSED") return;
    this.#phase = "CLOSED";
    this.setSignedOn(false);
    this.#door.onClosed(this);
  }
}

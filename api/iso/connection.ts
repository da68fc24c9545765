// One connection of a switch: frames in, answers out, and the state of its session.
import type { Socket } from "node:net";
import { FrameReader, frame, mydebitFrames, writeAnswerHead } from "../../codec/iso8583/mod.ts";
import type { AnswerSink, Peer } from "../../hotpath/mod.ts";
import { type Logger, reason } from "../../platform/mod.ts";
import { ChunkQueue } from "./chunk-queue.ts";
import type { Door } from "./connection-door.ts";
import { handleFile } from "./file-desk.ts";
import { InFlight, START_BYTES } from "./in-flight.ts";
import { mtiNumber, startBytesValid } from "./message-head.ts";
import { handleNetwork } from "./network-desk.ts";
import { networkCode } from "./network-message.ts";
import { Outbox } from "./outbox.ts";
import { OwnSignOn } from "./own-sign-on.ts";
import type { LineSettings } from "./peer-settings.ts";
import { Silence } from "./silence.ts";
import { SlowReader } from "./slow-reader.ts";
import { answerKey, countUp, type PeerStats, peerStats } from "./stats.ts";
import { Unanswerable } from "./unanswerable.ts";

/** Tickets are used in turn: this times one payment in 16. */
const timedEvery = 16;

/** OPEN reads and answers; DRAINING only answers what is in flight; ENDED has said goodbye. */
type Phase = "OPEN" | "DRAINING" | "ENDED" | "CLOSED";

export class Connection implements AnswerSink {
  readonly peer: Peer;
  /** Business messages are taken only between sign-on and sign-off. */
  signedOn = false;

  readonly door: Door;
  readonly log: Logger;
  readonly stats: PeerStats;
  readonly silence: Silence;
  readonly #socket: Socket;
  readonly #line: LineSettings;
  readonly #reader: FrameReader;
  /** Head of the answer to the message under way. */
  readonly #head: Buffer;
  readonly #inFlight: InFlight;
  readonly #outbox: Outbox;
  #phase: Phase = "OPEN";
  readonly #chunks = new ChunkQueue();
  readonly #slowReader: SlowReader;
  readonly #ownSignOn = new OwnSignOn();
  #pumping = false;
  /** The peer sends no more; it may still read. */
  #peerEnded = false;
  /** MTI of the message under way, as a decimal number. */
  #mti = 0;
  readonly #unanswerable: Unanswerable;
  /** The answer to a sign-off waits here until nothing is in flight. */
  #farewell: Buffer | null = null;
  #farewellHead: Buffer | null = null;
  /** Answers that are being made outside the pipeline; a goodbye waits for them. */
  #making = 0;
  #drainUntilMs = Number.POSITIVE_INFINITY;
  #deadlineMs = 0;
  #nowMs = 0;

  constructor(socket: Socket, peer: Peer, door: Door, log: Logger) {
    this.peer = peer;
    this.door = door;
    this.#socket = socket;
    this.log = log;
    this.stats = peerStats(door.stats, peer.name);
    this.#line = door.lineOf(peer);
    const { framing, head } = this.#line;
    this.#reader = new FrameReader(mydebitFrames, framing);
    this.#head = Buffer.alloc(head.length);
    this.#inFlight = new InFlight(door.limits.inFlightMax, head.length);
    this.#outbox = new Outbox(socket, framing);
    const { unanswerableMax } = door.limits;
    this.#unanswerable = new Unanswerable(door.stats, this.stats, log, unanswerableMax);
    this.#slowReader = new SlowReader(door.limits);
    this.silence = new Silence(door.limits, door.clock.monotonicMs());
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("drain", () => this.#pump());
    socket.on("end", () => {
      this.#peerEnded = true;
      this.#limitDrain();
      this.#pump();
    });
    // The peer went away: `close` follows.
    socket.on("error", (error) => this.log.debug({ err: error }, "connection failed"));
    socket.on("close", () => this.#closed());
  }

  /** Reads nothing more, answers what is in flight, then ends the connection. */
  drain(): void {
    if (this.#phase !== "OPEN") return;
    this.#phase = "DRAINING";
    this.#limitDrain();
    this.#chunks.clear();
    // Reading on and throwing away: unread bytes would turn our close into a reset.
    this.#socket.resume();
    this.#settle();
  }

  /** From now on, what is owed must leave within `drainMs`. */
  #limitDrain(): void {
    const untilMs = this.door.clock.monotonicMs() + this.door.limits.drainMs;
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
    const { stats } = this.door;
    if (this.#phase === "CLOSED") {
      stats.undelivered += 1;
    } else if (length === 0) {
      this.#unanswered(status);
    } else {
      countUp(stats.answers, answerKey(this.#inFlight.mtis[ticket]!, why));
      const { heads, headBytes } = this.#inFlight;
      this.#send(heads, ticket * headBytes, bytes, offset, length);
      if (ticket % timedEvery === 0) this.#time(ticket);
    }
    this.#inFlight.release(ticket);
    this.stats.inFlight -= 1;
  }

  #send(heads: Buffer, headAt: number, bytes: Buffer, offset: number, length: number): void {
    if (this.#outbox.add(heads, headAt, bytes, offset, length)) return;
    // Only a framing with a small limit (VAP, BCD) and a request near it come here.
    this.door.stats.undelivered += 1;
    this.log.error({ bytes: length }, "an answer does not fit the peer's frames");
  }

  #time(ticket: number): void {
    const nowMs = this.door.clock.monotonicMs();
    this.door.answered((nowMs - this.#inFlight.takenMs[ticket]!) / 1_000);
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
    if (this.#slowReader.judge(this.#outbox.unsentBytes, nowMs)) {
      this.door.stats.slowReaders += 1;
      this.log.warn({ unsentBytes: this.#outbox.unsentBytes }, "peer does not read its answers");
      this.destroy();
      return;
    }
    if (this.#phase !== "OPEN" || this.#blocked()) return;
    this.#judgeSilence(nowMs);
  }

  #judgeSilence(nowMs: number): void {
    const missed = this.silence.missed;
    const verdict = this.silence.judge(nowMs, this.signedOn);
    this.stats.missedEchoes += this.silence.missed - missed;
    if (verdict === "echo") {
      this.door.stats.echoesSent += 1;
      this.request(networkCode.ECHO, this.silence.echoes);
    } else if (verdict === "dead") {
      this.door.stats.silentPeers += 1;
      this.log.warn("peer is silent");
      if (this.signedOn) this.destroy();
      else this.drain();
    }
  }

  /** Sends a 0800 of our own. */
  request(code: number, stan: number): void {
    const length = this.door.writeRequest(this.peer, code, stan);
    this.#send(this.#line.head, 0, this.door.desk.out, 0, length);
    this.#settle();
  }

  #take(chunk: Buffer): void {
    this.door.stats.bytesIn += chunk.length;
    this.silence.heard(this.door.clock.monotonicMs());
    if (this.#phase !== "OPEN") return;
    this.#chunks.add(chunk);
    this.#pump();
  }

  /** True while no further message may be taken. */
  #blocked(): boolean {
    return (
      this.#phase !== "OPEN" ||
      this.#farewell !== null ||
      this.#inFlight.full ||
      this.#making >= this.door.limits.commandsMax ||
      this.#outbox.unsentBytes > this.door.limits.unsentBytesMax
    );
  }

  /** Takes messages until there are none, or until one of the limits says stop. */
  #pump(): void {
    if (this.#pumping || this.#phase === "CLOSED") return;
    this.#pumping = true;
    const kept = this.#reader.keepAlives;
    this.#nowMs = this.door.clock.monotonicMs();
    this.#deadlineMs = this.#nowMs + this.door.limits.deadlineMs;
    while (!this.#blocked()) {
      const found = this.#reader.next();
      if (found === frame.READY) this.#onFrame();
      else if (found === frame.BAD_LENGTH) this.#unreadable("FRAME_LENGTH");
      else if (found === frame.BAD_HEAD) this.#unreadable("BAD_HEADER");
      else if (!this.#chunks.feed(this.#reader)) break;
    }
    this.#answerKeepAlives(this.#reader.keepAlives - kept);
    this.#pumping = false;
    this.#settle();
    if (this.#peerEnded && !this.#blocked()) this.drain();
    if (this.#phase !== "OPEN" || this.#chunks.empty) this.#socket.resume();
    else this.#socket.pause();
  }

  #answerKeepAlives(count: number): void {
    this.door.stats.keepAlives += count;
    if (this.#line.framing.keepAlive !== "echo") return;
    // Several in one turn are one question; as many bytes go back as came at the most.
    if (count > 0) this.#outbox.addRaw(this.#reader.keepAlive);
  }

  #onFrame(): void {
    const { buf, offset, length, rejected } = this.#reader;
    const begin = offset + START_BYTES;
    const end = offset + length;
    if (!startBytesValid(buf, offset)) {
      this.#unreadable("BAD_HEADER");
      return;
    }
    if (rejected >= 0) {
      this.stats.unmatched += 1;
      this.log.warn({ rejectCode: rejected }, "the network rejected a message of ours");
      return;
    }
    const { framing } = this.#line;
    let at = writeAnswerHead(framing, buf, this.#reader.headOffset, this.#head, 0);
    for (let i = offset; i < begin; i++) this.#head[at++] = buf[i]!;
    this.#mti = mtiNumber(buf, begin);
    if (buf[begin + 1] === 0x38) {
      handleNetwork(this, buf, begin, end);
      return;
    }
    if (!this.signedOn) {
      this.door.stats.notSignedOn += 1;
      this.#refuse(reason.NOT_SIGNED_ON, buf, begin, end);
    } else if (buf[begin + 1] === 0x33) {
      handleFile(this, buf, begin, end);
    } else if (this.peer.issuerId !== undefined) {
      this.#refuse(reason.NOT_PERMITTED, buf, begin, end);
    } else {
      this.#handOver(buf, begin, end);
    }
  }

  #handOver(buf: Buffer, begin: number, end: number): void {
    const ticket = this.#inFlight.take(this.#head, 0, this.#mti, this.#nowMs);
    this.stats.inFlight += 1;
    const { dispatcher } = this.door;
    if (dispatcher.submit(this.peer, buf, begin, end - begin, ticket, this, this.#deadlineMs)) {
      return;
    }
    this.#inFlight.release(ticket);
    this.stats.inFlight -= 1;
    this.door.stats.overloaded += 1;
    this.#refuse(reason.OVERLOADED, buf, begin, end);
  }

  /** Answers a payment with one of the door's own reasons. */
  #refuse(why: number, buf: Buffer, begin: number, end: number): void {
    const { desk } = this.door;
    const status = desk.read(buf, begin, end);
    if (status !== 0) {
      this.reply(desk.unreadable(this.peer, status), reason.FORMAT_ERROR, status);
    } else if (!desk.expectsAnswer()) {
      this.reply(0, reason.FORMAT_ERROR, 0);
    } else {
      this.reply(desk.decline(this.peer, why), why, 0);
    }
  }

  /** Sends what the desk wrote; a length of 0 is a message that cannot be answered. */
  reply(length: number, why: number, status: number): void {
    if (length === 0) {
      this.#unanswered(status);
      return;
    }
    countUp(this.door.stats.answers, answerKey(this.#mti, why));
    this.#send(this.#head, 0, this.door.desk.out, 0, length);
  }

  /** An answer that is made while other messages are read: `made` gives its bytes. */
  replyLater(made: Promise<{ answer: Buffer; why: number }>): void {
    const head = Buffer.from(this.#head);
    const mti = this.#mti;
    this.#making += 1;
    void made.then(({ answer, why }) => {
      this.#making -= 1;
      if (this.#phase === "CLOSED") {
        this.door.stats.undelivered += 1;
        return;
      }
      countUp(this.door.stats.answers, answerKey(mti, why));
      this.#send(head, 0, answer, 0, answer.length);
      this.flush();
    });
  }

  /** Signs off: the desk's answer leaves after the answers that are still owed. */
  signOff(length: number): void {
    this.setSignedOn(false);
    countUp(this.door.stats.answers, answerKey(this.#mti, reason.VERIFIED));
    this.#farewell = Buffer.from(this.door.desk.out.subarray(0, length));
    this.#farewellHead = Buffer.from(this.#head);
  }

  /** Signs on from our side; resolves with true where the peer agrees. */
  signOn(): Promise<boolean> {
    const { stan, done } = this.#ownSignOn.begin();
    this.request(networkCode.SIGN_ON, stan);
    return done;
  }

  /** Takes the answer just read where it is that to our sign-on. */
  takeSignOn(): boolean {
    const { desk } = this.door;
    if (!this.#ownSignOn.fits(desk.view.int(11))) return false;
    const agreed = desk.view.text(39) === "00" && desk.judgeMac(this.peer) >= 0;
    if (agreed) this.setSignedOn(true);
    this.#ownSignOn.settle(agreed);
    return true;
  }

  setSignedOn(on: boolean): void {
    if (on === this.signedOn) return;
    this.signedOn = on;
    countUp(this.door.stats.signedOn, this.peer.name, on ? 1 : -1);
    this.log.info(on ? "signed on" : "signed off");
  }

  /** A message that cannot be answered: some end the connection at once, the others by and by. */
  #unanswered(status: number): void {
    if (this.#unanswerable.note(status)) this.drain();
  }

  /** The stream itself is broken: nothing after it can be read. */
  #unreadable(code: string): void {
    countUp(this.door.stats.unanswerable, code);
    const { brokenLength, length } = this.#reader;
    const bytes = this.#reader.broken ? brokenLength : length;
    this.log.warn({ code, offset: 0, bytes }, "stream cannot be read");
    this.drain();
  }

  /** Sends what is gathered, and what was waiting for the last answer. */
  #settle(): void {
    if (this.#pumping || this.#phase === "CLOSED" || this.#phase === "ENDED") return;
    const owed = this.#inFlight.count + this.#making;
    if (owed === 0 && this.#farewell !== null && this.#farewellHead !== null) {
      const farewell = this.#farewell;
      this.#farewell = null;
      this.#send(this.#farewellHead, 0, farewell, 0, farewell.length);
    }
    const bytes = this.#outbox.flush();
    if (bytes > 0) {
      this.door.stats.bytesOut += bytes;
      this.silence.spoke(this.door.clock.monotonicMs());
    }
    if (this.#phase === "DRAINING" && owed === 0) {
      this.#phase = "ENDED";
      this.#socket.end();
    }
  }

  #closed(): void {
    if (this.#phase === "CLOSED") return;
    this.#phase = "CLOSED";
    this.setSignedOn(false);
    this.door.onClosed(this);
  }
}

// A simulated host (an issuer, a network) in any dialect and framing. Network messages, requests
// and advices are answered; a repeat gets the stored answer again, the same key with other content
// 94; a rule may decline, delay, drop, or hang up.
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import {
  Answered,
  loadTls,
  NetworkForm,
  Outbox,
  setCode,
  type TlsFiles,
  wireValue,
} from "../../../api/iso/mod.ts";
import {
  type Codec,
  expectsAnswer,
  FrameReader,
  type Framing,
  frame,
  mtiText,
  ReplyPatch,
  type View,
  writeAnswerHead,
} from "../../../codec/iso8583/mod.ts";
import type { Clock } from "../../../platform/mod.ts";
import type { HostRules, HostVerdict } from "./rules.ts";

export interface SimHostOptions {
  readonly listen: { readonly host: string; readonly port: number };
  /** Null: plain TCP. */
  readonly tls: TlsFiles | null;
  readonly codec: Codec;
  readonly framing: Framing;
  readonly rules: HostRules;
  /** Decides on payments in place of the rules, where that takes its time. */
  readonly decide?: (mti: string, values: Readonly<Record<string, string>>) => Promise<HostVerdict>;
  /** False: any message that scans is judged by the rules, not first by the dialect's own. */
  readonly validates?: boolean;
  readonly clock: Clock;
  /** Elements that name a request besides its class; see `Answered`. */
  readonly keyElements?: readonly number[];
  /** Business messages before a sign-on are refused (91) rather than answered. */
  readonly needsSignOn: boolean;
}

export interface SimHostStats {
  connections: number;
  signedOn: number;
  /** Messages that were read, by MTI. */
  readonly received: Map<string, number>;
  /** Answers by DE39. */
  readonly answered: Map<string, number>;
  repeats: number;
  duplicates: number;
  dropped: number;
  /** Messages that could not be read, answered or not. */
  unreadable: number;
  /** Answers to nothing that we asked. */
  unexpected: number;
}

/** Answers are stored as long as anybody repeats; at 500 bytes each, 100,000 are 50 MB. */
const keepMs = 24 * 3_600_000;
const answersMax = 100_000;

/** One a connection is enough to tell an operator, and a hostile peer cannot hold more. */
const connectionsMax = 256;

export class SimHost {
  readonly stats: SimHostStats = {
    connections: 0,
    signedOn: 0,
    received: new Map(),
    answered: new Map(),
    repeats: 0,
    duplicates: 0,
    dropped: 0,
    unreadable: 0,
    unexpected: 0,
  };
  readonly options: SimHostOptions;
  readonly answered: Answered;
  readonly form: NetworkForm;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(options: SimHostOptions) {
    const { tls, keyElements } = options;
    this.options = options;
    this.answered = new Answered({
      keepMs,
      answersMax,
      ...(keyElements === undefined ? {} : { keyElements }),
    });
    this.form = new NetworkForm(options.codec);
    const begin = (socket: Socket): void => this.#begin(socket);
    this.#server =
      tls === null
        ? createServer(begin)
        : createTlsServer(
            { ...loadTls(tls).options, requestCert: true, rejectUnauthorized: true },
            begin,
          );
    this.#server.maxConnections = connectionsMax;
  }

  /** Resolves with the bound port. Rejects with the error of the system. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.options.listen, () => {
        this.#server.off("error", reject);
        const address = this.#server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #begin(socket: Socket): void {
    this.#sockets.add(socket);
    this.stats.connections += 1;
    socket.once("close", () => {
      this.#sockets.delete(socket);
      this.stats.connections -= 1;
    });
    new SimHostSession(socket, this);
  }
}

/** One connection. */
class SimHostSession {
  readonly #host: SimHost;
  readonly #socket: Socket;
  readonly #reader: FrameReader;
  readonly #outbox: Outbox;
  readonly #view: View;
  readonly #patch = new ReplyPatch();
  readonly #out: Buffer;
  #signedOn = false;

  constructor(socket: Socket, host: SimHost) {
    const { codec, framing } = host.options;
    this.#host = host;
    this.#socket = socket;
    this.#reader = new FrameReader(
      { bodyBytesMin: codec.headerLength + 4, bodyBytesMax: codec.spec.bytesMax },
      framing,
    );
    this.#outbox = new Outbox(socket, framing, framing.headBytes);
    this.#view = codec.createView();
    this.#out = Buffer.alloc(codec.spec.bytesMax);
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.once("close", () => this.#setSignedOn(false));
  }

  #read(chunk: Buffer): void {
    const reader = this.#reader;
    const kept = reader.keepAlives;
    for (let at = 0; at < chunk.length && !reader.broken; ) {
      at += reader.push(chunk, at);
      while (reader.next() === frame.READY) this.#onFrame();
    }
    if (reader.keepAlives > kept && this.#host.options.framing.keepAlive === "echo") {
      this.#outbox.addRaw(reader.keepAlive);
    }
    this.#outbox.flush();
    if (!reader.broken) return;
    this.#host.stats.unreadable += 1;
    this.#socket.end();
  }

  #onFrame(): void {
    const { buf, offset, length, headOffset } = this.#reader;
    const { stats, options } = this.#host;
    const { codec, framing } = options;
    const view = this.#view;
    const scanned = codec.scan(view, buf, offset, offset + length);
    const status = scanned !== 0 || options.validates === false ? scanned : codec.validate(view);
    const head = Buffer.alloc(framing.headBytes + codec.headerLength);
    const startAt = writeAnswerHead(framing, buf, headOffset, head, 0);
    buf.copy(head, startAt, offset, offset + codec.headerLength);
    countUp(stats.received, mtiText(view.mti));
    if (status !== 0) {
      stats.unreadable += 1;
      if (codec.answerable(status, view)) this.#send(head, this.#answer("30", {}, true), "30");
      return;
    }
    if (!expectsAnswer(view.mti)) stats.unexpected += 1;
    else if ((view.mti & 0xf00) === 0x800) this.#onNetwork(head);
    else this.#onBusiness(head);
  }

  #onNetwork(head: Buffer): void {
    const kind = this.#host.form.kindOf(this.#view);
    const code = kind === null ? "12" : "00";
    if (kind === "sign-on") this.#setSignedOn(true);
    if (kind === "sign-off") this.#setSignedOn(false);
    const values = this.#host.options.codec.values(this.#view);
    const verdict = this.#host.options.rules.judge(mtiText(this.#view.mti), values);
    const decided = kind === null || verdict.code === "00" ? code : verdict.code;
    if (decided !== "00") this.#setSignedOn(false);
    this.#carryOut(verdict, head, this.#answer(decided, {}, false), decided);
  }

  #onBusiness(head: Buffer): void {
    const { answered, options, stats } = this.#host;
    const { clock, codec, rules, needsSignOn } = options;
    const view = this.#view;
    if (needsSignOn && !this.#signedOn) {
      this.#send(head, this.#answer("91", {}, false), "91");
      return;
    }
    const judged = answered.judge(view, clock.monotonicMs());
    if (judged.kind === "repeat") {
      stats.repeats += 1;
      this.#send(head, judged.answer, "repeat");
    } else if (judged.kind === "duplicate") {
      stats.duplicates += 1;
      this.#send(head, this.#answer("94", {}, false), "94");
    } else if (judged.kind === "under-way") {
      // The answer that is being held back will do for both.
      stats.repeats += 1;
    } else {
      const key = answered.keyOf(view);
      const values = codec.values(view);
      const { decide } = options;
      if (decide === undefined) {
        this.#decided(rules.judge(mtiText(view.mti), values), head, key);
        return;
      }
      const request = Buffer.from(view.buf.subarray(view.begin, view.end));
      void decide(mtiText(view.mti), values).then((verdict) => {
        codec.scanMessage(view, request, 0, request.length);
        this.#decided(verdict, head, key);
        this.#outbox.flush();
      });
    }
  }

  /** What is to be done with the payment in the view. */
  #decided(verdict: HostVerdict, head: Buffer, key: string): void {
    const answer = this.#answer(verdict.code, verdict.set, false);
    // What is dropped was decided all the same: its repeat gets this answer.
    const decide = (): void => this.#host.answered.answered(key, answer);
    this.#carryOut(verdict, head, answer, verdict.code, decide);
  }

  #carryOut(
    verdict: HostVerdict,
    head: Buffer,
    answer: Buffer,
    code: string,
    decide: () => void = () => {},
  ): void {
    if (verdict.action === "answer" && verdict.delayMs > 0) {
      // Goes on when the connection is lost: a repeat on the next one gets this answer.
      const late = (): void => {
        decide();
        this.#send(head, answer, code);
        this.#outbox.flush();
      };
      setTimeout(late, verdict.delayMs).unref();
      return;
    }
    decide();
    if (verdict.action === "answer") {
      this.#send(head, answer, code);
      return;
    }
    this.#host.stats.dropped += 1;
    if (verdict.action === "close") this.#socket.destroy();
  }

  /** The answer to the message in the view, from its MTI on. */
  #answer(code: string, set: Readonly<Record<string, string>>, errorOnly: boolean): Buffer {
    const { codec } = this.#host.options;
    const view = this.#view;
    const patch = this.#patch;
    patch.clear();
    patch.errorOnly = errorOnly;
    setCode(codec, view, patch, code);
    let at = patch.slots[2 * 39 + 1] ?? 0;
    for (const [de, value] of Object.entries(set)) {
      const bytes = wireValue(codec, view.mti, Number(de), value);
      patch.buf.set(bytes, at);
      patch.set(Number(de), at, bytes.length);
      at += bytes.length;
    }
    const end = codec.reply(view, this.#out, 0, patch);
    if (end < 0) throw new Error("the simulated answer does not fit its dialect");
    return Buffer.from(this.#out.subarray(0, end));
  }

  #send(head: Buffer, answer: Buffer, code: string): void {
    if (this.#socket.destroyed) return;
    const bytes = Buffer.concat([head, answer]);
    const { framing } = this.#host.options;
    countUp(this.#host.stats.answered, code);
    const message = bytes.subarray(framing.headBytes);
    this.#outbox.add(bytes, 0, message, 0, message.length);
  }

  #setSignedOn(on: boolean): void {
    if (on === this.#signedOn) return;
    this.#signedOn = on;
    this.#host.stats.signedOn += on ? 1 : -1;
  }
}

function countUp(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

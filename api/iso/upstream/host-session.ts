// One session with a host that we call, in any dialect and framing: sign-on, echo, requests with
// their answers in any order, and the host's own network messages.
import type { Socket } from "node:net";
import {
  type Codec,
  expectsAnswer,
  FrameReader,
  type Framing,
  frame,
  type HeadAddresses,
  ownHead,
  ReplyPatch,
  type View,
  writeAnswerHead,
} from "../../../codec/iso8583/mod.ts";
import type { Clock } from "../../../platform/mod.ts";
import type { Host } from "../hosts.ts";
import { type IsoLimits, isoLimits } from "../limits.ts";
import { openSocket, type SocketOptions } from "../open-socket.ts";
import { Outbox } from "../outbox.ts";
import { Silence } from "../silence.ts";
import { NetworkForm, type NetworkKind, startBytesOf, textOf } from "./network-form.ts";
import { PendingTable } from "./pending.ts";

/** MACs of one host: 8 bytes over everything from the MTI to the byte before them. */
export interface HostMac {
  /** Writes the MAC of `begin` to `at` at `at`. */
  sign(buf: Buffer, begin: number, at: number): void;
  fits(buf: Buffer, begin: number, at: number): boolean;
}

export interface HostAnswer {
  /** Valid only during the call. */
  readonly view: View;
  /** False where a MAC is expected and is absent or wrong. */
  readonly macOk: boolean;
  readonly atMs: number;
}

/** What a session counts; several sessions of one host share it. */
export interface HostStats {
  late: number;
  unmatched: number;
  missedEchoes: number;
}

export interface HostLine {
  readonly codec: Codec;
  readonly framing: Framing;
  /** Of TPDU and BASE I headers that we write. */
  readonly addresses?: HeadAddresses;
  /** Start bytes of what we begin ourselves, where the dialect has some. */
  readonly startBytes: string;
  readonly mac: HostMac | null;
  /** How long an answer may take. */
  readonly timeoutMs: number;
  /** Elements that match an answer besides class and DE11. */
  readonly matchOn?: readonly number[];
  readonly clock: Clock;
  readonly stats: HostStats;
  /** Called with every answer that came after its time, or to nothing that was asked. */
  readonly onStray?: (kind: "late" | "unmatched", view: View) => void;
  /** When a quiet session is asked for an echo, and given up; see `IsoLimits`. */
  readonly limits?: Partial<IsoLimits>;
  /** The code of the sign-on, where it is not the usual one. */
  readonly signOnCode?: string;
}

type Handler = (answer: HostAnswer | null) => void;

/** How often answers that are due and silence are looked at. */
const tickMs = 50;

export class HostSession {
  signedOn = false;
  closed = false;
  /** Why it ended, where that was not the other side's own goodbye. */
  error: Error | null = null;
  /** Resolves when it is over; by then every message has had its answer, or null. */
  readonly lost: Promise<void>;
  readonly #line: HostLine;
  readonly #socket: Socket;
  readonly #reader: FrameReader;
  readonly #outbox: Outbox;
  readonly #head: Buffer;
  readonly #answerHead: Buffer;
  readonly #form: NetworkForm;
  readonly #view: View;
  readonly #patch = new ReplyPatch();
  readonly #out: Buffer;
  readonly #pending: PendingTable<Handler>;
  readonly #silence: Silence;
  readonly #timer: NodeJS.Timeout;
  #stan = 0;
  #draining = false;
  #flushing = false;

  constructor(socket: Socket, line: HostLine) {
    const { codec, framing, addresses, clock } = line;
    this.#socket = socket;
    this.#line = line;
    this.#reader = new FrameReader(
      { bodyBytesMin: codec.headerLength + 4, bodyBytesMax: codec.spec.bytesMax },
      framing,
    );
    this.#outbox = new Outbox(socket, framing, framing.headBytes);
    this.#head = ownHead(framing, addresses);
    this.#answerHead = Buffer.alloc(framing.headBytes);
    this.#form = new NetworkForm(codec);
    this.#view = codec.createView();
    this.#out = Buffer.alloc(codec.spec.bytesMax);
    this.#pending = new PendingTable(line.matchOn);
    const limits = { ...isoLimits, ...line.limits };
    this.#silence = new Silence(limits, clock.monotonicMs());
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("error", (error) => {
      this.error ??= error;
    });
    socket.on("end", () => socket.end());
    this.lost = new Promise((resolve) => {
      socket.once("close", () => {
        this.#onClosed();
        resolve();
      });
    });
    this.#timer = setInterval(() => this.#tick(), tickMs);
  }

  static async open(host: Host, options: SocketOptions, line: HostLine): Promise<HostSession> {
    return new HostSession(await openSocket(host, options), line);
  }

  /** Messages that were sent and not yet answered. */
  get outstanding(): number {
    return this.#pending.size;
  }

  get unsentBytes(): number {
    return this.#outbox.unsentBytes;
  }

  /** True while messages may be sent: signed on, and not about to end. */
  get ready(): boolean {
    return this.signedOn && !this.closed && !this.#draining;
  }

  /**
   * Sends one message, from its start bytes on; `handler` gets its answer, or null where none came
   * in time or the session ended. Where there is a key, the MAC that the message declares is
   * written into it. False, and nothing is sent, where nothing could match the answer.
   */
  send(message: Buffer, handler: Handler): boolean {
    if (this.closed) {
      handler(null);
      return true;
    }
    const { codec, mac, clock } = this.#line;
    const view = this.#view;
    codec.scan(view, message, 0, message.length);
    if (this.#pending.add(view, handler, clock.monotonicMs()) === null) return false;
    const macAt = macOffset(view);
    if (mac !== null && macAt >= 0) mac.sign(message, view.begin, macAt);
    this.sendRaw(message);
    return true;
  }

  /** Sends bytes as they are and waits for nothing. */
  sendRaw(message: Buffer): void {
    this.#write(this.#head, message, message.length);
  }

  /**
   * Asks for a sign-on, a sign-off, or an echo. Resolves with DE39 of the answer, "" where none
   * came, "MAC" where its MAC is wrong.
   */
  ask(kind: NetworkKind): Promise<string> {
    const { codec, clock, mac, startBytes, signOnCode } = this.#line;
    this.#stan = (this.#stan % 999_999) + 1;
    const request = this.#form.request(kind, {
      stan: this.#stan,
      seconds: Math.floor(clock.nowMs() / 1_000),
      header: startBytesOf(codec, startBytes),
      withMac: mac !== null,
      ...(kind === "sign-on" && signOnCode !== undefined ? { code: signOnCode } : {}),
    });
    return new Promise((resolve) => {
      this.send(request, (answer) => {
        if (answer === null) resolve("");
        else resolve(answer.macOk ? textOf(codec, answer.view, 39) : "MAC");
      });
    });
  }

  /** Signs on. Resolves with true where the host agrees. */
  async signOn(): Promise<boolean> {
    this.signedOn = isDone(await this.ask("sign-on")) && !this.closed;
    return this.signedOn;
  }

  /** Takes nothing new, waits for what is under way, signs off, and ends. */
  async drain(): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    while (this.#pending.size > 0 && !this.closed) await pause(tickMs / 5);
    if (this.signedOn && !this.closed) await this.ask("sign-off");
    this.end();
  }

  /** Sends no more; what the host still sends is read until it ends too. */
  end(): void {
    this.#flush();
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #write(head: Buffer, bytes: Buffer, length: number): void {
    if (this.closed) return;
    if (!this.#outbox.add(head, 0, bytes, 0, length)) {
      this.#fail("a message does not fit the framing");
      return;
    }
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    if (!this.closed && this.#outbox.flush() > 0) {
      this.#silence.spoke(this.#line.clock.monotonicMs());
    }
  }

  #read(chunk: Buffer): void {
    const reader = this.#reader;
    this.#silence.heard(this.#line.clock.monotonicMs());
    const kept = reader.keepAlives;
    for (let at = 0; at < chunk.length && !reader.broken; ) {
      at += reader.push(chunk, at);
      while (reader.next() === frame.READY) this.#onFrame();
    }
    if (reader.keepAlives > kept && this.#line.framing.keepAlive === "echo") {
      this.#outbox.addRaw(reader.keepAlive);
      this.#flush();
    }
    if (reader.broken) this.#fail("the host's stream cannot be read");
  }

  #onFrame(): void {
    const { buf, offset, length, headOffset } = this.#reader;
    const { codec, mac, clock, stats, framing, onStray } = this.#line;
    const view = this.#view;
    codec.scan(view, buf, offset, offset + length);
    if (view.mti !== 0 && expectsAnswer(view.mti)) {
      writeAnswerHead(framing, buf, headOffset, this.#answerHead, 0);
      this.#answerHost(buf, offset);
      return;
    }
    const match = this.#pending.take(view);
    if (match.kind === "answer") {
      const macAt = macOffset(view);
      const macOk = mac === null || (macAt >= 0 && mac.fits(buf, view.begin, macAt));
      match.pending.what({ view, macOk, atMs: clock.monotonicMs() });
      return;
    }
    stats[match.kind] += 1;
    onStray?.(match.kind, view);
  }

  /** The host asks: its echo and sign-on are answered, what else it may want is refused (12). */
  #answerHost(buf: Buffer, offset: number): void {
    const { codec, mac } = this.#line;
    const view = this.#view;
    const kind = (view.mti & 0xf00) === 0x800 ? this.#form.kindOf(view) : null;
    const known = kind === "echo" || kind === "sign-on" || kind === "cut-over";
    const patch = this.#patch;
    patch.clear();
    patch.withMac = mac !== null && macOffset(view) >= 0;
    setCode(codec, view, patch, known ? "00" : "12");
    const start = codec.headerLength;
    buf.copy(this.#out, 0, offset, offset + start);
    const end = codec.reply(view, this.#out, start, patch);
    if (end < 0) return;
    if (patch.withMac) mac?.sign(this.#out, start, end - macBytes);
    this.#write(this.#answerHead, this.#out, end);
  }

  #tick(): void {
    const { clock, timeoutMs, stats } = this.#line;
    const nowMs = clock.monotonicMs();
    this.#pending.sweep(nowMs - timeoutMs, (handler) => handler(null));
    if (!this.signedOn || this.#draining) return;
    const missed = this.#silence.missed;
    const verdict = this.#silence.judge(nowMs, true);
    stats.missedEchoes += this.#silence.missed - missed;
    if (verdict === "dead") this.#fail("the host is silent");
    else if (verdict === "echo") void this.#echo();
  }

  async #echo(): Promise<void> {
    const number = this.#silence.echoes;
    if ((await this.ask("echo")) === "") return;
    this.#silence.answered(number, this.#line.clock.monotonicMs());
  }

  #fail(why: string): void {
    this.error ??= new Error(why);
    this.#socket.destroy();
  }

  #onClosed(): void {
    this.closed = true;
    this.signedOn = false;
    clearInterval(this.#timer);
    this.#pending.clear((handler) => handler(null));
  }
}

const macBytes = 8;

/** DE39 of "done": 00 in 1987, zeros of more digits later, 800 for network management in 1993. */
export function isDone(code: string): boolean {
  return /^0+$/.test(code) || code === "800" || code === "8000";
}

/** Where the message in the view has its MAC of 8 bytes, or -1. */
function macOffset(view: View): number {
  for (const de of [128, 64]) {
    if (view.has(de) && view.length(de) === macBytes) return view.offset(de);
  }
  return -1;
}

/** Puts DE39 into the patch as the dialect writes it. Codes of two digits grow zeros in front. */
export function setCode(codec: Codec, view: View, patch: ReplyPatch, code: string): void {
  const size = codec.spec.elements["39"]?.max ?? 2;
  const bytes = wireValue(codec, view.mti, 39, code.padStart(size, "0"));
  patch.buf.set(bytes, 0);
  patch.set(39, 0, bytes.length);
}

/** The bytes of one element as the answer to a message of type `mti` carries them. Slow. */
export function wireValue(codec: Codec, mti: number, de: number, value: string): Buffer {
  const answer = ((mti & 0xfffe) + 0x10).toString(16).padStart(4, "0");
  const out = Buffer.alloc(codec.spec.bytesMax);
  const end = codec.encode({ mti: answer, fields: { [de]: value } }, out, 0);
  const view = codec.createView();
  codec.scanMessage(view, out, 0, end);
  if (!view.has(de)) throw new RangeError(`DE${de} does not stand in an answer ${answer}`);
  return Buffer.from(out.subarray(view.offset(de), view.offset(de) + view.length(de)));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

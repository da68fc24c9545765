// A real ISO 8583 client of the switch side: several connections, each signed on; many messages
// under way; answers matched by class, DE7, DE11, DE32 and DE37, on whichever connection they come.
import {
  Dialer,
  dialPauses,
  type Host,
  networkCode,
  previousKeyMs,
  writeNetworkRequest,
} from "../../api/iso/mod.ts";
import { mydebit, ReplyPatch, type View } from "../../codec/iso8583/mod.ts";
import type { ZoneKey } from "../../crypto/mod.ts";
import { appError, type Clock } from "../../platform/mod.ts";
import { MacKeys } from "./mac-keys.ts";
import { MatchTable, type Pending } from "./match-table.ts";
import { transmissionText } from "./messages.ts";
import { type SessionOwner, SwitchSession } from "./switch-session.ts";
import type { SwitchTarget } from "./switch-target.ts";

const macBytes = 8;
const messageBytesMax = 4_096;

/** One answer; the view is valid only during the call. */
export interface Answer {
  readonly view: View;
  /** True where DE128 is there and right, or where no key was given. */
  readonly macOk: boolean;
  /** Monotonic time at which it was read. */
  readonly atMs: number;
}

/** Called once a message: with the answer, or with null when none came in time. */
export type AnswerHandler = (answer: Answer | null) => void;

export interface SwitchClientOptions {
  readonly target: SwitchTarget;
  readonly connections: number;
  /** Key of DE128, AES-256-CMAC or X9.19 by its length; null sends and expects none. */
  readonly macKey: Buffer | null;
  readonly clock: Clock;
  /** How long an answer may take; tsp.md and the networks say 2 s. */
  readonly timeoutMs?: number;
  /** Calls again, primary first, where a connection is lost; absent: a lost one stays lost. */
  readonly reconnect?: { readonly random: () => number };
  /** Called with every answer that came after its time: approved ones may have to be reversed. */
  readonly onLate?: (view: View) => void;
}

export interface SwitchClientStats {
  sent: number;
  answered: number;
  timedOut: number;
  /** Answers after their time, or to nothing that was asked. */
  late: number;
  /** Connections that were called again after they had been lost. */
  reconnected: number;
  unreadable: number;
  /** Connections that the service ended. */
  lost: number;
  echoesAnswered: number;
}

const defaultTimeoutMs = 2_000;
/** How often the table of outstanding messages is looked through. */
const sweepMs = 50;

export class SwitchClient implements SessionOwner {
  readonly stats: SwitchClientStats = {
    sent: 0,
    answered: 0,
    timedOut: 0,
    late: 0,
    reconnected: 0,
    unreadable: 0,
    lost: 0,
    echoesAnswered: 0,
  };
  readonly #options: SwitchClientOptions;
  readonly #timeoutMs: number;
  readonly #macs: MacKeys | null;
  readonly #view = mydebit.createView();
  readonly #patch = new ReplyPatch();
  readonly #out = Buffer.alloc(messageBytesMax);
  /** By slot; each slot keeps one connection. */
  readonly #sessions: SwitchSession[] = [];
  readonly #dialers: Dialer[] = [];
  readonly #table = new MatchTable();
  /** Waiters for answers to our own 0800, by session and STAN. */
  readonly #network = new Map<string, (de39: string) => void>();
  #turn = 0;
  #networkStan = 0;
  #closing = false;
  #sweeper: NodeJS.Timeout | null = null;

  private constructor(options: SwitchClientOptions) {
    this.#options = options;
    this.#timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
    this.#macs = options.macKey === null ? null : new MacKeys(options.macKey);
  }

  /** Connects and signs on all connections. Throws NOT_REACHABLE with one sentence. */
  static async connect(options: SwitchClientOptions): Promise<SwitchClient> {
    const client = new SwitchClient(options);
    try {
      await client.#openAll();
    } catch (error) {
      client.destroy();
      throw error;
    }
    client.#sweeper = setInterval(() => client.#sweep(), sweepMs);
    return client;
  }

  /** Messages sent and not yet answered. */
  get outstanding(): number {
    return this.#table.size;
  }

  /** Connections that are signed on now. */
  get ready(): number {
    return this.#sessions.filter((session) => session.signedOn).length;
  }

  /** True while every connection is lost and being called again. */
  get waiting(): boolean {
    return this.#dialers.length > 0 && this.ready === 0;
  }

  /** Bytes that the service has not yet taken, over all connections. */
  get unsentBytes(): number {
    return this.#sessions.reduce((sum, session) => sum + session.unsentBytes, 0);
  }

  /**
   * Sends one message, from its MTI on, over the next signed-on connection; `message` must not be
   * changed until it is answered. Where there is a key and the message ends in a declared DE128,
   * the MAC is written there, unless `keepMac`. Throws NOT_REACHABLE when no connection is signed
   * on.
   */
  send(message: Buffer, handler: AnswerHandler, keepMac = false): void {
    const session = this.#next();
    const pending = this.#table.add(message, handler, this.#options.clock.monotonicMs());
    if (pending.hasMac && !keepMac) this.#macs?.sign(message, message.length);
    session.send(message, 0, message.length);
    this.stats.sent += 1;
  }

  /** Sends bytes as they are and waits for nothing: for messages that nobody can match. */
  sendRaw(message: Buffer): void {
    this.#next().send(message, 0, message.length);
    this.stats.sent += 1;
  }

  /** Asks every connection for an echo; resolves when all have answered. */
  async echo(): Promise<void> {
    await Promise.all(this.#sessions.map((session) => this.#ask(session, networkCode.ECHO)));
  }

  /** Tells the service that the business day has changed. Resolves with DE39. */
  cutOver(): Promise<string> {
    return this.#ask(this.#next(), networkCode.CUT_OVER);
  }

  /**
   * Sends a new MAC key under the zone key; 00 activates it on both sides, and answers under the
   * one before are taken for 60 s more. Resolves with DE39.
   */
  async changeKey(
    key: Buffer,
    zoneKey: ZoneKey,
    random: (bytes: number) => Buffer,
  ): Promise<string> {
    const macs = this.#macs;
    if (macs === null) throw new Error("a client without a MAC has no key to change");
    const session = this.#next();
    const { text, kcv } = zoneKey.seal(key, random);
    const stan = ++this.#networkStan;
    const fields = {
      "7": transmissionText(Math.floor(this.#options.clock.nowMs() / 1_000)),
      "11": String(stan).padStart(6, "0"),
      "70": String(networkCode.KEY_CHANGE),
      "120": { "40": text, "41": kcv },
      "128": "00".repeat(macBytes),
    };
    const end = mydebit.encode({ mti: "0800", fields }, this.#out, 0);
    macs.sign(this.#out, end);
    const de39 = await this.#answerTo(session, stan, end);
    if (de39 === "00") macs.replace(key, previousKeyMs);
    return de39;
  }

  /** Resolves when nothing is outstanding; every message is answered or timed out by then. */
  async settle(): Promise<void> {
    while (this.#table.size > 0) await pause(sweepMs / 10);
  }

  /** Signs off, which waits for what is under way, and ends the connections. */
  async close(): Promise<void> {
    this.#closing = true;
    const stopped = this.#stopDialing();
    await this.settle();
    const open = this.#sessions.filter((session) => session.signedOn);
    await Promise.all(open.map((session) => this.#ask(session, networkCode.SIGN_OFF)));
    for (const session of this.#sessions) session.end();
    const untilMs = this.#options.clock.monotonicMs() + this.#timeoutMs;
    while (this.#sessions.some((session) => !session.closed)) {
      if (this.#options.clock.monotonicMs() > untilMs) break;
      await pause(1);
    }
    this.destroy();
    await stopped;
  }

  destroy(): void {
    this.#closing = true;
    void this.#stopDialing();
    for (const session of this.#sessions) session.destroy();
    this.#stop();
  }

  onMessage(session: SwitchSession, buf: Buffer, begin: number, end: number): void {
    const view = this.#view;
    if (mydebit.scanMessage(view, buf, begin, end) !== 0) {
      this.stats.unreadable += 1;
      return;
    }
    if ((view.mti & 0xf00) === 0x800) {
      this.#onNetwork(session);
      return;
    }
    const pending = this.#table.take(view);
    if (pending === null || pending.handler === null) {
      this.stats.late += 1;
      if (pending !== null) this.#options.onLate?.(view);
      return;
    }
    this.stats.answered += 1;
    const atMs = this.#options.clock.monotonicMs();
    pending.handler({ view, macOk: this.#macs?.fits(view) ?? true, atMs });
  }

  onClosed(_session: SwitchSession, _error: Error | null): void {
    if (!this.#closing) this.stats.lost += 1;
  }

  async #openAll(): Promise<void> {
    const { target, connections, reconnect } = this.#options;
    for (let slot = 0; slot < connections; slot++) {
      const first = await this.#openFirst(slot);
      if (reconnect === undefined) continue;
      let opened: SwitchSession | null = first;
      const dialer = new Dialer({
        hosts: target.hosts,
        clock: this.#options.clock,
        backOff: { ...dialPauses, random: reconnect.random },
        onFailed: () => {},
        connect: async (host) => {
          const session = opened ?? (await this.#open(slot, host));
          if (opened === null) this.stats.reconnected += 1;
          opened = null;
          return session;
        },
      });
      this.#dialers.push(dialer);
    }
  }

  /** The first host that can be used. Throws NOT_REACHABLE about the last one where none can. */
  async #openFirst(slot: number): Promise<SwitchSession> {
    const { hosts } = this.#options.target;
    for (const [i, host] of hosts.entries()) {
      try {
        return await this.#open(slot, host);
      } catch (error) {
        if (i === hosts.length - 1) throw error;
      }
    }
    throw new RangeError("a target needs a host");
  }

  async #open(slot: number, host: Host): Promise<SwitchSession> {
    const { target } = this.#options;
    const opening = SwitchSession.open(slot, host, target, this);
    const session = await opening.catch((cause: unknown) => {
      throw notReachable(host, "cannot be reached", cause);
    });
    this.#sessions[slot] = session;
    const de39 = await this.#ask(session, networkCode.SIGN_ON);
    if (de39 !== "00") {
      session.destroy();
      throw notReachable(host, `refused the sign-on (DE39 ${de39})`);
    }
    session.signedOn = true;
    return session;
  }

  #stopDialing(): Promise<unknown> {
    return Promise.all(this.#dialers.splice(0).map((dialer) => dialer.stop()));
  }

  #next(): SwitchSession {
    for (let tries = 0; tries < this.#sessions.length; tries++) {
      const session = this.#sessions[this.#turn++ % this.#sessions.length]!;
      if (session.signedOn) return session;
    }
    throw notReachable(this.#options.target.hosts[0]!, "has ended all connections");
  }

  /** One 0800 on one session; resolves with DE39 of its answer, "" when the connection was lost. */
  #ask(session: SwitchSession, code: number): Promise<string> {
    const stan = ++this.#networkStan;
    const withMac = this.#macs !== null;
    const seconds = Math.floor(this.#options.clock.nowMs() / 1_000);
    let end = writeNetworkRequest(this.#out, 0, { code, seconds, stan, withMac });
    if (withMac) end += macBytes;
    this.#macs?.sign(this.#out, end);
    if (code === networkCode.SIGN_OFF) session.signedOn = false;
    return this.#answerTo(session, stan, end);
  }

  /** Sends the 0800 in the buffer and waits for its answer. */
  #answerTo(session: SwitchSession, stan: number, end: number): Promise<string> {
    const key = `${session.id}:${stan}`;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#network.get(key)?.(""), this.#timeoutMs * 2);
      this.#network.set(key, (de39) => {
        clearTimeout(timer);
        this.#network.delete(key);
        resolve(de39);
      });
      session.send(this.#out, 0, end);
    });
  }

  /** An answer to one of our 0800, or an echo that the service asks for. */
  #onNetwork(session: SwitchSession): void {
    const view = this.#view;
    if (view.mti === 0x0810) {
      const waiter = this.#network.get(`${session.id}:${view.int(11)}`);
      waiter?.((this.#macs?.fits(view) ?? true) ? view.text(39) : "MAC");
      return;
    }
    const patch = this.#patch;
    patch.clear();
    patch.withMac = this.#macs !== null;
    const code = view.int(70);
    // A service that calls us signs on itself, and then waits for our payments.
    const known = code === networkCode.ECHO || code === networkCode.SIGN_ON;
    patch.buf.write(known ? "00" : "12", 0, "latin1");
    patch.set(39, 0, 2);
    const end = mydebit.reply(view, this.#out, 0, patch);
    if (end < 0) throw new Error("an answer to a network message does not fit");
    this.#macs?.sign(this.#out, end);
    session.send(this.#out, 0, end);
    this.stats.echoesAnswered += 1;
  }

  #sweep(): void {
    const nowMs = this.#options.clock.monotonicMs();
    this.#table.sweep(nowMs - this.#timeoutMs, (pending: Pending) => {
      this.stats.timedOut += 1;
      pending.handler?.(null);
    });
  }

  #stop(): void {
    if (this.#sweeper !== null) clearInterval(this.#sweeper);
    this.#sweeper = null;
    for (const waiter of [...this.#network.values()]) waiter("");
  }
}

function notReachable({ host, port }: Host, what: string, cause?: unknown): Error {
  const where = `${host}:${port}`;
  return appError("NOT_REACHABLE", `The service at ${where} ${what}.`, {
    cause,
    details: { host, port },
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

// The line to the issuers, through the network's switch: pre-authorisations with their answers, and
// the reversals, which stay in store and forward until they are confirmed.
import { mydebit } from "../../codec/iso8583/mod.ts";
import type { KeyRing } from "../../crypto/mod.ts";
import type { Clock, Logger } from "../../platform/mod.ts";
import {
  Forwarder,
  type ForwardStats,
  type HostAnswer,
  HostLink,
  type HostLinkOptions,
  hostMac,
  PeerMacs,
  StoreForward,
  textOf,
} from "../iso/mod.ts";
import { GroupCommit } from "./group-commit.ts";
import { type PreAuth, type PreAuthLine, preAuthMessage, reversalMessage } from "./pre-auth.ts";

export interface IssuerLineOptions extends PreAuthLine {
  /** In logs, and the label of its MAC key. */
  readonly name: string;
  readonly hosts: HostLinkOptions["hosts"];
  readonly framing: HostLinkOptions["line"]["framing"];
  readonly connections: number;
  /** How long an answer may take; then the same message is sent once more. */
  readonly timeoutMs: number;
  readonly socket: HostLinkOptions["socket"];
  /** File of the reversals, and the key that it is sealed under. */
  readonly path: string;
  readonly sealKey: Buffer;
  readonly keys: { epoch(): number; read(): KeyRing };
  readonly clock: Clock;
  readonly random: (bytes: number) => Buffer;
  readonly log: Logger;
}

export interface IssuerLineStats extends ForwardStats {
  /** Sessions that messages may be sent on. */
  readonly ready: number;
}

/** DE39 as it is written down where no answer came. */
export const noAnswer = "--";

const attemptsMax = 2;
const waitMs = 50;
const pumpMs = 100;
/** Reversals under way at a time. */
const windowMax = 64;
/** Half of what store and forward holds: nothing new is asked for while so many wait. */
const backlogMax = 50_000;

export class IssuerLine {
  readonly #options: IssuerLineOptions;
  readonly #link: HostLink;
  readonly #store: StoreForward;
  readonly #forwarder: Forwarder;
  readonly #reversals: GroupCommit<PreAuth>;
  readonly #timer: NodeJS.Timeout;
  #backlog = 0;
  #stopping = false;

  /** Opens the queue of reversals and begins to call. Errors: FILE_UNREADABLE. */
  constructor(options: IssuerLineOptions) {
    this.#options = options;
    const { path, sealKey, clock, log } = options;
    const random = (): number => options.random(4).readUInt32LE(0) / 2 ** 32;
    this.#store = StoreForward.open({ path, sealKey, clock, random });
    this.#link = this.#openLink(random);
    this.#forwarder = new Forwarder({
      store: this.#store,
      windowMax,
      ready: () => this.#link.ready > 0,
      send: (message, done) => this.#send(startOf(options, message), done),
      onFault: (err) => log.error({ event: "migrate.reversals", err }, "cannot be written down"),
    });
    this.#reversals = new GroupCommit((auths) => this.#keep(auths));
    this.#timer = setInterval(() => this.#tick(), pumpMs);
  }

  /** There is a session, and room for reversals. */
  get isOpen(): boolean {
    return !this.#stopping && this.#link.ready > 0 && this.#backlog <= backlogMax;
  }

  /** Resolves when there is a session and room for reversals; false where the line ends first. */
  async ready(): Promise<boolean> {
    while (!this.#stopping && !this.isOpen) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
    return !this.#stopping;
  }

  /**
   * Asks whether the card is alive. DE39 of the answer, or `noAnswer`. `repeat`: the message may
   * have been sent before.
   */
  async check(auth: PreAuth, repeat: boolean): Promise<string> {
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      if (!(await this.ready())) return noAnswer;
      const message = preAuthMessage(this.#options, auth, repeat || attempt > 1);
      const de39 = await new Promise<string | null>((resolve) => this.#send(message, resolve));
      if (de39 !== null) return de39;
    }
    return noAnswer;
  }

  /** Resolves when the reversal is on the disk; it is sent until it is confirmed. */
  keepReversal(auth: PreAuth): Promise<void> {
    return this.#reversals.add(auth);
  }

  stats(): IssuerLineStats {
    return { ...this.#store.stats(), ready: this.#link.ready };
  }

  /** True where no reversal waits. */
  get idle(): boolean {
    return this.#forwarder.idle;
  }

  /** Whoever waits for a session waits no more: we end. */
  release(): void {
    this.#stopping = true;
  }

  /** Waits for what is under way; reversals that wait are sent after the next start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    await this.#link.stop();
    this.#store.close();
  }

  #tick(): void {
    this.#backlog = this.#store.stats().depth;
    this.#forwarder.pump();
  }

  #keep(auths: readonly PreAuth[]): void {
    this.#store.addAll(
      auths.map((auth) => {
        // Each card's reversals stand for themselves.
        return { key: auth.rrn, message: reversalMessage(this.#options, auth) };
      }),
    );
    this.#forwarder.pump();
  }

  #send(message: Buffer, done: (de39: string | null) => void): void {
    const isSent = this.#link.send(message, (answer: HostAnswer | null) => {
      message.fill(0);
      // An answer under a wrong MAC says nothing.
      done(answer === null || !answer.macOk ? null : textOf(mydebit, answer.view, 39));
    });
    if (!isSent) throw new Error("a pre-authorisation without a key was sent");
  }

  #openLink(random: () => number): HostLink {
    const { name, hosts, connections, framing, startBytes, withMac, log } = this.#options;
    const { keys, timeoutMs, clock, socket } = this.#options;
    return new HostLink({
      hosts,
      connections,
      socket,
      random,
      clock,
      line: {
        codec: mydebit,
        framing,
        startBytes,
        mac: withMac ? hostMac(new PeerMacs(keys), name) : null,
        timeoutMs,
        clock,
        stats: { late: 0, unmatched: 0, missedEchoes: 0 },
      },
      onFailed: (host, err) => log.warn({ ...host, err }, "cannot call the issuers' host"),
      onSignedOn: (host) => log.info({ ...host, event: "migrate.signedOn" }, "signed on"),
    });
  }
}

function startOf({ startBytes }: PreAuthLine, message: Buffer): Buffer {
  return Buffer.concat([Buffer.from(startBytes, "latin1"), message]);
}

// A host that gets our advices: sessions with it, the queue before it, and what is counted.
import { type Framing, type HeadAddresses, mydebit } from "../../../codec/iso8583/mod.ts";
import type { KeyRing } from "../../../crypto/mod.ts";
import type { PaymentDispatcher, Peer } from "../../../hotpath/mod.ts";
import type { Clock, Logger } from "../../../platform/mod.ts";
import { AnswerDesk } from "../answer-desk.ts";
import type { Host } from "../hosts.ts";
import type { SocketOptions } from "../open-socket.ts";
import { PeerMacs } from "../peer-macs.ts";
import { countUp, type IsoStats, peerStats } from "../stats.ts";
import { HostLink } from "../upstream/host-link.ts";
import type { HostMac } from "../upstream/host-session.ts";
import { textOf } from "../upstream/network-form.ts";
import { AdviceRelay } from "./advice-relay.ts";
import { Forwarder } from "./forwarder.ts";
import { type ForwardLimits, type ForwardStats, StoreForward } from "./store-forward.ts";

export interface UpstreamOptions {
  /** In metrics and logs, and the label of its MAC key. */
  readonly name: string;
  /** The primary first, then its backups. */
  readonly hosts: readonly Host[];
  readonly framing: Framing;
  readonly addresses?: HeadAddresses;
  readonly startBytes: string;
  /** DE100 of the advices that are its; null: all. */
  readonly receiver: string | null;
  /** True: messages both ways carry DE128 under the key of its name. */
  readonly mac: boolean;
  readonly connections: number;
  /** How long it may take to answer. */
  readonly timeoutMs: number;
  readonly socket: () => SocketOptions;
  /** File of the queue, and the key that it is sealed under. */
  readonly path: string;
  readonly sealKey: Buffer;
  /** Takes up again, at the start, what was put aside after its attempts. */
  readonly retryParked: boolean;
  readonly keys: { epoch(): number; read(): KeyRing };
  readonly stats: IsoStats;
  readonly clock: Clock;
  readonly random: (bytes: number) => Buffer;
  readonly log: Logger;
  readonly limits?: Partial<ForwardLimits>;
  readonly failBackMs?: number;
}

export interface UpstreamStats extends ForwardStats {
  readonly sent: number;
  readonly repeated: number;
  readonly arrived: number;
  readonly ready: number;
}

/** A recovering host gets its backlog in small helpings. */
const windowMax = 32;
const pumpMs = 100;
/** A full disk is said once in a while, not ten times a second. */
const faultLogMs = 10_000;

export class Upstream {
  readonly name: string;
  readonly #options: UpstreamOptions;
  readonly #store: StoreForward;
  readonly #link: HostLink;
  readonly #forwarder: Forwarder;
  readonly #macs: PeerMacs;
  readonly #timer: NodeJS.Timeout;
  #faultMs = Number.NEGATIVE_INFINITY;

  /** Opens the queue and begins to call. Errors: FILE_UNREADABLE, those of the system. */
  constructor(options: UpstreamOptions) {
    const { name, path, sealKey, clock, limits = {}, log } = options;
    this.name = name;
    this.#options = options;
    const random = (): number => options.random(4).readUInt32LE(0) / 2 ** 32;
    this.#store = StoreForward.open({ path, sealKey, clock, random, limits });
    if (options.retryParked) {
      const messages = this.#store.retryParked();
      if (messages > 0) log.info({ event: "forward.unparked", messages }, "tried again");
    }
    this.#macs = new PeerMacs(options.keys);
    this.#link = this.#openLink(random);
    this.#forwarder = new Forwarder({
      store: this.#store,
      windowMax,
      ready: () => this.#link.ready > 0,
      send: (message, done) => this.#send(message, done),
      onFault: (error) => this.#fault(error),
    });
    this.#timer = setInterval(() => this.#forwarder.pump(), pumpMs);
  }

  /** The dispatcher of the doors: advices that are accepted are kept for this host. */
  relay(dispatcher: PaymentDispatcher): PaymentDispatcher {
    const { receiver, mac, clock, random } = this.#options;
    return new AdviceRelay({
      dispatcher,
      receiver,
      clock,
      withMac: mac,
      store: this.#store,
      desk: new AnswerDesk(this.#macs, clock, random),
      onKept: () => this.#forwarder.pump(),
      onFault: (error) => this.#fault(error),
    });
  }

  stats(): UpstreamStats {
    const { sent, repeated, arrived } = this.#forwarder;
    return { ...this.#store.stats(), sent, repeated, arrived, ready: this.#link.ready };
  }

  /** Waits for what is under way, signs off; the rest stays in the file for the next start. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#link.stop();
    this.#store.close();
  }

  #openLink(random: () => number): HostLink {
    const { name, mac, hosts, connections, framing, addresses, startBytes } = this.#options;
    const { clock, timeoutMs, socket, failBackMs, stats, log } = this.#options;
    return new HostLink({
      hosts,
      connections,
      socket,
      random,
      clock,
      ...(failBackMs === undefined ? {} : { failBackMs }),
      line: {
        codec: mydebit,
        framing,
        ...(addresses === undefined ? {} : { addresses }),
        startBytes,
        mac: mac ? hostMac(this.#macs, name) : null,
        timeoutMs,
        clock,
        stats: peerStats(stats, name),
      },
      onFailed: (host, error) => log.warn({ ...host, err: error }, "cannot call the upstream host"),
      onSignedOn: (host) => log.info({ ...host, event: "forward.signedOn" }, "signed on"),
      onSessions: (by) => countUp(stats.signedOn, name, by),
    });
  }

  #send(message: Buffer, done: (de39: string | null) => void): void {
    const { name, stats, startBytes } = this.#options;
    const peer = peerStats(stats, name);
    const whole = Buffer.concat([Buffer.from(startBytes, "latin1"), message]);
    peer.inFlight += 1;
    const sent = this.#link.send(whole, (answer) => {
      peer.inFlight -= 1;
      // An answer under a wrong MAC says nothing.
      done(answer === null || !answer.macOk ? null : textOf(mydebit, answer.view, 39));
    });
    if (!sent) throw new Error("an advice without a key was kept");
  }

  #fault(error: unknown): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#faultMs < faultLogMs) return;
    this.#faultMs = nowMs;
    const event = "forward.fault";
    this.#options.log.error({ event, err: error }, "the queue of advices cannot be written");
  }
}

/** The MACs of a host that is called, under the key of its name. */
export function hostMac(macs: PeerMacs, name: string): HostMac {
  const peer: Peer = { id: -1, tag: 0, name, macLabel: name, macRequired: true };
  return {
    sign: (buf, begin, at) => macs.sign(peer, 0, buf, begin, at),
    fits: (buf, begin, at) => macs.verify(peer, buf, begin, at) >= 0,
  };
}

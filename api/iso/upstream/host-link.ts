// Sessions that are kept with a host in any dialect: primary first, then its backups, back to the
// primary when it is there again, each session signed on before it is used.
import type { Clock } from "../../../platform/mod.ts";
import { type DialedSession, Dialer, dialPauses } from "../dialer.ts";
import type { Host } from "../hosts.ts";
import type { SocketOptions } from "../open-socket.ts";
import { type HostAnswer, type HostLine, HostSession } from "./host-session.ts";

export interface HostLinkOptions {
  /** The primary first, then its backups. */
  readonly hosts: readonly Host[];
  readonly connections: number;
  readonly line: HostLine;
  /** Asked at every call, so that renewed certificates count. */
  readonly socket: () => SocketOptions;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  readonly clock: Clock;
  readonly failBackMs?: number;
  readonly onFailed: (host: Host, error: unknown) => void;
  readonly onSignedOn?: (host: Host) => void;
  /** Called with 1 and -1 as sessions begin and end. */
  readonly onSessions?: (by: number) => void;
}

export class HostLink {
  readonly #options: HostLinkOptions;
  readonly #sessions = new Set<HostSession>();
  readonly #dialers: readonly Dialer[];
  #turn = 0;

  constructor(options: HostLinkOptions) {
    const { hosts, connections, clock, random, failBackMs, onFailed } = options;
    this.#options = options;
    this.#dialers = Array.from({ length: connections }, () => {
      return new Dialer({
        hosts,
        clock,
        backOff: { ...dialPauses, random },
        connect: (host) => this.#open(host),
        onFailed,
        ...(failBackMs === undefined ? {} : { failBackMs }),
      });
    });
  }

  /** Sessions that messages may be sent on now. */
  get ready(): number {
    let count = 0;
    for (const session of this.#sessions) if (session.ready) count += 1;
    return count;
  }

  get inFlight(): number {
    let count = 0;
    for (const session of this.#sessions) count += session.outstanding;
    return count;
  }

  /** Sends over the sessions in turn; see `HostSession.send`. Null at once where none is ready. */
  send(message: Buffer, handler: (answer: HostAnswer | null) => void): boolean {
    const ready = [...this.#sessions].filter((session) => session.ready);
    const session = ready[this.#turn++ % Math.max(1, ready.length)];
    if (session !== undefined) return session.send(message, handler);
    handler(null);
    return true;
  }

  /** Calls nobody any more, waits for what is under way, signs off. */
  async stop(): Promise<void> {
    const stopped = this.#dialers.map((dialer) => dialer.stop());
    await Promise.all([...this.#sessions].map((session) => session.drain()));
    const limit = setTimeout(() => this.destroy(), this.#options.line.timeoutMs);
    await Promise.all(stopped);
    clearTimeout(limit);
  }

  destroy(): void {
    for (const session of this.#sessions) session.destroy();
  }

  async #open(host: Host): Promise<DialedSession> {
    const { line, socket, onSignedOn, onSessions } = this.#options;
    const session = await HostSession.open(host, socket(), line);
    if (!(await session.signOn())) {
      session.destroy();
      throw session.error ?? new Error("the sign-on was refused or not answered");
    }
    this.#sessions.add(session);
    const lost = session.lost.then(() => {
      this.#sessions.delete(session);
      onSessions?.(-1);
    });
    onSessions?.(1);
    onSignedOn?.(host);
    return { lost, drain: () => void session.drain() };
  }
}

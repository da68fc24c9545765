// Keeps one session with a peer that we call: calls its hosts in order, again when it is lost, and
// goes back from a backup to the primary when that is there again.
import type { Clock } from "../../platform/mod.ts";
import { BackOff, type BackOffOptions, type Host, HostList } from "./hosts.ts";

export interface DialedSession {
  /** Resolves when the session is over. */
  readonly lost: Promise<void>;
  /**
   * Ends it once what is under way is answered. A session without it stays on its backup until it
   * is lost.
   */
  readonly drain?: () => void;
}

export interface DialerOptions {
  readonly hosts: readonly Host[];
  readonly backOff: BackOffOptions;
  readonly clock: Clock;
  /** Opens a session and resolves when it can be used. Rejects where the host cannot be used. */
  readonly connect: (host: Host) => Promise<DialedSession>;
  /** How often the primary is tried while a backup is in use; `failBackMs` by default. */
  readonly failBackMs?: number;
  /** Called with the reason of every failed call. */
  readonly onFailed: (host: Host, error: unknown) => void;
}

/** A session that lasted so long was a good one; a shorter one counts as a failed call. */
export const stableMs = 10_000;

/** A primary that is back is used within this time; trying more often would only fill its log. */
export const failBackMs = 30_000;

/** Pauses of a caller: 200 ms, doubling to 30 s; a switch that is restarted is away for seconds. */
export const dialPauses = { firstMs: 200, maxMs: 30_000 } as const;

export class Dialer {
  readonly #options: DialerOptions;
  readonly #hosts: HostList;
  #stopped = false;
  #wake: (() => void) | null = null;
  readonly #done: Promise<void>;

  constructor(options: DialerOptions) {
    this.#options = options;
    this.#hosts = new HostList(options.hosts, new BackOff(options.backOff));
    this.#done = this.#run();
  }

  /** Calls nobody any more; an open session is the caller's to end. Resolves when it has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { connect, onFailed } = this.#options;
    while (!this.#stopped) {
      const host = this.#hosts.current;
      let waitMs: number;
      try {
        waitMs = await this.#keep(await connect(host));
      } catch (error) {
        onFailed(host, error);
        waitMs = this.#hosts.failed();
      }
      if (waitMs > 0) await this.#pause(waitMs);
    }
  }

  /** Waits until the session is lost, or that with the primary which took its place. */
  async #keep(first: DialedSession): Promise<number> {
    const { clock } = this.#options;
    let session = first;
    let sinceMs = clock.monotonicMs();
    while (!(await this.#isLost(session))) {
      const better = await this.#callPrimary();
      if (better === null) continue;
      this.#hosts.returned();
      session.drain?.();
      session = better;
      sinceMs = clock.monotonicMs();
    }
    return this.#hosts.lost(clock.monotonicMs() - sinceMs >= stableMs);
  }

  /** True when the session is lost, false when it is time to try the primary again. */
  async #isLost(session: DialedSession): Promise<boolean> {
    const lost = session.lost.then(() => true);
    if (this.#stopped) session.drain?.();
    if (this.#stopped || !this.#hosts.onBackup || session.drain === undefined) return await lost;
    let timer: NodeJS.Timeout | undefined;
    const due = new Promise<false>((resolve) => {
      this.#wake = () => resolve(false);
      timer = setTimeout(this.#wake, this.#options.failBackMs ?? failBackMs);
    });
    const result = await Promise.race([lost, due]);
    clearTimeout(timer);
    return result;
  }

  async #callPrimary(): Promise<DialedSession | null> {
    if (this.#stopped) return null;
    const { connect, onFailed } = this.#options;
    try {
      return await connect(this.#hosts.primary);
    } catch (error) {
      onFailed(this.#hosts.primary, error);
      return null;
    }
  }

  #pause(ms: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

// Keeps one session with a peer that we call: calls its hosts in order, and again when it is lost.
import type { Clock } from "../../platform/mod.ts";
import { BackOff, type BackOffOptions, type Host, HostList } from "./hosts.ts";

export interface DialerOptions {
  readonly hosts: readonly Host[];
  readonly backOff: BackOffOptions;
  readonly clock: Clock;
  /**
   * Opens a session and resolves when it can be used, with a promise that resolves when it is
   * lost. Rejects where the host cannot be used.
   */
  readonly connect: (host: Host) => Promise<{ readonly lost: Promise<void> }>;
  /** Called with the reason of every failed call. */
  readonly onFailed: (host: Host, error: unknown) => void;
}

/** A session that lasted so long was a good one; a shorter one counts as a failed call. */
export const stableMs = 10_000;

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
    const { clock, connect, onFailed } = this.#options;
    while (!this.#stopped) {
      const host = this.#hosts.current;
      let waitMs: number;
      try {
        const { lost } = await connect(host);
        const sinceMs = clock.monotonicMs();
        await lost;
        waitMs = this.#hosts.lost(clock.monotonicMs() - sinceMs >= stableMs);
      } catch (error) {
        onFailed(host, error);
        waitMs = this.#hosts.failed();
      }
      if (waitMs > 0) await this.#pause(waitMs);
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

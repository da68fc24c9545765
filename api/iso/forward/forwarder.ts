// Sends what waits in store and forward, one attempt after the other.
import type { Forwarded, StoreForward } from "./store-forward.ts";

export interface ForwarderOptions {
  readonly store: StoreForward;
  /** True while there is a session to send on. */
  readonly ready: () => boolean;
  /** Sends one message; calls back with DE39 of its answer, or null where none came in time. */
  readonly send: (message: Buffer, done: (de39: string | null) => void) => void;
  /** Hears of a disk that takes no more; what waits is tried again at the next pump. */
  readonly onFault: (error: unknown) => void;
  /** Messages under way at a time: an outage's backlog must not fill the other side's window. */
  readonly windowMax: number;
}

/**
 * DE39 of a side that is up but cannot do it now: issuer unavailable, no route, malfunction,
 * re-enter, in progress. Every other answer says that the message arrived.
 */
const laterCodes = new Set(["91", "92", "96", "19", "09"]);

/** Offset of the MTI's last digit: the origin. */
const originAt = 3;

/** The message with the origin digit of a repeat: 0420 becomes 0421; the rest stays as it was. */
export function repeatOf(message: Buffer): Buffer {
  const out = Buffer.from(message);
  out[originAt] = out[originAt]! | 1;
  return out;
}

export class Forwarder {
  readonly #options: ForwarderOptions;
  #underWay = 0;
  #pumping = false;
  sent = 0;
  repeated = 0;
  arrived = 0;

  constructor(options: ForwarderOptions) {
    this.#options = options;
  }

  get idle(): boolean {
    return this.#underWay === 0 && this.#options.store.stats().depth === 0;
  }

  /**
   * Sends whatever is due and fits the window; call it a few times a second. Every answer makes
   * room for the next by itself.
   */
  pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    this.#fill();
    this.#pumping = false;
  }

  #fill(): void {
    const { store, windowMax, ready } = this.#options;
    while (this.#underWay < windowMax && ready()) {
      // An attempt that cannot be written down is not made: it could not be told from none.
      const next = this.#try(() => store.take());
      if (next === null) return;
      this.#send(next);
    }
  }

  #send(entry: Forwarded): void {
    const { store, send } = this.#options;
    // A message that may have arrived before is a repeat, also after a restart.
    const repeat = entry.attempts > 0;
    const message = repeat ? repeatOf(entry.message) : Buffer.from(entry.message);
    this.#underWay += 1;
    if (repeat) this.repeated += 1;
    else this.sent += 1;
    send(message, (de39) => {
      this.#underWay -= 1;
      if (de39 === null || laterCodes.has(de39)) {
        this.#try(() => store.failed(entry.id));
        return;
      }
      this.arrived += 1;
      this.#try(() => store.done(entry.id));
      this.pump();
    });
  }

  #try<T>(work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      this.#options.onFault(error);
      return null;
    }
  }
}

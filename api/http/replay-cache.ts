// Which signed requests were seen. Two generations: the older one is dropped as a whole, so keeping
// the cache costs nothing for a request.
import { appError, type Clock } from "../../platform/mod.ts";

/** Longer than a signature is good, on both sides of now (300 s each). */
const generationMs = 600_000;
/** Of one generation and client; 16 characters and more each. */
const seenMax = 200_000;

export class ReplayCache {
  readonly #clock: Clock;
  readonly #seenMax: number;
  #young = new Map<string, Set<string>>();
  #old = new Map<string, Set<string>>();
  #turnMs = 0;

  constructor(clock: Clock, max = seenMax) {
    this.#clock = clock;
    this.#seenMax = max;
  }

  /** REPLAYED_REQUEST for an id that came before; RATE_LIMITED where no more can be remembered. */
  take(client: string, id: string): void {
    const now = this.#clock.monotonicMs();
    if (now >= this.#turnMs) {
      // After a pause longer than a generation the young ones are old enough to go, too.
      this.#old = now >= this.#turnMs + generationMs ? new Map() : this.#young;
      this.#young = new Map();
      this.#turnMs = now + generationMs;
    }
    let young = this.#young.get(client);
    if (young?.has(id) || this.#old.get(client)?.has(id)) {
      throw appError("REPLAYED_REQUEST", "This signed request was seen before.");
    }
    if (young === undefined) {
      young = new Set();
      this.#young.set(client, young);
    }
    if (young.size >= this.#seenMax) {
      const retryAfterMs = Math.ceil(this.#turnMs - now);
      const message = "This client signed too many requests in ten minutes.";
      throw appError("RATE_LIMITED", message, { retryAfterMs });
    }
    young.add(id);
  }
}

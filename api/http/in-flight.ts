// Changes that are under way, by client and idempotency key. What is done is known to the log; this
// only answers those who ask again too early.
import { createHash } from "node:crypto";
import { appError } from "../../platform/mod.ts";

const inFlightMax = 4_096;
const retryAfterMs = 1_000;

export class InFlight {
  readonly #running = new Map<string, string>();

  get size(): number {
    return this.#running.size;
  }

  /**
   * Runs `work` unless the key is at work. REQUEST_IN_PROGRESS for the same request,
   * IDEMPOTENCY_KEY_REUSED for another one; OVERLOADED where too many are under way.
   */
  async run<T>(
    client: string,
    key: string,
    request: readonly (string | Buffer)[],
    work: () => Promise<T>,
  ): Promise<T> {
    const name = `${client}\0${key}`;
    const hash = createHash("sha256");
    for (const part of request) hash.update(part).update("\0");
    const digest = hash.digest("hex");
    const running = this.#running.get(name);
    if (running === digest) {
      const message = "The same request is being worked on.";
      throw appError("REQUEST_IN_PROGRESS", message, { retryAfterMs });
    }
    if (running !== undefined) {
      const message = "The idempotency key is at work for other content.";
      throw appError("IDEMPOTENCY_KEY_REUSED", message);
    }
    if (this.#running.size >= inFlightMax) {
      throw appError("OVERLOADED", "Too many changes are under way.", { retryAfterMs });
    }
    this.#running.set(name, digest);
    try {
      return await work();
    } finally {
      this.#running.delete(name);
    }
  }
}

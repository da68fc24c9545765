// Questions to a leader that may not be there yet. A server in an election keeps silent, so that a
// client would sleep through the new leader's first seconds until its own timeout.
import type { Timers } from "./timers.ts";

/**
 * Asks, and every `againMs` once more until the first outcome of any of them, an answer or an
 * error, which it passes on. For questions that change nothing; their own timeout ends it.
 */
export function askAgain<T>(timers: Timers, againMs: number, ask: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let cancel = (): void => {};
    const one = (): void => {
      cancel = timers.after(againMs, one);
      ask().then(
        (answer) => {
          cancel();
          resolve(answer);
        },
        (error) => {
          cancel();
          reject(error);
        },
      );
    };
    one();
  });
}

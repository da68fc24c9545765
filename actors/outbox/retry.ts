// When a notice is tried again, and when it is given up.

/** Pauses before the second, third, … attempt, seconds; the last one repeats. */
const pausesSeconds = [10, 60, 300, 1_800, 7_200, 21_600] as const;

/** From the first attempt on; what is not delivered by then goes to the dead letters. */
export const giveUpAfterMs = 72 * 3_600_000;

/** A receiver that asks for more patience than this is asked again all the same. */
const retryAfterMsMax = 6 * 3_600_000;

/**
 * Each pause is 80 to 120 % of the table's, so that what failed together does not return together.
 */
const jitter = 0.2;

/**
 * Milliseconds until the next attempt after `attempts` of them. `retryAfterMs` is what the receiver
 * asked for; it only ever makes the pause longer. `random`: 0 up to 1.
 */
export function pauseMs(attempts: number, random: number, retryAfterMs = 0): number {
  const step = Math.min(Math.max(attempts, 1), pausesSeconds.length) - 1;
  const pause = pausesSeconds[step]! * 1_000 * (1 - jitter + 2 * jitter * random);
  return Math.max(Math.round(pause), Math.min(retryAfterMs, retryAfterMsMax));
}

/**
 * `Retry-After` as delay or as HTTP date (RFC 9110 section 10.2.3), in milliseconds; 0 for none.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number {
  if (header === undefined) return 0;
  if (/^[0-9]{1,9}$/.test(header)) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? 0 : Math.max(0, at - nowMs);
}

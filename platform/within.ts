// Waits that have an end and a sentence. What was waited for may still come, and is then nobody's.
import { setTimeout as sleep } from "node:timers/promises";

/** The outcome of `work`; rejects with `sentence` where none has come after `ms`. */
export async function within<T>(ms: number, sentence: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(sentence)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const lookMs = 50;

/** Looks until it holds; rejects with "… has not come within … s" after `ms`. `what` is a noun. */
export async function comesTrue(
  what: string,
  ms: number,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const untilMs = performance.now() + ms;
  const sentence = `${what}: it has not come within ${ms / 1_000} s`;
  while (!(await within(untilMs - performance.now(), sentence, Promise.resolve(holds())))) {
    if (performance.now() >= untilMs) throw new Error(sentence);
    await sleep(lookMs);
  }
}

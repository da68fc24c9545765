// The knee: the highest offered rate that a service still carries. Rates stand on a ladder of 5 %;
// short runs find the place, runs of full length decide.

/** What one run at one rate showed. */
export interface Probe {
  /** Messages a second. */
  readonly offered: number;
  readonly achieved: number;
  /** Refused, unanswered or wrong: a service at its knee loses nothing. */
  readonly lost: number;
  /** From the moment at which a payment was due, ms. */
  readonly p99: number;
}

export type Length = "short" | "full";

export const kneeRules = { achieved: 0.999, p99Ms: 10, step: 1.05 } as const;

/** A run is repeated once before its rate counts as too high: one hiccup of the machine is none. */
const attempts = 2;

/** Steps of the ladder that the search first takes at a time: 34 %. */
const stride = 6;

/** Sixteen times below or above the guess nothing is looked for. */
const rungsMax = 57;

export function isCarried(probe: Probe, p99Ms: number = kneeRules.p99Ms): boolean {
  const { offered, achieved, lost, p99 } = probe;
  return achieved >= offered * kneeRules.achieved && lost === 0 && p99 <= p99Ms;
}

/**
 * The run at the knee, or null where not even a sixteenth of the guess is carried. `climb`: false
 * believes the short runs where the full one agrees; the knee may then lie a rung or two higher.
 */
export async function findKnee<P extends Probe>(
  guess: number,
  probe: (rate: number, length: Length) => Promise<P>,
  climb = true,
  p99Ms: number = kneeRules.p99Ms,
): Promise<P | null> {
  const carried = async (rung: number, length: Length): Promise<P | null> => {
    const rate = guess * kneeRules.step ** rung;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const figures = await probe(rate, length);
      if (isCarried(figures, p99Ms)) return figures;
    }
    return null;
  };
  let rung = await place((candidate) => carried(candidate, "short"));
  let best = await carried(rung, "full");
  if (best === null) {
    while (best === null && rung > -rungsMax) best = await carried(--rung, "full");
    return best;
  }
  while (climb && rung < rungsMax) {
    const next = await carried(++rung, "full");
    if (next === null) break;
    best = next;
  }
  return best;
}

/** The highest rung that holds, by strides away from the guess and halves between. */
async function place(holds: (rung: number) => Promise<Probe | null>): Promise<number> {
  let low = 0;
  let high = 0;
  if ((await holds(0)) !== null) {
    do {
      low = high;
      high += stride;
    } while (high < rungsMax && (await holds(high)) !== null);
  } else {
    do {
      high = low;
      low -= stride;
    } while (low > -rungsMax && (await holds(low)) === null);
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((await holds(middle)) !== null) low = middle;
    else high = middle;
  }
  return low;
}

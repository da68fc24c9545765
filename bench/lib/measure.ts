// How runs are made: warm-up first, then subject and baseline in turn, so that whatever the
// machine does in these minutes, it does to both.
import { type Summary, summarise } from "./statistics.ts";

/** Something that is measured. One call is one run and returns its figure. */
export interface Contender {
  readonly name: string;
  run(): number | Promise<number>;
}

export interface Plan {
  /** Measured runs of each contender. */
  readonly runs: number;
  /** Runs before them that do not count: the compiler and the caches settle. */
  readonly warmUps: number;
}

/** Measures contenders in turns; the order turns round every time. Summaries in the given order. */
export async function measure(plan: Plan, contenders: readonly Contender[]): Promise<Summary[]> {
  const figures: number[][] = contenders.map(() => []);
  for (let run = -plan.warmUps; run < plan.runs; run++) {
    for (let i = 0; i < contenders.length; i++) {
      const place = run % 2 === 0 ? i : contenders.length - 1 - i;
      const figure = await (contenders[place] as Contender).run();
      if (run >= 0) (figures[place] as number[]).push(figure);
    }
  }
  return figures.map(summarise);
}

const nsPerUs = 1_000;

/**
 * Calls `work` until `minMs` have passed and returns µs an operation; one call is `operations` of
 * them. A call should take 10 µs or more, so that reading the clock costs nothing.
 */
export function timePerOperation(work: () => void, operations: number, minMs: number): number {
  const begin = process.hrtime.bigint();
  const enough = BigInt(Math.round(minMs * 1_000_000));
  let calls = 0;
  let spent = 0n;
  do {
    work();
    calls++;
    spent = process.hrtime.bigint() - begin;
  } while (spent < enough);
  return Number(spent) / nsPerUs / (calls * operations);
}

/** µs since `begin`. */
export function microsSince(begin: bigint): number {
  return Number(process.hrtime.bigint() - begin) / nsPerUs;
}

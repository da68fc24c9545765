/** What is wrong with a dialect, and where in its data. */
export interface DialectProblem {
  /** Keys from the root of the data: ["elements", "4", "max"]. */
  readonly place: readonly string[];
  readonly text: string;
}

/** Collects problems; a place is a path that only grows. */
export interface Report {
  readonly problems: DialectProblem[];
}

export function refuse(report: Report, place: readonly string[], text: string): void {
  report.problems.push({ place, text });
}

/** A dialect that means nothing, with the place in the data. */
export class DialectError extends Error {
  override readonly name = "DialectError";
  readonly problems: readonly DialectProblem[];

  constructor(dialect: string, problems: readonly DialectProblem[]) {
    const first = problems[0] ?? { place: [], text: "" };
    super(`dialect ${dialect}, ${placeText(first.place)}: ${first.text}`);
    this.problems = problems;
  }
}

/** `elements.48.composite.tags.33`; the whole file where there is no place. */
export function placeText(place: readonly string[]): string {
  return place.length === 0 ? "the dialect" : place.join(".");
}

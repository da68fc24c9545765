// What the programs of all peers say, one JSON object a line.
import { timePerOperation } from "../lib/measure.ts";

/** One figure: µs a message. */
export interface Figure {
  readonly task: string;
  readonly set: string;
  readonly us: number;
}

/** Sum over all strings that a peer made of a set: peers that read the same have the same. */
export interface Check {
  readonly check: string;
  readonly set: string;
  readonly sum: number;
}

/** Which bad messages were taken, in the order of the file. */
export interface Probe {
  readonly taken: readonly boolean[];
}

export type Line = Figure | Check | Probe;

export function say(line: Line): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Looks at all of a string. */
export function sumOf(text: string): number {
  let sum = text.length;
  for (let i = 0; i < text.length; i++) sum += text.charCodeAt(i);
  return sum;
}

/** Looks at a string: enough that it must have been made. */
export function lookAt(text: string): number {
  return text === "" ? 0 : text.length + text.charCodeAt(text.length - 1);
}

/** Warms up for half of the time, then measures: µs an operation. */
export function runTask(all: () => number, operations: number, ms: number): number {
  let seen = 0;
  const work = (): void => {
    seen += all();
  };
  timePerOperation(work, operations, ms / 2);
  const us = timePerOperation(work, operations, ms);
  if (Number.isNaN(seen)) throw new Error("nothing was looked at");
  return us;
}

// What a throughput costs: processor, allocations and memory of the service's process, all its
// threads, for a million messages.
import { type Row, rowOf } from "../lib/row.ts";
import { summarise } from "../lib/statistics.ts";
import type { ServerUsage } from "./serve-options.ts";

const million = 1_000_000;
const hourSeconds = 3_600;
export const mebibyte = 2 ** 20;

/** Own memory of all processes of the service under load, besides the maps. */
export const residentTargetMiB = 300;

export interface Cost {
  /** Of a million messages. */
  readonly cpuSeconds: number;
  /** Of one message. */
  readonly allocatedBytes: number;
  readonly residentMiB: number;
}

export function costOf(before: ServerUsage, after: ServerUsage, messages: number): Cost {
  return {
    cpuSeconds: ((after.cpuSeconds - before.cpuSeconds) / messages) * million,
    allocatedBytes: (after.allocatedBytes - before.allocatedBytes) / messages,
    residentMiB: after.residentBytes / mebibyte,
  };
}

/** `judged`: whether the memory target holds here: it is stated for a million tokens. */
export function costRows(
  scenario: string,
  what: string,
  costs: readonly Cost[],
  judged: boolean,
): Row[] {
  const of = (figure: (cost: Cost) => number) => summarise(costs.map(figure));
  return [
    rowOf({
      scenario,
      metric: `processor for a million, ${what}`,
      unit: "s",
      summary: of(({ cpuSeconds }) => cpuSeconds),
    }),
    rowOf({
      scenario,
      metric: `a core-hour verifies, ${what}`,
      unit: "messages/core-hour",
      summary: of(({ cpuSeconds }) => (hourSeconds / cpuSeconds) * million),
    }),
    rowOf({
      scenario,
      metric: `allocated a message, ${what}`,
      unit: "B",
      summary: of(({ allocatedBytes }) => allocatedBytes),
    }),
    rowOf({
      scenario,
      metric: `own memory under load, ${what}`,
      unit: "MiB",
      summary: of(({ residentMiB }) => residentMiB),
      target: judged ? residentTargetMiB : null,
    }),
  ];
}

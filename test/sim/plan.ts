// What one run of the simulator does: everything in it follows from these numbers.

/** Faults that a run may have; a failing run is tried again without each of them. */
export const faultNames = [
  /** Appends lost, stored without an answer, stored late, refused without reason. */
  "answers",
  /** Appends refused for want of room. */
  "full",
  /** Nodes that end at any commit, and start again. */
  "crash",
  /** Crashes that take the newest commits along: those that were not flushed. */
  "unflushed",
  /** Nodes that stand still and go on. */
  "pause",
  /** Nodes that take shards without asking. */
  "takeover",
  /** Wall clocks that step. */
  "clock",
] as const;

export type FaultName = (typeof faultNames)[number];

export interface Plan {
  readonly seed: number;
  readonly nodes: number;
  readonly shards: number;
  readonly clients: number;
  /** Commands of each client. */
  readonly commands: number;
  readonly accounts: number;
  readonly faults: readonly FaultName[];
  /** A bug that is built in on purpose, to see that it is found. */
  readonly bug?: string;
}

export function planOf(seed: number, more: Partial<Plan> = {}): Plan {
  const sizes = { nodes: 3, shards: 2, clients: 4, commands: 12, accounts: 3 };
  return { seed, ...sizes, faults: faultNames, ...more };
}

/** How the plan is asked for on the command line. */
export function flagsOf(plan: Plan): string {
  const flags = [`--seed ${plan.seed}`, `--clients ${plan.clients}`, `--commands ${plan.commands}`];
  if (plan.faults.length < faultNames.length)
    flags.push(`--faults ${plan.faults.join(",") || "-"}`);
  if (plan.bug !== undefined) flags.push(`--bug ${plan.bug}`);
  return flags.join(" ");
}

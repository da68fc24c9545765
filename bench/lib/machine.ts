// What a figure is worth nothing without: on which machine, which Node, which commit it was
// measured, and how busy the machine was when it began.
import { execFileSync } from "node:child_process";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { fileURLToPath } from "node:url";

export interface MachineFacts {
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  /** "" outside a checkout. */
  readonly commit: string;
  /** True where files differ from the commit. */
  readonly dirty: boolean;
  /** ISO 8601, UTC. */
  readonly date: string;
  /** Mean number of runnable tasks in the last minute; above 0.5 somebody else was working. */
  readonly loadAverage: number;
}

const root = fileURLToPath(new URL("../..", import.meta.url));

function git(...args: string[]): string {
  try {
    return execFileSync("git", args, {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "";
  }
}

export function machineFacts(now: Date): MachineFacts {
  const processors = cpus();
  return {
    node: process.version,
    cpu: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryBytes: totalmem(),
    kernel: `${type()} ${release()}`,
    commit: git("rev-parse", "--short=12", "HEAD"),
    dirty: git("status", "--porcelain", "--untracked-files=no") !== "",
    date: now.toISOString(),
    loadAverage: loadavg()[0] ?? 0,
  };
}

/** One line for people. */
export function describeMachine(facts: MachineFacts): string {
  const commit = facts.commit === "" ? "no commit" : facts.commit;
  const load = facts.loadAverage.toFixed(2);
  return (
    `${facts.cpu}, ${facts.cores} cores, ${facts.kernel}, Node ${facts.node}, ` +
    `${commit}${facts.dirty ? " with changes" : ""}, load ${load}, ${facts.date}`
  );
}

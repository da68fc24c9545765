// Writes down what somebody did at the command line, beside what the actors write themselves.
import { userInfo } from "node:os";
import type { Vault } from "../vault.ts";
import { type Act, ActRows } from "./act.ts";

/** In a transaction of its own, or within the caller's. */
export function recordAct(vault: Vault, act: Omit<Act, "atMs">): void {
  const { clock, env } = vault;
  env.write(() => new ActRows(env).put({ atMs: clock.nowMs(), ...act }));
}

/** Who sits at this machine: "cli:<name of the system's user>". */
export function localUser(): string {
  return `cli:${userInfo().username}`;
}

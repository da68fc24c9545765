// Which process runs the actors of a vault. LMDB has one writer over all processes, so a row that
// is looked at and written in one transaction is a lock without a race; and since every append
// looks at it again, a wrong guess that the owner is gone costs the old owner its place, never an
// event.
import { readFileSync } from "node:fs";
import { appError } from "../../platform/mod.ts";
import type { Store } from "../store/port.ts";
import { actorRows } from "./log-meta.ts";

const key = Buffer.from("owner");

export interface Owner {
  readonly pid: number;
  /** Tells a process from a later one with the same number. */
  readonly started: string;
  /** Tells two openings within one process. */
  readonly nonce: string;
}

/** Whether a process is still there: a port, since a test has no second process to kill. */
export type IsAlive = (owner: Owner) => boolean;

/** Start time of a process in clock ticks since boot, with the boot; "" where it cannot be had. */
export function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name in parentheses may hold anything; field 22 counts from before it.
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim()} ${ticks}`;
  } catch {
    return "";
  }
}

export const processAlive: IsAlive = ({ pid, started }) => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return startOf(pid) === started;
};

/** Who holds the actors of the vault, as last written; it may have ended without a word. */
export function readOwner(store: Store): Owner | undefined {
  const row = actorRows(store).get(key);
  return row === undefined ? undefined : (JSON.parse(row.toString()) as Owner);
}

/** Inside a transaction: a copy of a vault has no owner, whoever had the original. */
export function forgetOwner(store: Store): void {
  actorRows(store).remove(key);
}

export class Ownership {
  readonly #store: Store;
  readonly #row: Buffer;

  private constructor(store: Store, row: Buffer) {
    this.#store = store;
    this.#row = row;
  }

  /**
   * Takes the vault's actors. VAULT_IN_USE where another live process has them; an earlier opening
   * of this same process is taken over, since only its dead thread can have left it.
   */
  static take(store: Store, nonce: Buffer, isAlive: IsAlive = processAlive): Ownership {
    const me = { pid: process.pid, started: startOf(process.pid), nonce: nonce.toString("hex") };
    const row = Buffer.from(JSON.stringify(me));
    store.write(() => {
      const other = readOwner(store);
      const mine = other?.pid === me.pid && other.started === me.started;
      if (other !== undefined && !mine && isAlive(other)) {
        throw appError(
          "VAULT_IN_USE",
          `Process ${other.pid} runs the actors of this vault; hand commands to it or stop it.`,
          { details: { pid: other.pid } },
        );
      }
      actorRows(store).put(key, row);
    });
    return new Ownership(store, row);
  }

  /** Inside a transaction: throws VAULT_IN_USE where another process has taken the place. */
  check(): void {
    const row = actorRows(this.#store).get(key);
    if (row?.equals(this.#row) === true) return;
    throw appError("VAULT_IN_USE", "Another process has taken over the actors of this vault.");
  }

  release(): void {
    this.#store.write(() => {
      if (actorRows(this.#store).get(key)?.equals(this.#row) === true) {
        actorRows(this.#store).remove(key);
      }
    });
  }
}

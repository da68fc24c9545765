// Reads the parties file again when it changes, and gives every door its new table, without a
// restart: new switches and requestors may call, those that are gone are drained, and sessions of
// those that stay go on.
import { statSync } from "node:fs";
import type { Peer } from "../../hotpath/mod.ts";
import type { Logger } from "../../platform/mod.ts";
import { loadParties, type Parties } from "./parties.ts";

/** A new switch is no emergency. */
const intervalMs = 2_000;

export interface PartiesWatchOptions {
  readonly path: string;
  /** The parties that the doors have now. */
  readonly running: Parties;
  /**
   * Gives the doors the new parties; `fresh` are the peers that were not known. Throws where they
   * cannot be taken; nothing has changed then.
   */
  readonly apply: (parties: Parties, fresh: readonly Peer[]) => void;
  readonly log: Logger;
}

/** Returns how to stop. */
export function watchParties(options: PartiesWatchOptions): () => void {
  const { path, apply, log } = options;
  let { running } = options;
  let seen = stampOf(path);
  let taken = seen;
  const look = (): void => {
    const stamp = stampOf(path);
    if (stamp === taken || stamp === "") return;
    // One line a file: what is wrong with it may be put right elsewhere (a key), so it is tried on.
    const isNew = stamp !== seen;
    seen = stamp;
    try {
      const next = loadParties(path, running.peers);
      const fresh = next.peers.slice(running.peers.length);
      apply(next, fresh);
      running = next;
      taken = stamp;
      const added = [...new Set(fresh.map(({ name }) => name))];
      log.info({ event: "parties.reloaded", added }, "parties were read again");
    } catch (error) {
      if (!isNew) return;
      log.error({ event: "parties.broken", err: error }, "the new parties file is not used");
    }
  };
  const timer = setInterval(look, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

function stampOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${ino}:${size}:${mtimeMs}`;
  } catch {
    return "";
  }
}

// Reads the parties file again when it changes, and gives the ISO 8583 door its new table. Sessions
// of peers that stay go on. What needs the pipeline's own table (a new switch, another kind of MAC)
// waits for the next start, and says so.
import { statSync } from "node:fs";
import type { IsoPeerSettings, IsoPeers } from "../../api/iso/mod.ts";
import type { Peer } from "../../hotpath/mod.ts";
import type { Logger } from "../../platform/mod.ts";
import { linesOf, loadParties, type Parties } from "./parties.ts";

/** A new address of a switch is no emergency. */
const intervalMs = 2_000;

export interface NewTable {
  readonly peers: IsoPeers;
  readonly lines: ReadonlyMap<string, IsoPeerSettings>;
  /** Names that are taken only at the next start. */
  readonly waiting: readonly string[];
}

/** The new file's table in terms of the peers that run. */
export function tableOf(running: Parties, next: Parties, framing: string): NewTable {
  const byName = new Map<string, Peer>();
  for (const peer of running.peers) if (!byName.has(peer.name)) byName.set(peer.name, peer);
  const waiting = new Set<string>();
  const known = (peer: Peer): Peer | null => {
    const now = byName.get(peer.name);
    if (now !== undefined && now.macRequired === peer.macRequired) return now;
    waiting.add(peer.name);
    return now ?? null;
  };
  const translate = (map: ReadonlyMap<string, Peer>): Map<string, Peer> => {
    const out = new Map<string, Peer>();
    for (const [key, peer] of map) {
      const now = known(peer);
      if (now !== null) out.set(key, now);
    }
    return out;
  };
  const { plainDefault } = next.iso;
  const peers: IsoPeers = {
    byIdentity: translate(next.iso.byIdentity),
    byAddress: translate(next.iso.byAddress),
    plainDefault: plainDefault === null ? null : known(plainDefault),
  };
  return { peers, lines: linesOf(next, framing), waiting: [...waiting] };
}

export interface PartiesWatchOptions {
  readonly path: string;
  readonly running: Parties;
  /** The framing of peers that name none. */
  readonly framing: string;
  readonly apply: (table: NewTable) => void;
  readonly log: Logger;
}

/** Returns how to stop. */
export function watchParties(options: PartiesWatchOptions): () => void {
  const { path, running, framing, apply, log } = options;
  let seen = stampOf(path);
  const timer = setInterval(() => {
    const stamp = stampOf(path);
    if (stamp === seen || stamp === "") return;
    seen = stamp;
    try {
      const table = tableOf(running, loadParties(path), framing);
      apply(table);
      log.info({ event: "parties.reloaded" }, "parties were read again");
      if (table.waiting.length === 0) return;
      log.warn({ event: "parties.waiting", peers: table.waiting }, "restart to take these peers");
    } catch (error) {
      log.error({ event: "parties.broken", err: error }, "the new parties file is not used");
    }
  }, intervalMs);
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

// Folders of earlier boots are of no use: their claims count as used through the fence. They are
// removed when they are old; a folder of the running boot never is, whatever its incarnation.
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/** Kept this long, so that somebody can still look at what a machine had claimed when it died. */
const ageMsMin = 24 * 3_600_000;

/** Removes what may go and returns the names of the removed folders. */
export function removeOldBoots(options: {
  readonly dir: string;
  readonly bootId: string;
  readonly nowMs: number;
}): string[] {
  const replay = join(options.dir, "replay");
  const removed: string[] = [];
  for (const entry of readdirSync(replay, { withFileTypes: true })) {
    const { name } = entry;
    if (!entry.isDirectory() || !/^[0-9a-zA-Z]{8,64}-[0-9a-f]{32}$/.test(name)) continue;
    if (name.startsWith(`${options.bootId}-`)) continue;
    const path = join(replay, name);
    if (options.nowMs - lastUseMs(path) < ageMsMin) continue;
    rmSync(path, { recursive: true, force: true });
    removed.push(name);
  }
  return removed;
}

function lastUseMs(path: string): number {
  let lastMs = statSync(path).mtimeMs;
  for (const name of readdirSync(path)) {
    lastMs = Math.max(lastMs, statSync(join(path, name)).mtimeMs);
  }
  return lastMs;
}

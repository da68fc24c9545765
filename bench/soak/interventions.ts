// What an operator does to a service that works: rotates keys, takes a backup, loads tokens. Each
// is the real command in a process of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { testPanText } from "../../vault/mod.ts";
import type { Intervention } from "./checks.ts";

const pantun = fileURLToPath(new URL("../../cmd/pantun/main.ts", import.meta.url));

/** Cards that no generated vault has: their numbers count from here. */
const firstCard = 18_000_000;
export const loadedTokens = 10_000;

export interface Place {
  readonly dir: string;
  readonly passphraseFile: string;
}

/** The CSV file of cards to load. */
function writeCards(dir: string): string {
  const file = join(dir, "cards.csv");
  const rows = ["pan,expiry_yymm,trid"];
  for (let i = 0; i < loadedTokens; i++)
    rows.push(`${testPanText(firstCard + i)},2912,99900000001`);
  writeFileSync(file, `${rows.join("\n")}\n`, { mode: 0o600 });
  return file;
}

/** One after the other; `seconds` is the clock of the run. */
export async function intervene(place: Place, seconds: () => number): Promise<Intervention[]> {
  const at = ["--dir", place.dir, "--passphrase-file", place.passphraseFile];
  const steps: readonly [string, readonly string[]][] = [
    ["rotate the PTAV key", ["keys", "rotate", "ptav"]],
    ["rotate the sealing key", ["keys", "rotate", "seal"]],
    ["backup", ["vault", "backup", join(place.dir, "backup")]],
    ["load", ["vault", "load", writeCards(place.dir)]],
  ];
  const done: Intervention[] = [];
  for (const [name, command] of steps) {
    const fromSeconds = seconds();
    const child = spawn(process.execPath, [pantun, ...command, ...at], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const [exitCode] = (await once(child, "exit")) as [number | null];
    done.push({ name, fromSeconds, toSeconds: seconds(), exitCode });
  }
  return done;
}

// The kill test at length: `node test/replay/kill-soak.ts [rounds]`, 1,000 rounds by default.
// Prints its seed; exit code 1 when a claim was accepted twice, forgotten, or not journalled.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KillRounds, seeded } from "./kill-rounds.ts";

const rounds = Number(process.argv[2] ?? 1_000);
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 32);
const dir = mkdtempSync(join(tmpdir(), "pantun-soak-"));
const started = Date.now();

const run = new KillRounds({
  dir,
  rounds,
  keysPerRound: 600,
  random: seeded(seed),
  onRound: (round, totals) => {
    if ((round + 1) % 10 !== 0) return;
    const seconds = Math.round((Date.now() - started) / 1_000);
    const left = Math.round((seconds / (round + 1)) * (rounds - round - 1));
    process.stderr.write(
      `\r${round + 1} of ${rounds} rounds, ${totals.kills} kills, ${totals.claims} claims, ` +
        `${run.faults.length} faults, ${left} s left   `,
    );
  },
});
await run.run();
rmSync(dir, { recursive: true, force: true });
process.stderr.write("\n");
for (const fault of run.faults.slice(0, 20)) console.log(fault);
const { kills, claims, unanswered } = run.totals;
console.log(
  `seed ${seed}: ${kills} kills in ${rounds} rounds; ${claims} claims answered once, ` +
    `${unanswered} died unanswered, ${run.faults.length} faults`,
);
process.exitCode = run.faults.length === 0 ? 0 : 1;

// npm run soak:crash -- [rounds] [embedded | jetstream | both]
// kill -9 of a node that takes commands, and its restart: 10,000 times unless told, half on each
// log. Prints progress, and its verdict also when SIGTERM or SIGINT ends it early.
import { type CrashLog, crashRounds } from "./crash-rounds.ts";
import { untilStopped } from "./stop-early.ts";

const rounds = Number(process.argv[2] ?? 10_000);
const which = process.argv[3] ?? "both";
const logs: readonly CrashLog[] =
  which === "both" ? ["embedded", "jetstream"] : [which as CrashLog];
const stop = untilStopped();
const reportEvery = 50;
let problems = 0;
for (const log of logs) {
  const beganMs = performance.now();
  const goal = Math.ceil(rounds / logs.length);
  const perMinute = (kills: number) => Math.round(kills / ((performance.now() - beganMs) / 60_000));
  const totals = await crashRounds(log, goal, ({ kills, problems: found }) => {
    if (kills % reportEvery === 0) {
      const rate = `${perMinute(kills)} a minute`;
      process.stderr.write(
        `${log}: ${kills} of ${goal} kills, ${rate}, ${found.length} problems\n`,
      );
    }
    return !stop.asked;
  });
  const { kills, answered } = totals;
  problems += totals.problems.length;
  for (const problem of totals.problems.slice(0, 20)) console.log(problem);
  console.log(
    `${log}: ${kills} of ${goal} kills (${perMinute(kills)} a minute), ` +
      `${answered} answered, ${totals.problems.length} lost or doubled`,
  );
}
console.log(`verdict${stop.asked ? ", stopped early" : ""}: ${problems} faults`);
process.exit(problems === 0 ? 0 : 1);

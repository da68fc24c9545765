// `npm run soak:kill [rounds]`: the same as the test, a thousand times, with progress.
import { Rig } from "../../hotpath/test-rig.ts";
import { killRounds } from "./kill-rounds.ts";

const roundsDefault = 1_000;
const rounds = Number(process.argv[2] ?? roundsDefault);
const report = await killRounds(
  () => new Rig({ startMs: Date.now() }),
  rounds,
  (round) => {
    if (round % 50 === 0) process.stderr.write(`${round} of ${rounds} kills\n`);
  },
);
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exitCode = report.forgotten + report.doubled === 0 ? 0 : 1;

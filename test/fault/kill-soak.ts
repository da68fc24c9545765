// `npm run soak:kill [rounds]`: the same as the test, a thousand times, with progress. SIGTERM or
// SIGINT ends it after its round; what was answered until then is judged all the same.
import { Rig } from "../../hotpath/test-rig.ts";
import { killRounds } from "./kill-rounds.ts";
import { untilStopped } from "./stop-early.ts";

const roundsDefault = 1_000;
const rounds = Number(process.argv[2] ?? roundsDefault);
const stop = untilStopped();
const report = await killRounds(
  () => new Rig({ startMs: Date.now() }),
  rounds,
  (round) => {
    if (round % 50 === 0) process.stderr.write(`${round} of ${rounds} kills\n`);
    return !stop.asked;
  },
);
process.stdout.write(`${JSON.stringify(report)}\n`);
const faults = report.forgotten + report.doubled;
const early = stop.asked ? ", stopped early" : "";
process.stdout.write(`verdict${early}: ${faults} faults in ${report.rounds} of ${rounds} rounds\n`);
process.exitCode = faults === 0 ? 0 : 1;

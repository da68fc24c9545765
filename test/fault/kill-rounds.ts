// kill -9 of a working pipeline, again and again: nothing that was answered is forgotten, and no
// PTAV is accepted by two transactions.
import { setTimeout as pause } from "node:timers/promises";
import type { Rig } from "../../hotpath/test-rig.ts";
import { startChild, type Verdict } from "./child-runs.ts";
import { readMessages } from "./message-file.ts";
import { writeRivals } from "./rivals.ts";

export interface KillReport {
  readonly rounds: number;
  readonly kills: number;
  readonly answered: number;
  /** Approved answers whose id changed or that were forgotten. */
  readonly forgotten: number;
  /** PTAVs that a second transaction was approved with. */
  readonly doubled: number;
}

/** Messages of one vault; a PTAV lives 15 minutes, and so does a set of them. */
const messagesPerVault = 6_000;
const batch = 4;
/** An answer is given again for two minutes only: what was answered first is asked for before. */
const vaultLifeMsMax = 60_000;
/** From the first answer to the kill: somewhere within a few dozen batches. */
const killAfterMsMax = 25;

export async function killRounds(
  makeRig: () => Rig,
  rounds: number,
  onRound: (round: number) => boolean = () => true,
): Promise<KillReport> {
  const total = { rounds: 0, kills: 0, answered: 0, forgotten: 0, doubled: 0 };
  let goesOn = true;
  while (goesOn && total.rounds < rounds) {
    const rig = makeRig();
    try {
      const { rounds: done } = total;
      const part = await killOnOneVault(rig, rounds - done, (round) => {
        goesOn = onRound(done + round);
        return goesOn;
      });
      total.rounds += part.rounds;
      total.kills += part.kills;
      total.answered += part.answered;
      total.forgotten += part.forgotten;
      total.doubled += part.doubled;
    } finally {
      await rig.remove();
    }
  }
  return total;
}

async function killOnOneVault(
  rig: Rig,
  roundsMax: number,
  onRound: (round: number) => boolean,
): Promise<KillReport> {
  const files = writeRivals(rig, messagesPerVault);
  const acknowledged = new Map<number, Verdict>();
  let rounds = 0;
  let from = 0;
  const began = performance.now();
  const young = (): boolean => performance.now() - began < vaultLifeMsMax;
  let goesOn = true;
  while (goesOn && rounds < roundsMax && from < messagesPerVault && (rounds === 0 || young())) {
    const verdicts = await runAndKill(rig, files.first, from);
    for (const verdict of verdicts) acknowledged.set(verdict.row, verdict);
    from = Math.max(from, ...verdicts.map((verdict) => verdict.row + 1));
    goesOn = onRound(++rounds);
  }
  return { rounds, kills: rounds, ...judgeAgain(rig, files, acknowledged, from) };
}

async function runAndKill(rig: Rig, file: string, from: number): Promise<Verdict[]> {
  const run = startChild({
    settings: rig.settings,
    bootId: rig.bootId,
    file,
    from,
    batch,
    startAtMs: 0,
    paceMs: 0,
  });
  while (run.verdicts.length === 0 && run.child.exitCode === null) await pause(1);
  await pause(Math.random() * killAfterMsMax);
  run.child.kill("SIGKILL");
  await run.done;
  return run.verdicts;
}

/** The survivor's view: every message once more, and every rival. */
function judgeAgain(
  rig: Rig,
  files: { first: string; second: string },
  acknowledged: ReadonlyMap<number, Verdict>,
  until: number,
): { answered: number; forgotten: number; doubled: number } {
  const first = readMessages(files.first).slice(0, until);
  const second = readMessages(files.second).slice(0, until);
  let forgotten = 0;
  let doubled = 0;
  first.forEach((message, row) => {
    const before = acknowledged.get(row);
    const now = rig.one(message);
    const id = now.tags["14"]?.replaceAll("-", "");
    if (before?.reason === 0 && (now.reason !== 0 || id !== before.id)) forgotten++;
  });
  second.forEach((message) => {
    if (rig.one(message).reason === 0) doubled++;
  });
  return { answered: acknowledged.size, forgotten, doubled };
}

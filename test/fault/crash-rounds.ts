// kill -9 of a node that takes commands, restart, again and again: what was answered stays where
// its answer said, what died unanswered is sent again, nothing is stored twice. Vaults are changed
// for new ones now and then, so that a look at all of one stays short.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { lmdbStore } from "../../actors/mod.ts";
import { IdemRows } from "../../actors/runtime/idem-rows.ts";
import { accountRows } from "../../actors/runtime/test-account.ts";
import { envelope } from "../../actors/runtime/test-rig.ts";
import { type NatsSite, startSite } from "../../deploy/tools/nats-site.ts";
import { openEnvironment } from "../../vault/mod.ts";
import { accounts, crashMapBytes, crashShards } from "./crash-layout.ts";

export type CrashLog = "embedded" | "jetstream";

export interface CrashTotals {
  kills: number;
  answered: number;
  readonly problems: string[];
}

const program = fileURLToPath(new URL("./crash-child.ts", import.meta.url));
const roundsOfVault = 100;
/** From the first answer to the kill: anywhere within some dozen appends. */
const killAfterMsMax = 30;
/** A node that has answered nothing by then never will. */
const answerMsMax = 60_000;
const problemsMax = 20;

class Child {
  readonly process: ChildProcess;
  readonly lines: string[] = [];
  readonly gone: Promise<void>;
  #wake: () => void = () => {};

  constructor(args: readonly string[]) {
    const child = spawn(process.execPath, [program, ...args], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.process = child;
    this.gone = new Promise((resolve) => child.once("close", () => resolve()));
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line !== "loaded") this.lines.push(line);
      this.#wake();
    });
    void this.gone.then(() => this.#wake());
  }

  begin(first: number): void {
    this.process.stdin?.write(`${first}\n`);
  }

  async firstAnswer(): Promise<void> {
    const untilMs = performance.now() + answerMsMax;
    while (this.lines.length === 0) {
      if (this.process.exitCode !== null) throw new Error("the node ended before its first answer");
      if (performance.now() > untilMs) throw new Error(`no answer in ${answerMsMax / 1_000} s`);
      await Promise.race([pause(1_000), new Promise<void>((go) => (this.#wake = go))]);
    }
  }

  async kill(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.gone;
  }
}

/** Runs until `rounds` kills, or until `goesOn` says no; problems are in what it returns. */
export async function crashRounds(
  log: CrashLog,
  rounds: number,
  onRound: (totals: CrashTotals) => boolean = () => true,
): Promise<CrashTotals> {
  const totals: CrashTotals = { kills: 0, answered: 0, problems: [] };
  let goesOn = true;
  while (goesOn && totals.kills < rounds && totals.problems.length < problemsMax) {
    const part = Math.min(roundsOfVault, rounds - totals.kills);
    goesOn = await onOneVault(log, part, totals, () => onRound(totals));
  }
  return totals;
}

async function onOneVault(
  log: CrashLog,
  rounds: number,
  totals: CrashTotals,
  onRound: () => boolean,
): Promise<boolean> {
  const dir = mkdtempSync(join(tmpdir(), "pantun-crash-"));
  let site: NatsSite | undefined;
  let child: Child | undefined;
  let next: Child | undefined;
  let goesOn = true;
  const places = new Map<number, string>();
  try {
    if (log === "jetstream") site = await startSite(1);
    const args = [log, dir, ...(site === undefined ? [] : site.urls)];
    child = new Child(args);
    for (let round = 0; round < rounds && goesOn; round++) {
      child.begin(firstUnanswered(places));
      await child.firstAnswer();
      next = new Child(args);
      await pause(Math.random() * killAfterMsMax);
      await child.kill();
      totals.kills++;
      note(child.lines, places, totals.problems);
      child = next;
      goesOn = onRound();
    }
    await child.kill();
    await judge(dir, places, totals.problems);
  } catch (error) {
    totals.problems.push(`${log}: ${(error as Error).message}`);
    goesOn = false;
  } finally {
    await child?.kill();
    await next?.kill();
    await site?.stop();
    rmSync(dir, { recursive: true, force: true });
  }
  totals.answered += places.size;
  return goesOn;
}

function firstUnanswered(places: ReadonlyMap<number, string>): number {
  let first = Math.max(0, places.size - answersBack);
  while (places.has(first)) first++;
  return first;
}

/** More than callers of a process: no number below is without an answer. */
const answersBack = 64;

function note(lines: readonly string[], places: Map<number, string>, problems: string[]): void {
  for (const line of lines) {
    const [n = "", ...place] = line.split(" ");
    const before = places.get(Number(n));
    const now = place.join(" ");
    if (before !== undefined && before !== now) {
      problems.push(`command ${n} was answered at ${before}, then at ${now}`);
    }
    places.set(Number(n), now);
  }
}

/** The vault as the last kill left it: every answered command, once, where its answer said. */
async function judge(
  dir: string,
  places: ReadonlyMap<number, string>,
  problems: string[],
): Promise<void> {
  const settings = { mapSizeBytes: crashMapBytes, readOnly: false, create: false };
  const env = openEnvironment({ path: dir, ...settings });
  try {
    const store = lmdbStore(env);
    const idem = new IdemRows(store);
    for (const [n, place] of places) {
      const shard = n % crashShards;
      const { id } = envelope(shard, n % accounts, { do: "look" }, { key: `key ${n}` });
      const row = idem.get(shard, id);
      const found = row === undefined ? "nowhere" : `${shard} ${row.seq} ${row.ord}`;
      if (found !== place) problems.push(`command ${n}, answered at ${place}, is at ${found}`);
    }
    const limit = 10_000_000;
    const ids = store.rows("idem").range({ start: Buffer.of(0), end: Buffer.of(255), limit });
    const all = accountRows(store).range({
      start: Buffer.of(0),
      end: Buffer.alloc(17, 0xff),
      limit,
    });
    const sum = all.reduce((total, { value }) => {
      return total + (JSON.parse(value.toString()) as { balance: number }).balance;
    }, 0);
    if (sum !== ids.length) problems.push(`${ids.length} commands have had ${sum} effects`);
  } finally {
    await env.close();
  }
}

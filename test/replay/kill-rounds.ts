// Kills claiming processes in the middle of their work, over and over, and keeps the books: which
// key was answered NEW, by whom, and what the journals say of it.
import { readFileSync } from "node:fs";
import { listSegments, RowView, rowBytes, rowValid } from "../../vault/journal/mod.ts";
import { claim } from "../../vault/replay/mod.ts";
import type { ClaimCommand } from "./claim-protocol.ts";
import { ClaimerProcess } from "./claimer-process.ts";

export interface KillRoundsOptions {
  readonly dir: string;
  readonly rounds: number;
  readonly keysPerRound: number;
  /** 0 to 1, excluding 1; seeded, so that a run can be repeated as far as processes allow. */
  readonly random: () => number;
  readonly onRound?: (round: number, totals: KillTotals) => void;
}

export interface KillTotals {
  kills: number;
  claims: number;
  /** Claims whose process died before it could report them. */
  unanswered: number;
}

/** Every so often nobody survives: then only the page cache carries the claims. */
const killBothEvery = 5;

export class KillRounds {
  readonly totals: KillTotals = { kills: 0, claims: 0, unanswered: 0 };
  /** What went wrong, in words; empty when all is well. */
  readonly faults: string[] = [];
  readonly #options: KillRoundsOptions;
  readonly #answered = new Set<number>();
  #writers = 0;
  #transactions = 0;

  constructor(options: KillRoundsOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    let pair = await Promise.all([this.#start(), this.#start()]);
    for (let round = 0; round < this.#options.rounds; round++) {
      const survivors = await this.#round(round, pair);
      const fresh = await Promise.all(
        Array.from({ length: pair.length - survivors.length }, () => this.#start()),
      );
      // Who comes after a crash has to know everything that was answered before it.
      await this.#claimAgain(round, fresh[0]!);
      pair = [...survivors, ...fresh] as [ClaimerProcess, ClaimerProcess];
      this.#options.onRound?.(round, this.totals);
    }
    await Promise.all(pair.map((claimer) => claimer.kill()));
    this.#readJournals();
  }

  async #start(): Promise<ClaimerProcess> {
    const { dir } = this.#options;
    const journal = `k${this.#writers++}`;
    const claimer = await ClaimerProcess.start({
      dir,
      bootId: "aaaaaaaaaaaaaaaa",
      ttlSeconds: 86_400,
      journal,
    });
    claimer.onBatch = (from, results) => this.#note(from, results);
    return claimer;
  }

  #note(from: number, results: readonly number[]): void {
    results.forEach((result, row) => {
      const key = from + row;
      if (result === claim.NEW) {
        if (this.#answered.has(key)) this.faults.push(`key ${key} was accepted twice`);
        this.#answered.add(key);
        this.totals.claims++;
      } else if (result !== claim.USED) this.faults.push(`key ${key} got ${result}`);
    });
  }

  #command(round: number): ClaimCommand {
    const { keysPerRound, random } = this.#options;
    return {
      do: "claim",
      kind: "ptav",
      time: this.#time,
      from: round * keysPerRound,
      count: keysPerRound,
      batch: 1 + Math.floor(random() * 32),
      transaction: ++this.#transactions,
    };
  }

  readonly #time = Math.floor(Date.now() / 1_000);

  /** Both claim the same keys; one is killed on the way, or both. Gives the survivors. */
  async #round(round: number, pair: readonly ClaimerProcess[]): Promise<ClaimerProcess[]> {
    const { random } = this.#options;
    const both = round % killBothEvery === killBothEvery - 1;
    const victim = random() < 0.5 ? 0 : 1;
    const reports = 1 + Math.floor(random() * 12);
    const dying = both ? pair : [pair[victim]!];
    const living = pair.filter((claimer) => !dying.includes(claimer));
    const killed = dying.map((claimer) => killAfter(claimer, reports, this.#note.bind(this)));
    const finished = living.map((claimer) => claimer.send(this.#command(round)));
    for (const claimer of dying) claimer.post(this.#command(round));
    await Promise.all([...killed, ...finished]);
    this.totals.kills += dying.length;
    return living;
  }

  async #claimAgain(round: number, claimer: ClaimerProcess): Promise<void> {
    const { keysPerRound } = this.#options;
    const before = this.#answered.size;
    const known = new Set(this.#answered);
    await claimer.send(this.#command(round));
    for (let key = round * keysPerRound; key < (round + 1) * keysPerRound; key++) {
      const result = claimer.results.get(key);
      // What nobody was told of may have been claimed by a process that died, or by no one.
      if (known.has(key) && result !== claim.USED) this.faults.push(`key ${key} was forgotten`);
      if (result === claim.USED && !known.has(key)) this.totals.unanswered++;
    }
    if (this.#answered.size - before > keysPerRound) this.faults.push("more claims than keys");
  }

  /** An answered claim stands in the journals once, and no key stands there twice. */
  #readJournals(): void {
    const rows = new Map<number, number>();
    const view = new RowView();
    for (const { path } of listSegments(this.#options.dir)) {
      view.bytes = readFileSync(path);
      for (view.at = 0; view.at + rowBytes <= view.bytes.length; view.at += rowBytes) {
        if (!rowValid(view.bytes, view.at)) continue;
        const key = view.verificationId.readUInt32BE(12) - 1;
        rows.set(key, (rows.get(key) ?? 0) + 1);
      }
    }
    for (const key of this.#answered) {
      if (!rows.has(key)) this.faults.push(`key ${key} was answered and not journalled`);
    }
    for (const [key, count] of rows) {
      if (count > 1) this.faults.push(`key ${key} was journalled ${count} times`);
    }
  }
}

/** Kills a process after so many of its reports; resolves when it is gone. */
function killAfter(
  claimer: ClaimerProcess,
  reports: number,
  note: (from: number, results: readonly number[]) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = 0;
    claimer.onBatch = (from, results) => {
      note(from, results);
      if (++seen === reports) claimer.kill().then(resolve, reject);
    };
  });
}

/** A small seeded generator (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

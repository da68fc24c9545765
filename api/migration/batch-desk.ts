// Takes batches over JSON one after the other and sees each through, over restarts. A batch is a
// folder with its rows, sealed; what is done with a record is what is done with one of a file. The
// same cards, in the same order and with the same words, are the same batch, whoever sends them
// again: no issuer is asked twice.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { appError, type ErrorCode } from "../../platform/mod.ts";
import { countResults, IntentFile, type RecordStatus, ResultFile } from "./checkpoints.ts";
import type { Digests } from "./digests.ts";
import { folderOf, makeFolders, namesIn, shred, syncFolder, writeWhole } from "./folders.ts";
import { type RecordPorts, Records, RunStopped } from "./records.ts";
import { failedLine, type RecordResult, resultOf } from "./result-row.ts";
import type { RunPorts } from "./run.ts";
import { SealedSlots } from "./sealed-slots.ts";
import { noCounts, type RunStatus, readStatus, writeStatus } from "./status.ts";
import { rowOf, type StoredCard } from "./upload-row.ts";
import { workThrough } from "./work-through.ts";

export interface BatchDeskOptions
  extends RecordPorts,
    Pick<RunPorts, "root" | "sealKey" | "onRecord" | "tellEnd" | "log"> {
  readonly trids: () => readonly string[];
  readonly digests: Digests;
  /** Results of finished batches are kept for so long. */
  readonly keepMs: number;
}

/** A card of a batch, or why it is none. */
export type BatchCard = StoredCard | { readonly requestorRef: string; readonly fault: ErrorCode };

export interface BatchCall {
  readonly trid: string;
  /** Whose the key is. */
  readonly client: string;
  readonly idempotencyKey: string;
  readonly cards: readonly BatchCard[];
}

export interface BatchTaken {
  readonly status: RunStatus;
  /** True where the batch was there already. */
  readonly repeated: boolean;
}

/** Batches of one requestor that wait. */
const waitingMax = 64;
const rowBytes = 1_024;
const rowsAtOnce = 64;
const statusEveryMs = 1_000;
const faultPauseMs = 5_000;
const filesOf = ["rows", "intents", "results"] as const;

export class BatchDesk {
  readonly #options: BatchDeskOptions;
  /** Unfinished ones, the oldest first. */
  #waiting: RunStatus[] = [];
  #wake: (() => void) | undefined;
  #done: Promise<void> = Promise.resolve();

  constructor(options: BatchDeskOptions) {
    this.#options = options;
  }

  /** Reads what is there, and goes on with what was cut off. */
  start(): void {
    for (const trid of this.#options.trids()) {
      makeFolders(this.#options.root, trid);
      this.#waiting.push(...this.#unfinished(trid));
      this.#forget(trid);
    }
    this.#waiting.sort((one, other) => one.startedAt.localeCompare(other.startedAt));
    this.#done = this.#loop();
  }

  /** Ends where it stands; `stopping` of the ports must be true by then. */
  async stop(): Promise<void> {
    this.#wake?.();
    await this.#done;
  }

  /**
   * The batch is on the disk when this returns. Errors: IDEMPOTENCY_KEY_REUSED, OVERLOADED,
   * SERVICE_UNAVAILABLE.
   */
  take(call: BatchCall): BatchTaken {
    const { digests, stopping } = this.#options;
    const { trid, client, idempotencyKey, cards } = call;
    if (stopping()) throw appError("SERVICE_UNAVAILABLE", "The service stops.");
    const { hex, id } = digests.ofBatch(
      trid,
      cards.map((card) => this.#digestOf(card)),
    );
    const key = digests.ofKey("batch", trid, client, idempotencyKey);
    const before = this.#batchOf(trid, key);
    if (before !== undefined && before !== id) {
      throw appError("IDEMPOTENCY_KEY_REUSED", "The idempotency key came with another batch.");
    }
    const known = this.status(trid, id);
    const status = known ?? this.#write(trid, id, hex, cards);
    if (before === undefined) writeWhole(join(this.#folder(trid, "keys"), key), id);
    return { status, repeated: known !== undefined };
  }

  /** Undefined where the requestor has no such batch. */
  status(trid: string, id: string): RunStatus | undefined {
    const status = /^mig_[a-p]{32}$/.test(id)
      ? readStatus(join(this.#folder(trid, "batches"), id))
      : undefined;
    return status?.trid === trid ? status : undefined;
  }

  /** Of a finished batch, in the order of its cards. */
  results({ trid, run, records }: RunStatus): RecordResult[] {
    const { sealKey } = this.#options;
    const path = join(this.#folder(trid, "batches"), run, "results");
    const results = new ResultFile({ path, sealKey, run });
    try {
      return Array.from({ length: records }, (_, i) => resultOf(results.line(i + 1)));
    } finally {
      results.close();
    }
  }

  #digestOf(card: BatchCard): string {
    if ("fault" in card) return `${card.requestorRef} ${card.fault}`;
    return this.#options.digests.ofCard(card);
  }

  #folder(trid: string, name: "batches" | "keys"): string {
    return folderOf(this.#options.root, trid, name);
  }

  #batchOf(trid: string, key: string): string | undefined {
    const path = join(this.#folder(trid, "keys"), key);
    return existsSync(path) ? readFileSync(path, "latin1") : undefined;
  }

  /** The whole batch appears under its name at once, or not at all. */
  #write(trid: string, id: string, sha256: string, cards: readonly BatchCard[]): RunStatus {
    const { clock, reached } = this.#options;
    if (this.#waiting.filter((one) => one.trid === trid).length >= waitingMax) {
      throw appError("OVERLOADED", "Too many batches wait.", { retryAfterMs: 10_000 });
    }
    const folder = join(this.#folder(trid, "batches"), id);
    const part = `${folder}.part`;
    rmSync(part, { recursive: true, force: true });
    mkdirSync(part, { mode: 0o700 });
    const { rows, results, close } = this.#openFiles(trid, id, part);
    for (const [at, card] of cards.entries()) putCard(rows, results, at + 1, card);
    rows.sync();
    results.sync();
    close();
    const startedAt = new Date(clock.nowMs()).toISOString();
    const about = { run: id, trid, stem: id, sha256, records: cards.length, startedAt };
    const status: RunStatus = { ...about, state: "RUNNING", counts: noCounts };
    writeStatus(part, status);
    renameSync(part, folder);
    syncFolder(this.#folder(trid, "batches"));
    this.#waiting.push(status);
    this.#wake?.();
    reached("taken");
    return status;
  }

  async #loop(): Promise<void> {
    const { log, stopping } = this.#options;
    while (!stopping()) {
      const [status] = this.#waiting;
      if (status === undefined) {
        await this.#pause();
        continue;
      }
      try {
        await this.#work(status);
        this.#waiting = this.#waiting.filter((one) => one !== status);
      } catch (err) {
        if (err instanceof RunStopped) continue;
        log.error({ event: "migrate.fault", err }, "a batch cannot go on; it is tried again");
        await this.#pause(faultPauseMs);
      }
    }
  }

  async #work(status: RunStatus): Promise<void> {
    const { clock, log, reached, tellEnd } = this.#options;
    const { trid, run } = status;
    const folder = join(this.#folder(trid, "batches"), run);
    const counts = await this.#runRecords(folder, status);
    const done: RunStatus = { ...status, state: "DONE", counts };
    reached("written");
    await tellEnd(done);
    reached("told");
    for (const file of ["rows", "intents"]) shred(join(folder, file));
    writeStatus(folder, { ...done, finishedAt: new Date(clock.nowMs()).toISOString() });
    reached("closed");
    log.info({ event: "migrate.finished", run, trid, ...counts }, "a batch is done");
    this.#forget(trid);
  }

  async #runRecords(folder: string, status: RunStatus): Promise<Record<RecordStatus, number>> {
    const { trid, run, sha256 = "", records } = status;
    const { rows, intents, results, close } = this.#openFiles(trid, run);
    const counts = countResults(results, records);
    const show = () => writeStatus(folder, { ...status, counts });
    const work = new Records(this.#options, { intents, results }, { trid, sha256 }, (came) => {
      counts[came] += 1;
      this.#options.onRecord(came);
    });
    const timer = setInterval(show, statusEveryMs);
    try {
      await workThrough(this.#options, work, results, rowsIn(rows, results, records));
      results.sync();
      return counts;
    } finally {
      clearInterval(timer);
      close();
    }
  }

  #openFiles(trid: string, run: string, folder = join(this.#folder(trid, "batches"), run)) {
    const { sealKey } = this.#options;
    const [rowsPath, intentsPath, path] = filesOf.map((name) => join(folder, name)) as Paths;
    const slots = { path: rowsPath, sealKey, name: `${run} row`, slotBytes: rowBytes };
    const rows = new SealedSlots(slots);
    const intents = new IntentFile(intentsPath);
    const results = new ResultFile({ path, sealKey, run });
    const close = (): void => {
      for (const file of [rows, intents, results]) file.close();
    };
    return { rows, intents, results, close };
  }

  #unfinished(trid: string): RunStatus[] {
    const folder = this.#folder(trid, "batches");
    return namesIn(folder).flatMap((name) => {
      const status = readStatus(join(folder, name));
      if (name.endsWith(".part")) rmSync(join(folder, name), { recursive: true, force: true });
      const isOpen = status !== undefined && status.finishedAt === undefined;
      return isOpen && !name.endsWith(".part") ? [status] : [];
    });
  }

  #forget(trid: string): void {
    const { clock, keepMs } = this.#options;
    for (const name of ["batches", "keys"] as const) {
      const folder = this.#folder(trid, name);
      for (const entry of namesIn(folder)) {
        const path = join(folder, entry);
        if (name === "batches" && readStatus(path)?.finishedAt === undefined) continue;
        if (clock.nowMs() - statSync(path).mtimeMs < keepMs) continue;
        rmSync(path, { recursive: true, force: true });
      }
    }
  }

  #pause(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#options.stopping()) this.#wake();
    });
  }
}

type Paths = [string, string, string];

/** A card that could not be read has its result at once; its row stays empty. */
function putCard(rows: SealedSlots, results: ResultFile, recordNo: number, card: BatchCard): void {
  if ("fault" in card) {
    const { requestorRef, fault: reason } = card;
    const line = failedLine({ recordNo, requestorRef, status: "INVALID", reason });
    results.put(recordNo, "INVALID", line);
    return;
  }
  const row = rowOf(recordNo, card);
  rows.put(recordNo, 1, row);
  row.fill(0);
}

async function* rowsIn(
  rows: SealedSlots,
  results: ResultFile,
  records: number,
): AsyncGenerator<Buffer[]> {
  for (let from = 1; from <= records; from += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, records - from + 1);
    yield Array.from({ length: count }, (_, i) => {
      const recordNo = from + i;
      return results.status(recordNo) === undefined ? rows.text(recordNo) : Buffer.alloc(0);
    });
  }
}

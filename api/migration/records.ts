// The records of one file, many at a time: judged, checked with the issuer, tokenised, written
// down. Each step is on the disk before the next one may have an effect, so that a run that was
// cut off anywhere goes on where it stood:
//
//   intent     before the pre-authorisation may leave; found without an outcome, the same message
//              goes once more as a repeat, or, where it is old, is taken back unasked
//   reversal   in store and forward before the outcome counts
//   token      under a command id made of the file's hash and the record's number
//   result     last
import { type Clock, isAppError } from "../../platform/mod.ts";
import type { MadeToken, MigrationCards } from "./cards.ts";
import { tokenDigits } from "./cards.ts";
import type { IntentFile, RecordStatus, ResultFile } from "./checkpoints.ts";
import { GroupCommit } from "./group-commit.ts";
import { type IssuerLine, noAnswer } from "./issuer-line.ts";
import type { Pace } from "./pace.ts";
import { type PreAuth, rrnOf } from "./pre-auth.ts";
import { failedLine, tokenLine } from "./result-row.ts";
import { judgeRow, type UploadRow } from "./upload-row.ts";

/** Where a run may be cut off; tests cut it off at each. */
export type RunStep =
  | "taken"
  | "checked"
  | "intended"
  | "asked"
  | "reversed"
  | "settled"
  | "provisioned"
  | "recorded"
  | "written"
  | "kept"
  | "published"
  | "acknowledged"
  | "told"
  | "closed";

export interface RecordPorts {
  readonly cards: MigrationCards;
  readonly line: IssuerLine;
  readonly pace: Pace;
  /** A number for the next pre-authorisation, 1 to 999,999. */
  readonly nextStan: () => number;
  readonly clock: Clock;
  /** Called behind each step. */
  readonly reached: (step: RunStep) => void;
  /** True: nothing new is begun. */
  readonly stopping: () => boolean;
}

export interface RecordFiles {
  readonly intents: IntentFile;
  readonly results: ResultFile;
}

/** A message may be repeated for as long as any host still knows the first one. */
const repeatForSeconds = 600;
/** Outcome of a pre-authorisation that is too old to be repeated. */
const outcomeLost = "??";
/** Approved; no reason to decline. */
const approvals = new Set(["00", "85"]);
/** Nobody could be asked: inoperative, no route, malfunction, late, re-enter, in progress. */
const unavailable = new Set(["91", "92", "96", "68", "19", "09"]);

/** Thrown where a run ends before a record does; the record is left for the next run. */
export class RunStopped extends Error {
  constructor() {
    super("the run was stopped");
    this.name = "RunStopped";
  }
}

export class Records {
  readonly #ports: RecordPorts;
  readonly #files: RecordFiles;
  readonly #file: { readonly trid: string; readonly sha256: string };
  readonly #onResult: (status: RecordStatus) => void;
  readonly #intended: GroupCommit<void>;

  constructor(
    ports: RecordPorts,
    files: RecordFiles,
    file: { readonly trid: string; readonly sha256: string },
    onResult: (status: RecordStatus) => void,
  ) {
    this.#ports = ports;
    this.#files = files;
    this.#file = file;
    this.#onResult = onResult;
    this.#intended = new GroupCommit(() => files.intents.sync());
  }

  /**
   * Takes one record to its result. The line is read before this returns its promise. Errors:
   * RunStopped; those of the system.
   */
  work(recordNo: number, line: Buffer): Promise<void> {
    const judged = judgeRow(line, recordNo);
    line.fill(0);
    if (judged.ok) return this.#settle(recordNo, judged.row);
    this.#fail(recordNo, judged.requestorRef, "INVALID", judged.fault);
    return Promise.resolve();
  }

  async #settle(recordNo: number, row: UploadRow): Promise<void> {
    const { requestorRef } = row;
    const { cards, reached } = this.#ports;
    const { intents } = this.#files;
    // What was sent once is seen through, whatever the registry says by now.
    if (intents.get(recordNo) === undefined) {
      const eligible = cards.judge(this.#file.trid, row);
      if (!eligible.ok) return this.#fail(recordNo, requestorRef, "NOT_ELIGIBLE", eligible.code);
      await this.#intend(recordNo, eligible.issuer);
    }
    const code = intents.outcome(recordNo) ?? (await this.#ask(recordNo, row));
    if (code === noAnswer) return this.#fail(recordNo, requestorRef, "ERROR", "ISSUER_TIMEOUT");
    if (code === outcomeLost) return this.#fail(recordNo, requestorRef, "ERROR", "OUTCOME_UNKNOWN");
    if (unavailable.has(code)) {
      return this.#fail(recordNo, requestorRef, "ERROR", `ISSUER_${code}`);
    }
    if (!approvals.has(code)) {
      return this.#fail(recordNo, requestorRef, "DECLINED", `ISSUER_${code}`);
    }
    try {
      const key = `${this.#file.sha256}:${recordNo}`;
      const made = await cards.provision(key, this.#file.trid, row);
      reached("provisioned");
      this.#succeed(recordNo, requestorRef, made);
    } catch (error) {
      if (!isAppError(error)) throw error;
      const status = error.kind === "refused" ? "NOT_ELIGIBLE" : "ERROR";
      this.#fail(recordNo, requestorRef, status, error.code);
    }
  }

  async #intend(recordNo: number, issuer: number): Promise<void> {
    const { pace, line, clock, nextStan, reached, stopping } = this.#ports;
    const waitMs = pace.take(issuer);
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (!(await line.ready()) || stopping()) throw new RunStopped();
    const seconds = Math.floor(clock.nowMs() / 1_000);
    this.#files.intents.put(recordNo, { stan: nextStan(), seconds });
    await this.#intended.add();
    reached("intended");
    this.#fresh.add(recordNo);
  }

  /** Records whose intent this run wrote: their message was not sent before. */
  readonly #fresh = new Set<number>();

  async #ask(recordNo: number, { pan, expiry }: UploadRow): Promise<string> {
    const { line, clock, reached, stopping } = this.#ports;
    const { intents } = this.#files;
    const { trid, sha256 } = this.#file;
    const intent = intents.get(recordNo)!;
    const auth: PreAuth = { ...intent, pan, expiry, trid, rrn: rrnOf(sha256, recordNo) };
    const isRepeat = !this.#fresh.delete(recordNo);
    const isOld = clock.nowMs() / 1_000 - intent.seconds > repeatForSeconds;
    const code = isRepeat && isOld ? outcomeLost : await line.check(auth, isRepeat);
    reached("asked");
    // No answer because we end: the next run repeats the message.
    if (code === noAnswer && stopping()) throw new RunStopped();
    if (approvals.has(code) || code === noAnswer || code === outcomeLost) {
      await line.keepReversal(auth);
      reached("reversed");
    }
    intents.putOutcome(recordNo, code);
    reached("settled");
    return code;
  }

  #succeed(recordNo: number, requestorRef: string, { token, reused }: MadeToken): void {
    const status = reused ? "DUPLICATE" : "TOKENISED";
    const line = tokenLine({
      recordNo,
      requestorRef,
      status,
      tokenRef: token.ref,
      tpan: tokenDigits(token.tpan),
      tpanExpiry: token.expiry,
      par: token.par ?? "",
      last4: token.pan.mask().slice(-4),
      reused,
    });
    this.#record(recordNo, status, line);
  }

  #fail(recordNo: number, requestorRef: string, status: RecordStatus, reason: string): void {
    this.#record(recordNo, status, failedLine({ recordNo, requestorRef, status, reason }));
  }

  #record(recordNo: number, status: RecordStatus, line: string): void {
    this.#files.results.put(recordNo, status, line);
    this.#ports.reached("recorded");
    this.#onResult(status);
  }
}

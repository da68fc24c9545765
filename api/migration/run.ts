// One uploaded file from its taking to its acknowledgement. It may be called again for the same
// folder at any time and goes on from what is there; what was published is published once more.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "../../platform/mod.ts";
import { countResults, IntentFile, type RecordStatus, ResultFile } from "./checkpoints.ts";
import { ackNameOf, resultNameOf, uploadNameOf } from "./file-name.ts";
import { folderOf, share, shred, writeWhole } from "./folders.ts";
import { openUpload, type RequestorKey, type ServiceKey, writeSealed } from "./pgp.ts";
import { type RecordPorts, Records } from "./records.ts";
import { ackText, resultHeader } from "./result-row.ts";
import { listRuns, noCounts, type RunStatus, writeStatus } from "./status.ts";
import { UploadError, uploadRows } from "./upload-stream.ts";
import { workThrough } from "./work-through.ts";

export interface RunPorts extends RecordPorts {
  readonly root: string;
  readonly key: ServiceKey;
  /** 64 bytes, AES-SIV, for what is known of records. */
  readonly sealKey: Buffer;
  /** Undefined for a TRID that may not migrate. */
  readonly requestorKey: (trid: string) => RequestorKey | undefined;
  readonly onRecord: (status: RecordStatus) => void;
  readonly onFile: (outcome: "done" | "again" | "refused") => void;
  /** Resolves when the requestor is going to be told; may be called again for the same run. */
  readonly tellEnd: (status: RunStatus) => Promise<void>;
  readonly log: Logger;
}

const statusEveryMs = 1_000;
/** Lines that are opened between two looks at anything else. */
const linesAtOnce = 256;

export class MigrationRun {
  readonly #ports: RunPorts;
  readonly #folder: string;
  #status: RunStatus;

  constructor(ports: RunPorts, status: RunStatus) {
    this.#ports = ports;
    this.#status = status;
    this.#folder = join(folderOf(ports.root, status.trid, "runs"), status.run);
  }

  get status(): RunStatus {
    return this.#status;
  }

  /** Errors: RunStopped where it was stopped, those of the system; then it may be called again. */
  async work(): Promise<void> {
    try {
      if (this.#status.state === "CHECKING") await this.#check();
      if (this.#status.state === "RUNNING") await this.#runRecords();
      if (this.#status.state === "WRITING") await this.#write();
    } catch (error) {
      if (!(error instanceof UploadError)) throw error;
      this.#change({ state: "REFUSED", refused: error.code });
    }
    await this.#finish();
  }

  async #check(): Promise<void> {
    const { key, requestorKey, cards, root, reached } = this.#ports;
    const { trid } = this.#status;
    if (requestorKey(trid) === undefined || !cards.mayMigrate(trid)) {
      throw new UploadError("REQUESTOR_NOT_ALLOWED");
    }
    const rows = uploadRows(openUpload(this.#path("upload.pgp"), key));
    let next = await rows.next();
    while (!next.done) {
      for (const line of next.value) line.fill(0);
      next = await rows.next();
    }
    const { sha256, rows: records } = next.value;
    reached("checked");
    const again = existsSync(keptPath(root, trid, sha256));
    const { counts = noCounts } = (again ? this.#before(sha256) : undefined) ?? {};
    this.#change({ state: again ? "WRITING" : "RUNNING", sha256, records, again, counts });
  }

  /** The run that made the result of these rows. */
  #before(sha256: string): RunStatus | undefined {
    const { root } = this.#ports;
    return listRuns(root, this.#status.trid).find((one) => {
      return one.sha256 === sha256 && one.state === "DONE";
    });
  }

  async #runRecords(): Promise<void> {
    const { key, onRecord } = this.#ports;
    const { trid, sha256 = "", records } = this.#status;
    const files = this.#openFiles();
    const counts = countResults(files.results, records);
    const work = new Records(this.#ports, files, { trid, sha256 }, (status) => {
      counts[status] += 1;
      onRecord(status);
    });
    const show = () => this.#change({ counts: { ...counts } });
    const timer = setInterval(show, statusEveryMs);
    try {
      const rows = uploadRows(openUpload(this.#path("upload.pgp"), key));
      await workThrough(this.#ports, work, files.results, rows);
      files.results.sync();
    } finally {
      clearInterval(timer);
      files.intents.close();
      files.results.close();
      show();
    }
    this.#change({ state: "WRITING" });
  }

  async #write(): Promise<void> {
    const { root, requestorKey, reached } = this.#ports;
    const { trid, sha256 = "", stem, records } = this.#status;
    const kept = keptPath(root, trid, sha256);
    if (!existsSync(kept)) {
      const to = requestorKey(trid);
      if (to === undefined) throw new UploadError("REQUESTOR_NOT_ALLOWED");
      const files = this.#openFiles();
      const part = this.#path("result.pgp");
      rmSync(part, { force: true });
      await writeSealed(part, resultLines(files.results, records), to);
      files.intents.close();
      files.results.close();
      reached("written");
      share(part, kept);
      reached("kept");
    }
    share(kept, join(folderOf(root, trid, "out"), resultNameOf(stem)));
    reached("published");
    this.#change({ state: "DONE" });
  }

  /** The acknowledgement, then everything that is not needed any more goes. */
  async #finish(): Promise<void> {
    const { root, reached, log, onFile, tellEnd } = this.#ports;
    const { trid, stem, state, again } = this.#status;
    const { run, refused, records, counts } = this.#status;
    const name = uploadNameOf(stem);
    writeWhole(join(folderOf(root, trid, "out"), ackNameOf(stem)), ackText(name, this.#status));
    reached("acknowledged");
    await tellEnd(this.#status);
    reached("told");
    for (const file of ["upload.pgp", "intents", "results"]) shred(this.#path(file));
    rmSync(this.#path("result.pgp"), { force: true });
    this.#change({ finishedAt: new Date(this.#ports.clock.nowMs()).toISOString() });
    reached("closed");
    onFile(state === "REFUSED" ? "refused" : again === true ? "again" : "done");
    log.info({ event: "migrate.finished", run, trid, state, refused, records, ...counts }, "done");
  }

  #openFiles() {
    const { run } = this.#status;
    const { sealKey } = this.#ports;
    return {
      intents: new IntentFile(this.#path("intents")),
      results: new ResultFile({ path: this.#path("results"), sealKey, run }),
    };
  }

  #change(change: Partial<RunStatus>): void {
    this.#status = { ...this.#status, ...change };
    writeStatus(this.#folder, this.#status);
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

function keptPath(root: string, trid: string, sha256: string): string {
  return join(folderOf(root, trid, "kept"), `${sha256}.csv.pgp`);
}

async function* resultLines(results: ResultFile, records: number): AsyncGenerator<string> {
  yield resultHeader;
  for (let from = 1; from <= records; from += linesAtOnce) {
    const count = Math.min(linesAtOnce, records - from + 1);
    yield Array.from({ length: count }, (_, i) => results.line(from + i)).join("");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

// Calls with one card each, some thousands in one folder: what was asked, what was sent, what came
// of it, a slot a call in each of three files. A segment takes calls on one day only, and goes as a
// whole when the last of them is old.
//
// The slot of a call holds the digests of its key and of its content, and while it is open its row:
// a call that was cut off is seen through without whoever made it.
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { IntentFile, type RecordStatus, ResultFile } from "./checkpoints.ts";
import { GroupCommit } from "./group-commit.ts";
import { type RecordPorts, Records } from "./records.ts";
import { SealedSlots } from "./sealed-slots.ts";

export interface SegmentOptions {
  readonly folder: string;
  readonly trid: string;
  /** Unique among all segments, for good. */
  readonly name: string;
  readonly sealKey: Buffer;
  readonly ports: RecordPorts;
  readonly onRecord: (status: RecordStatus) => void;
}

/** Two digests of 32 letters, and a row of at most some 500 bytes. */
const callBytes = 1_024;
const digestLetters = 32;
const mark = { open: 1, settled: 2 } as const;

/** Calls that one segment takes. */
export const callsPerSegment = 10_000;

export interface KnownCall {
  readonly recordNo: number;
  readonly key: string;
  readonly content: string;
  readonly isOpen: boolean;
}

export class CardSegment {
  readonly name: string;
  readonly trid: string;
  readonly #calls: SealedSlots;
  readonly #intents: IntentFile;
  readonly #results: ResultFile;
  readonly #records: Records;
  readonly #taken: GroupCommit<void>;
  readonly #settled: GroupCommit<void>;
  #count = 0;

  constructor({ folder, trid, name, sealKey, ports, onRecord }: SegmentOptions) {
    this.name = name;
    this.trid = trid;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = (file: string): string => join(folder, file);
    const calls = { path: path("calls"), sealKey, name: `${name} call`, slotBytes: callBytes };
    this.#calls = new SealedSlots(calls);
    this.#intents = new IntentFile(path("intents"));
    this.#results = new ResultFile({ path: path("results"), sealKey, run: name });
    const sha256 = createHash("sha256").update(`${trid}\0${name}`).digest("hex");
    const files = { intents: this.#intents, results: this.#results };
    this.#records = new Records(ports, files, { trid, sha256 }, onRecord);
    this.#taken = new GroupCommit(() => this.#calls.sync());
    this.#settled = new GroupCommit(() => this.#results.sync());
  }

  get isFull(): boolean {
    return this.#count >= callsPerSegment;
  }

  /** Reads the calls that are there. */
  known(): KnownCall[] {
    const calls: KnownCall[] = [];
    this.#count = this.#calls.count;
    for (let recordNo = 1; recordNo <= this.#count; recordNo++) {
      const found = this.#calls.mark(recordNo);
      // It was cut off while it was written: nothing was done for it.
      if (found === undefined) continue;
      const text = this.#calls.text(recordNo).toString("latin1", 0, 2 * digestLetters);
      const key = text.slice(0, digestLetters);
      const content = text.slice(digestLetters);
      calls.push({ recordNo, key, content, isOpen: found === mark.open });
    }
    return calls;
  }

  /** Number of the next call, whose place is then its own. */
  next(): number {
    this.#count += 1;
    return this.#count;
  }

  /** Resolves when the call is on the disk; nothing may be done for it before. Wipes the row. */
  take(recordNo: number, key: string, content: string, row: Buffer): Promise<void> {
    const text = Buffer.concat([Buffer.from(key + content, "latin1"), row]);
    row.fill(0);
    this.#calls.put(recordNo, mark.open, text);
    text.fill(0);
    return this.#taken.add();
  }

  /** Sees a call through; resolves when what came of it is on the disk. May be called again. */
  async work(recordNo: number): Promise<void> {
    const text = this.#calls.text(recordNo);
    if (this.#results.status(recordNo) === undefined) {
      await this.#records.work(recordNo, text.subarray(2 * digestLetters));
    }
    text.fill(0, 2 * digestLetters);
    await this.#settled.add();
    // The card goes; who asked for what is known as long as the segment is.
    this.#calls.put(recordNo, mark.settled, text.subarray(0, 2 * digestLetters));
  }

  /** The call's line. */
  line(recordNo: number): string {
    return this.#results.line(recordNo);
  }

  close(): void {
    this.#calls.close();
    this.#intents.close();
    this.#results.close();
  }
}

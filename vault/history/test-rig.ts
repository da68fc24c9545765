// A history over journals that a test writes, with sinks that remember what they were told.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock, type ManualClock } from "../../platform/mod.ts";
import type { AuditSource } from "../audit/trail.ts";
import { JournalWriter } from "../journal/journal-writer.ts";
import { de90Of, putRow, type RowFields, testIndex, testTrid } from "../journal/test-rows.ts";
import { testRing } from "../test-vault.ts";
import { History, type HistoryOptions } from "./history.ts";
import type { Original } from "./original-record.ts";
import type { OriginalQuery } from "./originals.ts";
import type { HistorySinks } from "./ports.ts";

const ring = testRing();

/** Keys of a test vault, and no acts. */
export const audit: AuditSource = {
  ring: () => ring,
  acts: { last: () => 0, after: () => [] },
};

export class MemorySinks implements HistorySinks {
  readonly calls: string[] = [];
  broken = false;

  readonly agreements = {
    put: (key: Buffer, { types, createdAt }: { types: number; createdAt: number }): void => {
      this.calls.push(
        `put ${key.toString("latin1", 44).replaceAll("\0", "")} ${types} ${createdAt}`,
      );
    },
    touch: (_key: Buffer, at: number): void => {
      this.calls.push(`touch ${at}`);
    },
    revoke: (_key: Buffer, createdAt: number, at: number): void => {
      this.calls.push(`revoke ${createdAt} ${at}`);
    },
  };

  readonly flags = {
    flag: (index: Buffer, until: number): void => {
      this.calls.push(`flag ${index.readUInt32BE(12)} ${until}`);
    },
  };

  readonly batch = <T>(work: () => T): T => {
    if (this.broken) throw new Error("the vault cannot be written");
    return work();
  };
}

export class HistoryRig {
  readonly dir = mkdtempSync(join(tmpdir(), "pantun-history-"));
  readonly clock: ManualClock = createManualClock();
  readonly sinks = new MemorySinks();
  readonly #histories: History[] = [];
  readonly #writers = new Map<string, JournalWriter>();

  get nowMs(): number {
    return this.clock.nowMs();
  }

  get now(): number {
    return Math.floor(this.nowMs / 1_000);
  }

  history(more: Pick<HistoryOptions, "watch"> = {}): History {
    const { dir, clock, sinks } = this;
    const own = { dir, clock, sinks, audit, mapSizeBytes: 64 * 1024 ** 2 };
    const history = History.open({ ...own, ...more });
    this.#histories.push(history);
    return history;
  }

  writer(name = "w0"): JournalWriter {
    const { dir, clock } = this;
    let writer = this.#writers.get(name);
    if (writer === undefined) {
      writer = JournalWriter.open({ dir, name, clock, rowsMax: 64 });
      this.#writers.set(name, writer);
    }
    return writer;
  }

  append(name: string, ...rows: readonly RowFields[]): void {
    const writer = this.writer(name);
    rows.forEach((fields, row) => {
      putRow(writer.rows, row, fields);
    });
    writer.append(rows.length);
  }

  queryOf(fields: RowFields, changes: Partial<OriginalQuery> = {}): OriginalQuery {
    return {
      index: testIndex(fields.token ?? 1),
      de90: Buffer.from(de90Of(fields), "latin1"),
      trid: testTrid,
      de42: Buffer.from("MERCHANT0000001", "latin1"),
      ...changes,
    };
  }

  get(history: History, fields: RowFields): Original {
    const found = history.findOriginal(this.queryOf(fields));
    if (found === undefined) throw new Error("no original");
    return found;
  }

  async close(): Promise<void> {
    for (const writer of this.#writers.values()) writer.close();
    await Promise.all(this.#histories.map((history) => history.close()));
    rmSync(this.dir, { recursive: true, force: true });
  }
}

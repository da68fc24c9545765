// A process that appends to a journal or folds journals, forked by tests: argv 2 is its order.
import { systemClock } from "../../platform/mod.ts";
import { History } from "../../vault/history/mod.ts";
import { audit } from "../../vault/history/test-rig.ts";
import { beginRow, JournalWriter, rowAt, rowBytes, rowKind } from "../../vault/journal/mod.ts";

export interface AppendOrder {
  readonly do: "append";
  readonly dir: string;
  readonly name: string;
  /** First verification number; two writers have numbers far apart. */
  readonly from: number;
  /** Batches to append; reports each of them. */
  readonly batches: number;
  readonly rowsPerBatch: number;
}

export interface FoldOrder {
  readonly do: "fold";
  readonly dir: string;
  /** Folds until this long nothing new came. */
  readonly idleMs: number;
}

export type Order = AppendOrder | FoldOrder;

/** Rows that were appended, or read by folds. */
export interface Progress {
  readonly rows: number;
  readonly agreements?: number;
}

function report(progress: Progress): void {
  process.send?.(progress);
}

async function append(order: AppendOrder): Promise<void> {
  const journal = JournalWriter.open({ dir: order.dir, name: order.name, clock: systemClock });
  let next = order.from;
  for (let batch = 0; batch < order.batches; batch++) {
    for (let row = 0; row < order.rowsPerBatch; row++) {
      const at = row * rowBytes;
      beginRow(journal.rows, at, rowKind.verification);
      journal.rows.writeDoubleLE(systemClock.nowMs(), at + rowAt.timeMs);
      journal.rows.writeUInt32BE(next++, at + rowAt.verificationId + 12);
      journal.rows.fill(0xa0, at + rowAt.index, at + rowAt.index + 16);
      journal.rows.writeUInt16LE(0x0100, at + rowAt.mti);
      journal.rows.writeUInt16LE(1006, at + rowAt.reason);
    }
    journal.append(order.rowsPerBatch);
    report({ rows: next - order.from });
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function fold(order: FoldOrder): Promise<void> {
  const nothing = (): void => {};
  const history = History.open({
    dir: order.dir,
    clock: systemClock,
    mapSizeBytes: 256 * 1024 ** 2,
    audit,
    sinks: {
      agreements: { put: nothing, touch: nothing, revoke: nothing },
      flags: { flag: nothing },
      batch: (work) => work(),
    },
  });
  report({ rows: 0 });
  let rows = 0;
  for (let lastMs = systemClock.monotonicMs(); ; ) {
    const read = history.fold();
    rows += read;
    if (read > 0) lastMs = systemClock.monotonicMs();
    if (systemClock.monotonicMs() - lastMs > order.idleMs) break;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  report({ rows });
  await history.close();
  process.disconnect?.();
}

const order = JSON.parse(process.argv[2]!) as Order;
await (order.do === "append" ? append(order) : fold(order));

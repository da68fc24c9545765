// The history's LMDB environment, `<vault>/history/`, and its tables. Every value but those of
// `meta`, `cursors` and `audit` begins with the Unix second until which it is kept (u32
// little-endian), so that one sweep serves them all.
import { join } from "node:path";
import { appError } from "../../platform/mod.ts";
import { DiskRoom } from "../store/disk-room.ts";
import { type Environment, openEnvironment, type Table } from "../store/environment.ts";

export const daySeconds = 86_400;

/** 18 months: what a reversal, a completion, a refund or an analyst may still ask for. */
export const keepSeconds = 548 * daySeconds;

/** Longer than a journal waits to be read: until then the first of a repetition may come. */
export const earlyKeepSeconds = 14 * daySeconds;

/** Advices are stored and forwarded by the switch for days, not for months. */
export const adviceKeepSeconds = 30 * daySeconds;

/** A PTAV lives at most a day; its issue may be read a little later than its failure. */
export const issueKeepSeconds = 2 * daySeconds;

/** Kept free in the data file beyond what a transaction needs. */
const headroomBytes = 2 * 1024 ** 2;

/** Layout of the history; one with another number is refused. 1 kept an event and an original. */
const historyLayout = 2;

export interface HistoryTables {
  readonly env: Environment;
  /** Null where the history is only read. */
  readonly room: DiskRoom | null;
  /** Layout, and where the last fold ended. */
  readonly meta: Table;
  /** Segment file name -> how far it has been read. */
  readonly cursors: Table;
  /** Block number -> sixteen records, each a token's event and perhaps an original. */
  readonly records: Table;
  /** Second of a message -> records. */
  readonly seconds: Table;
  /** Run, token word -> records. */
  readonly runs: Table;
  /** Run -> how many records, and of what time. */
  readonly runList: Table;
  /** `originalKey` -> what became of an original. */
  readonly states: Table;
  /** Refund's verification id -> what it took of which original. */
  readonly refunds: Table;
  /** Issued PTAV -> the record of a failed check whose issue was not known yet. */
  readonly unexplained: Table;
  /** Token index -> times of its latest failed PTAV checks. */
  readonly failures: Table;
  /** Verification id of a CIT -> the agreement it set up. */
  readonly setups: Table;
  /** Verification id that an advice names -> the issuer's DE39, where it declined. */
  readonly advices: Table;
  /** Verification id and kind of a repetition that was read before the first. */
  readonly early: Table;
  /** Blocks of the audit chain; see vault/audit/. */
  readonly audit: Table;
}

export type SweptTable = Exclude<
  keyof HistoryTables,
  "env" | "room" | "meta" | "cursors" | "audit"
>;

/** All tables whose values say until when they are kept. */
export const sweptTables: readonly SweptTable[] = [
  "records",
  "seconds",
  "runs",
  "runList",
  "states",
  "refunds",
  "unexplained",
  "failures",
  "setups",
  "advices",
  "early",
];

/** Errors: VAULT_NOT_FOUND when read-only and absent, VAULT_CORRUPT, VAULT_TOO_NEW, DISK_FULL. */
export function openHistoryTables(options: {
  readonly dir: string;
  readonly mapSizeBytes: number;
  readonly readOnly: boolean;
}): HistoryTables {
  const env = openEnvironment({
    path: join(options.dir, "history"),
    mapSizeBytes: options.mapSizeBytes,
    readOnly: options.readOnly,
    create: true,
  });
  const tables: HistoryTables = {
    env,
    room: options.readOnly ? null : new DiskRoom(env.root, env.path, headroomBytes),
    meta: env.table("meta"),
    cursors: env.table("cursors"),
    records: env.table("records"),
    seconds: env.table("seconds"),
    runs: env.table("runs"),
    runList: env.table("runList"),
    states: env.table("states"),
    refunds: env.table("refunds"),
    unexplained: env.table("unexplained"),
    failures: env.table("failures"),
    setups: env.table("setups"),
    advices: env.table("advices"),
    early: env.table("early"),
    audit: env.table("audit"),
  };
  checkLayout(tables, options.readOnly);
  return tables;
}

const metaKey = { layout: Buffer.from("layout"), foldEnd: Buffer.from("fold.end") } as const;

function checkLayout(tables: HistoryTables, readOnly: boolean): void {
  const { env, meta, cursors } = tables;
  const check = (): boolean => {
    const value = meta.getBinary(metaKey.layout);
    const earlier = value === undefined && [...cursors.getKeys({ limit: 1 })].length > 0;
    const found = value?.readUInt32LE(0) ?? (earlier ? 1 : historyLayout);
    if (found > historyLayout) {
      const text = `has layout ${found}; this version knows ${historyLayout}`;
      throw appError("VAULT_TOO_NEW", `The history at ${env.path} ${text}.`);
    }
    if (found !== historyLayout) {
      throw appError("VAULT_CORRUPT", `The history at ${env.path} has layout ${found}.`);
    }
    return value !== undefined;
  };
  if (check() || readOnly) return;
  env.write(() => {
    if (check()) return;
    const value = Buffer.alloc(4);
    value.writeUInt32LE(historyLayout, 0);
    meta.putSync(metaKey.layout, value);
  });
}

/** Where the last committed fold ended. */
export interface FoldEnd {
  /** The number that the next block of records has; it never goes back, whatever is swept. */
  readonly nextBlock: number;
  /** Eight random bytes, by which a folder knows that the last fold was its own. */
  readonly stamp: Buffer;
}

const noStamp = Buffer.alloc(8);

export function readFoldEnd(tables: HistoryTables): FoldEnd {
  const value = tables.meta.getBinary(metaKey.foldEnd);
  if (value === undefined) return { nextBlock: 0, stamp: noStamp };
  return { nextBlock: value.readUIntLE(0, 6), stamp: value.subarray(6) };
}

export function writeFoldEnd(tables: HistoryTables, { nextBlock, stamp }: FoldEnd): void {
  const value = Buffer.alloc(14);
  value.writeUIntLE(nextBlock, 0, 6);
  stamp.copy(value, 6);
  tables.meta.putSync(metaKey.foldEnd, value);
}

/**
 * Of each row at most: a second of its own in the index, and two rare values. Records and runs take
 * a tenth of a page.
 */
const pagesPerRow = 4;
const pagesPerTransaction = 128;

/**
 * First act of every write transaction that changes so many rows. Errors: DISK_FULL, with nothing
 * changed.
 */
export function reserveRows(tables: HistoryTables, rows: number): void {
  tables.room?.ensure(rows * pagesPerRow + pagesPerTransaction);
}

/** The same for so many pages, and what LMDB needs to note them. */
export function reservePages(tables: HistoryTables, pages: number): void {
  tables.room?.ensure(pages + pagesPerTransaction);
}

/** Until when a value is kept; see above. */
export function keptUntil(value: Buffer): number {
  return value.readUInt32LE(0);
}

/** Unix seconds as the four bytes that they are stored in; a time past 2106 stays at the end. */
export function u32Seconds(seconds: number): number {
  return Math.min(0xffff_ffff, Math.max(0, Math.floor(seconds)));
}

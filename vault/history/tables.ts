// The history's LMDB environment, `<vault>/history/`, and its tables. Every value but a cursor
// begins with the Unix second until which it is kept (u32 little-endian), so that one sweep serves
// them all.
import { join } from "node:path";
import { DiskRoom } from "../store/disk-room.ts";
import { type Environment, openEnvironment, type Table } from "../store/environment.ts";

export const daySeconds = 86_400;

/** 18 months: what a reversal, a completion, a refund or an analyst may still ask for. */
export const keepSeconds = 548 * daySeconds;

/** Longer than any journal segment lives, so that a row that is read twice is known. */
export const seenKeepSeconds = 14 * daySeconds;

/** Advices are stored and forwarded by the switch for days, not for months. */
export const adviceKeepSeconds = 30 * daySeconds;

/** A PTAV lives at most a day; its failures may be journalled a little later. */
export const issueKeepSeconds = 2 * daySeconds;

/** Kept free in the data file beyond what a transaction needs. */
const headroomBytes = 2 * 1024 ** 2;

export interface HistoryTables {
  readonly env: Environment;
  /** Null where the history is only read. */
  readonly room: DiskRoom | null;
  /** Segment file name -> how far it has been read. */
  readonly cursors: Table;
  /** Verification id and kind -> seen. */
  readonly seen: Table;
  /** Token index, time, verification id, kind -> event. */
  readonly events: Table;
  /** `originalKey` -> original. */
  readonly originals: Table;
  /** Refund's verification id -> what it took of which original. */
  readonly refunds: Table;
  /** Token index, KVN, nonce, issuedAt -> what an issued PTAV was bound to. */
  readonly issues: Table;
  /** The same key -> the event of a failed check whose issue was not known yet. */
  readonly unexplained: Table;
  /** Token index -> times of its latest failed PTAV checks. */
  readonly failures: Table;
  /** Verification id of a CIT -> the agreement it set up. */
  readonly setups: Table;
  /** Verification id that an advice names -> the issuer's DE39. */
  readonly advices: Table;
}

export type SweptTable = Exclude<keyof HistoryTables, "env" | "room" | "cursors">;

/** All tables whose values say until when they are kept. */
export const sweptTables: readonly SweptTable[] = [
  "seen",
  "events",
  "originals",
  "refunds",
  "issues",
  "unexplained",
  "failures",
  "setups",
  "advices",
];

/** Errors: VAULT_NOT_FOUND when read-only and absent, VAULT_CORRUPT, DISK_FULL. */
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
  return {
    env,
    room: options.readOnly ? null : new DiskRoom(env.root, env.path, headroomBytes),
    cursors: env.table("cursors"),
    seen: env.table("seen"),
    events: env.table("events"),
    originals: env.table("originals"),
    refunds: env.table("refunds"),
    issues: env.table("issues"),
    unexplained: env.table("unexplained"),
    failures: env.table("failures"),
    setups: env.table("setups"),
    advices: env.table("advices"),
  };
}

/** A row touches four tables or so, in each a leaf that may split. */
const pagesPerRow = 4;
const pagesPerTransaction = 128;

/**
 * First act of every write transaction that changes so many rows. Errors: DISK_FULL, with nothing
 * changed.
 */
export function reserveRows(tables: HistoryTables, rows: number): void {
  tables.room?.ensure(rows * pagesPerRow + pagesPerTransaction);
}

/** Until when a value is kept; every value but a cursor begins with it. */
export function keptUntil(value: Buffer): number {
  return value.readUInt32LE(0);
}

/** Unix seconds as the four bytes that they are stored in; a time past 2106 stays at the end. */
export function u32Seconds(seconds: number): number {
  return Math.min(0xffff_ffff, Math.max(0, Math.floor(seconds)));
}

// One LMDB environment, opened by the rules that every environment of the vault obeys: binary keys
// and values, an explicit map size, zeroed pages (never noMemInit: old heap bytes would reach the
// file), and the file looked at before it is mapped.
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Database, open, type RootDatabase, type RootDatabaseOptionsWithPath } from "lmdb";
import { appError } from "../../platform/mod.ts";
import { DiskRoom } from "./disk-room.ts";
import { checkDataFile } from "./file-check.ts";
import { storeError } from "./store-error.ts";

/** One named database with binary keys and values. */
export type Table = Database<Buffer, Buffer>;

/** Named databases of one environment; LMDB keeps a table of this length per transaction. */
const tablesMax = 64;

/** Read slots: threads of all processes that have the environment open. LMDB's own default. */
const readersMax = 126;

/** A change of a card with a thousand tokens writes their records, scattered over the table. */
const pagesMaxDefault = 2_048;

/** Room kept beyond what a transaction may need, so that not every one takes some. */
const headroomBytes = 2 ** 20;

export interface Environment {
  readonly root: RootDatabase<Buffer, Buffer>;
  readonly path: string;
  table(name: string): Table;
  /** Transactions that were rolled back: what was read inside them may not be kept. */
  readonly aborts: () => number;
  /**
   * Runs `work` as one write transaction; returns after the flush. `pagesMax`: new pages that it
   * may need, taken on the disk beforehand. Throws operating errors.
   */
  write<T>(work: () => T, pagesMax?: number): T;
  /** Copies one snapshot into the existing folder `path`, while writers go on. */
  copyTo(path: string): Promise<void>;
  close(): Promise<void>;
}

export interface EnvironmentOptions {
  readonly path: string;
  readonly mapSizeBytes: number;
  readonly readOnly: boolean;
  readonly create: boolean;
}

/**
 * Opens or creates the environment in the folder `path`. Errors: VAULT_NOT_FOUND, VAULT_CORRUPT,
 * VAULT_TOO_NEW, VAULT_IN_USE, DISK_FULL.
 */
export function openEnvironment(options: EnvironmentOptions): Environment {
  const { path, readOnly } = options;
  const file = join(path, "data.mdb");
  // LMDB ends the process when it opens an empty file for reading only.
  const exists = attempt(path, () => existsSync(file) && checkDataFile(file));
  if (!exists && (readOnly || !options.create)) throw noVault(path);
  if (!exists) attempt(path, () => mkdirSync(path, { recursive: true, mode: 0o700 }));
  const lmdbOptions = {
    path,
    mapSize: options.mapSizeBytes,
    maxDbs: tablesMax,
    maxReaders: readersMax,
    encoding: "binary",
    keyEncoding: "binary",
    readOnly,
  } satisfies RootDatabaseOptionsWithPath;
  const root = attempt(path, () => open<Buffer, Buffer>(lmdbOptions));
  const room = readOnly ? null : attempt(path, () => new DiskRoom(root, path, headroomBytes));
  let aborts = 0;
  return {
    root,
    path,
    aborts: () => aborts,
    table: (name) =>
      attempt(path, () => {
        const options = { name, encoding: "binary", keyEncoding: "binary" } as const;
        const table: Table | undefined = root.openDB<Buffer, Buffer>(options);
        // A reader of an environment that is no vault gets nothing for a missing table.
        if (table === undefined) throw noVault(path);
        return table;
      }),
    write: (work, pagesMax = pagesMaxDefault) => {
      try {
        return root.transactionSync(() => {
          room?.ensure(pagesMax);
          return work();
        });
      } catch (error) {
        aborts++;
        throw storeError(error, path);
      }
    },
    copyTo: async (to) => {
      try {
        // Not compacted: that copy has failed before (lmdb-js issue 198).
        await root.backup(to, false);
      } catch (error) {
        throw storeError(error, to);
      }
    },
    close: async () => {
      await root.close();
      room?.close();
    },
  };
}

function noVault(path: string): Error {
  return appError("VAULT_NOT_FOUND", `There is no vault at ${path}.`);
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storeError(error, path);
  }
}

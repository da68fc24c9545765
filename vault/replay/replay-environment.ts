// The LMDB environment of one replay store: where it lies and how it is opened.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Database, open, type RootDatabase } from "lmdb";
import { storeError } from "../store/store-error.ts";
import { slotCount } from "./window.ts";
import { WrittenRoom } from "./written-room.ts";

/** One named database with binary keys and values. */
export type ClaimTable = Database<Buffer, Buffer>;

export interface ReplayEnvironment {
  readonly path: string;
  readonly root: RootDatabase<Buffer, Buffer>;
  readonly meta: ClaimTable;
  readonly slots: readonly ClaimTable[];
  readonly room: WrittenRoom;
}

/** Three slots, meta, and room for one more layout. */
const tablesMax = 8;

/** Threads of all processes of the machine that claim; LMDB's own default is 126. */
const readersMax = 254;

/**
 * `<vault>/replay/<boot id>-<incarnation>`: what another boot or another vault wrote is elsewhere.
 */
export function replayPath(dir: string, bootId: string, incarnation: string): string {
  return join(dir, "replay", `${bootId}-${incarnation}`);
}

/**
 * Opens or creates the environment. `noSync`: nothing is flushed, the page cache carries the claims
 * over the death of any process, and a power loss makes another boot id and so another folder.
 * `useWritemap`: claims are made in the map, on blocks that were written beforehand.
 * `overlappingSync` cannot be mixed with it. Errors: VAULT_CORRUPT, VAULT_IN_USE, DISK_FULL.
 */
export function openReplayEnvironment(path: string, mapSizeBytes: number): ReplayEnvironment {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const root = open<Buffer, Buffer>({
      path,
      noSync: true,
      useWritemap: true,
      overlappingSync: false,
      mapSize: mapSizeBytes,
      maxDbs: tablesMax,
      maxReaders: readersMax,
      encoding: "binary",
      keyEncoding: "binary",
    });
    const room = new WrittenRoom(root, path, mapSizeBytes);
    root.transactionSync(() => room.begin());
    const table = (name: string): ClaimTable =>
      root.openDB<Buffer, Buffer>({ name, encoding: "binary", keyEncoding: "binary" });
    const slots = Array.from({ length: slotCount }, (_, number) => table(`slot${number}`));
    return { path, root, meta: table("meta"), slots, room };
  } catch (error) {
    throw storeError(error, path);
  }
}

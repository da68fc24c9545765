// The baseline of everything that looks up and claims: the lmdb package and nothing else. Same
// records, same kind of keys, same options, one transaction a batch; no rules, no ciphers, no
// journal.
import { randomFillSync } from "node:crypto";
import { join } from "node:path";
import { type Database, open, type RootDatabase } from "lmdb";
import { claimKeyBytes } from "../../vault/mod.ts";

const valueBytes = 40;

/** As large as the replay store's by default. */
const mapSizeBytes = 4 * 2 ** 30;

type Table = Database<Buffer, Buffer>;

export class RawClaims {
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #table: Table;
  readonly #value = Buffer.alloc(valueBytes, 1);
  readonly #work: () => void;
  #keys: readonly Buffer[] = [];
  #from = 0;
  #to = 0;
  #fresh = 0;

  /** In a folder of its own below `dir`. */
  constructor(dir: string) {
    this.#root = open<Buffer, Buffer>({
      path: join(dir, "raw-claims"),
      noSync: true,
      overlappingSync: false,
      mapSize: mapSizeBytes,
      encoding: "binary",
      keyEncoding: "binary",
    });
    this.#table = this.#root.openDB({
      name: "claims",
      encoding: "binary",
      keyEncoding: "binary",
    });
    this.#work = () => this.#claimAll();
  }

  /** Looks up and puts keys `from` to `to` in one transaction; returns how many were new. */
  claim(keys: readonly Buffer[], from: number, to: number): number {
    this.#keys = keys;
    this.#from = from;
    this.#to = to;
    this.#fresh = 0;
    this.#root.transactionSync(this.#work);
    return this.#fresh;
  }

  close(): Promise<void> {
    return this.#root.close();
  }

  #claimAll(): void {
    for (let i = this.#from; i < this.#to; i++) {
      const key = this.#keys[i] as Buffer;
      if (this.#table.getBinaryFast(key) !== undefined) continue;
      this.#table.putSync(key, this.#value);
      this.#fresh++;
    }
  }
}

/** Keys as claims have them: the time, then eight bytes that are as good as random. */
export function claimKeys(count: number, seconds: number): Buffer[] {
  const bytes = Buffer.alloc(count * claimKeyBytes);
  randomFillSync(bytes);
  return Array.from({ length: count }, (_, i) => {
    bytes.writeUInt32BE(seconds, i * claimKeyBytes);
    return bytes.subarray(i * claimKeyBytes, (i + 1) * claimKeyBytes);
  });
}

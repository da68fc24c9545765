// The runtime over the embedded log on this disk, with the test account as its kind of actor, and
// the bare lmdb package beside it.
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { type Database, open, type RootDatabase } from "lmdb";
import { EmbeddedLog } from "../../actors/log/embedded.ts";
import { type LogMeta, prepareLogMeta } from "../../actors/log/log-meta.ts";
import type { StoredRecord } from "../../actors/log/port.ts";
import { RecordSeal, readHead } from "../../actors/log/record.ts";
import type { Envelope } from "../../actors/runtime/actor-kind.ts";
import { Fold } from "../../actors/runtime/fold.ts";
import { KindTable } from "../../actors/runtime/kinds.ts";
import { systemTurns } from "../../actors/runtime/ports.ts";
import { Runtime } from "../../actors/runtime/runtime.ts";
import { accountKind, accountNumber } from "../../actors/runtime/test-account.ts";
import { lmdbStore } from "../../actors/store/lmdb.ts";
import { KeyRing } from "../../crypto/mod.ts";
import { systemClock } from "../../platform/mod.ts";
import { type Environment, openEnvironment } from "../../vault/mod.ts";

const mapSizeBytes = 4 * 2 ** 30;

export interface Beside {
  /** Folds records in one flushed transaction; returns how many events they held. */
  fold(shard: number, records: readonly StoredRecord[]): number;
  close(): Promise<void>;
}

export class CommandRig {
  readonly runtime: Runtime;
  readonly log: EmbeddedLog;
  readonly #env: Environment;
  readonly #seal: RecordSeal;
  readonly #meta: LogMeta;
  #commands = 0;
  readonly #run = randomBytes(8).toString("hex");

  /** In a folder of its own below `dir`. */
  constructor(dir: string) {
    const path = join(dir, "commands");
    this.#env = openEnvironment({ path, mapSizeBytes, readOnly: false, create: true });
    const store = lmdbStore(this.#env);
    const meta = prepareLogMeta(store, randomBytes);
    const bytes = randomBytes(64);
    const key = { usage: "log", label: "", version: 1, state: "ACTIVE", kcv: "", bytes } as const;
    this.#meta = meta;
    this.#seal = new RecordSeal(new KeyRing([key]));
    this.log = new EmbeddedLog({ store, meta, checkOwner: () => {} });
    this.runtime = new Runtime({
      log: this.log,
      store,
      meta,
      kinds: new KindTable([accountKind(store)]),
      seal: this.#seal,
      node: "bench",
      clock: systemClock,
      turns: systemTurns,
      random: randomBytes,
    });
  }

  /** A deposit into account number `account`, under an id of its own. */
  deposit(account: number): Envelope {
    const name = `${this.#run} ${this.#commands++}`;
    const id = createHash("sha256").update(name).digest().subarray(0, 16);
    const actor = Buffer.alloc(16);
    actor.writeUInt32BE(Math.imul(account + 1, 0x9e37_79b1) >>> 0, 0);
    actor.writeUInt32BE(account, 12);
    const body = Buffer.from('{"do":"deposit","amount":1}');
    const shard = account % this.runtime.shards.length;
    return { id, kind: accountNumber, shard, actor, body, timeoutMs: 60_000 };
  }

  /** Another projection, empty, that this log can be folded into. */
  beside(dir: string): Beside {
    const path = join(dir, "beside");
    const env = openEnvironment({ path, mapSizeBytes, readOnly: false, create: true });
    const store = lmdbStore(env);
    const kinds = new KindTable([accountKind(store)]);
    const fold = new Fold({ store, meta: this.#meta, kinds, seal: this.#seal });
    return {
      fold: (shard, records) => {
        const bytes = records.reduce((sum, record) => sum + record.bytes.length, 0);
        store.write(() => {
          for (const record of records) fold.apply(shard, record.seq, record.bytes);
        }, bytes);
        return records.reduce((sum, record) => sum + readHead(record.bytes).count, 0);
      },
      close: () => env.close(),
    };
  }

  async close(): Promise<void> {
    await this.runtime.stop(10_000);
    await this.log.close();
    await this.#env.close();
  }
}

/** Appends rows with rising keys, so many a transaction, each transaction flushed. */
export class RawAppends {
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #table: Database<Buffer, Buffer>;
  #next = 0n;

  constructor(dir: string) {
    this.#root = open<Buffer, Buffer>({
      path: join(dir, "raw-appends"),
      mapSize: mapSizeBytes,
      encoding: "binary",
      keyEncoding: "binary",
    });
    const options = { name: "log", encoding: "binary", keyEncoding: "binary" } as const;
    this.#table = this.#root.openDB(options);
  }

  append(rows: number, value: Buffer): void {
    this.#root.transactionSync(() => {
      for (let i = 0; i < rows; i++) {
        const key = Buffer.alloc(8);
        key.writeBigUInt64BE(this.#next++);
        this.#table.putSync(key, value);
      }
    });
  }

  close(): Promise<void> {
    return this.#root.close();
  }
}

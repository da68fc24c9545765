// The runtime over a vault's own log, as the one process that runs the vault's actors opens it: the
// service in a thread of its own, a command on a vault that no service has open in its process.
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import {
  type CardPolicy,
  checkLogKind,
  EmbeddedLog,
  lmdbStore,
  type MakeKind,
  Ownership,
  openKinds,
  prepareLogMeta,
  RecordSeal,
  Runtime,
  type ShardEvents,
  systemTurns,
} from "../../actors/mod.ts";
import { systemClock } from "../../platform/mod.ts";
import type { Vault } from "../../vault/mod.ts";

export interface OpenedRuntime {
  readonly runtime: Runtime;
  readonly seal: RecordSeal;
  /** Shards of the log, and how many of them are owned. */
  readonly shards: number;
  readonly owned: number;
  /** Finishes what was decided, then gives the vault's actors up. */
  close(): Promise<void>;
}

export interface RuntimeOpening {
  readonly vault: Vault;
  /** Kinds beside those of the program. */
  readonly kinds?: readonly MakeKind[];
  readonly policy?: Partial<CardPolicy>;
  readonly events?: ShardEvents;
}

/** A stop waits for so long for what was decided. */
const stopMs = 5_000;

/**
 * Errors: VAULT_IN_USE where another process runs the actors, LOG_UNFIT where the vault follows a
 * log on JetStream, VAULT_TOO_NEW, VAULT_CORRUPT.
 */
export async function openRuntime({
  vault,
  kinds = [],
  policy = {},
  events = {},
}: RuntimeOpening): Promise<OpenedRuntime> {
  const closers: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const one of closers.splice(0).reverse()) await one();
  };
  try {
    const store = lmdbStore(vault.env);
    const owner = Ownership.take(store, randomBytes(8));
    closers.push(() => owner.release());
    const meta = prepareLogMeta(store, randomBytes, vault.shards);
    checkLogKind(store, "embedded", meta.shards);
    const log = new EmbeddedLog({ store, meta, checkOwner: () => owner.check() });
    closers.push(() => log.close());
    const seal = new RecordSeal(vault.sealing.ring);
    const runtime = new Runtime({
      log,
      store,
      meta,
      kinds: openKinds(vault, store, { more: kinds, policy }),
      seal,
      node: hostname(),
      clock: systemClock,
      turns: systemTurns,
      random: randomBytes,
      events,
    });
    closers.push(() => runtime.stop(stopMs));
    const owned = await runtime.ownAll();
    return { runtime, seal, shards: meta.shards, owned, close };
  } catch (error) {
    await close();
    throw error;
  }
}

// Everything behind the doors: keys, vault, pipeline, pool, dispatcher, and what runs in the
// background. One engine a process.
import { randomBytes } from "node:crypto";
import { KeyPage, type KeyStore } from "../../crypto/mod.ts";
import {
  Batch,
  Dispatcher,
  type OpenedPipeline,
  openPipeline,
  type Peer,
  PeerPage,
  type PipelineSettings,
  TokenDataService,
  TokenDirectoryService,
  WorkerPool,
} from "../../hotpath/mod.ts";
import {
  appError,
  type Health,
  type Logger,
  type Metrics,
  reason,
  systemClock,
} from "../../platform/mod.ts";
import { auditKey, JournalWriter, readBootId, removeOldBoots } from "../../vault/mod.ts";
import { watchKeys } from "./key-watch.ts";
import { startSlowPath } from "./slow-path.ts";

export interface EngineSettings {
  readonly vault: { readonly dir: string; readonly mapBytes: number };
  /** `jetstream`: a log that other nodes share says what is claimed. */
  readonly log?: { readonly kind: "embedded" | "jetstream" };
  readonly replay: { readonly mapBytes: number };
  readonly ptav: { readonly ttlSeconds: number; readonly perTokenPerMinute: number };
  readonly hotpath: {
    readonly workers: number;
    readonly inlineRowsMax: number;
    readonly batches: number;
  };
}

export interface EngineOptions {
  readonly settings: EngineSettings;
  readonly peers: readonly Peer[];
  readonly keyStore: KeyStore;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  /** This boot of the machine; tests name another. */
  readonly bootId?: string;
}

/** A folded segment of the journal is kept this long. */
const segmentAgeMs = 7 * 24 * 3_600_000;

export class Engine {
  readonly opened: OpenedPipeline;
  readonly dispatcher: Dispatcher;
  readonly tokenData: TokenDataService;
  readonly directory: TokenDirectoryService;
  readonly keys: KeyPage;
  /** Every peer that this run of the program has known. */
  readonly peers: PeerPage;
  readonly pool: WorkerPool | null;
  private readonly tokenJournal: JournalWriter;
  private readonly stops: (() => Promise<void> | void)[];

  private constructor(parts: {
    opened: OpenedPipeline;
    dispatcher: Dispatcher;
    tokenData: TokenDataService;
    keys: KeyPage;
    peers: PeerPage;
    pool: WorkerPool | null;
    tokenJournal: JournalWriter;
    stops: (() => Promise<void> | void)[];
  }) {
    this.opened = parts.opened;
    this.dispatcher = parts.dispatcher;
    this.tokenData = parts.tokenData;
    this.keys = parts.keys;
    this.peers = parts.peers;
    this.pool = parts.pool;
    this.tokenJournal = parts.tokenJournal;
    this.stops = parts.stops;
    const { vault, clock } = parts.opened;
    const { keys, tokenJournal: journal } = parts;
    this.directory = new TokenDirectoryService({ vault, journal, keys, clock });
  }

  static async open(options: EngineOptions): Promise<Engine> {
    const { settings, log, metrics } = options;
    const keys = new KeyPage();
    const ring = await options.keyStore.load();
    auditKey(ring);
    keys.publish(ring);
    const peers = PeerPage.of(options.peers);
    const { dir } = settings.vault;
    const pipelineSettings: PipelineSettings = {
      dir,
      peers: options.peers,
      ptavTtlSeconds: settings.ptav.ttlSeconds,
      vaultMapBytes: settings.vault.mapBytes,
      replayMapBytes: settings.replay.mapBytes,
      logged: settings.log?.kind === "jetstream",
    };
    const steps = metrics.counter("clockSteps", {});
    const bootId = options.bootId ?? readBootId();
    const opened = openPipeline(pipelineSettings, {
      keys: keys.shared,
      peers: peers.shared,
      cells: metrics.addBlock(),
      place: "inline",
      journalName: uniqueName("main"),
      bootId,
      onClockStep: (step) => {
        steps.add(1);
        log.error({ event: "clock.step", ...step }, "the wall clock stepped and is not followed");
      },
    });
    const old = removeOldBoots({ dir, bootId, nowMs: systemClock.nowMs() });
    if (old.length > 0) log.info({ event: "replay.cleaned", folders: old.length }, "old claims");
    const batches = Array.from({ length: settings.hotpath.batches }, () => new Batch());
    const pool = openPool(options, pipelineSettings, batches, { keys, peers });
    const dispatcher = openDispatcher(options, opened, batches, pool);
    const tokenJournal = JournalWriter.open({ dir, name: uniqueName("ptav"), clock: opened.clock });
    const tokenData = new TokenDataService({
      vault: opened.vault,
      replay: opened.replay,
      journal: tokenJournal,
      keys,
      clock: opened.clock,
      ptavTtlSeconds: settings.ptav.ttlSeconds,
      perTokenPerMinute: settings.ptav.perTokenPerMinute,
    });
    const stops = startKeepers(options, opened, keys, { ...pipelineSettings, bootId });
    return new Engine({ opened, dispatcher, tokenData, keys, peers, pool, tokenJournal, stops });
  }

  /** Answers what was handed over, then closes the stores. */
  async close(): Promise<void> {
    await this.dispatcher.drain();
    for (const stop of this.stops) await stop();
    await this.pool?.close();
    this.tokenJournal.close();
    await this.opened.close();
  }
}

/** A journal's name has one live writer: process, and chance for a process id that comes again. */
function uniqueName(what: string): string {
  return `${what}-${process.pid}-${randomBytes(3).toString("hex")}`;
}

function openPool(
  options: EngineOptions,
  settings: PipelineSettings,
  batches: readonly Batch[],
  { keys, peers }: { readonly keys: KeyPage; readonly peers: PeerPage },
): WorkerPool | null {
  const { workers } = options.settings.hotpath;
  if (workers === 0) return null;
  const cells = Array.from({ length: workers }, () => options.metrics.addBlock());
  const onFault = (error: unknown) =>
    options.log.error({ event: "worker.fault", err: error }, "a worker failed while it was idle");
  return new WorkerPool({
    workers,
    settings,
    batches,
    cells,
    keys: keys.shared,
    peers: peers.shared,
    onFault,
  });
}

function openDispatcher(
  options: EngineOptions,
  opened: OpenedPipeline,
  batches: readonly Batch[],
  pool: WorkerPool | null,
): Dispatcher {
  const { pipeline } = opened;
  const replaced = options.metrics.counter("workersReplaced", {});
  return new Dispatcher({
    batches,
    runner: pool ?? { capacity: 0, run: () => Promise.reject(new Error("there is no pool")) },
    inline: (batch) => pipeline.processBatch(batch),
    refuse: (batch) => pipeline.refuseBatch(batch, reason.SYSTEM_ERROR),
    inlineRowsMax: options.settings.hotpath.inlineRowsMax,
    nowMs: () => systemClock.monotonicMs(),
    onRunnerFault: (error) => {
      replaced.add(1);
      options.log.error({ event: "batch.fault", err: error }, "a batch was run again or refused");
    },
  });
}

function startKeepers(
  options: EngineOptions,
  opened: OpenedPipeline,
  keys: KeyPage,
  settings: PipelineSettings & { readonly bootId: string },
): (() => Promise<void> | void)[] {
  const { log, health } = options;
  const report = (name: string) => (error: unknown) => {
    health.setCondition({ name, ok: false, reason: "it failed; see the log" });
    log.error({ event: `${name}.failed`, err: error }, `${name} failed`);
  };
  const slowPath = startSlowPath(
    {
      dir: settings.dir,
      bootId: settings.bootId,
      ptavTtlSeconds: settings.ptavTtlSeconds,
      vaultMapBytes: settings.vaultMapBytes,
      replayMapBytes: settings.replayMapBytes,
      segmentAgeMs,
      keys: keys.shared,
    },
    {
      onError: report("slow-path"),
      onScan: (scan) =>
        log.warn({ event: "payments.scan", ...scan }, "somebody tries tokens over this acquirer"),
      onHead: (block, hash) => log.info({ event: "audit.head", block, hash }, "the audit chain"),
    },
  );
  const stopWatch = watchKeys({
    store: options.keyStore,
    onChange: (ring) => {
      keys.publish(ring);
      opened.vault.useKeys(ring);
      log.info({ event: "keys.reloaded", revision: ring.epoch }, "keys were read again");
    },
    onError: report("keys"),
  });
  return [() => slowPath.stop(), stopWatch];
}

/** The operating error of a vault that has no keys for this peer. */
export function checkPeerKeys(engine: Engine, peers: readonly Peer[]): void {
  const ring = engine.keys.read();
  for (const peer of peers) {
    if (peer.macLabel === null || ring.findActive("mac", peer.macLabel) !== undefined) continue;
    throw appError(
      "KEY_NOT_FOUND",
      `${peer.name} has no MAC key; 'pantun keys add mac --label ${peer.name}' makes one.`,
    );
  }
}

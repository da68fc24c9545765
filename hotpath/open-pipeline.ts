// Opens what a pipeline stands on: vault, replay store, journal, history, keys. The same for the
// main thread and for a worker.
import { randomBytes } from "node:crypto";
import { KeyPage } from "../crypto/mod.ts";
import {
  type Clock,
  type ClockStep,
  guardClock,
  MetricCells,
  systemClock,
} from "../platform/mod.ts";
import {
  auditSourceOf,
  History,
  type HorizonPort,
  JournalWriter,
  type OnRefused,
  ReplayStore,
  readBootId,
  Vault,
  vaultHorizons,
  vaultSinks,
} from "../vault/mod.ts";
import { rowsMax } from "./batch.ts";
import type { Peer } from "./dispatch-types.ts";
import { HotMetrics } from "./hot-metrics.ts";
import { PeerPage } from "./peer-page.ts";
import { Pipeline } from "./pipeline.ts";

/** Plain data: it crosses the thread border. */
export interface PipelineSettings {
  readonly dir: string;
  readonly peers: readonly Peer[];
  readonly ptavTtlSeconds: number;
  readonly vaultMapBytes: number;
  readonly replayMapBytes: number;
  /** True on a node of a cluster: a log says what is claimed. */
  readonly logged?: boolean;
}

export interface PipelineShare {
  readonly keys: SharedArrayBuffer;
  /** The page of peers that all threads share; without it there are those of the settings. */
  readonly peers?: SharedArrayBuffer;
  /** Metric cells of the calling thread. */
  readonly cells: SharedArrayBuffer;
  readonly place: "inline" | "pool";
  readonly journalName: string;
  readonly clock?: Clock;
  readonly bootId?: string;
  /** An agreement that a CIT set up and the vault did not take; the code says why. */
  readonly onAgreementRefused?: OnRefused;
  readonly onClockStep?: (step: ClockStep) => void;
}

export interface OpenedPipeline {
  readonly pipeline: Pipeline;
  readonly vault: Vault;
  readonly replay: ReplayStore;
  readonly journal: JournalWriter;
  readonly history: History;
  readonly horizon: HorizonPort;
  readonly clock: Clock;
  close(): Promise<void>;
}

export function openPipeline(settings: PipelineSettings, share: PipelineShare): OpenedPipeline {
  const keys = new KeyPage(share.keys);
  const source = share.clock ?? systemClock;
  const clock = guardClock({ clock: source, onStep: share.onClockStep ?? (() => {}) });
  const ring = keys.read();
  const { dir } = settings;
  const vault = Vault.open({
    dir,
    ring,
    clock,
    random: randomBytes,
    mapSizeBytes: settings.vaultMapBytes,
  });
  const horizon = vaultHorizons(vault);
  const replay = ReplayStore.open({
    dir,
    bootId: share.bootId ?? readBootId(),
    incarnation: vault.incarnation,
    ttlSeconds: settings.ptavTtlSeconds,
    clock,
    horizon,
    mapSizeBytes: settings.replayMapBytes,
  });
  const journal = JournalWriter.open({ dir, name: share.journalName, clock, rowsMax });
  const history = History.open({
    dir,
    clock,
    sinks: vaultSinks(vault, share.onAgreementRefused),
    audit: auditSourceOf(vault),
  });
  const pipeline = new Pipeline({
    vault,
    replay,
    journal,
    history,
    keys,
    peers: share.peers === undefined ? PeerPage.of(settings.peers) : new PeerPage(share.peers),
    clock,
    ptavTtlSeconds: settings.ptavTtlSeconds,
    logged: settings.logged === true,
    metrics: new HotMetrics(new MetricCells(share.cells), share.place),
  });
  const close = async () => {
    journal.close();
    await Promise.all([history.close(), replay.close()]);
    await vault.close();
  };
  return { pipeline, vault, replay, journal, history, horizon, clock, close };
}

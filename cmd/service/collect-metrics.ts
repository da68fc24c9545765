// What is read when somebody scrapes: totals that the rooms keep as plain numbers, and gauges.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ResyncCause } from "../../actors/mod.ts";
import type { GrpcMetrics } from "../../api/grpc/mod.ts";
import { type IsoStats, splitAnswerKey, type Upstream } from "../../api/iso/mod.ts";
import { codeTable } from "../../codec/iso8583/mod.ts";
import type { Counter, Health, Metrics } from "../../platform/mod.ts";
import { getReason } from "../../platform/mod.ts";
import { subRangeFills } from "../../vault/mod.ts";
import type { Settings } from "../pantun/settings.ts";
import type { ClusterPayments } from "./cluster-payments.ts";
import type { CommandPath } from "./command-path.ts";
import type { Engine } from "./engine.ts";
import type { Parties } from "./parties.ts";
import { version } from "./version.ts";

export interface MetricSources {
  readonly engine: Engine;
  readonly commandPath: CommandPath | null;
  /** Null where payments need no other node. */
  readonly payments: ClusterPayments | null;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly stats: IsoStats;
  readonly settings: Settings;
  /** Those of now. */
  readonly parties: () => Parties;
  /** The host that advices are passed on to; null: none. */
  readonly upstream: Upstream | null;
}

/** A counter that follows a total which is counted elsewhere. */
class Follower {
  private readonly counter: Counter;
  private seen = 0;

  constructor(counter: Counter) {
    this.counter = counter;
  }

  /** A total below the last one began anew, with the thread that counts it. */
  follow(total: number): void {
    this.counter.add(total < this.seen ? total : total - this.seen);
    this.seen = total;
  }
}

/** Followers by label values, made when a value is first seen. */
class Followers {
  private readonly made = new Map<string | number, Follower>();
  private readonly make: (key: string | number) => Counter;

  constructor(make: (key: string | number) => Counter) {
    this.make = make;
  }

  follow(key: string | number, total: number): void {
    let follower = this.made.get(key);
    if (follower === undefined) {
      follower = new Follower(this.make(key));
      this.made.set(key, follower);
    }
    follower.follow(total);
  }
}

export function collectMetrics(sources: MetricSources): void {
  const { metrics } = sources;
  metrics.gauge("buildInfo", { version: version(), node: process.version }).set(1);
  const collectors = [
    dispatcherCollector(sources),
    storeCollector(sources),
    isoCollector(sources),
    keyCollector(sources),
    commandCollector(sources),
    clusterCollector(sources),
    paymentCollector(sources),
    forwardCollector(sources),
  ];
  metrics.onCollect(() => {
    for (const collect of collectors) collect();
  });
}

function dispatcherCollector(sources: MetricSources): () => void {
  const { engine, metrics, health, settings, parties } = sources;
  const ready = metrics.gauge("ready", {});
  const queue = metrics.gauge("queueMessages", {});
  metrics.gauge("queueMessagesMax", {}).set(settings.hotpath.batches * 256);
  const busy = metrics.gauge("workersBusy", {});
  const shed = new Follower(metrics.counter("shed", { reason: "queue-full" }));
  const released = new Followers((caller) => {
    return metrics.counter("panReleased", { caller: String(caller) });
  });
  const late = new Follower(metrics.counter("shed", { reason: "deadline" }));
  return () => {
    const { stats } = engine.dispatcher;
    ready.set(health.ready ? 1 : 0);
    queue.set(stats.queuedRows);
    busy.set(stats.busyBatches);
    shed.follow(stats.shed);
    late.follow(stats.expired);
    const byName = new Map<string, number>();
    for (const { id, name } of parties().peers) {
      byName.set(name, (byName.get(name) ?? 0) + (stats.released[id] ?? 0));
    }
    for (const [name, total] of byName) released.follow(name, total);
  };
}

function storeCollector({ engine, metrics, settings }: MetricSources): () => void {
  const replayBytes = metrics.gauge("replayBytes", {});
  const replayMax = metrics.gauge("replayBytesMax", {});
  const tokens = metrics.gauge("vaultTokens", {});
  const behind = metrics.gauge("historyRowsBehind", {});
  const issued = new Follower(metrics.counter("ptavIssued", {}));
  const { dir, mapBytes } = settings.vault;
  metrics.gauge("vaultBytesMax", { store: "vault" }).set(mapBytes);
  return () => {
    const { replay, history, vault } = engine.opened;
    const stats = replay.stats();
    replayBytes.set(stats.bytesUsed);
    replayMax.set(stats.bytesMax);
    behind.set(history.stats().rowsBehind);
    const { entryCount } = vault.tables.tokens.getStats() as { entryCount: number };
    tokens.set(entryCount);
    issued.follow(engine.tokenData.issued);
    for (const store of ["vault", "history", "journal"] as const) {
      metrics.gauge("vaultBytes", { store }).set(bytesOf(join(dir, store)));
    }
    for (const { subRange, used, capacity } of subRangeFills(vault)) {
      const range = String(subRange.number).padStart(3, "0");
      metrics.gauge("rangeFillRatio", { range }).set(used / capacity);
    }
  };
}

/** Bytes on the disk of a folder's files; 0 where it is not there yet. */
function bytesOf(folder: string): number {
  try {
    return readdirSync(folder).reduce((sum, name) => {
      return sum + statSync(join(folder, name)).blocks * blockBytes;
    }, 0);
  } catch {
    return 0;
  }
}

/** Unit of `blocks` in POSIX's stat. */
const blockBytes = 512;

function isoCollector({ metrics, stats }: MetricSources): () => void {
  const connections = metrics.gauge("connections", { door: "iso" });
  const overloaded = new Follower(metrics.counter("shed", { reason: "queue-full" }));
  const answers = new Followers((key) => {
    const { mti, reason } = splitAnswerKey(Number(key));
    return metrics.counter("isoMessages", { mti, response: getReason(reason).de39 });
  });
  const unanswerable = new Followers((code) => {
    const known = String(code) in codeTable ? String(code) : "other";
    return metrics.counter("isoUnanswerable", { code: known });
  });
  const expiry = metrics.gauge("certificateExpiry", { door: "iso" });
  const collectPeers = peersCollector(metrics, stats);
  return () => {
    connections.set(stats.connections);
    expiry.set(stats.certificateExpiresAt);
    overloaded.follow(stats.overloaded);
    for (const [key, total] of stats.answers) answers.follow(key, total);
    for (const [code, total] of stats.unanswerable) unanswerable.follow(code, total);
    collectPeers();
    for (const [peer, count] of stats.signedOn) {
      metrics.gauge("isoSignedOn", { peer }).set(count);
    }
  };
}

function peersCollector(metrics: Metrics, stats: IsoStats): () => void {
  const late = new Followers((peer) => metrics.counter("isoLate", { peer: String(peer) }));
  const unmatched = new Followers((peer) => {
    return metrics.counter("isoUnmatched", { peer: String(peer) });
  });
  const missed = new Followers((peer) => {
    return metrics.counter("isoMissedEchoes", { peer: String(peer) });
  });
  const changes = (result: string) => {
    return new Followers((peer) =>
      metrics.counter("isoKeyChanges", { peer: String(peer), result }),
    );
  };
  const [taken, refused] = [changes("taken"), changes("refused")];
  return () => {
    for (const [peer, one] of stats.peers) {
      metrics.gauge("isoInFlight", { peer }).set(one.inFlight);
      late.follow(peer, one.late);
      unmatched.follow(peer, one.unmatched);
      missed.follow(peer, one.missedEchoes);
      taken.follow(peer, one.keyChanges);
      refused.follow(peer, one.keyChangesRefused);
    }
  };
}

function forwardCollector({ metrics, upstream }: MetricSources): () => void {
  if (upstream === null) return () => {};
  const peer = upstream.name;
  const results = new Followers((result) => {
    return metrics.counter("forwarded", { peer, result: String(result) });
  });
  const depth = metrics.gauge("forwardDepth", { peer });
  const parked = metrics.gauge("forwardParked", { peer });
  const age = metrics.gauge("forwardAge", { peer });
  return () => {
    const stats = upstream.stats();
    depth.set(stats.depth);
    parked.set(stats.parked);
    age.set(stats.ageSeconds);
    for (const result of ["sent", "repeated", "arrived"] as const) {
      results.follow(result, stats[result]);
    }
  };
}

function keyCollector({ engine, metrics }: MetricSources): () => void {
  const usages = ["index", "seal", "ptav", "fingerprint", "route", "log"] as const;
  return () => {
    const ring = engine.keys.read();
    for (const usage of usages) {
      // A key folder older than a usage has no key of it yet.
      const key = ring.findActive(usage);
      if (key !== undefined) metrics.gauge("keyVersion", { usage }).set(key.version);
    }
  };
}

function commandCollector({ commandPath, metrics }: MetricSources): () => void {
  const places = ["here", "elsewhere", "nowhere"] as const;
  const followers = (outcome: string) =>
    new Followers((subscriber) =>
      metrics.counter("outboxDeliveries", { subscriber: String(subscriber), outcome }),
    );
  const delivered = followers("delivered");
  const failed = followers("failed");
  const dead = followers("dead");
  return () => {
    const now = commandPath?.commands.place ?? "nowhere";
    for (const place of places) {
      metrics.gauge("commandsPlace", { place }).set(place === now ? 1 : 0);
    }
    for (const one of commandPath?.events.stats ?? []) {
      const { trid: subscriber } = one;
      metrics.gauge("outboxDepth", { subscriber }).set(one.depth);
      metrics.gauge("outboxAge", { subscriber }).set(one.ageMs / 1_000);
      metrics.gauge("outboxDisabled", { subscriber }).set(one.disabled ? 1 : 0);
      delivered.follow(subscriber, one.delivered);
      failed.follow(subscriber, one.failed);
      dead.follow(subscriber, one.dead);
    }
  };
}

const shardStates = ["FOLLOW", "ACQUIRE", "BARRIER", "OWN", "DRAIN", "PARKED"] as const;

function clusterCollector({ commandPath, metrics }: MetricSources): () => void {
  const resyncs = new Followers((cause) =>
    metrics.counter("clusterResyncs", { cause: cause as ResyncCause }),
  );
  return () => {
    const state = commandPath?.cluster?.state;
    if (state === undefined) return;
    for (const one of state.shards) {
      const shard = String(one.shard);
      metrics.gauge("clusterApplyLag", { shard }).set(one.staleMs / 1_000);
      metrics.gauge("clusterRecordsBehind", { shard }).set(one.recordsBehind);
      metrics.gauge("clusterEpoch", { shard }).set(one.epoch);
    }
    for (const name of shardStates) {
      const count = state.shards.filter((one) => one.state === name).length;
      metrics.gauge("clusterShards", { state: name }).set(count);
    }
    for (const [cause, total] of Object.entries(state.resyncs)) resyncs.follow(cause, total);
  };
}

function paymentCollector({ payments, commandPath, metrics }: MetricSources): () => void {
  if (payments === null) return () => {};
  const { dispatcher } = payments;
  const ways = ["forwarded", "arrived", "returned", "late"] as const;
  const moved = new Followers((way) => {
    return metrics.counter("clusterPayments", { way: way as (typeof ways)[number] });
  });
  const unavailable = new Followers((shard) => {
    return metrics.counter("clusterUnavailable", { shard: String(shard) });
  });
  const waiting = metrics.gauge("clusterPaymentsWaiting", {});
  const pending = metrics.gauge("clusterPending", {});
  return () => {
    const { stats } = dispatcher;
    for (const way of ways) moved.follow(way, stats[way]);
    for (const [shard, total] of stats.unavailable.entries()) unavailable.follow(shard, total);
    waiting.set(dispatcher.waiting);
    const shards = commandPath?.cluster?.state?.shards ?? [];
    pending.set(shards.reduce((sum, { paying }) => sum + paying, 0));
  };
}

/** The gRPC doors count through this. */
export function grpcMetrics(
  metrics: Metrics,
  door: "switch" | "requestor" | "issuer" | "admin",
): GrpcMetrics {
  const sessions = metrics.gauge("connections", { door });
  const seconds = {
    session: metrics.histogram("verifySeconds", { door: "session" }),
    unary: metrics.histogram("verifySeconds", { door: "unary" }),
  };
  const shed = metrics.counter("shed", { reason: "queue-full" });
  return {
    handled(service, method, code, took) {
      const type = method === "Session" ? "bidi_stream" : "unary";
      const labels = { grpc_type: type, grpc_service: service, grpc_method: method };
      metrics.counter("grpcHandled", { ...labels, grpc_code: code }).add(1);
      metrics.histogram("grpcHandlingSeconds", labels).observe(took);
    },
    sessions: (delta) => sessions.add(delta),
    items(outcome, count) {
      if (outcome === "shed") shed.add(count);
    },
    certificateReload() {},
    answered: (kind, took) => seconds[kind].observe(took),
    certificateExpiry(unixSeconds) {
      if (door !== "admin") metrics.gauge("certificateExpiry", { door }).set(unixSeconds);
    },
  };
}

// The product: a batch of messages in, their answers out. Synchronous; each stage runs over the
// whole batch before the next begins, so that every native call is paid once a batch and not once a
// message.
import type { KeyPage } from "../crypto/mod.ts";
import type { Clock, Histogram } from "../platform/mod.ts";
import type { History, JournalWriter, ReplayStore, Vault } from "../vault/mod.ts";
import { type Batch, pendingReason } from "./batch.ts";
import type { Peer } from "./dispatch-types.ts";
import { type HotMetrics, stageNames } from "./hot-metrics.ts";
import type { PeerPage } from "./peer-page.ts";
import { Rows } from "./rows.ts";
import { findAgreements } from "./stages/agreements.ts";
import { ClaimStage } from "./stages/claims.ts";
import { decode } from "./stages/decode.ts";
import { EncodeStage } from "./stages/encode.ts";
import { IndexStage } from "./stages/index-rows.ts";
import { JournalStage } from "./stages/journal.ts";
import { LoggedClaims, LoggedJournal } from "./stages/logged-claims.ts";
import { lookUp } from "./stages/look-up.ts";
import { MacStage } from "./stages/mac.ts";
import { OpenStage } from "./stages/open-card.ts";
import { OriginalStage } from "./stages/originals.ts";
import { applyChecks, checksBeforeMac, checksFromMac } from "./stages/rules.ts";
import { refuseStale } from "./stages/stale.ts";
import { VerifyStage } from "./stages/verify.ts";
import { assignIds } from "./verification-id.ts";
import type { Facts } from "./verification-table.ts";

export interface PipelineParts {
  readonly vault: Vault;
  readonly replay: ReplayStore;
  readonly journal: JournalWriter;
  readonly history: History;
  readonly keys: KeyPage;
  readonly peers: PeerPage;
  readonly clock: Clock;
  readonly ptavTtlSeconds: number;
  readonly metrics: HotMetrics;
  /** True where a log of payments says what is claimed, and not this node's replay store. */
  readonly logged?: boolean;
}

/** One batch in 16 is timed stage by stage: ten readings of the clock cost 0.4 µs. */
const timedEvery = 16;

export class Pipeline {
  private readonly parts: PipelineParts;
  private readonly rows = new Rows();
  /** Grows as peers are added to the page; the stages hold this array. */
  private readonly peers: Peer[];
  private readonly mac: MacStage;
  private readonly index = new IndexStage();
  private readonly verify: VerifyStage;
  private readonly claims: ClaimStage;
  private readonly originals: OriginalStage;
  private readonly open: OpenStage;
  private readonly journal: JournalStage;
  /** Null where claims are made here and now. */
  private readonly logged: {
    readonly claims: LoggedClaims;
    readonly journal: LoggedJournal;
  } | null;
  private readonly encode: EncodeStage;
  private readonly facts: Facts;
  private epoch = 0;
  private batches = 0;
  private timing = false;
  private stage = 0;
  private stageFrom = 0;

  constructor(parts: PipelineParts) {
    this.parts = parts;
    this.peers = parts.peers.read();
    this.mac = new MacStage(this.peers);
    this.logged = parts.logged === true ? this.openLogged(parts) : null;
    this.claims = this.logged?.claims ?? new ClaimStage(this.peers, parts.metrics);
    this.verify = new VerifyStage(parts.metrics);
    this.open = new OpenStage(parts.metrics);
    this.originals = new OriginalStage(parts.history, this.logged?.claims ?? parts.replay);
    this.journal =
      this.logged?.journal ?? new JournalStage(parts.journal, this.peers, parts.metrics);
    this.encode = new EncodeStage(this.mac, parts.metrics);
    this.facts = {
      registry: parts.vault.registry(),
      kvnVerifiable: this.verify.kvnVerifiable,
      macEqual: this.verify.macEqual,
      ptavTtlSeconds: parts.ptavTtlSeconds,
    };
  }

  private openLogged({ journal, metrics }: PipelineParts) {
    return {
      claims: new LoggedClaims(this.peers, metrics),
      journal: new LoggedJournal(journal, this.peers, metrics),
    };
  }

  /**
   * Answers every message of the batch in place. Never throws for what a message can contain: a
   * throw means a broken invariant or a broken vault, and the caller answers the batch 9096.
   */
  processBatch(batch: Batch): void {
    const { parts, rows } = this;
    // A worker's event loop stands still between batches; without this LMDB would go on showing an
    // old snapshot, and a suspended token would pay.
    parts.vault.freshRead();
    if (this.isOld()) this.rekey();
    this.facts.registry = parts.vault.registry();
    rows.reset(batch.count, parts.clock.nowMs());
    if (!batch.idsAssigned) {
      assignIds(batch.ids, batch.count, rows.nowMs);
      batch.markIdsAssigned();
    }
    this.beginTiming();
    this.judge(batch);
    this.count();
  }

  /** Answers every message of the batch with one reason, without looking at the vault. */
  refuseBatch(batch: Batch, code: number): void {
    const { parts, rows } = this;
    if (this.isOld()) this.rekey();
    rows.reset(batch.count, parts.clock.nowMs());
    assignIds(batch.ids, batch.count, rows.nowMs);
    decode(batch, rows);
    this.mac.verify(rows);
    for (let row = 0; row < rows.count; row++) {
      if (rows.reason[row] === 0) rows.reason[row] = code;
    }
    this.encode.run(batch, rows);
    this.mac.sign(batch, rows);
  }

  private judge(batch: Batch): void {
    const { parts, rows, logged } = this;
    decode(batch, rows);
    logged?.claims.begin(batch, rows);
    this.endStage();
    this.mac.verify(rows);
    refuseStale(rows);
    this.endStage();
    this.index.run(rows);
    this.endStage();
    lookUp(parts.vault, rows);
    this.endStage();
    this.verify.decode(rows);
    applyChecks(checksBeforeMac, rows, this.facts);
    findAgreements(parts.vault, rows);
    this.endStage();
    this.verify.recompute(rows);
    applyChecks(checksFromMac, rows, this.facts);
    this.endStage();
    this.originals.find(rows);
    if (logged === null) this.claims.run(batch, rows, parts.replay);
    else logged.claims.judge(batch, rows);
    this.originals.reserve(batch, rows);
    this.endStage();
    this.open.run(rows);
    this.endStage();
    this.journal.run(batch, rows);
    this.endStage();
    logged?.claims.hide(rows);
    this.encode.run(batch, rows);
    this.mac.sign(batch, rows);
    logged?.claims.emit(batch, rows, logged.journal);
    this.endStage();
    rows.card.fill(0, 0, rows.count * 16);
  }

  private isOld(): boolean {
    const { keys, peers } = this.parts;
    return keys.epoch() !== this.epoch || peers.count() !== this.peers.length;
  }

  private rekey(): void {
    this.peers.push(...this.parts.peers.read(this.peers.length));
    // The epoch is taken from the ring itself: a publish between the two reads is not missed.
    const ring = this.parts.keys.read();
    const { mac, index, verify, claims, originals, open } = this;
    for (const stage of [mac, index, verify, claims, originals, open]) {
      stage.rekey(ring);
    }
    this.epoch = ring.epoch;
  }

  private beginTiming(): void {
    this.timing = this.batches++ % timedEvery === 0;
    if (!this.timing) return;
    this.stage = 0;
    this.stageFrom = performance.now();
  }

  private endStage(): void {
    if (!this.timing) return;
    const now = performance.now();
    const histogram = this.parts.metrics.stages[this.stage++] as Histogram;
    histogram.observe((now - this.stageFrom) / 1000);
    this.stageFrom = now;
  }

  private count(): void {
    const { metrics } = this.parts;
    const { rows } = this;
    if (this.timing && this.stage !== stageNames.length) throw new Error("a stage was not timed");
    metrics.batch.observe(rows.count);
    if (this.logged === null) {
      for (let row = 0; row < rows.count; row++) metrics.countOutcome(rows.reason[row] as number);
      return;
    }
    // What waits for its owner is counted when it comes back.
    for (let row = 0; row < rows.count; row++) {
      const code = rows.reason[row] as number;
      if (code !== pendingReason) metrics.countOutcome(code);
    }
  }
}

// The replay store: every message that would be approved makes one claim here, and of any number of
// rivals, in this process or another, exactly one gets it.
import type { Clock } from "../../platform/mod.ts";
import { ClaimLanes } from "./claim-lanes.ts";
import { claim, claimKeyBytes, claimKind } from "./claim-record.ts";
import { ClaimWork } from "./claim-work.ts";
import { type HorizonKind, type HorizonPort, horizonLeadSecondsMin } from "./horizon.ts";
import { HorizonLine } from "./horizon-line.ts";
import { LoggedPayments } from "./logged-payments.ts";
import { openReplayEnvironment, type ReplayEnvironment, replayPath } from "./replay-environment.ts";
import { stateKey, stateLayout, stateWord } from "./replay-state.ts";
import { type ReplayStats, readReplayStats } from "./replay-stats.ts";
import { de7InWindow, ptavInWindow, slotCount, slotWidth } from "./window.ts";
import { headroomPagesOf } from "./written-room.ts";

export interface ReplayOptions {
  /** The vault's folder. */
  readonly dir: string;
  /** This boot of the machine, from `readBootId()`. */
  readonly bootId: string;
  /** The vault's incarnation, hex; a restore makes another. */
  readonly incarnation: string;
  /** How long a PTAV lives, 60 to 86,400 s; one setting for all processes of the vault. */
  readonly ttlSeconds: number;
  /** Guarded against steps (`guardClock`) in programs. */
  readonly clock: Clock;
  /** `vaultHorizons(vault)` in programs. */
  readonly horizon: HorizonPort;
  /** A claim takes about 90 bytes: 10,000/s is 3.2 GB at a TTL of 900 s. */
  readonly mapSizeBytes?: number;
}

/** 4 GiB of address space, not of disk: the file grows with what is claimed. */
const mapSizeBytesDefault = 4 * 1024 ** 3;

const noLanes = new ClaimLanes(1);

export class ReplayStore {
  /** The folder of this boot and incarnation. */
  readonly path: string;
  readonly ttlSeconds: number;
  /** What a cluster's log of payments makes of this store; nothing else then writes claims. */
  readonly logged: LoggedPayments;
  readonly #width: number;
  readonly #mapSizeBytes: number;
  readonly #environment: ReplayEnvironment;
  readonly #work: ClaimWork;
  readonly #ptav: HorizonLine;
  readonly #de7: HorizonLine;
  readonly #orphan = Buffer.allocUnsafeSlow(claimKeyBytes);
  // Made once: a closure per batch would be one allocation per batch.
  readonly #claimBody = (): void => this.#inTransaction(this.#claimLanes);
  readonly #claimLanes = (): void => this.#work.claimAll(this.#lanes);
  readonly #orphanBody = (): void => this.#inTransaction(this.#putOrphan);
  readonly #putOrphan = (): void => this.#work.rememberOrphan(this.#orphan);
  readonly #publishBody = (): void => this.#inTransaction(() => {});
  #lanes: ClaimLanes = noLanes;
  #failures = 0;
  #lastError: unknown;

  /**
   * Joins the store of this boot and incarnation, or makes it: whoever opens it first, or first
   * with another W, empties it and fences at the horizons in one transaction. Errors:
   * VAULT_CORRUPT, VAULT_IN_USE, DISK_FULL.
   */
  static open(options: ReplayOptions): ReplayStore {
    return new ReplayStore(options);
  }

  constructor(options: ReplayOptions) {
    const { dir, bootId, incarnation, ttlSeconds, clock, horizon } = options;
    this.ttlSeconds = ttlSeconds;
    this.#width = slotWidth(ttlSeconds);
    this.path = replayPath(dir, bootId, incarnation);
    this.#mapSizeBytes = options.mapSizeBytes ?? mapSizeBytesDefault;
    const environment = openReplayEnvironment(this.path, this.#mapSizeBytes);
    this.#environment = environment;
    this.#work = new ClaimWork({ environment, clock, ttlSeconds, width: this.#width });
    this.logged = new LoggedPayments(environment, this.#work);
    this.#ptav = new HorizonLine("ptav", horizon, this.#work.state);
    this.#de7 = new HorizonLine("de7", horizon, this.#work.state);
    environment.root.transactionSync(() => this.#join());
  }

  /**
   * Makes the claims of one batch in one transaction; `lanes.results` tells what came of each. Rows
   * of one batch with the same key obey the same rule in their order. Never throws for what can
   * happen: a store that cannot be written answers FAILED for every row and stays usable.
   */
  claim(lanes: ClaimLanes): void {
    const { count } = lanes;
    if (count > lanes.rowsMax) throw new RangeError(`${count} rows in ${lanes.rowsMax} lanes`);
    if (count === 0) return;
    this.#lanes = lanes;
    try {
      this.#coverLanes(lanes);
      this.#environment.root.transactionSync(this.#claimBody);
    } catch (error) {
      lanes.results.fill(claim.FAILED, 0, count);
      this.#failed(error);
    } finally {
      this.#lanes = noLanes;
    }
  }

  /**
   * Remembers a reversal whose original is not known, so that the original, should it come later,
   * is answered REVERSED. `key` at `off`: 12 bytes as in `ClaimLanes.originals`. False when it
   * could not be stored. An original whose DE7 has left its window can never be claimed: nothing is
   * stored.
   */
  rememberOrphan(key: Buffer, off = 0): boolean {
    key.copy(this.#orphan, 0, off, off + claimKeyBytes);
    const now = this.#work.nowSeconds();
    const time = this.#orphan.readUInt32BE(0);
    if (!de7InWindow(time, now)) return true;
    try {
      // After a power loss the orphan is forgotten, and the fences have to cover its original: its
      // DE7, and the PTAV that it may carry, which was issued before its reversal was sent.
      this.#cover(this.#de7, time);
      this.#cover(this.#ptav, now);
      this.#environment.root.transactionSync(this.#orphanBody);
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  /** Nothing at or below this many Unix seconds is claimed; new PTAVs are stamped above it. */
  fence(kind: HorizonKind): number {
    this.#readState();
    const { words } = this.#work.state;
    return Math.max(words[this.#line(kind).fenceWord]!, words[stateWord.floor]!);
  }

  /** Raises a fence by hand, for a machine that was reverted together with its memory. */
  raiseFence(kind: HorizonKind, seconds: number): void {
    this.#environment.root.transactionSync(() =>
      this.#inTransaction(() => this.#work.raise(this.#line(kind).fenceWord, seconds)),
    );
  }

  /**
   * Raises the horizons that are hardly above the highest claims of all processes. Waits for a
   * flush where one is; meant for a timer outside the path of payments. Throws when it could not.
   */
  keepAhead(): void {
    this.#readState();
    const { words } = this.#work.state;
    let raised = false;
    for (const line of [this.#ptav, this.#de7]) {
      const highest = words[line.highestWord]!;
      if (highest === 0 || line.covers(highest + horizonLeadSecondsMin)) continue;
      line.raiseOver(highest);
      raised = true;
    }
    if (raised) this.#environment.root.transactionSync(this.#publishBody);
  }

  stats(): ReplayStats {
    this.#readState();
    const faults = { failures: this.#failures, lastError: this.#lastError };
    return readReplayStats(this.#environment, this.#mapSizeBytes, this.#work.state, faults);
  }

  close(): Promise<void> {
    this.#environment.room.close();
    return this.#environment.root.close();
  }

  #failed(error: unknown): void {
    this.#failures++;
    this.#lastError = error;
  }

  #line(kind: HorizonKind): HorizonLine {
    return kind === "ptav" ? this.#ptav : this.#de7;
  }

  /** First act of every opener, inside a write transaction. */
  #join(): void {
    const { meta, slots } = this.#environment;
    const { state } = this.#work;
    const { words } = state;
    const found = state.load(meta.getBinaryFast(stateKey));
    if (found && words[stateWord.layout] !== stateLayout) {
      throw new Error(`the replay store at ${this.path} has another layout`);
    }
    if (found && words[stateWord.width] === this.#width) return;
    for (const slot of slots) slot.clearSync();
    words[stateWord.layout] = stateLayout;
    words[stateWord.width] = this.#width;
    words[stateWord.highestSlot] = 0;
    state.raise(stateWord.pagesWritten, headroomPagesOf(this.#mapSizeBytes));
    for (let slot = 0; slot < slotCount; slot++) words[stateWord.orphans + slot] = 0;
    for (const line of [this.#ptav, this.#de7]) state.raise(line.fenceWord, line.bound());
    this.#work.save();
  }

  /** A fresh look from outside a transaction. */
  #readState(): void {
    this.#environment.root.resetReadTxn();
    this.#work.load();
  }

  #inTransaction(body: () => void): void {
    this.#work.begin(Math.max(1, this.#lanes.count));
    // Whose flush has returned, the others may rely on.
    this.#work.raise(this.#ptav.horizonWord, this.#ptav.raised);
    this.#work.raise(this.#de7.horizonWord, this.#de7.raised);
    body();
    this.#work.end();
  }

  /** No claim is made above a horizon: raise them first, flushed, outside the transaction. */
  #coverLanes(lanes: ClaimLanes): void {
    const now = this.#work.nowSeconds();
    let ptav = 0;
    let de7 = 0;
    for (let row = 0; row < lanes.count; row++) {
      const time = lanes.keys.readUInt32BE(row * claimKeyBytes);
      if (lanes.kinds[row] === claimKind.PTAV) {
        if (time > ptav && ptavInWindow(time, now, this.ttlSeconds)) ptav = time;
      } else if (time > de7 && de7InWindow(time, now)) de7 = time;
    }
    this.#cover(this.#ptav, ptav);
    this.#cover(this.#de7, de7);
  }

  #cover(line: HorizonLine, time: number): void {
    if (line.covers(time)) return;
    // The keeper, or another process, may have raised it since.
    this.#readState();
    if (!line.covers(time)) line.raiseOver(time);
  }
}

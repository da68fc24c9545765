// The replay store: every message that would be approved makes one claim here, and of any number of
// rivals, in this process or another, exactly one gets it.
import type { Clock } from "../../platform/mod.ts";
import { ClaimLanes } from "./claim-lanes.ts";
import {
  claim,
  claimAt,
  claimKeyBytes,
  claimKind,
  claimValueBytes,
  orphanKeyBytes,
  orphanMark,
} from "./claim-record.ts";
import { type HorizonKind, HorizonLine, type HorizonPort } from "./horizon.ts";
import {
  type ClaimTable,
  openReplayEnvironment,
  type ReplayEnvironment,
  replayPath,
} from "./replay-environment.ts";
import { ReplayState, stateKey, stateLayout, stateWord } from "./replay-state.ts";
import { type ReplayStats, readReplayStats } from "./replay-stats.ts";
import {
  de7InWindow,
  floorOf,
  ptavInWindow,
  repetitionSeconds,
  slotCount,
  slotWidth,
} from "./window.ts";

export interface ReplayOptions {
  /** The vault's folder. */
  readonly dir: string;
  /** This boot of the machine, from `readBootId()`. */
  readonly bootId: string;
  /** The vault's incarnation, hex; a restore makes another. */
  readonly incarnation: string;
  /** How long a PTAV lives, 60 to 86,400 s; one setting for all processes of the vault. */
  readonly ttlSeconds: number;
  readonly clock: Clock;
  readonly horizon: HorizonPort;
  /** A claim takes about 70 bytes: 10,000/s is 2.5 GB at a TTL of 900 s. */
  readonly mapSizeBytes?: number;
}

/** 4 GiB of address space, not of disk: the file grows with what is claimed. */
const mapSizeBytesDefault = 4 * 1024 ** 3;

/** Opened with one W, found another: the operator changed the TTL under a running process. */
class OtherWidthError extends Error {
  override readonly name = "OtherWidthError";
}

const noLanes = new ClaimLanes(1);

export class ReplayStore {
  /** The folder of this boot and incarnation. */
  readonly path: string;
  readonly ttlSeconds: number;
  readonly #width: number;
  readonly #mapSizeBytes: number;
  readonly #clock: Clock;
  readonly #environment: ReplayEnvironment;
  readonly #ptavLine: HorizonLine;
  readonly #de7Line: HorizonLine;
  readonly #state = new ReplayState();
  // One of each for all claims: inside a synchronous transaction LMDB copies what it is given.
  readonly #key = Buffer.allocUnsafeSlow(claimKeyBytes);
  readonly #orphanKey = Buffer.allocUnsafeSlow(orphanKeyBytes);
  readonly #value = Buffer.allocUnsafeSlow(claimValueBytes);
  readonly #claimBody = (): void => this.#claimAll();
  readonly #orphanBody = (): void => this.#storeOrphan();
  #lanes: ClaimLanes = noLanes;
  #changed = false;
  #failures = 0;
  #lastError: unknown;

  /**
   * Joins the store of this boot and incarnation, or makes it: whoever opens it first, or first with
   * another W, empties it and fences at the horizons in one transaction. Errors: VAULT_CORRUPT,
   * VAULT_IN_USE, DISK_FULL.
   */
  static open(options: ReplayOptions): ReplayStore {
    return new ReplayStore(options);
  }

  constructor(options: ReplayOptions) {
    const { dir, bootId, incarnation, horizon } = options;
    this.ttlSeconds = options.ttlSeconds;
    this.#width = slotWidth(options.ttlSeconds);
    this.#clock = options.clock;
    this.#ptavLine = new HorizonLine("ptav", horizon);
    this.#de7Line = new HorizonLine("de7", horizon);
    this.path = replayPath(dir, bootId, incarnation);
    this.#mapSizeBytes = options.mapSizeBytes ?? mapSizeBytesDefault;
    this.#environment = openReplayEnvironment(this.path, this.#mapSizeBytes);
    this.#environment.root.transactionSync(() => this.#join(horizon));
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
      this.#raiseHorizons(lanes);
      this.#environment.root.transactionSync(this.#claimBody);
    } catch (error) {
      lanes.results.fill(claim.FAILED, 0, count);
      this.#failed(error);
    } finally {
      this.#lanes = noLanes;
    }
  }

  /**
   * Remembers a reversal whose original is not known, so that the original, should it come later, is
   * answered REVERSED. `key` at `off`: 12 bytes as in `ClaimLanes.originals`. False when it could not
   * be stored. An original whose DE7 has left its window can never be claimed: nothing is stored.
   */
  rememberOrphan(key: Buffer, off = 0): boolean {
    key.copy(this.#orphanKey, 0, off, off + claimKeyBytes);
    this.#orphanKey[claimKeyBytes] = orphanMark;
    const now = this.#nowSeconds();
    const time = this.#orphanKey.readUInt32BE(0);
    if (!de7InWindow(time, now)) return true;
    try {
      // After a power loss the orphan is forgotten, and the fences have to cover its original: its
      // DE7, and the PTAV that it may carry, which was issued before its reversal was sent.
      this.#de7Line.cover(time);
      this.#ptavLine.cover(now);
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
    const { words } = this.#state;
    const fence = words[kind === "ptav" ? stateWord.fencePtav : stateWord.fenceDe7]!;
    return Math.max(fence, words[stateWord.floor]!);
  }

  /** Raises a fence by hand, for a machine that was reverted together with its memory. */
  raiseFence(kind: HorizonKind, seconds: number): void {
    this.#environment.root.transactionSync(() => {
      this.#loadState();
      const word = kind === "ptav" ? stateWord.fencePtav : stateWord.fenceDe7;
      this.#state.words[word] = Math.max(this.#state.words[word]!, seconds);
      this.#saveState();
    });
  }

  /** The highest time that was claimed, over all processes; 0 where none was. */
  highestClaimed(kind: HorizonKind): number {
    this.#readState();
    return this.#state.words[kind === "ptav" ? stateWord.highestPtav : stateWord.highestDe7]!;
  }

  stats(): ReplayStats {
    this.#readState();
    return readReplayStats(this.#environment, this.#mapSizeBytes, this.#state, {
      failures: this.#failures,
      lastError: this.#lastError,
    });
  }

  close(): Promise<void> {
    return this.#environment.root.close();
  }

  #failed(error: unknown): void {
    this.#failures++;
    this.#lastError = error;
  }

  #nowSeconds(): number {
    return Math.floor(this.#clock.nowMs() / 1_000);
  }

  /** First act of every opener, inside a write transaction. */
  #join(horizon: HorizonPort): void {
    const { meta, slots } = this.#environment;
    const { words } = this.#state;
    const found = this.#state.load(meta.getBinaryFast(stateKey));
    if (found && words[stateWord.layout] !== stateLayout) {
      throw new Error(`the replay store at ${this.path} has another layout`);
    }
    if (found && words[stateWord.width] === this.#width) return;
    for (const slot of slots) slot.clearSync();
    words[stateWord.layout] = stateLayout;
    words[stateWord.width] = this.#width;
    words[stateWord.highestSlot] = 0;
    for (let slot = 0; slot < slotCount; slot++) words[stateWord.orphans + slot] = 0;
    const { fencePtav, fenceDe7 } = stateWord;
    words[fencePtav] = Math.max(words[fencePtav]!, horizon.horizon("ptav"));
    words[fenceDe7] = Math.max(words[fenceDe7]!, horizon.horizon("de7"));
    this.#saveState();
  }

  /** A fresh look from outside a transaction. */
  #readState(): void {
    this.#environment.root.resetReadTxn();
    this.#loadState();
  }

  #loadState(): void {
    if (!this.#state.load(this.#environment.meta.getBinaryFast(stateKey))) {
      throw new Error(`the replay store at ${this.path} has lost its state`);
    }
  }

  #saveState(): void {
    this.#environment.meta.putSync(stateKey, this.#state.bytes);
  }

  /** No claim is made above a horizon: raise them first, flushed, outside the transaction. */
  #raiseHorizons(lanes: ClaimLanes): void {
    const now = this.#nowSeconds();
    let ptav = 0;
    let de7 = 0;
    for (let row = 0; row < lanes.count; row++) {
      const time = lanes.keys.readUInt32BE(row * claimKeyBytes);
      if (lanes.kinds[row] === claimKind.PTAV) {
        if (time > ptav && ptavInWindow(time, now, this.ttlSeconds)) ptav = time;
      } else if (time > de7 && de7InWindow(time, now)) de7 = time;
    }
    this.#ptavLine.cover(ptav);
    this.#de7Line.cover(de7);
  }

  #claimAll(): void {
    this.#loadState();
    if (this.#state.words[stateWord.width] !== this.#width) {
      throw new OtherWidthError("another process opened the replay store with another TTL");
    }
    const now = this.#nowSeconds();
    const lanes = this.#lanes;
    this.#changed = false;
    for (let row = 0; row < lanes.count; row++) lanes.results[row] = this.#claimRow(row, now);
    if (this.#changed) this.#saveState();
  }

  #claimRow(row: number, now: number): number {
    const lanes = this.#lanes;
    const { words } = this.#state;
    const keyAt = row * claimKeyBytes;
    const time = lanes.keys.readUInt32BE(keyAt);
    if (time <= words[stateWord.floor]!) return claim.EXPIRED;
    const ptav = lanes.kinds[row] === claimKind.PTAV;
    if (time <= words[ptav ? stateWord.fencePtav : stateWord.fenceDe7]!) return claim.EXPIRED;
    const inWindow = ptav ? ptavInWindow(time, now, this.ttlSeconds) : de7InWindow(time, now);
    if (!inWindow) return claim.EXPIRED;
    // A time that came into its window between the raising and this line is above the horizon.
    if (!(ptav ? this.#ptavLine : this.#de7Line).covers(time)) return claim.FAILED;
    if (this.#state.orphans() > 0) {
      const verdict = this.#lookForOrphan(row);
      if (verdict !== claim.NEW) return verdict;
    }
    const slot = this.#enterSlot(time);
    lanes.keys.copy(this.#key, 0, keyAt, keyAt + claimKeyBytes);
    const stored = slot.getBinaryFast(this.#key);
    if (stored !== undefined) return this.#judgeRival(stored, row, now);
    const value = this.#value;
    lanes.fingerprints.copy(value, claimAt.fingerprint, row * 16, row * 16 + 16);
    lanes.verificationIds.copy(value, claimAt.verificationId, row * 16, row * 16 + 16);
    value.writeUInt32LE(lanes.peers[row]!, claimAt.peer);
    value.writeUInt32LE(now, claimAt.claimedAt);
    slot.putSync(this.#key, value);
    const highest = ptav ? stateWord.highestPtav : stateWord.highestDe7;
    if (time > words[highest]!) {
      // Whole seconds, so this costs at most one more put a second.
      words[highest] = time;
      this.#changed = true;
    }
    return claim.NEW;
  }

  /** The key was claimed before: by the same transaction, not long ago, or by another? */
  #judgeRival(stored: Buffer, row: number, now: number): number {
    const { fingerprints, peers, verificationIds } = this.#lanes;
    for (let i = 0; i < 16; i++) {
      if (stored[claimAt.fingerprint + i] !== fingerprints[row * 16 + i]) return claim.USED;
    }
    if (stored.readUInt32LE(claimAt.peer) !== peers[row]) return claim.USED;
    const age = now - stored.readUInt32LE(claimAt.claimedAt);
    if (Math.abs(age) > repetitionSeconds) return claim.USED;
    for (let i = 0; i < 16; i++) {
      verificationIds[row * 16 + i] = stored[claimAt.verificationId + i]!;
    }
    return claim.REPETITION;
  }

  /** NEW: no reversal of this message is known. */
  #lookForOrphan(row: number): number {
    const { originals } = this.#lanes;
    const at = row * claimKeyBytes;
    const time = originals.readUInt32BE(at);
    if (time === 0) return claim.NEW;
    // What was remembered for that time has been emptied out: nothing can be said any more.
    if (time <= this.#state.words[stateWord.floor]!) return claim.EXPIRED;
    originals.copy(this.#orphanKey, 0, at, at + claimKeyBytes);
    this.#orphanKey[claimKeyBytes] = orphanMark;
    const slot = this.#environment.slots[Math.floor(time / this.#width) % slotCount]!;
    return slot.getBinaryFast(this.#orphanKey) === undefined ? claim.NEW : claim.REVERSED;
  }

  #storeOrphan(): void {
    this.#loadState();
    if (this.#state.words[stateWord.width] !== this.#width) {
      throw new OtherWidthError("another process opened the replay store with another TTL");
    }
    const now = this.#nowSeconds();
    const time = this.#orphanKey.readUInt32BE(0);
    if (!de7InWindow(time, now) || time <= this.#state.words[stateWord.floor]!) return;
    const slot = this.#enterSlot(time);
    if (slot.getBinaryFast(this.#orphanKey) !== undefined) return;
    this.#value.fill(0);
    this.#value.writeUInt32LE(now, claimAt.claimedAt);
    slot.putSync(this.#orphanKey, this.#value);
    this.#state.words[stateWord.orphans + (Math.floor(time / this.#width) % slotCount)]!++;
    this.#saveState();
  }

  /** The database of `time`; a new highest number empties those that its slots held before. */
  #enterSlot(time: number): ClaimTable {
    const { words } = this.#state;
    const entered = Math.floor(time / this.#width);
    const highest = words[stateWord.highestSlot]!;
    if (entered > highest) {
      const first = Math.max(highest + 1, entered - slotCount + 1);
      for (let number = first; number <= entered; number++) {
        const slot = number % slotCount;
        // Never dropped: another process's old handle would go on accepting everything (measured).
        this.#environment.slots[slot]!.clearSync();
        words[stateWord.orphans + slot] = 0;
      }
      words[stateWord.highestSlot] = entered;
      words[stateWord.floor] = Math.max(words[stateWord.floor]!, floorOf(entered, this.#width));
      this.#changed = true;
    }
    return this.#environment.slots[entered % slotCount]!;
  }
}

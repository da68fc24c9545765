// What happens inside one write transaction of the replay store. The clock, floor, fences, W and
// horizons are all read here, with the write lock held: whatever a process knew before it got the
// lock, or was paused on the way, does not count.
import type { Clock } from "../../platform/mod.ts";
import type { ClaimLanes } from "./claim-lanes.ts";
import {
  claim,
  claimAt,
  claimKeyBytes,
  claimKind,
  claimValueBytes,
  orphanKeyBytes,
  orphanMark,
} from "./claim-record.ts";
import type { ClaimTable, ReplayEnvironment } from "./replay-environment.ts";
import { ReplayState, stateKey, stateWord } from "./replay-state.ts";
import { treePages } from "./replay-stats.ts";
import { de7InWindow, floorOf, ptavInWindow, repetitionSeconds, slotCount } from "./window.ts";

/** Opened with one W, found another: the operator changed the TTL under a running process. */
class OtherWidthError extends Error {
  override readonly name = "OtherWidthError";
}

const newOnly = { noOverwrite: true } as const;

/** A row may copy a leaf and split it; its branches are shared by many. */
const pagesPerRow = 3;

/** Branches, the state, the roots of the tables, the list of free pages. */
const pagesPerTransaction = 64;

export interface ClaimWorkOptions {
  readonly environment: ReplayEnvironment;
  readonly clock: Clock;
  readonly ttlSeconds: number;
  readonly width: number;
}

export class ClaimWork {
  readonly state = new ReplayState();
  readonly #environment: ReplayEnvironment;
  readonly #clock: Clock;
  readonly #ttlSeconds: number;
  readonly #width: number;
  // One of each for all claims: inside a synchronous transaction LMDB copies what it is given.
  readonly #orphanKey = Buffer.allocUnsafeSlow(orphanKeyBytes).fill(orphanMark);
  readonly #value = Buffer.allocUnsafeSlow(claimValueBytes);
  readonly #valueWords = new Int32Array(this.#value.buffer);
  #changed = false;
  /** Pages that this transaction may have taken. */
  #taken = 0;

  constructor(options: ClaimWorkOptions) {
    this.#environment = options.environment;
    this.#clock = options.clock;
    this.#ttlSeconds = options.ttlSeconds;
    this.#width = options.width;
  }

  nowSeconds(): number {
    return Math.floor(this.#clock.nowMs() / 1_000);
  }

  /** First act of every transaction of so many rows: nothing of an earlier one is believed. */
  begin(rows: number): void {
    this.load();
    if (this.state.words[stateWord.width] !== this.#width) {
      throw new OtherWidthError("another process opened the replay store with another TTL");
    }
    this.#taken = rows * pagesPerRow + pagesPerTransaction;
    this.#changed = this.#environment.room.ensure(this.#taken, this.state);
  }

  /** Last act of every transaction. */
  end(): void {
    if (this.#changed) this.save();
  }

  load(): void {
    if (this.state.load(this.#environment.meta.getBinaryFast(stateKey))) return;
    throw new Error(`the replay store at ${this.#environment.path} has lost its state`);
  }

  save(): void {
    this.#environment.meta.putSync(stateKey, this.state.bytes);
  }

  /** Raises a word of the state; it is saved with the transaction. */
  raise(word: number, value: number): void {
    if (this.state.raise(word, value)) this.#changed = true;
  }

  claimAll(lanes: ClaimLanes): void {
    const now = this.nowSeconds();
    // Hardly ever are there any: their keys are computed only then.
    const orphans = this.state.orphans() > 0;
    if (orphans) lanes.fillOriginals();
    for (let row = 0; row < lanes.count; row++) {
      lanes.results[row] = this.#claimRow(lanes, row, now, orphans);
    }
  }

  #claimRow(lanes: ClaimLanes, row: number, now: number, orphans: boolean): number {
    const { words } = this.state;
    const keyAt = row * claimKeyBytes;
    const time = lanes.keys.readUInt32BE(keyAt);
    const ptav = lanes.kinds[row] === claimKind.PTAV;
    if (time <= words[stateWord.floor]!) return claim.EXPIRED;
    if (time <= words[ptav ? stateWord.fencePtav : stateWord.fenceDe7]!) return claim.EXPIRED;
    const inWindow = ptav ? ptavInWindow(time, now, this.#ttlSeconds) : de7InWindow(time, now);
    if (!inWindow) return claim.EXPIRED;
    // A time that came into its window after the horizons were raised for this batch.
    if (time > words[ptav ? stateWord.horizonPtav : stateWord.horizonDe7]!) return claim.FAILED;
    if (orphans) {
      const verdict = this.#lookForOrphan(lanes, row);
      if (verdict !== claim.NEW) return verdict;
    }
    const slot = this.#enterSlot(time);
    const key = lanes.keyOf[row]!;
    this.#fillValue(lanes, row, now);
    // One descent of the tree for the usual case: a second one only where the key is there.
    // lmdb-js declares no result, and returns false where the key stands already.
    const put: unknown = slot.putSync(key, this.#value, newOnly);
    if (put === false) {
      return this.#judgeRival(slot.getBinaryFast(key)!, lanes, row, now);
    }
    // Whole seconds, so this changes the state at most once a second.
    this.raise(ptav ? stateWord.highestPtav : stateWord.highestDe7, time);
    return claim.NEW;
  }

  #fillValue(lanes: ClaimLanes, row: number, now: number): void {
    const { fingerprintWords, verificationIdWords } = lanes;
    const words = this.#valueWords;
    const from = row * 4;
    for (let i = 0; i < 4; i++) {
      words[claimAt.fingerprint / 4 + i] = fingerprintWords[from + i]!;
      words[claimAt.verificationId / 4 + i] = verificationIdWords[from + i]!;
    }
    this.#value.writeUInt32LE(lanes.peers[row]!, claimAt.peer);
    this.#value.writeUInt32LE(now, claimAt.claimedAt);
  }

  /** The key was claimed before: by the same transaction, not long ago, or by another? */
  #judgeRival(stored: Buffer, lanes: ClaimLanes, row: number, now: number): number {
    const { fingerprints, peers, verificationIds } = lanes;
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
  #lookForOrphan(lanes: ClaimLanes, row: number): number {
    const { originals } = lanes;
    const at = row * claimKeyBytes;
    const time = originals.readUInt32BE(at);
    if (time === 0) return claim.NEW;
    // What was remembered for that time has been emptied out: nothing can be said any more.
    if (time <= this.state.words[stateWord.floor]!) return claim.EXPIRED;
    originals.copy(this.#orphanKey, 0, at, at + claimKeyBytes);
    const slot = this.#environment.slots[Math.floor(time / this.#width) % slotCount]!;
    return slot.getBinaryFast(this.#orphanKey) === undefined ? claim.NEW : claim.REVERSED;
  }

  /** What a claim would get now. Stores nothing; looks at the newest state. */
  judge(lanes: ClaimLanes, row: number): number {
    this.load();
    const now = this.nowSeconds();
    const { words } = this.state;
    const time = lanes.keys.readUInt32BE(row * claimKeyBytes);
    const ptav = lanes.kinds[row] === claimKind.PTAV;
    if (time <= words[stateWord.floor]!) return claim.EXPIRED;
    if (time <= words[ptav ? stateWord.fencePtav : stateWord.fenceDe7]!) return claim.EXPIRED;
    const inWindow = ptav ? ptavInWindow(time, now, this.#ttlSeconds) : de7InWindow(time, now);
    if (!inWindow) return claim.EXPIRED;
    if (this.state.orphans() > 0) {
      const verdict = this.#lookForOrphan(lanes, row);
      if (verdict !== claim.NEW) return verdict;
    }
    // Its time is in the key: what an old slot still holds cannot be taken for it.
    const slot = this.#environment.slots[Math.floor(time / this.#width) % slotCount]!;
    const stored = slot.getBinaryFast(lanes.keyOf[row]!);
    return stored === undefined ? claim.NEW : this.#judgeRival(stored, lanes, row, now);
  }

  /** Stores a claim that the shard's owner judged, by its clock and not by this one. */
  keep(lanes: ClaimLanes, row: number, claimedAt: number): void {
    const time = lanes.keys.readUInt32BE(row * claimKeyBytes);
    if (time <= this.state.words[stateWord.floor]!) return;
    const slot = this.#enterSlot(time);
    this.#fillValue(lanes, row, claimedAt);
    slot.putSync(lanes.keyOf[row]!, this.#value, newOnly);
  }

  /** The same for a reversal that came before its original. */
  keepOrphan(original: Buffer, claimedAt: number): void {
    if (original.readUInt32BE(0) <= this.state.words[stateWord.floor]!) return;
    this.#putOrphan(original, claimedAt);
  }

  /** Remembers a reversal that came before its original; `key` is the original's, 12 bytes. */
  rememberOrphan(original: Buffer): void {
    const now = this.nowSeconds();
    const time = original.readUInt32BE(0);
    // Its original can no longer be claimed: there is nothing to remember it for.
    if (!de7InWindow(time, now) || time <= this.state.words[stateWord.floor]!) return;
    this.#putOrphan(original, now);
  }

  #putOrphan(original: Buffer, now: number): void {
    const time = original.readUInt32BE(0);
    const slot = this.#enterSlot(time);
    const key = this.#orphanKey;
    original.copy(key, 0, 0, claimKeyBytes);
    if (slot.getBinaryFast(key) !== undefined) return;
    this.#value.fill(0);
    this.#value.writeUInt32LE(now, claimAt.claimedAt);
    slot.putSync(key, this.#value);
    const count = stateWord.orphans + (Math.floor(time / this.#width) % slotCount);
    this.raise(count, this.state.words[count]! + 1);
  }

  /** The database of `time`; a new highest number empties those that its slots held before. */
  #enterSlot(time: number): ClaimTable {
    const { words } = this.state;
    const entered = Math.floor(time / this.#width);
    const highest = words[stateWord.highestSlot]!;
    if (entered > highest) {
      const first = Math.max(highest + 1, entered - slotCount + 1);
      for (let number = first; number <= entered; number++) {
        const slot = number % slotCount;
        // The list of the freed pages takes pages itself, 8 bytes for each.
        const freed = treePages(this.#environment.slots[slot]!);
        const pages = Math.ceil(freed / 256) + pagesPerTransaction;
        if (this.#environment.room.ensure(pages, this.state, this.#taken)) this.#changed = true;
        this.#taken += pages;
        // Never dropped: another process's old handle would go on accepting everything (measured).
        this.#environment.slots[slot]!.clearSync();
        words[stateWord.orphans + slot] = 0;
      }
      this.raise(stateWord.highestSlot, entered);
      this.raise(stateWord.floor, floorOf(entered, this.#width));
    }
    return this.#environment.slots[entered % slotCount]!;
  }
}

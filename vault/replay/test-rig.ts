// A replay store in a folder of its own, under a clock that a test moves.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock, type ManualClock } from "../../platform/mod.ts";
import { ClaimLanes } from "./claim-lanes.ts";
import { claimKind } from "./claim-record.ts";
import type { HorizonKind, HorizonPort } from "./horizon.ts";
import { type ReplayOptions, ReplayStore } from "./replay-store.ts";

export const bootA = "aaaaaaaaaaaaaaaa";
export const bootB = "bbbbbbbbbbbbbbbb";
export const incarnation = "0123456789abcdef0123456789abcdef";

/** The vault's two numbers, in memory; every raise is on record. */
export class MemoryHorizon implements HorizonPort {
  readonly seconds: Record<HorizonKind, number> = { ptav: 0, de7: 0 };
  readonly raises: { readonly kind: HorizonKind; readonly seconds: number }[] = [];
  broken = false;

  horizon(kind: HorizonKind): number {
    return this.seconds[kind];
  }

  raise(kind: HorizonKind, seconds: number): void {
    if (this.broken) throw new Error("the vault cannot be written");
    this.raises.push({ kind, seconds });
    this.seconds[kind] = Math.max(this.seconds[kind], seconds);
  }
}

export interface Claim {
  readonly kind?: "ptav" | "de7";
  readonly time: number;
  /** Tells keys of one second apart. */
  readonly key: number;
  /** The transaction: another one has another fingerprint. */
  readonly transaction?: number;
  readonly peer?: number;
  readonly id?: number;
  readonly original?: { readonly time: number; readonly key: number };
}

export interface Outcome {
  readonly result: number;
  /** The number in the verification id that came back. */
  readonly id: number;
}

function writeKey(keys: Buffer, at: number, time: number, key: number): void {
  keys.fill(0, at, at + 12);
  keys.writeUInt32BE(time, at);
  keys.writeUInt32BE(key, at + 8);
}

export class ReplayRig {
  readonly dir = mkdtempSync(join(tmpdir(), "pantun-replay-"));
  readonly clock: ManualClock = createManualClock();
  readonly horizon = new MemoryHorizon();
  readonly #open: ReplayStore[] = [];

  get now(): number {
    return Math.floor(this.clock.nowMs() / 1_000);
  }

  store(options: Partial<ReplayOptions> = {}): ReplayStore {
    const store = ReplayStore.open({
      dir: this.dir,
      bootId: bootA,
      incarnation,
      ttlSeconds: 900,
      clock: this.clock,
      horizon: this.horizon,
      mapSizeBytes: 64 * 1024 ** 2,
      ...options,
    });
    this.#open.push(store);
    return store;
  }

  claim(store: ReplayStore, ...claims: readonly Claim[]): Outcome[] {
    const lanes = new ClaimLanes(Math.max(1, claims.length));
    lanes.count = claims.length;
    claims.forEach((claim, row) => {
      writeKey(lanes.keys, row * 12, claim.time, claim.key);
      lanes.kinds[row] = claim.kind === "de7" ? claimKind.DE7 : claimKind.PTAV;
      lanes.fingerprints.fill(claim.transaction ?? claim.key, row * 16, row * 16 + 16);
      lanes.verificationIds.writeUInt32BE(claim.id ?? 0, row * 16);
      lanes.peers[row] = claim.peer ?? 1;
      const { original } = claim;
      if (original !== undefined) writeKey(lanes.originals, row * 12, original.time, original.key);
    });
    store.claim(lanes);
    return claims.map((_, row) => ({
      result: lanes.results[row]!,
      id: lanes.verificationIds.readUInt32BE(row * 16),
    }));
  }

  claimOne(store: ReplayStore, claim: Claim): number {
    return this.claim(store, claim)[0]!.result;
  }

  rememberOrphan(store: ReplayStore, time: number, key: number): boolean {
    const original = Buffer.alloc(12);
    writeKey(original, 0, time, key);
    return store.rememberOrphan(original);
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((store) => store.close()));
    rmSync(this.dir, { recursive: true, force: true });
  }
}

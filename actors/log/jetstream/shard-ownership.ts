// One shard on one node: FOLLOW -> ACQUIRE -> BARRIER -> OWN -> DRAIN -> FOLLOW, and PARKED. Two
// nodes that both believe to own it are harmless: each append names the end that it expects.
import { settle } from "../settle.ts";
import { nodeSubject } from "./names.ts";
import { pingRequest } from "./node-messages.ts";
import type {
  OwnershipPorts,
  OwnershipState,
  ParkReason,
  ReleaseReason,
  ShardTail,
} from "./ownership-port.ts";
import { ownershipTimes } from "./ownership-port.ts";
import { ShardLease } from "./shard-lease.ts";
import { Takeover } from "./takeover.ts";
import { jittered, sleep } from "./timers.ts";

export interface ShardOwnershipOptions {
  readonly shard: number;
  readonly ports: OwnershipPorts;
  /** This node's place among those that should own the shard; 0 is first. */
  readonly rank: (without?: string) => number;
  /** Whether another node was heard as its owner lately. */
  readonly ownerHeard: () => boolean;
  readonly collect: () => Promise<readonly ShardTail[]>;
  /** This node owns the shard from now on. */
  readonly owns: () => void;
}

/** Others leave the node that was named in a hand-over this much time. */
const namedFirstMs = 1_500;

/** Whoever answers at all does so by then, also on a busy machine. */
const movableMs = 500;

const kinds = ["evt", "pay"] as const;

export class ShardOwnership {
  readonly #options: ShardOwnershipOptions;
  readonly #ports: OwnershipPorts;
  readonly #lease: ShardLease;
  #state: OwnershipState = "FOLLOW";
  /** Of this node while it owns. */
  #epoch = 0;
  #seenEpoch = 0;
  /** Raised whenever an attempt under way has become pointless. */
  #attempt = 0;
  #busy = false;
  #stopped = false;
  #penaltyMs = 0;
  #guessedFrom: string | undefined;
  #cancelTry: () => void = () => {};

  constructor(options: ShardOwnershipOptions) {
    this.#options = options;
    this.#ports = options.ports;
    const { shard, ports } = options;
    this.#lease = new ShardLease({
      shard,
      ports,
      position: () => ports.host.tail(shard).evt,
      lost: (reason) => this.#leave(reason),
    });
  }

  get state(): OwnershipState {
    return this.#state;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** The owner that this node took for gone. */
  get guessedFrom(): string | undefined {
    return this.#guessedFrom;
  }

  /** Whether commands and appends of this node may go on: asked before each. */
  get admits(): boolean {
    return (this.#state === "OWN" || this.#state === "DRAIN") && this.#lease.good;
  }

  start(): void {
    this.#plan(this.#options.rank() * ownershipTimes.rankMs);
  }

  /** Ends without a hand-over; what is in flight stays open. */
  stop(): void {
    this.#stopped = true;
    this.#cancelTry();
    this.#attempt++;
    if (this.#state === "OWN" || this.#state === "DRAIN") this.#release("stopped");
    this.#lease.letGo();
  }

  #plan(ms: number): void {
    this.#cancelTry();
    if (this.#stopped) return;
    this.#cancelTry = this.#ports.timers.after(ms, () => {
      this.#tryByLease().catch(() => this.#planNext());
    });
  }

  #planNext(): void {
    const rankMs = this.#options.rank() * ownershipTimes.rankMs;
    this.#plan(jittered(this.#ports.random, ownershipTimes.tryMs) + rankMs);
  }

  async #tryByLease(): Promise<void> {
    if (this.#state !== "FOLLOW" || this.#busy || this.#options.ownerHeard()) {
      this.#planNext();
      return;
    }
    let left = false;
    await this.#exclusively(async () => {
      const attempt = this.#attempt;
      if (!(await this.#lease.take())) left = await this.#lease.leftByLastLife();
      else if (attempt !== this.#attempt || this.#stopped) this.#lease.letGo();
      else await this.#acquire("lease");
    });
    if (left) await this.#takeFromLastLife();
    else this.#planNext();
  }

  /**
   * The lease is of this node's name and of another process: one that has ended, or a twin, which
   * would have been heard by now. A wrong guess costs a barrier, as any other.
   */
  async #takeFromLastLife(): Promise<void> {
    const { timers, node } = this.#ports;
    await sleep(timers, ownershipTimes.silentMs);
    await this.takeFrom(node);
    if (this.#state === "FOLLOW") this.#planNext();
  }

  /**
   * The owner is provably gone: the barrier first, the lease behind it. A wrong guess makes this
   * node slower next time. Whoever has opened an epoch meanwhile was faster.
   */
  async takeFrom(owner: string): Promise<void> {
    const { epoch } = this.#ports.host.tail(this.#options.shard);
    await this.#withoutLease(async () => {
      const attempt = this.#attempt;
      // Among the others this node has no place where it takes from its own last life.
      const rankMs = Math.max(0, this.#options.rank(owner)) * ownershipTimes.rankMs;
      await sleep(this.#ports.timers, rankMs + this.#penaltyMs);
      if (attempt !== this.#attempt || this.#options.ownerHeard()) return;
      this.#guessedFrom = owner;
      await this.#acquire("guess", epoch);
    });
  }

  async #withoutLease(work: () => Promise<void>): Promise<void> {
    if (this.#state !== "FOLLOW" || this.#busy || this.#stopped) return;
    await this.#exclusively(work).catch(() => {});
  }

  /** An operator wants this node to own the shard, whoever does now: the barrier fences it. */
  async seize(): Promise<boolean> {
    await this.#withoutLease(() => this.#acquire("operator"));
    return this.#state === "OWN";
  }

  /** The owner that was taken for gone has been heard: this node guessed wrong. */
  guessedWrong(): void {
    this.#guessedFrom = undefined;
    const doubled = Math.max(ownershipTimes.rankMs, this.#penaltyMs * 2);
    this.#penaltyMs = Math.min(ownershipTimes.penaltyMsMax, doubled);
  }

  async #exclusively(work: () => Promise<void>): Promise<void> {
    this.#busy = true;
    try {
      await work();
    } finally {
      this.#busy = false;
    }
  }

  async #acquire(why: "lease" | "guess" | "named" | "operator", onlyAfter?: number): Promise<void> {
    const attempt = this.#attempt;
    let barrierAtMs = 0;
    this.#move("ACQUIRE", why);
    const { shard, collect } = this.#options;
    const takeover = new Takeover({
      shard,
      ports: this.#ports,
      collect,
      goesOn: () => attempt === this.#attempt && !this.#stopped,
      atBarrier: () => {
        barrierAtMs = this.#ports.clock.monotonicMs();
        this.#move("BARRIER", why);
      },
      ...(onlyAfter === undefined ? {} : { onlyAfter }),
    });
    try {
      const fate = await takeover.run();
      if (attempt !== this.#attempt || this.#stopped) this.#lease.letGo();
      else if (fate.kind === "owned" && this.#seenEpoch <= fate.epoch) {
        this.#own(fate, why, barrierAtMs);
      } else if (fate.kind === "park") this.park(fate.reason, fate.detail);
      else this.#quit(why === "guess" && fate.kind === "lost" && fate.alive);
    } catch (error) {
      if (attempt === this.#attempt) this.#quit(false);
      throw error;
    }
  }

  #quit(wrongGuess: boolean): void {
    if (wrongGuess) this.guessedWrong();
    this.#lease.letGo();
    this.#move("FOLLOW", "was not first");
  }

  #own(
    fate: { readonly epoch: number; readonly evt: number; readonly pay: number },
    why: string,
    barrierAtMs: number,
  ): void {
    const { shard, owns } = this.#options;
    this.#epoch = fate.epoch;
    this.#move("OWN", why);
    this.#ports.host.own(shard, fate.epoch, { evt: fate.evt, pay: fate.pay });
    if (why !== "lease") this.#lease.overwrite(barrierAtMs);
    owns();
  }

  /** Applied by the fold: somebody has opened an epoch. */
  opened(epoch: number, nonce: Buffer): void {
    this.#seenEpoch = Math.max(this.#seenEpoch, epoch);
    if (nonce.equals(this.#ports.nonce)) return;
    const owns = this.#state === "OWN" || this.#state === "DRAIN";
    if (owns && epoch > this.#epoch) this.#leave("fenced");
  }

  /** Applied by the fold: the owner has finished in favour of a node. */
  closed(epoch: number, to: string): void {
    if (epoch < this.#seenEpoch || this.#state !== "FOLLOW") return;
    const rankMs = this.#options.rank() * ownershipTimes.rankMs;
    if (to !== this.#ports.node) this.#plan(namedFirstMs + rankMs);
    else void this.#withoutLease(() => this.#acquire("named", epoch));
  }

  /**
   * Hands the shard to a node. False where it does not own it, lost it meanwhile, or where log or
   * node do not answer: the shard would take no commands until they do.
   */
  async move(to: string): Promise<boolean> {
    if (this.#state !== "OWN" || !(await this.#canMove(to)) || this.#state !== "OWN") return false;
    const { shard } = this.#options;
    const epoch = this.#epoch;
    const draining = (): boolean => this.#state === "DRAIN" && this.#epoch === epoch;
    this.#move("DRAIN", `to ${to}`);
    await this.#ports.host.drain(shard);
    if (!draining()) return false;
    const stream = this.#ports.log.stream("evt", shard);
    const { bytes, after } = this.#ports.host.seal("evt", shard, epoch, { kind: "closed", to });
    const identity = this.#ports.host.tail(shard).identity.evt;
    const sent = { bytes, after, identity, epoch, role: "owner" } as const;
    const fate = await settle(stream, sent, () => {}, {
      sleep: (ms) => sleep(this.#ports.timers, ms),
      below: (limit) => this.#ports.random.below(limit),
      maySend: () => this.#lease.good,
      givenUp: () => !draining(),
    });
    if (!draining()) return false;
    if (fate.kind === "park") this.park(fate.reason, "while it was handed over");
    else this.#leave(fate.kind === "fenced" ? "fenced" : "moved");
    return fate.kind === "stored";
  }

  async #canMove(to: string): Promise<boolean> {
    const { log, bus, timers } = this.#ports;
    const ends = kinds.map((kind) => log.stream(kind, this.#options.shard).end());
    const node = bus.request(nodeSubject(to), pingRequest, movableMs);
    const all = Promise.all([node, ...ends]).then(
      ([{ kind }]) => kind === "answer",
      () => false,
    );
    return Promise.race([all, sleep(timers, movableMs).then(() => false)]);
  }

  park(reason: ParkReason, detail: string): void {
    if (this.#state === "PARKED") return;
    this.#toParked(reason);
    this.#ports.host.park(this.#options.shard, reason, detail);
  }

  /** The runtime has parked the shard by itself. */
  hostParked(): void {
    if (this.#state !== "PARKED") this.#toParked("by the runtime");
  }

  #toParked(why: string): void {
    this.#attempt++;
    this.#cancelTry();
    this.#lease.letGo();
    this.#move("PARKED", why);
  }

  /** An operator has looked. */
  unpark(): void {
    if (this.#state !== "PARKED") return;
    this.#ports.host.unpark(this.#options.shard);
    this.#move("FOLLOW", "unparked");
    this.#planNext();
  }

  #leave(reason: ReleaseReason): void {
    this.#attempt++;
    if (this.#state === "OWN" || this.#state === "DRAIN") this.#release(reason);
    else if (this.#state !== "PARKED") this.#move("FOLLOW", reason);
    this.#lease.letGo();
    if (reason === "moved") this.#plan(namedFirstMs + ownershipTimes.tryMs);
    else if (this.#state !== "PARKED") this.#planNext();
  }

  #release(reason: ReleaseReason): void {
    this.#move("FOLLOW", reason);
    this.#ports.host.release(this.#options.shard, reason);
  }

  #move(state: OwnershipState, why: string): void {
    this.#state = state;
    this.#ports.notice({ shard: this.#options.shard, state, why });
  }
}

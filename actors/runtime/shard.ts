// One shard on this node: what it may do (state), the commands that wait for its log, and the one
// append that is under way. Who makes it acquire or drain is another's business: one process alone
// acquires all at its start, in a cluster a lease says whose turn it is.
import { type AppError, appError } from "../../platform/mod.ts";
import type { ShardLog } from "../log/port.ts";
import type { LogEvent } from "../log/record.ts";
import type { ResyncCause } from "../log/settle.ts";
import type { Envelope } from "./actor-kind.ts";
import { Appender, type AppendFate } from "./appender.ts";
import type { Cursor } from "./cursor.ts";
import { Desk } from "./desk.ts";
import { epochClosed, epochOpened } from "./event-frame.ts";
import type { Barrier, Fold } from "./fold.ts";
import type { AnswerTo, Group } from "./group.ts";
import { ParkError } from "./park.ts";
import type { RuntimePorts } from "./ports.ts";
import { sealBehind } from "./seal-behind.ts";
import { ShardFollow } from "./shard-follow.ts";
import { logFull, moved, notSeen, readOnlyMs, shardParked } from "./shard-refusals.ts";

/**
 * FOLLOW: applies what others append. ACQUIRE: catches up, to own. BARRIER: opens its epoch. OWN:
 * decides. DRAIN: finishes what it decided. PARKED: stands until an operator has looked.
 */
export type ShardState = "FOLLOW" | "ACQUIRE" | "BARRIER" | "OWN" | "DRAIN" | "PARKED";

export interface ShardEvents {
  state?(shard: number, state: ShardState, why?: ParkError): void;
  /** The projection has reached this record. */
  applied?(shard: number, cursor: Cursor): void;
  /** It has followed the log over an opened or closed epoch. */
  barrier?(shard: number, barrier: Barrier): void;
  /** What became of an append had to be read from the log. */
  resync?(shard: number, cause: ResyncCause): void;
  /** Something that may pass and that somebody should know of. */
  alarm?(shard: number, error: Error): void;
}

export interface ShardOptions extends RuntimePorts {
  readonly log: ShardLog;
  readonly fold: Fold;
  /** This node's name, and the eight bytes drawn at this process's start. */
  readonly node: string;
  readonly nonce: Buffer;
  /** Whether this node may decide and append now (its lease); asked before each. */
  readonly admit?: () => boolean;
  /** Highest times claimed in this shard, Unix seconds. */
  readonly horizons?: (shard: number) => { readonly ptav: number; readonly de7: number };
  readonly actorsMax: number;
  /** Takes commands that actors send to others, of this shard or another. */
  readonly send: (envelope: Envelope, answer: AnswerTo) => void;
  readonly events: ShardEvents;
}

/** A group on its way to the log, and what was in memory when it was decided. */
interface Taken {
  readonly group: Group;
  readonly desk: Desk;
  readonly epoch: number;
}

/** Of a group that stores nothing: the log goes on behind the cursor, or does not tell its end. */
type LookFate = { readonly kind: "overtaken" } | { readonly kind: "unseen" };

export class Shard {
  readonly shard: number;
  readonly #options: ShardOptions;
  readonly #admit: () => boolean;
  readonly #appender: Appender;
  #state: ShardState = "FOLLOW";
  #parked: ParkError | undefined;
  #desk: Desk;
  #follow: ShardFollow | undefined;
  #epoch = 0;
  /** What the stream was when this node came to own the shard. */
  #identity = "";
  #taken: Taken | undefined;
  #due = false;
  #stopped = false;
  #readOnlyUntilMs = 0;
  /** Called whenever something moved: a record was applied, a group settled, the state changed. */
  readonly #watchers = new Set<() => void>();

  constructor(options: ShardOptions) {
    this.#options = options;
    this.shard = options.log.shard;
    this.#admit = options.admit ?? (() => true);
    this.#desk = this.#newDesk();
    this.#appender = this.#newAppender();
  }

  get state(): ShardState {
    return this.#state;
  }

  /** Why it stands, while it is PARKED. */
  get parked(): ParkError | undefined {
    return this.#parked;
  }

  get cursor(): Cursor {
    return this.#options.fold.cursor(this.shard);
  }

  /** Commands that wait for an answer. */
  get waiting(): number {
    return this.#desk.waiting;
  }

  get actorsInMemory(): number {
    return this.#desk.actorsInMemory;
  }

  /** The shard's time, never falling; what a timer is compared with. */
  nowMs(): number {
    return this.#desk.nowMs();
  }

  /** Begins to apply what the log holds and gets. */
  follow(): void {
    const { log, fold, turns, events } = this.#options;
    if (this.#follow !== undefined || this.#state === "PARKED") return;
    this.#follow = new ShardFollow({
      log,
      fold,
      turns,
      applied: (cursor, barriers) => {
        this.#applied(cursor);
        for (const barrier of barriers) events.barrier?.(this.shard, barrier);
      },
      park: (error) => this.park(error),
      alarm: (error) => events.alarm?.(this.shard, error),
    });
  }

  /** Ends following: the owner of an embedded log sees every record anyway. */
  async unfollow(): Promise<void> {
    const follow = this.#follow;
    this.#follow = undefined;
    await follow?.stop();
  }

  /**
   * Catches up with the log, opens the next epoch and owns the shard. False where somebody else
   * was faster or the shard parked. Follows already, or has nothing to catch up with.
   */
  async acquire(): Promise<boolean> {
    if (this.#state !== "FOLLOW" || this.#taken !== undefined) return false;
    this.#move("ACQUIRE");
    const { lastSeq, identity } = await this.#options.log.end();
    this.#identity = identity;
    if (this.cursor.seq > lastSeq) {
      const detail = `the log ends at ${lastSeq}`;
      this.park(new ParkError("log-behind-projection", this.shard, this.cursor.seq, detail));
      return false;
    }
    await this.#until(() => !this.#is("ACQUIRE") || this.cursor.seq >= lastSeq);
    if (!this.#is("ACQUIRE")) return false;
    this.#move("BARRIER");
    const epoch = this.cursor.epoch + 1;
    const fate = await this.#append(epoch, this.#desk.nowMs(), [epochOpened(this.#options.node)]);
    if (!this.#is("BARRIER")) return false;
    const mine = this.cursor.epoch === epoch && this.cursor.nonce.equals(this.#options.nonce);
    if (fate.kind !== "applied" || !mine) {
      if (fate.kind === "parked") this.park(fate.error);
      else this.#move("FOLLOW");
      return false;
    }
    this.own(epoch, identity);
    return true;
  }

  /**
   * Decides from now on, in an epoch whose barrier this node has written and applied. `identity`:
   * what the stream is. What is still under way from an epoch before goes its own way.
   */
  own(epoch: number, identity: string): void {
    if (this.#state === "PARKED" || this.#stopped) return;
    this.#epoch = epoch;
    this.#identity = identity;
    this.#desk = this.#newDesk();
    this.#move("OWN");
  }

  /** Another may own the shard: nothing is decided, what is under way is read from the log. */
  release(): void {
    if (this.#owns()) this.#leave(moved());
  }

  /** Decides on a command; `answer` is called once. */
  submit(envelope: Envelope, answer: AnswerTo): void {
    const error = this.#refusal();
    if (error !== undefined) {
      answer({ ok: false, error });
      return;
    }
    this.#desk.submit(envelope, answer);
    if (this.#desk.hasGroup) this.#pumpSoon();
  }

  /** Finishes what was decided, then closes the epoch in favour of `to`, if anybody is. */
  async drain(to?: string): Promise<void> {
    if (this.#state !== "OWN") return;
    this.#move("DRAIN");
    this.#pump();
    await this.#until(() => !this.#is("DRAIN") || (!this.#taken && !this.#desk.hasGroup));
    if (!this.#is("DRAIN")) return;
    if (to !== undefined) await this.#append(this.#epoch, this.#desk.nowMs(), [epochClosed(to)]);
    if (this.#is("DRAIN")) this.#leave(moved());
  }

  /** Stops the shard where it stands; nothing is decided or applied until `unpark`. */
  park(error: ParkError): void {
    if (this.#state === "PARKED") return;
    this.#parked = error;
    this.#move("PARKED", error);
    void this.unfollow();
    this.#desk.void(undefined, moved(), shardParked(error));
  }

  /** An operator has looked. The caller then follows or acquires. */
  unpark(): void {
    if (this.#state !== "PARKED") return;
    this.#parked = undefined;
    this.#move("FOLLOW");
  }

  /** Gives up what is under way: its callers are told that nobody knows. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#appender.stop();
    const gone = appError("OUTCOME_UNKNOWN", "The service stops; send the command again.");
    this.#taken?.desk.void(this.#taken.group, gone, moved());
    this.#desk.void(undefined, gone, moved());
    if (this.#state !== "PARKED") this.#move("FOLLOW");
    await this.unfollow();
  }

  /** Now and then: tells callers whose deadline has passed. */
  tick(): void {
    this.#taken?.desk.expire(this.#taken.group);
    if (this.#taken?.desk !== this.#desk) this.#desk.expire(undefined);
  }

  /** Resolves when the projection has reached `seq`; false where the shard parked before. */
  async reached(seq: number): Promise<boolean> {
    await this.#until(() => this.#state === "PARKED" || this.cursor.seq >= seq);
    return this.cursor.seq >= seq;
  }

  #refusal(): AppError | undefined {
    if (this.#parked !== undefined) return shardParked(this.#parked);
    if (this.#state !== "OWN") return moved();
    if (!this.#admit()) return moved();
    if (this.#options.clock.monotonicMs() < this.#readOnlyUntilMs) return logFull();
    return undefined;
  }

  /** One pump for all that arrives in this turn: they make one group. */
  #pumpSoon(): void {
    if (this.#due || this.#taken !== undefined) return;
    this.#due = true;
    this.#options.turns.defer(() => {
      this.#due = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#taken !== undefined || !this.#owns()) return;
    const group = this.#desk.next();
    if (group === undefined) return;
    const taken = { group, desk: this.#desk, epoch: this.#epoch };
    this.#taken = taken;
    const fate =
      group.events.length === 0
        ? this.#look()
        : this.#append(this.#epoch, group.atMs, group.sealed);
    void fate.then((known) => this.#settled(taken, known));
  }

  /**
   * For a group of refusals alone: nothing is stored, but a node that was overtaken while it stood
   * still would refuse out of the past. Where the log ends at the cursor, nobody has decided since.
   */
  async #look(): Promise<AppendFate | LookFate> {
    const { log, events } = this.#options;
    try {
      const { lastSeq, identity } = await log.end();
      const { cursor } = this;
      if (identity !== this.#identity || lastSeq > cursor.seq) return { kind: "overtaken" };
      return lastSeq === cursor.seq
        ? { kind: "applied", seq: lastSeq, cursor }
        : { kind: "unseen" };
    } catch (error) {
      events.alarm?.(this.shard, error as Error);
      return { kind: "unseen" };
    }
  }

  #settled({ group, desk, epoch }: Taken, fate: AppendFate | LookFate): void {
    // Its callers have been told already that nobody knows.
    if (this.#stopped) return;
    this.#taken = undefined;
    if (fate.kind === "applied") {
      desk.applied(group, fate.seq);
      this.#applied(fate.cursor);
    } else if (fate.kind === "unseen") {
      desk.unseen(group, notSeen());
    } else if (fate.kind === "full") {
      this.#readOnlyUntilMs = this.#options.clock.monotonicMs() + readOnlyMs;
      this.#options.events.alarm?.(this.shard, fate.cause);
      desk.void(group, logFull(), logFull());
    } else if (fate.kind === "fenced" || fate.kind === "overtaken") {
      desk.void(group, moved(), moved());
      // The epoch of a newer ownership is not concerned.
      if (this.#owns() && epoch === this.#epoch) this.#leave(moved());
    } else {
      const unknown = appError("OUTCOME_UNKNOWN", "Nobody knows what became of the command.");
      desk.void(group, unknown, moved());
      if (fate.kind === "parked") this.park(fate.error);
    }
    this.#pump();
    this.#wake();
  }

  /** Seals the events behind the cursor and stays with the record until its fate is known. */
  async #append(epoch: number, atMs: number, events: readonly LogEvent[]): Promise<AppendFate> {
    const { fold, nonce, horizons } = this.#options;
    const { shard } = this;
    const claimed = horizons?.(shard) ?? { ptav: 0, de7: 0 };
    const fields = { kind: "evt", shard, epoch, nonce, atMs, claimed } as const;
    try {
      const { bytes, record, after } = sealBehind(fold, fields, events);
      return await this.#appender.settle(bytes, record, after, this.#identity);
    } catch (error) {
      // Nothing was handed over: the keys, or a bound that the desk should have held.
      this.#options.events.alarm?.(shard, error as Error);
      return { kind: "full", cause: error as Error };
    }
  }

  #applied(cursor: Cursor): void {
    this.#options.events.applied?.(this.shard, cursor);
    const mine = cursor.epoch === this.#epoch && cursor.nonce.equals(this.#options.nonce);
    // Another has opened an epoch. What is in flight may still have been stored before that.
    if (this.#owns() && !mine) this.#leave(moved());
    this.#wake();
  }

  #is(state: ShardState): boolean {
    return this.#state === state;
  }

  #owns(): boolean {
    return this.#state === "OWN" || this.#state === "DRAIN";
  }

  #leave(error: AppError): void {
    this.#move("FOLLOW");
    this.#desk.void(undefined, error, error);
  }

  #move(state: ShardState, why?: ParkError): void {
    this.#state = state;
    this.#options.events.state?.(this.shard, state, why);
    this.#wake();
  }

  #wake(): void {
    for (const look of [...this.#watchers]) look();
  }

  #until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!holds()) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  #newDesk(): Desk {
    const { fold, clock, actorsMax, send } = this.#options;
    const park = (error: ParkError) => this.park(error);
    return new Desk({ fold, clock, actorsMax, send, park, shard: this.shard }, this.cursor.atMs);
  }

  #newAppender(): Appender {
    const { log, fold, clock, turns, random, events } = this.#options;
    const resync = (cause: ResyncCause) => events.resync?.(this.shard, cause);
    return new Appender({ log, fold, clock, turns, random, admit: this.#admit, resync });
  }
}

// The runtime: all shards of one node over one log and one projection. It bounds what waits, hands
// each command to its shard, and lets timers fire.
import { appError, isAppError } from "../../platform/mod.ts";
import type { LogMeta } from "../log/log-meta.ts";
import type { Log } from "../log/port.ts";
import { commandIdBytes, nonceBytes, type RecordSeal } from "../log/record.ts";
import type { Store } from "../store/port.ts";
import type { Envelope, Reply } from "./actor-kind.ts";
import { DueTimers } from "./due-timers.ts";
import { Fold, type PaymentSink } from "./fold.ts";
import type { AnswerTo } from "./group.ts";
import type { KindTable } from "./kinds.ts";
import type { RuntimePorts } from "./ports.ts";
import { Shard, type ShardEvents, type ShardOptions } from "./shard.ts";
import type { TailRows } from "./tail-rows.ts";

/** How often due timers and passed deadlines are looked for. */
const tickMs = 50;

export interface RuntimeLimits {
  /** Commands that wait for an answer, all shards together. */
  readonly commands: number;
  /** Bytes of their bodies. */
  readonly bytes: number;
  /** Actors in memory, all shards together. */
  readonly actors: number;
}

/** A second's work at the rate the log takes, some megabytes of actors. */
export const limitsDefault: RuntimeLimits = {
  commands: 16_384,
  bytes: 64 * 2 ** 20,
  actors: 65_536,
};

export interface RuntimeOptions extends RuntimePorts, Pick<ShardOptions, "node" | "horizons"> {
  /** Eight bytes, drawn at this process's start; undefined: they are drawn here. */
  readonly nonce?: Buffer;
  readonly log: Log;
  readonly store: Store;
  readonly meta: LogMeta;
  readonly kinds: KindTable;
  readonly seal: RecordSeal;
  readonly tail?: TailRows;
  readonly payments?: PaymentSink;
  /** Whether this node may decide for and append to the shard now. */
  readonly admit?: (shard: number) => boolean;
  /** Takes commands that actors send to others; undefined: every shard is answered for here. */
  readonly send?: (envelope: Envelope, answer: AnswerTo) => void;
  readonly limits?: Partial<RuntimeLimits>;
  readonly events?: ShardEvents;
}

export class Runtime {
  readonly fold: Fold;
  readonly shards: readonly Shard[];
  /** Drawn at this process's start; in the head of every record that it writes. */
  readonly nonce: Buffer;
  readonly #options: RuntimeOptions;
  readonly #limits: RuntimeLimits;
  readonly #timers: DueTimers;
  #cancelTick: (() => void) | undefined;
  #commands = 0;
  #bytes = 0;

  constructor(options: RuntimeOptions) {
    const { log, store, meta, kinds, seal, tail, payments, clock, turns, random } = options;
    if (log.shards !== meta.shards) {
      throw appError(
        "CONFIG_INVALID",
        `The log has ${log.shards} shards, the vault ${meta.shards}.`,
      );
    }
    this.#options = options;
    this.#limits = { ...limitsDefault, ...options.limits };
    this.fold = new Fold({
      ...{ store, meta, kinds, seal },
      ...(tail === undefined ? {} : { tail }),
      ...(payments === undefined ? {} : { payments }),
    });
    this.nonce = options.nonce ?? random(nonceBytes);
    const { nonce } = this;
    this.shards = Array.from({ length: log.shards }, (_, shard) => {
      const { node, admit, horizons } = options;
      return new Shard({
        ...{ clock, turns, random, node, nonce },
        ...(admit === undefined ? {} : { admit: () => admit(shard) }),
        ...(horizons === undefined ? {} : { horizons }),
        send: options.send ?? ((envelope, answer) => this.send(envelope, answer)),
        log: log.stream("evt", shard),
        fold: this.fold,
        actorsMax: Math.max(1, Math.ceil(this.#limits.actors / log.shards)),
        events: options.events ?? {},
      });
    });
    const send = (envelope: Envelope, answer: AnswerTo) => this.send(envelope, answer);
    this.#timers = new DueTimers({ timers: this.fold.timers, clock, send });
    this.#tickLater();
  }

  /** Commands that wait for an answer. */
  get waiting(): number {
    return this.#commands;
  }

  /**
   * Owns every shard: what the one process of an embedded log does at its start. A shard that
   * cannot be owned stands by itself; the others serve. Returns how many are owned.
   */
  async ownAll(): Promise<number> {
    const owned = await Promise.all(
      this.shards.map(async (shard) => {
        const { lastSeq } = await this.#options.log.stream("evt", shard.shard).end();
        // Only after a restore or a rebuild that was broken off is there anything to fold.
        if (shard.cursor.seq < lastSeq) {
          shard.follow();
          await shard.reached(lastSeq);
          await shard.unfollow();
        }
        return shard.acquire();
      }),
    );
    return owned.filter((is) => is).length;
  }

  submit(envelope: Envelope): Promise<Reply> {
    return new Promise((resolve) => this.send(envelope, resolve));
  }

  /** Hands over a command; `answer` is called once, in this turn or later. Never throws. */
  send(envelope: Envelope, answer: AnswerTo): void {
    const refused = this.#refusal(envelope);
    if (refused !== undefined) {
      answer({ ok: false, error: refused });
      return;
    }
    const bytes = envelope.body.length;
    this.#commands++;
    this.#bytes += bytes;
    this.shards[envelope.shard]!.submit(envelope, (reply) => {
      this.#commands--;
      this.#bytes -= bytes;
      answer(reply);
    });
  }

  /** Resolves when the projection has reached `seq` of the shard: its effects can be read. */
  applied(shard: number, seq: number): Promise<boolean> {
    return this.shards[shard]!.reached(seq);
  }

  /** Finishes what was decided, for so long at most, then gives up the rest. */
  async stop(limitMs: number): Promise<void> {
    this.#cancelTick?.();
    const drained = Promise.all(this.shards.map((shard) => shard.drain()));
    let cancel = () => {};
    const limit = new Promise<void>((resolve) => {
      cancel = this.#options.turns.after(limitMs, resolve);
    });
    await Promise.race([drained, limit]);
    cancel();
    await Promise.all(this.shards.map((shard) => shard.stop()));
  }

  #refusal({ id, shard, body }: Envelope) {
    if (id.length !== commandIdBytes || this.shards[shard] === undefined) {
      return appError("INVALID_REQUEST", "The command's id or shard is none of this log's.");
    }
    const { commands, bytes } = this.#limits;
    if (this.#commands < commands && this.#bytes + body.length <= bytes) return undefined;
    return appError("OVERLOADED", "Too many commands wait already.", { retryAfterMs: tickMs });
  }

  #tickLater(): void {
    this.#cancelTick = this.#options.turns.after(tickMs, () => {
      this.#tickLater();
      this.#tick();
    });
  }

  #tick(): void {
    for (const shard of this.shards) {
      shard.tick();
      if (shard.state !== "OWN") continue;
      try {
        this.#timers.scan(shard.shard, shard.nowMs());
      } catch (error) {
        if (!isAppError(error)) throw error;
        this.#options.events?.alarm?.(shard.shard, error);
      }
    }
  }
}

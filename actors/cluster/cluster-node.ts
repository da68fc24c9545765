// One node of a cluster: a runtime over a log that all nodes share, ownership that says for which
// shards it decides, and a router that takes commands to whichever node does. All it stands on
// comes in as ports, so that a whole cluster runs in one thread under a simulator.
import type { KeyRing } from "../../crypto/mod.ts";
import { Ownership } from "../log/jetstream/ownership.ts";
import type {
  Bus,
  Lease,
  NodeRegistry,
  OwnershipNotice,
  OwnershipState,
} from "../log/jetstream/ownership-port.ts";
import { ownershipTimes } from "../log/jetstream/ownership-port.ts";
import type { Random, Timers } from "../log/jetstream/timers.ts";
import { RecordSeal } from "../log/record.ts";
import type { Envelope } from "../runtime/actor-kind.ts";
import type { AnswerTo } from "../runtime/group.ts";
import { Runtime, type RuntimeOptions } from "../runtime/runtime.ts";
import type { ShardEvents } from "../runtime/shard.ts";
import { CommandRouter } from "./command-router.ts";
import { CommandSeal } from "./command-seal.ts";
import { NodePayments, type PaymentParts } from "./node-payments.ts";
import { answerOperator } from "./operate.ts";
import { RuntimeHost } from "./shard-host.ts";

export interface ClusterNodeOptions
  extends Omit<RuntimeOptions, "admit" | "send" | "seal" | "events" | "payments"> {
  readonly ring: KeyRing;
  readonly lease: Lease;
  readonly bus: Bus;
  readonly registry: NodeRegistry;
  readonly timers: Timers;
  /** Chance for waits and ranks. */
  readonly chance: Random;
  readonly notice: (notice: OwnershipNotice) => void;
  readonly events: ShardEvents;
  /** Undefined where this node takes no payments. */
  readonly taking?: PaymentParts;
}

/** Longer than this nobody asks how stale a shard is. */
const staleMsShown = 3_600_000;

/** One shard as this node sees it. */
export interface ShardStanding {
  readonly shard: number;
  readonly state: OwnershipState;
  /** Of this node while it owns, else of the newest barrier that it applied. */
  readonly epoch: number;
  /** The owner as far as is known. */
  readonly owner: string;
  /** Newest record of events that was applied. */
  readonly seq: number;
  readonly recordsBehind: number;
  /** An hour at most, also where no owner was heard yet. */
  readonly staleMs: number;
  /** Why it stands; empty where it does not. */
  readonly parked: string;
  /** Payments that wait for the stream of payments. */
  readonly paying: number;
}

export class ClusterNode {
  readonly runtime: Runtime;
  readonly ownership: Ownership;
  readonly router: CommandRouter;
  readonly host: RuntimeHost;
  readonly seal: RecordSeal;
  /** Undefined where this node takes no payments. */
  readonly payments: NodePayments | undefined;
  readonly #commandSeal: CommandSeal;
  readonly #options: ClusterNodeOptions;

  constructor(options: ClusterNodeOptions) {
    this.#options = options;
    const { ring, node, clock, turns, bus, events, taking } = options;
    this.seal = new RecordSeal(ring);
    this.#commandSeal = new CommandSeal(ring);
    this.runtime = new Runtime({
      ...options,
      seal: this.seal,
      ...(taking === undefined ? {} : { payments: taking.ledger }),
      admit: (shard) => this.ownership.admits(shard),
      send: (envelope, answer) => this.send(envelope, answer),
      events: {
        ...events,
        state: (shard, state, why) => {
          if (state === "PARKED") this.host.parked(shard);
          events.state?.(shard, state, why);
        },
        barrier: (shard, barrier) => {
          events.barrier?.(shard, barrier);
          this.host.barrier(shard, barrier);
        },
      },
    });
    this.payments = taking === undefined ? undefined : this.#makePayments(taking);
    this.host = this.#makeHost();
    this.ownership = this.#makeOwnership();
    this.router = new CommandRouter({
      ...{ node, clock, turns, bus, seal: this.#commandSeal },
      ownerOf: (shard) => this.ownership.ownerOf(shard),
      staleMs: (shard) => this.ownership.staleMs(shard),
      applied: (shard, seq) => this.runtime.applied(shard, seq),
      here: (envelope, answer) => this.runtime.send(envelope, answer),
    });
  }

  #makePayments(taking: PaymentParts): NodePayments {
    const { log, node, clock, turns, random, bus, events } = this.#options;
    return new NodePayments({
      ...{ ...taking, log, node, clock, turns, random, bus, events, runtime: this.runtime },
      seal: this.#commandSeal,
      admits: (shard) => this.ownership.admits(shard),
      epochOf: (shard) => {
        const own = this.ownership.shard(shard);
        return own.state === "OWN" ? own.epoch : undefined;
      },
    });
  }

  #makeHost(): RuntimeHost {
    const { log, node, clock, turns, events } = this.#options;
    return new RuntimeHost({
      ...{ log, node, clock, turns, events, runtime: this.runtime, payments: this.payments },
      watcher: {
        opened: (shard, epoch, nonce) => this.ownership.opened(shard, epoch, nonce),
        closed: (shard, epoch, to) => this.ownership.closed(shard, epoch, to),
        parked: (shard) => this.ownership.parked(shard),
      },
    });
  }

  #makeOwnership(): Ownership {
    const { clock, timers, chance, log, lease, bus, registry, node, notice } = this.#options;
    return new Ownership({
      ...{ clock, timers, log, lease, bus, registry, node, notice },
      random: chance,
      nonce: this.runtime.nonce,
      host: this.host,
      onMessage: (shard, message, epoch) => this.router.receive(shard, message, epoch),
      onPayments: (request) => this.payments?.router.receive(request),
      onAnswers: (answers) => this.payments?.router.hear(answers),
      onOwner: (shard) => this.router.ownerChanged(shard),
      onOperate: (request) => answerOperator(this, this.#commandSeal, clock, request),
    });
  }

  /** Follows every shard and begins to own. Errors: SERVICE_UNAVAILABLE without the log. */
  async start(): Promise<void> {
    await this.host.start();
    await this.ownership.start();
  }

  /** Takes a command to its shard's owner, here or elsewhere. */
  send(envelope: Envelope, answer: AnswerTo): void {
    this.router.send(envelope, answer);
  }

  useKeys(ring: KeyRing): void {
    this.seal.useKeys(ring);
    this.#commandSeal.useKeys(ring);
  }

  standing(): ShardStanding[] {
    const { node } = this.#options;
    return this.runtime.shards.map(({ shard, cursor, parked }) => {
      const own = this.ownership.shard(shard);
      const owns = own.state === "OWN" || own.state === "DRAIN";
      return {
        shard,
        state: own.state,
        epoch: owns ? own.epoch : cursor.epoch,
        owner: owns ? node : (this.ownership.ownerOf(shard)?.node ?? ""),
        seq: cursor.seq,
        recordsBehind: this.ownership.recordsBehind(shard),
        staleMs: Math.min(this.ownership.staleMs(shard), staleMsShown),
        parked: parked?.message ?? "",
        paying: this.payments?.waiting(shard) ?? 0,
      };
    });
  }

  /** Shards of which this node knows too little to answer from its vault. */
  staleShards(): number[] {
    return this.runtime.shards
      .map(({ shard }) => shard)
      .filter((shard) => this.ownership.staleMs(shard) > ownershipTimes.freshMs);
  }

  /** Hands over what others can take, then ends; `limitMs`: for what was decided and is open. */
  async stop(limitMs: number): Promise<void> {
    await this.ownership.stop();
    await this.runtime.stop(limitMs);
    await this.host.stop();
  }

  /** Ends as a crash would: nobody is told. */
  async abandon(): Promise<void> {
    this.ownership.abandon();
    await this.runtime.stop(0);
    await this.host.stop();
  }
}

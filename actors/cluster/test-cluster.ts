// A cluster of whole nodes for tests, in one thread and under one seed: runtimes with their stores,
// ownership, a log that all share, and clients that send again what they got no answer to.
import { SimNetwork, SimProcess } from "../log/jetstream/test-network.ts";
import { prepareLogMeta } from "../log/log-meta.ts";
import { MemoryPlace } from "../log/memory.ts";
import { MemoryLedger } from "../pay/test-payments.ts";
import type { Envelope, Reply } from "../runtime/actor-kind.ts";
import { KindTable } from "../runtime/kinds.ts";
import { TailRows } from "../runtime/tail-rows.ts";
import { accountKind } from "../runtime/test-account.ts";
import { countingRandom, envelope, logRing } from "../runtime/test-rig.ts";
import { MemoryStore } from "../store/memory.ts";
import { ClusterNode } from "./cluster-node.ts";
import type { PaymentDoor } from "./payment-router.ts";

export interface RunningNode {
  readonly process: SimProcess;
  readonly node: ClusterNode;
  readonly store: MemoryStore;
  readonly ledger: MemoryLedger;
}

export interface AckedCommand {
  readonly envelope: Envelope;
  readonly seq: number;
  readonly atMs: number;
}

const timeoutMs = 4_000;

export class TestCluster {
  readonly network: SimNetwork;
  readonly place = new MemoryPlace();
  readonly shards: number;
  readonly nodes = new Map<string, RunningNode>();
  readonly acked: AckedCommand[] = [];
  /** Whether nodes keep their newest records, as real ones do; it costs time. */
  keepsTails = false;
  readonly errors: string[] = [];
  readonly alarms: string[] = [];
  readonly #stores = new Map<string, MemoryStore>();
  readonly #ledgers = new Map<string, MemoryLedger>();
  #starts = 0;
  #commands = 0;

  constructor(seed: number, shards: number) {
    this.network = new SimNetwork(seed, this.place);
    this.shards = shards;
  }

  /** Starts a node; `reboot`: its machine was started anew, and what was not flushed is gone. */
  async start(name: string, reboot = false): Promise<RunningNode> {
    const { network } = this;
    const { time, random } = network;
    const process = new SimProcess(name, time);
    const store = this.#stores.get(name) ?? new MemoryStore();
    this.#stores.set(name, store);
    const kept = reboot ? undefined : this.#ledgers.get(name);
    const ledger = kept ?? new MemoryLedger();
    this.#ledgers.set(name, ledger);
    // As from one snapshot: the same identity everywhere.
    const meta = prepareLogMeta(store, countingRandom("one"), this.shards);
    const node = new ClusterNode({
      ring: logRing(),
      node: name,
      store,
      meta,
      kinds: new KindTable([accountKind(store)]),
      clock: time,
      turns: {
        defer: (work) => void process.after(0, work),
        after: (ms, work) => process.after(ms, work),
      },
      random: countingRandom(`${name} ${++this.#starts}`),
      log: network.logOf(process, this.shards),
      lease: network.leaseOf(process),
      bus: network.busOf(process),
      registry: network.registryOf(process),
      timers: process,
      chance: random,
      notice: () => {},
      ...(this.keepsTails ? { tail: new TailRows(store) } : {}),
      events: { alarm: (_, error) => this.alarms.push(`${name}: ${error.message}`) },
      taking: { ledger, keepMs: 86_400_000, door: this.door(name) },
    });
    const made = { process, node, store, ledger };
    this.nodes.set(name, made);
    let started = false;
    void node.start().then(() => {
      started = true;
    });
    await time.until(() => started, 1_000);
    return made;
  }

  /** What comes of payments at a node; tests of payments give their own. */
  door(_name: string): PaymentDoor {
    return { arrived: () => {}, answered: () => {}, returned: () => {} };
  }

  crash(name: string): void {
    const one = this.nodes.get(name);
    if (one === undefined) return;
    one.process.dead = true;
    void one.node.abandon();
    this.nodes.delete(name);
  }

  at(name: string): RunningNode {
    const one = this.nodes.get(name);
    if (one === undefined) throw new Error(`${name} does not run`);
    return one;
  }

  owners(shard: number): string[] {
    return [...this.nodes]
      .filter(([, { node }]) => node.ownership.shard(shard).state === "OWN")
      .map(([name]) => name);
  }

  settled(withinMs: number): Promise<boolean> {
    const owned = (): boolean =>
      Array.from({ length: this.shards }, (_, shard) => this.owners(shard)).every(
        (names, shard) =>
          names.length === 1 && this.at(names[0] as string).node.ownership.admits(shard),
      );
    return this.network.time.until(owned, withinMs);
  }

  /** A deposit of 1 into one of four accounts of the shard, sent to a node until it is answered. */
  async deposit(name: string, shard: number): Promise<void> {
    const one = envelope(shard, this.#commands++ % 4, { do: "deposit", amount: 1 }, { timeoutMs });
    for (let tries = 0; tries < 2_000; tries++) {
      // Whoever gets no answer asks the next one.
      const others = [...this.nodes.values()];
      const target = tries === 0 ? this.nodes.get(name) : others[tries % others.length];
      const reply = target === undefined ? undefined : await this.#ask(target, one);
      if (reply?.ok === true) {
        const atMs = this.network.time.monotonicMs();
        this.acked.push({ envelope: one, seq: reply.position.seq, atMs });
        return;
      }
      const code = reply?.ok === false ? reply.error.code : "gone";
      if (!/gone|UNAVAILABLE|UNKNOWN|MOVED|DEADLINE|OVERLOADED|PARKED/.test(code)) {
        this.errors.push(`${code} for a deposit`);
        return;
      }
      await new Promise<void>((resolve) => this.network.time.after(300, resolve));
    }
    this.errors.push("a deposit was never answered");
  }

  /** The reply; undefined where the node ended before it came. */
  #ask({ node, process }: RunningNode, one: Envelope): Promise<Reply | undefined> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (process.dead) resolve(undefined);
        else this.network.time.after(100, look);
      };
      look();
      // A paused process takes nothing up.
      process.after(0, () => node.send(one, resolve));
    });
  }

  /**
   * Everything that must hold once all nodes run and stand at the log's end; else what does not.
   */
  problems(): string[] {
    const problems = [...this.errors];
    const cursor = (one: RunningNode, shard: number) => one.node.runtime.fold.cursor(shard);
    for (const [name, one] of this.nodes) {
      for (const { shard, parked } of one.node.standing()) {
        if (parked !== "") problems.push(`${name}: ${parked}`);
        const { records } = this.place.stream("evt", shard);
        const { seq, digest } = cursor(one, shard);
        const where = `${name}, shard ${shard}`;
        if (seq !== records.length) problems.push(`${where} is at ${seq} of ${records.length}`);
        for (const other of this.nodes.values()) {
          if (!digest.equals(cursor(other, shard).digest)) problems.push(`${where} differs`);
        }
      }
      for (const { envelope: sent, seq } of this.acked) {
        const row = one.node.runtime.fold.idem.get(sent.shard, sent.id);
        if (row?.seq !== seq) problems.push(`${name} lost a deposit of shard ${sent.shard}`);
      }
    }
    return problems;
  }
}

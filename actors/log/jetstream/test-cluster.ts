// A cluster of nodes for tests, and what must hold of its log whatever was done to them.
import { MemoryPlace } from "../memory.ts";
import type { StreamKind } from "../port.ts";
import { readHead } from "../record.ts";
import { Ownership } from "./ownership.ts";
import type { OwnershipNotice } from "./ownership-port.ts";
import { type Acked, eventOf, TestHost } from "./test-host.ts";
import { SimNetwork, SimProcess } from "./test-network.ts";

export interface SimNode {
  readonly process: SimProcess;
  readonly ownership: Ownership;
  readonly host: TestHost;
}

export class SimCluster {
  readonly network: SimNetwork;
  readonly place = new MemoryPlace();
  readonly shards: number;
  readonly nodes = new Map<string, SimNode>();
  readonly acked: Acked[] = [];
  readonly faults: string[] = [];
  readonly notices: (OwnershipNotice & { node: string; atMs: number })[] = [];
  #starts = 0;

  constructor(seed: number, shards: number) {
    this.network = new SimNetwork(seed, this.place);
    this.shards = shards;
  }

  /** A process of that name; `key` tells two of one name apart. */
  async start(node: string, key = node): Promise<SimNode> {
    const { network } = this;
    const { time, random } = network;
    const process = new SimProcess(node, time);
    const nonce = Buffer.alloc(8);
    nonce.writeUInt32BE(++this.#starts, 4);
    const log = network.logOf(process, this.shards);
    const { acked, faults } = this;
    const host = new TestHost({ node: key, nonce, log, timers: process, random, acked, faults });
    const ownership = new Ownership({
      node,
      nonce,
      clock: time,
      timers: process,
      random,
      log,
      lease: network.leaseOf(process),
      bus: network.busOf(process),
      registry: network.registryOf(process),
      host,
      notice: (notice) => this.notices.push({ ...notice, node: key, atMs: time.monotonicMs() }),
      onMessage: async (_shard, message) => Buffer.concat([Buffer.from("done "), message]),
    });
    const made = { process, ownership, host };
    this.nodes.set(key, made);
    void host.start(ownership).then(() => ownership.start());
    return made;
  }

  crash(key: string): void {
    const node = this.nodes.get(key);
    if (node === undefined) return;
    node.process.dead = true;
    node.host.end();
    node.ownership.abandon();
    this.nodes.delete(key);
  }

  /** Keys of the nodes that believe to own the shard. */
  owners(shard: number): string[] {
    return [...this.nodes]
      .filter(([, { ownership }]) => ownership.shard(shard).state === "OWN")
      .map(([key]) => key);
  }

  /** Resolves true once every shard has one owner that works. */
  settled(withinMs: number): Promise<boolean> {
    const owned = (): boolean =>
      Array.from({ length: this.shards }, (_, shard) => this.owners(shard)).every(
        (owners, shard) =>
          owners.length === 1 && this.nodes.get(owners[0] as string)?.ownership.admits(shard),
      );
    return this.network.time.until(owned, withinMs);
  }

  /** Everything that must hold of the logs; what does not, in words. */
  problems(): string[] {
    const problems = [...this.faults];
    for (let shard = 0; shard < this.shards; shard++) {
      const owners = new Map<number, string>();
      for (const kind of ["evt", "pay"] as const)
        problems.push(...this.#judge(kind, shard, owners));
    }
    return problems;
  }

  #judge(kind: StreamKind, shard: number, owners: Map<number, string>): string[] {
    const { records } = this.place.stream(kind, shard);
    const problems: string[] = [];
    const ids = new Map<string, number>();
    let epoch = 0;
    for (const [i, bytes] of records.entries()) {
      const where = `${kind} ${shard} record ${i + 1}`;
      const head = readHead(bytes);
      const event = eventOf(bytes);
      const nonce = head.nonce.toString("hex");
      if (head.epoch < epoch) problems.push(`${where}: epoch ${head.epoch} after ${epoch}`);
      if (event.kind === "opened" && head.epoch <= epoch) problems.push(`${where}: no new epoch`);
      if (event.kind !== "opened" && head.epoch !== epoch) problems.push(`${where}: not opened`);
      epoch = head.epoch;
      if ((owners.get(epoch) ?? nonce) !== nonce) problems.push(`${where}: two in one epoch`);
      owners.set(epoch, nonce);
      if (event.kind !== "work") continue;
      if (ids.has(event.id)) problems.push(`${where}: ${event.id} twice`);
      ids.set(event.id, i + 1);
    }
    for (const acked of this.acked) {
      if (acked.kind !== kind || acked.shard !== shard) continue;
      if (ids.get(acked.id) !== acked.seq) problems.push(`${kind} ${shard}: lost ${acked.id}`);
    }
    return problems;
  }
}

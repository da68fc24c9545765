// Which nodes there are: each writes a heartbeat into the topology bucket, and each judges the
// others by when it saw their last one, on its own clock. No two clocks are compared.
import { Kvm, type KvWatchEntry } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/transport-node";
import type { Clock } from "../../../platform/mod.ts";
import type { ReopenedBucket } from "./buckets.ts";
import { topologyBucket } from "./names.ts";
import type { NodeRegistry } from "./ownership-port.ts";
import { sleep, type Timers } from "./timers.ts";

/** Five heartbeats of two seconds, and one more for a change of leader. */
const liveMs = 12_000;
const watchAgainMs = 1_000;
const keyPrefix = "node.";

export interface RegistryPorts {
  readonly bucket: ReopenedBucket;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly node: string;
  /** Of this process. */
  readonly nonce: string;
  /** Another process runs under this node's name. */
  readonly twin: (nonce: string) => void;
}

/** Nodes that have a heartbeat in the bucket, also an old one. Rejects where there is no bucket. */
export async function knownNodes(connection: NatsConnection): Promise<string[]> {
  const kv = await new Kvm(connection).open(topologyBucket);
  const nodes: string[] = [];
  for await (const key of await kv.keys(`${keyPrefix}*`)) nodes.push(key.slice(keyPrefix.length));
  return nodes.sort();
}

export class TopologyRegistry implements NodeRegistry {
  readonly #ports: RegistryPorts;
  readonly #seenAtMs = new Map<string, number>();
  #stopped = false;
  #watch: { stop(): void } | undefined;
  readonly #watching: Promise<void>;

  constructor(ports: RegistryPorts) {
    this.#ports = ports;
    this.#watching = this.#follow();
  }

  async beat(): Promise<void> {
    const { bucket, node, nonce } = this.#ports;
    await bucket.use((kv) => kv.put(keyPrefix + node, JSON.stringify({ nonce })));
    this.#seenAtMs.set(node, this.#ports.clock.monotonicMs());
  }

  live(): readonly string[] {
    const sinceMs = this.#ports.clock.monotonicMs() - liveMs;
    return [...this.#seenAtMs].filter(([, atMs]) => atMs >= sinceMs).map(([node]) => node);
  }

  async leave(): Promise<void> {
    const { bucket, node } = this.#ports;
    this.#seenAtMs.delete(node);
    await bucket.use((kv) => kv.delete(keyPrefix + node));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#watch?.stop();
    await this.#watching;
  }

  async #follow(): Promise<void> {
    const { bucket, timers } = this.#ports;
    while (!this.#stopped) {
      try {
        const watch = await bucket.use((kv) => kv.watch({ key: `${keyPrefix}*` }));
        this.#watch = watch;
        if (this.#stopped) watch.stop();
        for await (const entry of watch) this.#saw(entry);
      } catch {
        // The bucket is out of reach, or gone: what was seen grows old by itself.
      }
      if (!this.#stopped) await sleep(timers, watchAgainMs);
    }
  }

  #saw({ key, operation, value, isUpdate }: KvWatchEntry): void {
    const node = key.slice(keyPrefix.length);
    if (operation !== "PUT") {
      this.#seenAtMs.delete(node);
      return;
    }
    this.#seenAtMs.set(node, this.#ports.clock.monotonicMs());
    // What was there before may be this node's own, of its last life.
    if (node !== this.#ports.node || !isUpdate) return;
    try {
      const { nonce } = JSON.parse(Buffer.from(value).toString()) as { nonce?: unknown };
      if (typeof nonce === "string" && nonce !== this.#ports.nonce) this.#ports.twin(nonce);
    } catch {
      // Not written by this program.
    }
  }
}

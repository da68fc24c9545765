// Hands messages to the nodes that own their shards: one request an owner node, however many
// messages. A node that is not there answers at once, so another try is cheap; one that is there
// and does not answer may have done its work, so there is none.

import type { Clock } from "../../../platform/mod.ts";
import { appError } from "../../../platform/mod.ts";
import { nodeSubject } from "./names.ts";
import {
  type BlockAnswer,
  type BlockItem,
  cutBlocks,
  readBlockAnswers,
  writeBlock,
} from "./node-messages.ts";
import type { Bus } from "./ownership-port.ts";
import { sleep, type Timers } from "./timers.ts";

export interface BlockSenderPorts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ownerOf: (
    shard: number,
  ) => { readonly node: string; readonly epoch: number } | undefined;
}

export interface ShardMessage {
  readonly shard: number;
  readonly message: Buffer;
}

/** Waits between tries where nobody listens; the last one repeats until the deadline. */
const retryMs = [20, 50, 100, 200] as const;

/**
 * `answer`: the owner's. `moved`: certainly not done. `unknown`: it may have been done; the log
 * tells, and a repetition under the same id is safe.
 */
export type Delivery =
  | { readonly kind: "answer"; readonly message: Buffer }
  | { readonly kind: "moved" }
  | { readonly kind: "unknown" };

export class BlockSender {
  readonly #ports: BlockSenderPorts;

  constructor(ports: BlockSenderPorts) {
    this.#ports = ports;
  }

  /**
   * One delivery a message, in order. Rejects with SERVICE_UNAVAILABLE only before anything was
   * sent: where a shard's owner is not known.
   */
  async send(messages: readonly ShardMessage[], timeoutMs: number): Promise<Delivery[]> {
    const untilMs = this.#ports.clock.monotonicMs() + timeoutMs;
    const deliveries = new Array<Delivery>(messages.length);
    const byNode = new Map<string, { item: BlockItem; place: number }[]>();
    for (const [place, { shard, message }] of messages.entries()) {
      const owner = this.#ports.ownerOf(shard);
      if (owner === undefined) {
        throw appError("SERVICE_UNAVAILABLE", `Nobody is known to own shard ${shard} now.`);
      }
      const entry = { item: { shard, epoch: owner.epoch, message }, place };
      const entries = byNode.get(owner.node);
      if (entries === undefined) byNode.set(owner.node, [entry]);
      else entries.push(entry);
    }
    const sends = [...byNode].map(async ([node, entries]) => {
      let at = 0;
      for (const block of cutBlocks(entries.map(({ item }) => item))) {
        for (const delivery of await this.#sendBlock(node, block, untilMs)) {
          deliveries[entries[at++]?.place as number] = delivery;
        }
      }
    });
    await Promise.all(sends);
    return deliveries;
  }

  async #sendBlock(
    node: string,
    block: readonly BlockItem[],
    untilMs: number,
  ): Promise<Delivery[]> {
    const { bus, clock, timers } = this.#ports;
    const all = (kind: "moved" | "unknown"): Delivery[] => block.map(() => ({ kind }));
    for (let tries = 0; ; tries++) {
      const leftMs = untilMs - clock.monotonicMs();
      if (leftMs <= 0) return all("moved");
      const answer = await bus.request(nodeSubject(node), writeBlock(block), leftMs);
      if (answer.kind === "timeout") return all("unknown");
      if (answer.kind === "answer") {
        const answers = readBlockAnswers(answer.bytes, block.length);
        return answers === undefined ? all("unknown") : answers.map(deliveryOf);
      }
      await sleep(timers, retryMs[Math.min(tries, retryMs.length - 1)] as number);
    }
  }
}

function deliveryOf(answer: BlockAnswer): Delivery {
  return answer.kind === "failed" ? { kind: "unknown" } : answer;
}

// The payments of one node of a cluster: its shards' claims, the way to other nodes, and who owns
// what, for the doors to route by.
import type { Clock } from "../../platform/mod.ts";
import type { PaymentItem } from "../../vault/mod.ts";
import type { Log } from "../log/port.ts";
import type { PaymentLedger } from "../pay/ledger.ts";
import { PayFolder } from "../pay/pay-folder.ts";
import { PayShard } from "../pay/pay-shard.ts";
import { restorePayments } from "../pay/restore.ts";
import type { RuntimePorts } from "../runtime/ports.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { ShardEvents } from "../runtime/shard.ts";
import { PaymentRouter, type PaymentRouterOptions } from "./payment-router.ts";
import type { HostedPayments } from "./shard-host.ts";

/** What a node needs to take payments. */
export interface PaymentParts {
  readonly ledger: PaymentLedger;
  readonly door: PaymentRouterOptions["door"];
  /** How long a claim can be repeated, milliseconds: what is older is not got back. */
  readonly keepMs: number;
}

export interface NodePaymentsOptions
  extends RuntimePorts,
    PaymentParts,
    Pick<PaymentRouterOptions, "node" | "bus" | "seal"> {
  readonly log: Log;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly admits: (shard: number) => boolean;
  /** The epoch in which this node owns the shard; undefined where it does not. */
  readonly epochOf: (shard: number) => number | undefined;
  readonly events: ShardEvents;
}

export class NodePayments implements HostedPayments {
  readonly shards: readonly PayShard[];
  readonly router: PaymentRouter;
  readonly #options: NodePaymentsOptions;

  constructor(options: NodePaymentsOptions) {
    this.#options = options;
    const { log, runtime, ledger, clock, turns, random, admits, events, epochOf } = options;
    const { fold, nonce } = runtime;
    const folder = new PayFolder(fold, turns);
    this.shards = Array.from({ length: log.shards }, (_, shard) => {
      return new PayShard({
        ...{ clock, turns, random, fold, folder, ledger, nonce, events },
        log: log.stream("pay", shard),
        admit: () => admits(shard),
        park: (error) => runtime.shards[shard]!.park(error),
      });
    });
    const { node, bus, seal, door } = options;
    const owns = (shard: number, epoch: number) => epochOf(shard) === epoch && admits(shard);
    this.router = new PaymentRouter({ node, nonce, bus, seal, owns, door });
  }

  /** Judges a payment of a shard that this node owns; `told` is called once. */
  submit({ shard, body }: PaymentItem, told: (code: number, id: Buffer) => void): void {
    const own = this.shards[shard];
    if (own === undefined) throw new RangeError(`${shard} is no shard`);
    own.submit(body, told);
  }

  /** Payments that wait for their group. */
  waiting(shard: number): number {
    return this.shards[shard]?.waiting ?? 0;
  }

  async restore(shard: number): Promise<void> {
    const { log, runtime, ledger, clock, keepMs, events } = this.#options;
    const stream = log.stream("pay", shard);
    const fenced = await restorePayments({
      log: stream,
      fold: runtime.fold,
      ledger,
      clock,
      keepMs,
    });
    if (!fenced) return;
    const text = `payments of shard ${shard} that this node has not seen are gone; it fences them`;
    events.alarm?.(shard, new Error(text));
  }
}

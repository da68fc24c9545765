// The command path of a service: the actors, here or in another process of the machine, and the
// thread that reads their events.
import type { EventsPort } from "../../api/grpc/mod.ts";
import { type Health, type Logger, systemClock } from "../../platform/mod.ts";
import { ClusterWatch } from "./cluster-watch.ts";
import type { CommandWorkerSetup } from "./command-worker.ts";
import { Commands } from "./commands.ts";
import { Events } from "./events.ts";
import type { SubscriberStats } from "./events-worker.ts";
import type { ClusterState } from "./open-actors.ts";
import type { PaymentsSaid } from "./payment-window.ts";

export interface CommandPathOptions extends Omit<CommandWorkerSetup, "kindModules"> {
  readonly loopbackWebhooks: boolean;
  readonly log: Logger;
  readonly health: Health;
  /** Hears what the thread of the actors says of payments. */
  readonly paymentsSaid: (message: PaymentsSaid) => void;
  /** Called where that thread has ended or is another process's. */
  readonly paymentsLost: () => void;
}

export interface CommandPath {
  readonly commands: Commands;
  readonly events: EventsPort & { readonly stats: readonly SubscriberStats[] };
  /** Undefined where this is no node of a cluster. */
  readonly cluster: ClusterWatch | undefined;
  stop(): Promise<void>;
}

/** Errors: what keeps the actors from running here and from being reached elsewhere. */
export async function openCommandPath(options: CommandPathOptions): Promise<CommandPath> {
  const { log, loopbackWebhooks, health, paymentsSaid, paymentsLost, ...shared } = options;
  const alarm = (error: Error): void => {
    log.error({ event: "commands.alarm", err: error }, "the command path met a fault");
  };
  const cluster =
    shared.cluster === null ? undefined : new ClusterWatch(health, systemClock.monotonicMs);
  let events: Events | undefined;
  const commands = await Commands.open(
    { ...shared, kindModules: [] },
    {
      alarm,
      cluster: (state) => {
        cluster?.heard(state);
        events?.deliver(ownedShards(state));
      },
      payments: paymentsSaid,
      // Who runs the actors tells the subscribers, too; in a cluster of the shards that it owns.
      place: (place) => {
        log.info({ event: "commands.place", place }, "where commands go");
        if (place !== "here") events?.deliver([]);
        else if (cluster === undefined) events?.deliver("all");
        if (place !== "here") paymentsLost();
      },
      state: (shard, state, why) => {
        if (state === "PARKED")
          log.error({ event: "commands.parked", shard, why }, "a shard stands");
      },
    },
  );
  const { dir, vaultMapBytes, keys } = shared;
  const setup = { dir, vaultMapBytes, keys, cluster: shared.cluster, loopbackWebhooks };
  events = new Events(setup, alarm);
  if (cluster === undefined && commands.place === "here") events.deliver("all");
  const started = events;
  return {
    commands,
    events,
    cluster,
    async stop() {
      await started.stop();
      await commands.stop();
      cluster?.stop();
    },
  };
}

function ownedShards({ shards }: ClusterState): number[] {
  return shards.filter(({ state }) => state === "OWN").map(({ shard }) => shard);
}

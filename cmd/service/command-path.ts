// The command path of a service: the actors, here or in another process of the machine, and the
// thread that reads their events.
import type { Logger } from "../../platform/mod.ts";
import type { CommandWorkerSetup } from "./command-worker.ts";
import { Commands } from "./commands.ts";
import { Events } from "./events.ts";

export interface CommandPathOptions extends Omit<CommandWorkerSetup, "kindModules"> {
  readonly loopbackWebhooks: boolean;
  readonly log: Logger;
}

export interface CommandPath {
  readonly commands: Commands;
  readonly events: Events;
  stop(): Promise<void>;
}

/** Errors: what keeps the actors from running here and from being reached elsewhere. */
export async function openCommandPath(options: CommandPathOptions): Promise<CommandPath> {
  const { log, loopbackWebhooks, ...shared } = options;
  const alarm = (error: Error): void => {
    log.error({ event: "commands.alarm", err: error }, "the command path met a fault");
  };
  let events: Events | undefined;
  const commands = await Commands.open(
    { ...shared, kindModules: [] },
    {
      alarm,
      // Who runs the actors tells the subscribers, too.
      place: (place) => {
        log.info({ event: "commands.place", place }, "where commands go");
        events?.deliver(place === "here");
      },
      state: (shard, state, why) => {
        if (state === "PARKED")
          log.error({ event: "commands.parked", shard, why }, "a shard stands");
      },
    },
  );
  events = new Events({ ...shared, loopbackWebhooks }, alarm);
  events.deliver(commands.place === "here");
  const started = events;
  return {
    commands,
    events,
    async stop() {
      await started.stop();
      await commands.stop();
    },
  };
}

// What doors ask about subscribers.
import type { Clock } from "../../platform/mod.ts";
import { commandId, type DeskCall, type Done } from "../card/desk.ts";
import type { CommandPort } from "../handover/command-client.ts";
import { subscriberKindNumber } from "./kind.ts";
import { type SubscriberCommand, subscriberKey, subscriberShard } from "./subscriber.ts";

export interface SubscriberPorts {
  readonly commands: CommandPort;
  readonly clock: Clock;
  /** Shards of the log. */
  readonly shards: number;
}

/** Throws what was refused. */
export async function submitSubscriber(
  { commands, clock, shards }: SubscriberPorts,
  call: DeskCall,
  command: SubscriberCommand,
): Promise<Done> {
  const actor = subscriberKey(command.trid);
  const reply = await commands.submit({
    id: commandId(call.client, call.idempotencyKey),
    kind: subscriberKindNumber,
    shard: subscriberShard(actor, shards),
    actor,
    body: Buffer.from(JSON.stringify(command)),
    timeoutMs: call.deadlineMs - clock.monotonicMs(),
  });
  if (!reply.ok) throw reply.error;
  const { answer, position, repeated } = reply;
  return { answer, position, repeated };
}

// What doors and tools ask of the office.
import type { Clock } from "../../platform/mod.ts";
import { commandId, type DeskCall, type Done } from "../card/desk.ts";
import type { CommandPort } from "../handover/command-client.ts";
import { officeKindNumber } from "./kind.ts";
import { type OfficeCommand, officeKey } from "./office.ts";

export interface OfficePorts {
  readonly commands: CommandPort;
  readonly clock: Pick<Clock, "monotonicMs">;
  /** Shards of the log. */
  readonly shards: number;
}

/** Throws what was refused. */
export async function submitOffice(
  { commands, clock, shards }: OfficePorts,
  call: DeskCall,
  command: OfficeCommand,
): Promise<Done> {
  const reply = await commands.submit({
    id: commandId(call.client, call.idempotencyKey),
    kind: officeKindNumber,
    shard: officeKey.readUInt16BE(0) % shards,
    actor: officeKey,
    body: Buffer.from(JSON.stringify(command)),
    timeoutMs: call.deadlineMs - clock.monotonicMs(),
  });
  if (!reply.ok) throw reply.error;
  const { answer, position, repeated } = reply;
  return { answer, position, repeated };
}

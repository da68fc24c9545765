// Says that a migration has ended; its requestor is told out of the log.
import { createHash } from "node:crypto";
import type { Clock } from "../../platform/mod.ts";
import { commandId, type DeskCall } from "../card/desk.ts";
import type { CommandPort } from "../handover/command-client.ts";
import { type MigrationEnd, migrationKindNumber } from "./kind.ts";

export interface MigrationEndPorts {
  readonly commands: CommandPort;
  readonly clock: Pick<Clock, "monotonicMs">;
  /** Shards of the log. */
  readonly shards: number;
}

/**
 * `run`: what the migration is known by for good; of one run the first end counts. True where this
 * was it. Throws what was refused.
 */
export async function endMigration(
  { commands, clock, shards }: MigrationEndPorts,
  call: DeskCall,
  run: string,
  end: MigrationEnd,
): Promise<boolean> {
  const name = `migration\0${end.trid}\0${run}`;
  const actor = createHash("sha256").update(name).digest().subarray(0, 16);
  const reply = await commands.submit({
    id: commandId(call.client, call.idempotencyKey),
    kind: migrationKindNumber,
    shard: actor.readUInt16BE(0) % shards,
    actor,
    body: Buffer.from(JSON.stringify(end)),
    timeoutMs: call.deadlineMs - clock.monotonicMs(),
  });
  if (!reply.ok) throw reply.error;
  return reply.answer.changed === true;
}

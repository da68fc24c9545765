// Uses a cardholder check for one command: reserved before it, given back where it was refused.
import { createHash } from "node:crypto";
import { type AppError, type ErrorKind, isAppError } from "../../platform/mod.ts";
import type { Vault } from "../../vault/mod.ts";
import { commandId, type DeskCall, type Done } from "../card/desk.ts";
import type { CommandPort } from "../handover/command-client.ts";
import type { Answer } from "../runtime/actor-kind.ts";
import { type ProofCommand, proofKindNumber } from "./kind.ts";

export interface ProofPorts {
  readonly vault: Vault;
  readonly commands: CommandPort;
  readonly clock: { monotonicMs(): number };
}

/** Kinds of refusal after which nothing was done and nothing can still happen. */
const nothingDone: readonly ErrorKind[] = ["refused", "forbidden", "invalid", "not-found"];

/**
 * Runs `work`, the command of `call`, if the check is free or this very command has it already.
 * VERIFICATION_USED where another one has.
 */
export async function withProof(
  ports: ProofPorts,
  call: DeskCall,
  dsTransId: string,
  work: () => Promise<Done>,
): Promise<Done> {
  const by = commandId(call.client, call.idempotencyKey).toString("hex");
  const { fresh } = await submit(ports, call, dsTransId, { command: "reserve", by });
  try {
    return await work();
  } catch (error) {
    // An earlier try under this key may have used it, with an answer that nobody remembers.
    if (fresh === true && isAppError(error) && isFree(error)) {
      // Where this fails too the check stays with the command, which may be sent again.
      await submit(ports, call, dsTransId, { command: "release", by }).catch(() => {});
    }
    throw error;
  }
}

/** A reused key may belong to a command that did use the check. */
function isFree({ code, kind }: AppError): boolean {
  return code !== "IDEMPOTENCY_KEY_REUSED" && nothingDone.includes(kind);
}

async function submit(
  { vault, commands, clock }: ProofPorts,
  call: DeskCall,
  dsTransId: string,
  command: ProofCommand,
): Promise<Answer> {
  const actor = createHash("sha256")
    .update(`proof\0${dsTransId.toLowerCase()}`)
    .digest()
    .subarray(0, 16);
  const reply = await commands.submit({
    // Fresh each time: what is repeated here must look again, for it may have been given back.
    id: vault.random(16),
    kind: proofKindNumber,
    shard: actor.readUInt16BE(0) % vault.shards,
    actor,
    body: Buffer.from(JSON.stringify(command)),
    timeoutMs: call.deadlineMs - clock.monotonicMs(),
  });
  if (!reply.ok) throw reply.error;
  return reply.answer;
}

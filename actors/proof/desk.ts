// Uses a cardholder check for one command: reserved before it, given back where it was refused.
import { createHash } from "node:crypto";
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { appError, type ErrorKind, isAppError } from "../../platform/mod.ts";
import type { Vault } from "../../vault/mod.ts";
import { type CardDesk, commandId, type DeskCall, type Done } from "../card/desk.ts";
import { routePan } from "../card/routing.ts";
import type { CommandPort } from "../handover/command-client.ts";
import type { Answer } from "../runtime/actor-kind.ts";
import { type ProofCommand, proofKindNumber } from "./kind.ts";

export interface ProofPorts {
  readonly vault: Vault;
  readonly commands: CommandPort;
  readonly desk: Pick<CardDesk, "isRepetition">;
  readonly clock: { monotonicMs(): number };
}

export interface ProofUse {
  readonly dsTransId: string;
  readonly pan: ClearPAN;
  /** YYMM as a number. */
  readonly panExpiry: number;
}

/** Kinds of refusal after which nothing was done and nothing can still happen. */
const nothingDone: readonly ErrorKind[] = ["refused", "forbidden", "invalid", "not-found"];

/**
 * Runs `work`, the command of `call`, if the check is free or this very request has it already.
 * VERIFICATION_USED where another one has, IDEMPOTENCY_KEY_REUSED where that one has the key, too.
 */
export async function withProof(
  ports: ProofPorts,
  call: DeskCall,
  { dsTransId, pan, panExpiry }: ProofUse,
  work: () => Promise<Done>,
): Promise<Done> {
  const card = routePan(ports.vault, pan).actor;
  const by = userOf(call, card, panExpiry);
  const { fresh } = await reserve(ports, call, dsTransId, by);
  try {
    return await work();
  } catch (error) {
    // An earlier try of this request may have used it, with an answer that nobody remembers.
    if (fresh === true && isAppError(error) && nothingDone.includes(error.kind)) {
      // Where this fails too the check stays with the command, which may be sent again.
      await submit(ports, call, dsTransId, { command: "release", by }).catch(() => {});
    }
    throw error;
  }
}

/**
 * The request: who asks, under which key, for which card, and what else is said; 16 bytes in hex.
 * Another request under the same key is another user, so neither gives back what the other uses.
 */
function userOf({ client, idempotencyKey, request }: DeskCall, card: Buffer, expiry: number) {
  const id = commandId(client, idempotencyKey);
  const all = createHash("sha256")
    .update(id)
    .update(card)
    .update(Buffer.of(expiry >> 8, expiry));
  if (request !== undefined) all.update(request);
  return all.digest("hex").slice(0, 2 * id.length);
}

async function reserve(ports: ProofPorts, call: DeskCall, dsTransId: string, by: string) {
  try {
    return await submit(ports, call, dsTransId, { command: "reserve", by });
  } catch (error) {
    if (!isAppError(error, "VERIFICATION_USED") || !ports.desk.isRepetition(call)) throw error;
    throw appError("IDEMPOTENCY_KEY_REUSED", "This key came with another request before.");
  }
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

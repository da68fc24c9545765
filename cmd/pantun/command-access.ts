// How commands of the command line reach the actors of a vault: over the socket of the process that
// runs them, or, where none does, by running them here for as long as the command takes.
import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import {
  CardDesk,
  type CommandPort,
  connectSocket,
  type DeskCall,
  type Done,
  systemTurns,
} from "../../actors/mod.ts";
import { appError, isAppError, systemClock } from "../../platform/mod.ts";
import {
  type Act,
  type CardReasonName,
  cardReason,
  localUser,
  recordAct,
  type Vault,
} from "../../vault/mod.ts";
import { openRuntime } from "../service/open-runtime.ts";
import { type VaultFlags, vaultFlags, withVault } from "./vault-access.ts";

export interface CommandFlags extends VaultFlags {
  readonly idempotencyKey?: string;
  readonly reason: CardReasonName;
}

/** The flags of every command that changes something. */
export function commandFlags(command: Command): Command {
  return vaultFlags(command)
    .option("--reason <reason>", `why: ${Object.keys(cardReason).join(", ")}`, parseReason, "NONE")
    .option("--idempotency-key <key>", "the same key twice has one effect, for 24 hours", parseKey);
}

function parseReason(text: string): CardReasonName {
  if (Object.hasOwn(cardReason, text)) return text as CardReasonName;
  throw appError(
    "USAGE",
    `"${text}" is no reason; there are ${Object.keys(cardReason).join(", ")}.`,
  );
}

function parseKey(text: string): string {
  if (/^[!-~]{1,64}$/.test(text)) return text;
  throw appError("USAGE", "An idempotency key is 1 to 64 printable characters without spaces.");
}

/** Nobody at a terminal waits longer. */
const timeoutMs = 10_000;

export interface CommandAccess {
  readonly vault: Vault;
  readonly commands: CommandPort;
  readonly call: DeskCall;
}

export interface Access extends CommandAccess {
  readonly desk: CardDesk;
}

/**
 * Does the work with whoever runs the vault's actors. Errors: what was refused; VAULT_IN_USE where
 * they are run by a process that does not answer.
 */
export function withCommands<T>(
  flags: Omit<CommandFlags, "reason">,
  work: (access: CommandAccess) => Promise<T>,
): Promise<T> {
  return withVault(flags, async (vault) => {
    const { commands, close } = await reach(flags.dir, vault);
    try {
      const idempotencyKey = flags.idempotencyKey ?? randomUUID();
      const deadlineMs = systemClock.monotonicMs() + timeoutMs;
      return await work({ vault, commands, call: { client: "admin", idempotencyKey, deadlineMs } });
    } finally {
      await close();
    }
  });
}

/** The same for cards and tokens; the audit chain calls the work `act`. */
export function withActors<T>(
  flags: CommandFlags,
  act: Pick<Act, "act" | "subject" | "detail">,
  work: (access: Access) => Promise<T>,
): Promise<T> {
  return withCommands(flags, async ({ vault, commands, call }) => {
    const desk = new CardDesk({ vault, commands, clock: systemClock });
    const done = await work({ vault, commands, desk, call });
    recordAct(vault, { by: localUser(), ...act });
    return done;
  });
}

interface Reached {
  readonly commands: CommandPort;
  readonly close: () => Promise<void> | void;
}

async function reach(dir: string, vault: Vault): Promise<Reached> {
  return (await reachSocket(dir)) ?? (await runHere(dir, vault));
}

async function reachSocket(dir: string): Promise<Reached | undefined> {
  try {
    const commands = await connectSocket(dir, { clock: systemClock, turns: systemTurns });
    return { commands, close: () => commands.close() };
  } catch (error) {
    if (isAppError(error, "NOT_REACHABLE")) return undefined;
    throw error;
  }
}

async function runHere(dir: string, vault: Vault): Promise<Reached> {
  try {
    const { runtime, close } = await openRuntime({ vault });
    return { commands: runtime, close };
  } catch (error) {
    // Somebody was quicker, and listens by now.
    if (!isAppError(error, "VAULT_IN_USE")) throw error;
    const reached = await reachSocket(dir);
    if (reached === undefined) throw error;
    return reached;
  }
}

/** What every answer ends with. */
export function receiptLines({ repeated, position }: Done): [string, string][] {
  const { incarnation, shard, seq, ord } = position;
  return [
    ["repeated", repeated ? "yes" : "no"],
    ["position", `${incarnation}.${shard}.${seq}.${ord}`],
  ];
}

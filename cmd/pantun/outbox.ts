// `pantun outbox`: who is told what happened to tokens, what waits for them, and what was given up.
import type { Command } from "commander";
import {
  lmdbStore,
  type OutboxOrder,
  OutboxOrders,
  ProgressTable,
  readLogMeta,
  type Subscriber,
  SubscriberRows,
} from "../../actors/mod.ts";
import { appError } from "../../platform/mod.ts";
import type { Vault } from "../../vault/mod.ts";
import { printResult, type VaultFlags, vaultFlags, withVault } from "./vault-access.ts";

export function register(program: Command): void {
  const outbox = program
    .command("outbox")
    .description("Webhooks to token requestors: who gets them, what waits, what was given up.")
    .addHelpText("after", help);
  vaultFlags(outbox.command("list"))
    .description("Show every subscriber with its waiting and dead notices.")
    .action(list);
  vaultFlags(outbox.command("replay <trid>"))
    .description("Send notices that were given up again.")
    .option("--event <id...>", "only these")
    .action((trid: string, flags: OrderFlags) => order("replay", trid, flags));
  vaultFlags(outbox.command("skip <trid>"))
    .description("Drop everything that waits or was given up; what happens from now on is sent.")
    .option("--event <id...>", "forget only these of those that were given up")
    .option("--yes", "do it")
    .action((trid: string, flags: OrderFlags) => order("skip", trid, flags));
}

const help = `
Examples:
  pantun outbox list --dir var/vault --passphrase-file secret.txt
  pantun outbox replay 99900000001 …
  pantun outbox skip 99900000001 --yes …

The process that sends the webhooks takes an order within a second, or when it starts. A requestor
can read skipped events with ListEvents all the same.`;

interface OrderFlags extends VaultFlags {
  readonly event?: readonly string[];
  readonly yes?: boolean;
}

/** Ids of dead notices that one listing names. */
const deadShownMax = 20;

interface Listed {
  readonly trid: string;
  readonly url: string;
  /** Waiting since they failed or stand behind one that did; what is on its way now is not here. */
  readonly waiting: number;
  readonly oldestWaiting: string | null;
  readonly dead: number;
  readonly deadEvents: readonly string[];
}

function subscribersOf(vault: Vault): Subscriber[] {
  const rows = new SubscriberRows(lmdbStore(vault.env), () => vault.sealing.ring);
  return rows.all().filter(({ url }) => url !== "");
}

function listed(vault: Vault): Listed[] {
  const store = lmdbStore(vault.env);
  const shards = readLogMeta(store)?.shards ?? 0;
  const progress = new ProgressTable(vault.env.table("outbox"), (work) => store.write(work));
  return subscribersOf(vault).map(({ trid, url }) => {
    const all = Array.from({ length: shards }, (_, shard) => ({
      waiting: progress.load(trid, shard)?.waiting ?? [],
      dead: progress.dead(trid, shard),
    }));
    const waiting = all.flatMap((one) => one.waiting);
    const dead = all.flatMap((one) => one.dead);
    const oldestMs = waiting.reduce((oldest, { firstMs }) => Math.min(oldest, firstMs), Infinity);
    return {
      trid,
      url,
      waiting: waiting.length,
      oldestWaiting: waiting.length === 0 ? null : new Date(oldestMs).toISOString(),
      dead: dead.length,
      deadEvents: dead.slice(0, deadShownMax).map(({ eventId }) => eventId),
    };
  });
}

async function list(flags: VaultFlags): Promise<void> {
  const subscribers = await withVault(flags, listed);
  const lines = subscribers.flatMap((one) => [
    ["subscriber", `${one.trid}  ${one.url}`] as const,
    [
      "  waiting",
      `${one.waiting}${one.oldestWaiting ? `, since ${one.oldestWaiting}` : ""}`,
    ] as const,
    ["  dead", one.dead] as const,
    ...one.deadEvents.map((id) => ["", id] as const),
  ]);
  printResult(flags, { subscribers }, lines.length > 0 ? lines : [["subscribers", "none"]]);
}

async function order(name: OutboxOrder["order"], trid: string, flags: OrderFlags): Promise<void> {
  const { event: events = [] } = flags;
  if (name === "skip" && events.length === 0 && flags.yes !== true) {
    throw appError("USAGE", "Skipped notices are never sent: add --yes.");
  }
  await withVault(flags, (vault) => {
    if (!subscribersOf(vault).some((one) => one.trid === trid)) {
      throw appError("SUBSCRIBER_NOT_FOUND", `Requestor ${trid} has no webhook.`);
    }
    new OutboxOrders(lmdbStore(vault.env)).put({ order: name, trid, events });
  });
  printResult(flags, { ordered: name, trid, events }, [["ordered", `${name} for ${trid}`]]);
}

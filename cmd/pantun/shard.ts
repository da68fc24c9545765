// `pantun shard`: how the shards of a cluster stand, to hand one over, to stop one, to let it go on,
// and to take one over. Asks the nodes over NATS, with the vault's keys.
import { type Command, Option } from "commander";
import {
  CommandSeal,
  connectNats,
  knownNodes,
  NatsBus,
  type NodeShards,
  type Operation,
  Operator,
} from "../../actors/mod.ts";
import { appError, isAppError, systemClock } from "../../platform/mod.ts";
import { natsFlags, natsSettings } from "./nats-access.ts";
import { loadRing, printResult, type VaultFlags, vaultFlags } from "./vault-access.ts";
import { wholeNumber } from "./whole-number.ts";

interface ShardFlags extends VaultFlags {
  readonly config?: string;
  readonly servers?: string;
}

export function register(program: Command): void {
  const shard = program
    .command("shard")
    .description("The shards of a cluster: who owns them, hand over, stop, go on, take over.")
    .addHelpText("after", help);
  const flags = (command: Command): Command => natsFlags(vaultFlags(command));
  const number = wholeNumber(0, 99);
  flags(shard.command("list"))
    .description("Show each shard's owner, epoch and newest record, and how far each node is.")
    .action(list);
  flags(shard.command("move"))
    .description("Hand a shard over to a node; its commands wait for some 100 ms.")
    .argument("<shard>", "its number", number)
    .addOption(new Option("--to <node>", "who gets it").makeOptionMandatory())
    .action((one: number, more: ShardFlags & { readonly to: string }) => {
      return ofOwner(more, one, { do: "move", shard: one, to: more.to });
    });
  flags(shard.command("park"))
    .description("Stop a shard on every node: nothing is decided or applied.")
    .argument("<shard>", "its number", number)
    .action((one: number, more: ShardFlags) => ofAll(more, { do: "park", shard: one }));
  flags(shard.command("unpark"))
    .description("Let a shard go on, once you have looked at why it stands.")
    .argument("<shard>", "its number", number)
    .action((one: number, more: ShardFlags) => ofAll(more, { do: "unpark", shard: one }));
  flags(shard.command("takeover"))
    .description("Make a node the owner, whoever is; the old one is fenced by the log.")
    .argument("<shard>", "its number", number)
    .addOption(new Option("--node <node>", "who takes it").makeOptionMandatory())
    .action((one: number, more: ShardFlags & { readonly node: string }) => {
      return ofNode(more, more.node, { do: "takeover", shard: one });
    });
}

const help = `
Examples:
  pantun shard list --servers nats://127.0.0.1:4222 --dir var/vault --passphrase-file secret.txt
  pantun shard move 3 --to node-2 …
  pantun shard takeover 3 --node node-1 …

Exit codes: 0 done, 1 a node did not do it, 4 a node does not answer; all others in
docs/reference/errors.md.`;

interface Site {
  readonly operator: Operator;
  readonly nodes: readonly string[];
}

async function withSite<T>(flags: ShardFlags, work: (site: Site) => Promise<T>): Promise<T> {
  const ring = await loadRing(flags);
  const connection = await connectNats({ ...natsSettings(flags), name: "pantun shard" });
  try {
    const operator = new Operator(new NatsBus(connection), new CommandSeal(ring), systemClock);
    return await work({ operator, nodes: await knownNodes(connection) });
  } finally {
    await connection.close();
  }
}

/** What the nodes answer that are there; those that are not are named on stderr. */
async function askAll(site: Site, operation: Operation): Promise<NodeShards[]> {
  const asks = site.nodes.map(async (node) => {
    try {
      return [await site.operator.ask(node, operation)];
    } catch (error) {
      if (!isAppError(error, "NOT_REACHABLE")) throw error;
      process.stderr.write(`${error.message}\n`);
      return [];
    }
  });
  const answers = (await Promise.all(asks)).flat();
  if (answers.length > 0) return answers;
  throw appError("NOT_REACHABLE", "No node of the cluster answers.");
}

function ownerOf(nodes: readonly NodeShards[], shard: number): string | undefined {
  return nodes.find(({ shards }) => shards[shard]?.state === "OWN")?.node;
}

function list(flags: ShardFlags): Promise<void> {
  return withSite(flags, async (site) => show(flags, await askAll(site, { do: "list" })));
}

function ofAll(flags: ShardFlags, operation: Operation): Promise<void> {
  return withSite(flags, async (site) => show(flags, await askAll(site, operation)));
}

function ofNode(flags: ShardFlags, node: string, operation: Operation): Promise<void> {
  return withSite(flags, async ({ operator }) => {
    show(flags, [await operator.ask(node, operation)]);
  });
}

function ofOwner(flags: ShardFlags, shard: number, operation: Operation): Promise<void> {
  return withSite(flags, async (site) => {
    const owner = ownerOf(await askAll(site, { do: "list" }), shard);
    if (owner === undefined) throw appError("FAILED", `Nobody owns shard ${shard} now.`);
    show(flags, [await site.operator.ask(owner, operation)]);
  });
}

function show(flags: VaultFlags, nodes: readonly NodeShards[]): void {
  const count = Math.max(...nodes.map(({ shards }) => shards.length));
  const lines = Array.from({ length: count }, (_, shard): [string, string] => {
    const epoch = Math.max(...nodes.map(({ shards }) => shards[shard]?.epoch ?? 0));
    const owner = ownerOf(nodes, shard) ?? nodes[0]?.shards[shard]?.owner ?? "";
    const all = nodes.map(({ node, shards }) => {
      const one = shards[shard];
      return `${node} ${one?.state} at ${one?.seq}${one?.parked ? ` (${one.parked})` : ""}`;
    });
    const head = `owner ${owner === "" ? "none" : owner}, epoch ${epoch}`;
    return [`shard ${shard}`, `${head}; ${all.join(", ")}`];
  });
  printResult(flags, { nodes }, lines);
}

// `pantun log salvage` of a cluster: over NATS, with the nodes that run and the vaults of others.
import { randomBytes } from "node:crypto";
import {
  CommandSeal,
  CursorRows,
  connectNats,
  IdentityRows,
  knownNodes,
  type LostCommand,
  logSettings,
  lostCommands,
  NatsBus,
  Operator,
  openBrokenStreams,
  openKinds,
  type SalvagedStream,
  type SalvageOptions,
  type SalvageVault,
  type StreamKind,
  salvageShard,
  streamPoint,
  TailRows,
} from "../../actors/mod.ts";
import { appError, systemClock } from "../../platform/mod.ts";
import { localUser, recordAct } from "../../vault/mod.ts";
import type { OpenedLog } from "./log.ts";
import { type Copy, keepOf, type SalvageFlags, withCopies } from "./log-salvage.ts";
import { clusterSettings } from "./nats-access.ts";
import { ProgressLine } from "./progress-line.ts";
import { loadRing, printResult } from "./vault-access.ts";

/** One shard's outcome as it is shown: of what is lost the commands, not the records. */
interface Shown {
  readonly shard: number;
  readonly streams: readonly (Omit<SalvagedStream, "lost"> & {
    readonly lost: readonly number[];
  })[];
  readonly fence: { readonly ptav: number; readonly de7: number } | null;
  readonly resumed: readonly string[];
  readonly strays: readonly string[];
  readonly behind: readonly string[];
  readonly lostCommands: readonly LostCommand[];
}

export async function salvageCluster(flags: SalvageFlags, own: OpenedLog): Promise<void> {
  const settings = clusterSettings(flags);
  const ring = await loadRing(flags);
  const progress = new ProgressLine("records");
  const connection = await connectNats({ ...settings, name: "pantun log salvage" });
  try {
    const without = flags.without ?? [];
    const known = await knownNodes(connection).catch((): string[] => []);
    const nodes = known.filter((node) => !without.includes(node));
    const operator = new Operator(new NatsBus(connection), new CommandSeal(ring), systemClock);
    const { meta, seal } = own;
    let records = 0;
    const common = {
      ...{ meta, seal, clock: systemClock, nonce: randomBytes(8), operator, nodes, without },
      ...{ acceptLoss: flags.acceptLoss === true, remake: flags.remake === true },
      stream: await openBrokenStreams(connection, logSettings(settings, meta)),
      keep: keepOf(flags),
      onProgress: () => progress.update(++records),
    };
    const shards = flags.shard === undefined ? await standing(operator, nodes) : [flags.shard];
    const shown: Shown[] = [];
    await withCopies(flags, flags.also ?? [], async (copies) => {
      const vaults = [{ name: flags.dir, opened: own }, ...copies];
      for (const shard of shards) {
        shown.push(await salvageOne(common, own, vaults, shard));
        const detail = { shard };
        recordAct(own.vault, { act: "log.salvage", by: localUser(), detail });
      }
    });
    printResult(flags, { shards: shown }, linesOf(shown));
  } finally {
    progress.end();
    await connection.close();
  }
}

/** Shards that stand on a node. */
async function standing(operator: Operator, nodes: readonly string[]): Promise<number[]> {
  const found = new Set<number>();
  for (const node of nodes) {
    const { shards } = await operator.ask(node, { do: "list" });
    for (const { shard, state } of shards) if (state === "PARKED") found.add(shard);
  }
  if (found.size > 0) return [...found].sort((a, b) => a - b);
  throw appError("USAGE", "No shard stands on a node that answers: name one with --shard.");
}

async function salvageOne(
  common: Omit<SalvageOptions, "shard" | "more">,
  { vault, store, seal }: OpenedLog,
  vaults: readonly Copy[],
  shard: number,
): Promise<Shown> {
  const more = vaults.flatMap((one) => vaultOf(one, shard));
  const { streams, ...rest } = await salvageShard({ ...common, shard, more });
  const kinds = openKinds(vault, store);
  return {
    ...rest,
    streams: streams.map((one) => ({ ...one, lost: one.lost.map(({ seq }) => seq) })),
    lostCommands: streams.flatMap((one) => lostCommands(one.lost, shard, seal, kinds)),
  };
}

/** A folder's vault, if it has followed the cluster's log. */
function vaultOf({ name, opened: { store, meta } }: Copy, shard: number): SalvageVault[] {
  if (new IdentityRows(store).get("evt", shard) === undefined) return [];
  const cursors = new CursorRows(store);
  const tail = new TailRows(store);
  const at = (kind: StreamKind) => streamPoint(cursors.get(kind, shard, meta));
  const records = (kind: StreamKind) => ({
    name,
    read: async (seq: number) => {
      const [found] = tail.from(kind, shard, seq, 1);
      return found?.seq === seq ? found.bytes : undefined;
    },
  });
  return [{ name, at: { evt: at("evt"), pay: at("pay") }, records }];
}

function linesOf(shown: readonly Shown[]): [string, string | number][] {
  return shown.flatMap(({ shard, streams, fence, resumed, strays, behind, lostCommands: lost }) => [
    ...streams.map(({ stream, act, written, firstSeq, lastSeq }): [string, string] => {
      const did = act === "none" ? "whole" : `${written} records written (${act})`;
      return [`shard ${shard} ${stream}`, `${did}; ${firstSeq} to ${lastSeq}`];
    }),
    ["nodes that go on", resumed.join(", ") || "none"],
    ...named("to join again from a snapshot", [...strays, ...behind]),
    ...(fence === null ? [] : [["PTAVs void up to", fenceText(fence.ptav)] as [string, string]]),
    ...lost.map(({ command, at, did }): [string, string] => {
      return [`lost command ${command}`, `${at} ${did.join(", ")}`];
    }),
  ]);
}

function named(label: string, names: readonly string[]): [string, string][] {
  return names.length === 0 ? [] : [[label, names.join(", ")]];
}

function fenceText(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}

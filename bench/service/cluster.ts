// Payments of a cluster of two nodes over three NATS servers, all on this machine: sent to the node
// that owns their shards, and to the other one, which hands them on. Beside them a service with the
// log in its vault. Three replicas, two nodes and the generator share the cores and one disk.
import { setTimeout as sleep } from "node:timers/promises";
import { CommandSeal, connectNats, NatsBus, Operator } from "../../actors/mod.ts";
import { type NatsSite, startSite } from "../../deploy/tools/nats-site.ts";
import { isAppError, systemClock } from "../../platform/mod.ts";
import { type BenchVault, obtainVault } from "../lib/bench-vault.ts";
import { measure } from "../lib/measure.ts";
import { MessageMaker } from "../lib/message-maker.ts";
import { Chooser } from "../lib/random.ts";
import { type Row, rowOf } from "../lib/row.ts";
import type { BenchContext, Scenario } from "../lib/scenario.ts";
import { AnswerCheck } from "./answer-check.ts";
import { startServer } from "./server-process.ts";
import { frameMessages, SessionLoad } from "./session-load.ts";

/** A vault of its own: each node gets a copy. */
const tokens = 20_000;
const messagesOfRun = 16_384;
const messagesOfRunQuick = 8_192;
const owner = "bench-owner";
const other = "bench-other";
const inline = 0;
const pollMs = 200;
const settleMs = 60_000;

type Closing = () => void | Promise<void>;

function settingsOf(site: NatsSite, node: string): Record<string, string> {
  // Sixteen shards, two streams each: the servers promise all of it at once.
  const room = "64MiB";
  return {
    "log.kind": "jetstream",
    "nats.servers": site.urls.join(","),
    "nats.node": node,
    "nats.evtBytesMax": room,
    "nats.payBytesMax": room,
  };
}

/** Gives every shard to the owner: by themselves nodes even out, one shard in ten seconds. */
async function gather(operator: Operator, shards: number): Promise<void> {
  const untilMs = performance.now() + settleMs;
  for (let left = shards; left > 0; ) {
    if (performance.now() > untilMs) throw new Error("the shards were not gathered");
    left = await gatherOnce(operator);
    if (left > 0) await sleep(pollMs);
  }
}

/** Moves what the other node owns; how many shards the owner does not have yet. */
async function gatherOnce(operator: Operator): Promise<number> {
  const theirs = await operator.ask(other, { do: "list" });
  for (const { shard, state } of theirs.shards) {
    if (state !== "OWN") continue;
    try {
      await operator.ask(other, { do: "move", shard, to: owner });
    } catch (error) {
      // Two may move at once, and nodes move by themselves too.
      if (!isAppError(error, "FAILED")) throw error;
    }
  }
  const mine = await operator.ask(owner, { do: "list" });
  return mine.shards.filter(({ state }) => state !== "OWN").length;
}

async function openOperator(site: NatsSite, vault: BenchVault, opened: Closing[]) {
  const connection = await connectNats({ servers: site.urls, name: "bench" });
  opened.unshift(() => connection.close());
  const seal = new CommandSeal(vault.ring);
  return new Operator(new NatsBus(connection), seal, systemClock);
}

async function measureCluster(context: BenchContext, opened: Closing[]): Promise<Row[]> {
  const vault = await obtainVault(tokens, context.progress);
  const site = await startSite(3);
  opened.unshift(() => site.stop());
  const load = async (settings: Record<string, string>): Promise<SessionLoad> => {
    const what = { workers: inline, echo: null, settings, ownVault: true };
    const server = await startServer(vault, what);
    opened.unshift(server.stop);
    const session = await SessionLoad.open(server.session, new AnswerCheck());
    opened.unshift(() => session.close());
    return session;
  };
  const alone = await load({});
  const atOwner = await load(settingsOf(site, owner));
  const atOther = await load(settingsOf(site, other));
  const operator = await openOperator(site, vault, opened);
  const { shards } = await operator.ask(owner, { do: "list" });
  const { deck, ring } = vault;
  const choose = new Chooser(process.pid);
  const maker = new MessageMaker({ deck, ptavKey: ring.active("ptav"), macKey: null, choose });
  const count = context.quick ? messagesOfRunQuick : messagesOfRun;
  const rate = async (session: SessionLoad): Promise<number> => {
    await gather(operator, shards.length);
    const now = Math.floor(Date.now() / 1_000);
    return session.rate(maker.make(count, now, now));
  };
  const [forwarded, owned, single] = await measure(context.plan, [
    { name: "forwarded", run: () => rate(atOther) },
    { name: "at the owner", run: () => rate(atOwner) },
    { name: "log in the vault", run: () => rate(alone) },
  ]);
  if (forwarded === undefined || owned === undefined || single === undefined) {
    throw new Error("a contender has no figure");
  }
  const row = { scenario: "cluster", unit: "messages/s", target: null } as const;
  return [
    rowOf({
      ...row,
      metric: `payments forwarded between nodes, frames of ${frameMessages}`,
      summary: forwarded,
      baseline: { name: "the same at their owner", summary: owned },
    }),
    rowOf({
      ...row,
      metric: `payments at their owner, R3, frames of ${frameMessages}`,
      summary: owned,
      baseline: { name: "log in the vault", summary: single },
    }),
  ];
}

async function run(context: BenchContext): Promise<Row[]> {
  const opened: Closing[] = [];
  try {
    return await measureCluster(context, opened);
  } finally {
    for (const close of opened) await close();
  }
}

export const clusterScenarios: readonly Scenario[] = [
  {
    name: "cluster",
    group: "service",
    about: "payments forwarded between two nodes over three NATS servers, beside their owner",
    run,
  },
];

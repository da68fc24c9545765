// A process that takes commands until it is killed. It loads its modules first and then waits for a
// line, so that the next one is ready while the last one still runs; prints "N shard seq ord" for
// each answer, and counts up from the number in the line. What died unanswered is sent again.
//
//   node crash-child.ts embedded DIR | jetstream DIR URL
import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import {
  EmbeddedLog,
  type Envelope,
  KindTable,
  lmdbStore,
  Ownership,
  openCluster,
  prepareLogMeta,
  RecordSeal,
  type Reply,
  Runtime,
  systemTurns,
} from "../../actors/mod.ts";
import { accountKind } from "../../actors/runtime/test-account.ts";
import { envelope, logRing } from "../../actors/runtime/test-rig.ts";
import { systemClock } from "../../platform/mod.ts";
import { openEnvironment } from "../../vault/mod.ts";
import { accounts, crashMapBytes, crashShards } from "./crash-layout.ts";

const [kind = "", dir = "", server = ""] = process.argv.slice(2);
const callers = 16;
const againMs = 20;

type Submit = (envelope: Envelope) => Promise<Reply>;

function openStore() {
  const settings = { mapSizeBytes: crashMapBytes, readOnly: false, create: true };
  const store = lmdbStore(openEnvironment({ path: dir, ...settings }));
  return { store, meta: prepareLogMeta(store, randomBytes, crashShards) };
}

async function openEmbedded(): Promise<Submit> {
  const { store, meta } = openStore();
  const owner = Ownership.take(store, randomBytes(8));
  const runtime = new Runtime({
    ...{ store, meta, clock: systemClock, turns: systemTurns, random: randomBytes, node: "one" },
    log: new EmbeddedLog({ store, meta, checkOwner: () => owner.check() }),
    kinds: new KindTable([accountKind(store)]),
    seal: new RecordSeal(logRing()),
  });
  await runtime.ownAll();
  return (one) => runtime.submit(one);
}

async function openJetStream(): Promise<Submit> {
  const { store, meta } = openStore();
  const bytes = { evtBytesMax: 2 ** 28, payBytesMax: 2 ** 26, payAgeMs: 86_400_000 };
  const { node } = await openCluster({
    settings: { servers: [server], node: "one", replicas: 1, ...bytes },
    ...{ store, meta, kinds: new KindTable([accountKind(store)]), ring: logRing() },
    notice: () => {},
    events: {},
    // The last life's heartbeat may still come.
    twin: () => {},
  });
  return (one) => new Promise((resolve) => node.send(one, resolve));
}

async function work(first: number): Promise<void> {
  const submit = await (kind === "embedded" ? openEmbedded() : openJetStream());
  let next = first;
  const caller = async (): Promise<void> => {
    for (;;) {
      const n = next++;
      const command = { do: "deposit", amount: 1 } as const;
      const one = envelope(n % crashShards, n % accounts, command, { key: `key ${n}` });
      let reply = await submit(one);
      while (!reply.ok) {
        await new Promise((resolve) => setTimeout(resolve, againMs));
        reply = await submit(one);
      }
      const { shard, seq, ord } = reply.position;
      writeSync(1, `${n} ${shard} ${seq} ${ord}\n`);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

writeSync(1, "loaded\n");
// Whoever started this process may end without a word.
process.stdin.once("end", () => process.kill(process.pid, "SIGKILL"));
createInterface({ input: process.stdin }).once("line", (line) => void work(Number(line)));

// A process that runs commands through an embedded log until it is killed: prints a line for each
// answer. Keys count up from the number given, so that a parent knows what was answered.
import { randomBytes } from "node:crypto";
import {
  EmbeddedLog,
  KindTable,
  lmdbStore,
  Ownership,
  prepareLogMeta,
  RecordSeal,
  Runtime,
  systemTurns,
} from "../../actors/mod.ts";
import { accountKind } from "../../actors/runtime/test-account.ts";
import { envelope, logRing } from "../../actors/runtime/test-rig.ts";
import { systemClock } from "../../platform/mod.ts";
import { openEnvironment } from "../../vault/mod.ts";

const [dir, first, padBytes] = process.argv.slice(2) as [string, string, string];
const callers = 32;
/** Between the commands of one caller where the disk is full: it does not spin. */
const pauseMs = 100;

const env = openEnvironment({ path: dir, mapSizeBytes: 2 ** 30, readOnly: false, create: true });
const store = lmdbStore(env);
const meta = prepareLogMeta(store, randomBytes, 4);
const owner = Ownership.take(store, randomBytes(8));
const runtime = new Runtime({
  ...{ store, meta, clock: systemClock, turns: systemTurns, random: randomBytes, node: "child" },
  log: new EmbeddedLog({ store, meta, checkOwner: () => owner.check() }),
  kinds: new KindTable([accountKind(store)]),
  seal: new RecordSeal(logRing()),
});
await runtime.ownAll();
process.stdout.write("ready\n");
let next = Number(first);
const pad = "x".repeat(Number(padBytes));
async function caller(): Promise<void> {
  for (;;) {
    const n = next++;
    const command = { do: "deposit", amount: 1, pad } as const;
    const reply = await runtime.submit(envelope(n % 4, n % 64, command, { key: `key ${n}` }));
    process.stdout.write(`${n} ${reply.ok ? "ok" : reply.error.code}\n`);
    if (!reply.ok) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
await Promise.all(Array.from({ length: callers }, caller));

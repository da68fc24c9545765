// One node of a cluster as a process of its own, for tests that pause and kill it: owns what it
// can, appends, and writes a line for everything that was acknowledged and every change of state.
//
//   node owner-process.ts NAME REPLICAS URL…
import { randomBytes } from "node:crypto";
import { connectNats } from "../../actors/log/jetstream/connection.ts";
import { openJetStreamLog } from "../../actors/log/jetstream/jetstream-log.ts";
import { openOwnership } from "../../actors/log/jetstream/open-ownership.ts";
import { type Acked, TestHost, testIncarnation } from "../../actors/log/jetstream/test-host.ts";
import { systemRandom, systemTimers } from "../../actors/log/jetstream/timers.ts";
import { quickFollow, testSettings } from "./rig.ts";

export type OwnerLine =
  | { readonly kind: "acked"; readonly acked: Acked }
  | { readonly kind: "state"; readonly state: string; readonly why: string }
  /** The first owner that was heard of. */
  | { readonly kind: "owner"; readonly node: string }
  | { readonly kind: "fault"; readonly text: string };

function say(line: OwnerLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function main([node = "", replicas = "1", ...servers]: readonly string[]): Promise<void> {
  const connection = await connectNats({ servers, name: node });
  const settings = {
    ...testSettings,
    incarnation: testIncarnation,
    replicas: Number(replicas) as 1 | 3,
  };
  const log = await openJetStreamLog({
    connection,
    settings,
    create: true,
    followTimes: quickFollow,
  });
  const nonce = randomBytes(8);
  const acked = { push: (one: Acked) => say({ kind: "acked", acked: one }) };
  const faults = { push: (text: string) => say({ kind: "fault", text }) };
  const host = new TestHost({
    node,
    nonce,
    log,
    timers: systemTimers,
    random: systemRandom,
    acked,
    faults,
  });
  const { ownership } = await openOwnership({
    connection,
    log,
    replicas: settings.replicas,
    node,
    nonce,
    host,
    onMessage: async (_shard, message) => message,
    notice: ({ state, why }) => say({ kind: "state", state, why }),
    twin: (other) => say({ kind: "fault", text: `a twin ${other}` }),
  });
  await host.start(ownership);
  await ownership.start();
  const listening = setInterval(() => {
    const owner = ownership.ownerOf(0);
    if (owner === undefined) return;
    clearInterval(listening);
    say({ kind: "owner", node: owner.node });
  }, 50);
}

// Whoever started this process may end without a word.
process.stdin.resume().once("end", () => process.kill(process.pid, "SIGKILL"));
await main(process.argv.slice(2));

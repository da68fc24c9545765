// Two rival writers on one stream while its leader is killed with -9, again and again: what was
// acknowledged must be there once, at its sequence, and nothing twice.
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { jetstreamManager } from "@nats-io/jetstream";
import { testRecord } from "../../actors/log/jetstream/test-host.ts";
import { headBytes } from "../../actors/log/record.ts";
import { type Fate, settle } from "../../actors/log/settle.ts";
import type { NatsSite } from "../../deploy/tools/nats-site.ts";
import { comesTrue } from "../../platform/mod.ts";
import { openTestLog } from "./rig.ts";

interface Writer {
  /** Sequence by id of what was acknowledged. */
  readonly acked: Map<string, number>;
  stop(): Promise<void>;
}

const blank = Buffer.alloc(16);

async function startWriter(site: NatsSite, name: string): Promise<Writer> {
  const opened = await openTestLog(site, { replicas: 3 });
  const stream = opened.log.stream("evt", 0);
  const acked = new Map<string, number>();
  let going = true;
  const run = async (): Promise<void> => {
    const { identity, lastSeq } = await stream.end();
    let after = lastSeq;
    for (let n = 0; going; n++) {
      const id = createHash("sha256").update(`${name} ${n}`).digest("hex").slice(0, 16);
      const head = { shard: 0, epoch: 1, nonce: Buffer.from(name.padEnd(8)), prev: blank };
      const bytes = testRecord(head, { kind: "work", id });
      let fate: Fate | undefined;
      while (going && fate?.kind !== "stored") {
        const sent = { bytes, after, identity, epoch: 1, role: "candidate" } as const;
        fate = await settle(stream, sent, () => {}, {
          sleep: (ms) => sleep(ms / 10),
          below: (limit) => Math.floor(limit / 2),
          maySend: () => true,
          givenUp: () => !going,
        });
        // The rival was faster: the same record goes behind his.
        if (fate.kind === "overtaken" || fate.kind === "stored") after++;
        else if (fate.kind !== "given-up") throw new Error(`${name}: ${JSON.stringify(fate)}`);
      }
      if (fate?.kind === "stored") acked.set(id, after);
    }
  };
  const running = run();
  const stop = async (): Promise<void> => {
    going = false;
    await running;
    await opened[Symbol.asyncDispose]();
  };
  return { acked, stop };
}

export interface KillReport {
  readonly problems: readonly string[];
  readonly records: number;
  readonly acked: number;
  readonly kills: number;
}

/** So many kills of whoever leads the stream, each restarted once the writers go on. */
export async function killLeaders(site: NatsSite, kills: number): Promise<KillReport> {
  const writers = [await startWriter(site, "mine"), await startWriter(site, "theirs")];
  const ackedNow = (): number => writers.reduce((sum, { acked }) => sum + acked.size, 0);
  const goOn = async (): Promise<void> => {
    const goal = ackedNow() + 50;
    await comesTrue("appends by both writers", 50_000, () => ackedNow() >= goal);
  };
  await using watcher = await openTestLog(site, { replicas: 3 });
  const jsm = await jetstreamManager(watcher.connection);
  try {
    await goOn();
    for (let kill = 0; kill < kills; kill++) {
      const leader = (await jsm.streams.info("EVT_00")).cluster?.leader ?? "";
      await site.server(leader).kill();
      await goOn();
      await site.server(leader).restart();
      await goOn();
    }
  } finally {
    await Promise.all(writers.map((writer) => writer.stop()));
  }
  const stream = watcher.log.stream("evt", 0);
  const { lastSeq } = await stream.end();
  const found = new Map<string, number>();
  const problems: string[] = [];
  for (let seq = 1; seq <= lastSeq; seq++) {
    const bytes = await stream.read(seq);
    if (bytes === undefined) {
      problems.push(`record ${seq} is missing`);
      continue;
    }
    const { id } = JSON.parse(bytes.subarray(headBytes).toString()) as { id: string };
    if (found.has(id)) problems.push(`${id} stands at ${found.get(id)} and ${seq}`);
    found.set(id, seq);
  }
  for (const { acked } of writers) {
    for (const [id, seq] of acked) {
      if (found.get(id) !== seq)
        problems.push(`${id}, acknowledged at ${seq}, is at ${found.get(id)}`);
    }
  }
  return { problems, records: lastSeq, acked: ackedNow(), kills };
}

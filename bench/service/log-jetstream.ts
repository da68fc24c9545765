// Appends to the clustered log, beside what the same servers store without a fence. The servers are
// started for the run, on this machine and its one disk: three replicas share both.
import { randomBytes } from "node:crypto";
import { jetstream } from "@nats-io/jetstream";
import { connectNats } from "../../actors/log/jetstream/connection.ts";
import { openJetStreamLog } from "../../actors/log/jetstream/jetstream-log.ts";
import { subjectOf } from "../../actors/log/jetstream/names.ts";
import { type NatsSite, startSite } from "../../deploy/tools/nats-site.ts";
import type { Row } from "../lib/row.ts";
import { type BenchContext, compare, type Scenario } from "../lib/scenario.ts";

/** What a busy shard gathers while its last append is under way. */
const groupBytes = 16 * 1024;
const appendsOfRun = 500;
const appendsOfRunQuick = 200;
const underWay = 64;
const roomBytes = 1024 * 1024 * 1024;
const dayMs = 86_400_000;

interface Setting {
  readonly name: string;
  readonly servers: 1 | 3;
  readonly syncAlways: boolean;
}

const settings: readonly Setting[] = [
  { name: "R1", servers: 1, syncAlways: false },
  { name: "R3", servers: 3, syncAlways: false },
  { name: "R3, always flushed", servers: 3, syncAlways: true },
];

async function measureOn(context: BenchContext, setting: Setting, site: NatsSite): Promise<Row> {
  const connection = await connectNats({ servers: site.urls, name: "bench" });
  const log = await openJetStreamLog({
    connection,
    create: true,
    settings: {
      shards: 1,
      incarnation: 1,
      replicas: setting.servers,
      evtBytesMax: roomBytes,
      payBytesMax: roomBytes,
      payAgeMs: dayMs,
    },
  });
  const count = context.quick ? appendsOfRunQuick : appendsOfRun;
  const body = randomBytes(groupBytes);
  const perSecond = (begin: number): number => (count * 1_000) / (performance.now() - begin);
  const subject = async (): Promise<number> => {
    const stream = log.stream("evt", 0);
    const { lastSeq } = await stream.end();
    const begin = performance.now();
    for (let i = 0; i < count; i++) {
      const outcome = await stream.append(body, lastSeq + i, () => {});
      if (outcome.kind !== "stored") throw new Error(`an append was ${outcome.kind}`);
    }
    const rate = perSecond(begin);
    await stream.trim(lastSeq + count);
    return rate;
  };
  const js = jetstream(connection);
  const baseline = async (): Promise<number> => {
    const subjectName = subjectOf("pay", 0);
    let sent = 0;
    const publisher = async (): Promise<void> => {
      while (sent < count) {
        sent++;
        await js.publish(subjectName, body, { timeout: 30_000 });
      }
    };
    const begin = performance.now();
    await Promise.all(Array.from({ length: underWay }, publisher));
    const rate = perSecond(begin);
    const stream = log.stream("pay", 0);
    await stream.trim((await stream.end()).lastSeq);
    return rate;
  };
  try {
    return await compare(context, {
      scenario: "log-jetstream",
      metric: `fenced appends of 16 KiB, ${setting.name}`,
      unit: "appends/s",
      subject: { name: "ShardStream.append", run: subject },
      baseline: { name: `raw publish, ${underWay} under way`, run: baseline },
    });
  } finally {
    await log.close();
    await connection.close();
  }
}

async function run(context: BenchContext): Promise<Row[]> {
  const rows: Row[] = [];
  for (const setting of settings) {
    context.progress(`log-jetstream ${setting.name}`);
    const site = await startSite(setting.servers, { syncAlways: setting.syncAlways });
    try {
      rows.push(await measureOn(context, setting, site));
    } finally {
      await site.stop();
    }
  }
  return rows;
}

export const logScenarios: readonly Scenario[] = [
  {
    name: "log-jetstream",
    group: "service",
    about: "fenced appends of 16 KiB groups on nats-servers of its own, beside raw publishing",
    run,
  },
];

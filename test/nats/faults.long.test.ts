// Defends, on real servers and processes: a killed stream leader loses and doubles nothing, a
// frozen owner is followed and fenced, a server's restart is survived, a deleted lease bucket
// changes no owner, and a stream made anew stops its shard.
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { beforeAll, describe, expect, it } from "vitest";
import { wantedStream } from "../../actors/log/jetstream/stream-settings.ts";
import { testIncarnation } from "../../actors/log/jetstream/test-host.ts";
import { readHead, recordHash } from "../../actors/log/record.ts";
import {
  type NatsSite,
  natsBinary,
  obtainTimeoutMs,
  startSite,
} from "../../deploy/tools/nats-site.ts";
import { killLeaders } from "./leader-kill.ts";
import { OwnerNode } from "./owner-node.ts";
import { openTestLog, testSettings } from "./rig.ts";

beforeAll(() => {
  natsBinary();
}, obtainTimeoutMs);

/** What must hold of both streams, whoever wrote them. */
async function problemsOf(site: NatsSite, nodes: readonly OwnerNode[]): Promise<string[]> {
  const problems = nodes.flatMap((node) => node.faults);
  await using opened = await openTestLog(site, { incarnation: testIncarnation });
  for (const kind of ["evt", "pay"] as const) {
    const stream = opened.log.stream(kind, 0);
    const { lastSeq } = await stream.end();
    const records = new Map<number, string>();
    let prev: Buffer | undefined;
    let epoch = 0;
    for (let seq = 1; seq <= lastSeq; seq++) {
      const bytes = (await stream.read(seq)) as Buffer;
      const head = readHead(bytes);
      if (prev !== undefined && !head.prev.equals(prev)) problems.push(`${kind} ${seq}: chain`);
      if (head.epoch < epoch) problems.push(`${kind} ${seq}: epoch falls`);
      prev = recordHash(bytes);
      epoch = head.epoch;
      records.set(seq, bytes.toString("latin1"));
    }
    for (const node of nodes) {
      for (const acked of node.acked) {
        if (acked.kind !== kind) continue;
        if (records.get(acked.seq)?.includes(acked.id) !== true) {
          problems.push(`${node.name}: ${kind} ${acked.seq} was acknowledged and is lost`);
        }
      }
    }
  }
  return problems;
}

describe("a cluster", () => {
  it("whose stream leader is killed under two rivals loses and doubles nothing", async () => {
    await using site = await startSite(3);
    const report = await killLeaders(site, 1);
    expect(report.problems).toEqual([]);
    expect(report.acked).toBeGreaterThan(150);
  });
});

describe("an owner", () => {
  it("that is frozen is followed, and fenced at its first append when it wakes", async () => {
    await using site = await startSite(1);
    await using a = new OwnerNode(site, "a");
    await a.until(() => a.state === "OWN");
    await a.works(5);
    await using b = new OwnerNode(site, "b");
    await b.until(() => b.heard === "a");
    a.pause();
    await b.until(() => b.state === "OWN");
    await b.works(5);
    a.resume();
    await a.until(() => a.state === "FOLLOW");
    expect(a.why).toMatch(/fenced|lease/);
    await b.works(5);
    expect(b.state).toBe("OWN");
    expect(await problemsOf(site, [a, b])).toEqual([]);
  });

  it("goes on after its server was killed and restarted", async () => {
    await using site = await startSite(1);
    await using a = new OwnerNode(site, "a");
    await a.works(5);
    await site.servers[0]?.restart();
    await a.works(5);
    expect(a.state).toBe("OWN");
    expect(await problemsOf(site, [a])).toEqual([]);
  });

  it("stays owner when the bucket of leases is deleted, and renews in a new one", async () => {
    await using site = await startSite(1);
    await using a = new OwnerNode(site, "a");
    await a.works(5);
    const connection = await connect({ servers: site.urls });
    const jsm = await jetstreamManager(connection);
    await jsm.streams.delete("KV_pantun_lease");
    const held = async (): Promise<boolean> =>
      (await jsm.streams.info("KV_pantun_lease").catch(() => undefined))?.state.messages === 1;
    await expect.poll(held, { timeout: 20_000 }).toBe(true);
    await a.works(5);
    expect(a.state).toBe("OWN");
    await connection.close();
  });

  it("parks when its stream is deleted and made anew", async () => {
    await using site = await startSite(1);
    await using a = new OwnerNode(site, "a");
    await a.works(5);
    const connection = await connect({ servers: site.urls });
    const jsm = await jetstreamManager(connection);
    await jsm.streams.delete("EVT_00");
    await jsm.streams.add(
      wantedStream("evt", 0, { ...testSettings, incarnation: testIncarnation }),
    );
    await connection.close();
    await a.until(() => a.state === "PARKED");
    const acked = a.acked.length;
    await using b = new OwnerNode(site, "b");
    await b.until(() => b.state !== "FOLLOW");
    expect(b.state).not.toBe("OWN");
    expect(a.acked.length).toBe(acked);
    expect(a.state).toBe("PARKED");
  });
});

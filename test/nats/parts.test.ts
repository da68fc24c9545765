// Defends: leases, heartbeats and messages between nodes on a real server: a lease is taken once
// and given back only by its holder, a bucket with other settings is refused, an absent node is
// told from a silent one, and a second process under one name is noticed.
import { Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/transport-node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  openLeaseBucket,
  openTopologyBucket,
  ReopenedBucket,
} from "../../actors/log/jetstream/buckets.ts";
import { connectNats } from "../../actors/log/jetstream/connection.ts";
import { LeaseBucket } from "../../actors/log/jetstream/lease-bucket.ts";
import { NatsBus } from "../../actors/log/jetstream/nats-bus.ts";
import { systemTimers } from "../../actors/log/jetstream/timers.ts";
import { TopologyRegistry } from "../../actors/log/jetstream/topology-registry.ts";
import { type NatsSite, obtainTimeoutMs, startSite } from "../../deploy/tools/nats-site.ts";
import { createManualClock, systemClock } from "../../platform/mod.ts";

let site: NatsSite;
let connection: NatsConnection;

beforeAll(async () => {
  site = await startSite(1);
}, obtainTimeoutMs);

afterAll(() => site.stop());

beforeEach(async () => {
  connection = await connectNats({ servers: site.urls, name: "test" });
});

afterEach(async () => {
  for await (const { bucket } of new Kvm(connection).list()) {
    await (await new Kvm(connection).open(bucket)).destroy();
  }
  await connection.close();
});

const held = (node: string) => ({ node, nonce: `${node}1`, seq: 7, hash: Buffer.alloc(16, 3) });

describe("a lease", () => {
  const open = async () =>
    new LeaseBucket(await ReopenedBucket.open(() => openLeaseBucket(connection, 1)));

  it("is taken once, renewed at its last revision, and read as it was written", async () => {
    const lease = await open();
    expect(await lease.read(3)).toBeUndefined();
    const first = (await lease.create(3, held("a"))) as number;
    expect(await lease.create(3, held("b"))).toBeUndefined();
    expect(await lease.create(4, held("b"))).toBeGreaterThan(first);
    const next = await lease.update(3, held("a"), first);
    expect(next).toBeGreaterThan(first);
    expect(await lease.update(3, held("a"), first)).toBeUndefined();
    expect(await lease.read(3)).toEqual({ value: held("a"), revision: next });
  });

  it("is given back by its holder only, and can then be taken", async () => {
    const lease = await open();
    const first = (await lease.create(0, held("a"))) as number;
    const taken = await lease.overwrite(0, held("b"));
    await lease.remove(0, first);
    expect((await lease.read(0))?.value.node).toBe("b");
    await lease.remove(0, taken);
    expect(await lease.read(0)).toBeUndefined();
    expect(await lease.create(0, held("a"))).toBeGreaterThan(taken);
  });

  it("finds its bucket again after somebody deleted it", async () => {
    const lease = await open();
    const first = (await lease.create(0, held("a"))) as number;
    await (await new Kvm(connection).open("pantun_lease")).destroy();
    await expect(lease.update(0, held("a"), first)).rejects.toThrow();
    expect(await lease.create(0, held("a"))).toBe(1);
  });

  it("is not kept in a bucket with another ttl, and the message says what to change", async () => {
    await new Kvm(connection).create("pantun_lease", { ttl: 60_000, history: 5 });
    const opening = openLeaseBucket(connection, 1);
    await expect(opening).rejects.toMatchObject({ code: "LOG_UNFIT" });
    await expect(opening).rejects.toThrow(/ttl \(ms\) is 60000, set it to 20000/);
    await expect(opening).rejects.toThrow(/history is 5, set it to 1/);
  });
});

describe("the registry", () => {
  const start = async (node: string, nonce: string, twins: string[] = [], clock = systemClock) => {
    const bucket = await ReopenedBucket.open(() => openTopologyBucket(connection, 1));
    const twin = (other: string) => twins.push(other);
    return new TopologyRegistry({ bucket, clock, timers: systemTimers, node, nonce, twin });
  };

  it("sees who beats, who leaves, and who has fallen silent by its own clock", async () => {
    const clock = createManualClock();
    const a = await start("a", "a1", [], clock);
    const b = await start("b", "b1");
    await a.beat();
    await b.beat();
    await expect.poll(() => [...a.live()].sort()).toEqual(["a", "b"]);
    clock.advance(11_000);
    await a.beat();
    clock.advance(2_000);
    expect(a.live()).toEqual(["a"]);
    await b.beat();
    await expect.poll(() => [...a.live()].sort()).toEqual(["a", "b"]);
    await b.leave();
    await expect.poll(() => a.live()).toEqual(["a"]);
    await a.stop();
    await b.stop();
  });

  it("notices a second process under its name, and not its own last life", async () => {
    const old = await start("a", "a0");
    await old.beat();
    await old.stop();
    const twins: string[] = [];
    const a = await start("a", "a1", twins);
    await a.beat();
    const other = await start("a", "a2");
    await expect.poll(() => other.live()).toEqual(["a"]);
    expect(twins).toEqual([]);
    await other.beat();
    await expect.poll(() => twins).toEqual(["a2"]);
    await a.stop();
    await other.stop();
  });
});

describe("the bus", () => {
  it("tells an answer, an absent node and a silent one apart", async () => {
    const bus = new NatsBus(connection);
    const stop = bus.serve("pantun.node.a", async (bytes) =>
      bytes[0] === 1 ? Buffer.from([2]) : undefined,
    );
    await connection.flush();
    const ask = (node: string, byte: number) =>
      bus.request(`pantun.node.${node}`, Buffer.from([byte]), 300);
    expect(await ask("a", 1)).toEqual({ kind: "answer", bytes: Buffer.from([2]) });
    expect(await ask("a", 9)).toEqual({ kind: "timeout" });
    expect(await ask("b", 1)).toEqual({ kind: "no-responders" });
    stop();
    await connection.flush();
    expect(await ask("a", 1)).toEqual({ kind: "no-responders" });
  });

  it("hears what is published until it stops listening", async () => {
    const bus = new NatsBus(connection);
    const heard: string[] = [];
    const stop = bus.listen("pantun.tail.00", (subject, bytes) =>
      heard.push(`${subject} ${bytes}`),
    );
    await connection.flush();
    bus.publish("pantun.tail.00", Buffer.from("x"));
    await expect.poll(() => heard).toEqual(["pantun.tail.00 x"]);
    stop();
    bus.publish("pantun.tail.00", Buffer.from("y"));
    await connection.flush();
    expect(heard).toHaveLength(1);
  });
});

describe("a server", () => {
  it("that takes only small messages is refused with what to change", async () => {
    await using small = await startSite(1, { maxPayload: "64KB" });
    const connecting = connectNats({ servers: small.urls, name: "test" });
    await expect(connecting).rejects.toMatchObject({ code: "LOG_UNFIT" });
    await expect(connecting).rejects.toThrow(/max_payload is 65536 bytes; set it to/);
  });
});

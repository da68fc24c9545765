// Defends: in a cluster webhooks are told by the owner of each shard; when it is killed, also while
// the receiver was down, the next one goes on from its checkpoint: every event comes at least once,
// each token's in order, and none again that a checkpoint covers. Any node answers who pulls.
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Kvm } from "@nats-io/kv";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Checkpoint, checkingKey, connectNats, isSigned, placeOf } from "../../actors/mod.ts";
import { LifecycleClient } from "../../api/grpc/mod.ts";
import { Workload } from "../../cmd/demo/cluster/workload.ts";
import { ClusterWorld, demoRequestor as trid } from "../../cmd/demo/cluster/world.ts";
import { natsBinary, obtainTimeoutMs } from "../../deploy/tools/nats-site.ts";
import { comesTrue, isAppError } from "../../platform/mod.ts";

interface Told {
  readonly eventId: string;
  readonly tokenRef: string;
  readonly seq: number;
}

const shard = 0;
let world: ClusterWorld;
let receiver: http.Server;
let publicKey = "";
/** Deliveries in the order of arrival. */
const told: Told[] = [];
const unsigned: string[] = [];
/** A token whose events are refused, and those that were. */
let refusing = "";
const refused: string[] = [];

beforeAll(() => {
  natsBinary();
}, obtainTimeoutMs);

beforeAll(async () => {
  world = await ClusterWorld.open({ nodes: 3, shards: 3, tokensPerShard: 1 });
  await world.spread();
  receiver = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const event = JSON.parse(body.toString()) as Told;
      const headers = request.headers as Record<string, string>;
      const signed = isSigned(
        headers,
        body,
        [checkingKey(publicKey)],
        Math.floor(Date.now() / 1e3),
      );
      if (!signed) unsigned.push(event.eventId);
      const refuses = event.tokenRef === refusing;
      (refuses ? refused : []).push(event.eventId);
      if (!refuses) told.push(event);
      response.writeHead(refuses ? 503 : 204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
}, 150_000);

afterAll(async () => {
  receiver?.closeAllConnections();
  receiver?.close();
  await world?.close();
});

async function withNode<T>(place: number, work: (client: LifecycleClient) => Promise<T>) {
  const address = world.nodes[place]?.requestorAddress ?? "";
  const security = { kind: "insecure" } as const;
  const client = new LifecycleClient({ address, security, timeoutMs: 10_000 });
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

/** Every event from a cursor on, a few at a time. */
function pullFrom(place: number, from: string) {
  return withNode(place, async (client) => {
    const events: Told[] = [];
    let cursor = from;
    for (let more = true; more; ) {
      const page = await client.call("listEvents", { trid, cursor, limit: 7 });
      expect(page.gap).toBe(false);
      events.push(...page.events.map(({ body }) => JSON.parse(body) as Told));
      ({ cursor, more } = page);
    }
    return { events, cursor };
  });
}

/** The shard's checkpoint, once it is as asked. */
async function checkpoint(holds: (one: Checkpoint[string]) => boolean) {
  const connection = await connectNats({ servers: world.site.urls, name: "test" });
  try {
    await comesTrue("the shard's checkpoint", 40_000, async () => {
      const kv = await new Kvm(connection).open("pantun_outbox");
      // An election leaves the question unanswered; it is asked again.
      const entry = await kv.get("shard.00").catch(() => null);
      const own = entry === null ? undefined : (entry.json() as Checkpoint)[trid];
      return own !== undefined && holds(own);
    });
  } finally {
    await connection.close();
  }
}

/** Until every event that a node has was told. */
async function allTold(place: number): Promise<Told[]> {
  const { events } = await pullFrom(place, "");
  await comesTrue("every event told", 40_000, () => {
    const ids = new Set(told.map(({ eventId }) => eventId));
    return events.every(({ eventId }) => ids.has(eventId));
  });
  return events;
}

/** Each token's events as they came; between tokens there is no order. */
function byToken(events: readonly Told[]): Record<string, Told[]> {
  const lists: Record<string, Told[]> = {};
  for (const event of events) {
    const { tokenRef } = event;
    lists[tokenRef] = [...(lists[tokenRef] ?? []), event];
  }
  return lists;
}

/** A shard without an owner for a moment: "" is no key yet. */
async function unlessLater(error: unknown): Promise<string> {
  if (!isAppError(error, "SERVICE_UNAVAILABLE")) throw error;
  await sleep(200);
  return "";
}

const timesTold = (eventId: string) => told.filter((one) => one.eventId === eventId).length;

it("tells everything when the owner is killed, in order, and not from the beginning", async () => {
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  const request = { idempotencyKey: "hook", trid, url, rotateKey: false, secret: "" };
  for (let tries = 0; publicKey === ""; tries++) {
    // Under its key it has one effect, however often it is sent.
    const made = withNode(tries % 3, (client) => client.call("putWebhook", request));
    publicKey = await made.then((answer) => answer.publicKey, unlessLater);
  }
  const workload = new Workload(world);
  expect(await workload.progress(5, 60_000)).toBe(true);
  const done = workload.acked.filter((one) => one.shard === shard);
  const covered = placeOf(done[2]?.seq ?? 0, 1);
  await checkpoint(({ cursor }) => cursor >= covered);
  const ref = world.subjects.find((one) => one.shard === shard)?.ref ?? "";
  const before = told.filter(({ tokenRef, seq }) => tokenRef === ref && seq <= 3);
  const times = before.map(({ eventId }) => timesTold(eventId));
  expect(before.length).toBeGreaterThanOrEqual(3);
  refusing = ref;
  await checkpoint(({ waiting }) => waiting.some(({ attempts }) => attempts > 0));
  const owner = (await world.owners())[shard];
  const dead = world.nodes.findIndex(({ name }) => name === owner);
  await world.nodes[dead]?.kill();
  refusing = "";
  expect(await workload.progress(5, 60_000)).toBe(true);
  await workload.stop();
  expect(workload.wrong).toEqual([]);
  const alive = (dead + 1) % 3;
  const events = await allTold(alive);
  expect(refused.length).toBeGreaterThan(0);
  for (const eventId of refused) expect(timesTold(eventId)).toBeGreaterThan(0);
  expect(before.map(({ eventId }) => timesTold(eventId))).toEqual(times);
  for (const subject of world.subjects) {
    const acked = workload.acked.filter((one) => one.shard === subject.shard).length;
    const seqs = told.filter((one) => one.tokenRef === subject.ref).map(({ seq }) => seq);
    // Repeats are allowed; no event comes first after a later one of its token did.
    expect([...new Set(seqs)]).toEqual(Array.from({ length: acked }, (_, i) => i + 1));
    expect(events.filter((one) => one.tokenRef === subject.ref)).toHaveLength(acked);
  }
  expect(unsigned).toEqual([]);
}, 120_000);

it("answers who pulls on every node, from a cursor of any", async () => {
  const down = world.nodes.findIndex(({ runs }) => !runs);
  world.nodes[down]?.launch();
  await world.nodes[down]?.ready();
  const first = await pullFrom((down + 1) % 3, "");
  for (const place of [(down + 2) % 3, down]) {
    let again = await pullFrom(place, "");
    // The node that was away is still catching up.
    await comesTrue("what the node lacked", 40_000, async () => {
      if (again.events.length >= first.events.length) return true;
      again = await pullFrom(place, "");
      return false;
    });
    expect(byToken(again.events)).toEqual(byToken(first.events));
    expect((await pullFrom(place, first.cursor)).events).toEqual([]);
  }
}, 60_000);

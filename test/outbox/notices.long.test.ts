// Defends: what an issuer does to a card reaches the requestors of its tokens, signed, once or
// more, in the order of each token's life, also when the receiver was down and the service was
// restarted in between; and the same events can be pulled.
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  checkingKey,
  embeddedRecords,
  isSigned,
  LogNotices,
  lmdbStore,
  OutboxOrders,
  openKinds,
  ProgressTable,
  RecordSeal,
  readLogMeta,
} from "../../actors/mod.ts";
import { IssuerClient, LifecycleClient } from "../../api/grpc/mod.ts";
import { demoParties, openWorld, type World } from "../../cmd/demo/world.ts";
import { type Service, startService } from "../../cmd/service/service.ts";
import { comesTrue, createLogger, isAppError } from "../../platform/mod.ts";
import { ReasonCode } from "../../proto/mod.ts";
import { viewToken } from "../../vault/mod.ts";
import { panBytes } from "../grpc/cards.ts";
import { until } from "../grpc/doors.ts";

interface Told {
  readonly eventId: string;
  readonly type: string;
  readonly trid: string;
  readonly tokenRef: string;
  readonly seq: number;
  readonly occurredAt: string;
  readonly causedBy: string;
  readonly reasonCode: string;
  readonly snapshot: Readonly<Record<string, unknown>>;
}

let world: World;
let service: Service;
let lifecycle: LifecycleClient;
let issuer: IssuerClient;
let receiver: http.Server;
let url: string;
let publicKey = "";
let keys = 0;
/** What was delivered, in the order of arrival. */
const told: Told[] = [];
const unsigned: string[] = [];
const refusedOnce = new Set<string>();
let isDown = false;
let calls = 0;

const key = () => `key-${++keys}`;

beforeAll(async () => {
  world = await openWorld({ tokens: 16 });
  service = world.service;
  connect();
  receiver = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      calls++;
      const body = Buffer.concat(chunks);
      const event = JSON.parse(body.toString()) as Told;
      if (isDown) {
        refusedOnce.add(event.eventId);
        response.writeHead(503).end();
        return;
      }
      const headers = request.headers as Record<string, string>;
      const nowSeconds = Math.floor(Date.now() / 1_000);
      if (!isSigned(headers, body, [checkingKey(publicKey)], nowSeconds)) unsigned.push(event.type);
      expect(headers["webhook-id"]).toBe(event.eventId);
      told.push(event);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});

afterAll(async () => {
  lifecycle.close();
  issuer.close();
  receiver.closeAllConnections();
  receiver.close();
  await service.stop();
  await world.close();
});

function connect(): void {
  const { addresses } = service;
  const target = { security: { kind: "insecure" }, timeoutMs: 10_000 } as const;
  lifecycle = new LifecycleClient({ address: addresses.requestor, ...target });
  issuer = new IssuerClient({ address: addresses.issuer as string, ...target });
}

async function restart(): Promise<void> {
  lifecycle.close();
  issuer.close();
  await service.stop();
  const log = createLogger({ level: "error", pretty: false, destination: process.stderr });
  service = await startService({ settings: world.settings, parties: demoParties(), log });
  connect();
}

const panOf = (place: number) =>
  panBytes(service.engine.opened.vault, world.tokens[place]!.tokenRef);

/** Everything from a cursor on, page by page. */
async function eventsFrom(trid: string, from: string, limit: number) {
  const events: { readonly eventId: string; readonly body: string }[] = [];
  let cursor = from;
  for (let more = true; more; ) {
    const page = await lifecycle.call("listEvents", { trid, cursor, limit });
    expect(page.gap).toBe(false);
    events.push(...page.events);
    ({ cursor, more } = page);
  }
  return { events, cursor };
}

/** Where the event with this number of the first token's stands in the log. */
async function placeOfEvent(trid: string, seq: number) {
  const { vault } = service.engine.opened;
  const store = lmdbStore(vault.env);
  const seal = new RecordSeal(vault.sealing.ring);
  const kinds = openKinds(vault, store);
  const meta = readLogMeta(store)!;
  const records = embeddedRecords(store, meta.shards);
  const notices = new LogNotices({ vault, records, meta, kinds, seal });
  for (let shard = 0; shard < vault.shards; shard++) {
    for (const notice of (await notices.next(trid, shard, 0, 100)).notices) {
      const event = JSON.parse(notice.body.toString()) as Told;
      if (event.tokenRef === world.tokens[0]!.tokenRef && event.seq === seq) {
        return { shard, ...notice };
      }
    }
  }
  throw new Error("no such event");
}

function card(name: "suspendCard" | "resumeCard", place: number) {
  const reasonCode = ReasonCode.REASON_CODE_LOST;
  const action = { idempotencyKey: key(), pan: panOf(place), reasonCode, causedAt: undefined };
  return issuer.call(name, { action });
}

const of = (tokenRef: string) => told.filter((event) => event.tokenRef === tokenRef);

/** The token's events as they first came: deliveries may repeat. */
function firstTold(tokenRef: string): Told[] {
  const seen = new Set<string>();
  return of(tokenRef).filter(({ eventId }) => !seen.has(eventId) && seen.add(eventId));
}

describe("webhooks", () => {
  test("go nowhere inside unless the operator allowed it, and need an address", async () => {
    const { trid } = world.tokens[0]!;
    const put = (address: string) =>
      lifecycle.call("putWebhook", {
        idempotencyKey: key(),
        trid,
        url: address,
        rotateKey: false,
        secret: "",
      });
    const codeOf = (address: string) =>
      put(address).then(
        () => "taken",
        (error: unknown) => (isAppError(error) ? error.code : String(error)),
      );
    expect(await codeOf("https://10.0.0.1/hook")).toBe("WEBHOOK_URL_REFUSED");
    expect(await codeOf("ftp://example.com/")).toBe("WEBHOOK_URL_REFUSED");
    expect(await codeOf("")).toBe("MISSING_FIELD");
  });

  test("tell of an issuer's card suspension, signed", async () => {
    const { trid, tokenRef } = world.tokens[0]!;
    const request = { idempotencyKey: key(), trid, url, rotateKey: false, secret: "" };
    const made = await lifecycle.call("putWebhook", request);
    expect(made).toMatchObject({ changed: true, repeated: false });
    publicKey = made.publicKey;
    // Registered again under the same key: the same signing key, and nothing new.
    expect(await lifecycle.call("putWebhook", request)).toEqual({ ...made, repeated: true });
    await card("suspendCard", 0);
    await until("the webhook", () => of(tokenRef).length > 0);
    const [event] = of(tokenRef);
    const { pan, expiry, cardExpiry } = viewToken(service.engine.opened.vault, tokenRef);
    expect(event).toEqual({
      eventId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f-]{16}$/),
      type: "TOKEN_SUSPENDED",
      trid,
      tokenRef,
      seq: 1,
      occurredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      causedBy: "ISSUER",
      reasonCode: "LOST",
      snapshot: {
        status: "SUSPENDED",
        suspendedBy: ["ISSUER"],
        tpanExpiry: expiry,
        cardLast4: pan.mask().slice(-4),
        cardExpiry,
      },
    });
    expect(unsigned).toEqual([]);
    expect(JSON.stringify(told)).not.toContain(panOf(0).toString());
  });

  test("come in order after the receiver was down and the service was restarted", async () => {
    const { tokenRef } = world.tokens[0]!;
    isDown = true;
    const before = calls;
    await card("resumeCard", 0);
    await until("a call that fails", () => calls > before);
    await card("suspendCard", 0);
    await restart();
    await card("resumeCard", 0);
    isDown = false;
    await until("all four", () => firstTold(tokenRef).length === 4, 25_000);
    expect(firstTold(tokenRef).map(({ type, seq }) => [type, seq])).toEqual([
      ["TOKEN_SUSPENDED", 1],
      ["TOKEN_RESUMED", 2],
      ["TOKEN_SUSPENDED", 3],
      ["TOKEN_RESUMED", 4],
    ]);
    // The one that failed came again under its own id.
    expect(refusedOnce).toContain(firstTold(tokenRef)[1]!.eventId);
    expect(unsigned).toEqual([]);
    const metrics = async () => (await fetch(`${service.addresses.admin}/metrics`)).text();
    const isEmpty = /pantun_outbox_depth\{subscriber="999\d{8}"\} 0/;
    // The thread tells its figures twice a second.
    await comesTrue("an empty outbox", 10_000, async () => isEmpty.test(await metrics()));
    expect(await metrics()).toMatch(/pantun_outbox_deliveries_total\{[^}]*outcome="delivered"\}/);
  }, 40_000);

  test("tell each requestor of its own tokens only", () => {
    const { trid } = world.tokens[0]!;
    expect(new Set(told.map((event) => event.trid))).toEqual(new Set([trid]));
  });

  test("are skipped and sent again as an operator orders", async () => {
    const { trid, tokenRef } = world.tokens[0]!;
    const { vault } = service.engine.opened;
    const store = lmdbStore(vault.env);
    const orders = new OutboxOrders(store);
    const progress = new ProgressTable(vault.env.table("outbox"), (work) => store.write(work));
    const waiting = () => {
      vault.freshRead();
      const rows = Array.from({ length: vault.shards }, (_, shard) => progress.load(trid, shard));
      return rows.reduce((sum, one) => sum + (one?.waiting.length ?? 0), 0);
    };
    isDown = true;
    await card("suspendCard", 0);
    await until("it waits", () => waiting() > 0);
    orders.put({ order: "skip", trid, events: [] });
    await until("it is taken", () => {
      vault.freshRead();
      return orders.all().length === 0;
    });
    expect(waiting()).toBe(0);
    isDown = false;
    await card("resumeCard", 0);
    await until("the next one", () => of(tokenRef).some(({ seq }) => seq === 6));
    expect(of(tokenRef).some(({ seq }) => seq === 5)).toBe(false);
    // Given up long ago, as far as the table knows.
    const { shard, place, eventId, type } = await placeOfEvent(trid, 5);
    const why = { reason: "expired", status: 503, attempts: 20, atMs: 1 } as const;
    const dead = [{ place, eventId, type, ...why }];
    const { cursor } = progress.load(trid, shard)!;
    await progress.save([{ subscriber: trid, shard, cursor, put: [], drop: [], dead }]);
    orders.put({ order: "replay", trid, events: [eventId] });
    await until("the old one", () => of(tokenRef).some(({ seq }) => seq === 5));
    await until("it is buried", () => {
      vault.freshRead();
      return progress.dead(trid, shard).length === 0;
    });
  }, 20_000);

  test("end when they are ended", async () => {
    const { trid } = world.tokens[0]!;
    const ended = await lifecycle.call("deleteWebhook", { idempotencyKey: key(), trid });
    expect(ended.changed).toBe(true);
    const stats = () => service.commandPath!.events.stats;
    await until("the thread took it", () => !stats().some((one) => one.trid === trid));
    const before = calls;
    await card("suspendCard", 0);
    // The event can be read, so a webhook would have been on its way.
    const events = () => eventsFrom(trid, "", 0);
    await comesTrue("the event", 10_000, async () => (await events()).events.length >= 7);
    expect(calls).toBe(before);
  });
});

describe("events", () => {
  test("can be pulled from the beginning, from a cursor, and a few at a time", async () => {
    const { trid, tokenRef } = world.tokens[0]!;
    const all = await eventsFrom(trid, "", 0);
    const own = all.events.map(({ body }) => JSON.parse(body) as Told);
    expect(own.filter((event) => event.tokenRef === tokenRef).map(({ seq }) => seq)).toEqual([
      1, 2, 3, 4, 5, 6, 7,
    ]);
    // The webhook's body is the pulled one's.
    expect(own[0]).toEqual(told[0]);
    const none = await lifecycle.call("listEvents", { trid, cursor: all.cursor, limit: 0 });
    expect(none.events).toEqual([]);
    expect((await eventsFrom(trid, "", 2)).events).toEqual(all.events);
    const odd = lifecycle.call("listEvents", { trid, cursor: "odd", limit: 0 });
    await expect(odd).rejects.toMatchObject({ code: "INVALID_FIELD" });
  });
});

// Defends: a requestor is told of its tokens over its webhook, can try the webhook, and can pull
// the same events, its own only; and calls are counted.
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkingKey, isSigned } from "../../actors/mod.ts";
import { until } from "../grpc/doors.ts";
import { type HttpWorld, openHttpWorld, Requestor } from "./requestor.ts";

let world: HttpWorld;
let shop: Requestor;
let receiver: http.Server;
let url: string;
let publicKey = "";
let answers = 204;
const told: { readonly type: string; readonly tokenRef?: string; readonly signed: boolean }[] = [];

beforeAll(async () => {
  world = await openHttpWorld({ tokens: 8 });
  shop = await new Requestor(world.address, world.client).open();
  receiver = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const headers = request.headers as Record<string, string>;
      const seconds = Math.floor(Date.now() / 1_000);
      const signed = isSigned(headers, body, [checkingKey(publicKey)], seconds);
      told.push({ ...JSON.parse(body.toString()), signed });
      response.writeHead(answers).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
afterAll(async () => {
  await world.close();
  receiver.closeAllConnections();
  receiver.close();
});

const of = (place: number) => ({
  trid: world.tokens[place]!.trid,
  params: { tokenRef: world.tokens[place]!.tokenRef },
});

test("a webhook is registered, tried, told and ended", async () => {
  const { trid, params } = of(0);
  expect(await shop.codeOf("testWebhook", { trid })).toBe("SUBSCRIBER_NOT_FOUND");
  for (const bad of ["http://shop.example/", "https://10.0.0.1/", "https://u:p@shop.example/"]) {
    expect(await shop.codeOf("putWebhook", { trid, body: { url: bad } })).toBe(
      "WEBHOOK_URL_REFUSED",
    );
  }
  const put = await shop.call("putWebhook", { trid, body: { url } });
  publicKey = put.body.publicKey;
  const again = await shop.call("putWebhook", { trid, body: { url } });
  expect(again.body).toEqual({ changed: false, publicKey });
  const tried = await shop.call("testWebhook", { trid });
  expect(tried.body).toEqual({ delivered: true, status: 204 });
  answers = 500;
  const failed = await shop.call("testWebhook", { trid });
  expect(failed.body).toEqual({ delivered: false, status: 500, cause: "status 500" });
  answers = 204;
  await shop.call("suspendToken", { trid, params });
  await until("the webhook", () => told.some(({ type }) => type === "TOKEN_SUSPENDED"));
  expect(told.every(({ signed }) => signed)).toBe(true);
  expect(told.at(-1)?.tokenRef).toBe(params.tokenRef);
  for (let i = 0; i < 4; i++) await shop.call("testWebhook", { trid });
  expect(await shop.codeOf("testWebhook", { trid })).toBe("RATE_LIMITED");
  expect((await shop.call("deleteWebhook", { trid })).body).toEqual({ changed: true });
  expect((await shop.call("deleteWebhook", { trid })).body).toEqual({ changed: false });
});

test("events are pulled from a cursor, and of one token", async () => {
  const place = world.tokens.findIndex(({ trid }) => trid !== of(0).trid);
  const { trid, params } = of(place);
  const { body: start } = await shop.call("listEvents", { trid });
  await shop.call("suspendToken", { trid, params });
  await shop.call("resumeToken", { trid, params });
  const query = `?cursor=${start.cursor}`;
  const { body: pulled } = await shop.call("listEvents", { trid, query });
  const types = pulled.events.map(({ type }: { type: string }) => type);
  expect(types).toEqual(["TOKEN_SUSPENDED", "TOKEN_RESUMED"]);
  const [first] = pulled.events;
  expect(first).toMatchObject({ trid, tokenRef: params.tokenRef, causedBy: "TOKEN_REQUESTOR" });
  const rest = await shop.call("listEvents", { trid, query: `?cursor=${pulled.cursor}` });
  expect(rest.body.events).toEqual([]);
  const one = await shop.call("listEvents", { trid, query: `${query}&limit=1` });
  expect([one.body.events.length, one.body.more]).toEqual([1, true]);
  const own = `?tokenRef=${params.tokenRef}&afterSeq=${first.seq}`;
  const { body: later } = await shop.call("listEvents", { trid, query: own });
  expect(later.events.map(({ type }: { type: string }) => type)).toEqual(["TOKEN_RESUMED"]);
  const foreign = `?tokenRef=${of(0).params.tokenRef}`;
  expect(await shop.codeOf("listEvents", { trid, query: foreign })).toBe("TOKEN_NOT_FOUND");
});

test("keys and token numbers' beginnings are listed, and calls are counted", async () => {
  const { keys } = (await shop.call("listKeys")).body;
  expect(keys.map(({ alg }: { alg: string }) => alg)).toEqual(["RSA-OAEP-256", "ECDH-ES"]);
  expect(keys.every((jwk: object) => !("d" in jwk))).toBe(true);
  const { bins } = (await shop.call("listTokenBins")).body;
  const { tpan } = world.tokens[0]!;
  expect(bins.some(({ prefix }: { prefix: string }) => String(tpan).startsWith(prefix))).toBe(true);
  const metrics = await world.service.metrics.text();
  expect(metrics).toMatch(/pantun_http_requests_total\{operation="listKeys",code="OK"\} [1-9]/);
});

test("one token's events are found behind those of others", async () => {
  const { trid, params } = of(1);
  const others = world.tokens.filter(
    (one) => one.trid === trid && one.tokenRef !== params.tokenRef,
  );
  const { body: start } = await shop.call("listEvents", { trid });
  for (const { tokenRef } of [...others, ...others]) {
    await shop.call("suspendToken", { trid, params: { tokenRef } });
    await shop.call("resumeToken", { trid, params: { tokenRef } });
  }
  await shop.call("suspendToken", { trid, params });
  let cursor = start.cursor;
  const found: string[] = [];
  for (let more = true; more; ) {
    const query = `?cursor=${cursor}&limit=1&tokenRef=${params.tokenRef}`;
    const { body } = await shop.call("listEvents", { trid, query });
    for (const event of body.events) found.push(`${event.tokenRef} ${event.type}`);
    ({ cursor, more } = body);
  }
  expect(found).toEqual([`${params.tokenRef} TOKEN_SUSPENDED`]);
});

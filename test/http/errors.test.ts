// Defends: whatever the command path answers becomes the problem document that the reference
// describes, for every change and every code; and paths that are served by nobody are told so.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CardRate } from "../../api/grpc/mod.ts";
import {
  createHttpDoor,
  errorsOf,
  type HttpDoor,
  issuerOperations,
  loadClients,
  loadServerKeys,
  noHttpMetrics,
  type Operation,
  openApi,
  operationIds,
  operations,
  scopes,
} from "../../api/http/mod.ts";
import { acquirerId, demoTrid, merchantId } from "../../cmd/demo/world.ts";
import {
  appError,
  type ErrorCode,
  errorRow,
  silentLogger,
  systemClock,
} from "../../platform/mod.ts";
import { luhnPan } from "../grpc/cards.ts";
import { type HttpWorld, openHttpWorld, provisionBody, Requestor, send } from "./requestor.ts";

let world: HttpWorld;
let door: HttpDoor;
let shop: Requestor;
let fault: ErrorCode = "INTERNAL_ERROR";

beforeAll(async () => {
  world = await openHttpWorld({ tokens: 4 });
  const { engine, commandPath } = world.service;
  const trids = [1, 2, 3, 4].map(demoTrid);
  const http = { ...world.client.http, scopes };
  door = await createHttpDoor({
    listen: { host: "127.0.0.1", port: 0 },
    tls: null,
    insecure: false,
    keys: loadServerKeys(join(world.files, "keys.json")),
    clients: loadClients([{ name: "shop", identities: [], trids, http }]),
    limits: {
      callsPerSecond: 100_000,
      tokenTriesPerMinute: 100,
      accessTokenSeconds: 900,
    },
    vault: engine.opened.vault,
    history: engine.opened.history,
    // Whoever runs the actors refuses everything, each time for another reason.
    commands: {
      async submit() {
        return { ok: false, error: appError(fault, "A sentence.", { retryAfterMs: 2_500 }) };
      },
    },
    events: commandPath!.events,
    tokenData: {
      issue() {
        throw appError(fault, "A sentence.");
      },
    },
    provisions: new CardRate({ vault: engine.opened.vault, perHour: 1_000, clock: systemClock }),
    loopbackWebhooks: true,
    metrics: noHttpMetrics,
    log: silentLogger(),
    clock: systemClock,
  });
  shop = await new Requestor(door.address, world.client).open();
});
afterAll(async () => {
  await door.stop({ limitMs: 100 });
  await world.close();
});

async function bodyOf(id: (typeof operationIds)[number]): Promise<object | undefined> {
  const agreement = { id: "A", acquirerId, merchantId, mitTypes: ["RECURRING"] };
  const amount = { value: 1, currency: "MYR" };
  switch (id) {
    case "provisionToken":
      return provisionBody(await shop.card(luhnPan("999999222")));
    case "getTokenData":
      return { transactionType: "CIT", amount, merchantId };
    case "putAgreement":
      return agreement;
    case "cancelAgreement":
      return { acquirerId, merchantId };
    case "putWebhook":
      return { url: "https://shop.example/hook" };
    default:
      return undefined;
  }
}

const asked = operationIds.filter((id) => operations[id].mutates || id === "getTokenData");

describe.each(asked)("%s", (id) => {
  test("gives each of its errors as described", async () => {
    const { trid, tokenRef } = world.tokens[0]!;
    const own = id === "provisionToken" ? demoTrid(1) : trid;
    const params = { tokenRef, agreementId: "A" };
    const body = await bodyOf(id);
    for (const code of errorsOf(operations[id])) {
      fault = code;
      const reply = await shop.call(id, { trid: own, params, ...(body && { body }) });
      const row = errorRow(code);
      expect(reply.body).toMatchObject({
        type: "about:blank",
        title: row.meaning,
        status: row.http,
        code,
        retryable: row.retryable,
        requestId: reply.headers["x-request-id"],
      });
      expect(reply.status).toBe(row.http);
      expect(reply.headers["content-type"]).toContain("application/problem+json");
      const waits = row.retryable && row.kind !== "refused";
      expect(reply.headers["retry-after"] !== undefined).toBe(waits);
    }
  });
});

test("a full disk or a damaged vault is our fault, and not shown", async () => {
  const { trid, tokenRef } = world.tokens[0]!;
  for (const code of ["DISK_FULL", "VAULT_CORRUPT"] as const) {
    fault = code;
    const reply = await shop.call("suspendToken", { trid, params: { tokenRef } });
    expect([reply.status, reply.body.code]).toEqual([500, "INTERNAL_ERROR"]);
    expect(reply.text).not.toContain("A sentence");
  }
});

const tables = [
  ["requestors", operations],
  ["issuers", issuerOperations],
] as const;

test.each(tables)("every operation of %s is in their OpenAPI document", (whose, table) => {
  const { paths } = openApi("1", whose) as {
    readonly paths: Record<string, Record<string, { responses: Record<string, object> }>>;
  };
  for (const operation of Object.values<Operation>(table)) {
    const { method, path } = operation;
    const { responses } = paths[path]![method.toLowerCase()]!;
    for (const code of errorsOf(operation)) {
      expect(JSON.stringify(responses[errorRow(code).http])).toContain(code);
    }
  }
});

test("paths and methods that are not served are told so, without a repetition", async () => {
  const bad = luhnPan("999999223");
  for (const path of ["/", `/tr/v1/${bad}`, "/tr/v1/keys/", `/${"x".repeat(9_000)}`]) {
    const reply = await send(door.address, { method: "GET", path });
    expect([reply.status, reply.body.code]).toEqual([404, "PATH_NOT_FOUND"]);
    expect(reply.text).not.toContain(bad);
    await shop.checkSignature(reply);
  }
  const post = await send(door.address, { method: "DELETE", path: "/tr/v1/keys" });
  expect(post.body.code).toBe("PATH_NOT_FOUND");
  const broken = await send(door.address, { method: "GET", path: "/tr/v1/tokens/%zz" });
  expect([broken.status, broken.body.code]).toEqual([400, "INVALID_REQUEST"]);
  const long = await send(door.address, {
    method: "GET",
    path: `/tr/v1/tokens/${"x".repeat(500)}`,
  });
  expect(long.status).toBeGreaterThanOrEqual(400);
  expect(long.status).toBeLessThan(500);
});

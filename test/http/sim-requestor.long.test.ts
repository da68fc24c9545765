// Defends: the simulated requestor does over real sockets what its file says, believes no answer
// that is not signed, described and expected, and says by its exit code whether all went right; it
// prints no card number and no cryptogram.
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { demoTrid } from "../../cmd/demo/world.ts";
import { simulateRequestor } from "../../cmd/sim/requestor/command.ts";
import { luhnPan } from "../grpc/cards.ts";
import { type HttpWorld, openHttpWorld, send } from "./requestor.ts";

let world: HttpWorld;
beforeAll(async () => {
  world = await openHttpWorld({ tokens: 2 });
  const { secret, signing, kid } = world.client;
  const jwk = { ...signing.export({ format: "jwk" }), kid, use: "sig", alg: "ES256" };
  writeFileSync(join(world.files, "secret"), secret, { mode: 0o600 });
  writeFileSync(join(world.files, "key"), JSON.stringify({ keys: [jwk] }), { mode: 0o600 });
});
afterAll(() => world?.close());
afterEach(() => {
  process.exitCode = 0;
  vi.restoreAllMocks();
});

async function run(lines: readonly object[], url = `http://${world.address}`) {
  const file = join(world.files, "actions.jsonl");
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => written.push(String(chunk)) > 0);
  await simulateRequestor({
    ...{ url, file, trid: demoTrid(1), clientId: "shop", json: true },
    secretFile: join(world.files, "secret"),
    signingKey: join(world.files, "key"),
    tokenFile: join(world.files, "tokens"),
    ...{ acquirer: "458001", merchant: "MERCHANT0000001", listen: "127.0.0.1:0" },
  });
  return { text: written.join(""), ...JSON.parse(written.join("")) };
}

const pan = luhnPan("9999997001");
const foreign = luhnPan("4111");
const told = ({ outcomes }: { readonly outcomes: readonly { readonly says: string }[] }) =>
  outcomes.map(({ says }) => says);

test("a file of actions is carried out, each answer checked, and the tokens are kept", async () => {
  const first = await run([
    { action: "bins" },
    { action: "provision", token: "one", pan, expiry: "3112", securityCode: "123", repeat: true },
    {
      action: "provision",
      token: "none",
      pan: foreign,
      expiry: "3112",
      expect: "CARD_NOT_ELIGIBLE",
    },
    { action: "search", pan },
    { action: "token-data", token: "one", amount: 1_234 },
    { action: "webhook" },
    { action: "test-webhook" },
    { action: "suspend", token: "one", reason: "CUSTOMER_REQUEST", repeat: true },
    { action: "await", type: "TOKEN_SUSPENDED", token: "one" },
    { action: "token-data", token: "one", amount: 1_234, expect: "TOKEN_SUSPENDED" },
  ]);
  expect(first.faults).toEqual([]);
  expect(first.outcomes.filter(({ right }: { right: boolean }) => !right)).toEqual([]);
  expect(told(first)[1]).toMatch(/^token 608727\*+\d{4} until \d{4}, .*\(generic\); known again$/);
  expect(told(first)[3]).toBe("1 tokens: one ACTIVE");
  expect(told(first)[8]).toBe(
    "told: TOKEN_SUSPENDED by TOKEN_REQUESTOR (CUSTOMER_REQUEST), number 1",
  );
  const second = await run([
    { action: "token", token: "one", status: "SUSPENDED" },
    { action: "resume", token: "one" },
    { action: "events" },
    { action: "end-webhook" },
    { action: "delete", token: "one" },
  ]);
  expect(told(second)[0]).toMatch(/^SUSPENDED by TOKEN_REQUESTOR; /);
  expect(told(second)[2]).toBe("one TOKEN_SUSPENDED, one TOKEN_RESUMED");
  expect(process.exitCode ?? 0).toBe(0);
  expect(first.text + second.text).not.toMatch(/(608727|999999)[0-9]{10}|[A-Za-z0-9+/]{27}=/);
  expect(readFileSync(join(world.files, "tokens"), "utf8")).toMatch(
    /^99900000001 [0-9a-f-]{36} one 608727\d{10} \d{4}\n$/,
  );
});

test("what is not as expected is wrong, and so is an event that does not come", async () => {
  const { outcomes } = await run([
    { action: "provision", token: "two", pan: luhnPan("9999997002"), expiry: "3112" },
    { action: "token", token: "two", status: "SUSPENDED" },
    { action: "resume", token: "two", expect: "TOKEN_DELETED" },
    { action: "webhook" },
    { action: "await", type: "TOKEN_DELETED", seconds: 1 },
  ]);
  expect(outcomes.map(({ right }: { right: boolean }) => right)).toEqual([
    ...[true, false, false],
    ...[true, false],
  ]);
  expect(process.exitCode).toBe(1);
});

test("an answer that was changed on its way is not believed", async () => {
  const between = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const { method = "", url: path = "", headers } = request;
      const body = Buffer.concat(chunks);
      const reply = await send(world.address, {
        ...{ method, path, headers: headers as Record<string, string> },
        ...(body.length === 0 ? {} : { body }),
      });
      response.writeHead(reply.status, reply.headers);
      response.end(reply.text.replace('"ACTIVE"', '"DELETE"'));
    });
  });
  await new Promise<void>((resolve) => between.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(between.address() as AddressInfo).port}`;
  try {
    const { outcomes } = await run([{ action: "token", token: "two" }], url);
    expect(outcomes).toMatchObject([{ code: "FAILED", right: false }]);
    expect(outcomes[0].says).toContain("signed is something else than sent");
    expect(process.exitCode).toBe(1);
  } finally {
    between.closeAllConnections();
    between.close();
  }
});

test("a line that lacks something is named by its number, and nothing is sent", async () => {
  await expect(run([{ action: "bins" }, { action: "provision", pan }])).rejects.toMatchObject({
    code: "USAGE",
    message: "Line 2: provision needs token.",
  });
});

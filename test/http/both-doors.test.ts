// Defends: what a requestor may do once, or so often, it may over JSON and gRPC together: a
// cardholder's check makes one token whichever doors bring it at the same moment, and a card is
// tried five times an hour, not five times a door.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LifecycleClient } from "../../api/grpc/mod.ts";
import { demoTrid } from "../../cmd/demo/world.ts";
import { luhnPan } from "../grpc/cards.ts";
import { refusalOf } from "../grpc/command-world.ts";
import { type HttpWorld, openHttpWorld, proof, provisionBody, Requestor } from "./requestor.ts";

let world: HttpWorld;
let shop: Requestor;
let grpc: LifecycleClient;
let pans = 0;
const freshPan = () => luhnPan(`9999996${String(++pans).padStart(5, "0")}`);

beforeAll(async () => {
  world = await openHttpWorld({ tokens: 2, flags: { "http.callsPerSecond": "10000" } });
  shop = await new Requestor(world.address, world.client).open();
  const address = world.service.addresses.requestor;
  grpc = new LifecycleClient({ address, security: { kind: "insecure" }, timeoutMs: 10_000 });
});
afterAll(async () => {
  grpc.close();
  await world.close();
});

interface Ask {
  readonly pan?: string;
  readonly trid?: string;
  readonly key?: string;
  readonly dsTransId?: string;
}

async function overJson({ pan = freshPan(), trid = demoTrid(1), key, dsTransId }: Ask) {
  const own = dsTransId === undefined ? {} : { dsTransId };
  const changes = { trid, cardholderVerification: proof(own) };
  const body = provisionBody(await shop.card(pan), changes);
  const reply = await shop.call("provisionToken", { body, trid, ...(key ? { key } : {}) });
  return reply.status < 300 ? reply.body.tpan : reply.body.code;
}

async function overGrpc({ pan = freshPan(), trid = demoTrid(1), key, dsTransId }: Ask) {
  const seconds = BigInt(Math.floor(Date.now() / 1_000));
  const call = grpc.call("provisionToken", {
    idempotencyKey: key ?? randomUUID(),
    trid,
    card: { pan: Buffer.from(pan), expiry: "3112" },
    verification: {
      transStatus: "Y",
      challenged: true,
      authenticatedAt: { seconds, nanos: 0 },
      dsTransId: dsTransId ?? randomUUID(),
    },
    agreement: undefined,
    notify: false,
  });
  return call.then(
    ({ tpan }) => tpan,
    async () => (await refusalOf(call)).code,
  );
}

const isTpan = (answer: string) => /^608727[0-9]{10}$/.test(answer);

test("a cardholder's check is used once, whichever door it comes by first", async () => {
  for (const [first, second] of [
    [overJson, overGrpc],
    [overGrpc, overJson],
  ] as const) {
    const dsTransId = randomUUID();
    expect(isTpan(await first({ dsTransId }))).toBe(true);
    expect(await second({ dsTransId })).toBe("VERIFICATION_USED");
    // Letters of a UUID have no case.
    const shouted = { dsTransId: dsTransId.toUpperCase(), trid: demoTrid(2) };
    expect(await second(shouted)).toBe("VERIFICATION_USED");
    expect(await first(shouted)).toBe("VERIFICATION_USED");
  }
});

test("of many that bring it at the same moment over both doors one is served", async () => {
  for (let round = 0; round < 5; round++) {
    const dsTransId = randomUUID();
    const asks = Array.from({ length: 8 }, (_, i) => ({ dsTransId, trid: demoTrid(1 + (i % 3)) }));
    const answers = await Promise.all(
      asks.map((ask, i) => (i % 2 === 0 ? overJson(ask) : overGrpc(ask))),
    );
    expect(answers.filter(isTpan)).toHaveLength(1);
    expect(answers.filter((answer) => answer === "VERIFICATION_USED")).toHaveLength(7);
  }
});

test("one that came with a refused request is free for the next, over the other door", async () => {
  const foreign = luhnPan("400000778");
  for (const [first, second] of [
    [overJson, overGrpc],
    [overGrpc, overJson],
  ] as const) {
    const dsTransId = randomUUID();
    expect(await first({ dsTransId, pan: foreign })).toBe("CARD_NOT_ELIGIBLE");
    expect(isTpan(await second({ dsTransId }))).toBe(true);
  }
});

test("an idempotency key is one for both doors, and each door's request is another", async () => {
  const key = randomUUID();
  const pan = freshPan();
  const dsTransId = randomUUID();
  expect(isTpan(await overJson({ pan, key, dsTransId }))).toBe(true);
  expect(await overGrpc({ pan, key })).toBe("IDEMPOTENCY_KEY_REUSED");
  expect(await overGrpc({ pan, key, dsTransId })).toBe("IDEMPOTENCY_KEY_REUSED");
});

test("a card is tried five times an hour over both doors together", async () => {
  const pan = freshPan();
  for (const door of [overJson, overGrpc, overJson, overGrpc, overGrpc]) {
    expect(isTpan(await door({ pan }))).toBe(true);
  }
  expect(await overGrpc({ pan })).toBe("RATE_LIMITED");
  expect(await overJson({ pan })).toBe("RATE_LIMITED");
});

// Property of the whole program: over JSON a requestor gets the token of a stored card in the
// answer to its call, or the reason why there is none; a batch gives the same, in order, and its
// end is an event; the door has clients and keys of its own; one key has one effect, and no issuer
// is asked twice.
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { luhnPan } from "../grpc/cards.ts";
import { batchDone, cardBody, demoTrid, openUatWorld, type UatWorld } from "./uat.ts";

const trid = demoTrid(1);
const pan = (head: string): string => luhnPan(`99999955${head}`);
const fails = {
  declined: pan("1"),
  unreachable: pan("2"),
  silent: pan("3"),
  slow: pan("4"),
} as const;

let all: UatWorld;

beforeAll(async () => {
  const rule = (number: string, rest: object) => {
    return { mti: ["0100", "0101"], starts: { "2": number }, ...rest };
  };
  all = await openUatWorld(
    [
      rule(fails.declined, { code: "05" }),
      rule(fails.unreachable, { code: "91" }),
      rule(fails.silent, { delayMs: 5_000 }),
      rule(fails.slow, { delayMs: 700 }),
    ],
    { "migrate.timeoutMs": "1s", "migrate.api.cardLimitMs": "400ms" },
  );
});
afterAll(() => all.close());

interface Options {
  readonly key?: string;
  readonly ref?: string;
  readonly changes?: object;
}

/** Asks again while it goes on without us. */
async function migrate(number: string, options: Options = {}) {
  const { key = randomUUID(), ref = "r-1", changes = {} } = options;
  const body = cardBody(await all.shop.card(number), ref, changes);
  for (;;) {
    const reply = await all.shop.call("migrateCard", { trid, body, key });
    if (reply.body.code !== "DEADLINE_EXCEEDED") return reply;
  }
}

/** Messages of the host from now on. */
function watch(): () => readonly { readonly mti: string; readonly amount: string }[] {
  const from = all.host.rules.seen.length;
  return () => all.host.rules.seen.slice(from);
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe("one card", () => {
  test("gets its token in the answer, after its issuer was asked, and reversed", async () => {
    const seen = watch();
    const reply = await migrate(pan("500"), { ref: "card-500" });
    expect(reply.status).toBe(201);
    const { card, tpan, ...rest } = reply.body;
    expect(rest).toMatchObject({ status: "TOKENISED", requestorRef: "card-500", reused: false });
    expect(card.last4).toBe(pan("500").slice(-4));
    expect(tpan).toMatch(/^608727[0-9]{10}$/);
    await until(() => seen().length === 2);
    expect(seen().map(({ mti, amount }) => [mti, amount])).toEqual([
      ["0100", "000000000000"],
      ["0400", "000000000000"],
    ]);
    // It is a token like any other: the requestors' API knows it.
    const token = await all.seller.call("getToken", { params: { tokenRef: rest.tokenRef }, trid });
    expect(token.body).toMatchObject({ status: "ACTIVE", tokenAssuranceMethod: "10" });
  });

  test("again under its key is answered as before; under another it is there already", async () => {
    const key = randomUUID();
    const first = await migrate(pan("501"), { key });
    const seen = watch();
    const again = await migrate(pan("501"), { key });
    expect([again.status, again.headers["idempotent-replayed"]]).toEqual([201, "true"]);
    expect(again.body).toEqual(first.body);
    expect(seen()).toEqual([]);
    const other = await migrate(pan("502"), { key });
    expect([other.status, other.body.code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
    const said = await migrate(pan("501"), { key, ref: "another-word" });
    expect([said.status, said.body.code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
    const twice = await migrate(pan("501"));
    expect(twice.status).toBe(200);
    expect(twice.body).toMatchObject({ status: "DUPLICATE", tpan: first.body.tpan, reused: true });
  });

  test.each([
    [fails.declined, 422, "CARD_VERIFICATION_FAILED"],
    [fails.unreachable, 504, "ISSUER_TIMEOUT"],
    [fails.silent, 504, "ISSUER_TIMEOUT"],
    [luhnPan("777777000"), 422, "CARD_NOT_ELIGIBLE"],
  ])(
    "%# without a token is a problem that says why, also when asked again",
    async (number, status, code) => {
      const key = randomUUID();
      const seen = watch();
      const first = await migrate(number, { key });
      expect([first.status, first.body.code]).toEqual([status, code]);
      expect(first.text).not.toContain(number);
      if (number === fails.silent) {
        // Nobody knows what became of it: it is taken back.
        await until(() => seen().some(({ mti }) => mti === "0400"));
        expect(seen().map(({ mti }) => mti)).toEqual(["0100", "0400"]);
      }
      const asked = seen().length;
      const again = await migrate(number, { key });
      expect([again.status, again.body.code]).toEqual([status, code]);
      expect(seen()).toHaveLength(asked);
    },
  );

  test("that cannot be opened or read is refused before anything is done", async () => {
    const seen = watch();
    const call = async (changes: object) => {
      const body = { ...cardBody(await all.shop.card(pan("503")), "r-503"), ...changes };
      return all.shop.codeOf("migrateCard", { trid, body });
    };
    const wrongDigit = pan("503").slice(0, -1) + String((Number(pan("503").at(-1)) + 1) % 10);
    expect(await call({ encryptedCard: await all.seller.card(pan("503")) })).toBe(
      "DECRYPTION_FAILED",
    );
    expect(await call({ encryptedCard: await all.shop.card(wrongDigit) })).toBe("PAN_INVALID");
    expect(await call({ requestorRef: "=1+1" })).toBe("INVALID_FIELD");
    expect(await call({ consent: { given: false, at: "2026-01-01T00:00:00Z" } })).toBe(
      "INVALID_FIELD",
    );
    const agreement = { id: "m-1", acquirerId: "458001", mitTypes: ["RECURRING"] };
    expect(await call({ agreement: { ...agreement, merchantId: "@shop" } })).toBe("INVALID_FIELD");
    expect(seen()).toEqual([]);
  });

  test("brings the agreement that its cardholder has with a merchant", async () => {
    const terms = { id: "m-1", acquirerId: "458001", merchantId: "SHOP 1" };
    const agreement = { ...terms, mitTypes: ["RECURRING", "UNSCHEDULED"] };
    const { tokenRef } = (await migrate(pan("504"), { changes: { agreement } })).body;
    const { body } = await all.seller.call("listAgreements", { params: { tokenRef }, trid });
    expect(body.agreements).toEqual([
      expect.objectContaining({ ...agreement, source: "MIGRATION" }),
    ]);
  });

  test("that takes longer than its caller waits goes on, and is told when asked", async () => {
    const key = randomUUID();
    const seen = watch();
    const body = cardBody(await all.shop.card(fails.slow), "r-slow");
    const first = await all.shop.call("migrateCard", { trid, body, key });
    expect([first.status, first.body.code]).toEqual([504, "DEADLINE_EXCEEDED"]);
    const again = await migrate(fails.slow, { key, ref: "r-slow" });
    expect([again.status, again.body.status]).toEqual([201, "TOKENISED"]);
    expect(seen().filter(({ mti }) => mti === "0100")).toHaveLength(1);
  });
});

describe("a batch", () => {
  async function send(key = randomUUID()) {
    const numbers = [pan("600"), fails.declined, pan("601"), luhnPan("777777001"), pan("600")];
    const cards = await Promise.all(
      numbers.map(async (number, i) => cardBody(await all.shop.card(number), `b-${i + 1}`)),
    );
    cards.push(cardBody(await all.seller.card(pan("602")), "b-6"));
    return all.shop.call("createMigration", { trid, body: { cards }, key });
  }

  test("gives each card's result in order, once, and an event when it is done", async () => {
    const seen = watch();
    const key = randomUUID();
    const taken = await send(key);
    expect([taken.status, taken.body.state, taken.body.records]).toEqual([202, "RUNNING", 6]);
    const { migrationId } = taken.body;
    const done = await batchDone(all.shop, migrationId);
    const { results, counts } = done.body;
    expect(results.map((one: { requestorRef: string }) => one.requestorRef)).toEqual(
      [1, 2, 3, 4, 5, 6].map((n) => `b-${n}`),
    );
    const came = results.map((one: { status: string }) => one.status);
    // The same card twice: one of them finds the other's token.
    expect([came[0], came[4]].sort()).toEqual(["DUPLICATE", "TOKENISED"]);
    expect(results[0].tpan).toBe(results[4].tpan);
    expect(came.slice(1, 4)).toEqual(["DECLINED", "TOKENISED", "NOT_ELIGIBLE"]);
    expect(results[1].reasonCode).toBe("ISSUER_05");
    expect(results[5]).toMatchObject({ status: "INVALID", reasonCode: "DECRYPTION_FAILED" });
    expect(counts).toMatchObject({ TOKENISED: 2, DUPLICATE: 1, DECLINED: 1, INVALID: 1 });
    expect(seen().filter(({ mti }) => mti === "0100")).toHaveLength(4);
    await until(() => seen().filter(({ mti }) => mti === "0400").length === 3);

    const asked = seen().length;
    for (const again of [await send(key), await send()]) {
      expect(again.headers["idempotent-replayed"]).toBe("true");
      expect(again.body).toMatchObject({ migrationId, state: "DONE", counts });
    }
    expect(seen()).toHaveLength(asked);
    await toldOnce(migrationId, counts);
  });

  test("is its requestor's own", async () => {
    const { migrationId } = (await send()).body;
    const params = { migrationId };
    expect(await all.shop.codeOf("getMigration", { params, trid: demoTrid(2) })).toBe(
      "MIGRATION_NOT_FOUND",
    );
    const none = { migrationId: `mig_${"a".repeat(32)}` };
    expect(await all.shop.codeOf("getMigration", { params: none, trid })).toBe(
      "MIGRATION_NOT_FOUND",
    );
  });

  test("is taken with many cards, and refused with more than a batch holds", async () => {
    const outside = luhnPan("777777004");
    const card = cardBody(await all.shop.card(outside, {}, { alg: "ECDH-ES" }), "r");
    const cards = (count: number) => Array.from({ length: count }, () => card);
    const many = { trid, body: { cards: cards(1_000) } };
    expect((await all.shop.call("createMigration", many)).status).toBe(202);
    const more = { trid, body: { cards: cards(1_001) } };
    expect(await all.shop.codeOf("createMigration", more)).toBe("INVALID_FIELD");
    const raw = `{"cards":"${"x".repeat(2 ** 20)}"}`;
    expect(await all.shop.codeOf("createMigration", { trid, raw })).toBe("PAYLOAD_TOO_LARGE");
  });
});

/** Its end is among the requestor's events, in the words of a webhook, and among nobody else's. */
async function toldOnce(migrationId: string, counts: object): Promise<void> {
  const eventsOf = async (whose: string) => {
    const { events } = (await all.seller.call("listEvents", { trid: whose })).body;
    return events.filter(({ type }: { type: string }) => type === "MIGRATION_COMPLETED");
  };
  let events: object[] = [];
  while (events.length === 0) events = await eventsOf(trid);
  expect(events).toEqual([
    expect.objectContaining({ trid, migrationId, outcome: "DONE", records: 6, counts }),
  ]);
  expect(await eventsOf(demoTrid(2))).toEqual([]);
}

describe("the door", () => {
  test("has clients, tokens and keys of its own", async () => {
    const { shop, seller } = all;
    const [there, here] = [shop.token, seller.token];
    try {
      [shop.token, seller.token] = [here, there];
      expect(await shop.codeOf("listKeys")).toBe("INVALID_CREDENTIALS");
      expect(await seller.codeOf("listKeys")).toBe("INVALID_CREDENTIALS");
    } finally {
      [shop.token, seller.token] = [there, here];
    }
    const kids = async (client: typeof shop | typeof seller) => {
      return (await client.call("listKeys" as never)).body.keys.map(
        ({ kid }: { kid: string }) => kid,
      );
    };
    const known = await kids(seller);
    for (const kid of await kids(shop)) expect(known).not.toContain(kid);
    const missing = await shop.call("migrateCard", {
      trid,
      body: cardBody(await shop.card(pan("605")), "r"),
      headers: { "idempotency-key": undefined },
    });
    expect([missing.status, missing.body.code]).toEqual([400, "MISSING_FIELD"]);
  });

  test("leaves no card number on the disk in clear", async () => {
    const root = join(all.world.dir, "migration");
    const files = readdirSync(root, { recursive: true })
      .map((name) => join(root, String(name)))
      .filter((path) => statSync(path).isFile());
    expect(files.some((path) => path.endsWith("calls"))).toBe(true);
    const numbers = [pan("500"), pan("600"), fails.silent];
    const forms = numbers.flatMap((number) => [
      Buffer.from(number),
      Buffer.from(number.padEnd(20, "f"), "hex"),
    ]);
    for (const path of files) {
      const bytes = readFileSync(path);
      for (const form of forms) expect(bytes.includes(form), path).toBe(false);
    }
  });
});

// Defends: over the JSON API an issuer changes and sees its own cards and their tokens only, each
// event once; what is late is told so; cards that nobody knows yet are remembered; and whoever asks
// for another's card or token learns nothing. Against the whole service.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { issuerOperations } from "../../api/http/mod.ts";
import { putBinRange, putIssuer } from "../../vault/mod.ts";
import { luhnPan, panBytes, tokensByCard, viewNow } from "../grpc/cards.ts";
import { type HttpWorld, openHttpWorld, provisionBody, Requestor } from "./requestor.ts";

let world: HttpWorld;
let shop: Requestor;
let bank: Requestor;
let rival: Requestor;
let tokens: ReturnType<typeof tokensByCard>;
const vault = () => world.service.engine.opened.vault;
const rivalPan = (n: number) => luhnPan(`9999981${n}`);

type CardCall = "suspendCard" | "resumeCard" | "deleteCard" | "updateCardExpiry";

async function opened(client: HttpWorld["bank"]): Promise<Requestor> {
  const issuer = await new Requestor(world.address, client).open();
  issuer.keys = "listCardKeys";
  return issuer;
}

beforeAll(async () => {
  world = await openHttpWorld({ tokens: 40, flags: { "http.callsPerSecond": "10000" } });
  putIssuer(vault(), { id: "RIVAL", name: "Rival" });
  putBinRange(vault(), { prefix: "999998", issuerId: "RIVAL" });
  tokens = tokensByCard(world);
  shop = await new Requestor(world.address, world.client).open();
  bank = await opened(world.bank);
  rival = await opened(world.rival);
});
afterAll(() => world.close());

const panOf = (place: number) => panBytes(vault(), tokens[place]!.tokenRef).toString("latin1");
const view = (place: number) => viewNow(vault(), tokens[place]!.tokenRef);
const ref = (place: number) => ({ tokenRef: tokens[place]!.tokenRef });

async function card(id: CardCall, pan: string, more: object = {}, as = bank) {
  const encryptedCard = await as.card(pan);
  return as.call(id, { body: { issuerEventRef: randomUUID(), encryptedCard, ...more } });
}

function act(id: "suspendCardToken" | "resumeCardToken" | "deleteCardToken", place: number) {
  return async (more: object = {}, as = bank) =>
    as.call(id, { params: ref(place), body: { issuerEventRef: randomUUID(), ...more } });
}

describe("an issuer's card", () => {
  test("is suspended with all its tokens, once, and resumed", async () => {
    const done = await card("suspendCard", panOf(0), { reasonCode: "LOST" });
    expect(done.body).toMatchObject({
      changed: true,
      stale: false,
      cardStatus: "SUSPENDED",
      tokensAffected: 2,
      eventsQueued: 2,
    });
    expect([view(0).status, view(1).status]).toEqual(["SUSPENDED", "SUSPENDED"]);
    expect((await card("suspendCard", panOf(0))).body).toMatchObject({ changed: false });
    expect((await card("resumeCard", panOf(0))).body).toMatchObject({ cardStatus: "ACTIVE" });
    expect(view(0).status).toBe("ACTIVE");
  });

  test("has one effect for one event, and the event no other content", async () => {
    const more = { issuerEventRef: randomUUID() };
    const first = await card("suspendCard", panOf(2), more);
    const again = await card("suspendCard", panOf(2), more);
    expect(again.headers["idempotent-replayed"]).toBe("true");
    expect(again.body).toEqual(first.body);
    const other = await card("suspendCard", panOf(4), more);
    expect(other.body.code).toBe("IDEMPOTENCY_KEY_REUSED");
    expect(view(4).status).toBe("ACTIVE");
    // Another issuer's events are its own, whatever they are called.
    const theirs = await card("suspendCard", rivalPan(1), more, rival);
    expect(theirs.body).toMatchObject({ changed: true });
  });

  test("keeps a requestor's suspension over an issuer's resume", async () => {
    const { trid, tokenRef } = tokens[6]!;
    await shop.call("suspendToken", { trid, params: { tokenRef } });
    await card("suspendCard", panOf(6));
    // Nor does the requestor lift the issuer's.
    await shop.call("resumeToken", { trid, params: { tokenRef } });
    expect(view(6).suspendedBy).toEqual(["ISSUER"]);
    await shop.call("suspendToken", { trid, params: { tokenRef } });
    await card("resumeCard", panOf(6));
    expect(view(6).suspendedBy).toEqual(["TOKEN_REQUESTOR"]);
  });

  test("takes no late resume or expiry, but every suspension", async () => {
    const at = (minutes: number) => ({
      causedAt: new Date(Date.UTC(2026, 0, 1, 10, minutes)).toISOString(),
    });
    const expiry = (newExpiry: string, minutes: number) =>
      card("updateCardExpiry", panOf(8), { newExpiry, ...at(minutes) });
    expect((await expiry("3305", 30)).body).toMatchObject({ changed: true, stale: false });
    expect((await expiry("3204", 20)).body).toMatchObject({ changed: false, stale: true });
    expect(view(8).cardExpiry).toBe("3305");
    await card("resumeCard", panOf(8), at(40));
    const late = await card("suspendCard", panOf(8), at(10));
    expect(late.body).toMatchObject({ changed: true, cardStatus: "SUSPENDED" });
    const stale = await card("resumeCard", panOf(8), at(35));
    expect(stale.body).toMatchObject({ changed: false, stale: true });
    expect(view(8).status).toBe("SUSPENDED");
  });

  test("moves with its tokens to a new number of the same issuer, and no other", async () => {
    const [old, next] = [panOf(10), luhnPan("9999995777")];
    const move = async (pan: string) =>
      bank.call("updateCardPan", {
        body: {
          issuerEventRef: randomUUID(),
          encryptedCard: await bank.card(old),
          encryptedNewCard: await bank.card(pan),
        },
      });
    expect((await move(rivalPan(2))).body.code).toBe("PAN_NOT_OWNED");
    expect(panOf(10)).toBe(old);
    expect((await move(next)).body).toMatchObject({ changed: true, tokensAffected: 2 });
    expect(panOf(10)).toBe(next);
  });

  test("is remembered when lost before anybody made a token of it", async () => {
    const pan = luhnPan("9999995888");
    expect((await card("resumeCard", pan)).body.code).toBe("CARD_NOT_FOUND");
    expect((await card("suspendCard", pan)).body).toMatchObject({ tokensAffected: 0 });
    const wanted = await shop.call("provisionToken", { body: provisionBody(await shop.card(pan)) });
    expect(wanted.body.code).toBe("CARD_NOT_ALLOWED");
  });

  test("is closed for good", async () => {
    expect((await card("deleteCard", panOf(12))).body).toMatchObject({ cardStatus: "DELETED" });
    expect(view(12).status).toBe("DELETED");
    expect((await card("resumeCard", panOf(12))).body.code).toBe("CARD_NOT_ALLOWED");
  });
});

describe("a single token", () => {
  test("is suspended for the cardholder beside the issuer, each for itself", async () => {
    await act("suspendCardToken", 14)();
    await act("suspendCardToken", 14)({ onBehalfOf: "CARDHOLDER" });
    expect([...view(14).suspendedBy].sort()).toEqual(["CARDHOLDER", "ISSUER_TOKEN"]);
    expect(view(15).status).toBe("ACTIVE");
    await act("resumeCardToken", 14)();
    expect((await act("resumeCardToken", 14)({ onBehalfOf: "CARDHOLDER" })).body.status).toBe(
      "ACTIVE",
    );
  });
});

describe("another issuer", () => {
  test("gets one answer for cards of others, known or not, and changes none", async () => {
    const unknown = luhnPan("9999995999");
    for (const id of ["suspendCard", "resumeCard", "deleteCard"] as const) {
      const [known, other] = [
        await card(id, panOf(16), {}, rival),
        await card(id, unknown, {}, rival),
      ];
      expect(known.body.code).toBe("PAN_NOT_OWNED");
      const plain = ({ body, status }: typeof known) => ({ ...body, requestId: "", status });
      expect(plain(known)).toEqual(plain(other));
    }
    expect(view(16).status).toBe("ACTIVE");
    for (const id of ["searchCardTokens", "listCardHistory"] as const) {
      for (const pan of [panOf(16), unknown]) {
        const body = { encryptedCard: await rival.card(pan) };
        expect(await rival.codeOf(id, { body })).toBe("PAN_NOT_OWNED");
      }
    }
  });

  test("gets for a token of others what it gets for none", async () => {
    const foreign = await act("deleteCardToken", 16)({}, rival);
    const body = { issuerEventRef: randomUUID() };
    const none = await rival.call("deleteCardToken", { params: { tokenRef: randomUUID() }, body });
    for (const reply of [foreign, none]) expect(reply.body.code).toBe("TOKEN_NOT_FOUND");
    expect(foreign.body.detail).toBe(none.body.detail);
    expect(await rival.codeOf("listTokenHistory", { params: ref(16) })).toBe("TOKEN_NOT_FOUND");
    expect(view(16).status).toBe("ACTIVE");
  });
});

test("requestors and issuers have no way into each other's paths", async () => {
  const encryptedCard = await shop.card(panOf(16));
  expect(await shop.codeOf("searchCardTokens", { body: { encryptedCard } })).toBe("SCOPE_MISSING");
  expect(await shop.codeOf("listCardKeys")).toBe("SCOPE_MISSING");
  const { trid } = tokens[16]!;
  expect(await bank.codeOf("getToken", { trid, params: ref(16) })).toBe("SCOPE_MISSING");
  expect(await bank.codeOf("listKeys", { trid })).toBe("TRID_NOT_ALLOWED");
});

test("an issuer sees all tokens of its card, and never a whole number", async () => {
  const pan = panOf(18);
  const found = await bank.call("searchCardTokens", {
    body: { encryptedCard: await bank.card(pan) },
  });
  expect(found.body.cardStatus).toBe("ACTIVE");
  const refs = found.body.tokens.map((one: { tokenRef: string }) => one.tokenRef).sort();
  expect(refs).toEqual([tokens[18]!.tokenRef, tokens[19]!.tokenRef].sort());
  expect(found.text).not.toMatch(/[0-9]{13}/);
});

test("times and expiries that are none are refused by name", async () => {
  const fields = async (more: object) =>
    (await card("updateCardExpiry", panOf(18), { newExpiry: "3001", ...more })).body.errors;
  expect(await fields({ newExpiry: "3013" })).toMatchObject([{ field: "newExpiry" }]);
  expect(await fields({ causedAt: "2026-13-40T10:00:00Z" })).toMatchObject([{ field: "causedAt" }]);
  expect(await fields({ issuerEventRef: undefined })).toMatchObject([{ field: "issuerEventRef" }]);
});

test("every path is an issuer's", () => {
  for (const { path } of Object.values(issuerOperations)) expect(path).toMatch(/^\/issuer\/v1\//);
});

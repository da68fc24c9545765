// Defends: a PAN update is three steps that may stop between any two of them; until the last one
// payments use the old PAN, what the issuer says meanwhile is not lost, and every step may come
// twice. Behind one PAN no requestor has two primary tokens, however many cards became one.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { appError } from "../../platform/mod.ts";
import { parseRef, tokenAt, verifyVault, viewToken } from "../../vault/mod.ts";
import {
  createTestVault,
  otherTrid,
  type TestVault,
  testPan,
  trid,
} from "../../vault/test-vault.ts";
import type { Reply } from "../runtime/actor-kind.ts";
import type { CardAction, CardCommand, UpdatePan } from "./commands.ts";
import { completionOf, linkOf } from "./decide-pan.ts";
import { DirectCards } from "./direct.ts";
import { createCardKind, timersOf } from "./kind.ts";
import { homeOf, type Route, routeLinks, routePan, routeToken } from "./routing.ts";
import { cardSteps, exchangeSteps, type Steps } from "./steps.ts";

let t: TestVault;
let cards: DirectCards;
beforeEach(() => {
  t = createTestVault();
  cards = new DirectCards(t.vault);
});
afterEach(() => t.remove());

const a = testPan(1);
const b = testPan(2);
const c = testPan(3);
const id = Buffer.alloc(16, 9);

const make = (pan: ClearPAN, requestor = trid) =>
  cards.provision({ pan, panExpiry: 2909, trid: requestor, assurance: 12 }).token.ref;
const route = (pan: ClearPAN) => routePan(t.vault, pan);
const stateOf = (pan: ClearPAN) => cards.load(route(pan).actor);

function begin(pan = a, newPan = b): Reply {
  const command: UpdatePan = {
    command: "updatePan",
    id,
    pan,
    newPan,
    newExpiry: 3104,
    reason: "REPLACEMENT",
    asLink: false,
    linksServed: 0,
  };
  return cards.submit(route(pan), command);
}

const say = (action: CardAction["action"], pan: ClearPAN, more: Partial<CardAction> = {}) =>
  ({
    command: "card",
    action,
    pan,
    reason: "LOST",
    expiry: 0,
    causedAtMs: 0,
    asLink: false,
    linksServed: 0,
    ...more,
  }) satisfies CardAction;

/** Runs steps as a door would, each command a transaction of its own. */
function run(steps: Steps): Reply {
  let next = steps.next();
  while (!next.done) next = steps.next(cards.submit(next.value.to, next.value.command));
  return next.value;
}

function codeOf(reply: Reply): string {
  return reply.ok ? "none" : reply.error.code;
}

describe("between the steps", () => {
  test("after the first the tokens stand behind the old PAN, and a timer is set", () => {
    const ref = make(a);
    expect(begin()).toMatchObject({ ok: true, answer: { exchange: id.toString("hex") } });
    expect(viewToken(t.vault, ref).pan.equals(a)).toBe(true);
    const timers = timersOf(stateOf(a)).filter((timer) => timer.id === 2);
    expect(timers).toEqual([
      { id: 2, dueMs: t.clock.nowMs() + 5_000, command: { command: "resumePan", id } },
    ]);
    expect(verifyVault(t.vault).problems).toEqual([]);
    expect(run(exchangeSteps(t.vault, route(a)))).toMatchObject({ ok: true });
    expect(viewToken(t.vault, ref).pan.equals(b)).toBe(true);
    expect(stateOf(a).pending).toBeUndefined();
    expect(verifyVault(t.vault).problems).toEqual([]);
  });

  test("the timer moves on and sends the link again; its reply completes the update", () => {
    const ref = make(a);
    begin();
    const kind = createCardKind(t.vault);
    t.clock.advance(5_000);
    const state = stateOf(a);
    const command: CardCommand = { command: "resumePan", id };
    const gathered = kind.gather(state, command);
    const decision = kind.decide(state, command, gathered, t.clock.nowMs());
    if (decision.kind !== "accept") throw decision.error;
    const [send] = decision.sends!;
    expect(decision.events).toMatchObject([
      { event: "panResumed", attempt: 1, dueMs: t.clock.nowMs() + 10_000 },
    ]);
    const linked = cards.submit(send!, send!.command);
    const told = send!.onReply(linked)!;
    expect(cards.submit(route(a), told.command)).toMatchObject({ ok: true });
    expect(viewToken(t.vault, ref).pan.equals(b)).toBe(true);
    expect(send!.onReply({ ok: false, error: appError("OVERLOADED", "full") })).toBeUndefined();
  });

  test("every step may come twice", () => {
    const ref = make(a);
    const merged = make(b);
    begin();
    expect(begin()).toMatchObject({ ok: true, answer: { exchange: id.toString("hex") } });
    const link = linkOf(stateOf(a), t.vault.nowSeconds())!;
    const first = cards.submit(route(b), link);
    const version = viewToken(t.vault, merged).version;
    const second = cards.submit(route(b), link);
    expect(first).toMatchObject({ ok: true, answer: { linked: true, mergedTokens: [merged] } });
    expect(second).toMatchObject({ ok: true, answer: { linked: true, mergedTokens: [] } });
    expect(viewToken(t.vault, merged).version).toBe(version);
    const completion = completionOf(id, second)!;
    expect(cards.submit(route(a), completion)).toMatchObject({ answer: { changed: true } });
    expect(cards.submit(route(a), completion)).toMatchObject({ answer: { changed: false } });
    expect(viewToken(t.vault, ref)).toMatchObject({ primary: true, status: "ACTIVE" });
    expect(stateOf(b).links).toHaveLength(1);
  });

  test("a suspension of the new PAN between second and third step is not lost", () => {
    const ref = make(a);
    begin();
    const link = linkOf(stateOf(a), t.vault.nowSeconds())!;
    const linked = cards.submit(route(b), link);
    expect(run(cardSteps(t.vault, say("suspend", b), Buffer.alloc(16, 1)))).toMatchObject({
      ok: true,
    });
    cards.submit(route(a), completionOf(id, linked)!);
    expect(viewToken(t.vault, ref)).toMatchObject({ cardStatus: "SUSPENDED" });
    expect(verifyVault(t.vault).problems).toEqual([]);
  });

  test("a resumption too, of a PAN that was suspended when it was linked", () => {
    const ref = make(a);
    cards.card("suspend", b);
    begin();
    const linked = cards.submit(route(b), linkOf(stateOf(a), t.vault.nowSeconds())!);
    expect(linked).toMatchObject({ answer: { status: "SUSPENDED" } });
    run(cardSteps(t.vault, say("resume", b), Buffer.alloc(16, 1)));
    cards.submit(route(a), completionOf(id, linked)!);
    expect(viewToken(t.vault, ref)).toMatchObject({ cardStatus: "ACTIVE", status: "ACTIVE" });
  });

  test("a new PAN that is closed meanwhile takes the tokens with it", () => {
    const ref = make(a);
    begin();
    const linked = cards.submit(route(b), linkOf(stateOf(a), t.vault.nowSeconds())!);
    run(cardSteps(t.vault, say("delete", b), Buffer.alloc(16, 1)));
    cards.submit(route(a), completionOf(id, linked)!);
    expect(viewToken(t.vault, ref)).toMatchObject({ status: "DELETED" });
    expect(verifyVault(t.vault).problems).toEqual([]);
  });

  test("a refused link ends the update; tokens stay, and the card goes on", () => {
    const ref = make(a);
    cards.card("delete", b);
    begin();
    const reply = run(exchangeSteps(t.vault, route(a)));
    expect(codeOf(reply)).toBe("CARD_NOT_ALLOWED");
    expect(stateOf(a).pending).toBeUndefined();
    expect(viewToken(t.vault, ref)).toMatchObject({ status: "ACTIVE", cardStatus: "ACTIVE" });
    expect(cards.updatePan(a, c, 3104)).toMatchObject({ changed: true });
  });

  test("while it is under way nothing is provisioned and no other update begins", () => {
    make(a);
    begin();
    expect(() => make(a, otherTrid)).toThrow("under way");
    expect(codeOf(begin(a, c))).toBe("REQUEST_IN_PROGRESS");
    const link = linkOf(stateOf(a), t.vault.nowSeconds())!;
    // The card that others would be linked to is itself on its way: they try again.
    const other = { ...link, pan: a, actor: route(c).actor };
    expect(codeOf(cards.submit(route(a), other))).toBe("REQUEST_IN_PROGRESS");
  });
});

describe("linked cards", () => {
  test("a PAN's commands reach all cards behind it, or none of them", () => {
    const refs = [make(a), make(b, otherTrid)];
    cards.updatePan(a, b, 3104);
    expect(routeLinks(t.vault, route(b).actor)).toEqual([route(a)]);
    const unaware = cards.submit(route(b), say("suspend", b));
    expect(codeOf(unaware)).toBe("VERSION_CONFLICT");
    const answer = cards.card("suspend", b, { reason: "STOLEN" });
    expect(answer).toMatchObject({ changed: true, tokensAffected: 2, eventsQueued: 2 });
    for (const ref of refs) expect(viewToken(t.vault, ref).status).toBe("SUSPENDED");
    expect(cards.card("expiry", b, { expiry: 3203 })).toMatchObject({ changed: true });
    for (const ref of refs) expect(viewToken(t.vault, ref).cardExpiry).toBe("3203");
    expect(verifyVault(t.vault).problems).toEqual([]);
  });

  test("three cards of one requestor become one: one primary token, all alive", () => {
    const refs = [a, b, c].map((pan) => make(pan));
    cards.updatePan(a, b, 3104);
    cards.updatePan(c, b, 3104);
    const views = refs.map((ref) => viewToken(t.vault, ref));
    expect(views.map((view) => view.primary)).toEqual([true, false, false]);
    expect(views.every((view) => view.status === "ACTIVE" && view.pan.equals(b))).toBe(true);
    expect(make(b)).toBe(refs[0]);
    expect(verifyVault(t.vault).problems).toEqual([]);
  });

  test("a linked token is given again, and its agreement goes to its own card's actor", () => {
    const ref = make(a);
    cards.updatePan(a, b, 3104);
    const agreement = { acquirer: "458001", merchant: "M1", id: "A-1", types: 1 };
    const made = cards.provision({ pan: b, panExpiry: 3104, trid, assurance: 12, agreement });
    expect(made).toMatchObject({ reused: true, token: { ref } });
    expect(t.vault.tables.agreements.getKeysCount({})).toBe(1);
    cards.token("delete", ref, "ADMIN");
    expect(make(b)).not.toBe(ref);
  });

  test("live tokens of linked cards count for the limit", () => {
    make(a);
    cards.updatePan(a, b, 3104);
    const strict = new DirectCards(t.vault, { policy: { liveTokensMax: 1 } });
    const request = { pan: b, panExpiry: 3104, trid: otherTrid, assurance: 12 };
    expect(() => strict.provision(request)).toThrow("most tokens");
  });
});

describe("routing", () => {
  test("a token's home stays the shard of its card's first PAN through any chain", () => {
    const ref = make(a);
    const first = route(a);
    for (const [from, to] of [
      [a, b],
      [b, c],
      [c, testPan(4)],
    ] as const) {
      cards.updatePan(from, to, 3104);
      const found: Route = routeToken(t.vault, ref)!;
      expect(found).toMatchObject(first);
      const view = viewToken(t.vault, ref);
      expect(homeOf(t.vault, view.tpan)).toBe(first.shard);
      expect(view.pan.equals(to)).toBe(true);
    }
    expect(routeToken(t.vault, "tok_nonsense")).toBeUndefined();
    expect(routeToken(t.vault, "019b76da-a800-7a53-b039-74be80370ba4")).toBeUndefined();
    expect(verifyVault(t.vault).problems).toEqual([]);
  });

  test("verify finds a token that is at home elsewhere", () => {
    const ref = make(a);
    const found = t.vault.findTokenByRef(parseRef(ref)!)!;
    expect(found.record[tokenAt.version]).toBe(1);
    const card = t.vault.findCardOf(found.index, found.record)!;
    card.record.writeUInt16LE((card.record.readUInt16LE(112) + 1) % 16, 112);
    t.vault.env.write(() => t.vault.tables.cards.putSync(card.key, card.record));
    const kinds = verifyVault(t.vault).problems.map((problem) => problem.kind);
    expect([...new Set(kinds)]).toEqual(["HOME_WRONG"]);
  });
});

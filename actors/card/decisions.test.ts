// Defends: late words of an issuer undo nothing; versions, limits and ownership are judged by the
// decision itself, and what is another's looks like what is not there; the notifications of a token
// are numbered without a gap or a repeat, also over a restore.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ClearPAN } from "../../codec/pan/mod.ts";
import { isAppError } from "../../platform/mod.ts";
import {
  agreementsOf,
  beginIncarnation,
  generateTokens,
  parseRef,
  testPanText,
  tokenAt,
  verifyVault,
  viewToken,
} from "../../vault/mod.ts";
import {
  createTestVault,
  otherTrid,
  type TestVault,
  testPan,
  trid,
} from "../../vault/test-vault.ts";
import type { Caller, CardCommand } from "./commands.ts";
import { DirectCards } from "./direct.ts";
import { cardEventType } from "./event-codec.ts";
import { type CardEvent, noticesOf } from "./events.ts";
import { timersOf } from "./kind.ts";
import { routePan } from "./routing.ts";

let t: TestVault;
let cards: DirectCards;
let events: CardEvent[];
beforeEach(() => {
  t = createTestVault();
  events = [];
  cards = new DirectCards(t.vault, {}, (_, some) => events.push(...some));
});
afterEach(() => t.remove());

const pan = testPan(1);
const month = 31 * 86_400_000;

const make = (requestor = trid, more: { async?: boolean; active?: boolean } = {}) =>
  cards.provision({ pan, panExpiry: 2909, trid: requestor, assurance: 12, ...more }).token.ref;
const noticed = () =>
  events.flatMap(noticesOf).map(({ type, seq, causedBy }) => `${seq} ${type} ${causedBy}`);

function codeOf(work: () => unknown): string {
  try {
    work();
    return "none";
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
}

describe("late words of the issuer", () => {
  test("a resume that is older than the last suspension is stale and not applied", () => {
    const ref = make();
    cards.card("suspend", pan, { reason: "LOST", causedAtMs: 2_000 });
    const late = cards.card("resume", pan, { causedAtMs: 1_000 });
    expect(late).toMatchObject({ changed: false, stale: true, status: "SUSPENDED" });
    expect(viewToken(t.vault, ref).status).toBe("SUSPENDED");
    const right = cards.card("resume", pan, { causedAtMs: 3_000 });
    expect(right).toMatchObject({ changed: true, stale: false, status: "ACTIVE" });
  });

  test("suspensions and deletions always apply, and say that they are late", () => {
    make();
    cards.card("suspend", pan, { causedAtMs: 2_000 });
    cards.card("resume", pan, { causedAtMs: 5_000 });
    const late = cards.card("suspend", pan, { causedAtMs: 4_000 });
    expect(late).toMatchObject({ changed: true, stale: true, status: "SUSPENDED" });
    // The resume at 5,000 stays the last one: what is older than it is late still.
    expect(cards.card("resume", pan, { causedAtMs: 4_500 })).toMatchObject({ stale: true });
    const end = cards.card("delete", pan, { causedAtMs: 1 });
    expect(end).toMatchObject({ changed: true, stale: true, status: "DELETED" });
  });

  test("an expiry that is older than the last one is not applied", () => {
    const ref = make();
    cards.card("expiry", pan, { expiry: 3104, causedAtMs: 2_000 });
    const late = cards.card("expiry", pan, { expiry: 3001, causedAtMs: 1_999 });
    expect(late).toMatchObject({ changed: false, stale: true });
    expect(viewToken(t.vault, ref).cardExpiry).toBe("3104");
    cards.card("expiry", pan, { expiry: 3001, causedAtMs: 2_000 });
    expect(viewToken(t.vault, ref).cardExpiry).toBe("3001");
  });

  test("a repeated suspension that came later is remembered, though it changes nothing", () => {
    make();
    cards.card("suspend", pan, { reason: "LOST", causedAtMs: 1_000 });
    expect(cards.card("suspend", pan, { causedAtMs: 3_000 })).toMatchObject({ changed: false });
    expect(cards.card("resume", pan, { causedAtMs: 2_000 })).toMatchObject({ stale: true });
  });

  test("who names no time is never late", () => {
    make();
    cards.card("suspend", pan, { causedAtMs: 9_000 });
    expect(cards.card("resume", pan)).toMatchObject({ changed: true, stale: false });
  });
});

describe("cards", () => {
  test("a PAN that was never seen is remembered as suspended or closed", () => {
    const answer = cards.card("suspend", pan, { reason: "STOLEN" });
    expect(answer).toMatchObject({ changed: true, status: "SUSPENDED", tokensAffected: 0 });
    expect(codeOf(make)).toBe("CARD_NOT_ALLOWED");
    expect(cards.load(routePan(t.vault, pan).actor).card).toMatchObject({ reason: "STOLEN" });
    expect(cards.card("delete", testPan(2))).toMatchObject({ changed: true, status: "DELETED" });
    expect(codeOf(() => cards.card("resume", testPan(3)))).toBe("CARD_NOT_FOUND");
    expect(codeOf(() => cards.card("expiry", testPan(3), { expiry: 3001 }))).toBe("CARD_NOT_FOUND");
    expect(verifyVault(t.vault)).toMatchObject({ cards: 2, problems: [] });
  });

  test("a version that is not the card's is refused, and changes with every change", () => {
    make();
    const versionOf = () => cards.load(routePan(t.vault, pan).actor).card!.changes;
    const expectVersion = versionOf();
    cards.card("suspend", pan, { expectVersion });
    expect(versionOf()).toBe(expectVersion + 1);
    expect(codeOf(() => cards.card("resume", pan, { expectVersion }))).toBe("VERSION_CONFLICT");
  });

  test("an issuer's resume clears every cause only where the policy says so", () => {
    const ref = make();
    cards.token("suspend", ref, "TOKEN_REQUESTOR");
    cards.card("suspend", pan);
    cards.card("resume", pan);
    expect(viewToken(t.vault, ref).suspendedBy).toEqual(["TOKEN_REQUESTOR"]);
    const literal = new DirectCards(t.vault, { policy: { issuerResumeClearsAll: true } });
    literal.card("suspend", pan);
    literal.card("resume", pan);
    expect(viewToken(t.vault, ref).status).toBe("ACTIVE");
  });

  test("foreign issuers hear PAN_NOT_OWNED for every command, known or not", () => {
    make();
    for (const one of [pan, testPan(99)]) {
      for (const action of ["suspend", "resume", "delete", "expiry"] as const) {
        const ask = () => cards.card(action, one, { issuerId: "OTHER", expiry: 3001 });
        expect(codeOf(ask)).toBe("PAN_NOT_OWNED");
      }
      const move = () => cards.updatePan(one, testPan(3), 3001, { issuerId: "OTHER" });
      expect(codeOf(move)).toBe("PAN_NOT_OWNED");
    }
    expect(t.vault.tables.cards.getKeysCount({})).toBe(1);
  });
});

describe("tokens", () => {
  const stranger: Caller = { who: "REQUESTOR", trid: otherTrid };
  const foreign: Caller = { who: "ISSUER", issuerId: "OTHER" };
  const agreement = { acquirer: "458001", merchant: "M", id: "A", types: 1, source: "PROVISION" };
  type Rest = Record<string, unknown> & { readonly command: CardCommand["command"] };
  const asked: readonly Rest[] = [
    ...(["activate", "suspend", "resume", "delete"] as const).map((action) => ({
      command: "token" as const,
      action,
      cause: "TOKEN_REQUESTOR",
      reason: "NONE",
    })),
    { command: "putAgreement", agreement },
    { command: "revokeAgreement", name: agreement },
  ];

  test("another's token is TOKEN_NOT_FOUND in every command, as one that is not there", () => {
    const ref = make();
    for (const caller of [stranger, foreign]) {
      for (const rest of asked) {
        const command = (bytes: Buffer) => ({ ...rest, ref: bytes, caller }) as CardCommand;
        const texts = [ref, "019b76da-a800-7a53-b039-74be80370ba4"].map((one) => {
          try {
            cards.tokenCommand(one, command);
            return "none";
          } catch (error) {
            return String(error);
          }
        });
        expect(texts[0]).toContain("There is no such token.");
        expect(texts[1]).toBe(texts[0]);
      }
    }
    expect(events).toHaveLength(1);
  });

  test("each caller acts for its own causes only", () => {
    const ref = make();
    const act = (caller: Caller, cause: string) =>
      codeOf(() =>
        cards.tokenCommand(
          ref,
          (bytes) =>
            ({
              command: "token",
              action: "suspend",
              ref: bytes,
              caller,
              cause,
              reason: "NONE",
            }) as CardCommand,
        ),
      );
    const requestor: Caller = { who: "REQUESTOR", trid };
    const issuer: Caller = { who: "ISSUER", issuerId: "TESTBANK" };
    expect(act(requestor, "ADMIN")).toBe("INVALID_FIELD");
    expect(act(issuer, "TOKEN_REQUESTOR")).toBe("INVALID_FIELD");
    expect(act({ who: "ADMIN" }, "ISSUER")).toBe("INVALID_FIELD");
    expect(act(requestor, "TOKEN_REQUESTOR")).toBe("none");
    expect(act(issuer, "CARDHOLDER")).toBe("none");
    expect(act(issuer, "ISSUER_TOKEN")).toBe("none");
    const causes = ["ISSUER_TOKEN", "TOKEN_REQUESTOR", "CARDHOLDER"];
    expect(viewToken(t.vault, ref).suspendedBy).toEqual(causes);
  });

  test("a flag is raised and never lowered, and no deleted token has one", () => {
    const ref = make();
    const flag = (untilSeconds: number) =>
      cards.tokenCommand(ref, (bytes) => ({ command: "flag", ref: bytes, untilSeconds })).changed;
    const until = () =>
      t.vault.findTokenByRef(parseRef(ref)!)!.record.readUInt32LE(tokenAt.flaggedUntil);
    expect([flag(500), flag(400), until()]).toEqual([true, false, 500]);
    cards.token("suspend", ref, "ADMIN");
    expect(until()).toBe(500);
    cards.token("delete", ref, "ADMIN");
    expect(flag(900)).toBe(false);
  });

  test("agreements are put, repeated without a change, revoked, and go with the token", () => {
    const ref = make();
    const caller: Caller = { who: "REQUESTOR", trid };
    const name = { acquirer: "458001", merchant: "M1", id: "A-1" };
    const put = (types: number) =>
      cards.tokenCommand(ref, (bytes) => ({
        command: "putAgreement",
        ref: bytes,
        caller,
        agreement: { ...name, types, source: "PROVISION" },
      })).changed;
    const revoke = () =>
      cards.tokenCommand(ref, (bytes) => ({
        command: "revokeAgreement",
        ref: bytes,
        caller,
        name,
      }));
    const { index } = t.vault.findTokenByRef(parseRef(ref)!)!;
    expect([put(1), put(1), put(5)]).toEqual([true, false, true]);
    expect(agreementsOf(t.vault, index)).toMatchObject([{ types: 5, source: "PROVISION" }]);
    expect([revoke().changed, revoke().changed]).toEqual([true, false]);
    expect(codeOf(() => put(8))).toBe("INVALID_FIELD");
    put(2);
    cards.token("delete", ref, "ADMIN");
    expect(agreementsOf(t.vault, index)).toEqual([]);
    expect(codeOf(() => put(1))).toBe("TOKEN_DELETED");
    const other = make(otherTrid);
    const attest = (bytes: Buffer): CardCommand => ({
      command: "putAgreement",
      ref: bytes,
      caller: { who: "ADMIN" },
      agreement: { ...name, types: 1, source: "MIGRATION" },
    });
    expect(codeOf(() => cards.tokenCommand(other, attest))).toBe("SCOPE_MISSING");
  });

  test("the clock stores what has passed, and asks for the next time", () => {
    const ref = make();
    const due = () => timersOf(cards.load(routePan(t.vault, pan).actor))[0]?.dueMs;
    // TPAN expiry 3012: it ends with that month in UTC+8.
    expect(due()).toBe(Date.parse("2030-12-31T16:00:00Z"));
    expect(cards.clock(ref)).toEqual({ expired: 0 });
    t.clock.advance(due()! - t.clock.nowMs());
    expect(cards.clock(ref)).toEqual({ expired: 1 });
    expect(cards.clock(ref)).toEqual({ expired: 0 });
    expect(due()).toBeUndefined();
    expect(noticed()).toEqual(["1 TOKEN_EXPIRED TSP"]);
  });
});

describe("notifications", () => {
  test("are named by the state that the token is in, and numbered one by one", () => {
    const ref = make(trid, { async: true, active: false });
    cards.token("activate", ref, "ADMIN");
    cards.token("suspend", ref, "TOKEN_REQUESTOR", { trid });
    cards.card("suspend", pan, { reason: "LOST" });
    cards.token("resume", ref, "TOKEN_REQUESTOR", { trid });
    cards.card("resume", pan);
    cards.card("resume", pan);
    cards.updatePan(pan, testPan(2), 3104);
    t.clock.advance(50 * month);
    cards.card("expiry", testPan(2), { expiry: 3409 });
    cards.token("delete", ref, "TOKEN_REQUESTOR", { trid });
    expect(noticed()).toEqual([
      "1 TOKEN_CREATED TOKEN_REQUESTOR",
      "2 TOKEN_ACTIVATED ADMIN",
      "3 TOKEN_SUSPENDED TOKEN_REQUESTOR",
      "4 TOKEN_SUSPENDED ISSUER",
      "5 TOKEN_SUSPENDED TOKEN_REQUESTOR",
      "6 TOKEN_RESUMED ISSUER",
      "7 CARD_UPDATED ISSUER",
      "8 CARD_UPDATED ISSUER",
      "9 TOKEN_EXPIRY_UPDATED ISSUER",
      "10 TOKEN_DELETED TOKEN_REQUESTOR",
    ]);
    const last = events.flatMap(noticesOf).at(-2)!;
    const cardLast4 = Number(testPan(2).mask().slice(-4));
    expect(last.snapshot).toMatchObject({ status: "ACTIVE", cardExpiry: 3409, cardLast4 });
  });

  test("leap by 2^20 with every restore, once, and go on by one", () => {
    const [first, second] = [make(), make(otherTrid)];
    cards.token("suspend", first!, "ADMIN");
    beginIncarnation(t.vault);
    cards.token("resume", first!, "ADMIN");
    cards.token("suspend", first!, "ADMIN");
    beginIncarnation(t.vault);
    beginIncarnation(t.vault);
    cards.card("suspend", pan);
    const seqs = events.flatMap(noticesOf).map(({ seq }) => seq);
    const leap = 2 ** 20;
    expect(seqs).toEqual([1, leap + 2, leap + 3, 3 * leap + 4, 3 * leap + 1]);
    expect(cards.token("suspend", second!, "ADMIN").changed).toBe(true);
    expect(events.flatMap(noticesOf).at(-1)?.seq).toBe(3 * leap + 2);
    expect(verifyVault(t.vault).problems).toEqual([]);
  });

  test("a card of a thousand tokens is one event with a thousand entries", async () => {
    await generateTokens(t.vault, { tokens: 1_000, tokensPerCard: 1_000 });
    const rich = ClearPAN.parse(testPanText(0));
    const ask = { reason: "LOST" } as const;
    expect(cards.card("suspend", rich, ask)).toMatchObject({
      tokensAffected: 1_000,
      eventsQueued: 1_000,
    });
    expect(events).toHaveLength(1);
    expect(events.flatMap(noticesOf)).toHaveLength(1_000);
    // Well below what one record of the log may hold.
    expect(cardEventType(events[0]!).encode(events[0]!).length).toBeLessThan(64 * 1024);
    expect(verifyVault(t.vault)).toMatchObject({ tokens: 1_000, problems: [] });
  });
});

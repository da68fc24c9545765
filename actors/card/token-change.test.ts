// Defends: every cell of the token's state machine, written down here a second time as outcomes:
// the state after the event and the causes that are left.
import { describe, expect, test } from "vitest";
import { suspendedBy, type TokenStatusName } from "../../vault/mod.ts";
import type { Token } from "./state.ts";
import type { TokenEvent } from "./state-tables.ts";
import { applyToToken, statusOf, type TokenEventContext } from "./token-change.ts";

/** 2026-06-15 in UTC+8. */
const nowSeconds = Date.parse("2026-06-15T00:00:00Z") / 1000;
const far = 3012;
const past = 2605;

function token(status: TokenStatusName, causes = 0, neverActive = false): Token {
  return {
    index: Buffer.alloc(16, 1),
    ref: Buffer.alloc(16, 2),
    status,
    causes,
    neverActive,
    secondary: false,
    type: 1,
    assurance: 12,
    expiry: status === "EXPIRED" ? past : far,
    previousExpiry: 0,
    ptavNotBefore: 0,
    requestor: 1,
    trid: "99900000001",
    provisionedAt: 1,
    changes: 1,
    seq: 0,
  };
}

const { ISSUER, TOKEN_REQUESTOR, ADMIN, FRAUD_CONTROL } = suspendedBy;

/**
 * From, causes before, event, cause or context, then: state after (or "error") and causes after.
 */
type Cell = readonly [
  TokenStatusName,
  number,
  TokenEvent,
  Partial<TokenEventContext>,
  TokenStatusName | "error",
  number,
];

const tr = { cause: TOKEN_REQUESTOR };
const issuer = { cause: ISSUER };
const admin = { cause: ADMIN };

const cells: readonly Cell[] = [
  ["INACTIVE", 0, "activate", {}, "ACTIVE", 0],
  ["ACTIVE", 0, "activate", {}, "ACTIVE", 0],
  ["SUSPENDED", ADMIN, "activate", {}, "error", ADMIN],
  ["DELETED", 0, "activate", {}, "error", 0],
  ["EXPIRED", 0, "activate", {}, "error", 0],

  ["INACTIVE", 0, "requestorSuspend", tr, "error", 0],
  ["ACTIVE", 0, "requestorSuspend", tr, "SUSPENDED", TOKEN_REQUESTOR],
  ["SUSPENDED", ISSUER, "requestorSuspend", tr, "SUSPENDED", ISSUER | TOKEN_REQUESTOR],
  ["DELETED", 0, "requestorSuspend", tr, "error", 0],
  ["EXPIRED", 0, "requestorSuspend", tr, "error", 0],

  ["INACTIVE", 0, "requestorResume", tr, "error", 0],
  ["ACTIVE", 0, "requestorResume", tr, "ACTIVE", 0],
  ["SUSPENDED", TOKEN_REQUESTOR, "requestorResume", tr, "ACTIVE", 0],
  ["SUSPENDED", ISSUER | TOKEN_REQUESTOR, "requestorResume", tr, "SUSPENDED", ISSUER],
  ["SUSPENDED", ISSUER, "requestorResume", tr, "SUSPENDED", ISSUER],
  ["DELETED", 0, "requestorResume", tr, "error", 0],
  ["EXPIRED", 0, "requestorResume", tr, "error", 0],

  ["INACTIVE", 0, "delete", {}, "DELETED", 0],
  ["ACTIVE", 0, "delete", {}, "DELETED", 0],
  ["SUSPENDED", ADMIN, "delete", {}, "DELETED", ADMIN],
  ["DELETED", 0, "delete", {}, "DELETED", 0],
  ["EXPIRED", 0, "delete", {}, "DELETED", 0],

  ["INACTIVE", 0, "causeSuspend", admin, "SUSPENDED", ADMIN],
  ["ACTIVE", 0, "causeSuspend", admin, "SUSPENDED", ADMIN],
  ["SUSPENDED", FRAUD_CONTROL, "causeSuspend", admin, "SUSPENDED", FRAUD_CONTROL | ADMIN],
  ["DELETED", 0, "causeSuspend", admin, "error", 0],
  ["EXPIRED", 0, "causeSuspend", admin, "error", 0],

  ["INACTIVE", 0, "causeResume", admin, "INACTIVE", 0],
  ["ACTIVE", 0, "causeResume", admin, "ACTIVE", 0],
  ["SUSPENDED", ADMIN, "causeResume", admin, "ACTIVE", 0],
  ["SUSPENDED", ADMIN | ISSUER, "causeResume", admin, "SUSPENDED", ISSUER],
  ["DELETED", 0, "causeResume", admin, "error", 0],
  ["EXPIRED", 0, "causeResume", admin, "error", 0],

  ["INACTIVE", 0, "cardSuspend", issuer, "SUSPENDED", ISSUER],
  ["ACTIVE", 0, "cardSuspend", issuer, "SUSPENDED", ISSUER],
  ["SUSPENDED", ADMIN, "cardSuspend", issuer, "SUSPENDED", ADMIN | ISSUER],
  ["DELETED", 0, "cardSuspend", issuer, "DELETED", 0],
  ["EXPIRED", 0, "cardSuspend", issuer, "EXPIRED", ISSUER],

  ["INACTIVE", 0, "cardResume", issuer, "INACTIVE", 0],
  ["ACTIVE", 0, "cardResume", issuer, "ACTIVE", 0],
  ["SUSPENDED", ISSUER, "cardResume", issuer, "ACTIVE", 0],
  ["SUSPENDED", ISSUER | TOKEN_REQUESTOR, "cardResume", issuer, "SUSPENDED", TOKEN_REQUESTOR],
  ["SUSPENDED", ISSUER | ADMIN, "cardResume", { ...issuer, clearAll: true }, "ACTIVE", 0],
  ["DELETED", 0, "cardResume", issuer, "DELETED", 0],
  ["EXPIRED", ISSUER, "cardResume", issuer, "EXPIRED", 0],

  ["INACTIVE", 0, "cardDelete", issuer, "DELETED", 0],
  ["ACTIVE", 0, "cardDelete", issuer, "DELETED", 0],
  ["SUSPENDED", ADMIN, "cardDelete", issuer, "DELETED", ADMIN],
  ["DELETED", 0, "cardDelete", issuer, "DELETED", 0],
  ["EXPIRED", 0, "cardDelete", issuer, "DELETED", 0],

  ["INACTIVE", 0, "clock", {}, "EXPIRED", 0],
  ["ACTIVE", 0, "clock", {}, "EXPIRED", 0],
  ["SUSPENDED", ADMIN, "clock", {}, "EXPIRED", ADMIN],
  ["DELETED", 0, "clock", {}, "DELETED", 0],
  ["EXPIRED", 0, "clock", {}, "EXPIRED", 0],

  ["INACTIVE", 0, "expiryUpdate", {}, "INACTIVE", 0],
  ["ACTIVE", 0, "expiryUpdate", {}, "ACTIVE", 0],
  ["SUSPENDED", ISSUER, "expiryUpdate", {}, "SUSPENDED", ISSUER],
  ["DELETED", 0, "expiryUpdate", {}, "DELETED", 0],
  ["EXPIRED", 0, "expiryUpdate", {}, "ACTIVE", 0],
  ["EXPIRED", ADMIN, "expiryUpdate", {}, "SUSPENDED", ADMIN],
  ["EXPIRED", 0, "expiryUpdate", { hasRival: true }, "EXPIRED", 0],

  ["INACTIVE", 0, "panUpdate", { newCardSuspended: false }, "INACTIVE", 0],
  ["ACTIVE", 0, "panUpdate", { newCardSuspended: true }, "ACTIVE", 0],
  ["SUSPENDED", ISSUER, "panUpdate", { newCardSuspended: false }, "ACTIVE", 0],
  ["SUSPENDED", ADMIN, "panUpdate", { newCardSuspended: true }, "SUSPENDED", ADMIN | ISSUER],
  ["SUSPENDED", ISSUER | ADMIN, "panUpdate", { newCardSuspended: false }, "SUSPENDED", ADMIN],
  ["DELETED", 0, "panUpdate", { newCardSuspended: false }, "DELETED", 0],
  ["EXPIRED", ISSUER, "panUpdate", { newCardSuspended: false }, "ACTIVE", 0],
  ["EXPIRED", 0, "panUpdate", { newCardSuspended: true }, "SUSPENDED", ISSUER],
  ["EXPIRED", 0, "panUpdate", { newCardSuspended: false, hasRival: true }, "EXPIRED", 0],
];

describe("token state machine", () => {
  test.each(cells)("%s (%d) on %s %j: %s (%d)", (from, causes, event, more, to, left) => {
    // An INACTIVE token, and what became of one, carries the mark that leads it back there.
    const before = Object.freeze(token(from, causes, from === "INACTIVE"));
    const { action, token: after } = applyToToken(before, event, { nowSeconds, ...more });
    if (to === "error") {
      expect(action).toBe("error");
      expect(after).toBe(before);
      return;
    }
    expect(action).not.toBe("error");
    expect([after.status, after.causes]).toEqual([to, left]);
  });

  test("every cell of every event is in the list", () => {
    const seen = new Set(cells.map(([from, , event]) => `${event} ${from}`));
    expect(seen.size).toBe(12 * 5);
  });

  const apply = (one: Token, event: TokenEvent, more: Partial<TokenEventContext> = {}) =>
    applyToToken(one, event, { nowSeconds, ...more }).token;

  test("a token that never was active goes back to INACTIVE", () => {
    const suspended = apply(token("INACTIVE", 0, true), "cardSuspend", issuer);
    expect(suspended.status).toBe("SUSPENDED");
    const resumed = apply(suspended, "cardResume", issuer);
    expect(resumed.status).toBe("INACTIVE");
    const again = apply(apply(resumed, "activate"), "cardSuspend", issuer);
    expect(apply(again, "cardResume", issuer).status).toBe("ACTIVE");
  });

  test("every new cause moves ptavNotBefore, a cause that is there already does not", () => {
    const first = apply(token("ACTIVE"), "cardSuspend", issuer);
    expect(first.ptavNotBefore).toBe(nowSeconds);
    const later = { ...issuer, nowSeconds: nowSeconds + 5 };
    expect(applyToToken(first, "cardSuspend", later).token).toBe(first);
    const second = apply(first, "causeSuspend", { ...admin, nowSeconds: nowSeconds + 9 });
    expect(second.ptavNotBefore).toBe(nowSeconds + 9);
    const cleared = apply(second, "cardResume", { ...later, clearAll: true });
    expect([cleared.status, cleared.ptavNotBefore]).toEqual(["ACTIVE", nowSeconds + 9]);
  });

  test("a second card suspension of an expired token changes nothing", () => {
    const expired = apply(token("EXPIRED"), "cardSuspend", issuer);
    expect([expired.status, expired.causes]).toEqual(["EXPIRED", ISSUER]);
    const later = { ...issuer, nowSeconds: nowSeconds + 5 };
    expect(applyToToken(expired, "cardSuspend", later).token).toBe(expired);
  });

  test("an extension keeps the old expiry as previous while that is good", () => {
    const soon = apply({ ...token("ACTIVE"), expiry: 2612 }, "expiryUpdate");
    expect([soon.expiry, soon.previousExpiry]).toEqual([3105, 2612]);
    const expired = apply(token("EXPIRED"), "expiryUpdate");
    expect([expired.expiry, expired.previousExpiry]).toEqual([3105, 0]);
    const fresh = token("ACTIVE");
    expect(apply(fresh, "expiryUpdate")).toBe(fresh);
  });

  test("the clock is judged at read: a stored ACTIVE past its month is EXPIRED", () => {
    const one = { ...token("ACTIVE"), expiry: 2606 };
    const midnight = Date.parse("2026-06-30T16:00:00Z") / 1000;
    expect(statusOf(one, midnight - 1)).toBe("ACTIVE");
    expect(statusOf(one, midnight)).toBe("EXPIRED");
    const context = { nowSeconds: midnight, ...tr };
    expect(applyToToken(one, "requestorSuspend", context).action).toBe("error");
  });
});

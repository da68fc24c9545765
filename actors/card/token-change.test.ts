// Defends: every cell of the token's state machine, written down here a second time as outcomes:
// the state after the event and the causes that are left.
import { describe, expect, test } from "vitest";
import {
  suspendedBy,
  type TokenStatusName,
  tokenAt,
  tokenBytes,
  tokenFlag,
  tokenStatus,
} from "../token-record.ts";
import type { TokenEvent } from "./state-tables.ts";
import { applyToToken, statusAt, type TokenEventContext } from "./token-change.ts";

/** 2026-06-15 in UTC+8. */
const nowSeconds = Date.parse("2026-06-15T00:00:00Z") / 1000;
const far = 3012;
const past = 2605;

function token(status: TokenStatusName, causes = 0, flags = 0): Buffer {
  const record = Buffer.alloc(tokenBytes);
  record[tokenAt.status] = tokenStatus[status];
  record[tokenAt.suspendedBy] = causes;
  record[tokenAt.flags] = flags;
  record.writeUInt16LE(status === "EXPIRED" ? past : far, tokenAt.expiry);
  return record;
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
    const record = token(from, causes, from === "INACTIVE" ? tokenFlag.NEVER_ACTIVE : 0);
    const before = Buffer.from(record);
    const action = applyToToken(record, event, { nowSeconds, ...more });
    if (to === "error") {
      expect(action).toBe("error");
      expect(record).toEqual(before);
      return;
    }
    expect(action).not.toBe("error");
    expect(record[tokenAt.status]).toBe(tokenStatus[to]);
    expect(record[tokenAt.suspendedBy]).toBe(left);
  });

  test("every cell of every event is in the list", () => {
    const seen = new Set(cells.map(([from, , event]) => `${event} ${from}`));
    expect(seen.size).toBe(12 * 5);
  });

  test("a token that never was active goes back to INACTIVE", () => {
    const record = token("INACTIVE", 0, tokenFlag.NEVER_ACTIVE);
    applyToToken(record, "cardSuspend", { nowSeconds, cause: ISSUER });
    expect(statusAt(record, nowSeconds)).toBe("SUSPENDED");
    applyToToken(record, "cardResume", { nowSeconds, cause: ISSUER });
    expect(statusAt(record, nowSeconds)).toBe("INACTIVE");
    applyToToken(record, "activate", { nowSeconds });
    applyToToken(record, "cardSuspend", { nowSeconds, cause: ISSUER });
    applyToToken(record, "cardResume", { nowSeconds, cause: ISSUER });
    expect(statusAt(record, nowSeconds)).toBe("ACTIVE");
  });

  test("every new cause moves ptavNotBefore, a cause that is there already does not", () => {
    const record = token("ACTIVE");
    applyToToken(record, "cardSuspend", { nowSeconds, cause: ISSUER });
    expect(record.readUInt32LE(tokenAt.ptavNotBefore)).toBe(nowSeconds);
    applyToToken(record, "cardSuspend", { nowSeconds: nowSeconds + 5, cause: ISSUER });
    expect(record.readUInt32LE(tokenAt.ptavNotBefore)).toBe(nowSeconds);
    applyToToken(record, "causeSuspend", { nowSeconds: nowSeconds + 9, cause: ADMIN });
    expect(record.readUInt32LE(tokenAt.ptavNotBefore)).toBe(nowSeconds + 9);
    applyToToken(record, "cardResume", {
      nowSeconds: nowSeconds + 20,
      cause: ISSUER,
      clearAll: true,
    });
    expect(record.readUInt32LE(tokenAt.ptavNotBefore)).toBe(nowSeconds + 9);
  });

  test("an extension keeps the old expiry as previous while that is good", () => {
    const soon = token("ACTIVE");
    soon.writeUInt16LE(2612, tokenAt.expiry);
    applyToToken(soon, "expiryUpdate", { nowSeconds });
    expect(soon.readUInt16LE(tokenAt.expiry)).toBe(3105);
    expect(soon.readUInt16LE(tokenAt.previousExpiry)).toBe(2612);
    const expired = token("EXPIRED");
    applyToToken(expired, "expiryUpdate", { nowSeconds });
    expect(expired.readUInt16LE(tokenAt.expiry)).toBe(3105);
    expect(expired.readUInt16LE(tokenAt.previousExpiry)).toBe(0);
    const fresh = token("ACTIVE");
    applyToToken(fresh, "expiryUpdate", { nowSeconds });
    expect(fresh.readUInt16LE(tokenAt.expiry)).toBe(far);
  });

  test("the clock is judged at read: a stored ACTIVE past its month is EXPIRED", () => {
    const record = token("ACTIVE");
    record.writeUInt16LE(2606, tokenAt.expiry);
    const midnight = Date.parse("2026-06-30T16:00:00Z") / 1000;
    expect(statusAt(record, midnight - 1)).toBe("ACTIVE");
    expect(statusAt(record, midnight)).toBe("EXPIRED");
    expect(applyToToken(record, "requestorSuspend", { nowSeconds: midnight, ...tr })).toBe("error");
  });
});

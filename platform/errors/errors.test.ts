// Defends: the two tables are complete and agree with themselves, and an operating error shows
// nothing but what is safe.
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { AppError, appError, isAppError } from "./app-error.ts";
import { type ErrorCode, errorRow, errorTable, exitCode } from "./code-table.ts";
import { grpcStatus } from "./grpc-status.ts";
import { de39Of, getReason, reason, reasonTable, reasonText } from "./reason-table.ts";

describe("reasons", () => {
  it("have one row each, in ascending order", () => {
    const codes = [...reasonTable.keys()];
    expect(codes).toEqual(Object.values(reason).sort((a, b) => a - b));
    for (const [name, code] of Object.entries(reason)) expect(getReason(code).name).toBe(name);
  });

  // The rows of the verification table, written out a second time on purpose.
  const expected: [number, string][] = [
    [0, "00"],
    [1001, "14"],
    [1002, "30"],
    [1003, "63"],
    [1004, "58"],
    [1005, "14"],
    [1006, "62"],
    [1007, "54"],
    [1008, "14"],
    [1009, "58"],
    [1010, "59"],
    [1011, "78"],
    [2001, "63"],
    [2002, "63"],
    [2003, "63"],
    [2004, "63"],
    [2005, "63"],
    [2006, "63"],
    [3001, "12"],
    [3002, "57"],
    [3004, "25"],
    [9001, "30"],
    [9002, "63"],
    [9003, "68"],
    [9057, "57"],
    [9058, "58"],
    [9091, "91"],
    [9092, "91"],
    [9096, "96"],
    [9409, "94"],
  ];
  it.each(expected)("%d is answered with DE39 %s", (code, de39) => {
    expect(de39Of(code)).toBe(de39);
    expect(getReason(code).historyOnly).toBe(false);
  });

  it("leave only history marks outside the answers", () => {
    const answered = new Set(expected.map(([code]) => code));
    const rest = [...reasonTable.values()].filter((row) => !answered.has(row.code));
    expect(rest.map((row) => row.code)).toEqual([2007, 2008, 3003]);
    expect(rest.every((row) => row.historyOnly)).toBe(true);
  });

  it("are told apart from bugs", () => {
    expect(reasonText(0)).toBe("0000");
    expect(reasonText(9409)).toBe("9409");
    expect(() => getReason(1234)).toThrow(/not in the table/);
  });

  it("fail a PTAV only where one was looked at", () => {
    for (const row of reasonTable.values()) {
      if (row.code >= 2002 && row.code <= 2008) expect(row.ptavResult).toBe("F");
      else expect(row.ptavResult).not.toBe("F");
      expect(row.meaning.endsWith(".")).toBe(true);
    }
  });
});

describe("operating errors", () => {
  it("have a gRPC status, an HTTP status and an exit code", () => {
    for (const row of errorTable.values()) {
      expect(row.code).toMatch(/^[A-Z][A-Z_]+$/);
      expect(row.grpc).toBe(grpcStatus[row.grpcName]);
      expect(row.grpc).toBeGreaterThan(0);
      expect(row.http).toBeGreaterThanOrEqual(400);
      expect(row.exitCode).toBeGreaterThan(0);
      expect(row.meaning.endsWith(".")).toBe(true);
    }
  });

  it("answer a command with the DE39 that its fault has", () => {
    const answered = (codes: readonly ErrorCode[]) => codes.map((code) => errorRow(code).de39);
    expect(answered(["CARD_NOT_FOUND", "PAN_INVALID"])).toEqual(["14", "14"]);
    expect(answered(["CARD_NOT_ALLOWED", "UNIMPLEMENTED"])).toEqual(["12", "12"]);
    expect(answered(["INVALID_FIELD", "MISSING_FIELD"])).toEqual(["30", "30"]);
    expect(answered(["PAN_NOT_OWNED", "IDEMPOTENCY_KEY_REUSED"])).toEqual(["57", "94"]);
    expect(answered(["OVERLOADED", "SHARD_MOVED"])).toEqual(["91", "91"]);
    expect(answered(["INTERNAL_ERROR", "REQUEST_IN_PROGRESS"])).toEqual(["96", "96"]);
  });

  it("give every start-up fault an exit code of its own", () => {
    const exits = [...errorTable.values()]
      .filter((row) => row.kind === "start-up")
      .map((row) => row.exitCode);
    expect(new Set(exits).size).toBe(exits.length);
    const general: readonly number[] = Object.values(exitCode);
    for (const exit of exits) expect(general).not.toContain(exit);
  });

  it("never show their cause", () => {
    const error = appError("VAULT_CORRUPT", "the vault is damaged", {
      cause: new Error("inner secret"),
      details: { page: 7 },
    });
    for (const shown of [inspect(error), JSON.stringify(error), String(error)]) {
      expect(shown).not.toContain("inner secret");
    }
    expect(inspect({ error })).not.toContain("inner secret");
    expect((error.cause as Error).message).toBe("inner secret");
    expect([error.kind, error.exitCode, error.retryable]).toEqual(["start-up", 14, false]);
  });

  it("carry a retry delay only where one was given", () => {
    const error = appError("OVERLOADED", "the queue is full", { retryAfterMs: 50 });
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      code: "OVERLOADED",
      kind: "overloaded",
      message: "the queue is full",
      details: {},
      retryAfterMs: 50,
    });
    expect(new AppError("FAILED", "x").toJSON()).not.toHaveProperty("retryAfterMs");
  });

  it("are recognised, by code where one is asked for", () => {
    expect(isAppError(appError("FAILED", "x"))).toBe(true);
    expect(isAppError(appError("FAILED", "x"), "USAGE")).toBe(false);
    expect(isAppError(new Error("x"))).toBe(false);
  });
});

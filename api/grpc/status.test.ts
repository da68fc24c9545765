// Every operating error of the one table becomes a gRPC status that a client turns back into the
// same error, with its details; a fault that nobody foresaw becomes INTERNAL_ERROR without its
// text.
import type { ServiceError } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { appError, errorTable } from "../../platform/mod.ts";
import { errorOfCall } from "./client-channel.ts";
import { InvalidFields, rpcStatusOf, statusName, statusObjectOf, toAppError } from "./status.ts";

function throughTheWire(error: Parameters<typeof statusObjectOf>[0]) {
  return errorOfCall(statusObjectOf(error, "id-1") as unknown as ServiceError);
}

test("each row of the table survives the way to the client", () => {
  for (const [code, row] of errorTable) {
    const options = { details: { limit: "5" }, ...(row.retryable ? { retryAfterMs: 2_500 } : {}) };
    const sent = appError(code, "one sentence", options);
    const seen = throughTheWire(sent);
    expect(seen.code).toBe(code);
    expect(seen.message).toBe("one sentence");
    expect(seen.details).toEqual({ limit: "5" });
    expect(seen.retryAfterMs).toBe(row.retryable ? 2_500 : undefined);
    expect(rpcStatusOf(sent).code).toBe(row.grpc);
  }
});

test("all violations survive, with their fields", () => {
  const violations = [
    { field: "a", code: "MISSING_FIELD", description: "must be given" },
    { field: "requests[3].b", code: "INVALID_FIELD", description: "4 digits" },
  ] as const;
  const seen = throughTheWire(new InvalidFields(violations));
  expect(seen).toBeInstanceOf(InvalidFields);
  expect((seen as InvalidFields).violations).toEqual(violations);
});

test("an unforeseen fault tells nothing of itself", () => {
  const error = toAppError(new Error("secret text"));
  const sent = statusObjectOf(error, "id-1");
  expect(error.code).toBe("INTERNAL_ERROR");
  expect(JSON.stringify(sent)).not.toContain("secret text");
});

test("statuses have their names, also in metrics", () => {
  expect(statusName(0)).toBe("OK");
  expect(statusName(8)).toBe("RESOURCE_EXHAUSTED");
  expect(statusName(99)).toBe("UNKNOWN");
});

test("a status without our details is read by its code", () => {
  const plain = (code: number) => errorOfCall({ code, details: "x" } as unknown as ServiceError);
  expect(plain(14).code).toBe("NOT_REACHABLE");
  expect(plain(4).code).toBe("DEADLINE_EXCEEDED");
  expect(plain(2).code).toBe("INTERNAL_ERROR");
});

// What every decline of a payment has in common, checked in one place.
import { expect } from "vitest";
import type { Rig } from "./test-rig.ts";

/**
 * Judges the message and expects this reason, response code and PTAV result, and nothing of the
 * card.
 */
export function declines(
  rig: Rig,
  message: Buffer,
  code: number,
  de39: string,
  ptavResult: string,
): void {
  const answer = rig.one(message);
  expect([answer.reason, answer.fields["39"]]).toEqual([code, de39]);
  expect(answer.tags["12"]).toBe(ptavResult);
  expect(answer.tags["13"]).toBe(String(code).padStart(4, "0"));
  expect(answer.tags["14"]).toMatch(/^[0-9a-f-]{36}$/);
  // The TPAN as received, never a PAN; the token's data stays with us.
  expect(answer.fields["2"]).toBe(
    message.toString("latin1", 38, 38 + (answer.fields["2"] ?? "").length),
  );
  for (const tag of ["01", "02", "04", "09", "10", "11"]) expect(answer.tags[tag]).toBeUndefined();
}

// Property: the simulator never asks for a second answer to one original, never flags a token by
// its own bad traffic, and never sends one key twice.
import { expect, test } from "vitest";
import { knownTpan, knownTpanExpiry, knownTrid } from "../../../codec/pan/fixtures.ts";
import { createManualClock } from "../../../platform/mod.ts";
import type { SimToken } from "../tokens.ts";
import { SimContext } from "./context.ts";

const token: SimToken = {
  tpan: knownTpan,
  tpanExpiry: knownTpanExpiry,
  trid: knownTrid,
  tokenRef: "",
  state: "ACTIVE",
  acquirerId: "458001",
  merchantId: "M",
  card: null,
};

function context(tokens: readonly SimToken[] = [token]) {
  const clock = createManualClock();
  const random = (bytes: number) => Buffer.alloc(bytes, 1);
  const ptavs = { local: true, get: () => "" };
  return { clock, context: new SimContext({ tokens, ptavs, clock, withMac: false, random }) };
}

test("a token's PTAV check fails at most 15 times a minute", () => {
  const { clock, context: c } = context();
  let failures = 0;
  while (c.tokenToFail() !== null) failures += 1;
  expect(failures).toBe(15);
  clock.advance(60_001);
  expect(c.tokenToFail()).toBe(token);
});

test("originals settle for two seconds, age in a minute, and serve once", () => {
  const { clock, context: c } = context();
  const keep = (stan: number) => {
    const payment = { ...c.payment(token, 100), stan };
    c.keepOriginal(token, { payment, mti: "0100", verificationId: "" }, Buffer.alloc(0));
  };
  keep(1);
  expect(c.takeSettled()).toBeNull();
  clock.advance(2_000);
  keep(2);
  expect(c.takeFresh()?.original.payment.stan).toBe(2);
  expect(c.takeSettled()?.original.payment.stan).toBe(1);
  expect([c.takeFresh(), c.takeSettled()]).toEqual([null, null]);
  keep(3);
  clock.advance(60_001);
  expect(c.takeFresh()).toBeNull();
});

test("agreements stand from the start, or two seconds after they were set up", () => {
  const agreement = { id: "A", mitType: "R" as const };
  const { clock, context: c } = context([{ ...token, agreements: [agreement] }]);
  expect(c.agreement()?.agreement).toBe(agreement);
  const later = { id: "B", mitType: "R" as const };
  c.keepAgreement(token, later);
  expect(c.agreement()).toBeNull();
  clock.advance(2_000);
  expect([c.agreement()?.agreement, c.agreement()?.agreement]).toEqual([agreement, later]);
});

test("STANs go from 1 to 999,999 and RRNs never repeat within their range", () => {
  const { context: c } = context();
  const seen = new Set<string>();
  let previous = c.next().stan;
  for (let i = 0; i < 5_000; i++) {
    const { stan, rrn } = c.next();
    expect(stan).toBe((previous % 999_999) + 1);
    expect(rrn).toMatch(/^\d{12}$/);
    seen.add(rrn);
    previous = stan;
  }
  expect(seen.size).toBe(5_000);
});

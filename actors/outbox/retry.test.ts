// Defends: the pauses of the schedule, and ids that stay the same for ever.
import { describe, expect, it } from "vitest";
import { Breaker } from "./breaker.ts";
import { eventIdOf, placeOf, positionAt } from "./event-id.ts";
import { pauseMs, retryAfterMs } from "./retry.ts";

describe("pauses", () => {
  it("follow the schedule, 20 % either way", () => {
    const middle = [1, 2, 3, 4, 5, 6, 7, 20].map((attempts) => pauseMs(attempts, 0.5) / 1_000);
    expect(middle).toEqual([10, 60, 300, 1_800, 7_200, 21_600, 21_600, 21_600]);
    expect(pauseMs(1, 0)).toBe(8_000);
    expect(pauseMs(1, 0.999_999)).toBe(12_000);
  });

  it("are made longer by the receiver, up to six hours, never shorter", () => {
    expect(pauseMs(1, 0.5, 60_000)).toBe(60_000);
    expect(pauseMs(3, 0.5, 1_000)).toBe(300_000);
    expect(pauseMs(1, 0.5, 10 ** 12)).toBe(6 * 3_600_000);
  });

  it("read both forms of Retry-After", () => {
    const now = Date.parse("2026-01-01T00:00:00Z");
    expect(retryAfterMs("120", now)).toBe(120_000);
    expect(retryAfterMs("Thu, 01 Jan 2026 00:01:00 GMT", now)).toBe(60_000);
    expect(retryAfterMs("Wed, 31 Dec 2025 00:00:00 GMT", now)).toBe(0);
    for (const odd of [undefined, "", "-5", "soon", "9999999999"]) {
      expect(retryAfterMs(odd, now), String(odd)).toBeGreaterThanOrEqual(0);
    }
  });
});

describe("the breaker", () => {
  it("opens after five failures, lets one through later, and waits longer each time", () => {
    const breaker = new Breaker();
    for (let i = 0; i < 5; i++) {
      expect(breaker.admits(0)).toBe(true);
      breaker.failed(0);
    }
    expect(breaker.admits(9_999)).toBe(false);
    expect(breaker.admits(10_000)).toBe(true);
    breaker.started();
    expect(breaker.admits(10_000)).toBe(false);
    breaker.failed(10_000);
    expect(breaker.retryAtMs).toBe(30_000);
    expect(breaker.admits(29_999)).toBe(false);
    breaker.started();
    breaker.succeeded();
    expect(breaker.open).toBe(false);
    expect(breaker.admits(0)).toBe(true);
  });
});

describe("ids of notices", () => {
  it("are UUIDs of version 8, other for another place or subscriber, and a known answer", () => {
    const position = { incarnation: 1, shard: 3, seq: 42, ord: 7 };
    const id = eventIdOf(position, "99900000001");
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(id).toBe("9f551885-3bb4-8e93-ad3a-69a28f9540cc");
    expect(eventIdOf(position, "99900000002")).not.toBe(id);
    for (const other of [{ incarnation: 2 }, { shard: 4 }, { seq: 43 }, { ord: 8 }]) {
      expect(eventIdOf({ ...position, ...other }, "99900000001")).not.toBe(id);
    }
  });

  it("come from a place as from its position", () => {
    expect(positionAt(1, 3, placeOf(42, 7))).toEqual({ incarnation: 1, shard: 3, seq: 42, ord: 7 });
  });
});

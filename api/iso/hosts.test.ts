// Property: the primary is always tried first, every backup once a round, and pauses grow to their
// limit and no further.
import { expect, test } from "vitest";
import { createManualClock } from "../../platform/mod.ts";
import { Dialer, stableMs } from "./dialer.ts";
import { BackOff, type Host, HostList } from "./hosts.ts";

const hosts: Host[] = ["a", "b", "c"].map((host, i) => ({ host, port: i + 1 }));
const full = { firstMs: 100, maxMs: 1_000, random: () => 1 };

test("pauses double up to their limit and begin anew", () => {
  const backOff = new BackOff(full);
  const pauses = Array.from({ length: 6 }, () => backOff.nextMs());
  expect(pauses).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  backOff.reset();
  expect(backOff.nextMs()).toBe(100);
  expect(new BackOff({ ...full, random: () => 0 }).nextMs()).toBe(50);
});

test("a failed host gives way at once, a whole round pauses, a lost session begins anew", () => {
  const list = new HostList(hosts, new BackOff(full));
  const seen: (string | number)[] = [];
  for (let i = 0; i < 4; i++) seen.push(list.current.host, list.failed());
  expect(seen).toEqual(["a", 0, "b", 0, "c", 100, "a", 0]);
  expect([list.current.host, list.onBackup]).toEqual(["b", true]);
  expect(list.lost(true)).toBe(100);
  expect(list.current.host).toBe("a");
  expect(() => new HostList([], new BackOff(full))).toThrow(RangeError);
});

test("a dialer goes through the hosts, and back to the primary after a loss", async () => {
  const clock = createManualClock(0);
  const called: string[] = [];
  let lose: () => void = () => {};
  const up = new Set(["b"]);
  const dialer = new Dialer({
    hosts,
    clock,
    backOff: { firstMs: 1, maxMs: 1, random: () => 0 },
    connect: async ({ host }) => {
      called.push(host);
      if (!up.has(host)) throw new Error("refused");
      return { lost: new Promise((resolve) => (lose = resolve)) };
    },
    onFailed: () => {},
  });
  while (called.length < 2) await new Promise((resolve) => setImmediate(resolve));
  up.add("a");
  clock.advance(stableMs);
  lose();
  while (called.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(called).toEqual(["a", "b", "a"]);
  const stopped = dialer.stop();
  lose();
  await stopped;
  expect(called.length).toBe(3);
});

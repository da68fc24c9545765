// Defends: of two processes that bring the same PTAV at the same moment exactly one gets it, 10,000
// times; what a stopped process, a clock that goes back, another TTL, another boot or a restore
// would revive is refused; a handle that is older than an emptied slot accepts nothing.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { claim } from "../../vault/replay/mod.ts";
import type { ClaimerSettings } from "./claim-protocol.ts";
import { ClaimerProcess } from "./claimer-process.ts";

const bootId = "aaaaaaaaaaaaaaaa";
const startSeconds = 1_767_225_600;

let dir: string;
let clockFile: string;
const claimers: ClaimerProcess[] = [];

function setClock(seconds: number): void {
  writeFileSync(clockFile, String(seconds * 1_000));
}

async function start(changes: Partial<ClaimerSettings> = {}): Promise<ClaimerProcess> {
  const claimer = await ClaimerProcess.start({
    dir,
    bootId,
    ttlSeconds: 900,
    clockFile,
    ...changes,
  });
  claimers.push(claimer);
  return claimer;
}

const ptav = (from: number, time: number, transaction: number) =>
  ({ kind: "ptav", from, time, transaction }) as const;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-rivals-"));
  clockFile = join(dir, "clock");
  setClock(startSeconds);
});
afterEach(async () => {
  await Promise.all(claimers.splice(0).map((claimer) => claimer.kill()));
  rmSync(dir, { recursive: true, force: true });
});

describe("two processes", () => {
  it("that claim the same 10,000 keys get each of them once", async () => {
    const count = 10_000;
    const perRound = 500;
    const a = await start();
    const b = await start();
    // In rounds, so that they meet again and again however busy the machine is.
    for (let from = 0; from < count; from += perRound) {
      const claims = {
        do: "claim",
        kind: "ptav",
        time: startSeconds,
        from,
        count: perRound,
      } as const;
      await Promise.all([
        a.send({ ...claims, batch: 7, transaction: 1 }),
        b.send({ ...claims, batch: 5, transaction: 2 }),
      ]);
    }
    let won = 0;
    for (let key = 0; key < count; key++) {
      const results = [a.results.get(key), b.results.get(key)].sort();
      expect(results, `key ${key}`).toEqual([claim.NEW, claim.USED]);
      if (a.results.get(key) === claim.NEW) won++;
    }
    // Both were there: a test in which one came too late would show nothing.
    expect(won).toBeGreaterThan(0);
    expect(won).toBeLessThan(count);
  });
});

describe("a process that was stopped between its checks and its claim", () => {
  it("is refused what went stale meanwhile", async () => {
    const a = await start();
    const b = await start();
    a.post({ ...ptav(1, startSeconds, 1), do: "claim", count: 1, batch: 1, stopInside: true });
    await a.stopped();
    setClock(startSeconds + 901);
    expect(await b.claim(ptav(9, startSeconds + 901, 2))).toBe(claim.NEW);
    a.signal("SIGCONT");
    await a.done();
    expect(a.results.get(1)).toBe(claim.EXPIRED);
  });

  it("is refused what a rival got meanwhile", async () => {
    const a = await start();
    const b = await start();
    a.post({ ...ptav(1, startSeconds, 1), do: "claim", count: 1, batch: 1, stopInside: true });
    await a.stopped();
    expect(await b.claim(ptav(1, startSeconds, 2))).toBe(claim.NEW);
    a.signal("SIGCONT");
    await a.done();
    expect(a.results.get(1)).toBe(claim.USED);
  });

  it("is refused when its slot was emptied meanwhile and the clock went back", async () => {
    const a = await start();
    const b = await start();
    expect(await b.claim(ptav(1, startSeconds, 2))).toBe(claim.NEW);
    a.post({ ...ptav(1, startSeconds + 10, 1), do: "claim", count: 1, batch: 1, stopInside: true });
    await a.stopped();
    for (let slot = 1; slot <= 3; slot++) {
      setClock(startSeconds + slot * 1_200);
      expect(await b.claim(ptav(slot, startSeconds + slot * 1_200, 2))).toBe(claim.NEW);
    }
    setClock(startSeconds);
    a.signal("SIGCONT");
    await a.done();
    expect(a.results.get(1)).toBe(claim.EXPIRED);
    expect(await a.claim(ptav(1, startSeconds, 1))).toBe(claim.EXPIRED);
    expect(await b.claim(ptav(1, startSeconds, 1))).toBe(claim.EXPIRED);
  });
});

describe("a handle that is older than an emptied slot", () => {
  it("sees what others claim in it since, and accepts nothing of before", async () => {
    const a = await start();
    const b = await start();
    expect(await a.claim(ptav(1, startSeconds, 1))).toBe(claim.NEW);
    const later = startSeconds + 3 * 1_200;
    setClock(later);
    expect(await b.claim(ptav(5, later, 2))).toBe(claim.NEW);
    expect(await a.claim(ptav(5, later, 1))).toBe(claim.USED);
    expect(await a.claim(ptav(6, later, 1))).toBe(claim.NEW);
    expect(await b.claim(ptav(6, later, 2))).toBe(claim.USED);
    setClock(startSeconds);
    expect(await a.claim(ptav(1, startSeconds, 3))).toBe(claim.EXPIRED);
  });
});

describe("a store that begins anew", () => {
  it("after another boot refuses all that was claimed before", async () => {
    const before = await start();
    expect(await before.claim(ptav(1, startSeconds, 1))).toBe(claim.NEW);
    const after = await start({ bootId: "bbbbbbbbbbbbbbbb" });
    expect(await after.claim(ptav(1, startSeconds, 2))).toBe(claim.EXPIRED);
    expect(await after.claim(ptav(2, startSeconds + 5, 2))).toBe(claim.EXPIRED);
    expect(await after.claim(ptav(2, startSeconds + 6, 2))).toBe(claim.NEW);
  });

  it("after a restore refuses all that was claimed before", async () => {
    const before = await start();
    expect(await before.claim({ ...ptav(1, startSeconds, 1), kind: "de7" })).toBe(claim.NEW);
    const after = await start({ incarnation: "f".repeat(32) });
    expect(await after.claim({ ...ptav(1, startSeconds, 2), kind: "de7" })).toBe(claim.EXPIRED);
  });

  it("with another TTL refuses all that was claimed before, and who has the old one", async () => {
    const before = await start();
    expect(await before.claim(ptav(1, startSeconds, 1))).toBe(claim.NEW);
    const after = await start({ ttlSeconds: 3_600 });
    expect(await after.claim(ptav(1, startSeconds, 2))).toBe(claim.EXPIRED);
    expect(await before.claim(ptav(2, startSeconds + 30, 1))).toBe(claim.FAILED);
    expect(await after.claim(ptav(2, startSeconds + 30, 2))).toBe(claim.NEW);
  });
});

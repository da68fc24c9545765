// Defends: where the disk of the replay store is full, claims that cannot be stored are refused,
// what was claimed stays claimed, the process lives, and claims go on as soon as there is room.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { claim } from "../../vault/replay/mod.ts";
import { ClaimerProcess } from "./claimer-process.ts";
import { makeSmallDisk, type SmallDisk } from "./small-disk.ts";

let disk: SmallDisk | undefined;
let claimer: ClaimerProcess | undefined;
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-full-"));
});
afterEach(async () => {
  await claimer?.kill();
  disk?.remove();
  rmSync(dir, { recursive: true, force: true });
});

/** Less than the store would like to reserve ahead, and room for some 60,000 claims. */
const diskKib = 8 * 1_024;

const kinds = ["tmpfs", "file size limit"] as const;

it.each(kinds)("refuses what it cannot store and goes on when there is room: %s", async (kind) => {
  disk = makeSmallDisk(diskKib, kind);
  const settings = { dir, replayDir: disk.dir, bootId: "aaaaaaaaaaaaaaaa", ttlSeconds: 900 };
  claimer = await ClaimerProcess.start(settings);
  disk.limit(claimer.pid);
  const time = Math.floor(Date.now() / 1_000);
  const count = 150_000;
  const command = { do: "claim", kind: "ptav", time, from: 0, count, batch: 256 } as const;
  const full = await claimer.send({ ...command, transaction: 1 });
  expect(full.failures).toBeGreaterThan(0);
  const first = new Map(claimer.results);
  const stored = [...first].filter(([, result]) => result === claim.NEW).map(([key]) => key);
  const refused = [...first].filter(([, result]) => result === claim.FAILED).map(([key]) => key);
  expect(stored.length).toBeGreaterThan(1_000);
  expect(refused.length).toBeGreaterThan(1_000);
  expect(stored.length + refused.length).toBe(count);

  // Still full: what was accepted is known, and nothing new is accepted in its place.
  await claimer.send({ ...command, count: 640, transaction: 2 });
  for (let key = 0; key < 640; key++) {
    expect([claim.USED, claim.FAILED]).toContain(claimer.results.get(key));
  }

  disk.enlarge(claimer.pid);
  await claimer.send({ ...command, transaction: 3 });
  for (const key of stored) expect(claimer.results.get(key), `key ${key}`).toBe(claim.USED);
  for (const key of refused) expect(claimer.results.get(key), `key ${key}`).toBe(claim.NEW);
});

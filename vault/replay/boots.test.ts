// Defends: the store of another boot is never used, and only such a one is ever removed.
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readBootId } from "./boot-id.ts";
import { removeOldBoots } from "./old-boots.ts";
import { bootA, bootB, incarnation, ReplayRig } from "./test-rig.ts";

const rig = new ReplayRig();
afterEach(() => rig.close());

describe("readBootId", () => {
  it("takes the kernel's UUID as letters and digits", () => {
    const id = readBootId(() => "524c936d-23c1-4f59-96ff-e86a77551c99\n");
    expect(id).toBe("524c936d23c14f5996ffe86a77551c99");
  });

  it("is the same for every call of one boot", () => {
    expect(readBootId()).toBe(readBootId());
  });

  it.each([["../../etc"], [""], ["short"], ["a".repeat(65)]])("refuses %j", (text) => {
    expect(() => readBootId(() => text)).toThrow(/boot id/);
  });

  it("says how to help where the machine has none", () => {
    const missing = (): string => {
      throw new Error("ENOENT");
    };
    expect(() => readBootId(missing)).toThrow(/configure/);
  });
});

describe("removeOldBoots", () => {
  it("removes old folders of other boots and nothing else", () => {
    const nowMs = Date.now();
    rig.store();
    const replay = join(rig.dir, "replay");
    const make = (name: string, ageMs: number): void => {
      mkdirSync(join(replay, name), { recursive: true });
      const file = join(replay, name, "data.mdb");
      writeFileSync(file, "");
      const at = (nowMs - ageMs) / 1_000;
      utimesSync(file, at, at);
      utimesSync(join(replay, name), at, at);
    };
    const days = 86_400_000;
    make(`${bootB}-${incarnation}`, 2 * days);
    make(`cccccccccccccccc-${incarnation}`, 3_600_000);
    make(`${bootA}-${"f".repeat(32)}`, 9 * days);
    make("something else", 9 * days);
    const removed = removeOldBoots({ dir: rig.dir, bootId: bootA, nowMs });
    expect(removed).toEqual([`${bootB}-${incarnation}`]);
    expect(readdirSync(replay).sort()).toEqual([
      `${bootA}-${incarnation}`,
      `${bootA}-${"f".repeat(32)}`,
      `cccccccccccccccc-${incarnation}`,
      "something else",
    ]);
  });
});

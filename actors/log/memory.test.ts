// Defends: the log in memory, which other tests and the simulator stand on, keeps the port's
// contract in full, doubt and rivals included.
import { describe, expect, test } from "vitest";
import { logContract } from "./contract.ts";
import { type Fate, MemoryLog, MemoryPlace } from "./memory.ts";

const shards = 4;

logContract(
  "memory",
  async () => {
    const place = new MemoryPlace();
    let always: Fate = "stored";
    let next: Fate | undefined;
    const fate = () => {
      const one = next ?? always;
      next = undefined;
      return one;
    };
    const make = async () => new MemoryLog(shards, place, { fate });
    return {
      open: make,
      reopen: make,
      rival: async () => new MemoryLog(shards, place),
      remake: async () => {
        place.remake();
        return make();
      },
      full: async (on) => {
        always = on ? "full" : "stored";
      },
      loseNext: async (when) => {
        next = when === "before" ? "lost" : "unanswered";
      },
      remove: async () => {},
    };
  },
  { rival: true, full: true, loseNext: true },
);

describe("sins", () => {
  const append = async (log: MemoryLog, expected: number, byte: number) =>
    (await log.stream("evt", 0).append(Buffer.of(byte), expected, () => {})).kind;

  test("a late append is unknown first, then stored or, outrun, dropped", async () => {
    const fates: Fate[] = ["late", "late", "stored", "spurious"];
    const log = new MemoryLog(1, new MemoryPlace(), { fate: () => fates.shift()! });
    const stream = log.stream("evt", 0);
    expect(await append(log, 0, 1)).toBe("unknown");
    await stream.end();
    expect(await stream.read(1)).toEqual(Buffer.of(1));
    const raced = [append(log, 1, 2), append(log, 1, 3)];
    expect(await Promise.all(raced)).toEqual(["unknown", "stored"]);
    await stream.end();
    expect(await stream.read(2)).toEqual(Buffer.of(3));
    expect(await append(log, 2, 4)).toBe("refused");
    expect((await stream.end()).lastSeq).toBe(2);
  });
});

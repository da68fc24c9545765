// Defends: whoever pulls gets every notice once, in pages of any size, and is told where there is a
// gap.
import { describe, expect, it } from "vitest";
import { placeOf } from "./event-id.ts";
import { pull } from "./pull.ts";
import { LogOfNotices } from "./test-world.ts";

function options(log: LogOfNotices, oldest = 0, incarnation = 1) {
  return { source: log, incarnation, shards: 4, oldest: () => oldest };
}

function filled(): LogOfNotices {
  const log = new LogOfNotices();
  for (let i = 0; i < 50; i++) for (const shard of [0, 2, 3]) log.add(shard, i % 5);
  return log;
}

describe("pulling", () => {
  it.each([1, 7, 49, 50, 51, 500])("in pages of %i meets every notice once", async (limit) => {
    const log = filled();
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 1_000; page++) {
      const pulled = await pull(options(log), "shop", cursor, limit);
      expect(pulled.events.length).toBeLessThanOrEqual(limit);
      seen.push(...pulled.events.map((one) => one.eventId));
      cursor = pulled.cursor;
      if (!pulled.more) break;
    }
    expect(seen).toHaveLength(150);
    expect(new Set(seen).size).toBe(150);
    log.add(2, 1);
    const next = await pull(options(log), "shop", cursor, limit);
    expect(next.events.map((one) => one.body.toString())).toEqual(["1:11"]);
    expect(next.gap).toBe(false);
  });

  it("says that there is a gap after another life of the log, and after trimming", async () => {
    const log = filled();
    const { cursor } = await pull(options(log), "shop", undefined, 500);
    expect((await pull(options(log, 0, 2), "shop", cursor, 10)).gap).toBe(true);
    const early = (await pull(options(log), "shop", undefined, 1)).cursor;
    const trimmed = await pull(options(log, placeOf(10, 0)), "shop", early, 500);
    expect(trimmed.gap).toBe(true);
    expect(trimmed.events).toHaveLength(120);
    expect((await pull(options(log, placeOf(10, 0)), "shop", undefined, 500)).gap).toBe(false);
  });

  it.each(["", "AAAA", "*", Buffer.alloc(39, 1).toString("base64url")])(
    "refuses %s as a cursor",
    async (cursor) => {
      await expect(pull(options(filled()), "shop", cursor, 1)).rejects.toMatchObject({
        code: "INVALID_FIELD",
      });
    },
  );
});

// Defends: the next owner of a shard begins where the checkpoint stands, and one that has no room
// for everything makes it tell again, never leave out.
import { expect, it } from "vitest";
import type { WaitingRow } from "./ports.ts";
import { ProgressTable } from "./progress-table.ts";
import { type Checkpoint, type Checkpoints, SharedProgress, shortened } from "./shared-progress.ts";
import { MemoryRows } from "./test-world.ts";

class MemoryCheckpoints implements Checkpoints {
  readonly all = new Map<number, string>();
  broken = false;

  async read(shard: number): Promise<Checkpoint | undefined> {
    const text = this.all.get(shard);
    return text === undefined ? undefined : (JSON.parse(text) as Checkpoint);
  }

  async write(shard: number, checkpoint: Checkpoint): Promise<void> {
    if (this.broken) throw new Error("nobody answers");
    this.all.set(shard, JSON.stringify(checkpoint));
  }
}

function node(checkpoints: Checkpoints, names: readonly string[] = ["shop", "mart"]) {
  const own = new ProgressTable(new MemoryRows(), (work) => work());
  return new SharedProgress({ own, checkpoints, subscribers: () => names });
}

const row = (place: number): WaitingRow => {
  return { place, lane: place % 32, attempts: 1, firstMs: 5, dueMs: 9, gapFrom: 0 };
};
const nothing = { put: [], drop: [], dead: [] };
const letter = { eventId: "e", type: "T", reason: "expired", status: 503, attempts: 9 } as const;

it("goes from owner to owner, and in place of what the next one knew before", async () => {
  const checkpoints = new MemoryCheckpoints();
  const [first, second] = [node(checkpoints), node(checkpoints)];
  await second.save([{ subscriber: "shop", shard: 3, cursor: 4, ...nothing, put: [row(2)] }]);
  await first.take(3);
  const dead = [{ ...letter, place: 1, atMs: 7 }];
  const drop = [2];
  await first.save([{ subscriber: "shop", shard: 3, cursor: 90, put: [row(70)], drop, dead }]);
  await first.save([{ subscriber: "mart", shard: 3, cursor: 80, ...nothing }]);
  await second.take(3);
  expect(second.load("shop", 3)).toEqual({ cursor: 90, waiting: [row(70)] });
  expect(second.dead("shop", 3)).toEqual(dead);
  expect(second.load("mart", 3)).toEqual({ cursor: 80, waiting: [] });
  await second.bury("shop", 3, [1]);
  await second.forget("mart", 3);
  await first.take(3);
  expect(first.dead("shop", 3)).toEqual([]);
  expect((await checkpoints.read(3))?.mart).toBeUndefined();
});

it("keeps what it knows without a checkpoint, and says when none was written", async () => {
  const checkpoints = new MemoryCheckpoints();
  const one = node(checkpoints);
  checkpoints.broken = true;
  const change = { subscriber: "shop", shard: 0, cursor: 5, ...nothing };
  await expect(one.save([change])).rejects.toThrow("nobody answers");
  await one.take(0);
  expect(one.load("shop", 0)?.cursor).toBe(5);
  // The outbox saves the same changes again.
  checkpoints.broken = false;
  await one.save([change]);
  expect((await checkpoints.read(0))?.shop?.cursor).toBe(5);
});

it("goes back to before the rows that find no room", () => {
  const rows = [row(50), row(10), row(30), row(120)];
  expect(shortened(100, rows, 4)).toEqual({
    cursor: 100,
    waiting: [row(10), row(30), row(50), row(120)],
  });
  expect(shortened(100, rows, 2)).toEqual({ cursor: 49, waiting: [row(10), row(30)] });
  expect(shortened(100, rows, 3).cursor).toBe(100);
});

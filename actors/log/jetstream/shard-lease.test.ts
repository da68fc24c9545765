// Defends: a lease names the process that holds it, also where the place that goes with it comes
// from a cursor, which has a nonce of its own. Whoever has a barrier in the log admits commands at
// once, overwrites what stands in the bucket however long nobody answers there, and ends in time.
import { describe, expect, it } from "vitest";
import type { LeaseValue, OwnershipPorts } from "./ownership-port.ts";
import { ownershipTimes } from "./ownership-port.ts";
import { ShardLease } from "./shard-lease.ts";
import { SimTime } from "./test-network.ts";

it("is written in the name of the process, not of whoever wrote the last record", async () => {
  const written: LeaseValue[] = [];
  const time = new SimTime();
  const create = async (_shard: number, value: LeaseValue): Promise<number> => written.push(value);
  const parts = { node: "a", nonce: Buffer.alloc(8, 1), clock: time, timers: time };
  const ports = { ...parts, lease: { create } } as unknown as OwnershipPorts;
  const cursor = { seq: 7, hash: Buffer.alloc(16, 3), nonce: Buffer.alloc(8, 2), epoch: 4 };
  const lease = new ShardLease({ shard: 0, ports, position: () => cursor, lost: () => {} });
  expect(await lease.take()).toBe(true);
  const nonce = "01".repeat(8);
  expect(written).toEqual([{ node: "a", nonce, seq: 7, hash: cursor.hash }]);
});

describe("a lease that is overwritten after a barrier", () => {
  function overwritten(answersAfterMs: number) {
    const time = new SimTime();
    const answersAtMs = time.monotonicMs() + answersAfterMs;
    const written: LeaseValue[] = [];
    const lost: string[] = [];
    const overwrite = async (_shard: number, value: LeaseValue): Promise<number> => {
      if (time.monotonicMs() < answersAtMs) throw new Error("no leader");
      return written.push(value);
    };
    const update = async (_shard: number, value: LeaseValue): Promise<number> =>
      written.push(value);
    const remove = async (): Promise<void> => {};
    const parts = { node: "a", nonce: Buffer.alloc(8, 1), clock: time, timers: time };
    const ports = { ...parts, lease: { overwrite, update, remove } } as unknown as OwnershipPorts;
    const position = () => ({ seq: 7, hash: Buffer.alloc(16, 3) });
    const lease = new ShardLease({ shard: 0, ports, position, lost: (why) => lost.push(why) });
    lease.overwrite(time.monotonicMs());
    return { time, lease, written, lost };
  }

  it("is good at once, and is written when its bucket has a leader again", async () => {
    const { time, lease, written, lost } = overwritten(9_000);
    expect(lease.good).toBe(true);
    await time.pass(8_500);
    expect([lease.good, written.length]).toEqual([true, 0]);
    await time.pass(30_000);
    expect([lease.good, lost]).toEqual([true, []]);
    expect(written.length).toBeGreaterThan(10);
    lease.letGo();
  });

  it("ends where its bucket never answers", async () => {
    const { time, lease, lost } = overwritten(Number.POSITIVE_INFINITY);
    await time.pass(ownershipTimes.admitMs - 100);
    expect(lease.good).toBe(true);
    await time.pass(1_000);
    expect([lease.good, lost]).toEqual([false, ["lease-lapsed"]]);
  });
});

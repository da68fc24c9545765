// Defends: a lease names the process that holds it, also where the place that goes with it comes
// from a cursor, which has a nonce of its own.
import { expect, it } from "vitest";
import type { LeaseValue, OwnershipPorts } from "./ownership-port.ts";
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

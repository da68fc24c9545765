// Defends: a follower that says the log itself is broken parks the shard for that reason at once;
// one that only lost its way is begun again.
import { describe, expect, it } from "vitest";
import { LogBroken, type LogFault } from "../log/log-broken.ts";
import type { LogSink, ShardLog } from "../log/port.ts";
import type { Fold } from "./fold.ts";
import type { ParkError } from "./park.ts";
import { ShardFollow } from "./shard-follow.ts";

/** What became of a shard whose follower ended so, and how often it was begun. */
function following(cause: Error): { parked: ParkError[]; begun: number } {
  const seen = { parked: [] as ParkError[], begun: 0 };
  let again: (() => void) | undefined;
  const sinks: LogSink[] = [];
  const follow = (_from: number, sink: LogSink) => {
    seen.begun++;
    sinks.push(sink);
    return { stop: async () => {} };
  };
  new ShardFollow({
    log: { kind: "evt", shard: 2, follow } as unknown as ShardLog,
    fold: { cursor: () => ({ seq: 9 }) } as unknown as Fold,
    turns: {
      defer: (work) => work(),
      after: (_ms, work) => {
        again = work;
        return () => {};
      },
    },
    applied: () => {},
    alarm: () => {},
    park: (error) => seen.parked.push(error),
  });
  for (let round = 0; round < 5 && seen.parked.length === 0; round++) {
    sinks.at(-1)?.broken(cause);
    again?.();
  }
  return seen;
}

describe("a follower that ends", () => {
  it.each<LogFault>(["log-recreated", "log-behind-projection"])("by %s parks at once", (reason) => {
    const { parked, begun } = following(new LogBroken(reason, "why"));
    expect(begun).toBe(1);
    expect(parked).toMatchObject([{ reason, shard: 2, seq: 9 }]);
  });

  it("by a gap is begun again before it is believed", () => {
    const { parked, begun } = following(new LogBroken("gap", "why"));
    expect(begun).toBeGreaterThan(1);
    expect(parked).toMatchObject([{ reason: "gap" }]);
  });
});

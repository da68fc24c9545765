// Defends: a backlog is worked off in steps that leave room for other work; a step that fails is
// reported and stops nothing; a keeper that was stopped does nothing more.
import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { HistoryKeeper } from "./history-keeper.ts";

function fake(rows: number) {
  const calls: string[] = [];
  let left = rows;
  let blocks = 0;
  const history = {
    fold(rowsMax = 0) {
      if (left < 0) throw new Error("disk full");
      const read = Math.min(left, rowsMax);
      left -= read;
      calls.push(`fold ${read}`);
      return read;
    },
    sweep() {
      calls.push("sweep");
      return 0;
    },
    removeFolded() {
      calls.push("remove");
      return [];
    },
    flushAudit: () => ({ seq: blocks, hash: Buffer.alloc(32) }),
    trimAudit() {
      calls.push("trim");
      return 0;
    },
  };
  const grow = () => {
    blocks++;
  };
  return { history, calls, grow, break: () => (left = -1) };
}

const quiet = { segmentAgeMs: 1, anchor: () => {} };

it("folds a backlog in steps, one a turn", async () => {
  const { history, calls } = fake(2_400);
  const keeper = new HistoryKeeper({ history, ...quiet, onError: () => {} });
  keeper.tick();
  expect(calls).toEqual(["fold 1024"]);
  for (let i = 0; i < 5; i++) await turn();
  expect(calls).toEqual(["fold 1024", "fold 1024", "fold 352"]);
  keeper.stop();
});

it("stops in the middle of a backlog when it is told to", async () => {
  const { history, calls } = fake(10_000);
  const keeper = new HistoryKeeper({ history, ...quiet, onError: () => {} });
  keeper.tick();
  keeper.stop();
  for (let i = 0; i < 5; i++) await turn();
  expect(calls).toEqual(["fold 1024"]);
});

it("sweeps and removes now and then, and reports what fails", () => {
  const { history, calls, break: spoil } = fake(0);
  const errors: unknown[] = [];
  const keeper = new HistoryKeeper({ history, ...quiet, onError: (e) => errors.push(e) });
  for (let i = 0; i < 14_400; i++) keeper.tick();
  expect(calls.filter((call) => call === "sweep")).toHaveLength(360);
  expect(calls.filter((call) => call === "remove")).toHaveLength(1);
  expect(calls.filter((call) => call === "trim")).toHaveLength(1);
  spoil();
  keeper.tick();
  expect(errors).toHaveLength(1);
});

it("notes where the audit chain ends every ten seconds, where it has grown", () => {
  const { history, grow } = fake(0);
  const noted: number[] = [];
  const anchor = ({ seq }: { readonly seq: number }) => noted.push(seq);
  const keeper = new HistoryKeeper({ history, segmentAgeMs: 1, anchor, onError: () => {} });
  for (let i = 0; i < 80; i++) keeper.tick();
  expect(noted).toEqual([]);
  grow();
  for (let i = 0; i < 80; i++) keeper.tick();
  grow();
  for (let i = 0; i < 40; i++) keeper.tick();
  expect(noted).toEqual([1, 2]);
});

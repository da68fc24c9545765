// Bugs that are built in on purpose: each is one that somebody could write, and the simulator has
// to find each of them within the stated number of seeds. Nothing of the product knows of this.
import type { Log, ShardLog } from "../../actors/log/port.ts";
import type { RecordSeal } from "../../actors/log/record.ts";
import { type Cursor, CursorRows } from "../../actors/runtime/cursor.ts";
import { IdemRows } from "../../actors/runtime/idem-rows.ts";
import { LiveActors } from "../../actors/runtime/live-actors.ts";
import type { ParkError } from "../../actors/runtime/park.ts";
import { Shard } from "../../actors/runtime/shard.ts";
import type { World } from "./world.ts";

export interface Bug {
  readonly name: string;
  readonly about: string;
  /** Found in one of so many seeds, with room to spare. */
  readonly seeds: number;
  /** Changes the program; returns how to change it back. */
  readonly plant?: () => () => void;
  /** Changes what a node's log does. */
  readonly log?: (log: Log, world: World, seal: RecordSeal) => Log;
  /** When a life begins. */
  readonly begin?: (world: World, life: { readonly alive: boolean }) => void;
}

/** A log whose appends go through `change`; everything else is as it was. */
function withAppend(
  log: Log,
  change: (
    stream: ShardLog,
    ...args: Parameters<ShardLog["append"]>
  ) => ReturnType<ShardLog["append"]>,
): Log {
  return {
    name: log.name,
    shards: log.shards,
    close: () => log.close(),
    stream: (kind, number) => {
      const stream = log.stream(kind, number);
      return {
        kind,
        shard: number,
        end: () => stream.end(),
        read: (seq) => stream.read(seq),
        append: (...args) => change(stream, ...args),
        follow: (from, sink) => stream.follow(from, sink),
        trim: (seq) => stream.trim(seq),
        adopt: (identity) => stream.adopt(identity),
      };
    },
  };
}

/** Replaces a method for a while. */
function replace<T extends object, K extends keyof T>(target: T, name: K, method: T[K]) {
  const before = target[name];
  target[name] = method;
  return () => {
    target[name] = before;
  };
}

const noFence: Bug = {
  name: "no-fence",
  about: "appends go to wherever the log ends, whatever was expected",
  seeds: 20,
  log: (log) =>
    withAppend(log, async (stream, bytes, _expected, apply) => {
      const { lastSeq } = await stream.end();
      return stream.append(bytes, lastSeq, apply);
    }),
};

const replyBeforeStored: Bug = {
  name: "reply-before-stored",
  about: "an append without an answer counts as stored",
  seeds: 20,
  log: (log) =>
    withAppend(log, async (stream, bytes, expected, apply) => {
      const outcome = await stream.append(bytes, expected, apply);
      if (outcome.kind !== "unknown") return outcome;
      apply(expected + 1);
      return { kind: "stored", seq: expected + 1 };
    }),
};

const noResync: Bug = {
  name: "no-resync",
  about: "an append without an answer counts as not stored",
  seeds: 20,
  log: (log) =>
    withAppend(log, async (stream, ...args) => {
      const outcome = await stream.append(...args);
      return outcome.kind === "unknown" ? { kind: "full", cause: outcome.cause } : outcome;
    }),
};

const regroupedRetry: Bug = {
  name: "regrouped-retry",
  about: "a second attempt carries other bytes than the first",
  seeds: 20,
  log: (log, _world, seal) => {
    const tried = new Map<string, number>();
    return withAppend(log, (stream, bytes, expected, apply) => {
      const place = `${stream.shard} ${expected}`;
      const attempt = tried.get(place) ?? 0;
      tried.set(place, attempt + 1);
      if (attempt === 0) return stream.append(bytes, expected, apply);
      const { head, events } = seal.open(bytes);
      const again = seal.seal({ ...head, atMs: head.atMs + attempt }, events);
      return stream.append(again, expected, apply);
    });
  },
};

const cursorApart: Bug = {
  name: "cursor-apart",
  about: "the cursor is written in a transaction of its own, a moment later",
  seeds: 60,
  plant: () => {
    const { get, put } = CursorRows.prototype;
    // Per process in memory, and on disk only with the next record.
    const newest = new WeakMap<CursorRows, Map<string, Cursor>>();
    const undoPut = replace(
      CursorRows.prototype,
      "put",
      function (this: CursorRows, kind, shard, cursor) {
        const known = newest.get(this) ?? new Map<string, Cursor>();
        newest.set(this, known);
        const before = known.get(`${kind} ${shard}`);
        if (before !== undefined) put.call(this, kind, shard, before);
        known.set(`${kind} ${shard}`, cursor);
      },
    );
    const undoGet = replace(
      CursorRows.prototype,
      "get",
      function (this: CursorRows, kind, shard, meta) {
        return newest.get(this)?.get(`${kind} ${shard}`) ?? get.call(this, kind, shard, meta);
      },
    );
    return () => {
      undoPut();
      undoGet();
    };
  },
};

const keptActors: Bug = {
  name: "kept-actors",
  about: "actors keep what they decided when their group is void",
  seeds: 60,
  plant: () => replace(LiveActors.prototype, "drop", () => {}),
};

const noIdem: Bug = {
  name: "no-idem",
  about: "nobody looks whether a command was accepted before",
  seeds: 20,
  plant: () => replace(IdemRows.prototype, "get", () => undefined),
};

const sharedIdem: Bug = {
  name: "forgetful-idem",
  about: "the fold writes no idem rows",
  seeds: 20,
  plant: () => replace(IdemRows.prototype, "put", () => {}),
};

const skippedPark: Bug = {
  name: "no-barrier",
  about: "a shard is owned without a barrier in the log",
  seeds: 20,
  log: (log) =>
    withAppend(log, async (stream, bytes, expected, apply) => {
      const { lastSeq } = await stream.end();
      // Whoever expects too little is let in all the same, without what it has not seen.
      const outcome = await stream.append(bytes, Math.max(lastSeq, expected), () => {});
      if (outcome.kind === "stored") apply(expected + 1);
      return outcome;
    }),
};

const deafOwner: Bug = {
  name: "deaf-park",
  about: "a shard that should stand goes on",
  seeds: 20,
  // Found only together with a reason to stand: an append that nobody fences.
  log: (log, world, seal) => noFence.log!(log, world, seal),
  plant: () =>
    replace(Shard.prototype, "park", (error: ParkError) => {
      if (error.reason === "fold-error") throw error;
    }),
};

export const bugs: readonly Bug[] = [
  noFence,
  replyBeforeStored,
  noResync,
  regroupedRetry,
  cursorApart,
  keptActors,
  noIdem,
  sharedIdem,
  skippedPark,
  deafOwner,
];

export function bugNamed(name: string | undefined): Bug | undefined {
  return bugs.find((bug) => bug.name === name);
}

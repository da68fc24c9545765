// What every adapter of the log must do, as one suite of tests: `logContract(name, rig)` is called
// by a test file of each adapter. Bodies here are arbitrary bytes; an adapter does not look inside.
import { createHash, randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Follower, Log, LogSink, ShardLog, StoredRecord, StreamKind } from "./port.ts";

/** One place where a log is kept, empty when it is made. At least four shards. */
export interface LogRig {
  /** The log, opened for the first time. */
  open(): Promise<Log>;
  /** Opens what is stored once more, as the next process would after the last one has closed. */
  reopen(): Promise<Log>;
  /** Throws all streams away and makes new ones under the same names; opened. */
  remake(): Promise<Log>;
  remove(): Promise<void>;
  /** A second writer beside the first; absent where the adapter lets only one process in. */
  readonly rival?: () => Promise<Log>;
  /** From now on there is no room for appends, until `on` is false. */
  readonly full?: (on: boolean) => Promise<void>;
  /** The answer to the next append is lost: after it was stored, or before it got anywhere. */
  readonly loseNext?: (when: "before" | "after") => Promise<void>;
}

/** What a rig can do to its log; each adds tests, so an adapter states what it leaves out. */
export interface RigAbilities {
  readonly rival: boolean;
  readonly full: boolean;
  readonly loseNext: boolean;
}

interface Bench {
  rig: LogRig;
  log: Log;
  readonly opened: Log[];
  readonly followers: Follower[];
}

const nothing = () => {};

export function logContract(
  name: string,
  makeRig: () => Promise<LogRig>,
  abilities: RigAbilities,
): void {
  const bench: Bench = { opened: [], followers: [] } as unknown as Bench;
  beforeEach(async () => {
    bench.rig = await makeRig();
    bench.log = await bench.rig.open();
    bench.opened.push(bench.log);
  });
  afterEach(async () => {
    for (const follower of bench.followers.splice(0)) await follower.stop();
    for (const log of bench.opened.splice(0)) await log.close();
    await bench.rig.remove();
  });
  describe(`${name}: appends`, () => appendTests(bench));
  describe(`${name}: applying`, () => applyTests(bench));
  describe(`${name}: reading`, () => readTests(bench));
  describe(`${name}: following`, () => followTests(bench));
  describe(`${name}: trimming and identity`, () => keepTests(bench));
  describe(`${name}: doubt`, () => doubtTests(bench, abilities));
}

function body(n: number, bytes = 100): Buffer {
  const seed = createHash("sha256").update(`body ${n}`).digest();
  return Buffer.alloc(bytes, seed);
}

/** Appends and expects it to be stored; returns its sequence. */
async function store(stream: ShardLog, n: number): Promise<number> {
  const { lastSeq } = await stream.end();
  const outcome = await stream.append(body(n), lastSeq, nothing);
  expect(outcome).toEqual({ kind: "stored", seq: lastSeq + 1 });
  return lastSeq + 1;
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1_000; tries++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`waited in vain: ${what}`);
}

function appendTests(bench: Bench): void {
  test("a new stream is empty and its first record has sequence 1", async () => {
    const stream = bench.log.stream("evt", 0);
    expect(await stream.end()).toMatchObject({ firstSeq: 1, lastSeq: 0 });
    expect(await stream.read(1)).toBeUndefined();
    expect(await store(stream, 1)).toBe(1);
    expect(await stream.end()).toMatchObject({ firstSeq: 1, lastSeq: 1 });
  });

  test("sequences are contiguous, over re-opening too", async () => {
    const stream = bench.log.stream("evt", 1);
    for (let n = 1; n <= 20; n++) expect(await store(stream, n)).toBe(n);
    await bench.opened.pop()!.close();
    bench.opened.push(await bench.rig.reopen());
    const again = bench.opened[0]!.stream("evt", 1);
    for (let n = 21; n <= 40; n++) expect(await store(again, n)).toBe(n);
    for (let n = 1; n <= 40; n++) expect((await again.read(n))?.equals(body(n))).toBe(true);
  });

  test("an append that expects another end is refused and leaves no trace", async () => {
    const stream = bench.log.stream("evt", 0);
    for (let n = 1; n <= 3; n++) await store(stream, n);
    let applied = 0;
    for (const expected of [0, 2, 4, 1_000]) {
      const outcome = await stream.append(body(9), expected, () => applied++);
      expect(outcome.kind, `expected ${expected}`).toBe("refused");
      if (outcome.kind === "refused") expect([3, undefined]).toContain(outcome.lastSeq);
    }
    expect(applied).toBe(0);
    expect(await stream.end()).toMatchObject({ lastSeq: 3 });
    expect(await store(stream, 4)).toBe(4);
  });

  test("streams do not know each other: all shards and both kinds append at once", async () => {
    const streams = (["evt", "pay"] as StreamKind[]).flatMap((kind) =>
      [0, 1, 2, 3].map((shard) => bench.log.stream(kind, shard)),
    );
    for (let n = 1; n <= 5; n++) {
      const outcomes = await Promise.all(
        streams.map((stream, i) => stream.append(body(100 * i + n), n - 1, nothing)),
      );
      expect(outcomes).toEqual(streams.map(() => ({ kind: "stored", seq: n })));
    }
    for (const [i, stream] of streams.entries()) {
      expect((await stream.read(5))?.equals(body(100 * i + 5))).toBe(true);
    }
  });

  test("records of any size up to 512 KiB come back byte for byte", async () => {
    const stream = bench.log.stream("evt", 0);
    const sizes = [75, 76, 4_095, 4_096, 65_536, 512 * 1024];
    const bodies = sizes.map((bytes) => randomBytes(bytes));
    for (const [i, bytes] of bodies.entries()) {
      expect(await stream.append(bytes, i, nothing)).toEqual({ kind: "stored", seq: i + 1 });
    }
    for (const [i, bytes] of bodies.entries()) {
      expect((await stream.read(i + 1))?.equals(bytes)).toBe(true);
    }
  });
}

function applyTests(bench: Bench): void {
  test("apply runs once for what is stored, with its sequence, before the answer", async () => {
    const stream = bench.log.stream("evt", 2);
    const seen: number[] = [];
    for (let n = 1; n <= 10; n++) {
      const outcome = await stream.append(body(n), n - 1, (seq) => seen.push(seq));
      expect(outcome).toEqual({ kind: "stored", seq: n });
      expect(seen).toEqual(Array.from({ length: n }, (_, i) => i + 1));
    }
  });

  test("an apply that throws rejects the append; the log's end then says what is so", async () => {
    const stream = bench.log.stream("evt", 0);
    await store(stream, 1);
    const fault = new Error("the fold failed");
    const append = stream.append(body(2), 1, () => {
      throw fault;
    });
    await expect(append).rejects.toThrow("the fold failed");
    const { lastSeq } = await stream.end();
    expect([1, 2]).toContain(lastSeq);
    if (lastSeq === 2) expect((await stream.read(2))?.equals(body(2))).toBe(true);
    else expect(await stream.read(2)).toBeUndefined();
    await store(stream, 3);
  });

  test("one throwing apply leaves the appends of the other shards whole", async () => {
    const good = [0, 1, 3].map((shard) => bench.log.stream("evt", shard));
    const seen = new Map<number, number>();
    const count = (shard: number) => seen.set(shard, (seen.get(shard) ?? 0) + 1);
    const bad = bench.log.stream("evt", 2).append(body(1), 0, () => {
      throw new Error("the fold failed");
    });
    const all = good.map((stream) => stream.append(body(1), 0, () => count(stream.shard)));
    await expect(bad).rejects.toThrow("the fold failed");
    expect((await Promise.all(all)).map((outcome) => outcome.kind)).toEqual(
      good.map(() => "stored"),
    );
    for (const shard of [0, 1, 3]) expect(seen.has(shard)).toBe(true);
  });
}

function readTests(bench: Bench): void {
  test("reads what is there, and undefined before, behind and far beyond it", async () => {
    const stream = bench.log.stream("pay", 3);
    for (let n = 1; n <= 3; n++) await store(stream, n);
    expect(await stream.read(0)).toBeUndefined();
    expect((await stream.read(2))?.equals(body(2))).toBe(true);
    expect(await stream.read(4)).toBeUndefined();
    expect(await stream.read(1_000_000)).toBeUndefined();
  });

  test("what a reader does with its copy does not reach the log", async () => {
    const stream = bench.log.stream("evt", 0);
    await store(stream, 1);
    (await stream.read(1))!.fill(0);
    expect((await stream.read(1))?.equals(body(1))).toBe(true);
  });

  test("a shard or a stream that the log does not have is an error", () => {
    expect(() => bench.log.stream("evt", bench.log.shards)).toThrow();
    expect(() => bench.log.stream("evt", -1)).toThrow();
  });
}

interface Seen extends LogSink {
  readonly all: StoredRecord[];
  readonly faults: Error[];
}

function listen(bench: Bench, stream: ShardLog, from: number): Seen {
  const seen: Seen = {
    all: [],
    faults: [],
    records: (records) => seen.all.push(...records),
    broken: (cause) => seen.faults.push(cause),
  };
  bench.followers.push(stream.follow(from, seen));
  return seen;
}

function followTests(bench: Bench): void {
  test("hands over what is stored and what comes, in order, without a gap", async () => {
    const stream = bench.log.stream("evt", 1);
    for (let n = 1; n <= 30; n++) await store(stream, n);
    const seen = listen(bench, stream, 1);
    const late = listen(bench, stream, 25);
    for (let n = 31; n <= 60; n++) await store(stream, n);
    await until("60 records", () => seen.all.length >= 60 && late.all.length >= 36);
    expect(seen.all.map((record) => record.seq)).toEqual(
      Array.from({ length: 60 }, (_, i) => i + 1),
    );
    expect(late.all.map((record) => record.seq)).toEqual(
      Array.from({ length: 36 }, (_, i) => i + 25),
    );
    for (const { seq, bytes } of seen.all) expect(bytes.equals(body(seq)), `${seq}`).toBe(true);
    expect([...seen.faults, ...late.faults]).toEqual([]);
  });

  test("begins at the end of an empty stream and waits there", async () => {
    const stream = bench.log.stream("evt", 2);
    const seen = listen(bench, stream, 1);
    await store(stream, 1);
    await until("the first record", () => seen.all.length === 1);
    expect(seen.all[0]!.seq).toBe(1);
  });

  test("says nothing more once it is stopped", async () => {
    const stream = bench.log.stream("evt", 0);
    const seen = listen(bench, stream, 1);
    await store(stream, 1);
    await until("the first record", () => seen.all.length === 1);
    await bench.followers.pop()!.stop();
    const other = listen(bench, stream, 1);
    await store(stream, 2);
    await until("the other follower", () => other.all.length === 2);
    expect(seen.all).toHaveLength(1);
  });

  test("a sink that throws ends its own follower and says why, not the others'", async () => {
    const stream = bench.log.stream("evt", 0);
    const faults: Error[] = [];
    const sink: LogSink = {
      records: () => {
        throw new Error("the sink failed");
      },
      broken: (cause) => faults.push(cause),
    };
    bench.followers.push(stream.follow(1, sink));
    const seen = listen(bench, stream, 1);
    for (let n = 1; n <= 3; n++) await store(stream, n);
    await until("three records", () => seen.all.length === 3);
    await until("the fault", () => faults.length > 0);
    expect(faults.map((fault) => fault.message)).toEqual(["the sink failed"]);
  });

  test("breaks where the start was trimmed away, and where it lies beyond the end", async () => {
    const stream = bench.log.stream("evt", 3);
    for (let n = 1; n <= 5; n++) await store(stream, n);
    await stream.trim(4);
    const trimmed = listen(bench, stream, 2);
    const beyond = listen(bench, stream, 7);
    await until("both faults", () => trimmed.faults.length > 0 && beyond.faults.length > 0);
    expect([...trimmed.all, ...beyond.all]).toEqual([]);
  });
}

function keepTests(bench: Bench): void {
  test("trimming forgets what is older, keeps the rest, and moves no number", async () => {
    const stream = bench.log.stream("evt", 0);
    const other = bench.log.stream("pay", 0);
    for (let n = 1; n <= 6; n++) await store(stream, n);
    await store(other, 1);
    await stream.trim(4);
    expect(await stream.end()).toMatchObject({ firstSeq: 4, lastSeq: 6 });
    expect(await stream.read(3)).toBeUndefined();
    expect((await stream.read(4))?.equals(body(4))).toBe(true);
    expect(await other.end()).toMatchObject({ firstSeq: 1, lastSeq: 1 });
    await stream.trim(2);
    expect(await stream.end()).toMatchObject({ firstSeq: 4, lastSeq: 6 });
    expect(await store(stream, 7)).toBe(7);
    const seen = listen(bench, stream, 4);
    await until("four records", () => seen.all.length === 4);
  });

  test("a stream that was trimmed empty goes on counting, over re-opening too", async () => {
    const stream = bench.log.stream("evt", 0);
    for (let n = 1; n <= 3; n++) await store(stream, n);
    await stream.trim(4);
    expect(await stream.end()).toMatchObject({ firstSeq: 4, lastSeq: 3 });
    await bench.opened.pop()!.close();
    bench.opened.push(await bench.rig.reopen());
    const again = bench.opened[0]!.stream("evt", 0);
    expect(await again.end()).toMatchObject({ firstSeq: 4, lastSeq: 3 });
    expect((await again.append(body(9), 0, nothing)).kind).toBe("refused");
    expect(await store(again, 4)).toBe(4);
  });

  test("identity stays over appends and re-opening and is another one in new streams", async () => {
    const stream = bench.log.stream("evt", 1);
    const { identity } = await stream.end();
    expect(identity.length).toBeGreaterThan(0);
    await store(stream, 1);
    await bench.opened.pop()!.close();
    bench.opened.push(await bench.rig.reopen());
    expect((await bench.opened[0]!.stream("evt", 1).end()).identity).toBe(identity);
    await bench.opened.pop()!.close();
    bench.opened.push(await bench.rig.remake());
    const made = await bench.opened[0]!.stream("evt", 1).end();
    expect(made.identity).not.toBe(identity);
    expect(made).toMatchObject({ firstSeq: 1, lastSeq: 0 });
  });
}

function doubtTests(bench: Bench, abilities: RigAbilities): void {
  test("the rig can do what its adapter's tests state", () => {
    const { rival, full, loseNext } = bench.rig;
    expect({ rival: !!rival, full: !!full, loseNext: !!loseNext }).toEqual(abilities);
  });

  if (abilities.rival) {
    test("of two writers with one expectation exactly one is stored", async () => {
      const mine = bench.log.stream("evt", 0);
      const rival = await bench.rig.rival!();
      bench.opened.push(rival);
      const theirs = rival.stream("evt", 0);
      for (let seq = 1; seq <= 20; seq++) {
        const both = [mine.append(body(seq), seq - 1, nothing)];
        both.push(theirs.append(body(1_000 + seq), seq - 1, nothing));
        const kinds = (await Promise.all(both)).map((outcome) => outcome.kind);
        expect(kinds.sort()).toEqual(["refused", "stored"]);
        expect((await mine.end()).lastSeq).toBe(seq);
      }
    });
  }

  if (abilities.full) {
    test("without room an append is `full`, stores nothing, and goes on later", async () => {
      const stream = bench.log.stream("evt", 0);
      await store(stream, 1);
      await bench.rig.full!(true);
      let applied = 0;
      const outcome = await stream.append(randomBytes(512 * 1024), 1, () => applied++);
      expect(outcome.kind).toBe("full");
      expect(await stream.end()).toMatchObject({ lastSeq: 1 });
      await bench.rig.full!(false);
      expect(await stream.append(body(2), 1, () => applied++)).toEqual({ kind: "stored", seq: 2 });
      expect((await stream.read(2))?.equals(body(2))).toBe(true);
    });
  }

  if (abilities.loseNext) {
    test("a lost answer is `unknown`; the log then says whether it was stored", async () => {
      const stream = bench.log.stream("evt", 0);
      let applied = 0;
      await bench.rig.loseNext!("after");
      expect((await stream.append(body(1), 0, () => applied++)).kind).toBe("unknown");
      expect(applied).toBe(0);
      expect((await stream.read(1))?.equals(body(1))).toBe(true);
      await bench.rig.loseNext!("before");
      expect((await stream.append(body(2), 1, () => applied++)).kind).toBe("unknown");
      expect(applied).toBe(0);
      expect(await stream.read(2)).toBeUndefined();
      expect((await stream.append(body(2), 1, () => applied++)).kind).toBe("stored");
      expect(applied).toBe(1);
    });
  }
}

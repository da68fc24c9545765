// Defends: of two nodes on one log one decides at a time, and whoever was replaced is fenced at the
// log; followers become equal to the owner; what does not belong into a shard parks it where it
// stands, with a reason; a record under an unknown key waits and does not park.
import { describe, expect, test } from "vitest";
import { KeyRing } from "../../crypto/mod.ts";
import { createManualClock } from "../../platform/mod.ts";
import { type Fate, MemoryLog, MemoryPlace } from "../log/memory.ts";
import { type HeadFields, type LogEvent, RecordSeal } from "../log/record.ts";
import { MemoryStore } from "../store/memory.ts";
import { epochOpened, framePayload, noCommand } from "./event-frame.ts";
import { TailRows } from "./tail-rows.ts";
import { envelope, gist, logRing, makeNode, type Node, settle } from "./test-rig.ts";

const shards = 2;

function cluster() {
  const place = new MemoryPlace();
  const clock = createManualClock();
  const stores: MemoryStore[] = [];
  const node = (name: string, fate: () => Fate = () => "stored", more = {}): Node => {
    const store = new MemoryStore();
    stores.push(store);
    const log = () => new MemoryLog(shards, place, { fate });
    const made = makeNode({ log, shards, node: name, clock, ...more }, store);
    for (const shard of made.runtime.shards) shard.follow();
    return made;
  };
  return { place, clock, stores, node };
}

const deposit = (n: number, key?: string) =>
  envelope(0, n, { do: "deposit", amount: 1 }, key === undefined ? {} : { key });

/** Appends a record that nobody's runtime made. */
async function inject(
  { runtime, seal }: Node,
  place: MemoryPlace,
  events: readonly LogEvent[],
  change: Partial<HeadFields> = {},
): Promise<void> {
  const log = new MemoryLog(shards, place).stream("evt", 0);
  const { cursor } = runtime.shards[0]!;
  const { incarnation, epoch, nonce, hash: prev, atMs, horizonPtav, horizonDe7, seq } = cursor;
  const head = { shard: 0, incarnation, epoch, nonce, prev, atMs, horizonPtav, horizonDe7 };
  const bytes = seal.seal({ ...head, ...change }, events);
  expect((await log.append(bytes, seq, () => {})).kind).toBe("stored");
}

describe("two nodes", () => {
  test("hand a shard over, and the new owner knows every command", async () => {
    const { node, stores } = cluster();
    const first = node("a");
    const second = node("b");
    expect(await first.runtime.shards[0]!.acquire()).toBe(true);
    expect(gist(await first.runtime.submit(deposit(1, "x")))).toBe('{"balance":1,"changes":1}');
    expect(gist(await second.runtime.submit(deposit(1, "x")))).toBe("SHARD_MOVED");
    await first.runtime.shards[0]!.drain("b");
    expect(await second.runtime.shards[0]!.acquire()).toBe(true);
    expect(gist(await second.runtime.submit(deposit(1, "x")))).toContain("again");
    expect(gist(await second.runtime.submit(deposit(1)))).toBe('{"balance":2,"changes":2}');
    await settle();
    const [one, other] = stores.map((store) => store.dump(["accounts", "idem", "timer"]));
    expect(one).toBe(other);
    const digests = [first, second].map(({ runtime }) => runtime.shards[0]!.cursor.digest);
    expect(digests[0]).toEqual(digests[1]);
    expect(digests[0]!.equals(Buffer.alloc(16))).toBe(false);
  });

  test("take over from one that does not know: it is fenced and its group is void", async () => {
    const { node } = cluster();
    let fate: Fate = "stored";
    const first = node("a", () => fate);
    await first.runtime.shards[0]!.acquire();
    await first.runtime.shards[0]!.unfollow();
    fate = "lost";
    const replies: string[] = [];
    void first.runtime.submit(deposit(1, "x")).then((reply) => replies.push(gist(reply)));
    void settle().then(() =>
      first.runtime.submit(deposit(1, "y")).then((reply) => replies.push(gist(reply))),
    );
    await settle(30);
    const second = node("b");
    await settle();
    expect(await second.runtime.shards[0]!.acquire()).toBe(true);
    fate = "stored";
    await first.pass(2_000);
    expect(replies).toEqual(["SHARD_MOVED", "SHARD_MOVED"]);
    expect(first.runtime.shards[0]!.state).toBe("FOLLOW");
    expect(gist(await second.runtime.submit(deposit(1, "x")))).toBe('{"balance":1,"changes":1}');
  });

  test("take over from one that does not know: it does not refuse out of the past", async () => {
    const { node } = cluster();
    const first = node("a");
    await first.runtime.shards[0]!.acquire();
    await first.runtime.shards[0]!.unfollow();
    const second = node("b");
    await settle();
    expect(await second.runtime.shards[0]!.acquire()).toBe(true);
    expect(gist(await second.runtime.submit(deposit(1)))).toBe('{"balance":1,"changes":1}');
    const withdraw = envelope(0, 1, { do: "withdraw", amount: 1 });
    expect(gist(await first.runtime.submit(withdraw))).toBe("SHARD_MOVED");
    expect(first.runtime.shards[0]!.state).toBe("FOLLOW");
    expect(gist(await second.runtime.submit(withdraw))).toBe('{"balance":0,"changes":2}');
    const more = envelope(0, 1, { do: "withdraw", amount: 1 });
    expect(gist(await second.runtime.submit(more))).toBe("TOKEN_STATE_CONFLICT");
  });

  test("whose log does not tell its end refuse nothing, and own the shard on", async () => {
    const { place, clock } = cluster();
    let silent = false;
    const made = makeNode({
      shards,
      clock,
      log: () => {
        const log = new MemoryLog(shards, place);
        const stream = log.stream.bind(log);
        return Object.assign(log, {
          stream: (...args: Parameters<typeof stream>) => {
            const found = stream(...args);
            const end = found.end.bind(found);
            const told = () => (silent ? Promise.reject(new Error("no answer")) : end());
            return Object.assign(found, { end: told });
          },
        });
      },
    });
    await made.runtime.shards[0]!.acquire();
    const withdraw = envelope(0, 1, { do: "withdraw", amount: 1 });
    silent = true;
    expect(gist(await made.runtime.submit(withdraw))).toBe("SERVICE_UNAVAILABLE");
    expect(made.alarms).toHaveLength(1);
    silent = false;
    expect(gist(await made.runtime.submit(withdraw))).toBe("TOKEN_STATE_CONFLICT");
  });

  test("what was stored before the other's barrier counts, though unanswered", async () => {
    const { node } = cluster();
    let fate: Fate = "stored";
    const first = node("a", () => fate);
    await first.runtime.shards[0]!.acquire();
    fate = "unanswered";
    let reply = "";
    void first.runtime.submit(deposit(1, "x")).then((one) => {
      reply = gist(one);
    });
    await settle();
    const second = node("b");
    await settle();
    expect(await second.runtime.shards[0]!.acquire()).toBe(true);
    await settle();
    expect(first.runtime.shards[0]!.state).toBe("FOLLOW");
    await first.pass(1_000);
    expect(reply).toBe('{"balance":1,"changes":1}');
    expect(gist(await second.runtime.submit(deposit(1, "x")))).toContain("again");
  });

  test("that want one shard at once: one gets it, epochs rise", async () => {
    const { node } = cluster();
    const nodes = ["a", "b", "c"].map((name) => node(name));
    for (let round = 1; round <= 5; round++) {
      const got = await Promise.all(
        nodes.map(async ({ runtime, pass }) => {
          const acquired = runtime.shards[0]!.acquire();
          await pass(600);
          return acquired;
        }),
      );
      await settle(30);
      const owners = nodes.filter(({ runtime }) => runtime.shards[0]!.state === "OWN");
      expect(owners.length, `${got}`).toBeLessThanOrEqual(1);
      for (const { runtime } of owners) await runtime.shards[0]!.drain();
      await settle();
    }
    expect(nodes[0]!.runtime.shards[0]!.cursor.epoch).toBeGreaterThanOrEqual(5);
    expect(nodes.flatMap(({ states }) => states).filter((s) => s.includes("PARKED"))).toEqual([]);
  });

  test("without admission nothing is decided", async () => {
    const { node } = cluster();
    let admitted = true;
    const one = node("a", () => "stored", { admit: () => admitted });
    await one.runtime.shards[0]!.acquire();
    admitted = false;
    expect(gist(await one.runtime.submit(deposit(1)))).toBe("SHARD_MOVED");
    admitted = true;
    expect((await one.runtime.submit(deposit(1))).ok).toBe(true);
  });
});

describe("a shard parks", () => {
  const unknown = (critical: boolean): LogEvent => {
    const payload = framePayload(Buffer.alloc(16), Buffer.of(1));
    return { type: 999, version: 1, critical, commandId: noCommand, payload };
  };

  async function owned() {
    const { node, place } = cluster();
    const one = node("a");
    await one.runtime.shards[0]!.acquire();
    const other = node("b");
    await settle();
    return { one, other, place };
  }
  const parkedOf = ({ runtime }: Node) => {
    const { parked } = runtime.shards[0]!;
    return parked && `${parked.reason} at ${parked.seq}`;
  };

  test.each<[string, LogEvent[], Partial<HeadFields>]>([
    ["unknown-event", [unknown(true)], {}],
    ["alien-append", [unknown(false)], { nonce: Buffer.alloc(8, 9) }],
    ["alien-append", [unknown(false)], { epoch: 9 }],
    ["epoch-regression", [unknown(false)], { epoch: 0 }],
    ["epoch-regression", [epochOpened("x")], { epoch: 1 }],
    ["chain-mismatch", [unknown(false)], { prev: Buffer.alloc(16, 9) }],
    ["chain-mismatch", [unknown(false)], { shard: 1 }],
    ["chain-mismatch", [unknown(false)], { atMs: 1 }],
    ["incarnation-changed", [unknown(false)], { incarnation: 2 }],
  ])("%s", async (reason, events, change) => {
    const { one, other, place } = await owned();
    await inject(other, place, events, change);
    await settle();
    expect(parkedOf(other)).toBe(`${reason} at 2`);
    expect(other.runtime.shards[0]!.cursor.seq).toBe(1);
    expect(parkedOf(one)).toBe(`${reason} at 2`);
    expect(gist(await one.runtime.submit(deposit(1)))).toBe("SHARD_PARKED");
    expect(await one.runtime.shards[1]!.acquire()).toBe(true);
  });

  test("fold-error: what cannot be applied stops owner and follower alike", async () => {
    const { one, other } = await owned();
    const broken = envelope(0, 1, { do: "break" });
    expect(gist(await one.runtime.submit(broken))).toBe("OUTCOME_UNKNOWN");
    await settle();
    expect([parkedOf(one), parkedOf(other)]).toEqual(Array(2).fill("fold-error at 2"));
  });

  test("damaged-record: bytes that do not open", async () => {
    const { other, place } = await owned();
    const { cursor } = other.runtime.shards[0]!;
    const { incarnation, epoch, nonce, hash: prev, atMs } = cursor;
    const head = { shard: 0, incarnation, epoch, nonce, prev, atMs, horizonPtav: 0, horizonDe7: 0 };
    const bytes = other.seal.seal(head, [unknown(false)]);
    bytes[bytes.length - 1]! ^= 1;
    await new MemoryLog(shards, place).stream("evt", 0).append(bytes, 1, () => {});
    await settle();
    expect(parkedOf(other)).toBe("damaged-record at 2");
  });

  test("log-behind-projection: the log ends before what the vault has seen", async () => {
    const { node } = cluster();
    const one = node("a");
    await one.runtime.shards[0]!.acquire();
    await one.runtime.submit(deposit(1));
    const store = one.store;
    const log = () => new MemoryLog(shards, new MemoryPlace());
    const again = makeNode({ log, shards, node: "a" }, store);
    expect(await again.runtime.shards[0]!.acquire()).toBe(false);
    expect(parkedOf(again)).toBe("log-behind-projection at 2");
  });

  test("an event that may be skipped is, by followers and at the owner", async () => {
    const { other, place } = await owned();
    await inject(other, place, [unknown(false)]);
    await settle();
    expect(other.runtime.shards[0]!.cursor.seq).toBe(2);
    expect(parkedOf(other)).toBeUndefined();
  });

  test("and goes on after an operator has looked", async () => {
    const { other, place } = await owned();
    await inject(other, place, [unknown(true)]);
    await settle();
    const shard = other.runtime.shards[0]!;
    shard.unpark();
    shard.follow();
    await settle();
    expect(parkedOf(other)).toBe("unknown-event at 2");
  });
});

describe("keys", () => {
  test("a record under a key that is not here yet waits, with an alarm", async () => {
    const { node } = cluster();
    const newer = new RecordSeal(
      logRing([
        [1, "VERIFY_ONLY"],
        [2, "ACTIVE"],
      ]),
    );
    const older = new RecordSeal(logRing());
    const one = node("a", () => "stored", { seal: newer });
    const other = node("b", () => "stored", { seal: older });
    await one.runtime.shards[0]!.acquire();
    await one.runtime.submit(deposit(1));
    await other.pass(5_000);
    expect(other.runtime.shards[0]!.cursor.seq).toBe(0);
    expect(other.runtime.shards[0]!.state).toBe("FOLLOW");
    expect(other.alarms.length).toBeGreaterThan(2);
    older.useKeys(
      logRing([
        [1, "ACTIVE"],
        [2, "PRE_ACTIVE"],
      ]),
    );
    await other.pass(2_000);
    expect(other.runtime.shards[0]!.cursor.seq).toBe(2);
    expect(() => new RecordSeal(new KeyRing([]))).toThrow("no active key");
  });
});

describe("the tail", () => {
  test("keeps the newest records, by age and by size", () => {
    const clock = createManualClock();
    const store = new MemoryStore();
    const tail = new TailRows(store, 2_000);
    const seal = new RecordSeal(logRing());
    const put = (seq: number) =>
      store.write(() => {
        const head = { shard: 1, incarnation: 1, epoch: 1, nonce: Buffer.alloc(8) };
        const rest = { prev: Buffer.alloc(16), atMs: clock.nowMs(), horizonPtav: 0, horizonDe7: 0 };
        const bytes = seal.seal({ ...head, ...rest }, [ofSize(400)]);
        tail.put("evt", 1, seq, bytes, clock.nowMs());
      });
    for (let seq = 1; seq <= 20; seq++) put(seq);
    expect(tail.from("evt", 1, 0, 99).map((record) => record.seq)).toEqual([17, 18, 19, 20]);
    expect(tail.bytes("evt", 1)).toBe(2_000);
    clock.advance(25 * 3_600_000);
    put(21);
    expect(tail.from("evt", 1, 0, 99).map((record) => record.seq)).toEqual([21]);
  });

  function ofSize(bytes: number): LogEvent {
    const payload = Buffer.alloc(bytes);
    return { type: 999, version: 1, critical: false, commandId: noCommand, payload };
  }
});

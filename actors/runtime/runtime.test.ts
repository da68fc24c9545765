// Defends: a command is answered once it is durable and applied; one id has one effect and one
// answer, in flight, afterwards and after a restart; what is decided while an append is under way
// shares the next one; what waits is bounded, and a deadline is kept.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { EmbeddedLog } from "../log/embedded.ts";
import { prepareLogMeta } from "../log/log-meta.ts";
import { type Fate, MemoryLog, MemoryPlace } from "../log/memory.ts";
import { ownTypes, RecordSeal, recordBytesMax } from "../log/record.ts";
import { MemoryStore } from "../store/memory.ts";
import type { Store } from "../store/port.ts";
import type { Reply } from "./actor-kind.ts";
import { mailboxMax } from "./desk.ts";
import { IdemRows, idemKeptMs } from "./idem-rows.ts";
import { accountRows } from "./test-account.ts";
import { envelope, gist, logRing, makeNode, type Node, settle } from "./test-rig.ts";

const shards = 4;
const embedded = (store: Store) => {
  const meta = prepareLogMeta(store, () => Buffer.alloc(16, 1), shards);
  return new EmbeddedLog({ store, meta, checkOwner: () => {} });
};

async function start(store = new MemoryStore(), more = {}): Promise<Node> {
  const node = makeNode({ log: embedded, shards, ...more }, store);
  expect(await node.runtime.ownAll()).toBe(shards);
  return node;
}

async function seqOf(node: Node, shard: number): Promise<number> {
  return node.runtime.shards[shard]!.cursor.seq;
}

describe("an answer", () => {
  test("comes after the record is stored and applied", async () => {
    const node = await start();
    const reply = await node.runtime.submit(envelope(1, 7, { do: "deposit", amount: 5 }));
    expect(reply).toEqual({
      ok: true,
      answer: { balance: 5, changes: 1 },
      position: { incarnation: 1, shard: 1, seq: 2, ord: 1 },
      repeated: false,
    });
    const { actor } = envelope(1, 7, { do: "look" });
    expect(accountRows(node.store).get(actor)?.toString()).toContain('"balance":5');
    expect(await node.runtime.applied(1, 2)).toBe(true);
  });

  test("of a refusal leaves no trace in the log", async () => {
    const node = await start();
    const before = await seqOf(node, 0);
    const withdraw = envelope(0, 1, { do: "withdraw", amount: 5 }, { key: "a" });
    expect(gist(await node.runtime.submit(withdraw))).toBe("TOKEN_STATE_CONFLICT");
    expect(await seqOf(node, 0)).toBe(before);
    await node.runtime.submit(envelope(0, 1, { do: "deposit", amount: 9 }));
    expect(gist(await node.runtime.submit(withdraw))).toBe('{"balance":4,"changes":2}');
  });

  test("of an acceptance that changes nothing is kept all the same", async () => {
    const node = await start();
    const look = envelope(2, 1, { do: "look" }, { key: "look" });
    const before = await seqOf(node, 2);
    expect(gist(await node.runtime.submit(look))).toBe('{"balance":0,"changes":0}');
    expect(await seqOf(node, 2)).toBe(before + 1);
    await node.runtime.submit(envelope(2, 1, { do: "deposit", amount: 1 }));
    expect(gist(await node.runtime.submit(look))).toBe('{"balance":0,"changes":0} again');
  });

  test("of a command that cannot be read, or has no kind or shard, is an error", async () => {
    const { runtime } = await start();
    const good = envelope(0, 1, { do: "look" });
    const bad = [
      { ...good, body: Buffer.from("{") },
      { ...good, kind: 9 },
      { ...good, shard: 99 },
      { ...good, id: Buffer.alloc(3) },
      { ...good, actor: Buffer.alloc(15) },
    ];
    for (const one of bad) expect(gist(await runtime.submit(one))).toBe("INVALID_REQUEST");
    expect(runtime.waiting).toBe(0);
  });
});

describe("one id", () => {
  const deposit = (key: string, amount = 5) => envelope(0, 3, { do: "deposit", amount }, { key });

  test("in flight gets the same answer, or a conflict", async () => {
    const { runtime } = await start();
    const replies = await Promise.all([
      runtime.submit(deposit("x")),
      runtime.submit(deposit("x")),
      runtime.submit(deposit("x", 6)),
      runtime.submit(envelope(0, 4, { do: "deposit", amount: 5 }, { key: "x" })),
    ]);
    expect(replies.map(gist)).toEqual([
      '{"balance":5,"changes":1}',
      '{"balance":5,"changes":1} again',
      "IDEMPOTENCY_KEY_REUSED",
      "IDEMPOTENCY_KEY_REUSED",
    ]);
  });

  test("leaves a digest that wants the key, and that a rotation does not end", async () => {
    const store = new MemoryStore();
    const seal = new RecordSeal(logRing());
    const { runtime } = await start(store, { seal });
    const command = deposit("x");
    await runtime.submit(command);
    const stored = Buffer.from(new IdemRows(store).get(0, command.id)!.bodyDigest);
    const content = Buffer.concat([Buffer.of(command.kind), command.actor, command.body]);
    expect(seal.isDigest(stored, content)).toBe(true);
    const unkeyed = createHash("sha256").update(content).digest();
    expect(stored.equals(unkeyed.subarray(0, stored.length))).toBe(false);
    const others = new RecordSeal(logRing([[2, "ACTIVE"]]));
    expect(others.isDigest(stored, content)).toBe(false);
    seal.useKeys(
      logRing([
        [1, "VERIFY_ONLY"],
        [2, "ACTIVE"],
      ]),
    );
    expect(await runtime.submit(deposit("x"))).toMatchObject({ ok: true, repeated: true });
    expect(gist(await runtime.submit(deposit("x", 6)))).toBe("IDEMPOTENCY_KEY_REUSED");
  });

  test("afterwards and after a restart gets the stored answer and position", async () => {
    const store = new MemoryStore();
    const first = await start(store);
    const reply = await first.runtime.submit(deposit("x"));
    await first.runtime.submit(deposit("y"));
    await first.runtime.stop(1_000);
    const second = await start(store);
    expect(await second.runtime.submit(deposit("x"))).toEqual({ ...reply, repeated: true });
    expect(gist(await second.runtime.submit(deposit("x", 7)))).toBe("IDEMPOTENCY_KEY_REUSED");
    const third = await second.runtime.submit(deposit("z"));
    expect(gist(third)).toBe('{"balance":15,"changes":3}');
  });

  test("is forgotten 24 hours later, by the record's time and not before", async () => {
    const node = await start();
    await node.runtime.submit(deposit("x"));
    const rows = () =>
      [node.store.rows("idem"), node.store.rows("idemTime")].map(
        (table) => table.range({ start: Buffer.of(0), end: Buffer.of(255), limit: 99 }).length,
      );
    node.clock.advance(idemKeptMs);
    await node.runtime.submit(deposit("y"));
    expect(rows()).toEqual([2, 2]);
    node.clock.advance(1);
    await node.runtime.submit(deposit("z"));
    expect(rows()).toEqual([2, 2]);
    expect(gist(await node.runtime.submit(deposit("x")))).toBe('{"balance":20,"changes":4}');
  });
});

describe("a group", () => {
  test("takes all commands of a turn, over several actors and in order", async () => {
    const { runtime } = await start();
    const before = runtime.shards[0]!.cursor.seq;
    const many = Array.from({ length: 50 }, (_, i) =>
      runtime.submit(envelope(0, i % 5, { do: "deposit", amount: 1 })),
    );
    const replies = await Promise.all(many);
    expect(runtime.shards[0]!.cursor.seq).toBe(before + 1);
    for (const [i, reply] of replies.entries()) {
      const count = Math.floor(i / 5) + 1;
      expect(gist(reply)).toBe(`{"balance":${count},"changes":${count}}`);
      expect(reply).toMatchObject({ position: { seq: before + 1, ord: 2 * i + 1 } });
    }
  });

  test("is cut at 64 KiB but never inside a command, and one command has a limit", async () => {
    const { runtime, seal } = await start();
    const log = runtime.shards[0]!;
    const before = log.cursor.seq;
    const pad = (bytes: number) => "x".repeat(bytes);
    const sizes = [30_000, 30_000, 30_000, 100_000, 10];
    const replies = await Promise.all(
      sizes.map((bytes) =>
        runtime.submit(envelope(0, 1, { do: "deposit", amount: 1, pad: pad(bytes) })),
      ),
    );
    const seqs = replies.map((reply) => (reply.ok ? reply.position.seq - before : 0));
    expect(seqs).toEqual([1, 1, 2, 3, 4]);
    const large = envelope(0, 1, { do: "deposit", amount: 1, pad: pad(recordBytesMax) });
    expect(gist(await runtime.submit(large))).toBe("PAYLOAD_TOO_LARGE");
    expect(seal).toBeDefined();
  });

  test("of every shard shares one transaction", async () => {
    const store = new MemoryStore();
    const { runtime } = await start(store);
    let writes = 0;
    store.beforeCommit = () => writes++;
    await Promise.all(
      [0, 1, 2, 3].map((shard) => runtime.submit(envelope(shard, 1, { do: "look" }))),
    );
    expect(writes).toBe(1);
  });
});

describe("bounds", () => {
  test("a hot actor sheds, the others of its shard do not", async () => {
    const { runtime } = await start();
    const many = Array.from({ length: mailboxMax + 10 }, () =>
      runtime.submit(envelope(0, 1, { do: "deposit", amount: 1 })),
    );
    const other = runtime.submit(envelope(0, 2, { do: "deposit", amount: 1 }));
    const codes = (await Promise.all(many)).map((reply) => (reply.ok ? "ok" : reply.error.code));
    expect(codes.filter((code) => code === "ok")).toHaveLength(mailboxMax);
    expect(codes.slice(mailboxMax)).toEqual(Array(10).fill("OVERLOADED"));
    expect((await other).ok).toBe(true);
    expect((await runtime.submit(envelope(0, 1, { do: "look" }))).ok).toBe(true);
  });

  test("hold for all commands and all bytes together", async () => {
    const { runtime } = await start(new MemoryStore(), { limits: { commands: 10, bytes: 500 } });
    const many = Array.from({ length: 15 }, (_, i) =>
      runtime.submit(envelope(0, i, { do: "look" })),
    );
    const codes = (await Promise.all(many)).map((reply) => reply.ok);
    expect(codes).toEqual([...Array(10).fill(true), ...Array(5).fill(false)]);
    const pad = "x".repeat(600);
    const large = await runtime.submit(envelope(0, 1, { do: "deposit", amount: 1, pad }));
    expect(gist(large)).toBe("OVERLOADED");
    expect(runtime.waiting).toBe(0);
  });

  test("actors go by least use, and come back as they were", async () => {
    const { runtime } = await start(new MemoryStore(), { limits: { actors: 8 * shards } });
    for (let round = 1; round <= 3; round++) {
      for (let account = 0; account < 30; account++) {
        const reply = await runtime.submit(envelope(0, account, { do: "deposit", amount: 1 }));
        expect(gist(reply)).toBe(`{"balance":${round},"changes":${round}}`);
        expect(runtime.shards[0]!.actorsInMemory).toBeLessThanOrEqual(8);
      }
    }
  });

  test("a command past its deadline is not started", async () => {
    const { runtime } = await start();
    const late = envelope(0, 1, { do: "deposit", amount: 1 }, { timeoutMs: 0, key: "late" });
    expect(gist(await runtime.submit(late))).toBe("DEADLINE_EXCEEDED");
    expect(gist(await runtime.submit({ ...late, timeoutMs: 9 }))).toBe('{"balance":1,"changes":1}');
  });
});

describe("doubt", () => {
  async function doubtful(fate: () => Fate) {
    const place = new MemoryPlace();
    let on = false;
    const ports = { fate: () => (on ? fate() : "stored") };
    const log = () => new MemoryLog(shards, place, ports);
    const node = await start(new MemoryStore(), { log });
    on = true;
    return node;
  }
  const deposit = (n: number) => envelope(0, n, { do: "deposit", amount: 1 });

  test.each<[Fate[], string]>([
    [["unanswered", "stored"], "stored without an answer"],
    [["lost", "stored"], "never stored"],
    [["late", "stored"], "stored late"],
    [["spurious", "spurious", "stored"], "refused without reason"],
    [["lost", "late", "lost", "unanswered", "stored"], "all of them"],
  ])("%j ends in one effect each (%s)", async (fates) => {
    const node = await doubtful(() => fates.shift() ?? "stored");
    const replies: Reply[] = [];
    for (const n of [1, 2, 1]) void node.runtime.submit(deposit(n)).then((r) => replies.push(r));
    await settle();
    // Runs ahead of what is in doubt, on the same actor.
    void node.runtime.submit(deposit(1)).then((reply) => replies.push(reply));
    await node.pass(3_000);
    expect(replies.map(gist)).toEqual([
      '{"balance":1,"changes":1}',
      '{"balance":1,"changes":1}',
      '{"balance":2,"changes":2}',
      '{"balance":3,"changes":3}',
    ]);
    expect(node.runtime.shards[0]!.state).toBe("OWN");
  });

  test("beyond the deadline says that nobody knows; the same id then tells", async () => {
    let down = true;
    const node = await doubtful(() => (down ? "lost" : "stored"));
    const command = envelope(0, 1, { do: "deposit", amount: 1 }, { timeoutMs: 500, key: "once" });
    let reply: Reply | undefined;
    void node.runtime.submit(command).then((one) => {
      reply = one;
    });
    await node.pass(400);
    expect(reply).toBeUndefined();
    await node.pass(200);
    expect(gist(reply!)).toBe("OUTCOME_UNKNOWN");
    down = false;
    const again = node.runtime.submit({ ...command, timeoutMs: 5_000 });
    await node.pass(1_000);
    expect(gist(await again)).toBe('{"balance":1,"changes":1} again');
  });

  test("a refusal waits for the state that it was decided on", async () => {
    const fates: Fate[] = ["lost"];
    const node = await doubtful(() => fates.shift() ?? "stored");
    const replies: string[] = [];
    const note = (reply: Reply) => replies.push(gist(reply));
    void node.runtime.submit(deposit(1)).then(note);
    void node.runtime.submit(envelope(0, 1, { do: "withdraw", amount: 2 })).then(note);
    await settle();
    expect(replies).toEqual([]);
    await node.pass(1_000);
    expect(replies).toEqual(['{"balance":1,"changes":1}', "TOKEN_STATE_CONFLICT"]);
  });

  test("no room refuses what is under way and all that was decided behind it", async () => {
    const fates: Fate[] = ["full"];
    const node = await doubtful(() => fates.shift() ?? "stored");
    const replies = [node.runtime.submit(deposit(1)), node.runtime.submit(deposit(2))];
    expect((await Promise.all(replies)).map(gist)).toEqual(["LOG_FULL", "LOG_FULL"]);
    expect(gist(await node.runtime.submit(deposit(1)))).toBe("LOG_FULL");
    await node.pass(1_100);
    expect(gist(await node.runtime.submit(deposit(1)))).toBe('{"balance":1,"changes":1}');
    expect(node.alarms).toHaveLength(1);
  });

  test("at a stop says that nobody knows", async () => {
    const node = await doubtful(() => "lost");
    const waits = node.runtime.submit(deposit(1));
    await settle();
    const stopped = node.runtime.stop(1_000);
    await node.pass(1_500);
    expect(gist(await waits)).toBe("OUTCOME_UNKNOWN");
    await stopped;
    expect(node.runtime.waiting).toBe(0);
  });
});

describe("timers", () => {
  test("fire once when they are due, are moved with the state, and survive a restart", async () => {
    const store = new MemoryStore();
    const first = await start(store);
    const { runtime } = first;
    await runtime.submit(envelope(3, 1, { do: "lock", ms: 10_000 }));
    await runtime.submit(envelope(3, 1, { do: "lock", ms: 20_000 }));
    await first.pass(15_000);
    const deposit = () => envelope(3, 1, { do: "deposit", amount: 1 });
    expect(gist(await runtime.submit(deposit()))).toBe("TOKEN_STATE_CONFLICT");
    await runtime.stop(1_000);
    const second = await start(store, { clock: first.clock });
    const before = second.runtime.shards[3]!.cursor.seq;
    await second.pass(6_000);
    expect(second.runtime.shards[3]!.cursor.seq).toBe(before + 1);
    expect(gist(await second.runtime.submit(deposit()))).toBe('{"balance":1,"changes":1}');
    await second.pass(60_000);
    expect(second.runtime.shards[3]!.cursor.seq).toBe(before + 2);
    expect(ownTypes.commandNoted).toBe(0xff03);
  });
});

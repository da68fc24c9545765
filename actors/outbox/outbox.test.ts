// Defends: at least once or a dead letter, in order per token, under one id, whatever the receiver
// does and whenever the process dies.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeOf } from "./event-id.ts";
import { createWorld, down, settle, type World } from "./test-world.ts";

const hour = 3_600_000;

function fill(world: World, tokens: number, each: number, shard = 3): void {
  for (let n = 0; n < each; n++) {
    for (let token = 0; token < tokens; token++) world.log.add(shard, token);
  }
  world.outbox.wake();
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

describe("a receiver that answers", () => {
  it("gets everything once, in order per token, many lanes at once", async () => {
    const world = createWorld();
    fill(world, 40, 50);
    await world.timers.pass(10_000);
    expect(world.receiver.got).toHaveLength(2_000);
    for (let token = 0; token < 40; token++) {
      expect(world.receiver.sequence(token)).toEqual(upTo(50));
    }
    expect(world.receiver.mostAtOnce).toBeGreaterThan(8);
    expect(world.receiver.mostAtOnce).toBeLessThanOrEqual(32);
    expect(world.outbox.stats().get("shop")).toMatchObject({ depth: 0, inFlight: 0 });
  });

  it("is told of nothing twice after an orderly stop", async () => {
    const world = createWorld();
    fill(world, 5, 4);
    await world.timers.pass(1_000);
    await world.outbox.stop();
    world.restart();
    world.log.add(3, 1);
    world.outbox.wake();
    await world.timers.pass(1_000);
    expect(world.receiver.got).toHaveLength(21);
  });
});

describe("a receiver that is down for a day", () => {
  it("gets every notice in order when it is back, and later ones after them", async () => {
    const world = createWorld();
    world.receiver.answer = () => down;
    fill(world, 10, 3);
    await world.timers.pass(24 * hour);
    expect(world.receiver.got).toEqual([]);
    // The breaker keeps the number of useless calls small.
    expect(world.receiver.calls).toBeLessThan(400);
    world.receiver.answer = () => ({ kind: "delivered", status: 200 });
    fill(world, 10, 2);
    await world.timers.pass(12 * hour);
    for (let token = 0; token < 10; token++) {
      expect(world.receiver.sequence(token)).toEqual(upTo(5));
    }
    expect(world.receiver.got).toHaveLength(50);
  });

  it("ends as dead letters after 72 hours, which a replay sends under their old ids", async () => {
    const world = createWorld();
    world.receiver.answer = () => down;
    fill(world, 2, 2);
    await world.timers.pass(200 * hour);
    const dead = world.outbox.dead("shop");
    expect(dead).toHaveLength(4);
    expect(dead[0]).toMatchObject({ reason: "expired", status: 503, shard: 3 });
    expect(world.outbox.stats().get("shop")!.depth).toBe(0);
    world.receiver.answer = () => ({ kind: "delivered", status: 200 });
    expect(await world.outbox.replayDead("shop", [dead[1]!.eventId])).toBe(1);
    await world.timers.pass(hour);
    expect(world.receiver.got.map((one) => one.eventId)).toEqual([dead[1]!.eventId]);
    expect(await world.outbox.replayDead("shop")).toBe(3);
    await world.timers.pass(hour);
    expect(world.receiver.got).toHaveLength(4);
    expect(world.outbox.dead("shop")).toEqual([]);
  });
});

describe("one bad notice", () => {
  it("holds up its own token only", async () => {
    const world = createWorld();
    world.receiver.answer = (body) =>
      body.startsWith("0:") ? down : { kind: "delivered", status: 200 };
    fill(world, 4, 3_000);
    await world.timers.pass(10 * 60_000);
    expect(world.receiver.sequence(1)).toEqual(upTo(3_000));
    expect(world.receiver.sequence(3)).toEqual(upTo(3_000));
    expect(world.receiver.sequence(0)).toEqual([]);
    expect(world.outbox.stats().get("shop")!.depth).toBe(3_000);
    expect(world.outbox.needsFrom(3)).toBe(placeOf(1, 0));
    world.receiver.answer = () => ({ kind: "delivered", status: 200 });
    await world.timers.pass(3 * hour);
    expect(world.receiver.sequence(0)).toEqual(upTo(3_000));
  });
});

describe("answers of the receiver", () => {
  it("410 ends sending until the subscriber is registered anew; nothing is lost", async () => {
    const world = createWorld();
    world.receiver.answer = () => ({ kind: "gone" });
    fill(world, 1, 3);
    await world.timers.pass(hour);
    expect(world.receiver.calls).toBe(1);
    expect(world.outbox.stats().get("shop")!.disabled).toBe(true);
    world.receiver.answer = () => ({ kind: "delivered", status: 200 });
    world.outbox.subscribe({ name: "shop", sender: world.receiver, begin: () => 0 });
    await world.timers.pass(hour);
    expect(world.receiver.sequence(0)).toEqual(upTo(3));
  });

  it("Retry-After makes the pause longer", async () => {
    const world = createWorld();
    world.receiver.answer = () => ({ ...down, status: 429, throttle: true, retryAfterMs: hour });
    fill(world, 1, 1);
    await world.timers.pass(59 * 60_000);
    expect(world.receiver.calls).toBe(1);
    await world.timers.pass(2 * 60_000);
    expect(world.receiver.calls).toBe(2);
  });

  it("a throttling one gets fewer at once, and more again later", async () => {
    const world = createWorld();
    world.receiver.delay = settle;
    let throttled = 0;
    world.receiver.answer = () =>
      throttled++ < 4
        ? { ...down, status: 429, throttle: true }
        : { kind: "delivered", status: 200 };
    fill(world, 32, 40);
    await world.timers.pass(5_000);
    world.receiver.mostAtOnce = 0;
    fill(world, 32, 1);
    await world.timers.pass(hour);
    expect(world.receiver.got).toHaveLength(32 * 41);
    expect(world.receiver.mostAtOnce).toBeGreaterThan(2);
  });
});

describe("the log", () => {
  it("is trimmed under a receiver that slept too long: it is told the gap", async () => {
    const world = createWorld();
    world.receiver.answer = () => ({ kind: "gone" });
    fill(world, 1, 2_000);
    await world.timers.pass(hour);
    world.receiver.answer = () => ({ kind: "delivered", status: 200 });
    world.outbox.giveUpBelow(3, placeOf(2_000, 0));
    world.log.trimmedBelow = placeOf(2_000, 0);
    world.outbox.subscribe({ name: "shop", sender: world.receiver, begin: () => 0 });
    await world.timers.pass(hour);
    const gaps = world.receiver.got.filter((one) => one.body.startsWith("gap:"));
    expect(gaps).toHaveLength(1);
    expect(world.receiver.sequence(0)).toContain(2_000);
    // What was waiting when its record went is a dead letter, not a silence.
    const dead = world.outbox.dead("shop").filter((letter) => letter.reason === "trimmed");
    const told = world.receiver.sequence(0).length;
    const [, from = "0", to = "0"] = /^gap:(\d+)-(\d+)$/.exec(gaps[0]!.body)!;
    const inGap = (Number(to) - Number(from) + 1) / placeOf(1, 0);
    expect(Math.floor(inGap) + dead.length + told).toBe(2_000);
  });

  it("can be sent again by range", async () => {
    const world = createWorld();
    fill(world, 1, 10);
    await world.timers.pass(1_000);
    expect(await world.outbox.replayRange("shop", 3, placeOf(4, 0), placeOf(6, 0))).toBe(3);
    await world.timers.pass(1_000);
    expect(world.receiver.got.slice(10).map((one) => one.body)).toEqual(["0:4", "0:5", "0:6"]);
    await expect(world.outbox.replayRange("nobody", 3, 1, 2)).rejects.toMatchObject({
      code: "SUBSCRIBER_NOT_FOUND",
    });
  });
});

describe("any history", () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("add" as const), token: fc.nat(5), shard: fc.nat(1) }),
    fc.record({ kind: fc.constant("pass" as const), ms: fc.nat(120_000) }),
    fc.record({ kind: fc.constant("health" as const), failEvery: fc.nat(3) }),
    fc.record({ kind: fc.constant("crash" as const) }),
  );

  it("of failures and crashes loses nothing and keeps the order of each token", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const world = createWorld([0, 1]);
        let calls = 0;
        for (const one of steps) {
          if (one.kind === "add") world.log.add(one.shard, one.token);
          if (one.kind === "add") world.outbox.wake();
          if (one.kind === "pass") await world.timers.pass(one.ms);
          if (one.kind === "crash") world.restart();
          if (one.kind === "health") {
            world.receiver.answer = () =>
              one.failEvery > 0 && calls++ % one.failEvery === 0
                ? down
                : { kind: "delivered", status: 200 };
          }
        }
        world.receiver.answer = () => ({ kind: "delivered", status: 200 });
        world.outbox.wake();
        await world.timers.pass(48 * hour);
        checkAll(world);
      }),
      { numRuns: 60 },
    );
  });
});

/** Every notice came, first deliveries of a token in order, and an id belongs to one notice. */
function checkAll(world: World): void {
  const bodies = new Map<string, string>();
  for (const { body, eventId } of world.receiver.got) {
    expect(bodies.get(eventId) ?? body).toBe(body);
    bodies.set(eventId, body);
  }
  for (const [shard, notices] of world.log.shards) {
    const first = new Map<string, number>();
    world.receiver.got.forEach(({ eventId }, at) => {
      if (!first.has(eventId)) first.set(eventId, at);
    });
    const last = new Map<string, number>();
    for (const { eventId, body: bytes } of notices) {
      const body = bytes.toString();
      const at = first.get(eventId);
      expect(at, `shard ${shard} ${body} was never delivered`).toBeDefined();
      const token = body.split(":")[0]!;
      expect(at!, `${body} came too early`).toBeGreaterThan(last.get(token) ?? -1);
      last.set(token, at!);
    }
  }
}

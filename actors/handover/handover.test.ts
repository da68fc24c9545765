// Defends: commands and replies come back from their bytes as they were, and no bytes do harm; what
// is under way is bounded; a deadline counts the time in every queue; and whatever becomes of the
// other side, each command is answered once.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { appError, createManualClock } from "../../platform/mod.ts";
import type { Envelope, Reply } from "../runtime/actor-kind.ts";
import { envelope, gist, settle } from "../runtime/test-rig.ts";
import { CommandClient } from "./command-client.ts";
import {
  itemBytesMax,
  readCommands,
  readReplies,
  writeCommand,
  writeReply,
} from "./command-frame.ts";
import { CommandServer } from "./command-server.ts";

const position = { incarnation: 1, shard: 2, seq: 2 ** 40, ord: 9 };
const accepted: Reply = { ok: true, answer: { a: 1 }, position, repeated: true };
const look = (n: number, more: Partial<Envelope> = {}) => envelope(1, n, { do: "look" }, more);

describe("frames", () => {
  test("give back what was written, many in a block", () => {
    const { timeoutMs: _, ...bare } = look(1);
    const frames = [1, 2 ** 32 - 1].map((correlation) => ({
      correlation,
      deadlineMs: 12.5,
      envelope: bare,
    }));
    expect(readCommands(Buffer.concat(frames.map(writeCommand)))).toEqual(frames);
    const details = { shard: 3, reason: "gap" };
    const error = appError("OVERLOADED", "Too many.", { details, retryAfterMs: 5 });
    const replies = [accepted, { ok: false as const, error }].map((reply, correlation) => ({
      correlation,
      reply,
    }));
    const back = readReplies(Buffer.concat(replies.map(writeReply)));
    expect(back[0]).toEqual(replies[0]);
    expect(back[1]!.reply).toMatchObject({ ok: false, error: { code: "OVERLOADED", details } });
  });

  test("are refused whole where a byte is missing, added or a length is wrong", () => {
    const { timeoutMs: _, ...bare } = look(1);
    const good = writeCommand({ correlation: 1, deadlineMs: 1, envelope: bare });
    for (let length = 1; length < good.length; length++) {
      expect(() => readCommands(good.subarray(0, length)), `${length}`).toThrow(RangeError);
    }
    const long = Buffer.from(good);
    long.writeUInt32BE(itemBytesMax, 0);
    expect(() => readCommands(long)).toThrow(RangeError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          readCommands(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});

function pair(limits = { commands: 4, bytes: 1_000 }) {
  const clock = createManualClock();
  const wakes: { atMs: number; work: () => void }[] = [];
  const turns = {
    defer: (work: () => void) => void setImmediate(work),
    after: (ms: number, work: () => void) => {
      wakes.push({ atMs: clock.monotonicMs() + ms, work });
      return () => {};
    },
  };
  const blocks: Buffer[] = [];
  const client = new CommandClient({ clock, turns, limits, post: (block) => blocks.push(block) });
  const seen: Envelope[] = [];
  const answers: ((reply: Reply) => void)[] = [];
  const server = new CommandServer({
    clock,
    turns,
    send: (one, answer) => {
      seen.push(one);
      answers.push(answer);
    },
    post: (block) => client.receive(block),
  });
  const pass = async (ms: number) => {
    clock.advance(ms);
    const due = wakes.filter(({ atMs }) => atMs <= clock.monotonicMs());
    for (const one of due) wakes.splice(wakes.indexOf(one), 1);
    for (const { work } of due) work();
    await settle(2);
  };
  return { clock, client, server, blocks, seen, answers, pass };
}

describe("a client and a server", () => {
  test("take one turn's commands as one block, and carry replies back in any order", async () => {
    const { client, server, blocks, seen, answers } = pair();
    const replies = [1, 2, 3].map((n) => client.submit(look(n)));
    await settle(2);
    expect(blocks).toHaveLength(1);
    server.receive(blocks[0]!);
    expect(seen.map(({ actor }) => actor[15])).toEqual([1, 2, 3]);
    for (const n of [2, 0, 1]) answers[n]!({ ...accepted, answer: { n } });
    expect((await Promise.all(replies)).map(gist)).toEqual(
      [0, 1, 2].map((n) => `{"n":${n}} again`),
    );
    expect([client.waiting, server.waiting]).toEqual([0, 0]);
  });

  test("count time in a queue against the deadline", async () => {
    const { client, server, blocks, seen, pass } = pair();
    void client.submit(look(1, { timeoutMs: 300 }));
    await settle(2);
    await pass(250);
    server.receive(blocks[0]!);
    expect(seen[0]!.timeoutMs).toBeCloseTo(50);
  });

  test("refuse beyond their bounds, at once", async () => {
    const { client } = pair();
    const many = Array.from({ length: 6 }, (_, n) => client.submit(look(n)));
    expect((await Promise.all(many.slice(4))).map(gist)).toEqual(Array(2).fill("OVERLOADED"));
    const large = look(1, { body: Buffer.alloc(itemBytesMax) });
    expect(gist(await client.submit(large))).toBe("PAYLOAD_TOO_LARGE");
    expect(gist(await client.submit(look(1, { timeoutMs: 0 })))).toBe("DEADLINE_EXCEEDED");
    expect(client.waiting).toBe(4);
  });

  test("answer for an other side that ended: in doubt is what it got", async () => {
    const { client } = pair();
    const sent = client.submit(look(1));
    await settle(2);
    const unsent = client.submit(look(2));
    client.fail();
    expect([gist(await sent), gist(await unsent)]).toEqual([
      "OUTCOME_UNKNOWN",
      "SERVICE_UNAVAILABLE",
    ]);
    client.close();
    expect(gist(await client.submit(look(3)))).toBe("SERVICE_UNAVAILABLE");
  });

  test("answer for an other side that says nothing; its late word is not heard", async () => {
    const { client, server, blocks, answers, pass } = pair();
    let replies = 0;
    const reply = client.submit(look(1, { timeoutMs: 200 }));
    void reply.then(() => replies++);
    await settle(2);
    server.receive(blocks[0]!);
    for (let i = 0; i < 6; i++) await pass(100);
    expect(replies).toBe(0);
    for (let i = 0; i < 3; i++) await pass(100);
    expect(gist(await reply)).toBe("OUTCOME_UNKNOWN");
    answers[0]!(accepted);
    await settle(2);
    expect(client.waiting).toBe(0);
  });
});

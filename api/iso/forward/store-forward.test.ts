// Property: what was added leaves in the order of its key until it has arrived, over any number of
// restarts and any cut of the file's end, and never stands in the file in clear.
import { randomBytes } from "node:crypto";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { knownTpan } from "../../../codec/pan/fixtures.ts";
import { createManualClock } from "../../../platform/mod.ts";
import { Forwarder, repeatOf } from "./forwarder.ts";
import { type Forwarded, StoreForward, type StoreForwardOptions } from "./store-forward.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-forward-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const sealKey = randomBytes(64);

function setUp(limits: StoreForwardOptions["limits"] = {}) {
  const clock = createManualClock(1_800_000_000_000);
  const path = join(dir, "forward.log");
  const open = () => StoreForward.open({ path, sealKey, clock, random: () => 1, limits });
  return { clock, path, open };
}

const message = (text: string): Buffer => Buffer.from(`0420${text}`, "latin1");

test("one of a key is under way at a time, other keys go on", () => {
  const { open, clock } = setUp();
  const store = open();
  const a1 = store.add("a", message("a1"));
  store.add("a", message("a2"));
  store.add("b", message("b1"));
  expect([store.take()?.id, store.take()?.key, store.take()]).toEqual([a1, "b", null]);
  store.failed(a1);
  expect(store.take()).toBeNull();
  clock.advance(1_000);
  expect(store.take()?.attempts).toBe(1);
  store.done(a1);
  expect(store.take()?.message).toEqual(message("a2"));
  clock.advance(5_000);
  expect(store.stats()).toEqual({ depth: 2, parked: 0, ageSeconds: 6 });
  store.close();
});

test("a restart takes up what waits, with its attempts, and nothing that arrived", () => {
  const { open } = setUp();
  let store = open();
  const first = store.add("a", message("1"));
  store.add("a", message("2"));
  store.done(first);
  const second = store.take();
  // A crash while it is under way: it may have arrived.
  store.close();
  store = open();
  const again = store.take();
  expect([again?.message, again?.attempts]).toEqual([message("2"), 1]);
  expect(store.add("b", message("3"))).toBeGreaterThan(second!.id);
  store.close();
});

test("six attempts, then a person; later ones of the key wait behind", () => {
  const { open, clock } = setUp();
  let store = open();
  const id = store.add("a", message("1"));
  store.add("a", message("2"));
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 6; attempt++) {
    for (let waited = 0; store.take() === null; waited += 500, clock.advance(500)) {
      pauses[attempt] = waited + 500;
    }
    store.failed(id);
  }
  expect(pauses.slice(1)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
  clock.advance(10_000_000);
  expect([store.take(), store.stats().parked]).toEqual([null, 1]);
  store.close();
  store = open();
  expect([store.take(), store.stats().parked]).toEqual([null, 1]);
  expect([store.retryParked(), store.take()?.attempts]).toEqual([1, 1]);
  store.close();
});

test("the file holds no message in clear, and opens under its own key only", () => {
  const { open, path, clock } = setUp();
  const store = open();
  store.add("key-of-a-card", message(knownTpan));
  store.close();
  const bytes = readFileSync(path).toString("latin1");
  for (const secret of [knownTpan, "0420", "key-of-a-card"]) expect(bytes).not.toContain(secret);
  expect(statSync(path).mode & 0o077).toBe(0);
  const other = { path, sealKey: randomBytes(64), clock, random: () => 1 };
  expect(() => StoreForward.open(other)).toThrow("another key");
});

test("a full queue refuses, and the file shrinks when most of it is done", () => {
  const { open, path } = setUp({ depthMax: 3, compactBytes: 2_000 });
  let store = open();
  const kept = store.add("kept", message("kept"));
  store.failed(kept);
  for (let i = 0; i < 100; i++) {
    store.add("x", message(String(i)));
    store.done(store.take()!.id);
  }
  expect(statSync(path).size).toBeLessThan(2_200);
  store.add("y", message("y"));
  store.add("y", message("z"));
  expect(() => store.add("y", message("!"))).toThrow("full");
  store.close();
  store = open();
  expect(store.stats().depth).toBe(3);
  store.close();
});

test("whatever happened and wherever the file was cut, what waits was once true", () => {
  const steps = fc.array(fc.tuple(fc.constantFrom("a", "b"), fc.nat(3)), { maxLength: 30 });
  fc.assert(
    fc.property(steps, fc.nat(300), (moves, cut) => {
      const { open, path } = setUp();
      rmSync(path, { force: true });
      let store = open();
      const truth: { key: string; text: string }[][] = [[]];
      for (const [key, move] of moves) {
        const now = [...truth.at(-1)!];
        const first = now.findIndex((entry) => entry.key === key);
        if (move > 0 || first < 0) {
          const text = String(truth.length);
          store.add(key, message(text));
          now.push({ key, text });
        } else {
          const taken: Forwarded[] = [];
          for (let one = store.take(); one !== null; one = store.take()) {
            if (one.key === key) store.done(one.id);
            else taken.push(one);
            if (one.key === key) break;
          }
          for (const one of taken) one.underWay = false;
          now.splice(first, 1);
        }
        truth.push(now);
      }
      store.close();
      truncateSync(path, Math.max(0, statSync(path).size - cut));
      appendFileSync(path, Buffer.alloc(3, 7));
      store = open();
      const found: string[] = [];
      for (let one = store.take(); one !== null; one = store.take()) {
        found.push(`${one.key}${one.message.toString("latin1", 4)}`);
        store.done(one.id);
      }
      store.close();
      const possible = truth.map((state) => state.map(({ key, text }) => key + text).sort());
      expect(possible).toContainEqual(found.sort());
    }),
    { numRuns: 40 },
  );
});

test("what gets no answer, or one that says later, is repeated with the repeat MTI", () => {
  const { open, clock } = setUp();
  const store = open();
  store.add("a", message("x"));
  const answers = [null, "91", "00"];
  const seen: string[] = [];
  let up = false;
  const forwarder = new Forwarder({
    store,
    windowMax: 4,
    onFault: (error) => {
      throw error;
    },
    send: (bytes, done) => {
      seen.push(bytes.toString("latin1", 0, 4));
      done(answers.shift() ?? null);
    },
    ready: () => up,
  });
  forwarder.pump();
  up = true;
  for (let i = 0; i < 3; i++) {
    forwarder.pump();
    clock.advance(10_000);
  }
  expect(seen).toEqual(["0420", "0421", "0421"]);
  expect([forwarder.idle, forwarder.arrived, forwarder.repeated]).toEqual([true, 1, 2]);
  expect(repeatOf(Buffer.from("0421")).toString()).toBe("0421");
  store.close();
});

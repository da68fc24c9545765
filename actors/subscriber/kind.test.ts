// Defends: a webhook's address and keys change as asked and in no other way; a rotated key signs
// for another day; what is stored opens only in its own place.
import { describe, expect, test } from "vitest";
import { testRing } from "../../vault/test-vault.ts";
import { publicKeyOf } from "../outbox/signature.ts";
import { MemoryStore } from "../store/memory.ts";
import { decideSubscriber, type SubscriberState } from "./kind.ts";
import { type PutSubscriber, type SubscriberCommand, subscriberKey } from "./subscriber.ts";
import { SubscriberRows } from "./subscriber-rows.ts";

const trid = "99900000001";
const keyOf = (fill: number) => `whsk_${Buffer.alloc(32, fill).toString("base64")}`;
const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
const put: PutSubscriber = {
  command: "put",
  trid,
  url: "https://shop.example/hook",
  rotateKey: false,
  secret: "",
};

function decide(state: SubscriberState, command: SubscriberCommand, fill = 1, nowMs = 1_000) {
  const decision = decideSubscriber(state, command, { key: keyOf(fill) }, nowMs);
  if (decision.kind === "reject") throw decision.error;
  const [event] = decision.events;
  return { answer: decision.answer, after: event === undefined ? state : event.after };
}

describe("a subscriber", () => {
  test("begins with a key pair, and stays when it is registered again", () => {
    const { answer, after } = decide(undefined, put);
    expect(answer).toEqual({ changed: true, publicKey: publicKeyOf(keyOf(1)) });
    expect(after).toMatchObject({ sinceMs: 1_000, version: 1 });
    expect(JSON.stringify(answer)).not.toContain("whsk_");
    const again = decide(after, put, 2, 2_000);
    expect(again.answer).toEqual({ changed: false, publicKey: publicKeyOf(keyOf(1)) });
  });

  test("keeps the old key beside a new one for a day", () => {
    const { after } = decide(undefined, put);
    const rotated = decide(after, { ...put, rotateKey: true }, 2, 5_000);
    expect(rotated.answer.publicKey).toBe(publicKeyOf(keyOf(2)));
    expect(rotated.after?.keys).toEqual([
      { text: keyOf(2), untilMs: 0 },
      { text: keyOf(1), untilMs: 5_000 + 86_400_000 },
    ]);
    expect(rotated.after?.sinceMs).toBe(1_000);
  });

  test("takes a shared secret, whose answer holds no key", () => {
    const { answer, after } = decide(undefined, { ...put, secret });
    expect(answer).toEqual({ changed: true, publicKey: "" });
    expect(after?.keys[0]?.text).toBe(secret);
    expect(decide(after, { ...put, secret }).answer.changed).toBe(false);
  });

  test("ends, and begins anew from then on", () => {
    const { after } = decide(undefined, put);
    const ended = decide(after, { command: "end", trid });
    expect(ended.after).toMatchObject({ url: "", keys: [] });
    expect(decide(ended.after, { command: "end", trid }).answer.changed).toBe(false);
    expect(decide(ended.after, put, 3, 9_000).after).toMatchObject({ sinceMs: 9_000, version: 3 });
  });

  test.each(["http://shop.example/", "shop", "https://a:b@shop.example/"])("refuses %s", (url) => {
    const decision = decideSubscriber(undefined, { ...put, url }, { key: keyOf(1) }, 1);
    expect(decision).toMatchObject({ kind: "reject", error: { code: "INVALID_FIELD" } });
  });
});

test("a stored subscriber opens only under its own key", () => {
  const store = new MemoryStore();
  const rows = new SubscriberRows(store, testRing);
  const { after } = decide(undefined, put);
  const key = subscriberKey(trid);
  store.write(() => rows.put(key, after!));
  expect(rows.get(key)).toEqual(after);
  const stored = store.rows("subscribers").get(key)!;
  expect(stored.toString("latin1")).not.toContain("shop.example");
  const other = subscriberKey("99900000002");
  store.write(() => store.rows("subscribers").put(other, stored));
  expect(() => rows.get(other)).toThrow("does not open");
});

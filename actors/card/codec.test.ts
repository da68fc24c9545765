// Defends: what was written once is read for ever: each event type has a number of its own, and
// bytes of every version that was ever shipped decode and come out again as they were. Any event
// and command survives its bytes; broken bytes are refused, never half read.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ClearPAN, withCheckDigit } from "../../codec/pan/mod.ts";
import { bytesWithoutNumbers, commandCodec } from "./command-codec.ts";
import type { CardCommand, LinkPan } from "./commands.ts";
import { stepId } from "./decide-pan.ts";
import { cardEventType, cardEventTypes } from "./event-codec.ts";
import {
  bytes16,
  event,
  is,
  linkedToken,
  pan,
  par,
  reason,
  source,
  text,
  u8,
  u16,
  u32,
  u48,
} from "./test-events.ts";
import { spell } from "./test-fold.ts";
import { eventTypesOf } from "./versions.ts";

describe("events", () => {
  test("come back from their bytes as they were", () => {
    const property = fc.property(event, (one) => {
      const type = cardEventType(one);
      expect(spell(type.decode(type.encode(one)))).toBe(spell(one));
    });
    fc.assert(property, { numRuns: 500 });
  });

  test("broken bytes are refused: cut short, with more behind, or any at all", () => {
    const property = fc.property(
      event,
      fc.nat(200),
      fc.uint8Array({ maxLength: 60 }),
      (one, cut, any) => {
        const type = cardEventType(one);
        const bytes = type.encode(one);
        const shorter = bytes.subarray(0, Math.min(cut, bytes.length - 1));
        expect(() => type.decode(shorter)).toThrow();
        expect(() => type.decode(Buffer.concat([bytes, Buffer.alloc(1)]))).toThrow(RangeError);
        try {
          type.decode(Buffer.from(any));
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  test("have numbers of the card's own, each once, all critical", () => {
    const numbers = cardEventTypes.map((type) => `${type.type}.${type.version}`);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(cardEventTypes.length).toBeGreaterThanOrEqual(12);
    for (const type of cardEventTypes) {
      expect(type.type).toBeGreaterThanOrEqual(256);
      expect(type.type).toBeLessThan(512);
      expect(type.critical).toBe(true);
    }
  });
});

interface Golden {
  readonly type: number;
  readonly version: number;
  /** The event's bytes in base64. */
  readonly bytes: string;
  /** What they say. */
  readonly says: string;
}

const goldenFile = fileURLToPath(new URL("./testdata/events.json", import.meta.url));
const masked = (value: unknown) => spell(value).replaceAll(/[0-9]{12,19}f*/g, "…");

describe("bytes that were shipped", () => {
  test("decode to what they said, and the newest come out again byte for byte", () => {
    const golden = JSON.parse(readFileSync(goldenFile, "utf8")) as Golden[];
    expect(golden.length).toBeGreaterThanOrEqual(24);
    for (const { type, version, bytes, says } of golden) {
      const found = cardEventTypes.find((one) => one.type === type && one.version === version);
      const raw = Buffer.from(bytes, "base64");
      const decoded = found!.decode(raw);
      expect(masked(decoded)).toBe(says);
      if (cardEventType(decoded).version === version) {
        expect(found!.encode(decoded).toString("base64")).toBe(bytes);
      }
    }
  });

  test("are there of every type and version", () => {
    const golden = JSON.parse(readFileSync(goldenFile, "utf8")) as Golden[];
    const there = new Set(golden.map((one) => `${one.type}.${one.version}`));
    // A new type or version: take its bytes with `WRITE_GOLDEN=1` and look at what is added.
    const missing = cardEventTypes.filter((one) => !there.has(`${one.type}.${one.version}`));
    if (process.env.WRITE_GOLDEN !== undefined && missing.length > 0) {
      const samples = fc.sample(event, { numRuns: 400, seed: 4 });
      const added = missing.flatMap((type) =>
        samples
          .filter((one) => cardEventType(one) === type)
          .slice(0, 2)
          .map((one) => ({
            type: type.type,
            version: type.version,
            bytes: type.encode(one).toString("base64"),
            says: masked(one),
          })),
      );
      writeFileSync(goldenFile, `${JSON.stringify([...golden, ...added], null, 2)}\n`);
    }
    expect(missing.map((one) => `${one.type}.${one.version}`)).toEqual([]);
  });
});

describe("versions", () => {
  test("an older one is lifted step by step, and only the newest is written", () => {
    const types = eventTypesOf<{ readonly c: number }>({
      type: 7,
      critical: false,
      encode: ({ c }) => Buffer.from([c]),
      versions: [
        { decode: (bytes) => ({ a: bytes[0]! }), lift: ({ a }: { a: number }) => ({ b: a * 2 }) },
        { decode: (bytes) => ({ b: bytes[0]! }), lift: ({ b }: { b: number }) => ({ c: b + 1 }) },
        { decode: (bytes) => ({ c: bytes[0]! }) },
      ],
    });
    const read = types.map((type) => type.decode(Buffer.from([5])).c);
    expect(read).toEqual([11, 6, 5]);
    expect(types.map((type) => type.version)).toEqual([1, 2, 3]);
    expect(types[2]!.encode({ c: 9 })).toEqual(Buffer.from([9]));
    expect(() => types[0]!.encode({ c: 9 })).toThrow("only read");
  });
});

const caller = fc.oneof(
  fc.record({ who: is("REQUESTOR"), trid: is("99900000001") }),
  fc.record({ who: is("ISSUER"), issuerId: is("TESTBANK") }),
  fc.record({ who: is("ADMIN") }),
);
const name = { acquirer: text, merchant: text, id: text };
const agreement = fc.record({ ...name, types: u8, source });
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const command: fc.Arbitrary<CardCommand> = fc.oneof(
  fc.record({
    command: is("provision"),
    pan,
    panExpiry: u16,
    trid: text,
    assurance: u8,
    par,
    active: fc.boolean(),
    verified: fc.boolean(),
    async: fc.boolean(),
    agreement: maybe(agreement),
    request: maybe(fc.uint8Array({ minLength: 32, maxLength: 32 }).map((all) => Buffer.from(all))),
  }),
  fc.record({
    command: is("token"),
    action: fc.constantFrom("activate" as const, "delete" as const),
    ref: bytes16,
    caller,
    cause: fc.constantFrom("ADMIN" as const, "CARDHOLDER" as const),
    reason,
    expectVersion: maybe(u32),
  }),
  fc.record({
    command: is("card"),
    action: fc.constantFrom("suspend" as const, "expiry" as const),
    pan,
    issuerId: maybe(text),
    reason,
    expiry: u16,
    causedAtMs: u48,
    expectVersion: maybe(u32),
    asLink: fc.boolean(),
    linksServed: u16,
  }),
  fc.record({
    command: is("updatePan"),
    id: bytes16,
    pan,
    newPan: pan,
    newExpiry: u16,
    issuerId: maybe(text),
    reason,
    asLink: fc.boolean(),
    linksServed: u16,
  }),
  fc.record({
    command: is("linkPan"),
    id: bytes16,
    pan,
    issuer: u32,
    expiry: u16,
    par,
    actor: bytes16,
    shard: u16,
    tokenCount: u16,
    tokens: fc.array(linkedToken, { maxLength: 3 }),
  }),
  fc.record({
    command: is("completePan"),
    id: bytes16,
    outcome: fc.oneof(
      fc.record({
        linked: fc.constant(true as const),
        status: fc.constantFrom("ACTIVE" as const, "SUSPENDED" as const),
        reason,
        secondary: fc.array(bytes16, { maxLength: 3 }),
        par,
      }),
      fc.record({ linked: fc.constant(false as const), code: text }),
    ),
  }),
  fc.record({ command: is("resumePan"), id: bytes16 }),
  fc.record({ command: is("clock") }),
  fc.record({ command: is("flag"), ref: bytes16, untilSeconds: u32 }),
  fc.record({ command: is("putAgreement"), ref: bytes16, caller, agreement }),
  fc.record({ command: is("revokeAgreement"), ref: bytes16, caller, name: fc.record(name) }),
);

describe("commands without their numbers", () => {
  test("say the same whatever the number, and another thing where anything else differs", () => {
    const property = fc.property(command, pan, pan, (one, first, second) => {
      const withPan = (number: ClearPAN) => ("pan" in one ? { ...one, pan: number } : one);
      const bytes = bytesWithoutNumbers(withPan(first));
      expect(bytesWithoutNumbers(withPan(second)).equals(bytes)).toBe(true);
      if ("id" in one && one.id !== undefined) {
        const id = Buffer.from(one.id);
        id[0] = id[0]! ^ 1;
        expect(bytesWithoutNumbers({ ...one, id }).equals(bytes)).toBe(false);
      }
    });
    fc.assert(property, { numRuns: 300 });
  });

  test("give the steps of a PAN update ids that no number can be tried against", () => {
    const id = Buffer.alloc(16, 1);
    const step = (number: string, expiry = 2909) =>
      stepId(id, {
        ...{ command: "linkPan", id, pan: ClearPAN.parse(withCheckDigit(number)), issuer: 1 },
        ...{ expiry, par: undefined, actor: id, shard: 0, tokenCount: 0, tokens: [] },
      } as LinkPan);
    expect(step("999999000001001").equals(step("999999000003003"))).toBe(true);
    expect(step("999999000001001").equals(step("999999000001001", 2910))).toBe(false);
  });
});

describe("commands", () => {
  test("come back from their bytes as they were, and broken bytes are refused", () => {
    const property = fc.property(command, fc.nat(100), (one, cut) => {
      const bytes = commandCodec.encode(one);
      expect(spell(commandCodec.decode(bytes))).toBe(spell(one));
      const shorter = bytes.subarray(0, Math.min(cut, bytes.length - 1));
      expect(() => commandCodec.decode(shorter)).toThrow(RangeError);
    });
    fc.assert(property, { numRuns: 500 });
  });
});

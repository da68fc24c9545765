// Defends: what was written once is read for ever: each event type has a number of its own, and
// bytes of every version that was ever shipped decode and come out again as they were. Any event and
// command survives its bytes; broken bytes are refused, never half read.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { testPan } from "../../vault/test-vault.ts";
import { commandCodec } from "./command-codec.ts";
import type { CardCommand } from "./commands.ts";
import { cardEventType, cardEventTypes } from "./event-codec.ts";
import type { CardEvent, Change, TokenEntry } from "./events.ts";
import { spell } from "./test-fold.ts";
import { eventTypesOf } from "./versions.ts";

const bytes16 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes));
const bytes80 = fc.uint8Array({ minLength: 80, maxLength: 80 }).map((bytes) => Buffer.from(bytes));
const u8 = fc.nat(255);
const u16 = fc.nat(65_535);
const u32 = fc.nat(2 ** 31 - 1);
const u48 = fc.nat(2 ** 48 - 1);
const pan = fc.nat(999_999).map((number) => testPan(number));
const reason = fc.constantFrom(
  "NONE" as const,
  "LOST" as const,
  "STOLEN" as const,
  "OTHER" as const,
);
const cardStatus = fc.constantFrom("ACTIVE" as const, "SUSPENDED" as const, "DELETED" as const);
const tokenStatus = fc.constantFrom("INACTIVE" as const, "ACTIVE" as const, "EXPIRED" as const);
const par = fc.option(fc.constant("ZZ99A1B2C3D4E5F6G7H8J9K0L1M2N"), { nil: undefined });
const text = fc.string({ unit: "grapheme-ascii", maxLength: 15 });

const entry: fc.Arbitrary<TokenEntry> = fc.record({
  position: u16,
  ref: bytes16,
  requestor: u16,
  oldStatus: tokenStatus,
  oldCauses: u8,
  status: tokenStatus,
  causes: u8,
  neverActive: fc.boolean(),
  secondary: fc.boolean(),
  expiry: u16,
  previousExpiry: u16,
  ptavNotBefore: u32,
  notices: u8,
  seq: u32,
});

const change: fc.Arbitrary<Change> = fc.record({
  causedBy: fc.constantFrom("TSP" as const, "ISSUER" as const, "FRAUD_CONTROL" as const),
  reason,
  restores: u16,
  sealVersion: u16,
  last4: u16,
  card: fc.record({ issuer: u32, status: cardStatus, reason, expiry: u16, par }),
  opening: fc.option(fc.record({ pan, shard: u16, createdAt: u32 }), { nil: undefined }),
  tokens: fc.array(entry, { maxLength: 5 }),
});

const source = fc.constantFrom("PROVISION" as const, "MIGRATION" as const);
const terms = fc.record({ key: bytes80, types: u8, source, atSeconds: u32 });
const linkedToken = fc.record({ requestor: u16, type: u8, ref: bytes16 });
const noted = fc.option(fc.record({ status: cardStatus, reason }), { nil: undefined });
const token = fc.record({
  tpan: pan,
  index: bytes16,
  ref: bytes16,
  type: u8,
  assurance: u8,
  requestor: u16,
  trid: fc.constant("99900000001"),
  active: fc.boolean(),
  expiry: u16,
  provisionedAt: u32,
  notified: fc.boolean(),
  seq: u32,
  opened: fc.option(fc.record({ range: u16, digits: fc.constantFrom(16 as const, 19 as const) }), {
    nil: undefined,
  }),
});

const is = <Name extends string>(name: Name) => fc.constant(name);
const event: fc.Arbitrary<CardEvent> = fc.oneof(
  fc.record({
    event: is("provisioned"),
    change,
    token,
    agreement: fc.option(terms, { nil: undefined }),
  }),
  fc.record({
    event: is("cardChanged"),
    kind: fc.constantFrom("suspend" as const, "renew" as const),
    causedAtMs: u48,
    change,
  }),
  fc.record({ event: is("tokensChanged"), change }),
  fc.record({ event: is("flagged"), position: u16, ref: bytes16, untilSeconds: u32 }),
  fc.record({ event: is("agreementPut"), ref: bytes16, terms }),
  fc.record({ event: is("agreementRevoked"), ref: bytes16, key: bytes80, atSeconds: u32 }),
  fc.record({
    event: is("panBegun"),
    id: bytes16,
    newPan: pan,
    newIndex: bytes16,
    newShard: u16,
    newExpiry: u16,
    reason,
    dueMs: u48,
    sealVersion: u16,
  }),
  fc.record({ event: is("panResumed"), id: bytes16, attempt: u8, dueMs: u48 }),
  fc.record({ event: is("panNoted"), id: bytes16, noted, expiry: u16 }),
  fc.record({ event: is("panUpdated"), id: bytes16, change }),
  fc.record({ event: is("panRefused"), id: bytes16, code: is("CARD_NOT_ALLOWED") }),
  fc.record({
    event: is("linked"),
    id: bytes16,
    actor: bytes16,
    shard: u16,
    linked: fc.array(linkedToken, { maxLength: 3 }),
    change,
  }),
);

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
const masked = (value: unknown) => spell(value).replaceAll(/[0-9]{12,19}f+/g, "PAN");

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

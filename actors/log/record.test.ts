// Defends: a record's bytes never change once shipped (golden bytes, opened by an independent
// AES-SIV too); every truncation and every flipped bit is found; a record opens only under its own
// key version, and an unknown version is told apart from damage; what is too large is refused.
import { aessiv } from "@noble/ciphers/aes.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Key, KeyRing, type KeyState } from "../../crypto/mod.ts";
import {
  eventOverheadBytes,
  firstPrev,
  headBytes,
  type LogEvent,
  ownTypes,
  positionNumber,
  RecordError,
  type RecordFault,
  RecordSeal,
  readHead,
  recordBytesMax,
  recordEventsMax,
  recordHash,
  recordOverheadBytes,
  waitsForKey,
} from "./record.ts";

function logKey(version: number, state: KeyState = "ACTIVE"): Key {
  const bytes = Buffer.from(Array.from({ length: 64 }, (_, i) => i + version - 1));
  return { usage: "log", label: "", version, state, kcv: "", bytes };
}

const seal = new RecordSeal(new KeyRing([logKey(1)]));
const id = Buffer.from("00112233445566778899aabbccddeeff", "hex");
const head = {
  shard: 3,
  incarnation: 7,
  epoch: 2,
  nonce: Buffer.from("a0a1a2a3a4a5a6a7", "hex"),
  prev: firstPrev("evt", 3, 7),
  atMs: 1_767_225_600_123,
  horizonPtav: 1_767_225_599,
  horizonDe7: 1_767_225_590,
};
const events: LogEvent[] = [
  { type: 257, version: 1, critical: true, commandId: id, payload: Buffer.from("first") },
  { type: ownTypes.commandNoted, version: 2, critical: false, commandId: id, payload: Buffer.of() },
];

function faultOf(work: () => unknown): RecordFault | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof RecordError) return error.fault;
    throw error;
  }
}

const golden = [
  "01 0003 00000007 0000000000000002 a0a1a2a3a4a5a6a7",
  "2f1fd737767696cad1c45cae68562ec9",
  "0000019b76daa87b 6955b8ff 6955b8f6 0002 0001",
  "a85f6596f79ea325365cfb716740cb4d",
  "600c5df0246551d175b5ecfafcb6308ce4720e3138633908a175f6886648fb",
  "ab460a7ebeae00a21f171d46a4e4d3f2952aa7bd5480a7e7",
];

describe("golden bytes", () => {
  const bytes = seal.seal(head, events);

  test("are those of version 1", () => {
    expect(bytes.toString("hex")).toBe(golden.join("").replaceAll(" ", ""));
    expect(recordHash(bytes).toString("hex")).toBe("f6b774a9c36066da460d24ed16e5efcc");
  });

  test("open with another implementation of AES-SIV, the head being what is authenticated", () => {
    const other = aessiv(logKey(1).bytes, bytes.subarray(0, headBytes));
    const plain = Buffer.from(other.decrypt(bytes.subarray(headBytes)));
    const entries = ["00000005", "0101", "0001", "01", id.toString("hex"), "6669727374"];
    const noted = ["00000000", "ff03", "0002", "00", id.toString("hex")];
    expect(plain.toString("hex")).toBe([...entries, ...noted].join(""));
  });

  test("read back as what was written", () => {
    const record = seal.open(bytes);
    expect(record.head).toEqual({ ...head, count: 2, keyVersion: 1 });
    expect(record.events).toEqual(events);
    expect(readHead(bytes)).toEqual(record.head);
  });
});

describe("damage", () => {
  const bytes = seal.seal(head, events);

  test("every truncation is found", () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(
        faultOf(() => seal.open(bytes.subarray(0, length))),
        `${length}`,
      ).toBeDefined();
    }
  });

  test("every flipped bit is found, and so are bytes added", () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const copy = Buffer.from(bytes);
      copy[bit >> 3]! ^= 1 << (bit & 7);
      expect(
        faultOf(() => seal.open(copy)),
        `bit ${bit}`,
      ).toBeDefined();
    }
    expect(faultOf(() => seal.open(Buffer.concat([bytes, Buffer.of(0)])))).toBe("seal");
  });

  test("a record under an unknown key waits; a damaged one does not", () => {
    const other = new RecordSeal(new KeyRing([logKey(2)]));
    expect(faultOf(() => other.open(bytes))).toBe("key");
    const both = new KeyRing([logKey(1, "VERIFY_ONLY"), logKey(2)]);
    other.useKeys(both);
    expect(other.open(bytes).events).toHaveLength(2);
    expect(readHead(other.seal(head, events)).keyVersion).toBe(2);
    expect(waitsForKey(new RecordError("key", ""))).toBe(true);
    expect(waitsForKey(new RecordError("seal", ""))).toBe(false);
  });

  test("a version that is not known is said so", () => {
    const copy = Buffer.from(bytes);
    copy[0] = 2;
    expect(faultOf(() => readHead(copy))).toBe("version");
  });
});

describe("limits", () => {
  const one = (bytes: number): LogEvent => ({ ...events[0]!, payload: Buffer.alloc(bytes, 5) });

  test("the largest record is sealed and opened, one byte more is refused", () => {
    const room = recordBytesMax - recordOverheadBytes - eventOverheadBytes;
    const bytes = seal.seal(head, [one(room)]);
    expect(bytes).toHaveLength(recordBytesMax);
    expect(seal.open(bytes).events[0]!.payload).toHaveLength(room);
    expect(() => seal.seal(head, [one(room + 1)])).toThrow(RangeError);
  });

  test("more events than positions have room for are refused", () => {
    const many = Array.from({ length: recordEventsMax }, () => one(0));
    expect(seal.open(seal.seal(head, many)).events).toHaveLength(recordEventsMax);
    expect(() => seal.seal(head, [...many, one(0)])).toThrow(RangeError);
  });

  test("fields of the wrong length are refused", () => {
    expect(() => seal.seal({ ...head, nonce: Buffer.alloc(7) }, events)).toThrow(RangeError);
    expect(() => seal.seal(head, [{ ...events[0]!, commandId: id.subarray(1) }])).toThrow();
  });

  test("positions of a shard sort as numbers", () => {
    expect(positionNumber(1, recordEventsMax - 1)).toBeLessThan(positionNumber(2, 0));
  });
});

describe("streams", () => {
  test("begin with a prev of their own", () => {
    const all = [firstPrev("evt", 0, 1), firstPrev("pay", 0, 1), firstPrev("evt", 1, 1)];
    all.push(firstPrev("evt", 0, 2));
    expect(new Set(all.map((hash) => hash.toString("hex"))).size).toBe(4);
  });

  test("any events come back as they were", () => {
    const event = fc.record({
      type: fc.integer({ min: 0, max: 0xffff }),
      version: fc.integer({ min: 0, max: 0xffff }),
      critical: fc.boolean(),
      commandId: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((b) => Buffer.from(b)),
      payload: fc.uint8Array({ maxLength: 300 }).map((b) => Buffer.from(b)),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (many) => {
        expect(seal.open(seal.seal(head, many)).events).toEqual(many);
      }),
    );
  });
});

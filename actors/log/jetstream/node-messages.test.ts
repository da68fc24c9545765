// Defends: what nodes send each other comes back as it was, and no bytes from the network throw or
// are taken for more than they are.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type BlockAnswer,
  blockBytesMax,
  cutBlocks,
  readBlock,
  readBlockAnswers,
  readTail,
  writeBlock,
  writeBlockAnswers,
  writeTail,
} from "./node-messages.ts";

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const item = fc.record({
  shard: fc.integer({ min: 0, max: 99 }),
  epoch: fc.integer({ min: 0, max: 2 ** 50 }),
  message: bytes,
});
const answer: fc.Arbitrary<BlockAnswer> = fc.oneof(
  bytes.map((message) => ({ kind: "answer" as const, message })),
  fc.constantFrom({ kind: "moved" as const }, { kind: "failed" as const }),
);

describe("messages between nodes", () => {
  it("come back as they were", () => {
    fc.assert(
      fc.property(fc.array(item), (items) => {
        expect(readBlock(writeBlock(items))).toEqual(items);
      }),
    );
    fc.assert(
      fc.property(fc.array(answer), (answers) => {
        expect(readBlockAnswers(writeBlockAnswers(answers), answers.length)).toEqual(answers);
      }),
    );
    const hash = Buffer.alloc(16, 7);
    const stream = { seq: 5, hash };
    const notice = { node: "a", nonce: "00", epoch: 3, evt: stream, pay: { seq: 0, hash } };
    expect(readTail(writeTail(notice))).toEqual(notice);
  });

  it("are refused where they were cut, and never throw", () => {
    fc.assert(
      fc.property(fc.array(item, { minLength: 1 }), fc.nat(), (items, cut) => {
        const whole = writeBlock(items);
        const read = readBlock(whole.subarray(0, cut % whole.length));
        expect(read === undefined || read.length < items.length).toBe(true);
      }),
    );
    fc.assert(
      fc.property(bytes, (some) => {
        readBlock(some);
        readBlockAnswers(some, 3);
        readTail(some);
      }),
    );
    expect(readBlockAnswers(writeBlockAnswers([{ kind: "moved" }]), 2)).toBeUndefined();
    expect(readTail(Buffer.from('{"node":"a","nonce":"b","epoch":1}'))).toBeUndefined();
  });

  it("are cut into blocks that one request can carry, in order", () => {
    const items = Array.from({ length: 300 }, (_, i) => {
      return { shard: i % 16, epoch: 1, message: Buffer.alloc(10_000, i) };
    });
    const blocks = cutBlocks(items);
    expect(blocks.flat()).toEqual(items);
    expect(blocks.length).toBeGreaterThan(1);
    for (const block of blocks) expect(writeBlock(block).length).toBeLessThanOrEqual(blockBytesMax);
    const huge = { shard: 0, epoch: 1, message: Buffer.alloc(blockBytesMax) };
    expect(() => cutBlocks([huge])).toThrow(RangeError);
  });
});

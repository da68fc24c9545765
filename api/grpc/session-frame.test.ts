// Frames read and written in place are the frames that the generated code reads and writes, for any
// content, and no bytes make the reader throw.
import fc from "fast-check";
import { expect, test } from "vitest";
import { SessionRequest, SessionResponse } from "../../proto/mod.ts";
import {
  BlockWriter,
  countItems,
  decodeSessionRequest,
  decodeSessionResponse,
  encodeSessionResponse,
  itemHeadBytes,
} from "./session-frame.ts";

const item = fc.record({
  id: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  message: fc.uint8Array({ minLength: 1, maxLength: 400 }),
});
type Item = typeof item extends fc.Arbitrary<infer T> ? T : never;

function layOut(items: readonly Item[]): Buffer {
  return Buffer.concat(
    items.map(({ id, message }) => {
      const head = Buffer.alloc(itemHeadBytes);
      head.writeBigUInt64BE(id);
      head.writeUInt32BE(message.length, 8);
      return Buffer.concat([head, message]);
    }),
  );
}

function blockOf(bytes: Buffer): Buffer {
  const frame = decodeSessionRequest(bytes);
  if (frame.kind !== "block") throw new Error(`a ${frame.kind} is no block`);
  return frame.bytes.subarray(frame.start, frame.end);
}

test("the writer's frame is the generated encoder's, and is read back by both", () => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 80 }), (items) => {
      const writer = new BlockWriter(1 << 16);
      for (const { id, message } of items) {
        const [high, low] = [Number(id >> 32n), Number(id & 0xffffffffn)];
        writer.add(high, low, Buffer.from(message), 0, message.length);
      }
      const block = layOut(items);
      const bytes = encodeSessionResponse(writer.take());
      const plain = SessionResponse.encode({ frame: { $case: "block", block } }).finish();
      expect(bytes.equals(plain)).toBe(true);
      expect(blockOf(bytes).equals(block)).toBe(true);
      expect(SessionRequest.decode(bytes).frame).toEqual({ $case: "block", block });
      expect(countItems(block, 0, block.length, 80)).toBe(items.length);
    }),
  );
});

test("a block that is cut or stretched anywhere is refused as a whole", () => {
  const items = [1n, 2n, 3n].map((id) => ({ id, message: new Uint8Array(30 + Number(id)) }));
  const block = layOut(items);
  const ends = new Set([0, 43, 87, block.length]);
  for (let end = 0; end <= block.length; end++) {
    expect(countItems(block, 0, end, 10) >= 0).toBe(ends.has(end));
  }
  expect(countItems(block, 0, block.length, 2)).toBe(-1);
  const empty = Buffer.from(block);
  empty.writeUInt32BE(0, 8);
  expect(countItems(empty, 0, empty.length, 10)).toBe(-1);
});

test("any bytes are a frame or malformed, as the generated decoder sees it", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (raw) => {
      const bytes = Buffer.from(raw);
      const frame = decodeSessionResponse(bytes);
      let plain: SessionResponse | null;
      try {
        plain = SessionResponse.decode(bytes);
      } catch {
        plain = null;
      }
      if (plain === null) expect(frame.kind).toBe("malformed");
      else if (plain.frame?.$case === "block") {
        expect(frame.kind).toBe("block");
        if (frame.kind !== "block") return;
        expect(frame.bytes.subarray(frame.start, frame.end).equals(plain.frame.block)).toBe(true);
      } else expect(frame).toEqual({ kind: "message", message: plain });
    }),
    { numRuns: 2_000 },
  );
});

test("a field sent twice counts by its last value", () => {
  const one = SessionRequest.encode({ frame: { $case: "block", block: Buffer.from("a") } });
  const two = SessionRequest.encode({ frame: { $case: "block", block: Buffer.from("bc") } });
  expect(blockOf(Buffer.concat([one.finish(), two.finish()])).toString()).toBe("bc");
});

test("a buffer is used again only after it was copied", () => {
  const writer = new BlockWriter(64);
  writer.add(0, 1, Buffer.from("one"), 0, 3);
  const first = writer.take();
  writer.reuse(first);
  writer.add(0, 2, Buffer.from("two"), 0, 3);
  const second = writer.take();
  expect(second.bytes).not.toBe(first.bytes);
  expect(encodeSessionResponse(first).includes("one")).toBe(true);
  expect(encodeSessionResponse(second).includes("two")).toBe(true);
  writer.reuse(second);
  writer.add(0, 3, Buffer.from("three"), 0, 5);
  expect(writer.take().bytes).toBe(second.bytes);
});

test("an item larger than a frame gets one of its own", () => {
  const writer = new BlockWriter(64);
  const large = Buffer.alloc(200, "x");
  expect(writer.fits(large.length)).toBe(false);
  writer.add(0, 1, large, 0, large.length);
  const frame = writer.take();
  expect(encodeSessionResponse(frame).includes(large)).toBe(true);
  writer.reuse(frame);
  expect(writer.fits(20)).toBe(true);
  expect(writer.fits(200)).toBe(false);
});

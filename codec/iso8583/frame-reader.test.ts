// Property: any split of a byte stream gives the same frames, and a bad length ends the stream
// there.
import fc from "fast-check";
import { expect, test } from "vitest";
import { FRAME_PREFIX_BYTES, FrameReader, frame, mydebitFrames } from "./frame-reader.ts";
import { writeFramePrefix } from "./frame-writer.ts";

function framed(body: Uint8Array): Buffer {
  const out = Buffer.alloc(FRAME_PREFIX_BYTES + body.length);
  out.set(body, writeFramePrefix(out, 0, body.length));
  return out;
}

interface Outcome {
  readonly bodies: string[];
  readonly keepAlives: number;
  readonly brokenLength: number | null;
}

/** Feeds the stream in chunks of the given sizes (repeated), and gathers what comes out. */
function read(reader: FrameReader, stream: Buffer, sizes: readonly number[]): Outcome {
  const bodies: string[] = [];
  let turn = 0;
  for (let start = 0; start < stream.length && !reader.broken; turn++) {
    const chunk = stream.subarray(start, start + sizes[turn % sizes.length]!);
    start += chunk.length;
    for (let at = 0; at < chunk.length && !reader.broken; ) {
      const taken = reader.push(chunk, at);
      expect(taken).toBeGreaterThan(0);
      at += taken;
      while (reader.next() === frame.READY) {
        bodies.push(reader.buf.toString("hex", reader.offset, reader.offset + reader.length));
      }
    }
  }
  const brokenLength = reader.broken ? reader.brokenLength : null;
  return { bodies, keepAlives: reader.keepAlives, brokenLength };
}

const small = { bodyBytesMin: 3, bodyBytesMax: 40 };
const bodies = fc.array(
  fc.oneof(fc.constant(new Uint8Array(0)), fc.uint8Array({ minLength: 3, maxLength: 40 })),
  { maxLength: 40 },
);
const splits = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 20 });

test("any split gives the same frames", () => {
  fc.assert(
    fc.property(bodies, splits, (list, sizes) => {
      const stream = Buffer.concat(list.map(framed));
      const got = read(new FrameReader(small), stream, sizes);
      const filled = list.filter((body) => body.length > 0);
      expect(got.bodies).toEqual(filled.map((body) => Buffer.from(body).toString("hex")));
      expect(got.keepAlives).toBe(list.length - filled.length);
      expect(got.brokenLength).toBeNull();
    }),
    { numRuns: 500 },
  );
});

test("any bytes at all end alike, however they are split", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), splits, (bytes, sizes) => {
      // Small high bytes make prefixes that are often inside the limits.
      const stream = Buffer.from(bytes.map((b, i) => (i % 3 === 0 ? 0 : b)));
      const whole = read(new FrameReader(small), stream, [Math.max(1, stream.length)]);
      expect(read(new FrameReader(small), stream, sizes)).toEqual(whole);
    }),
    { numRuns: 1_000 },
  );
});

test("the largest and the smallest body of the dialect pass, one byte at a time too", () => {
  const stream = Buffer.concat([
    framed(Buffer.alloc(4_096, 1)),
    framed(Buffer.alloc(48, 2)),
    framed(Buffer.alloc(4_096, 3)),
  ]);
  for (const size of [1, 4_097, 4_098, 8_195, stream.length]) {
    const got = read(new FrameReader(mydebitFrames), stream, [size]);
    expect(got.bodies.map((hex) => hex.length / 2)).toEqual([4_096, 48, 4_096]);
  }
});

test.each([1, 47, 4_097, 65_535])("a body of %i bytes is FRAME_LENGTH and sticks", (length) => {
  const reader = new FrameReader();
  const prefix = Buffer.alloc(2);
  writeFramePrefix(prefix, 0, length);
  reader.push(Buffer.concat([framed(Buffer.alloc(48)), prefix, framed(Buffer.alloc(48))]), 0);
  expect([reader.next(), reader.next(), reader.next()]).toEqual([
    frame.READY,
    frame.BAD_LENGTH,
    frame.BAD_LENGTH,
  ]);
  expect(reader.brokenLength).toBe(length);
});

test("a length of zero is a sign of life and nothing else", () => {
  const reader = new FrameReader();
  reader.push(Buffer.from([0, 0, 0, 0]), 0);
  expect(reader.next()).toBe(frame.MORE);
  expect(reader.keepAlives).toBe(2);
});

test("the buffer never grows and never takes more than it holds", () => {
  const reader = new FrameReader(small);
  expect(reader.push(Buffer.alloc(1_000, 0), 0)).toBe(84);
  expect(reader.push(Buffer.alloc(1_000, 0), 0)).toBe(0);
  expect(reader.next()).toBe(frame.MORE);
  expect(reader.keepAlives).toBe(42);
  expect(reader.push(Buffer.alloc(10, 0), 4)).toBe(6);
});

test("limits outside 1 to 65,535 bytes are refused", () => {
  expect(() => new FrameReader({ bodyBytesMin: 0, bodyBytesMax: 10 })).toThrow(RangeError);
  expect(() => new FrameReader({ bodyBytesMin: 1, bodyBytesMax: 65_536 })).toThrow(RangeError);
});

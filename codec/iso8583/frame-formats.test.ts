// Property: in every framing, any split of a stream gives the same messages, what is written is
// read back, and bytes that are no frame end the stream without an exception.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Framing, framings } from "./frame-formats.ts";
import { ownHead, writeAnswerHead } from "./frame-head.ts";
import { FrameReader, frame } from "./frame-reader.ts";
import { encodeFrame } from "./frame-writer.ts";

const limits = { bodyBytesMin: 3, bodyBytesMax: 60 };
const names = Object.keys(framings);
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

interface Outcome {
  readonly messages: string[];
  readonly keepAlives: number;
  readonly controls: number;
  readonly brokenLength: number | null;
}

function read(framing: Framing, stream: Buffer, sizes: readonly number[]): Outcome {
  const reader = new FrameReader(limits, framing);
  const messages: string[] = [];
  let turn = 0;
  for (let start = 0; start < stream.length && !reader.broken; turn++) {
    const chunk = stream.subarray(start, start + sizes[turn % sizes.length]!);
    start += chunk.length;
    for (let at = 0; at < chunk.length && !reader.broken; ) {
      const taken = reader.push(chunk, at);
      expect(taken).toBeGreaterThan(0);
      at += taken;
      while (reader.next() === frame.READY) {
        messages.push(reader.buf.toString("hex", reader.offset, reader.offset + reader.length));
      }
    }
  }
  const { keepAlives, controls } = reader;
  return {
    messages,
    keepAlives,
    controls,
    brokenLength: reader.broken ? reader.brokenLength : null,
  };
}

/** The frame that says nothing: its number counts what it always counts, or is zero. */
function emptyFrame(framing: Framing): Buffer {
  const encoded = { binary: 0, bcd: 0, ascii: 0x30, hex: 0x30 }[framing.encoding];
  const prefix = Buffer.alloc(framing.prefixBytes);
  const { numberAt, numberBytes } = framing;
  prefix.fill(encoded, numberAt, numberAt + numberBytes);
  return prefix;
}

const bodies = fc.array(
  fc.oneof(fc.constant(null), fc.uint8Array({ minLength: 3, maxLength: 60 })),
  { maxLength: 20 },
);
const splits = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 10 });

describe.each(names)("%s", (name) => {
  const framing = framings[name]!;

  test("any split gives the same messages", () => {
    fc.assert(
      fc.property(bodies, splits, (list, sizes) => {
        const head = ownHead(framing, { destination: "0123", source: "0456" });
        const parts = list.map((body) =>
          body === null ? emptyFrame(framing) : encodeFrame(framing, body, head),
        );
        const filled = list.filter((body) => body !== null);
        expect(read(framing, Buffer.concat(parts), sizes)).toEqual({
          messages: filled.map((body) => Buffer.from(body).toString("hex")),
          keepAlives: list.length - filled.length,
          controls: 0,
          brokenLength: null,
        });
      }),
      { numRuns: 100 },
    );
  });

  test("any bytes at all end alike, however they are split", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), splits, (bytes, sizes) => {
        // Many zeros, so that numbers are often inside the limits.
        const stream = Buffer.from(bytes.map((b, i) => (i % 3 === 0 ? b % 64 : 0)));
        const whole = read(framing, stream, [Math.max(1, stream.length)]);
        expect(read(framing, stream, sizes)).toEqual(whole);
      }),
      { numRuns: 200 },
    );
  });

  test("a message over the limit ends the stream", () => {
    const head = ownHead(framing);
    const frames = [encodeFrame(framing, Buffer.alloc(60, 1), head)];
    frames.push(encodeFrame(framing, Buffer.alloc(61, 1), head));
    const got = read(framing, Buffer.concat(frames), [7]);
    expect([got.messages.length, got.brokenLength]).not.toContain(null);
    expect(got.messages.length).toBe(1);
  });
});

const message = Buffer.from("0800message", "latin1");

test.each([
  ["raw2", "000B"],
  ["amex", "000D"],
  ["cs", "000B 0000"],
  ["gicc", "0000 000B"],
  ["bcd", "0011"],
  ["ascii4", "30303131"],
  ["hex4", "30303042"],
  ["raw3", "00000B"],
  ["raw4", "0000000B"],
])("%s writes a message of eleven bytes as it should", (name, prefix) => {
  const framing = framings[name]!;
  expect(encodeFrame(framing, message)).toEqual(Buffer.concat([hex(prefix), message]));
});

test("base24-tcp counts its trailer, and a wrong one ends the stream", () => {
  const framing = framings["base24-tcp"]!;
  const bytes = encodeFrame(framing, message);
  expect(bytes).toEqual(Buffer.concat([hex("000C"), message, hex("03")]));
  bytes[bytes.length - 1] = 4;
  expect(read(framing, bytes, [100]).brokenLength).toBe(12);
});

test.each([
  ["bcd", "001A"],
  ["ascii4", "30302B39"],
  ["ascii4", "20203131"],
  ["hex4", "30303047"],
  ["cs", "000B 0001"],
  ["gicc", "0001 000B"],
  ["amex", "0001"],
])("%s takes %s for no number", (name, prefix) => {
  const got = read(framings[name]!, Buffer.concat([hex(prefix), message]), [100]);
  expect([got.messages, got.brokenLength === null]).toEqual([[], false]);
});

test("hex characters of either case are read", () => {
  const framing = framings.hex4!;
  const stream = Buffer.concat([Buffer.from("000b"), message, Buffer.from("000B"), message]);
  expect(read(framing, stream, [3]).messages.length).toBe(2);
});

describe("TPDU", () => {
  const nac = framings.nac!;
  const tpdu = hex("60 0123 8045");

  test("is counted, found, and answered with its addresses exchanged", () => {
    const bytes = encodeFrame(nac, message, tpdu);
    expect(bytes.subarray(0, 7)).toEqual(hex("0010 60 0123 8045"));
    const reader = new FrameReader(limits, nac);
    reader.push(bytes, 0);
    expect(reader.next()).toBe(frame.READY);
    const answer = Buffer.alloc(5);
    expect(writeAnswerHead(nac, reader.buf, reader.headOffset, answer, 0)).toBe(5);
    expect(answer).toEqual(hex("60 8045 0123"));
  });

  test("that does not begin with 60 is no header", () => {
    const reader = new FrameReader(limits, nac);
    reader.push(encodeFrame(nac, message, hex("68 0123 8045")), 0);
    expect(reader.next()).toBe(frame.BAD_HEAD);
    expect(() => ownHead(nac, { source: "12345" })).toThrow(RangeError);
  });
});

describe("BASE I", () => {
  const vap = framings.vap!;
  const head = ownHead(vap, { destination: "400551", source: "123456" });

  function first(bytes: Buffer): FrameReader {
    const reader = new FrameReader(limits, vap);
    reader.push(bytes, 0);
    reader.next();
    return reader;
  }

  test("carries the total length, and the answer goes back to its source", () => {
    const bytes = encodeFrame(vap, message, head);
    expect(bytes.subarray(0, 15)).toEqual(hex("0021 0000 16 01 02 0021 400551 123456"));
    const reader = first(bytes);
    const answer = Buffer.alloc(22);
    writeAnswerHead(vap, reader.buf, reader.headOffset, answer, 0);
    expect(answer.subarray(5, 11)).toEqual(hex("123456 400551"));
    expect([reader.length, reader.rejected]).toEqual([11, -1]);
  });

  test("further headers are passed over, and the answer has one", () => {
    const two = Buffer.concat([head, head]);
    two[1] = 0x81;
    const bytes = encodeFrame(vap, Buffer.concat([head, message]), two.subarray(0, 22));
    const reader = first(bytes);
    expect(reader.buf.toString("latin1", reader.offset, reader.offset + 11)).toBe("0800message");
    const answer = Buffer.alloc(22);
    writeAnswerHead(vap, reader.buf, reader.headOffset, answer, 0);
    expect(answer[1]).toBe(1);
  });

  test("a rejected message shows its code and its original", () => {
    const rejected = Buffer.concat([head, hex("80 00 03 57")]);
    rejected[0] = 26;
    const body = Buffer.concat([rejected.subarray(22), head, message]);
    const reader = first(encodeFrame(vap, body, rejected.subarray(0, 22)));
    expect(reader.rejected).toBe(357);
    expect(reader.buf.toString("latin1", reader.offset, reader.offset + 4)).toBe("0800");
  });

  test("a wrong total is no header; a session-control message is passed over", () => {
    const wrong = encodeFrame(vap, message, head);
    wrong[8] = 0x20;
    expect(first(wrong).broken).toBe(true);
    const control = encodeFrame(vap, message, head);
    control[3] = 0x21;
    const stream = Buffer.concat([control, encodeFrame(vap, message, head)]);
    const got = read(vap, stream, [5]);
    expect([got.controls, got.messages.length]).toEqual([1, 1]);
  });
});

// Property: whatever way a stream is cut into chunks, the same lines come out; what was written is
// read back the same; nothing that a spreadsheet would run is written.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beginsFormula, CsvError, LineReader, parseRow, writeRow } from "./mod.ts";

const texts = (line: string): string[] | undefined =>
  parseRow(Buffer.from(line), 20)?.map((field) => field.toString("utf8"));

describe("lines", () => {
  it("do not depend on how the stream is cut", () => {
    const pieces = fc.array(fc.string({ maxLength: 40 }), { maxLength: 20 });
    const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(pieces, cuts, (lines, sizes) => {
        const clean = lines.map((line) => line.replaceAll("\n", " "));
        const stream = Buffer.from(clean.map((line) => `${line}\n`).join(""));
        const reader = new LineReader(400);
        const out: string[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const end = at + sizes[turn % sizes.length]!;
          for (const line of reader.push(Buffer.from(stream.subarray(at, end)))) {
            out.push(line.toString("utf8"));
          }
          at = end;
        }
        expect(out).toEqual(clean);
        expect(reader.rest.length).toBe(0);
      }),
    );
  });

  it("of more than the limit are refused, without a line feed too", () => {
    const reader = new LineReader(10);
    expect([...reader.push(Buffer.from("0123456789\n01234"))]).toHaveLength(1);
    expect(() => [...reader.push(Buffer.from("567890"))]).toThrow(CsvError);
  });
});

describe("a row", () => {
  it("is read with and without quotes", () => {
    expect(texts("a,b,c")).toEqual(["a", "b", "c"]);
    expect(texts("")).toEqual([""]);
    expect(texts(",")).toEqual(["", ""]);
    expect(texts('"a,b","say ""hi""",')).toEqual(["a,b", 'say "hi"', ""]);
    expect(texts('""')).toEqual([""]);
  });

  it.each(['"open', 'a"b', '"a"b', '"a""', 'x,"'])(
    "is refused where quotes are wrong: %s",
    (line) => {
      expect(texts(line)).toBeUndefined();
    },
  );

  it("is refused with too many fields", () => {
    expect(parseRow(Buffer.from("1,2,3"), 2)).toBeNull();
  });

  it("is read back as it was written", () => {
    const field = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\n", ""));
    const plain = field.filter((text) => !beginsFormula(text));
    fc.assert(
      fc.property(fc.array(plain, { minLength: 1, maxLength: 20 }), (fields) => {
        expect(texts(writeRow(fields).slice(0, -1))).toEqual(fields);
      }),
    );
  });

  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])("is never a formula: %j", (text) => {
    expect(() => writeRow(["1", text])).toThrow(RangeError);
  });
});

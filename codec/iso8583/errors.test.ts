// Property: what is wrong with a message is named by a stable code, the path of the element, and
// the offset from the first byte; what a session does about it follows the table; no value of the
// message is in any error.
import { describe, expect, it } from "vitest";
import { knownTpan } from "../pan/fixtures.ts";
import { codeTable, packStatus, unpackStatus } from "./errors.ts";
import { type Codec, iso87Ascii, mydebit } from "./mod.ts";
import { mydebitFixtures, request0100, startBytes } from "./testdata/mydebit.ts";

const known = Buffer.concat([Buffer.from(startBytes), request0100.bytes]);

/** Offsets in the known 0100 behind its start bytes: element to data. */
const at = {
  mti: 12,
  bitmap: 16,
  second: 32,
  pan: 50,
  amount: 72,
  time: 84,
  currency: 166,
  list: 172,
};

type Edit = (message: Buffer) => Buffer;

const put =
  (offset: number, text: string): Edit =>
  (message) => {
    const bytes = Buffer.from(message);
    bytes.write(text, offset, "latin1");
    return bytes;
  };
const cut =
  (length: number): Edit =>
  (message) =>
    message.subarray(0, length);

/** Replaces the known DE120 by another text, with its length. */
const list =
  (text: string): Edit =>
  (message) =>
    Buffer.concat([
      message.subarray(0, at.list - 3),
      Buffer.from(String(text.length).padStart(3, "0") + text, "latin1"),
      message.subarray(message.length - 8),
    ]);

type Row = readonly [
  what: string,
  edit: Edit,
  code: string,
  path: string,
  offset: number,
  answered: boolean,
];

const rows: readonly Row[] = [
  ["a short header", cut(11), "HEADER_TRUNCATED", "", 0, false],
  ["another literal", put(0, "ISX"), "BAD_HEADER", "", 0, false],
  ["a letter in the header", put(5, "A"), "BAD_HEADER", "", 0, false],
  ["no whole MTI", cut(15), "MTI_TRUNCATED", "", 12, false],
  ["letters in the MTI", put(at.mti, "01A0"), "BAD_MTI", "", 12, false],
  ["another version", put(at.mti, "1100"), "BAD_MTI", "", 12, false],
  ["an unknown MTI", put(at.mti, "0300"), "UNKNOWN_MTI", "", 12, true],
  ["an unknown answer", put(at.mti, "0310"), "UNKNOWN_MTI", "", 12, false],
  ["a notification", put(at.mti, "0140"), "UNKNOWN_MTI", "", 12, false],
  ["half a bitmap", cut(20), "BITMAP_TRUNCATED", "", 16, false],
  ["half a second bitmap", cut(47), "BITMAP_TRUNCATED", "", 32, false],
  ["no hex in the bitmap", put(at.bitmap + 3, "G"), "BITMAP_NOT_HEX", "", 16, false],
  ["no hex in the second", put(at.second + 3, " "), "BITMAP_NOT_HEX", "", 32, false],
  ["bit 65", put(at.second, "8"), "NO_SECOND_BITMAP", "", 32, false],
  ["half a length", cut(at.pan - 1), "LEN_TRUNCATED", "2", 48, false],
  ["a sign in a length", put(at.pan - 2, "+9"), "LEN_NOT_NUMERIC", "2", 48, false],
  ["a long length", put(at.pan - 2, "20"), "LEN_EXCEEDS_MAX", "2", 48, false],
  ["an empty TPAN", put(at.pan - 2, "00"), "BAD_FORMAT", "2", 50, false],
  ["half an amount", cut(at.amount + 5), "FIELD_TRUNCATED", "4", 72, false],
  ["a letter in the amount", put(at.amount, "O"), "BAD_FORMAT", "4", 72, false],
  ["a byte that is no text", put(at.currency, "\x80"), "BAD_CHARSET", "49", 166, true],
  ["month 13", put(at.time, "1301000500"), "BAD_FORMAT", "7", 84, false],
  ["30 February", put(at.time, "0230000500"), "BAD_FORMAT", "7", 84, false],
  ["24 o'clock", put(at.time, "0101240500"), "BAD_FORMAT", "7", 84, false],
  ["half a tag", list("030119990000000105001C0"), "TLV_TAG_TRUNCATED", "120", 194, true],
  ["letters as a tag", list("0A001C"), "BAD_FORMAT", "120", 172, true],
  ["half a tag length", list("0500"), "TLV_LEN_TRUNCATED", "120.05", 174, true],
  ["no tag length", list("05 01C"), "LEN_NOT_NUMERIC", "120.05", 174, true],
  ["a long tag", list("05002CC"), "LEN_EXCEEDS_MAX", "120.05", 174, true],
  ["an empty tag", list("05000"), "BAD_FORMAT", "120.05", 177, true],
  ["an empty unknown tag", list("77000"), "BAD_FORMAT", "120.77", 177, true],
  ["a short TRID", list(`03010${"9".repeat(10)}`), "BAD_FORMAT", "120.03", 177, true],
  ["a tag over the end", list("77009abc"), "TLV_VALUE_TRUNCATED", "120.77", 177, true],
  ["a tag twice", list("77001a77001a"), "TLV_DUPLICATE", "120.77", 178, true],
  ["a digit as initiation", list("05001" + "1"), "BAD_FORMAT", "120.05", 177, true],
  ["a byte that is no text in a tag", list("77001\x01"), "BAD_CHARSET", "120.77", 177, true],
  ["a byte more", (m) => Buffer.concat([m, m.subarray(0, 1)]), "TRAILING_DATA", "", 241, true],
  ["half a MAC", cut(known.length - 4), "FIELD_TRUNCATED", "128", 233, true],
];

describe("scan of mydebit", () => {
  it.each(rows)("%s", (_, edit, code, path, offset, answered) => {
    const bytes = edit(known);
    const view = mydebit.createView();
    const status = mydebit.scan(view, bytes, 0, bytes.length);
    expect(mydebit.error(status, view)).toMatchObject({ code, path, offset });
    expect(mydebit.answerable(status, view)).toBe(answered);
  });

  it("65 tags are too many", () => {
    const composite = mydebit.spec.elements["120"]?.composite;
    const known120 = composite?.kind === "tag-list" ? composite.tags : {};
    const unknown = [...Array(100).keys()].filter((tag) => tag > 9 && !(tag in known120));
    expect(unknown.length).toBeGreaterThan(64);
    const view = mydebit.createView();
    const many = list(unknown.map((tag) => `${tag}001x`).join(""))(known);
    const refused = mydebit.scan(view, many, 0, many.length);
    expect(mydebit.error(refused, view)).toMatchObject({
      code: "TLV_TOO_MANY",
      path: `120.${unknown[64]}`,
      expected: 64,
      actual: 65,
    });
  });

  it("a bitmap in lower case is the same bitmap", () => {
    const bytes = put(at.bitmap, "f23c448108c08000")(known);
    const view = mydebit.createView();
    expect(mydebit.scan(view, bytes, 0, bytes.length)).toBe(0);
  });

  it("bit 1 clear means that the primary bitmap stands alone, and 30 can be answered", () => {
    const primary = Buffer.concat([
      put(at.bitmap, "7")(known).subarray(0, at.second),
      known.subarray(at.pan - 2, at.list - 3),
    ]);
    const view = mydebit.createView();
    expect(mydebit.scan(view, primary, 0, primary.length)).toBe(0);
    const status = mydebit.validate(view);
    expect(mydebit.error(status, view)).toMatchObject({ code: "MISSING_FIELD", path: "120" });
    expect(mydebit.answerable(status, view)).toBe(true);
  });
});

describe("scan of iso87-ascii", () => {
  const cases: readonly (readonly [text: string, code: string, path: string, offset: number])[] = [
    [`0900${"0".repeat(16)}`, "UNKNOWN_MTI", "", 0],
    ["0200" + "0000000000001000" + "0123456789ABCDEG", "BAD_HEX", "52", 20],
    ["0200" + "0000001000000000" + "X00000000", "BAD_FORMAT", "28", 20],
    ["0200" + "0000000020000000" + "03A=1", "BAD_FORMAT", "35", 22],
    ["0200" + "8000000000000000" + "8000000000000000", "NO_SECOND_BITMAP", "", 20],
  ];

  it.each(cases)("%s", (text, code, path, offset) => {
    const bytes = Buffer.from(text, "latin1");
    const view = iso87Ascii.createView();
    const status = iso87Ascii.scan(view, bytes, 0, bytes.length);
    expect(iso87Ascii.error(status, view)).toMatchObject({ code, path, offset });
  });
});

describe("errors", () => {
  it("count from the first byte, wherever that stands in the buffer", () => {
    const bytes = Buffer.concat([Buffer.alloc(100), put(at.amount, "O")(known)]);
    const view = mydebit.createView();
    const status = mydebit.scan(view, bytes, 100, bytes.length);
    expect(mydebit.error(status, view).offset).toBe(72);
  });

  it("hold no value of the message", () => {
    const view = mydebit.createView();
    for (const { bytes } of mydebitFixtures) {
      for (let length = 0; length < bytes.length; length++) {
        const status = mydebit.scanMessage(view, bytes, 0, length);
        const error = mydebit.error(status, view);
        const text = `${JSON.stringify(error)} ${error.message}`;
        expect(text).not.toContain(knownTpan.slice(0, 8));
        expect(text.length).toBeLessThan(300);
      }
    }
  });

  it("survive packing", () => {
    for (const [code, { number, action }] of Object.entries(codeTable)) {
      for (const [de, sub, path] of [
        [0, 0, ""],
        [120, 0, "120"],
        [120, 5, "120.04"],
        [192, 100, "192.99"],
      ] as const) {
        const status = packStatus(number, de, sub);
        expect(status | 0).toBe(status);
        const isInside = false;
        expect(unpackStatus(status)).toEqual({ code, de, sub, path, isInside, action });
      }
    }
    expect(() => unpackStatus(0)).toThrow(RangeError);
  });

  it("never come from the wrong end: a range behind the buffer is a bad length", () => {
    const view = mydebit.createView();
    const codecs: readonly Codec[] = [mydebit, iso87Ascii];
    for (const codec of codecs) {
      const status = codec.scanMessage(view, known, 12, known.length + 1);
      expect(codec.error(status, view).code).toBe("FRAME_LENGTH");
    }
  });
});

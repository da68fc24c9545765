// Property: an answer repeats exactly the echo set of its request, byte for byte, with patched
// elements in place, and never anything above the point where the scan failed. The known answer
// of the profile comes out whole.
import { describe, expect, it } from "vitest";
import { codeOf } from "./errors.ts";
import { answerMti, iso87Ascii, mydebit, ReplyPatch, type View } from "./mod.ts";
import { iso87AsciiFixtures } from "./testdata/iso87-ascii.ts";
import { answer0110, mydebitFixtures, request0100 } from "./testdata/mydebit.ts";

function fixture(name: string): Buffer {
  return mydebitFixtures.find((candidate) => candidate.name === name)!.bytes;
}

function setText(patch: ReplyPatch, at: number, de: number, text: string): number {
  patch.buf.write(text, at, "latin1");
  patch.set(de, at, text.length);
  return at + text.length;
}

/** Scans bytes, answers them, and scans the answer. */
function answered(bytes: Buffer, patch: ReplyPatch): { view: View; out: Buffer; status: number } {
  const view = mydebit.createView();
  const status = mydebit.scanMessage(view, bytes, 0, bytes.length);
  const out = Buffer.alloc(4_096, 0xee);
  const end = mydebit.reply(view, out, 5, patch);
  expect(end).toBeGreaterThan(0);
  expect(out[4]).toBe(0xee);
  expect(out[end]).toBe(0xee);
  const answer = mydebit.createView();
  expect(mydebit.scanMessage(answer, out, 5, end)).toBe(0);
  expect(mydebit.validate(answer)).toBe(0);
  return { view: answer, out: out.subarray(5, end), status };
}

function elements(view: View): number[] {
  return Array.from({ length: 127 }, (_, i) => i + 2).filter((de) => view.has(de));
}

describe("known answer", () => {
  it("is made from the request's bytes and four patched elements", () => {
    const wanted = mydebit.createView();
    mydebit.scanMessage(wanted, answer0110.bytes, 0, answer0110.bytes.length);
    const patch = new ReplyPatch();
    let at = 0;
    for (const de of [2, 14, 39, 120]) {
      at = setText(patch, at, de, wanted.text(de));
    }
    patch.withMac = true;
    const { out } = answered(request0100.bytes, patch);
    expect(out.length).toBe(315 + 8);
    expect(out.subarray(0, 315)).toEqual(answer0110.bytes.subarray(0, 315));
    expect(out.subarray(315)).toEqual(Buffer.alloc(8));
  });

  it("of the sign-on too", () => {
    const patch = new ReplyPatch();
    setText(patch, 0, 39, "00");
    patch.withMac = true;
    const { out } = answered(fixture("0800"), patch);
    const wanted = fixture("0810");
    expect(out.subarray(0, -8)).toEqual(wanted.subarray(0, -8));
  });
});

describe("echo sets", () => {
  const payment = [3, 4, 7, 11, 12, 13, 32, 33, 37, 41, 42, 49, 60, 61, 62, 63];
  const rows: readonly (readonly [mti: string, echo: readonly number[]])[] = [
    ["0100", [2, ...payment, 14]],
    ["0101", [2, ...payment, 14]],
    ["0200", [2, ...payment, 14]],
    ["0201", [2, ...payment, 14]],
    ["0220", [2, ...payment]],
    ["0400", [2, ...payment]],
    ["0401", [2, ...payment]],
    ["0420", [2, ...payment]],
    ["0421", [2, ...payment]],
    ["0120", [2, 7, 11, 32, 37]],
    ["0121", [2, 7, 11, 32, 37]],
    ["0302", [2, 7, 11, 12, 13, 32, 33, 37, 91, 101]],
    ["0800", [7, 11, 70]],
  ];

  it.each(rows)("of %s", (mti, echo) => {
    const request = fixture(mti);
    const before = mydebit.createView();
    mydebit.scanMessage(before, request, 0, request.length);
    const patch = new ReplyPatch();
    setText(patch, 0, 39, "00");
    const { view } = answered(request, patch);
    const present = echo.filter((de) => before.has(de));
    expect(elements(view)).toEqual([...present, 39].sort((a, b) => a - b));
    for (const de of present) {
      expect(view.text(de)).toBe(before.text(de));
    }
    expect(view.mti).toBe(answerMti(before.mti));
  });

  it("of a dialect without a table is the general one, under one bitmap if that will do", () => {
    const { bytes } = iso87AsciiFixtures[0]!;
    const view = iso87Ascii.createView();
    iso87Ascii.scanMessage(view, bytes, 0, bytes.length);
    const patch = new ReplyPatch();
    setText(patch, 0, 39, "05");
    const out = Buffer.alloc(512);
    const end = iso87Ascii.reply(view, out, 0, patch);
    const answer = iso87Ascii.createView();
    expect(iso87Ascii.scanMessage(answer, out, 0, end)).toBe(0);
    expect(answer.w0).toBeGreaterThan(0);
    expect(elements(answer)).toEqual([2, 3, 4, 7, 11, 12, 13, 32, 37, 39, 41, 42, 49]);
  });

  it("and a MAC in hex takes 16 characters", () => {
    const { bytes } = iso87AsciiFixtures[3]!;
    const view = iso87Ascii.createView();
    iso87Ascii.scanMessage(view, bytes, 0, bytes.length);
    const patch = new ReplyPatch();
    patch.withMac = true;
    const out = Buffer.alloc(512);
    const end = iso87Ascii.reply(view, out, 0, patch);
    expect(out.toString("latin1", 0, end)).toBe(
      `0810822000000000000004000000000000010101000000000009301${"0".repeat(16)}`,
    );
  });
});

describe("answers to what cannot be understood", () => {
  it("repeat 7, 11, 32 and 37 as far as they scanned cleanly", () => {
    const bytes = Buffer.from(request0100.bytes);
    const view = mydebit.createView();
    mydebit.scanMessage(view, bytes, 0, bytes.length);
    bytes[view.offset(49)] = 0x01;
    const patch = new ReplyPatch();
    patch.errorOnly = true;
    setText(patch, 0, 39, "30");
    const { view: answer, status } = answered(bytes, patch);
    expect(codeOf(status)).toBe("BAD_CHARSET");
    expect(elements(answer)).toEqual([7, 11, 32, 37, 39]);
    expect(answer.text(37)).toBe(view.text(37));
  });

  it("leave out what stood behind the fault", () => {
    const bytes = Buffer.from(request0100.bytes);
    const view = mydebit.createView();
    mydebit.scanMessage(view, bytes, 0, bytes.length);
    bytes[view.offset(14)] = 0x41;
    const patch = new ReplyPatch();
    patch.errorOnly = true;
    setText(patch, 0, 39, "30");
    const out = Buffer.alloc(128);
    const broken = mydebit.createView();
    mydebit.scanMessage(broken, bytes, 0, bytes.length);
    const end = mydebit.reply(broken, out, 0, patch);
    const answer = mydebit.createView();
    expect(mydebit.scanMessage(answer, out, 0, end)).toBe(0);
    expect(elements(answer)).toEqual([7, 11, 39]);
  });

  it("of an unknown type carry its answer type", () => {
    const bytes = Buffer.from(request0100.bytes);
    bytes.write("0300", 0, "latin1");
    const patch = new ReplyPatch();
    patch.errorOnly = true;
    setText(patch, 0, 39, "30");
    const out = Buffer.alloc(128);
    const view = mydebit.createView();
    expect(codeOf(mydebit.scanMessage(view, bytes, 0, bytes.length))).toBe("UNKNOWN_MTI");
    const end = mydebit.reply(view, out, 0, patch);
    expect(out.toString("latin1", 0, end)).toBe(
      "0310822000010A000000000000000000000001010005000001230645800160010000012330",
    );
  });
});

describe("bounds", () => {
  it("every output that is too small is OUTPUT_FULL, and nothing behind it is touched", () => {
    const { bytes } = request0100;
    const view = mydebit.createView();
    mydebit.scanMessage(view, bytes, 0, bytes.length);
    const patch = new ReplyPatch();
    setText(patch, 0, 39, "00");
    setText(patch, 2, 120, "x".repeat(200));
    patch.withMac = true;
    const whole = Buffer.alloc(1_024);
    const end = mydebit.reply(view, whole, 0, patch);
    for (let room = 0; room < end; room++) {
      expect(codeOf(mydebit.reply(view, Buffer.alloc(room), 0, patch))).toBe("OUTPUT_FULL");
    }
    expect(mydebit.reply(view, Buffer.alloc(end), 0, patch)).toBe(end);
  });

  it("a patched value that does not fit its element is refused", () => {
    const view = mydebit.createView();
    mydebit.scanMessage(view, request0100.bytes, 0, request0100.bytes.length);
    const patch = new ReplyPatch();
    setText(patch, 0, 39, "000");
    const status = mydebit.reply(view, Buffer.alloc(1_024), 0, patch);
    expect(mydebit.error(status, view)).toMatchObject({ code: "ENCODE_TOO_LONG", path: "39" });
  });

  it("an answer is never answered", () => {
    const view = mydebit.createView();
    mydebit.scanMessage(view, answer0110.bytes, 0, answer0110.bytes.length);
    expect(mydebit.reply(view, Buffer.alloc(1_024), 0, new ReplyPatch())).toBeLessThan(0);
  });
});

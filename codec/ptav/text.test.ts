// Defends: a PTAV has exactly one text. The table decoder takes a text exactly when Buffer's own
// base64 would write that very text back from 20 bytes; so url-safe letters, missing or doubled
// padding, spare bits and white space, all of which Buffer forgives, are refused.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodePtavText, encodePtavText, PTAV_BYTES, PTAV_TEXT } from "./mod.ts";

function decode(text: string): Buffer | undefined {
  const src = Buffer.from(`..${text}..`, "latin1");
  const dst = Buffer.alloc(PTAV_BYTES + 4, 0xee);
  const ok = decodePtavText(src, 2, text.length, dst, 2);
  expect(dst[0]).toBe(0xee);
  expect(dst[22]).toBe(0xee);
  return ok ? dst.subarray(2, 22) : undefined;
}

/** The plain version: forgiving decode, then demand the same text back. */
function decodePlainly(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.length === PTAV_BYTES && bytes.toString("base64") === text ? bytes : undefined;
}

const ptavBytes = fc.uint8Array({ minLength: PTAV_BYTES, maxLength: PTAV_BYTES });

describe("PTAV text", () => {
  test("round trip equals Buffer's base64", () => {
    fc.assert(
      fc.property(ptavBytes, (bytes) => {
        const text = Buffer.from(bytes).toString("base64");
        const written = Buffer.alloc(PTAV_TEXT + 2, 0x2e);
        encodePtavText(bytes, 0, written, 1);
        expect(written.toString("latin1")).toBe(`.${text}.`);
        expect(decode(text)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test("every character at every place is judged as the plain version judges it", () => {
    const good = Buffer.from("00112233445566778899aabbccddeeff01020304", "hex").toString("base64");
    for (let at = 0; at < PTAV_TEXT; at++) {
      for (let code = 0; code < 256; code++) {
        const text = good.slice(0, at) + String.fromCharCode(code) + good.slice(at + 1);
        expect(decode(text), `character ${code} at ${at}`).toEqual(decodePlainly(text));
      }
    }
  });

  test("any 28 characters are judged as the plain version judges them", () => {
    const character = fc.constantFrom(..."ABCXYZabcxyz0189+/=-_ \n");
    const text = fc.array(character, { minLength: 28, maxLength: 28 }).map((all) => all.join(""));
    fc.assert(
      fc.property(text, (sample) => {
        expect(decode(sample)).toEqual(decodePlainly(sample));
      }),
      { numRuns: 500 },
    );
  });

  const bytes = Buffer.alloc(PTAV_BYTES, 0xfb);
  const text = bytes.toString("base64");
  test.each([
    ["url-safe alphabet", text.replaceAll("+", "-").replaceAll("/", "_")],
    ["missing padding", text.slice(0, 27)],
    ["padding doubled", `${text.slice(0, 26)}==`],
    ["padding added", `${text}=`],
    ["spare bits", `${text.slice(0, 26)}t=`],
    ["white space", `${text.slice(0, 27)}\n`],
    ["nothing", ""],
    ["40 characters", text.padEnd(40, "A")],
  ])("refuses %s", (_, bad) => {
    expect(bad).not.toBe(text);
    expect(decode(bad)).toBeUndefined();
  });

  test("refuses ranges outside its buffers", () => {
    const src = Buffer.from(text);
    expect(decodePtavText(src, 1, PTAV_TEXT, Buffer.alloc(20), 0)).toBe(false);
    expect(decodePtavText(src, -1, PTAV_TEXT, Buffer.alloc(20), 0)).toBe(false);
    expect(decodePtavText(src, 0, PTAV_TEXT, Buffer.alloc(20), 1)).toBe(false);
  });
});

// Templates of the readers of message bitmaps: 64 bits each into two words.
import type { Dialect } from "../dialect.ts";
import { isEbcdic } from "../ebcdic.ts";
import { failAt } from "./field.ts";
import { byteAt } from "./value.ts";

/** Reads 16 hex digits at p into two words; `hex` is the table of digit values by byte. */
function hexBitmap(hex: string, first: string, second: string): string[] {
  const nibbles = Array.from({ length: 16 }, (_, i) => `h${i}`);
  const word = (from: number): string =>
    nibbles
      .slice(from, from + 8)
      .map((name, i) => (i === 7 ? name : `(${name} << ${28 - 4 * i})`))
      .join(" | ");
  return [
    `  if (end - p < 16) ${failAt("BITMAP_TRUNCATED", 0, "p", 16, "end - p")}`,
    ...nibbles.map((name, i) => `  const ${name} = ${hex}[${byteAt("p", i)}]!;`),
    `  if ((${nibbles.join(" | ")}) > 15) ${failAt("BITMAP_NOT_HEX", 0, "p", 16, 16)}`,
    `  ${first} = ${word(0)};`,
    `  ${second} = ${word(8)};`,
  ];
}

/** Reads eight bytes at p into two words, by hand: a native read costs a call. */
function rawBitmap(first: string, second: string): string[] {
  const word = (from: number): string =>
    [0, 1, 2, 3]
      .map((i) => (i === 3 ? byteAt("p", from + i) : `(${byteAt("p", from + i)} << ${24 - 8 * i})`))
      .join(" | ");
  return [
    `  if (end - p < 8) ${failAt("BITMAP_TRUNCATED", 0, "p", 8, "end - p")}`,
    `  ${first} = ${word(0)};`,
    `  ${second} = ${word(4)};`,
  ];
}

const names = ["Primary", "Secondary", "Third"] as const;
const notes = [
  "/** Primary bitmap at p; returns the position after it, or a packed status. */",
  "/** Secondary bitmap at p; bit 65 would announce a third one, where the dialect ends. */",
  "/** Third bitmap at p; bit 129 would announce a fourth one, where the dialect ends. */",
] as const;

/** The readers of all bitmaps that the dialect can carry. */
export function bitmapReaders(dialect: Dialect): string[] {
  const { encoding, bits, continues } = dialect.bitmap;
  const size = encoding === "raw" ? 8 : 16;
  const hex = isEbcdic(encoding) ? `hex${encoding.slice("ebcdic-".length)}` : "hex";
  return Array.from({ length: bits / 64 }, (_, i) => {
    const [first, second] = [`v.w${2 * i}`, `v.w${2 * i + 1}`];
    const bit = 64 * i + 1;
    const refused =
      continues === "bit1" && bit + 64 > bits && (bit === 1 || dialect.elements[bit] === undefined);
    const note = i > 0 && !refused ? notes[0].replace("Primary", names[i]!) : notes[i]!;
    return [
      note,
      `function read${names[i]}(v: View, b: Buffer, p: number, end: number): number {`,
      ...(encoding === "raw" ? rawBitmap(first, second) : hexBitmap(hex, first, second)),
      ...(refused ? [`  if (${first} < 0) ${failAt("NO_SECOND_BITMAP", 0, "p", -1, -1)}`] : []),
      `  return p + ${size};`,
      "}",
      "",
    ];
  }).flat();
}

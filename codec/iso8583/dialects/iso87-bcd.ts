import type { Dialect } from "../dialect.ts";
import { composites1987, rows1987 } from "./fields-1987.ts";
import { iso87AsciiSpec } from "./iso87-ascii.ts";
import { elementsOf, packedWriting, withRows } from "./rows.ts";

const { 3: processingCode, 90: originalElements, 95: replacementAmounts } = composites1987;

/**
 * ISO 8583:1987 packed, with the meaning of the most used open packager: fixed numbers in BCD with
 * an odd digit filled on the left, numbers of variable length filled on the right and counted in
 * digits, BCD lengths, signed amounts as an ASCII sign and BCD, text in ASCII, binary raw.
 */
export const iso87BcdSpec: Dialect = {
  ...iso87AsciiSpec,
  name: "iso87-bcd",
  title: "ISO 8583:1987, packed",
  mti: { ...iso87AsciiSpec.mti, encoding: "bcd" },
  bitmap: { encoding: "raw", bits: 128, continues: "bit1", writesAll: false },
  elements: elementsOf(
    // Track 3 stays in ASCII there: only track 2 is packed.
    withRows(rows1987, [[36, "track 3 data", "ans", [0, 104], "track"]]),
    { 3: processingCode!, 90: originalElements!, 95: replacementAmounts! },
    packedWriting({
      lengths: "bcd",
      fixedFiller: "zero-left",
      variableFiller: "zero-right",
      text: "ascii",
    }),
  ),
  usualRuns: [],
};

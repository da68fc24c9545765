import type { Dialect, MessageSpec } from "../dialect.ts";
import { composites1993, rows1993 } from "./fields-1993.ts";
import { asciiWriting, elementsOf, packedWriting, withRows } from "./rows.ts";

const messages: readonly MessageSpec[] = [
  {
    mtis: ["1804", "1805", "1820", "1821", "1824", "1825"],
    use: "network management",
    mandatory: [],
    forbidden: [],
    echo: [7, 11, 24],
  },
];

/** ISO 8583:1993 in ASCII: hex bitmaps, binary fields as two hex characters a byte. */
export const iso93AsciiSpec: Dialect = {
  name: "iso93-ascii",
  title: "ISO 8583:1993, ASCII",
  header: null,
  mti: {
    encoding: "ascii",
    version: "1",
    known: { kind: "digits", classes: "12345678", functions: "012345", origins: "012345" },
  },
  bitmap: { encoding: "hex", bits: 128, continues: "bit1", writesAll: false },
  // The largest message that a 2-byte frame length can announce.
  bytesMax: 65_535,
  // Binary data is hex here: the objects of DE55 stand in hex text.
  elements: elementsOf(rows1993, composites1993, asciiWriting("hex")),
  messages,
  usualRuns: [],
  echo: [2, 3, 4, 7, 11, 12, 13, 32, 33, 37, 41, 42, 49, 59],
  errorEcho: [7, 11, 32, 37],
};

/** ISO 8583:1993 packed: BCD with the odd digit on the right, tracks in ASCII, binary raw. */
export const iso93BcdSpec: Dialect = {
  ...iso93AsciiSpec,
  name: "iso93-bcd",
  title: "ISO 8583:1993, packed",
  mti: { ...iso93AsciiSpec.mti, encoding: "bcd" },
  bitmap: { encoding: "raw", bits: 128, continues: "bit1", writesAll: false },
  elements: elementsOf(
    withRows(rows1993, [
      [35, "track 2 data", "ans", [0, 37], "track"],
      [36, "track 3 data", "ans", [0, 104], "track"],
    ]),
    composites1993,
    packedWriting({
      lengths: "bcd",
      fixedFiller: "zero-right",
      variableFiller: "zero-right",
      text: "ascii",
    }),
  ),
};

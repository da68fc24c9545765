import type { Dialect } from "../dialect.ts";
import { composites1987, rows1987 } from "./fields-1987.ts";
import { asciiWriting, elementsOf } from "./rows.ts";

/**
 * ISO 8583:1987 in ASCII throughout, as the common open libraries write it: no start bytes, hex
 * bitmaps, binary fields as two hex characters a byte. Any message type of the 1987 version passes;
 * presence is not judged, because each network has its own table.
 */
export const iso87AsciiSpec: Dialect = {
  name: "iso87-ascii",
  title: "ISO 8583:1987, ASCII",
  header: null,
  mti: {
    encoding: "ascii",
    version: "0",
    known: { kind: "digits", classes: "12345678", functions: "01234", origins: "012345" },
  },
  bitmap: { encoding: "hex", bits: 128, continues: "bit1", writesAll: false },
  // The largest message that a 2-byte frame length can announce.
  bytesMax: 65_535,
  elements: elementsOf(rows1987, composites1987, asciiWriting("hex")),
  messages: [
    {
      mtis: ["0800", "0801", "0820", "0821"],
      use: "network management",
      mandatory: [],
      forbidden: [],
      echo: [7, 11, 70],
    },
  ],
  usualRuns: [[3, 4, 7, 11, 12, 13, 14, 18, 22, 25]],
  echo: [2, 3, 4, 7, 11, 12, 13, 32, 33, 37, 41, 42, 49],
  errorEcho: [7, 11, 32, 37],
};

import type { Dialect } from "../dialect.ts";
import { elements2003 } from "./fields-2003.ts";

/** ISO 8583:2003, packed, after the public common message format of an open implementation. */
export const iso2003Spec: Dialect = {
  name: "iso2003",
  title: "ISO 8583:2003, packed",
  header: null,
  mti: {
    encoding: "bcd",
    version: "2",
    known: { kind: "digits", classes: "12345678", functions: "01234567", origins: "012345" },
  },
  bitmap: { encoding: "raw", bits: 128, continues: "bit1", writesAll: false },
  bytesMax: 65_535,
  elements: elements2003,
  messages: [
    {
      mtis: ["2804", "2805", "2820", "2821", "2824", "2825"],
      use: "network management",
      mandatory: [],
      forbidden: [],
      echo: [7, 11, 24],
    },
  ],
  usualRuns: [],
  echo: [2, 3, 4, 7, 11, 12, 13, 32, 33, 37, 41, 42],
  errorEcho: [7, 11, 32, 37],
};

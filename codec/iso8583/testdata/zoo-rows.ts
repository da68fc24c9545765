// One element of the zoo a row: its bytes on the wire as hex, prefix first, and what they say.
// Written by hand from the rules of each encoding; the pieces of a row stand apart.

export interface ZooRow {
  readonly de: number;
  readonly what: string;
  /** Prefix, data; spaces between the pieces. */
  readonly wire: string;
  /** null: the text as a whole says nothing (hex inside of EBCDIC). */
  readonly value: string | null;
  /** Paths below the element and texts of the parts inside, in the order of the wire. */
  readonly parts?: readonly (readonly [path: string, text: string])[];
}

const row = (
  de: number,
  what: string,
  wire: string,
  value: string | null,
  parts?: ZooRow["parts"],
): ZooRow => ({ de, what, wire, value, ...(parts === undefined ? {} : { parts }) });

export const zooRows: readonly ZooRow[] = [
  row(2, "BCD length counting digits, odd digit F on the right", "05 12 34 5F", "12345"),
  row(2, "the same, empty", "00", ""),
  row(3, "BCD, odd digit 0 on the left", "01 23", "123"),
  row(4, "BCD, odd digit 0 on the right", "12 30", "123"),
  row(5, "BCD, odd digit F on the left", "F1 23", "123"),
  row(6, "BCD, odd digit F on the right", "12 3F", "123"),
  row(7, "track in BCD, binary length counting bytes", "03 12 D3 4F", "12D34"),
  row(7, "the same, even", "02 12 D4", "12D4"),
  row(8, "BCD of LLL bytes: two BCD bytes of length", "00 02 01 23", "0123"),
  row(9, "sign in ASCII, amount in BCD", "43 00 00 12 34", "C00001234"),
  row(10, "sign and amount in EBCDIC", "C4 F0 F0 F1 F2", "D0012"),
  row(11, "sign and BCD, length counting sign and digits", "30 34 43 12 30", "C123"),
  row(12, "Latin-1, one digit of length", "33 41 E9 62", "Aéb"),
  row(13, "EBCDIC 037 with a length in EBCDIC: [ is BA", "F0 F2 BA C1", "[A"),
  row(14, "EBCDIC 500, LLLL in two BCD bytes", "00 03 C1 40 F1", "A 1"),
  row(15, "EBCDIC 1047: [ is AD", "AD BD 5F 40", "[]^ "),
  row(16, "UTF-8, length counting characters", "30 30 33 41 C3A9 F09F9880", "Aé😀"),
  row(17, "UTF-8, binary length counting bytes", "00 05 C3A9 E282AC", "é€"),
  row(18, "UTF-8, fixed in characters", "C3A9 41 42", "éAB"),
  row(19, "hex text, fixed", "30 31 61 62 43 44 66 46", "01abCDfF"),
  row(20, "hex text, length counting bytes", "30 32 30 31 41 42", "01AB"),
  row(21, "hex text, EBCDIC length counting characters", "F0 F4 30 31 41 42", "01AB"),
  row(22, "hex text, BCD length counting digits", "00 04 30 31 41 42", "01AB"),
  row(23, "bytes, two-byte binary length", "01 00" + " 7F".repeat(256), "7F".repeat(256)),
  row(24, "bytes, LLLLLL", "30 30 30 30 30 31 FE", "FE"),
  row(25, "date and time in BCD", "12 31 23 59 59", "1231235959"),
  row(26, "date in EBCDIC", "F2 F0 F2 F4 F0 F2 F2 F9", "20240229"),
  row(27, "YYMMDDhhmmss", "323430323239323335393539", "240229235959"),
  row(28, "time in Latin-1", "32 33 35 39 35 39", "235959"),
  row(29, "LLLLL", "30 30 30 30 32 31 2F", "1/"),
  row(30, "long date and time in BCD", "20 00 02 29 00 00 00", "20000229000000"),
  row(31, "EBCDIC letters, one-byte binary length", "02 C1 81", "Aa"),
  row(32, "track in BCD, fixed, odd digit on the left", "01 2D 34", "12D34"),
  row(40, "slices in EBCDIC, the last one short", "303034 F1F2 C1C2", "12AB", [
    ["1", "12"],
    ["2", "AB"],
  ]),
  row(
    41,
    "slices that repeat",
    "303232 3132 4330303031 32393132 3334 4430303032 33303031",
    "12C0001291234D00023001",
    [
      ["1", "12"],
      ["2", "C0001"],
      ["3", "2912"],
      ["4", "34"],
      ["5", "D0002"],
      ["6", "3001"],
    ],
  ),
  row(42, "slices of BCD, one in the middle of a byte", "01 23 45", "12345", [
    ["1", "12"],
    ["2", "34"],
    ["3", "5"],
  ]),
  row(43, "slices that may be missing", "303036 616263 646566", "abcdef", [
    ["1", "abc"],
    ["2", "def"],
  ]),
  row(
    44,
    "tags with letters in EBCDIC, bytes and BCD as values",
    "303233 C1C2F1 F0F0F2 F1F2 A7A8A9 F0F0F1 FE F0F0F7 F0F0F2 F123",
    null,
    [
      ["AB1", "12"],
      ["xyz", "FE"],
      ["007", "123"],
    ],
  ),
  row(
    45,
    "a leading letter, a list in a list, hex in EBCDIC, an unknown tag",
    "303234 E3 F3F3F0F6 F0F1F0F2F1F2 F4F0F0F4 30314142 F9F9F0F1 40",
    null,
    [
      ["33", "010212"],
      ["33.01", "12"],
      ["40", "01AB"],
      ["99", " "],
    ],
  ),
  row(46, "one tag twice, once empty", "303136 30313035 303032 6162 30313035 303030", "0105002ab0105000", [
    ["0105", "ab"],
    ["0105", ""],
  ]),
  row(
    47,
    "two bytes, a hex bitmap, parts 1 and 3",
    "303131 0102 41303030 3132 3031 78",
    "\x01\x02A0001201x",
    [
      ["1", "12"],
      ["3", "x"],
    ],
  ),
  row(
    48,
    "a raw bitmap that announces another",
    "0015 C0000000 00000000 40000000 00000000 3132 3031 78",
    "C00000000000000040000000000000003132303178",
    [
      ["2", "12"],
      ["66", "x"],
    ],
  ),
  row(49, "a chain: 15 bits, then 7", "0007 C000 40 31 313233", "C0004031313233", [
    ["1", "1"],
    ["16", "123"],
  ]),
  row(
    50,
    "BER-TLV, one object in another, zero bytes at the end",
    "0015 82 02 1800 9F02 06 000000012345 E1 04 5A 02 123F 0000",
    "820218009F0206" + "000000012345E1045A02123F0000",
    [
      ["82", "1800"],
      ["9F02", "000000012345"],
      ["E1", "5A02123F"],
      ["E1.5A", "123"],
    ],
  ),
  row(
    51,
    "a length in long form, a zero byte between, an unknown object",
    "000B 57 81 02 12D3 00 5F2A 02 0458",
    "57810212D3005F2A020458",
    [
      ["57", "12D3"],
      ["5F2A", "0458"],
    ],
  ),
  row(
    52,
    "datasets: objects, a chained bitmap, an unknown one",
    "0014 68 0004 5A02123F 01 0006 3000 3132 3030 99 0001 AA",
    "6800045A02123F0100063000313230309900" + "01AA",
    [
      ["68", "5A02123F"],
      ["68.5A", "123"],
      ["01", "300031323030"],
      ["01.2", "12"],
      ["01.3", ""],
      ["99", "AA"],
    ],
  ),
  row(
    53,
    "tokens in EBCDIC: the count and the total count the header",
    "303337 5040 F0F0F0F0F3 F0F0F0F3F7 5A40C2F4F0F0F0F0F440 F0F1F0F2 5A40D8F1F0F0F0F0F140 A7",
    "& 0000300037! B400004 0102! Q100001 x",
    [
      ["B4", "0102"],
      ["Q1", "x"],
    ],
  ),
  row(54, "a sequence without its last part", "303035 3132 3031 78", "1201x", [
    ["1", "12"],
    ["2", "x"],
  ]),
  row(55, "a sequence of bytes, objects, BCD", "000A FF 0004 5A02123F 03 123F", "FF00045A02123F03123F", [
    ["1", "FF"],
    ["2", "5A02123F"],
    ["2.5A", "123"],
    ["3", "123"],
  ]),
  row(57, "a bitmap in EBCDIC hex", "303035 F4F1 F1F2 F3", "41123", [
    ["2", "12"],
    ["8", "3"],
  ]),
  row(
    59,
    "objects in hex text, one of which holds hex text again",
    "303534 3832303231383030 4532303833353431333033323331333233333436 " +
      "3537303231324433 39463130303234313432 35 46324130313538",
    "82021800E2083541303231323346570212D39F100241425F2A0158",
    [
      ["82", "1800"],
      ["E2", "5A02123F"],
      ["E2.5A", "123"],
      ["57", "12D3"],
      ["9F10", "AB"],
      ["5F2A", "58"],
    ],
  ),
  row(61, "datasets in hex text", "000B 3031303030343832303231383030 3939303030314141", "01000482021800990001AA", [
    ["01", "82021800"],
    ["01.82", "1800"],
    ["99", "AA"],
  ]),
  row(
    62,
    "a header and a bitmap in hex text, in it a part of hex text",
    "F1F5 4646 34303830 33313332 " +
      "33303334 33353431333033323331333233333436",
    "FF4080313230343541303231323346",
    [
      ["2", "12"],
      ["9", "5A02123F"],
      ["9.5A", "123"],
    ],
  ),
  row(63, "a sequence in hex text", "3036 363136323633 303331323346", "61626303123F", [
    ["1", "abc"],
    ["2", "123"],
  ]),
  row(66, "second bitmap", "41 42", "AB"),
  row(128, "last of the second bitmap", "FE", "FE"),
  row(130, "third bitmap", "30 31 39", "9"),
  row(192, "last of the third bitmap", "12", "12"),
];

/** The same for 0200, whose messages have a layout of their own. */
export const zooRows0200: readonly ZooRow[] = [
  row(3, "Latin-1 instead of BCD", "30 32 41 E9", "A\xe9"),
  row(41, "objects instead of slices", "0004 5A 02 123F", "5A02123F", [["5A", "123"]]),
  row(60, "an element that other messages lack", "F1 F2", "12"),
];

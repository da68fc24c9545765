// Messages of the `mydebit` dialect, one a type, written by hand from the tables: the bytes of
// each element stand on a line of their own. The first two and the sign-on are known answers of
// the profile.
import { knownPan, knownTpan } from "../../pan/fixtures.ts";

export interface Fixture {
  readonly name: string;
  /** From the MTI on. */
  readonly bytes: Buffer;
}

/** Start bytes of the profile: the literal, then nine digits. */
export const startBytes = "ISO026000050";

const mac = (hex: string): Buffer => Buffer.from(hex, "hex");
/** Eight bytes that are no text, where a fixture needs no particular MAC. */
const anyMac = mac("00FF7F80C3280A0D");

function message(name: string, parts: readonly string[], tail: Buffer = anyMac): Fixture {
  return { name, bytes: Buffer.concat([Buffer.from(parts.join(""), "latin1"), tail]) };
}

/** DE120 of the first purchase with a stored credential: tags 03, 05, 07, 04; 61 bytes. */
const purchaseTags = "030119990000000105001C07001F04028EwEAAKGyw9RpVbkAuHbVDFLsKAk=";
/** DE90: MTI, STAN, DE7, acquirer and forwarder right-justified in 11. */
const original0100 = ["0100", "000123", "0101000500", "00000458001", "00000000000"];

/** Known answer: the request, with the MAC under key 000102…1F. */
export const request0100: Fixture = message(
  "0100",
  [
    "0100",
    "F23C448108C08000", // 1 2 3 4 7 11 12 13 14 18 22 25 32 37 41 42 49
    "0000000000000101", // 120 128
    `16${knownTpan}`, // 2 LLVAR
    "000000", // 3
    "000000012345", // 4
    "0101000500", // 7
    "000123", // 11
    "080500", // 12
    "0101", // 13
    "3012", // 14
    "5411", // 18
    "810", // 22
    "59", // 25
    "06458001", // 32 LLVAR
    "600100000123", // 37
    "TERM0001", // 41
    "MERCHANT0000001", // 42
    "458", // 49
    `061${purchaseTags}`, // 120 LLLVAR
  ],
  mac("366527A289B875E6"),
);

const answerTags = [
  `01016${knownTpan}`,
  "020043012",
  "0301199900000001",
  "05001C",
  "07001F",
  "09029ZZ99A1B2C3D4E5F6G7H8J9K0L1M2N",
  "1000212",
  "1100201",
  "12001V",
  "130040000",
  "1403600000000-0000-7000-8000-000000000001",
].join("");

/** Known answer: what the request above is answered with. */
export const answer0110: Fixture = message(
  "0110",
  [
    "0110",
    "F23C00010AC08000", // 1 2 3 4 7 11 12 13 14 32 37 39 41 42 49
    "0000000000000101", // 120 128
    `16${knownPan}`, // 2
    "000000", // 3
    "000000012345", // 4
    "0101000500", // 7
    "000123", // 11
    "080500", // 12
    "0101", // 13
    "2909", // 14
    "06458001", // 32
    "600100000123", // 37
    "00", // 39
    "TERM0001", // 41
    "MERCHANT0000001", // 42
    "458", // 49
    `162${answerTags}`, // 120
  ],
  mac("73497F04DB1B4477"),
);

const signOn = message(
  "0800",
  ["0800", "8220000000000000", "0400000000000001", "0101000004", "000001", "001"],
  mac("B5BC5E0DDD181AC6"),
);

const signOnAnswer = message(
  "0810",
  ["0810", "8220000002000000", "0400000000000001", "0101000004", "000001", "00", "001"],
  mac("47D4C03BCCEF61F4"),
);

/**
 * An MIT of a stored credential: an agreement instead of a PTAV, one unknown tag, all optional
 * elements.
 */
const mit0200 = message("0200", [
  "0200",
  "F23C448188E0801E", // 1 2 3 4 7 11 12 13 14 18 22 25 32 33 37 41 42 43 49 60 61 62 63
  "0000000000000101", // 120 128
  `16${knownTpan}`,
  "000000",
  "000000012345",
  "0101000500",
  "000124",
  "080500",
  "0101",
  "3012",
  "5411",
  "100", // 22 credential on file
  "59",
  "06458001",
  "06458002", // 33
  "600100000124",
  "TERM0001",
  "MERCHANT0000001",
  "SOME SHOP                KUALA LUMPUR MY", // 43
  "458",
  "004ABCD", // 60
  "000", // 61 present and empty
  "003x y", // 62
  "001~", // 63
  `055${["0301199900000001", "05001M", "06001R", "07001S", "08008AGR-0001", "21003abc"].join("")}`,
]);

const completion0220 = message("0220", [
  "0220",
  "F238000108C08000", // 1 2 3 4 7 11 12 13 32 37 41 42 49
  "00000040", // 90
  "00000101", // 120 128
  `16${knownTpan}`,
  "000000",
  "000000012345",
  "0101000700",
  "000125",
  "080700",
  "0101",
  "06458001",
  "600100000125",
  "TERM0001",
  "MERCHANT0000001",
  "458",
  original0100.join(""),
  "0160301199900000001",
]);

/** A partial reversal: 95 carries the amount that stays. */
const reversal = (mti: string): Fixture =>
  message(mti, [
    mti,
    "F238000108C08000",
    "0000004200000101", // 90 95 120 128
    `16${knownTpan}`,
    "000000",
    "000000012345",
    "0101000600",
    "000126",
    "080600",
    "0101",
    "06458001",
    "600100000126",
    "TERM0001",
    "MERCHANT0000001",
    "458",
    original0100.join(""),
    "000000001000000000000000C00000000D00000000",
    "0160301199900000001",
  ]);

const advice = (mti: string): Fixture =>
  message(mti, [
    mti,
    "F23800010A408000", // 1 2 3 4 7 11 12 13 32 37 39 42 49
    "00000040",
  "00000101",
    `16${knownTpan}`,
    "000000",
    "000000012345",
    "0101000800",
    "000127",
    "080800",
    "0101",
    "06458001",
    "600100000127",
    "51",
    "MERCHANT0000001",
    "458",
    original0100.join(""),
    "0411403600000000-0000-7000-8000-000000000001",
  ]);

const adviceAnswer = message("0130", [
  "0130",
  "C22000010A000000", // 1 2 7 11 32 37 39
  "0000000000000001",
  `16${knownTpan}`,
  "0101000800",
  "000127",
  "06458001",
  "600100000127",
  "00",
]);

const lifecycle0302 = message("0302", [
  "0302",
  "C238000108000000", // 1 2 7 11 12 13 32 37
  "0000002008000101", // 91 101 120 128
  `16${knownPan}`,
  "0101000900",
  "000128",
  "080900",
  "0101",
  "06589001",
  "600100000128",
  "2", // 91 change
  "07CARDLCM", // 101
  `050${["50004SUSP", "51004LOST", "54008EVENT-01", "5501420260101000900"].join("")}`,
]);

const lifecycle0312 = message("0312", [
  "0312",
  "C23800010A000000",
  "0000002008000101",
  `16${knownPan}`,
  "0101000900",
  "000128",
  "080900",
  "0101",
  "06589001",
  "600100000128",
  "00",
  "2",
  "07CARDLCM",
  `016${["5600500002", "57001S"].join("")}`,
]);

const withMti = (fixture: Fixture, mti: string): Fixture => {
  const bytes = Buffer.from(fixture.bytes);
  bytes.write(mti, 0, "latin1");
  return { name: mti, bytes };
};

/** One message of each type, repeats and answers included. */
export const mydebitFixtures: readonly Fixture[] = [
  request0100,
  withMti(request0100, "0101"),
  answer0110,
  mit0200,
  withMti(mit0200, "0201"),
  withMti(answer0110, "0210"),
  completion0220,
  withMti(answer0110, "0230"),
  reversal("0400"),
  reversal("0401"),
  reversal("0420"),
  reversal("0421"),
  withMti(answer0110, "0410"),
  withMti(answer0110, "0430"),
  advice("0120"),
  advice("0121"),
  adviceAnswer,
  lifecycle0302,
  lifecycle0312,
  signOn,
  signOnAnswer,
];

/** The same message behind the start bytes. */
export function withStartBytes(fixture: Fixture): Buffer {
  return Buffer.concat([Buffer.from(startBytes, "latin1"), fixture.bytes]);
}

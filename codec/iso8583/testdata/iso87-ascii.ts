// Messages of the `iso87-ascii` dialect, written by hand from the field table of ISO 8583:1987.
import { knownTpan } from "../../pan/fixtures.ts";
import type { Fixture } from "./mydebit.ts";

function message(name: string, parts: readonly string[]): Fixture {
  return { name, bytes: Buffer.from(parts.join(""), "latin1") };
}

/** 19 elements under the primary bitmap alone. */
const request = message("0100 of a shop", [
  "0100",
  "723C448108E18004", // 2 3 4 7 11 12 13 14 18 22 25 32 37 41 42 43 48 49 62
  `16${knownTpan}`,
  "000000",
  "000000012345",
  "1122153045",
  "000123",
  "153045",
  "1122",
  "3012",
  "5411",
  "810",
  "59",
  "06458001",
  "532615000123",
  "TERM0001",
  "MERCHANT0000001",
  "PEERS TEST SHOP          KUALA LUMPUR MY",
  "060PTAV010ECOM3DS2.2TRID0367f3b1c52-9a40-4e6d-8c11-2b5d90e4a7f6",
  "458",
  "020INV20261122000001235",
]);

/** Track, PIN block and MAC in hex, fees with a sign, lower case in the bitmap. */
const cardPresent = message("0200 at a terminal", [
  "0200",
  "723a44812ea09a01", // 2 3 4 7 11 12 13 15 18 22 25 32 35 37 38 39 41 43 49 52 53 55 64
  `16${knownTpan}`,
  "010000",
  "000000050000",
  "0229235959", // 7 a leap day
  "000001",
  "235959",
  "0229",
  "0301", // 15
  "6011",
  "051",
  "00",
  "00", // 32 present and empty
  `37${knownTpan}=30121010000000000000`, // 35
  "000000000001",
  "A1B2C3", // 38
  "00", // 39
  "ATM 0001",
  "BANK                     PENANG       MY",
  "458",
  "0123456789ABCDEF", // 52
  "0000000000000001", // 53
  "0105F2A020458", // 55
  "FEDCBA9876543210", // 64
]);

/** Secondary bitmap: reconciliation totals, signed net amount, MAC. */
const reconciliation = message("0500 reconciliation", [
  "0500",
  "8220000100000000", // 1 7 11 32
  "007F800080000001", // 74-80 81 97 128: bits 10-17, 33, 64 of the second bitmap
  "1231235959",
  "000777",
  "06458001",
  "0000000001", // 74
  "0000000002",
  "0000000003",
  "0000000004",
  "0000000005",
  "0000000006",
  "0000000007",
  "0000000008", // 81
  "C0000000000001234", // 97
  "0011223344556677", // 128
]);

const echoTest = message("0800 echo", [
  "0800",
  "8220000000000000",
  "0400000000000000", // 70
  "0101000000",
  "000009",
  "301",
]);

export const iso87AsciiFixtures: readonly Fixture[] = [
  request,
  cardPresent,
  reconciliation,
  echoTest,
];

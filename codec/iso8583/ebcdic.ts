// EBCDIC code pages as tables. The three pages differ in a dozen characters; 037 is written out and
// the others by their differences (IBM's tables, checked against two open implementations).
import type { EbcdicPage } from "./dialect.ts";

/** Latin-1 code of each byte of page 037, 32 bytes a row. */
const page037 = [
  "000102039C09867F 978D8E0B0C0D0E0F 101112139D850887 1819928F1C1D1E1F",
  "8081828384 0A171B 88898A8B8C050607 9091169394959604 98999A9B14159E1A",
  "20A0E2E4E0E1E3E5 E7F1A22E3C282B7C 26E9EAEBE8EDEEEF ECDF21242A293BAC",
  "2D2FC2C4C0C1C3C5 C7D1A62C255F3E3F F8C9CACBC8CDCECF CC603A2340273D22",
  "D861626364656667 6869ABBBF0FDFEB1 B06A6B6C6D6E6F70 7172AABAE6B8C6A4",
  "B57E737475767778 797AA1BFD0DDDEAE 5EA3A5B7A9A7B6BC BDBE5B5DAFA8B4D7",
  "7B41424344454647 4849ADF4F6F2F3F5 7D4A4B4C4D4E4F50 5152B9FBFCF9FAFF",
  "5CF7535455565758 595AB2D4D6D2D3D5 3031323334353637 3839B3DBDCD9DA9F",
].join("");

/** Byte to Latin-1 code, where a page differs from 037. */
const differences: Record<EbcdicPage, Readonly<Record<number, number>>> = {
  "ebcdic-037": {},
  "ebcdic-500": {
    74: 0x5b,
    79: 0x21,
    90: 0x5d,
    95: 0x5e,
    176: 0xa2,
    186: 0xac,
    187: 0x7c,
  },
  "ebcdic-1047": {
    95: 0x5e,
    173: 0x5b,
    176: 0xac,
    186: 0xdd,
    187: 0xa8,
    189: 0x5d,
  },
};

function pageOf(name: EbcdicPage): Buffer {
  const page = Buffer.from(page037.replaceAll(" ", ""), "hex");
  for (const [byte, code] of Object.entries(differences[name])) {
    page[Number(byte)] = code;
  }
  return page;
}

/** Latin-1 code by EBCDIC byte; every page is a permutation of the 256 codes. */
export const ebcdicToLatin1: Readonly<Record<EbcdicPage, Buffer>> = {
  "ebcdic-037": pageOf("ebcdic-037"),
  "ebcdic-500": pageOf("ebcdic-500"),
  "ebcdic-1047": pageOf("ebcdic-1047"),
};

function inverse(page: Buffer): Buffer {
  const out = Buffer.alloc(256);
  page.forEach((code, byte) => {
    out[code] = byte;
  });
  return out;
}

/** EBCDIC byte by Latin-1 code. */
export const latin1ToEbcdic: Readonly<Record<EbcdicPage, Buffer>> = {
  "ebcdic-037": inverse(ebcdicToLatin1["ebcdic-037"]),
  "ebcdic-500": inverse(ebcdicToLatin1["ebcdic-500"]),
  "ebcdic-1047": inverse(ebcdicToLatin1["ebcdic-1047"]),
};

export function isEbcdic(encoding: string): encoding is EbcdicPage {
  return encoding.startsWith("ebcdic-");
}

/** Text of bytes, one Latin-1 character a byte. */
export function ebcdicText(page: EbcdicPage, bytes: Buffer): string {
  const table = ebcdicToLatin1[page];
  let text = "";
  for (const byte of bytes) {
    text += String.fromCharCode(table[byte]!);
  }
  return text;
}

/** Bytes of Latin-1 text. */
export function ebcdicBytes(page: EbcdicPage, text: string): Buffer {
  const table = latin1ToEbcdic[page];
  return Buffer.from(text, "latin1").map((code) => table[code]!) as Buffer;
}

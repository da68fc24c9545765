// How messages are laid into a byte stream: every framing that networks use, as data. A framing is
// a number before the body, perhaps a transport header, perhaps a trailer; reader and writer work
// from the row alone.

/** How the digits of the number are written. `hex` is hex characters of either case. */
export type NumberEncoding = "binary" | "bcd" | "ascii" | "hex";

/** A transport header between the number and the message; its addresses are swapped in answers. */
export type FrameHead = "none" | "tpdu" | "base1";

export interface Framing {
  readonly name: string;
  /** For people: who writes frames like this. */
  readonly title: string;
  /** Bytes before the body. */
  readonly prefixBytes: number;
  /** Where the number stands in the prefix, in bytes; the rest of the prefix is zeros. */
  readonly numberAt: number;
  readonly numberBytes: number;
  readonly encoding: NumberEncoding;
  /** What the number counts besides header and message. */
  readonly counted: number;
  /** The byte after every message, or -1. */
  readonly trailer: number;
  readonly head: FrameHead;
  /** Bytes of the header that we write. */
  readonly headBytes: number;
  /** A frame of length 0 is a sign of life; some networks want it back. */
  readonly keepAlive: "ignore" | "echo";
  /** Largest header and message together that the number, or the network, has room for. */
  readonly bytesMax: number;
  /** True: other bytes of the prefix are not zeros but name messages of the line itself (VAP). */
  readonly control: boolean;
}

/** ISO 8583 over TPDU: `60`, destination and source of two bytes each. */
export const TPDU_BYTES = 5;
/** BASE I's own header, without the reject code. */
export const BASE1_BYTES = 22;

const plain = {
  numberAt: 0,
  encoding: "binary",
  counted: 0,
  trailer: -1,
  head: "none",
  headBytes: 0,
  keepAlive: "ignore",
  control: false,
} as const;

/** Four digits, whether in two bytes of BCD or in four characters. */
const fourDigits = 9_999;

const rows: readonly Framing[] = [
  {
    ...plain,
    name: "raw2",
    title: "2 bytes, big-endian (the common default)",
    prefixBytes: 2,
    numberBytes: 2,
    bytesMax: 0xffff,
  },
  {
    ...plain,
    name: "amex",
    title: "2 bytes, big-endian, counting themselves",
    prefixBytes: 2,
    numberBytes: 2,
    counted: 2,
    bytesMax: 0xffff - 2,
  },
  {
    ...plain,
    name: "base24-tcp",
    title: "2 bytes, big-endian, counting the trailer 03",
    prefixBytes: 2,
    numberBytes: 2,
    counted: 1,
    trailer: 0x03,
    bytesMax: 0xffff - 1,
  },
  {
    ...plain,
    name: "vap",
    title: "2 bytes, big-endian, zero and a format byte; BASE I header; keep-alives come back",
    prefixBytes: 4,
    numberBytes: 2,
    head: "base1",
    headBytes: BASE1_BYTES,
    keepAlive: "echo",
    bytesMax: 2_048,
    control: true,
  },
  {
    ...plain,
    name: "base1",
    title: "2 bytes, big-endian, then a BASE I header",
    prefixBytes: 2,
    numberBytes: 2,
    head: "base1",
    headBytes: BASE1_BYTES,
    bytesMax: 0xffff,
  },
  {
    ...plain,
    name: "cs",
    title: "2 bytes, big-endian, then two zeros",
    prefixBytes: 4,
    numberBytes: 2,
    bytesMax: 0xffff,
  },
  {
    ...plain,
    name: "gicc",
    title: "two zeros, then 2 bytes, big-endian",
    prefixBytes: 4,
    numberAt: 2,
    numberBytes: 2,
    bytesMax: 0xffff,
  },
  {
    ...plain,
    name: "nac",
    title: "2 bytes, big-endian, then a TPDU",
    prefixBytes: 2,
    numberBytes: 2,
    head: "tpdu",
    headBytes: TPDU_BYTES,
    bytesMax: 0xffff,
  },
  {
    ...plain,
    name: "bcd",
    title: "4 digits in 2 bytes of BCD (NCC)",
    prefixBytes: 2,
    numberBytes: 2,
    encoding: "bcd",
    bytesMax: fourDigits,
  },
  {
    ...plain,
    name: "ascii4",
    title: "4 decimal digits in ASCII",
    prefixBytes: 4,
    numberBytes: 4,
    encoding: "ascii",
    bytesMax: fourDigits,
  },
  {
    ...plain,
    name: "hex4",
    title: "4 hex characters",
    prefixBytes: 4,
    numberBytes: 4,
    encoding: "hex",
    bytesMax: 0xffff,
  },
  {
    ...plain,
    name: "raw3",
    title: "3 bytes, big-endian (CMF)",
    prefixBytes: 3,
    numberBytes: 3,
    bytesMax: 0xff_ffff,
  },
  {
    ...plain,
    name: "raw4",
    title: "4 bytes, big-endian",
    prefixBytes: 4,
    numberBytes: 4,
    bytesMax: 0x3fff_ffff,
  },
];

/** Every framing by name. */
export const framings: Readonly<Record<string, Framing>> = Object.fromEntries(
  rows.map((row) => [row.name, row]),
);

/** The default, and what `mydebit` runs over. */
export const raw2: Framing = rows[0]!;

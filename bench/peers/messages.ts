// The messages that all peers read: one file a set, each message behind two bytes of length.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Codec, iso87Ascii, mydebit } from "../../codec/iso8583/mod.ts";
import { Chooser } from "../lib/random.ts";

/** So many that the branch predictor does not learn them by heart. */
export const messagesInSet = 1_024;

/** Sets of good messages: one bitmap, eight bitmaps in turns, and our own profile. */
export const sets = ["same", "mixed", "tsp"] as const;
export type SetName = (typeof sets)[number];

/** The 19 elements of a card payment over the internet. */
export const allElements = [
  2, 3, 4, 7, 11, 12, 13, 14, 18, 22, 25, 32, 37, 41, 42, 43, 48, 49, 62,
] as const;

/** What a verifier needs of them. */
export const eightElements = [2, 4, 14, 32, 37, 42, 48, 49] as const;

/** Elements that the eight bitmaps lack. */
const missing: readonly (readonly number[])[] = [
  [],
  [62],
  [43],
  [14, 62],
  [41, 43],
  [12, 13],
  [18, 25, 62],
  [22, 41, 43, 62],
];

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .-/";

class Values {
  readonly #choose: Chooser;

  constructor(seed: number) {
    this.#choose = new Chooser(seed);
  }

  digits(count: number): string {
    return this.#text("0123456789", count);
  }

  /** From `min` to `max` characters. */
  text(min: number, max: number): string {
    return this.#text(letters, min + this.#choose.next(max - min + 1));
  }

  between(min: number, max: number): number {
    return min + this.#choose.next(max - min + 1);
  }

  #text(alphabet: string, count: number): string {
    return Array.from({ length: count }, () => alphabet[this.#choose.next(alphabet.length)]).join(
      "",
    );
  }
}

/** Different in card number, amount, trace number, and the lengths of all that can vary. */
function fieldsOf(values: Values): Record<number, string> {
  return {
    2: `60872700${values.digits(values.between(5, 11))}`,
    3: "000000",
    4: values.digits(12),
    7: "1122153045",
    11: values.digits(6),
    12: "153045",
    13: "1122",
    14: "3012",
    18: "5411",
    22: "810",
    25: "59",
    32: `06${values.digits(values.between(4, 9))}`,
    37: values.digits(12),
    41: `TERM${values.digits(4)}`,
    42: `MERCHANT${values.digits(7)}`,
    43: `${values.text(25, 25)}${values.text(13, 13)}MY`,
    48: values.text(40, 80),
    49: "458",
    62: values.text(10, 30),
  };
}

type Fields = Parameters<Codec["encode"]>[0]["fields"];

function encoded(codec: Codec, fields: Fields): Buffer {
  const out = Buffer.alloc(1_024);
  return out.subarray(0, codec.encode({ mti: "0100", fields }, out, 0));
}

function generalMessages(seed: number, bitmaps: number): Buffer[] {
  const values = new Values(seed);
  return Array.from({ length: messagesInSet }, () => {
    const fields = fieldsOf(values);
    for (const de of missing[values.between(0, bitmaps - 1)] ?? []) delete fields[de];
    return encoded(iso87Ascii, fields);
  });
}

/** The 0100 of our profile: tags in DE120, and DE128. */
function profileMessages(seed: number): Buffer[] {
  const values = new Values(seed);
  return Array.from({ length: messagesInSet }, () => {
    const { 43: _, 48: __, 62: ___, ...fields } = fieldsOf(values);
    const tags = { "03": "99900000001", "04": values.digits(28), "05": "E" };
    const pan = `60872700${values.digits(8)}`;
    const mac = values.digits(16);
    return encoded(mydebit, { ...fields, "2": pan, "120": tags, "128": mac });
  });
}

/** Bad messages by what is wrong with them, made of one good one. */
export function badMessages(): Readonly<Record<string, Buffer>> {
  const good = encoded(iso87Ascii, fieldsOf(new Values(3))).toString("latin1");
  const panLength = Number(good.slice(20, 22));
  const amountAt = 22 + panLength + 6;
  const put = (at: number, text: string): string =>
    good.slice(0, at) + text + good.slice(at + text.length);
  const texts = {
    "bytes behind the end": `${good}0000`,
    "a letter in the amount": put(amountAt, "A"),
    "a letter in the PAN": put(24, "A"),
    "month 13": put(amountAt + 12, "13"),
    "a PAN of length 0": `${good.slice(0, 20)}00${good.slice(22 + panLength)}`,
    "Z in the bitmap": put(5, "Z"),
    "+9 as a length": put(20, "+9"),
    "cut in the middle": good.slice(0, good.length - 20),
    "a control character in free text": put(good.length - 4, "\x01"),
  };
  return Object.fromEntries(
    Object.entries(texts).map(([what, text]) => [what, Buffer.from(text, "latin1")]),
  );
}

function framed(messages: readonly Buffer[]): Buffer {
  return Buffer.concat(
    messages.flatMap((message) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(message.length);
      return [length, message];
    }),
  );
}

/** The file of a set. */
export const fileOf = (folder: string, set: SetName | "bad"): string => join(folder, `${set}.bin`);

/** Writes all sets: the same bytes every time. */
export function writeSets(folder: string): void {
  writeFileSync(fileOf(folder, "same"), framed(generalMessages(1, 1)));
  writeFileSync(fileOf(folder, "mixed"), framed(generalMessages(2, missing.length)));
  writeFileSync(fileOf(folder, "tsp"), framed(profileMessages(4)));
  writeFileSync(fileOf(folder, "bad"), framed(Object.values(badMessages())));
}

/** Messages behind one another in one buffer, and where each begins; the last entry is the end. */
export interface Block {
  readonly bytes: Buffer;
  readonly offsets: readonly number[];
}

export function readBlock(file: string): Block {
  const raw = readFileSync(file);
  const parts: Buffer[] = [];
  const offsets = [0];
  for (let at = 0; at < raw.length; ) {
    const length = raw.readUInt16BE(at);
    parts.push(raw.subarray(at + 2, at + 2 + length));
    offsets.push(offsets.at(-1)! + length);
    at += 2 + length;
  }
  return { bytes: Buffer.concat(parts), offsets };
}

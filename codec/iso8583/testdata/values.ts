// Random valid values for every element of a dialect, made from its data.
import type { FieldInput, MessageInput, TagInput } from "../codec.ts";
import type {
  CompositeSpec,
  ContentClass,
  DataEncoding,
  Dialect,
  ElementSpec,
  PartSpec,
  UnknownPolicy,
  ValueSpec,
} from "../dialect.ts";
import { elementOf } from "../oracle/message.ts";
import { bytesOfValue } from "../wire-size.ts";
import type { Random } from "./random.ts";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const specials = " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
const alphabets: Partial<Record<ContentClass, string>> = {
  n: "0123456789",
  a: letters,
  an: `${letters}0123456789 `,
  ans: `${letters}0123456789${specials}`,
  ns: `0123456789${specials}`,
  z: "0123456789=D",
  b: "0123456789ABCDEF",
};

const two = (value: number): string => String(value).padStart(2, "0");

function dateText(content: ContentClass, random: Random): string {
  const month = two(1 + random(12));
  const day = two(1 + random(28));
  const time = two(random(24)) + two(random(60)) + two(random(60));
  const year = two(random(100));
  switch (content) {
    case "MMDDhhmmss":
      return month + day + time;
    case "hhmmss":
      return time;
    case "MMDD":
      return month + day;
    case "YYMM":
      return year + month;
    case "YYMMDD":
      return year + month + day;
    case "YYYYMMDD":
      return `20${year}${month}${day}`;
    case "YYMMDDhhmmss":
      return year + month + day + time;
    default:
      return `20${year}${month}${day}${time}`;
  }
}

function textOf(content: ContentClass, length: number, random: Random): string {
  if (content === "x+n") {
    return "CD"[random(2)]! + textOf("n", length - 1, random);
  }
  const alphabet = alphabets[content];
  if (alphabet === undefined) {
    return dateText(content, random);
  }
  return Array.from({ length }, () => alphabet[random(alphabet.length)]).join("");
}

/** A value; `roomMax` is the most characters that fit. */
function valueText(
  value: ValueSpec,
  encoding: DataEncoding,
  random: Random,
  roomMax = value.max,
): string {
  const max = Math.max(value.min, Math.min(value.max, roomMax));
  // Short values mostly; the largest now and then.
  const most = random(8) === 0 ? max : Math.min(max, value.min + 24);
  const length = value.min + random(most - value.min + 1);
  const doubled = value.content === "b" ? 2 * length : length;
  const text = textOf(value.content, doubled, random);
  if (encoding === "utf-8" && text.length > 0 && value.content === "ans") {
    return `${"é€😀ü"[random(2)]}${text.slice(1)}`;
  }
  return encoding === "bcd" ? text.replaceAll("=", "D") : text;
}

interface Around {
  readonly encoding: DataEncoding;
  /** Bytes that are left. */
  readonly room: number;
}

function partInput(part: PartSpec, random: Random, { encoding, room }: Around): FieldInput {
  const own = part.encoding ?? (part.content === "b" ? "raw" : encoding);
  if (part.composite !== undefined) {
    const inside = own === "hex" ? "raw" : own;
    return compositeInput(part.composite, random, {
      encoding: inside,
      room: Math.min(own === "hex" ? room >> 1 : room, part.max),
    });
  }
  return { value: valueText(part, own, random, room), masked: false };
}

/** An unknown tag now and then where they may come, a known one else; "" where none may. */
function pickTag(
  known: readonly string[],
  policy: UnknownPolicy,
  random: Random,
  unknown: () => string,
): string {
  if (policy === "reject") {
    return known.length === 0 ? "" : known[random(known.length)]!;
  }
  return known.length === 0 || random(4) === 0 ? unknown() : known[random(known.length)]!;
}

const bytesSpec: PartSpec = { name: "", min: 0, max: 8, content: "b" };
const textSpec: PartSpec = { name: "", min: 1, max: 30, content: "ans" };

/** Bytes that a tag and its value may take at most. */
function sizeOf(input: FieldInput): number {
  const own = (input.value?.length ?? 0) * 4;
  const inner = [...(input.tags ?? []), ...Object.values(input.fields ?? {})];
  return inner.reduce<number>((sum, part) => sum + 24 + sizeOf(part as FieldInput), own + 16);
}

function tagsInput(
  random: Random,
  around: Around,
  { unique, tagsMax }: { readonly unique: boolean; readonly tagsMax: number },
  make: () => { readonly tag: string; readonly part: PartSpec },
): readonly TagInput[] {
  const tags: TagInput[] = [];
  let room = around.room;
  for (let count = Math.min(tagsMax, random(10)); count > 0; count--) {
    const { tag, part } = make();
    if (tag === "") continue;
    const input = partInput(part, random, { ...around, room: room - 16 });
    const size = sizeOf(input);
    if (size > room || (unique && tags.some((one) => one.tag === tag))) continue;
    tags.push({ tag, ...input });
    room -= size;
  }
  return tags;
}

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(2, "0");

function tagDigits(digits: number, random: Random): string {
  return Array.from({ length: digits }, () => String(random(10))).join("");
}

function elementsInput(
  parts: Readonly<Record<string, ElementSpec>>,
  numbers: readonly string[],
  random: Random,
  around: Around,
): FieldInput {
  const fields: Record<string, FieldInput> = {};
  let room = around.room - 32;
  for (const number of numbers) {
    const part = parts[number]!;
    const input = elementInput(part, random, Math.max(0, Math.floor(room / 4)));
    const given: FieldInput = typeof input === "string" ? { value: input, masked: false } : input;
    const least = bytesOfValue(part.encoding, part.min) + 8;
    const size = Math.max(least, sizeOf(given));
    if (size > room) return { fields };
    fields[number] = given;
    room -= size;
  }
  return { fields };
}

function compositeInput(spec: CompositeSpec, random: Random, around: Around): FieldInput {
  switch (spec.kind) {
    case "tag-list": {
      const known = Object.keys(spec.tags);
      const unique = spec.duplicates === "reject";
      const tags = tagsInput(random, around, { ...spec, unique }, () => {
        const tag = pickTag(known, spec.unknown, random, () => tagDigits(spec.tagDigits, random));
        return { tag, part: spec.tags[tag] ?? textSpec };
      });
      const { leading } = spec;
      return leading === undefined
        ? { tags }
        : { tags, leading: valueText(leading, around.encoding, random) };
    }
    case "ber-tlv": {
      const known = Object.keys(spec.tags);
      const unique = spec.duplicates === "reject";
      const tags = tagsInput(random, around, { ...spec, unique }, () => {
        const tag = pickTag(known, spec.unknown, random, () => {
          const longest = spec.tagBytesMax < 3 ? 3 : 4;
          return ["DF01", "C1", "9F7E", "DF8201"][random(longest)]!;
        });
        return { tag, part: spec.tags[tag] ?? bytesSpec };
      });
      return { tags };
    }
    case "dataset": {
      const known = Object.keys(spec.datasets);
      const limits = { unique: false, tagsMax: spec.datasetsMax };
      const tags = tagsInput(random, around, limits, () => {
        const tag = pickTag(known, spec.unknown, random, () => hex(random(256)));
        const composite = spec.datasets[tag]?.composite;
        const part: PartSpec = { ...bytesSpec, max: 200 };
        return { tag, part: composite === undefined ? part : { ...part, composite } };
      });
      return { tags };
    }
    case "token-list": {
      const known = Object.keys(spec.tokens);
      const limits = { unique: false, tagsMax: spec.tokensMax };
      const tags = tagsInput(random, around, limits, () => {
        const tag = pickTag(known, spec.unknown, random, () => `Z${random(10)}`);
        return { tag, part: spec.tokens[tag] ?? textSpec };
      });
      return { tags };
    }
    case "positional": {
      const fields: Record<string, FieldInput> = {};
      const rounds = 1 + random(spec.repeatsMax ?? 1);
      for (let i = 0; i < rounds * spec.parts.length; i++) {
        const part = spec.parts[i % spec.parts.length]!;
        const whole = { ...part, min: part.max === part.min ? part.max : Math.max(1, part.min) };
        const value = valueText(whole, "ascii", random, around.room);
        fields[String(i + 1)] = { value, masked: false };
      }
      return { fields };
    }
    case "sequence": {
      const parts = Object.fromEntries(spec.parts.map((part, i) => [String(i + 1), part]));
      return elementsInput(parts, Object.keys(parts), random, { ...around, room: 60_000 });
    }
    case "bitmapped": {
      const numbers = Object.keys(spec.parts).filter(() => random(3) === 0);
      return elementsInput(spec.parts, numbers, random, around);
    }
  }
}

/** What to give `encode` for an element. */
export function elementInput(
  element: ElementSpec,
  random: Random,
  roomMax = element.max,
): string | FieldInput {
  const { composite, encoding } = element;
  if (composite === undefined || (composite.kind === "positional" && random(2) === 0)) {
    const plain = composite === undefined || element.prefix === null;
    if (plain && (composite === undefined || encoding === "bcd")) {
      return valueText(element, encoding, random, roomMax);
    }
  }
  if (composite?.kind === "positional" && element.content !== "ans") {
    return valueText(element, encoding, random, roomMax);
  }
  const inside = encoding === "hex" ? "raw" : encoding;
  return compositeInput(composite!, random, {
    encoding: inside,
    room: Math.min(roomMax, element.max),
  });
}

/** Message types that a dialect knows: those of its table, and any that its digits make. */
function mtiOf(dialect: Dialect, random: Random): string {
  const mtis = dialect.messages.flatMap((message) => message.mtis);
  const { known, version } = dialect.mti;
  if (known.kind === "table" || (mtis.length > 0 && random(3) === 0)) {
    return mtis[random(mtis.length)]!;
  }
  const digit = (digits: string): string => digits[random(digits.length)]!;
  const { classes, functions, origins } = known;
  return digit(version) + digit(classes) + digit(functions) + digit(origins);
}

/** A message of that dialect with random elements, each announced with chance 1 in `sparse`. */
export function randomMessage(dialect: Dialect, random: Random, sparse: number): MessageInput {
  const mti = mtiOf(dialect, random);
  const fields: Record<string, string | FieldInput> = {};
  for (const de of Object.keys(dialect.elements)) {
    if (random(sparse) === 0) {
      fields[de] = elementInput(elementOf(dialect, mti, Number(de))!, random);
    }
  }
  return { mti, fields };
}

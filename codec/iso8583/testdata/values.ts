// Random valid values for every element of a dialect, made from its data.
import type { MessageInput } from "../codec.ts";
import type { ContentClass, Dialect, ElementSpec, ValueSpec } from "../dialect.ts";
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
  switch (content) {
    case "MMDDhhmmss":
      return month + day + time;
    case "hhmmss":
      return time;
    case "MMDD":
      return month + day;
    case "YYMM":
      return two(random(100)) + month;
    case "YYMMDD":
      return two(random(100)) + month + day;
    default:
      return `20${two(random(100))}${month}${day}${time}`;
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

function valueText(value: ValueSpec, random: Random): string {
  // Short values mostly; the largest now and then.
  const most = random(8) === 0 ? value.max : Math.min(value.max, value.min + 24);
  const length = value.min + random(most - value.min + 1);
  const doubled = value.content === "b" ? 2 * length : length;
  return textOf(value.content, doubled, random);
}

function elementText(element: ElementSpec, random: Random): string | Record<string, string> {
  if (element.composite?.kind !== "tag-list") {
    return valueText(element, random);
  }
  const known = element.composite.tags;
  const tags: Record<string, string> = {};
  let room = element.max;
  for (let count = random(10); count > 0; count--) {
    const tag = two(random(100));
    const rule: ValueSpec = known[tag] ?? { name: "unknown", min: 1, max: 30, content: "ans" };
    const text = valueText(rule, random);
    const replaced = tags[tag]?.length ?? -5;
    if (text.length - replaced <= room) {
      tags[tag] = text;
      room -= text.length - replaced;
    }
  }
  return tags;
}

/** A message of that dialect with random elements, each announced with chance 1 in `sparse`. */
export function randomMessage(dialect: Dialect, random: Random, sparse: number): MessageInput {
  const mtis = dialect.messages.flatMap((message) => message.mtis);
  const fields: Record<string, string | Record<string, string>> = {};
  for (const [de, element] of Object.entries(dialect.elements)) {
    if (random(sparse) === 0) {
      fields[de] = elementText(element, random);
    }
  }
  return { mti: mtis[random(mtis.length)]!, fields };
}

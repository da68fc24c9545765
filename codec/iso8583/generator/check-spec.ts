// What the generator refuses, by name, before it writes a line. The dialect language is wider
// than the templates: a dialect that needs more must fail here, never at run time.
import type { CompositeSpec, Dialect, ElementSpec, TagListSpec, ValueSpec } from "../dialect.ts";

/** Deepest element that the bitmap words of a view hold. */
const bitsMax = 128;

/** A dialect that cannot be generated, with the place in the data. */
export class DialectError extends Error {
  override readonly name = "DialectError";
}

function refuse(dialect: Dialect, place: string, why: string): never {
  throw new DialectError(`dialect ${dialect.name}, ${place}: ${why}`);
}

function checkLengths(dialect: Dialect, place: string, value: ValueSpec): void {
  const { min, max } = value;
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || min < 0 || max < min) {
    refuse(dialect, place, "lengths must be integers, 0 <= min <= max");
  }
}

function checkTagList(dialect: Dialect, place: string, spec: TagListSpec): void {
  if (spec.tagDigits !== 2 || spec.lengthDigits !== 3 || spec.leading !== undefined) {
    refuse(
      dialect,
      place,
      "only tag lists of 2 + 3 digits without leading characters are generated",
    );
  }
  if (spec.duplicates !== "reject" || spec.unknown !== "keep") {
    refuse(
      dialect,
      place,
      "only tag lists that reject duplicates and keep unknown tags are generated",
    );
  }
  if (spec.tagsMax < 1 || spec.tagsMax > 64) {
    refuse(dialect, place, "a tag list has 1 to 64 tags");
  }
  for (const [tag, value] of Object.entries(spec.tags)) {
    if (!/^\d\d$/.test(tag)) {
      refuse(dialect, `${place}.${tag}`, "a tag is two digits");
    }
    checkLengths(dialect, `${place}.${tag}`, value);
    if (value.content === "b" || value.content === "x+n" || value.max > 999) {
      refuse(dialect, `${place}.${tag}`, "a tag holds text of at most 999 characters");
    }
    if (value.values?.some((text) => text.length !== 1 || value.max !== 1)) {
      refuse(dialect, `${place}.${tag}`, "closed sets of values are for tags of one character");
    }
  }
}

function checkComposite(dialect: Dialect, place: string, element: ElementSpec): void {
  const composite: CompositeSpec | undefined = element.composite;
  switch (composite?.kind) {
    case undefined:
      return;
    case "tag-list":
      if (element.prefix === null) {
        refuse(dialect, place, "a tag list stands in an element of variable length");
      }
      checkTagList(dialect, place, composite);
      return;
    case "positional": {
      const total = composite.parts.reduce((sum, part) => sum + part.max, 0);
      const fixed = composite.parts.every((part) => part.min === part.max);
      const alike = composite.parts.every((part) => part.content === element.content);
      if (element.prefix !== null || total !== element.max || !fixed || !alike) {
        refuse(dialect, place, "only fixed slices of the element's own class are generated");
      }
      return;
    }
    default:
      refuse(dialect, place, `composites of kind ${composite?.kind} are not generated`);
  }
}

function checkElement(dialect: Dialect, key: string, element: ElementSpec): void {
  const place = `element ${key}`;
  const de = Number(key);
  if (!/^\d{1,3}$/.test(key) || de < 2 || de > bitsMax || de === 65) {
    refuse(dialect, place, "elements are 2 to 128; 1 and 65 announce bitmaps");
  }
  checkLengths(dialect, place, element);
  const { prefix, encoding, content } = element;
  if (encoding !== "ascii" && encoding !== "raw" && encoding !== "hex") {
    refuse(dialect, place, `data encoding ${encoding} is not generated`);
  }
  if ((content === "b") !== (encoding !== "ascii")) {
    refuse(dialect, place, "binary content is raw or hex, and nothing else is");
  }
  if (prefix === null && element.min !== element.max) {
    refuse(dialect, place, "a fixed element has one length");
  }
  if (prefix !== null) {
    if (prefix.encoding !== "ascii" || prefix.unit !== "bytes") {
      refuse(
        dialect,
        place,
        `length prefixes in ${prefix.encoding} ${prefix.unit} are not generated`,
      );
    }
    if (prefix.digits < 1 || prefix.digits > 6 || element.max > 10 ** prefix.digits - 1) {
      refuse(dialect, place, "the prefix cannot hold the largest length");
    }
    if (content === "b" || content === "x+n" || /[YMDhs]{2}/.test(content)) {
      refuse(dialect, place, `content ${content} of variable length is not generated`);
    }
  }
  checkComposite(dialect, place, element);
}

/** Throws a DialectError where the templates cannot say what the dialect means. */
export function checkDialect(dialect: Dialect): void {
  if (!/^[a-z][a-z0-9-]*$/.test(dialect.name)) {
    refuse(dialect, "name", "a name is lower-case letters, digits and dashes");
  }
  if (dialect.mti.encoding !== "ascii" || !/^\d$/.test(dialect.mti.version)) {
    refuse(dialect, "MTI", "only ASCII message types of one version are generated");
  }
  const { bitmap } = dialect;
  if (bitmap.encoding !== "hex" || bitmap.bits !== 128 || bitmap.continues !== "bit1") {
    refuse(
      dialect,
      "bitmap",
      "only hex bitmaps of 64 bits and a second one by bit 1 are generated",
    );
  }
  if (dialect.bytesMax < 48 || dialect.bytesMax > 65_535) {
    refuse(dialect, "bytesMax", "a message has 48 to 65,535 bytes");
  }
  for (const [key, element] of Object.entries(dialect.elements)) {
    checkElement(dialect, key, element);
  }
  const lists = Object.values(dialect.elements).filter((e) => e.composite?.kind === "tag-list");
  if (lists.length > 1) {
    refuse(dialect, "elements", "only one tag list is generated");
  }
  checkMessages(dialect);
}

function checkMessages(dialect: Dialect): void {
  for (const run of dialect.usualRuns) {
    if (run.some((de, i) => dialect.elements[de]?.prefix !== null || de <= (run[i - 1] ?? 1))) {
      refuse(dialect, `usual run ${run}`, "a run is ascending elements of fixed length");
    }
  }
  for (const message of dialect.messages) {
    if (message.overrides !== undefined || message.mtis.some((mti) => !/^\d{4}$/.test(mti))) {
      refuse(
        dialect,
        `messages ${message.mtis}`,
        "MTIs are four digits; overrides are not generated",
      );
    }
    const named = [...message.mandatory, ...message.forbidden, ...message.echo];
    const missing = named.find((de) => dialect.elements[de] === undefined);
    if (missing !== undefined) {
      refuse(dialect, `messages ${message.mtis}`, `element ${missing} is not in the dialect`);
    }
  }
}

// The tables beside a scanner, from the dialect data: presence, echo, prefixes, tag rules, masking.
// Numbers only. The generator prints them; dialects that are loaded at run time use them as they
// are.
import { dateKind } from "./content.ts";
import type { Dialect, TagListSpec } from "./dialect.ts";
import { contentOf, fieldsOf, tagViewElement, tagWordsOf, wordsOf } from "./generator/resolve.ts";
import { sensitivityCode } from "./sensitivity.ts";
import { tagRule } from "./tag-list.ts";

/** A tag that the dialect does not name: any text, up to what three digits can say. */
const unknownTag = { min: 1, max: 999, content: "ans" } as const;

const hundred = Array.from({ length: 100 }, (_, tag) => String(tag).padStart(2, "0"));

export interface TableData {
  readonly mandatory: readonly number[];
  readonly forbidden: readonly number[];
  readonly tagsMandatory: readonly number[];
  readonly tagsForbidden: readonly number[];
  readonly echo: readonly number[];
  readonly errorEcho: readonly number[];
  readonly prefix: readonly number[];
  readonly min: readonly number[];
  readonly max: readonly number[];
  readonly sensitivity: readonly number[];
  readonly tagSensitivity: readonly number[];
  /** `[tag, byte, byte, ...]` for each tag of one character that has a closed set of values. */
  readonly tagValues: readonly (readonly number[])[];
  readonly tagRules: readonly number[];
  readonly tagListElement: number;
  readonly tagsMax: number;
  readonly headerLength: number;
  /** True where MTI, bitmap and prefixes are ASCII and hex: answers are written the fast way. */
  readonly isPlain: boolean;
}

function tagRules(spec: TagListSpec): number[] {
  return hundred.map((tag) => {
    const { min, max, content } = spec.tags[tag] ?? unknownTag;
    const { classBit, date } = contentOf(content, "ascii");
    return tagRule(min, max, classBit, date === null ? dateKind.none : dateKind[date]);
  });
}

function tagValues(spec: TagListSpec | undefined): number[][] {
  return Object.entries(spec?.tags ?? {})
    .filter(([, value]) => value.max === 1 && value.values !== undefined)
    .map(([tag, value]) => [Number(tag), ...value.values!.map((text) => text.charCodeAt(0))]);
}

function isPlain(dialect: Dialect): boolean {
  const { mti, bitmap, elements, messages } = dialect;
  return (
    mti.encoding === "ascii" &&
    bitmap.encoding === "hex" &&
    bitmap.bits === 128 &&
    bitmap.continues === "bit1" &&
    elements[65] === undefined &&
    messages.every(({ overrides }) => overrides === undefined) &&
    Object.values(elements).every(({ prefix, encoding }) => {
      const counted = prefix === null || (prefix.encoding === "ascii" && prefix.unit === "bytes");
      return counted && ["ascii", "raw", "hex"].includes(encoding);
    })
  );
}

/** All tables of a dialect. */
export function tableData(dialect: Dialect): TableData {
  const { messages, header } = dialect;
  const fields = new Map(fieldsOf(dialect).map((field) => [field.de, field]));
  const list = tagViewElement(dialect);
  const byElement = (pick: (de: number) => number): number[] =>
    Array.from({ length: dialect.bitmap.bits + 1 }, (_, de) => pick(de));
  return {
    mandatory: messages.flatMap((message) => wordsOf(message.mandatory)),
    forbidden: messages.flatMap((message) => wordsOf(message.forbidden)),
    tagsMandatory: messages.flatMap((message) => tagWordsOf(message.tagsMandatory ?? [])),
    tagsForbidden: messages.flatMap((message) => tagWordsOf(message.tagsForbidden ?? [])),
    echo: [...messages.flatMap((message) => wordsOf(message.echo)), ...wordsOf(dialect.echo)],
    errorEcho: wordsOf(dialect.errorEcho),
    prefix: byElement((de) => fields.get(de)?.prefixBytes ?? 0),
    min: byElement((de) => fields.get(de)?.min ?? 0),
    max: byElement((de) => fields.get(de)?.max ?? 0),
    sensitivity: byElement((de) => sensitivityCode(dialect.elements[de]?.sensitivity)),
    tagSensitivity: hundred.map((tag) => sensitivityCode(list?.spec.tags[tag]?.sensitivity)),
    tagValues: tagValues(list?.spec),
    tagRules: list === null ? [] : tagRules(list.spec),
    tagListElement: list?.de ?? 0,
    tagsMax: list?.spec.tagsMax ?? 0,
    headerLength:
      header === null ? 0 : header.literal.length + header.digits + (header.rawBytes ?? 0),
    isPlain: isPlain(dialect),
  };
}

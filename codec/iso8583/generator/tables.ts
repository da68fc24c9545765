// Templates of the tables beside the scanner: presence, echo, prefixes, tag rules, masking.
// Numbers only.
import { dateKind } from "../content.ts";
import type { Dialect, TagListSpec } from "../dialect.ts";
import { sensitivityCode } from "../sensitivity.ts";
import { tagRule } from "../tag-list.ts";
import { contentOf, fieldsOf, hexLiteral, tagWordsOf, wordsOf } from "./resolve.ts";

/** A tag that the dialect does not name: any text, up to what three digits can say. */
const unknownTag = { min: 1, max: 999, content: "ans" } as const;

function typedArray(type: string, values: readonly (number | string)[]): string[] {
  const lines: string[] = [];
  let line = " ";
  for (const value of values) {
    const text = ` ${value},`;
    if (line.length + text.length > 98) {
      lines.push(line);
      line = " ";
    }
    line += text;
  }
  lines.push(line);
  return [`${type}.of(`, ...lines, ")"];
}

function constant(name: string, type: string, values: readonly (number | string)[]): string[] {
  const [open, ...rest] = typedArray(type, values);
  const last = rest.pop();
  return [`const ${name} = ${open}`, ...rest, `${last};`, ""];
}

/** Position of the message's row in the presence tables: rows in the order of the dialect. */
function messageRow(dialect: Dialect): string[] {
  const cases = dialect.messages.flatMap((message, row) => [
    ...message.mtis.map((mti) => `    case 0x${mti}:`),
    `      return ${row};`,
  ]);
  return [
    "function messageRow(mti: number): number {",
    "  switch (mti) {",
    ...cases,
    "    default:",
    "      return -1;",
    "  }",
    "}",
    "",
  ];
}

function presence(dialect: Dialect): string[] {
  const words = (rows: readonly (readonly number[])[]): string[] =>
    rows.flatMap((row) => row.map(hexLiteral));
  const { messages } = dialect;
  return [
    ...constant("mandatory", "Int32Array", words(messages.map((m) => wordsOf(m.mandatory)))),
    ...constant("forbidden", "Int32Array", words(messages.map((m) => wordsOf(m.forbidden)))),
    ...constant(
      "tagsMandatory",
      "Int32Array",
      words(messages.map((m) => tagWordsOf(m.tagsMandatory ?? []))),
    ),
    ...constant(
      "tagsForbidden",
      "Int32Array",
      words(messages.map((m) => tagWordsOf(m.tagsForbidden ?? []))),
    ),
    "// One row a message, then the row of messages that no row names.",
    ...constant(
      "echo",
      "Int32Array",
      words([...messages.map((m) => wordsOf(m.echo)), wordsOf(dialect.echo)]),
    ),
    ...constant("errorEcho", "Int32Array", words([wordsOf(dialect.errorEcho)])),
  ];
}

/** The element with a tag list: at most one in a dialect, since a view has one tag view. */
export function tagListOf(dialect: Dialect): { de: number; spec: TagListSpec } | null {
  for (const [de, element] of Object.entries(dialect.elements)) {
    if (element.composite?.kind === "tag-list") {
      return { de: Number(de), spec: element.composite };
    }
  }
  return null;
}

const hundred = Array.from({ length: 100 }, (_, tag) => String(tag).padStart(2, "0"));

function tagRules(spec: TagListSpec): string[] {
  const rules = hundred.map((tag) => {
    const { min, max, content } = spec.tags[tag] ?? unknownTag;
    const { classBit, date } = contentOf(content, "ascii");
    return tagRule(min, max, classBit, date === null ? dateKind.none : dateKind[date]);
  });
  return [
    ...constant("tagRuleWords", "Int32Array", rules),
    "const tagRules: TagRules = {",
    `  tagsMax: ${spec.tagsMax},`,
    "  rules: tagRuleWords,",
    "};",
    "",
  ];
}

/** `[tag, byte, byte, ...]` for each tag of one character that has a closed set of values. */
function tagValues(spec: TagListSpec | null): string {
  const rules = Object.entries(spec?.tags ?? {})
    .filter(([, value]) => value.values !== undefined)
    .map(([tag, value]) => [Number(tag), ...value.values!.map((text) => text.charCodeAt(0))]);
  return `[${rules.map((rule) => `[${rule.join(", ")}]`).join(", ")}]`;
}

/** All tables, and the object that hands them to the engine. */
export function tablesSource(dialect: Dialect): { before: string[]; after: string[] } {
  const fields = fieldsOf(dialect);
  const width = dialect.bitmap.bits + 1;
  const byElement = (pick: (de: number) => number): number[] =>
    Array.from({ length: width }, (_, de) => pick(de));
  const field = (de: number) => fields.find((candidate) => candidate.de === de);
  const tagList = tagListOf(dialect);
  const before = [
    ...messageRow(dialect),
    ...presence(dialect),
    ...constant(
      "prefix",
      "Uint8Array",
      byElement((de) => field(de)?.prefixDigits ?? 0),
    ),
    ...constant(
      "min",
      "Uint16Array",
      byElement((de) => field(de)?.min ?? 0),
    ),
    ...constant(
      "max",
      "Uint16Array",
      byElement((de) => field(de)?.max ?? 0),
    ),
    "// Sensitivity by element and by tag; 0 has no class and is masked.",
    ...constant(
      "sensitivity",
      "Uint8Array",
      byElement((de) => sensitivityCode(dialect.elements[de]?.sensitivity)),
    ),
    ...constant(
      "tagSensitivity",
      "Uint8Array",
      hundred.map((tag) => sensitivityCode(tagList?.spec.tags[tag]?.sensitivity)),
    ),
    ...(tagList === null ? [] : tagRules(tagList.spec)),
  ];
  const headerLength =
    dialect.header === null ? 0 : dialect.header.literal.length + dialect.header.digits;
  const after = [
    "export const generated: Generated = {",
    "  scan,",
    "  scanMessage,",
    "  messageRow,",
    "  mandatory,",
    "  forbidden,",
    "  tagsMandatory,",
    "  tagsForbidden,",
    "  echo,",
    "  errorEcho,",
    "  prefix,",
    "  min,",
    "  max,",
    "  sensitivity,",
    "  tagSensitivity,",
    `  tagValues: ${tagValues(tagList?.spec ?? null)},`,
    `  tagListElement: ${tagList?.de ?? 0},`,
    `  headerLength: ${headerLength},`,
    `  writesAllBitmaps: ${dialect.bitmap.writesAll},`,
    `  bytesMax: ${dialect.bytesMax},`,
    `  bits: ${dialect.bitmap.bits},`,
    "};",
    "",
  ];
  return { before, after };
}

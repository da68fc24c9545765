// Templates of the tables beside the scanner. Numbers only.
import type { Dialect } from "../dialect.ts";
import { type TableData, tableData } from "../table-data.ts";
import { hexLiteral } from "./resolve.ts";

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
  if (values.length === 0) {
    return [`const ${name} = ${type}.of();`, ""];
  }
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
  const name = cases.length === 0 ? "_mti" : "mti";
  return [
    `function messageRow(${name}: number): number {`,
    ...(cases.length === 0
      ? ["  return -1;"]
      : ["  switch (mti) {", ...cases, "    default:", "      return -1;", "  }"]),
    "}",
    "",
  ];
}

function presence(data: TableData): string[] {
  const words = (name: string, values: readonly number[]): string[] =>
    constant(name, "Int32Array", values.map(hexLiteral));
  return [
    ...words("mandatory", data.mandatory),
    ...words("forbidden", data.forbidden),
    ...words("tagsMandatory", data.tagsMandatory),
    ...words("tagsForbidden", data.tagsForbidden),
    "// One row a message, then the row of messages that no row names.",
    ...words("echo", data.echo),
    ...words("errorEcho", data.errorEcho),
  ];
}

function tagRules(data: TableData): string[] {
  if (data.tagListElement === 0) {
    return [];
  }
  return [
    ...constant("tagRuleWords", "Int32Array", data.tagRules),
    "const tagRules: TagRules = {",
    `  tagsMax: ${data.tagsMax},`,
    "  rules: tagRuleWords,",
    "};",
    "",
  ];
}

/** All tables, and the object that hands them to the engine. */
export function tablesSource(dialect: Dialect): { before: string[]; after: string[] } {
  const data = tableData(dialect);
  const before = [
    ...messageRow(dialect),
    ...presence(data),
    ...constant("prefix", "Uint8Array", data.prefix),
    ...constant("min", "Uint16Array", data.min),
    ...constant("max", "Uint32Array", data.max),
    "// Sensitivity by element and by tag; 0 has no class and is masked.",
    ...constant("sensitivity", "Uint8Array", data.sensitivity),
    ...constant("tagSensitivity", "Uint8Array", data.tagSensitivity),
    ...tagRules(data),
  ];
  const values = data.tagValues.map((rule) => `[${rule.join(", ")}]`).join(", ");
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
    `  tagValues: [${values}],`,
    `  tagListElement: ${data.tagListElement},`,
    `  headerLength: ${data.headerLength},`,
    `  writesAllBitmaps: ${dialect.bitmap.writesAll},`,
    `  bytesMax: ${dialect.bytesMax},`,
    `  bits: ${dialect.bitmap.bits},`,
    `  isPlain: ${data.isPlain},`,
    "};",
    "",
  ];
  return { before, after };
}

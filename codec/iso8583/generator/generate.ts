import { checkDialect } from "../check/dialect.ts";
import type { Dialect } from "../dialect.ts";
import { scannerSource } from "./scanner.ts";
import { tablesSource } from "./tables.ts";

/** What generated code may call, by file, in the order of the imports. */
const imports: readonly (readonly [file: string, names: readonly string[]])[] = [
  [
    "content.ts",
    [
      "contentFault",
      "failContent",
      "isLongDate",
      "isMonthDay",
      "isTime",
      "isTimestamp",
      "isYearMonth",
      "isYearMonthDay",
    ],
  ],
  ["ebcdic.ts", ["ebcdicToLatin1"]],
  ["scan-end.ts", ["failTrailing", "failUnknownMTI"]],
  [
    "scan-tlv.ts",
    [
      "bytesOfHex",
      "firstBit",
      "hexValueOf",
      "readBerLength",
      "readBerTag",
      "readPartBitmap",
      "seenBefore",
      "tlv",
      "type PartBitmap",
    ],
  ],
  [
    "scan-value.ts",
    ["bcdDigits", "bcdFault", "classAndIn", "isBcdDate", "signedFault", "utf8End", "utf8Fault"],
  ],
  ["tables.ts", ["byteClass", "classAnd", "ebcdicClass", "hexValue", "latin1Class"]],
  ["tag-list.ts", ["scanTagList", "type TagRules"]],
  ["words.ts", ["allDigits", "allPrintable"]],
];

/** True where the code uses an imported name. */
function isUsed(body: string, name: string): boolean {
  const local = name.split(" ").at(-1)!;
  // A property of the same name is no use of it.
  return new RegExp(`\\b${local}\\b(?!:)`).test(body);
}

function importLine(base: string, file: string, names: readonly string[]): string[] {
  const key = (name: string): string => name.replace("type ", "").toLowerCase();
  const sorted = [...names].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return names.length === 0 ? [] : [`import { ${sorted.join(", ")} } from "${base}${file}";`];
}

/**
 * Tables that the code uses, under short names. They are constants of the file itself: V8 takes
 * length and address of those into the code, but not of an import (0.16 µs a scan, and 0.18).
 */
function tableNames(body: string): string[] {
  const own = [
    ["cls", "byteClass"],
    ["clsLatin1", "latin1Class"],
    ["hex", "hexValue"],
  ]
    .filter(([name]) => isUsed(body, name!))
    .map(([name, table]) => `const ${name} = ${table};`);
  return [...own, ...(own.length === 0 ? [] : [""]), ...pageTables(body)];
}

/** Tables of the EBCDIC pages. */
function pageTables(body: string): string[] {
  return ["037", "500", "1047"].flatMap((page) => {
    const from = `["ebcdic-${page}"]`;
    const lines: string[] = [];
    if (isUsed(body, `cls${page}`)) {
      lines.push(`const cls${page} = ebcdicClass${from};`);
    }
    if (isUsed(body, `latin${page}`)) {
      lines.push(`const latin${page} = ebcdicToLatin1${from};`);
    }
    if (isUsed(body, `hex${page}`)) {
      lines.push(`const hex${page} = hexValueOf(ebcdicToLatin1${from});`);
    }
    return lines.length === 0 ? [] : [...lines, ""];
  });
}

/**
 * The generated file of a dialect, as text. Throws a DialectError where the data means nothing.
 * `base` is where the file imports the engine from.
 */
export function generate(dialect: Dialect, base = "../"): string {
  checkDialect(dialect);
  const scanner = scannerSource(dialect);
  const { before, after } = tablesSource(dialect);
  const code = [...before, ...scanner, ...after].join("\n");
  const body = [...tableNames(code), code].join("\n");
  return [
    "// Made by codec/iso8583/generator/main.ts from the dialect data: change that, not this.",
    ...imports.flatMap(([file, names]) => {
      const used = names.filter((name) => isUsed(body, name));
      const types =
        file === "scan-end.ts" ? [`import type { Generated } from "${base}generated.ts";`] : [];
      return [...types, ...importLine(base, file, used)];
    }),
    `import type { View } from "${base}view.ts";`,
    "",
    body,
  ].join("\n");
}

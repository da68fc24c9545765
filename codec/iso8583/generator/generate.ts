import type { Dialect } from "../dialect.ts";
import { checkDialect } from "./check-spec.ts";
import { scannerSource } from "./scanner.ts";
import { tablesSource } from "./tables.ts";

const tableNames = ["byteClass as cls", "classAnd", "hexValue as hex"];

const contentTests = [
  "isMonthDay",
  "isTime",
  "isTimestamp",
  "isYearMonth",
  "isYearMonthDay",
  "failContent",
];

/**
 * The generated file of a dialect, as text. Throws a DialectError where the data asks for too
 * much.
 */
export function generate(dialect: Dialect): string {
  checkDialect(dialect);
  const scanner = scannerSource(dialect);
  const { before, after } = tablesSource(dialect);
  const body = [...before, ...scanner, ...after].join("\n");
  const used = contentTests.filter((name) => body.includes(`${name}(`)).sort();
  const tagList = body.includes("scanTagList(");
  return [
    "// Made by codec/iso8583/generator/main.ts from the dialect data: change that, not this.",
    `import { ${used.join(", ")} } from "../content.ts";`,
    'import type { Generated } from "../generated.ts";',
    'import { failTrailing, failUnknownMTI } from "../scan-end.ts";',
    `import { ${tableNames.join(", ")} } from "../tables.ts";`,
    ...(tagList ? ['import { scanTagList, type TagRules } from "../tag-list.ts";'] : []),
    'import type { View } from "../view.ts";',
    "",
    body,
  ].join("\n");
}

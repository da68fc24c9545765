// The types of paths and names: one generated file for all dialects, types and nothing else.
import type { Dialect } from "../dialect.ts";
import { fieldAliases, fieldPaths } from "../field-paths.ts";

/** From codec/iso8583. */
export const fieldNamesPath = "gen/field-names.ts";

/** Literals as a union, several a line. */
function unionOf(values: readonly string[]): string {
  const lines = [""];
  for (const value of values) {
    const word = ` | ${JSON.stringify(value)}`;
    if (`${lines.at(-1)}${word}`.length > 92) lines.push("");
    lines[lines.length - 1] += word;
  }
  return lines.map((line) => `   ${line}`).join("\n");
}

/** TypeScript of gen/field-names.ts. */
export function generateFieldNames(specs: readonly Dialect[]): string {
  const paths = specs.map((spec) => {
    return `  ${JSON.stringify(spec.name)}:\n${unionOf(fieldPaths(spec).map(({ path }) => path))};`;
  });
  const aliases = specs.map((spec) => {
    const rows = Object.entries(fieldAliases(spec)).map(
      ([alias, path]) => `    readonly ${JSON.stringify(alias)}: ${JSON.stringify(path)};`,
    );
    return `  ${JSON.stringify(spec.name)}: {\n${rows.join("\n")}\n  };`;
  });
  return [
    "// Made by codec/iso8583/generator/main.ts from the dialects; do not edit.",
    "",
    "/** Every path of each dialect. */",
    "export interface FieldPaths {",
    ...paths,
    "}",
    "",
    "/** Names of each dialect and where they stand. */",
    "export interface FieldAliases {",
    ...aliases,
    "}",
    "",
  ].join("\n");
}

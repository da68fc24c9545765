// Writes the generated file of each dialect from its data. With --check it writes nothing and
// exits with 1 where a committed file differs from what the data says.
import { readFileSync, writeFileSync } from "node:fs";
import { dialectSpecs } from "../dialects/all.ts";
import { fieldNamesPath, generateFieldNames } from "./field-names.ts";
import { generate } from "./generate.ts";
import { targets } from "./targets.ts";

const check = process.argv.includes("--check");
const files = [
  ...targets.map(({ dialect, path, base }) => ({ path, text: generate(dialect, base) })),
  { path: fieldNamesPath, text: generateFieldNames(dialectSpecs) },
];
for (const { path, text } of files) {
  const file = new URL(`../${path}`, import.meta.url);
  if (!check) {
    writeFileSync(file, text);
    process.stdout.write(`${path}: ${text.split("\n").length} lines\n`);
  } else if (readFileSync(file, "utf8") !== text) {
    process.stderr.write(`${path} differs from its data: run the generator\n`);
    process.exitCode = 1;
  }
}

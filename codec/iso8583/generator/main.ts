// Writes codec/iso8583/gen/<dialect>.ts from the dialect data. With --check it writes nothing and
// exits with 1 where a committed file differs from what the data says.
import { readFileSync, writeFileSync } from "node:fs";
import { dialectSpecs } from "../dialects/all.ts";
import { generate } from "./generate.ts";

const check = process.argv.includes("--check");
for (const dialect of dialectSpecs) {
  const file = new URL(`../gen/${dialect.name}.ts`, import.meta.url);
  const text = generate(dialect);
  if (!check) {
    writeFileSync(file, text);
    process.stdout.write(`gen/${dialect.name}.ts: ${text.split("\n").length} lines\n`);
  } else if (readFileSync(file, "utf8") !== text) {
    process.stderr.write(`gen/${dialect.name}.ts differs from its data: run the generator\n`);
    process.exitCode = 1;
  }
}

// Writes the generated file of each dialect from its data. With --check it writes nothing and
// exits with 1 where a committed file differs from what the data says.
import { readFileSync, writeFileSync } from "node:fs";
import { generate } from "./generate.ts";
import { targets } from "./targets.ts";

const check = process.argv.includes("--check");
for (const { dialect, path, base } of targets) {
  const file = new URL(`../${path}`, import.meta.url);
  const text = generate(dialect, base);
  if (!check) {
    writeFileSync(file, text);
    process.stdout.write(`${path}: ${text.split("\n").length} lines\n`);
  } else if (readFileSync(file, "utf8") !== text) {
    process.stderr.write(`${path} differs from its data: run the generator\n`);
    process.exitCode = 1;
  }
}

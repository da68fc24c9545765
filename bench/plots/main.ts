// npm run bench:plots -- REPORT…: draws the charts of docs/performance.md and writes its tables,
// from reports that `npm run bench -- … --json REPORT` left. Later reports replace figures of
// earlier ones.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { figuresOf, mergedReport, pagePart, pageWith, type Report } from "./report-page.ts";

const docs = fileURLToPath(new URL("../../docs", import.meta.url));

function main(files: readonly string[]): void {
  if (files.length === 0) {
    process.stderr.write("bench:plots: name one or more reports, such as bench/results/….json\n");
    process.exitCode = 2;
    return;
  }
  const read = (file: string) => JSON.parse(readFileSync(file, "utf8")) as Report;
  const report = mergedReport(files.map(read));
  const figures = figuresOf(report);
  for (const { file, svg } of figures) {
    writeFileSync(join(docs, "images", file), svg);
    process.stdout.write(`docs/images/${file}\n`);
  }
  const page = join(docs, "performance.md");
  writeFileSync(page, pageWith(readFileSync(page, "utf8"), pagePart(report, figures)));
  process.stdout.write("docs/performance.md\n");
}

main(process.argv.slice(2));

// `pantun iso import`: a packager of jPOS or a spec of moov-io/iso8583 to a dialect file, with
// every thing that was lost on the way.
import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { type Command, Option } from "commander";
import type { ImportedDialect } from "../../codec/iso8583/import/foreign.ts";
import { importJpos } from "../../codec/iso8583/import/jpos.ts";
import { importMoov } from "../../codec/iso8583/import/moov.ts";
import { ForeignFileError } from "../../codec/iso8583/import/xml.ts";
import { appError, exitCode } from "../../platform/mod.ts";
import { readText } from "./iso-dialect.ts";

interface ImportFlags {
  readonly from?: string;
  readonly name?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly strict?: boolean;
}

const help = `
Examples:
  pantun iso import iso87ascii.xml --name jpos-87 --out jpos-87.json
  pantun iso import spec.json --from moov --json 2> losses.jsonl > mine.json
  pantun iso dialect check jpos-87.json

What cannot be carried is named on stderr, one line each, with its line in FILE: the field, its
class, and why. A DOCTYPE is read over; nothing is fetched. The foreign formats do not say what is
sensitive: what is not known from the field tables of ISO 8583 is masked. Read the result before you
trust it.

Exit codes: 0 a dialect came out, 1 none, or with --strict something was lost.`;

const readers: Readonly<Record<string, (text: string, name: string) => ImportedDialect>> = {
  jpos: importJpos,
  moov: importMoov,
};

export function registerImport(iso: Command): void {
  iso
    .command("import <file>")
    .description("Make a dialect file of a jPOS packager (XML) or a moov-io/iso8583 spec (JSON).")
    .addOption(
      new Option("--from <format>", "format of FILE; absent: XML is jpos, JSON is moov").choices(
        Object.keys(readers),
      ),
    )
    .option("--name <name>", "name of the dialect; absent: that of FILE")
    .option("--out <file>", "dialect file to write; absent: stdout")
    .option("--json", "what was lost as one JSON object a line, for machines")
    .option("--strict", "end with 1 where something was lost")
    .addHelpText("after", help)
    .action(run);
}

/** Lower-case letters, digits and dashes of a file's name. */
function nameOf(file: string): string {
  const words = basename(file)
    .replace(/\.[^.]*$/, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "");
  return words === "" ? "imported" : words.slice(0, 64);
}

function imported(file: string, flags: ImportFlags): ImportedDialect {
  const text = readText(file).replace(/^\uFEFF/, "");
  const name = flags.name ?? nameOf(file);
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(name)) {
    throw appError("USAGE", "a name is lower-case letters, digits and dashes");
  }
  const format = flags.from ?? (text.trimStart().startsWith("<") ? "jpos" : "moov");
  try {
    return readers[format]!(text, name);
  } catch (error) {
    if (!(error instanceof ForeignFileError)) throw error;
    const place = error.line > 0 ? `${file}:${error.line}` : file;
    throw appError("FAILED", `${place}: ${error.message}`);
  }
}

function run(file: string, flags: ImportFlags): void {
  const { file: dialect, elements, losses } = imported(file, flags);
  if (flags.out === undefined) {
    process.stdout.write(dialect);
  } else {
    writeFileSync(flags.out, dialect);
  }
  for (const { line, path, what, why } of losses) {
    const place = [line > 0 ? `${file}:${line}` : file, path, what].filter((one) => one !== "");
    const text =
      flags.json === true
        ? JSON.stringify({ line, path, what, why })
        : `${place.join(": ")}: ${why}`;
    process.stderr.write(`${text}\n`);
  }
  if (flags.json !== true) {
    process.stderr.write(`${elements} elements, ${losses.length} things not carried\n`);
  }
  if (flags.strict === true && losses.length > 0) {
    process.exitCode = exitCode.FAILED;
  }
}

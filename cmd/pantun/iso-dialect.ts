// `pantun iso dialect`: dialect files. `check` names every mistake by line, `init` writes one to
// begin with, `build` compiles one to a scanner of its own.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import {
  buildDialect,
  type Codec,
  type Dialect,
  dialects,
  type FileProblem,
  loadCodec,
  parseDialect,
  starterDialect,
} from "../../codec/iso8583/mod.ts";
import { appError, exitCode } from "../../platform/mod.ts";

const help = `
Examples:
  pantun iso dialect init mine > mine.json
  pantun iso dialect check mine.json
  pantun iso describe --dialect mine.json traffic.hex
  pantun iso dialect build mine.json --out mine-codec.ts

The format is described in docs/guides/iso8583-dialects.md, its JSON Schema is
docs/reference/iso8583-dialect.schema.json.`;

const known: Readonly<Record<string, Dialect>> = Object.fromEntries(
  Object.values(dialects).map(({ name, spec }) => [name, spec]),
);

/** A dialect file is small; a larger one is something else. */
const fileBytesMax = 4 * 1024 * 1024;

/** A text file of the size of a dialect. */
export function readText(file: string): string {
  try {
    const text = readFileSync(file, "utf8");
    if (text.length > fileBytesMax) {
      throw appError("FAILED", `${file} is larger than ${fileBytesMax} bytes`);
    }
    return text;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === undefined || code === "FAILED") throw cause;
    throw appError("FILE_UNREADABLE", `cannot read ${file}: ${code}`, { cause });
  }
}

function problemText(file: string, { line, place, text }: FileProblem): string {
  return `${file}:${line}: ${place === "" ? "" : `${place}: `}${text}`;
}

function loadDialect(file: string): Dialect {
  const { dialect, problems } = parseDialect(readText(file), known);
  if (dialect === null) {
    const first = problems[0];
    const more =
      problems.length > 1 ? ` (and ${problems.length - 1} more: pantun iso dialect check)` : "";
    throw appError("USAGE", `${first === undefined ? file : problemText(file, first)}${more}`);
  }
  return dialect;
}

/** The codec of a name, or of a dialect file. */
export function findCodec(dialect: string): Codec {
  if (dialect.endsWith(".json")) {
    return loadCodec(loadDialect(dialect));
  }
  const codec = dialects[dialect];
  if (codec === undefined) {
    const names = Object.keys(dialects).join(", ");
    throw appError("USAGE", `there is no dialect ${dialect}; there is ${names}, or a file .json`);
  }
  return codec;
}

function check(file: string): void {
  const { dialect, problems } = parseDialect(readText(file), known);
  for (const problem of problems) {
    process.stdout.write(`${problemText(file, problem)}\n`);
  }
  if (dialect === null) {
    process.exitCode = exitCode.FAILED;
    return;
  }
  const count = Object.keys(dialect.elements).length;
  process.stdout.write(`${file}: dialect ${dialect.name}, ${count} elements, nothing wrong\n`);
}

function init(name: string, flags: { readonly extends: string }): void {
  const beneath = known[flags.extends];
  if (beneath === undefined) {
    throw appError("USAGE", `there is no dialect ${flags.extends}`);
  }
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw appError("USAGE", "a name is lower-case letters, digits and dashes");
  }
  process.stdout.write(starterDialect(name, beneath));
}

const engine = fileURLToPath(new URL("../../codec/iso8583/", import.meta.url));

function build(file: string, flags: { readonly out: string; readonly engine?: string }): void {
  const path = relative(dirname(flags.out), engine).replaceAll("\\", "/");
  const near = path.startsWith(".") ? path : `./${path}`;
  const base = flags.engine ?? near;
  const text = buildDialect(loadDialect(file), base.endsWith("/") ? base : `${base}/`);
  writeFileSync(flags.out, text);
  process.stderr.write(`${flags.out}: ${text.split("\n").length} lines\n`);
}

export function registerDialect(iso: Command): void {
  const dialect = iso
    .command("dialect")
    .description("Check, begin and compile dialect files.")
    .addHelpText("after", help);
  dialect
    .command("check <file>")
    .description("Name everything that is wrong with a dialect file, by line.")
    .action(check);
  dialect
    .command("init <name>")
    .description("Print a dialect file to begin with.")
    .option("--extends <dialect>", "the dialect beneath", "iso87-ascii")
    .action(init);
  dialect
    .command("build <file>")
    .description("Compile a dialect file to a generated codec.")
    .requiredOption("--out <file>", "TypeScript file to write")
    .option("--engine <path>", "where the file imports codec/iso8583 from")
    .action(build);
}

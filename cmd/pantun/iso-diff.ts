// `pantun iso diff`: what differs between two messages, element by element and part by part.
import type { Command } from "commander";
import type { Codec, DecodedField, DecodedMessage } from "../../codec/iso8583/mod.ts";
import { appError, exitCode } from "../../platform/mod.ts";
import { findCodec } from "./iso-dialect.ts";
import { addInputOptions, type InputFlags, messagesOf } from "./iso-input.ts";

interface DiffFlags extends InputFlags {
  readonly json?: boolean;
  readonly reveal?: boolean;
  readonly bare?: boolean;
}

/** One place where two messages differ; null: it is not there. */
interface Difference {
  readonly path: string;
  readonly name: string;
  readonly a: string | null;
  readonly b: string | null;
}

const help = `
Examples:
  pantun iso diff request.hex answer.hex
  pantun iso diff --dialect iso87-bcd --json --reveal a.hex b.hex

The first message of each file is compared. Sensitive values are compared in clear and shown masked.
Exit codes: 0 no difference, 1 some.`;

export function registerDiff(iso: Command): void {
  const command = iso
    .command("diff <a> <b>")
    .description("Show what differs between two messages.");
  addInputOptions(command)
    .option("--json", "one JSON array of differences")
    .option("--reveal", "show sensitive values in clear")
    .option("--bare", "messages begin with the MTI, without start bytes")
    .addHelpText("after", help)
    .action(run);
}

async function firstOf(file: string, flags: DiffFlags, codec: Codec): Promise<Buffer> {
  for await (const message of messagesOf(file, flags, codec)) {
    if (message.error !== null) {
      throw appError("FAILED", `${file}: ${message.error.message}`);
    }
    return message.bytes;
  }
  throw appError("FAILED", `${file} has no message`);
}

interface Seen {
  readonly name: string;
  /** In clear, to be compared and never printed. */
  readonly clear: string;
  readonly shown: string;
}

/** Values by path; a tag that comes again has its count behind it. */
function valuesOf(clear: DecodedMessage, shown: DecodedMessage): Map<string, Seen> {
  const values = new Map<string, Seen>();
  const add = (path: string, a: DecodedField, b: DecodedField): void => {
    let key = path;
    for (let count = 2; values.has(key); count++) key = `${path}#${count}`;
    values.set(key, { name: a.name, clear: a.raw ?? a.value, shown: b.value });
    a.tags?.forEach((tag, i) => {
      add(`${key}.${tag.tag}`, tag, b.tags![i]!);
    });
    for (const [part, value] of Object.entries(a.fields ?? {})) {
      add(`${key}.${part}`, value, b.fields![part]!);
    }
  };
  const head = (path: string, value: string): void => {
    values.set(path, { name: path, clear: value, shown: value });
  };
  head("mti", clear.mti ?? "");
  head("header", clear.header ?? "");
  for (const [de, field] of Object.entries(clear.fields)) {
    add(de, field, shown.fields[de]!);
  }
  const { error } = clear;
  head("error", error === undefined ? "" : `${error.code} ${error.path}`.trim());
  return values;
}

function differences(a: Map<string, Seen>, b: Map<string, Seen>): Difference[] {
  const paths = [...new Set([...a.keys(), ...b.keys()])];
  return paths
    .filter((path) => a.get(path)?.clear !== b.get(path)?.clear)
    .map((path) => ({
      path,
      name: (a.get(path) ?? b.get(path))!.name,
      a: a.get(path)?.shown ?? null,
      b: b.get(path)?.shown ?? null,
    }));
}

function print({ path, name, a, b }: Difference): string {
  const lines = [`${path.padEnd(9)}${name === path ? "" : name}`];
  if (a !== null) lines.push(`  - ${a}`);
  if (b !== null) lines.push(`  + ${b}`);
  return lines.join("\n");
}

async function run(fileA: string, fileB: string, flags: DiffFlags): Promise<void> {
  const codec = findCodec(flags.dialect);
  const read = async (file: string): Promise<Map<string, Seen>> => {
    const bytes = await firstOf(file, flags, codec);
    const bare = flags.bare === true;
    const decode = (reveal: boolean): DecodedMessage =>
      codec.decode(bytes, 0, bytes.length, { bare, reveal });
    return valuesOf(decode(true), decode(flags.reveal === true));
  };
  const found = differences(await read(fileA), await read(fileB));
  const text = flags.json === true ? JSON.stringify(found) : found.map(print).join("\n");
  if (text !== "") {
    process.stdout.write(`${text}\n`);
  }
  if (found.length > 0) {
    process.exitCode = exitCode.FAILED;
  }
}

// `pantun iso`: read ISO 8583 messages from hex, a line each, and show what is in them. Sensitive
// values are masked unless they are asked for.
import { createReadStream } from "node:fs";
import { type Command, Option } from "commander";
import {
  type Codec,
  type DecodedMessage,
  describeDocument,
  dialects,
} from "../../codec/iso8583/mod.ts";
import { appError, exitCode, isAppError } from "../../platform/mod.ts";

interface ISOFlags {
  readonly dialect: string;
  readonly json?: boolean;
  readonly reveal?: boolean;
  readonly bare?: boolean;
  readonly structure?: boolean;
}

type Print = (document: DecodedMessage, codec: Codec, flags: ISOFlags) => string;

/** Characters of a line: the largest message of any dialect in hex, with spaces between bytes. */
const lineLengthMax = 3 * 65_535;

const help = `
Examples:
  pantun iso describe frame.hex
  echo 49534F… | pantun iso decode --json
  pantun iso decode --dialect iso87-ascii --reveal messages.hex

Input is hex, one message a line; blank lines and lines that begin with # are skipped. Messages of
mydebit begin with their start bytes (49534F…), or with the MTI under --bare; the 2-byte length of
a frame is not part of the message. Exit codes: 0 all messages good, 1 one or more bad.`;

export function register(program: Command): void {
  const iso = program
    .command("iso")
    .description("Read ISO 8583 messages from hex and show what is in them, masked.")
    .addHelpText("after", help);
  addVerb(iso, "decode", "Print each message as a JSON document.", printDocument);
  addVerb(iso, "describe", "Print each message as readable lines.", printLines);
}

function addVerb(iso: Command, name: string, description: string, print: Print): void {
  iso
    .command(`${name} [file]`)
    .description(`${description} Reads FILE, or stdin where it is absent or '-'.`)
    .addOption(
      new Option("--dialect <name>", "dialect of the messages")
        .choices(Object.keys(dialects))
        .default("mydebit"),
    )
    .option("--json", "one JSON document a line, for machines")
    .option("--reveal", "show sensitive values in clear")
    .option("--bare", "messages begin with the MTI, without start bytes")
    .option("--structure", "do not judge which elements a message type must have")
    .action((file: string | undefined, flags: ISOFlags) => run(file, flags, print));
}

/** The document of a line that is not hex: nothing of it is repeated. */
function notHex(offset: number): DecodedMessage {
  const message = "the line is not hex";
  const error = { code: "BAD_HEX", path: "", offset, message };
  return { ok: false, mti: null, bitmap: null, fields: {}, error };
}

/** Byte offset of the first fault of a line of hex, -1 where it has none. */
function hexFault(hex: string): number {
  const wrong = hex.search(/[^0-9A-Fa-f]/);
  if (wrong >= 0 || hex.length > lineLengthMax) {
    return Math.max(wrong, 0) >> 1;
  }
  return hex.length % 2 === 0 ? -1 : hex.length >> 1;
}

function decodeLine(line: string, codec: Codec, flags: ISOFlags): DecodedMessage {
  const hex = line.replace(/\s+/g, "");
  const fault = hexFault(hex);
  if (fault >= 0) {
    return notHex(fault);
  }
  const bytes = Buffer.from(hex, "hex");
  return codec.decode(bytes, 0, bytes.length, {
    reveal: flags.reveal === true,
    bare: flags.bare === true,
    judge: flags.structure !== true,
  });
}

function printDocument(document: DecodedMessage, _: Codec, flags: ISOFlags): string {
  return JSON.stringify(document, null, flags.json === true ? undefined : 2);
}

function printLines(document: DecodedMessage, codec: Codec, flags: ISOFlags): string {
  if (flags.json === true) {
    return JSON.stringify(document);
  }
  return `${describeDocument(codec.spec, document).join("\n")}\n`;
}

async function run(file: string | undefined, flags: ISOFlags, print: Print): Promise<void> {
  const codec = dialects[flags.dialect];
  if (codec === undefined) {
    throw appError("USAGE", `there is no dialect ${flags.dialect}`);
  }
  let bad = 0;
  for await (const line of linesOf(file)) {
    const text = line.trim();
    if (text === "" || text.startsWith("#")) {
      continue;
    }
    const document = decodeLine(text, codec, flags);
    bad += document.ok ? 0 : 1;
    process.stdout.write(`${print(document, codec, flags)}\n`);
  }
  if (bad > 0) {
    process.exitCode = exitCode.FAILED;
  }
}

function openInput(file: string | undefined): NodeJS.ReadableStream {
  return file === undefined || file === "-" ? process.stdin : createReadStream(file);
}

/** Lines of a file or stdin, read piece by piece. */
async function* linesOf(file: string | undefined): AsyncGenerator<string> {
  let rest = "";
  try {
    for await (const chunk of openInput(file)) {
      const lines = (rest + chunk.toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > lineLengthMax) {
        throw appError("FAILED", `a line is longer than ${lineLengthMax} characters`);
      }
      yield* lines;
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "read error";
    throw isAppError(cause)
      ? cause
      : appError("FILE_UNREADABLE", `cannot read ${file ?? "stdin"}: ${code}`, { cause });
  }
  yield rest;
}

// `pantun iso encode`: documents back to bytes.
import { type Command, Option } from "commander";
import {
  type Codec,
  CodecError,
  encodeFrame,
  framings,
  type MessageInput,
} from "../../codec/iso8583/mod.ts";
import { appError, exitCode } from "../../platform/mod.ts";
import { findCodec } from "./iso-dialect.ts";
import { bytesOf } from "./iso-input.ts";

interface EncodeFlags {
  readonly dialect: string;
  readonly output: string;
  readonly framing: string;
}

const help = `
Examples:
  pantun iso decode --json --reveal good.hex | pantun iso encode
  echo '{"mti":"0800","fields":{"7":"0101000500","11":"1","70":"301"}}' | pantun iso encode

Input is JSON: one document, an array of them, or one a line. Of each element \`value\` alone or
\`raw\` alone is enough, or plain text in place of both. A masked document is refused.`;

export function registerEncode(iso: Command): void {
  iso
    .command("encode [file]")
    .description("Write messages from JSON documents. Reads FILE, or stdin where absent or '-'.")
    .option("--dialect <name>", "dialect, or a dialect file that ends with .json", "mydebit")
    .addOption(
      new Option("--output <kind>", "hex: a message a line; raw: bytes alone; stream: framed")
        .choices(["hex", "raw", "stream"])
        .default("hex"),
    )
    .addOption(
      new Option("--framing <name>", "how --output stream is framed")
        .choices(Object.keys(framings))
        .default("raw2"),
    )
    .addHelpText("after", help)
    .action(run);
}

/** One document, an array, or one a line. */
function documentsOf(text: string): MessageInput[] {
  const parse = (json: string, what: string): unknown => {
    try {
      return JSON.parse(json) as unknown;
    } catch {
      // The parser's own sentence would repeat a piece of the message.
      throw appError("FAILED", `${what} is not JSON`);
    }
  };
  const trimmed = text.trim();
  const lines = trimmed.split("\n").filter((line) => line.trim() !== "");
  const isLines = lines.length > 1 && lines.every((line) => /^\s*\{.*\}\s*$/.test(line));
  const values = isLines
    ? lines.map((line, i) => parse(line, `line ${i + 1}`))
    : [parse(trimmed, "the input")].flat();
  return values.map((value, i) => {
    const document = value as Partial<MessageInput> | null;
    if (typeof document?.mti !== "string" || typeof document.fields !== "object") {
      throw appError("FAILED", `document ${i + 1} has no mti or no fields`);
    }
    return document as MessageInput;
  });
}

function write(bytes: Buffer, flags: EncodeFlags): void {
  if (flags.output === "hex") {
    process.stdout.write(`${bytes.toString("hex").toUpperCase()}\n`);
  } else {
    const framing = framings[flags.framing]!;
    process.stdout.write(flags.output === "raw" ? bytes : encodeFrame(framing, bytes));
  }
}

function encodeOne(codec: Codec, document: MessageInput, out: Buffer): Buffer | CodecError {
  try {
    return Buffer.from(out.subarray(0, codec.encode(document, out, 0)));
  } catch (error) {
    if (error instanceof CodecError) return error;
    throw error;
  }
}

async function run(file: string | undefined, flags: EncodeFlags): Promise<void> {
  const codec = findCodec(flags.dialect);
  const out = Buffer.alloc(codec.spec.bytesMax);
  const documents = documentsOf((await bytesOf(file)).toString("utf8"));
  documents.forEach((document, i) => {
    const bytes = encodeOne(codec, document, out);
    if (bytes instanceof CodecError) {
      process.stderr.write(`document ${i + 1}: ${bytes.message}\n`);
      process.exitCode = exitCode.FAILED;
    } else {
      write(bytes, flags);
    }
  });
}

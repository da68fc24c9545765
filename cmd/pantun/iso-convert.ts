// `pantun iso convert`: messages of ISO 8583:1987 as messages of 1993 and back. Bytes hold card
// numbers: they are written only where `--reveal` asks for it.
import { type Command, InvalidArgumentError, Option } from "commander";
import {
  type Codec,
  CodecError,
  type ConversionOptions,
  type Converted,
  convertible,
  convertMessage,
  type DecodedError,
  describeDocument,
  dialects,
  loadCodec,
  plainMessage,
  shownDialect,
} from "../../codec/iso8583/mod.ts";
import { appError, exitCode } from "../../platform/mod.ts";
import { addSourceOptions, type InputFlags, type Message, messagesOf } from "./iso-input.ts";

interface ConvertFlags extends Omit<InputFlags, "dialect"> {
  readonly from: string;
  readonly to: string;
  readonly output: "lines" | "hex" | "raw";
  readonly json?: boolean;
  readonly reveal?: boolean;
  readonly strict?: boolean;
  readonly at?: number;
  readonly utcOffset?: number;
}

const help = `
Examples:
  pantun iso convert --from iso87-ascii --to iso93-ascii request.hex
  pantun iso convert --from iso93-bcd --to iso87-bcd --reveal --output hex in.hex > out.hex
  pantun iso convert --from iso87-ascii --to iso93-bcd --json --strict in.hex

The result is shown masked; --output hex and raw write its bytes, and only with --reveal, because
they hold what is sensitive. What could not be carried is named on stderr, one line each: message,
code, path; with --json it is \`losses\` of the document. MACs are never carried: they hold for the
bytes that they came with. Exit codes: 0 all converted, 1 a message was bad or has no counterpart,
or with --strict something was lost; such a message is not written.`;

/** Unix seconds of a date or time as ISO 8601 has it. */
function moment(text: string): number {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) {
    throw new InvalidArgumentError("a time is 2026-11-25 or 2026-11-25T12:00:00Z");
  }
  return milliseconds / 1_000;
}

/** Minutes of `+08:00`. */
function offsetMinutes(text: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):([0-5]\d)$/.exec(text) ?? [];
  if (minutes === undefined || Number(hours) > 14) {
    throw new InvalidArgumentError("an offset is +08:00 or -03:30");
  }
  return (sign === "-" ? -1 : 1) * (60 * Number(hours) + Number(minutes));
}

export function registerConvert(iso: Command): void {
  const command = iso
    .command("convert [file]")
    .description("Convert messages between versions. Reads FILE, or stdin where absent or '-'.")
    .addOption(
      new Option("--from <dialect>", "dialect of the input")
        .choices(convertible)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option("--to <dialect>", "dialect of the result")
        .choices(convertible)
        .makeOptionMandatory(),
    );
  addSourceOptions(command)
    .addOption(
      new Option("--output <kind>", "lines: readable; hex: a message a line; raw: bytes alone")
        .choices(["lines", "hex", "raw"])
        .default("lines"),
    )
    .option("--json", "one JSON document a line, with what was lost, for machines")
    .option("--reveal", "show sensitive values in clear; needed for bytes")
    .option("--strict", "end with 1 where something was lost")
    .option("--at <time>", "when the messages were sent, for years; absent: now", moment)
    .option("--utc-offset <offset>", "local time of the messages, such as +08:00", offsetMinutes)
    .addHelpText("after", help)
    .action(run);
}

interface Ends {
  readonly from: Codec;
  readonly to: Codec;
  /** The same as `to`; hides what either side hides. */
  readonly shown: Codec;
}

/** The converted message, or why there is none. */
function convertOne(
  { from, to }: Ends,
  message: Message,
  options: ConversionOptions,
): Converted | DecodedError {
  if (message.error !== null) {
    return message.error;
  }
  const { bytes } = message;
  const document = from.decode(bytes, 0, bytes.length, { reveal: true });
  const plain = plainMessage(document);
  if (plain === null) {
    return document.error!;
  }
  const converted = convertMessage(from, to, plain, options);
  const text = "the message type has no counterpart";
  return converted ?? { code: "UNKNOWN_MTI", path: "", offset: 0, message: text };
}

function encoded({ to }: Ends, { message }: Converted): Buffer | DecodedError {
  const out = Buffer.alloc(to.spec.bytesMax);
  try {
    return out.subarray(0, to.encode(message, out, 0));
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    return { code: error.code, path: error.path, offset: error.offset, message: error.message };
  }
}

function print(bytes: Buffer, { shown }: Ends, converted: Converted, flags: ConvertFlags): void {
  if (flags.output === "raw") {
    process.stdout.write(bytes);
    return;
  }
  if (flags.output === "hex") {
    process.stdout.write(`${bytes.toString("hex").toUpperCase()}\n`);
    return;
  }
  const document = shown.decode(bytes, 0, bytes.length, { reveal: flags.reveal === true });
  const { losses } = converted;
  const text =
    flags.json === true
      ? JSON.stringify({ ...document, losses })
      : `${describeDocument(shown.spec, document).join("\n")}\n`;
  process.stdout.write(`${text}\n`);
}

function refuse(number: number, error: DecodedError, flags: ConvertFlags): void {
  process.exitCode = exitCode.FAILED;
  if (flags.json === true) {
    const document = { ok: false, mti: null, bitmap: null, fields: {}, error };
    process.stdout.write(`${JSON.stringify(document)}\n`);
  } else {
    const place = `${error.code} ${error.path}`.trim();
    process.stderr.write(`message ${number}: ${place}: ${error.message}\n`);
  }
}

function reportLosses(number: number, { losses }: Converted, flags: ConvertFlags): void {
  if (flags.json !== true || flags.output !== "lines") {
    for (const { code, path, text } of losses) {
      process.stderr.write(`message ${number}: ${code} ${path}: ${text}\n`);
    }
  }
  if (flags.strict === true && losses.length > 0) process.exitCode = exitCode.FAILED;
}

async function run(file: string | undefined, flags: ConvertFlags): Promise<void> {
  if (flags.output !== "lines" && flags.reveal !== true) {
    throw appError("USAGE", `--output ${flags.output} shows sensitive values: add --reveal`);
  }
  const from = dialects[flags.from]!;
  const to = dialects[flags.to]!;
  const ends = { from, to, shown: loadCodec(shownDialect(from.spec, to.spec)) };
  const options = {
    now: flags.at ?? Math.floor(Date.now() / 1_000),
    ...(flags.utcOffset === undefined ? {} : { localOffset: flags.utcOffset }),
  };
  let number = 0;
  for await (const message of messagesOf(file, { ...flags, dialect: flags.from }, ends.from)) {
    number++;
    const converted = convertOne(ends, message, options);
    const bytes = "losses" in converted ? encoded(ends, converted) : converted;
    if (!("losses" in converted) || !Buffer.isBuffer(bytes)) {
      refuse(number, bytes as DecodedError, flags);
      continue;
    }
    reportLosses(number, converted, flags);
    const isHeld = flags.strict === true && converted.losses.length > 0;
    if (!isHeld) print(bytes, ends, converted, flags);
  }
}

// `pantun iso`: read, write, compare and explain ISO 8583 messages in any dialect. Sensitive values
// are masked unless they are asked for.
import { type Command, Option } from "commander";
import { type Codec, type DecodedMessage, describeDocument } from "../../codec/iso8583/mod.ts";
import { exitCode } from "../../platform/mod.ts";
import { registerConvert } from "./iso-convert.ts";
import { findCodec, registerDialect } from "./iso-dialect.ts";
import { registerDiff } from "./iso-diff.ts";
import { registerEncode } from "./iso-encode.ts";
import { registerImport } from "./iso-import.ts";
import { addInputOptions, type InputFlags, type Message, messagesOf } from "./iso-input.ts";
import { registerSend } from "./iso-send.ts";
import { registerTap } from "./iso-tap.ts";

interface ReadFlags extends InputFlags {
  readonly json?: boolean;
  readonly reveal?: boolean;
  readonly bare?: boolean;
  readonly structure?: boolean;
}

type Print = (document: DecodedMessage, codec: Codec, flags: ReadFlags) => string;

const help = `
Examples:
  pantun iso describe frame.hex
  echo 49534F… | pantun iso decode --json
  pantun iso decode --dialect iso87-bcd --input stream --framing raw2 traffic.bin
  pantun iso describe --dialect mine.json --input pcap capture.pcapng
  tcpdump -r capture.pcap -x | pantun iso describe --input packets --link ip
  pantun iso decode --json --reveal good.hex | pantun iso encode
  pantun iso convert --from iso87-ascii --to iso93-ascii good.hex
  pantun iso import iso87ascii.xml --out mine.json
  pantun iso send 127.0.0.1:8583 frame.hex --sign-on
  pantun iso tap --listen 9000 --to 127.0.0.1:8583
  pantun iso dialect init mine > mine.json

Input is hex unless --input says otherwise, one message a line; blank lines and lines that begin
with # are skipped. --input hexdump takes bytes as tcpdump -x and -X, xxd, hexdump -C, Wireshark,
text2pcap and jPOS print them: offsets are checked, several dumps may stand in a file, other lines
part them, and with --framing each is cut into frames. Messages begin with the start bytes of their
dialect (mydebit: 49534F…), or with the MTI under --bare.
Exit codes: 0 all messages good, 1 one or more bad.`;

export function register(program: Command): void {
  const iso = program
    .command("iso")
    .description("Read, write, compare and explain ISO 8583 messages, masked.")
    .addHelpText("after", help);
  addVerb(iso, "decode", "Print each message as a JSON document.", printDocument);
  addVerb(iso, "describe", "Print each message as readable lines.", printLines);
  registerEncode(iso);
  registerDiff(iso);
  registerConvert(iso);
  registerDialect(iso);
  registerImport(iso);
  registerSend(iso);
  registerTap(iso);
}

function addVerb(iso: Command, name: string, description: string, print: Print): void {
  const command = iso
    .command(`${name} [file]`)
    .description(`${description} Reads FILE, or stdin where it is absent or '-'.`);
  addInputOptions(command)
    .option("--json", "one JSON document a line, for machines")
    .option("--reveal", "show sensitive values in clear")
    .option("--bare", "messages begin with the MTI, without start bytes")
    .addOption(new Option("--structure", "do not judge which elements a message type must have"))
    .action((file: string | undefined, flags: ReadFlags) => run(file, flags, print));
}

function documentOf(message: Message, codec: Codec, flags: ReadFlags): DecodedMessage {
  if (message.error !== null) {
    return { ok: false, mti: null, bitmap: null, fields: {}, error: message.error };
  }
  return codec.decode(message.bytes, 0, message.bytes.length, {
    reveal: flags.reveal === true,
    bare: flags.bare === true,
    judge: flags.structure !== true,
  });
}

function printDocument(document: DecodedMessage, _: Codec, flags: ReadFlags): string {
  return JSON.stringify(document, null, flags.json === true ? undefined : 2);
}

function printLines(document: DecodedMessage, codec: Codec, flags: ReadFlags): string {
  if (flags.json === true) {
    return JSON.stringify(document);
  }
  return `${describeDocument(codec.spec, document).join("\n")}\n`;
}

async function run(file: string | undefined, flags: ReadFlags, print: Print): Promise<void> {
  const codec = findCodec(flags.dialect);
  let bad = 0;
  for await (const message of messagesOf(file, flags, codec)) {
    const document = documentOf(message, codec, flags);
    bad += document.ok ? 0 : 1;
    process.stdout.write(`${print(document, codec, flags)}\n`);
  }
  if (bad > 0) {
    process.exitCode = exitCode.FAILED;
  }
}

// `pantun iso tap`: a proxy between a switch and a host that shows what goes over the line, masked,
// and can record it.
import { once } from "node:events";
import { type Command, Option } from "commander";
import { dialects, framings, raw2 } from "../../codec/iso8583/mod.ts";
import { appError, exitCode, systemClock } from "../../platform/mod.ts";
import { lineOf, Observer, type SeenEvent, type SeenMessage } from "../tap/observer.ts";
import { type Listener, TapProxy } from "../tap/proxy.ts";
import { CaptureRecorder, Recording } from "../tap/record.ts";
import { findCodec } from "./iso-dialect.ts";
import { hostOf, refusePlain } from "./iso-endpoint.ts";
import { wholeNumber } from "./whole-number.ts";

interface TapFlags {
  readonly listen: number;
  readonly address: string;
  readonly to: string;
  readonly dialect: string;
  readonly framing: string;
  readonly bare?: boolean;
  readonly record?: string;
  readonly insecure?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
  readonly reveal?: boolean;
}

const help = `
Examples:
  pantun iso tap --listen 9000 --to 127.0.0.1:8583
  pantun iso tap --listen 9000 --to 10.1.2.3:8583 --insecure --dialect iso87-bcd --framing nac
  pantun iso tap --listen 9000 --to 127.0.0.1:8583 --record traffic.jsonl --quiet
  pantun iso tap --listen 9000 --to 127.0.0.1:8583 --record traffic.pcapng --reveal
  pantun iso describe --input pcap traffic.pcapng

Every byte is passed on as it came, before it is looked at; a side that reads slowly slows down the
other as it would without the tap, and an end of sending is passed on as one. One line a message
goes to standard output, masked unless --reveal is given; whoever reads it must keep up with the
line. What cannot be decoded is passed on and shown as an error with its offset; after a frame
length that is none, the rest of that direction is passed on unread.

--record FILE.jsonl writes the documents of the messages, FILE.pcapng the raw bytes, which hold card
numbers: that takes --reveal. Either file is readable by its owner only, and overwritten. TLS is not
spoken: a tap reads only what is plain.

Exit codes: 0 stopped by Ctrl-C or SIGTERM, 1 the recording could not be written, 2 wrong usage,
7 plain TCP beyond this machine without --insecure, 8 the port is taken.`;

export function registerTap(iso: Command): void {
  const names = Object.keys(dialects).join(", ");
  iso
    .command("tap")
    .description("Pass a line through unchanged, show its messages masked, and record them.")
    .requiredOption(
      "--listen <port>",
      "port to take calls on; 0: a free one",
      wholeNumber(0, 65_535),
    )
    .requiredOption("--to <host:port>", "who is called")
    .option("--address <address>", "address to listen on", "127.0.0.1")
    .option("--dialect <name>", `${names}, or a dialect file that ends with .json`, "mydebit")
    .addOption(
      new Option("--framing <name>", "how messages are laid into the stream")
        .choices(Object.keys(framings))
        .default("raw2"),
    )
    .option("--bare", "messages begin with the MTI, without start bytes")
    .option("--record <file>", "FILE.jsonl: documents; FILE.pcapng: raw bytes, with --reveal")
    .option("--insecure", "allow plain TCP beyond this machine: card numbers travel in clear")
    .option("--quiet", "no line a message")
    .option("--json", "one JSON document a line, for machines")
    .option("--reveal", "show sensitive values in clear")
    .addHelpText("after", help)
    .action(run);
}

async function run(flags: TapFlags): Promise<void> {
  const to = hostOf(flags.to);
  refusePlain(to.host, flags);
  refusePlain(flags.address, flags);
  const codec = findCodec(flags.dialect);
  const recording = openRecording(flags);
  const isCapture = flags.record?.endsWith(".pcapng") === true;
  const observer = new Observer({
    codec,
    framing: framings[flags.framing] ?? raw2,
    reveal: flags.reveal === true,
    bare: flags.bare === true,
    nowMs: () => systemClock.nowMs(),
    onMessage(message) {
      if (!isCapture) recording?.document(message);
      if (flags.quiet !== true) print(message, flags);
    },
    onEvent: (time, connection, event) => printEvent(time, connection, event),
  });
  const listener: Listener =
    recording !== null && isCapture
      ? new CaptureRecorder(recording, observer, () => systemClock.nowMs())
      : observer;
  const proxy = new TapProxy({ listen: { host: flags.address, port: flags.listen }, to, listener });
  const port = await proxy.listen().catch((cause: unknown) => {
    throw appError("PORT_IN_USE", `${flags.address}:${flags.listen} cannot be opened.`, { cause });
  });
  process.stderr.write(`listening on ${flags.address}:${port}, passing on to ${flags.to}\n`);
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  await proxy.close();
  recording?.close();
  process.stderr.write(`${observer.messages} messages, ${observer.unreadable} unreadable\n`);
  if (recording === null || recording.fault === null) return;
  process.stderr.write(`${recording.fault}\n`);
  process.exitCode = exitCode.FAILED;
}

function openRecording({ record, reveal }: TapFlags): Recording | null {
  if (record === undefined) return null;
  const isCapture = record.endsWith(".pcapng");
  if (!isCapture && !record.endsWith(".jsonl")) {
    throw appError("USAGE", "--record takes a file that ends with .jsonl or .pcapng.");
  }
  if (isCapture && reveal !== true) {
    throw appError("USAGE", "A capture holds the raw bytes, card numbers too: add --reveal.");
  }
  try {
    return new Recording(record);
  } catch (cause) {
    throw appError("FILE_UNREADABLE", `The file ${record} cannot be written.`, { cause });
  }
}

function print(message: SeenMessage, { json }: TapFlags): void {
  process.stdout.write(`${json === true ? JSON.stringify(message) : lineOf(message)}\n`);
}

function printEvent(time: string, connection: number, event: SeenEvent): void {
  const what =
    event.event === "opened"
      ? `${event.client} calls ${event.host}`
      : event.event === "ended"
        ? `${event.direction === "to-host" ? "the caller" : "the host"} sends no more`
        : `closed${event.error === null ? "" : ` (${event.error})`}`;
  process.stderr.write(`${time.slice(11, 23)} #${connection} ${what}\n`);
}

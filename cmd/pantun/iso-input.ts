// Where `pantun iso` takes messages from: hex lines, one raw message, a framed stream, clearing
// blocks, a capture, or bytes as other tools print them. What is in the bytes is never guessed.
import { createReadStream } from "node:fs";
import { type Command, Option } from "commander";
import {
  type Codec,
  type DecodedError,
  dialects,
  FrameReader,
  type Framing,
  frame,
  framings,
} from "../../codec/iso8583/mod.ts";
import { appError, isAppError } from "../../platform/mod.ts";
import { recordsOfBlocks } from "./iso-blocks.ts";
import { dumpsOf } from "./iso-hexdump.ts";
import { type CapturedStream, linkLayers, streamsOfCapture, streamsOfPackets } from "./iso-pcap.ts";

export interface InputFlags {
  readonly dialect: string;
  readonly input: string;
  /** Absent: frames of the usual framing, or none where the input need not have any. */
  readonly framing?: string;
  readonly link?: string;
}

/** The bytes of one message, or why there are none. */
export type Message =
  | { readonly bytes: Buffer; readonly error: null }
  | { readonly bytes: null; readonly error: DecodedError };

/** Characters of a line: the largest message of any dialect in hex, with spaces between bytes. */
const lineLengthMax = 3 * 65_535;
/** Bytes of a file that is read as a whole: a capture of some hours. */
const fileBytesMax = 512 * 1024 * 1024;

const kinds = ["hex", "raw", "stream", "blocks", "pcap", "hexdump", "packets"];
const usualFraming = "raw2";

const inputText =
  "hex: a message a line; raw: one message; stream: frames; blocks: clearing file; " +
  "pcap: capture; hexdump: messages as tcpdump, xxd, hexdump -C, Wireshark or jPOS print bytes; " +
  "packets: whole packets printed like that";

/** The options that say what comes in. */
export function addSourceOptions(command: Command): Command {
  const framing = new Option(
    "--framing <name>",
    `how stream, pcap and packets are framed (usually ${usualFraming}); hexdump: cut out frames`,
  );
  const link = new Option(
    "--link <layer>",
    "what --input packets begin with; tcpdump -x prints ip",
  );
  return command
    .addOption(new Option("--input <kind>", inputText).choices(kinds).default("hex"))
    .addOption(framing.choices(Object.keys(framings)))
    .addOption(link.choices(Object.keys(linkLayers)).default("ethernet"));
}

/** The options that say what comes in and in which dialect. */
export function addInputOptions(command: Command): Command {
  const names = Object.keys(dialects).join(", ");
  const text = `${names}, or a dialect file that ends with .json`;
  return addSourceOptions(command.option("--dialect <name>", text, "mydebit"));
}

function fault(code: string, offset: number, message: string): Message {
  return { bytes: null, error: { code, path: "", offset, message } };
}

function openInput(file: string | undefined): NodeJS.ReadableStream {
  return file === undefined || file === "-" ? process.stdin : createReadStream(file);
}

/** Chunks of a file or of stdin; a file that cannot be read is one clear sentence. */
async function* chunksOf(file: string | undefined): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of openInput(file)) {
      yield Buffer.from(chunk);
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "read error";
    throw isAppError(cause)
      ? cause
      : appError("FILE_UNREADABLE", `cannot read ${file ?? "stdin"}: ${code}`, { cause });
  }
}

/** Lines of a file or stdin, read piece by piece. */
export async function* linesOf(file: string | undefined): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of chunksOf(file)) {
    const lines = (rest + chunk.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > lineLengthMax) {
      throw appError("FAILED", `a line is longer than ${lineLengthMax} characters`);
    }
    yield* lines;
  }
  yield rest;
}

/** All bytes of a file or of stdin. */
export async function bytesOf(file: string | undefined): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunksOf(file)) {
    size += chunk.length;
    if (size > fileBytesMax) {
      throw appError("FAILED", `the input is larger than ${fileBytesMax} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Byte offset of the first fault of a line of hex, -1 where it has none. */
function hexFault(hex: string): number {
  const wrong = hex.search(/[^0-9A-Fa-f]/);
  if (wrong >= 0 || hex.length > lineLengthMax) {
    return Math.max(wrong, 0) >> 1;
  }
  return hex.length % 2 === 0 ? -1 : hex.length >> 1;
}

async function* hexMessages(file: string | undefined): AsyncGenerator<Message> {
  for await (const line of linesOf(file)) {
    const text = line.trim();
    if (text === "" || text.startsWith("#")) continue;
    const hex = text.replace(/\s+/g, "");
    const offset = hexFault(hex);
    // Nothing of a line that is not hex is repeated.
    yield offset >= 0
      ? fault("BAD_HEX", offset, "the line is not hex")
      : { bytes: Buffer.from(hex, "hex"), error: null };
  }
}

function readerFor(framing: Framing, codec: Codec): FrameReader {
  const smallest = codec.headerLength + 4;
  return new FrameReader({ bodyBytesMin: smallest, bodyBytesMax: codec.spec.bytesMax }, framing);
}

/** Messages of a framed stream; `offset` counts from its first byte. */
function* framesOf(reader: FrameReader, chunk: Buffer): Generator<Message> {
  for (let at = 0; at < chunk.length && !reader.broken; ) {
    at += reader.push(chunk, at);
    for (;;) {
      const found = reader.next();
      if (found === frame.READY) {
        const { offset, length } = reader;
        yield { bytes: Buffer.from(reader.buf.subarray(offset, offset + length)), error: null };
      } else if (found === frame.BAD_HEAD) {
        yield fault("BAD_HEADER", 0, "the transport header of a frame is none");
        if (reader.broken) return;
      } else {
        break;
      }
    }
  }
}

function* endOf(reader: FrameReader): Generator<Message> {
  if (reader.broken) {
    yield fault("FRAME_LENGTH", 0, "the length of a frame is outside its limits");
  } else if (reader.pendingBytes > 0) {
    yield fault("FRAME_LENGTH", 0, "the stream ends inside a frame");
  }
}

async function* streamMessages(
  file: string | undefined,
  framing: Framing,
  codec: Codec,
): AsyncGenerator<Message> {
  const reader = readerFor(framing, codec);
  for await (const chunk of chunksOf(file)) {
    yield* framesOf(reader, chunk);
    if (reader.broken) break;
  }
  yield* endOf(reader);
}

function* flowMessages(
  streams: readonly CapturedStream[],
  framing: Framing,
  codec: Codec,
): Generator<Message> {
  for (const stream of streams) {
    const reader = readerFor(framing, codec);
    for (const piece of stream.pieces) {
      yield* framesOf(reader, piece);
    }
    if (stream.isCut) {
      yield fault("FRAME_LENGTH", 0, `segments of ${stream.from} to ${stream.to} are missing`);
    } else {
      yield* endOf(reader);
    }
  }
}

/** Dumps as messages, or as streams of frames where a framing is asked for. */
function* dumpMessages(text: string, framing: Framing | null, codec: Codec): Generator<Message> {
  for (const { bytes, error } of dumpsOf(text)) {
    if (error !== null) {
      yield fault("BAD_DUMP", bytes.length, error);
    } else if (framing === null) {
      yield { bytes, error: null };
    } else {
      const reader = readerFor(framing, codec);
      yield* framesOf(reader, bytes);
      yield* endOf(reader);
    }
  }
}

/** Packets that were printed, put together to the streams of their connections. */
function* packetMessages(
  text: string,
  link: number,
  framing: Framing,
  codec: Codec,
): Generator<Message> {
  const dumps = [...dumpsOf(text)];
  for (const { bytes, error } of dumps) {
    if (error !== null) yield fault("BAD_DUMP", bytes.length, error);
  }
  const packets = dumps.filter(({ error }) => error === null).map(({ bytes }) => ({ link, bytes }));
  yield* flowMessages(streamsOfPackets(packets), framing, codec);
}

/** Messages of the input that the flags name. */
export async function* messagesOf(
  file: string | undefined,
  flags: InputFlags,
  codec: Codec,
): AsyncGenerator<Message> {
  const framing = framings[flags.framing ?? usualFraming]!;
  switch (flags.input) {
    case "raw":
      yield { bytes: await bytesOf(file), error: null };
      return;
    case "stream":
      yield* streamMessages(file, framing, codec);
      return;
    case "pcap":
      yield* flowMessages(streamsOfCapture(await bytesOf(file)), framing, codec);
      return;
    case "hexdump": {
      const own = flags.framing === undefined ? null : framing;
      yield* dumpMessages((await bytesOf(file)).toString("latin1"), own, codec);
      return;
    }
    case "packets": {
      const link = linkLayers[flags.link ?? "ethernet"]!;
      yield* packetMessages((await bytesOf(file)).toString("latin1"), link, framing, codec);
      return;
    }
    case "blocks":
      for (const { bytes, isWhole } of recordsOfBlocks(await bytesOf(file))) {
        yield isWhole
          ? { bytes, error: null }
          : fault("FRAME_LENGTH", 0, "the file ends inside a record");
      }
      return;
    default:
      yield* hexMessages(file);
  }
}

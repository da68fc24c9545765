// What goes over a line, message by message: frames of both directions, decoded and masked. What
// cannot be read is said and changes nothing about the bytes, which are gone by then.
import {
  type Codec,
  type DecodedError,
  type DecodedMessage,
  FrameReader,
  type Framing,
  frame,
} from "../../codec/iso8583/mod.ts";
import type { Direction, Link, Listener } from "./proxy.ts";

export interface SeenMessage {
  readonly time: string;
  readonly connection: number;
  readonly direction: Direction;
  /** Where its frame, or what could not be read, begins in the stream of its direction. */
  readonly streamOffset: number;
  readonly document: DecodedMessage;
}

export type SeenEvent =
  | { readonly event: "opened"; readonly client: string; readonly host: string }
  | { readonly event: "ended"; readonly direction: Direction }
  | { readonly event: "closed"; readonly error: string | null };

export interface ObserverOptions {
  readonly codec: Codec;
  readonly framing: Framing;
  readonly reveal: boolean;
  readonly bare: boolean;
  readonly nowMs: () => number;
  readonly onMessage: (message: SeenMessage) => void;
  readonly onEvent: (time: string, connection: number, event: SeenEvent) => void;
}

interface Stream {
  readonly reader: FrameReader;
  /** Bytes that came in all. */
  bytes: number;
  broken: boolean;
}

export class Observer implements Listener {
  readonly #options: ObserverOptions;
  readonly #streams = new Map<number, Record<Direction, Stream>>();
  messages = 0;
  /** Messages that could not be decoded, and streams that could not be read on. */
  unreadable = 0;

  constructor(options: ObserverOptions) {
    this.#options = options;
  }

  opened({ number, client, host }: Link): void {
    this.#streams.set(number, { "to-host": this.#stream(), "from-host": this.#stream() });
    this.#event(number, { event: "opened", client, host });
  }

  bytes({ number }: Link, direction: Direction, chunk: Buffer): void {
    const stream = this.#streams.get(number)?.[direction];
    if (stream === undefined) return;
    stream.bytes += chunk.length;
    if (stream.broken) return;
    const { reader } = stream;
    for (let at = 0; at < chunk.length; ) {
      at += reader.push(chunk, at);
      // Of this chunk, what lies behind `at` has not reached the reader.
      const taken = stream.bytes - (chunk.length - at);
      for (;;) {
        const unread = taken - reader.pendingBytes;
        const found = reader.next();
        if (found === frame.MORE) break;
        if (found === frame.READY) this.#found(number, direction, stream, taken);
        // Keep-alives that came in one piece with it may stand before the frame.
        else this.#lost(number, direction, stream, unread, found);
        if (stream.broken) return;
      }
    }
  }

  ended({ number }: Link, direction: Direction): void {
    const stream = this.#streams.get(number)?.[direction];
    if (stream !== undefined && !stream.broken && stream.reader.pendingBytes > 0) {
      const at = stream.bytes - stream.reader.pendingBytes;
      this.#fault(number, direction, at, "FRAME_LENGTH", "the stream ends inside a frame");
    }
    this.#event(number, { event: "ended", direction });
  }

  closed({ number }: Link, error: string | null): void {
    this.#streams.delete(number);
    this.#event(number, { event: "closed", error });
  }

  #stream(): Stream {
    const { codec, framing, bare } = this.#options;
    const smallest = (bare ? 0 : codec.headerLength) + 4;
    const limits = { bodyBytesMin: smallest, bodyBytesMax: codec.spec.bytesMax };
    return { reader: new FrameReader(limits, framing), bytes: 0, broken: false };
  }

  #found(connection: number, direction: Direction, { reader }: Stream, taken: number): void {
    const { codec, framing, reveal, bare } = this.#options;
    const { buf, headOffset, offset, length } = reader;
    const trailer = framing.trailer < 0 ? 0 : 1;
    const bytes = framing.prefixBytes + offset - headOffset + length + trailer;
    const begins = taken - reader.pendingBytes - bytes;
    const document = codec.decode(buf, offset, offset + length, { reveal, bare });
    this.#show(connection, direction, begins, document);
  }

  /** From here on the frames of this direction cannot be told apart. */
  #lost(
    connection: number,
    direction: Direction,
    stream: Stream,
    begins: number,
    found: number,
  ): void {
    stream.broken = true;
    const [code, what] =
      found === frame.BAD_HEAD
        ? ["BAD_HEADER", "the transport header of a frame is none"]
        : ["FRAME_LENGTH", "the length of a frame is outside its limits"];
    const text = `${what}; what follows is passed on unread`;
    this.#fault(connection, direction, begins, code, text);
  }

  #fault(
    connection: number,
    direction: Direction,
    at: number,
    code: string,
    message: string,
  ): void {
    const error: DecodedError = { code, path: "", offset: 0, message };
    const document = { ok: false, mti: null, bitmap: null, fields: {}, error };
    this.#show(connection, direction, at, document);
  }

  #show(
    connection: number,
    direction: Direction,
    streamOffset: number,
    document: DecodedMessage,
  ): void {
    this.messages += 1;
    if (!document.ok) this.unreadable += 1;
    const time = this.#time();
    this.#options.onMessage({ time, connection, direction, streamOffset, document });
  }

  #event(connection: number, event: SeenEvent): void {
    this.#options.onEvent(this.#time(), connection, event);
  }

  #time(): string {
    return new Date(this.#options.nowMs()).toISOString();
  }
}

/** Characters of one value in a line for people. */
const shownMax = 48;

/** One line for people. */
export function lineOf({
  time,
  connection,
  direction,
  streamOffset,
  document,
}: SeenMessage): string {
  const arrow = direction === "to-host" ? "->" : "<-";
  const values = Object.entries(document.fields).map(([de, { value }]) => {
    return `${de}=${value.length > shownMax ? `${value.slice(0, shownMax)}...` : value}`;
  });
  const { error } = document;
  const wrong =
    error === undefined
      ? []
      : [
          `${`${error.code} ${error.path}`.trim()} at byte ${error.offset} of the message, ` +
            `whose frame is at ${streamOffset}: ${error.message}`,
        ];
  const parts = [document.mti ?? "----", ...values, ...wrong];
  return `${time.slice(11, 23)} #${connection} ${arrow} ${parts.join(" ")}`;
}

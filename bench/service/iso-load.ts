// Load over ISO 8583: four connections, each signed on, each with many messages under way.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import {
  defaultStartBytes,
  networkCode,
  START_BYTES,
  writeNetworkRequest,
} from "../../api/iso/mod.ts";
import {
  FRAME_PREFIX_BYTES,
  FrameReader,
  frame,
  writeFramePrefix,
} from "../../codec/iso8583/mod.ts";
import { Cmac } from "../../crypto/mod.ts";
import { microsSince } from "../lib/measure.ts";
import type { MessageBlock } from "../lib/message-maker.ts";
import type { AnswerCheck } from "./answer-check.ts";
import { host, macAddress } from "./serve-options.ts";

export const connections = 4;

/** Messages under way on a connection; the door takes 1,024. */
const windowMessages = 256;

/** Frames of one write. */
const chunkFrames = 32;

const macBytes = 8;
const starts = Buffer.from(defaultStartBytes, "latin1");

/** Frames laid end to end, all of one length. */
export interface FrameBlock {
  readonly bytes: Buffer;
  readonly length: number;
  readonly count: number;
}

/** Puts length prefix and start bytes before every message. */
export function framesOf(block: MessageBlock): FrameBlock {
  const length = FRAME_PREFIX_BYTES + START_BYTES + block.length;
  const bytes = Buffer.allocUnsafeSlow(block.count * length);
  for (let i = 0; i < block.count; i++) {
    let at = writeFramePrefix(bytes, i * length, length - FRAME_PREFIX_BYTES);
    at += starts.copy(bytes, at);
    block.bytes.copy(bytes, at, i * block.length, (i + 1) * block.length);
  }
  return { bytes, length, count: block.count };
}

/** The 0800 with which a peer begins, signed where it signs. */
export function signOnFrame(mac: Cmac | null): Buffer {
  const out = Buffer.alloc(128);
  const begin = FRAME_PREFIX_BYTES + starts.copy(out, FRAME_PREFIX_BYTES);
  const request = {
    code: networkCode.SIGN_ON,
    seconds: Math.floor(Date.now() / 1_000),
    stan: 1,
    withMac: mac !== null,
  };
  let end = writeNetworkRequest(out, begin, request);
  if (mac !== null) {
    mac.mac(out, begin, end - begin, out, end, macBytes);
    end += macBytes;
  }
  writeFramePrefix(out, 0, end - FRAME_PREFIX_BYTES);
  return out.subarray(0, end);
}

/** One connection: sends its share of the frames, takes the answers. */
class Line {
  readonly #socket: Socket;
  readonly #reader = new FrameReader();
  readonly #check: AnswerCheck;
  #frames: FrameBlock | null = null;
  #next = 0;
  #end = 0;
  #waiting = 0;
  #signedOn: (() => void) | null = null;
  #done: (error: Error | null) => void = () => {};

  constructor(socket: Socket, check: AnswerCheck) {
    this.#socket = socket;
    this.#check = check;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("error", (error) => this.#done(error));
    socket.on("close", () => this.#done(new Error("the service ended the connection")));
  }

  signOn(mac: Cmac | null): Promise<void> {
    this.#socket.write(signOnFrame(mac));
    return new Promise((resolve, reject) => {
      this.#signedOn = resolve;
      this.#done = (error) => reject(error ?? new Error("the sign-on was not answered"));
    });
  }

  /** Sends frames `from` to `end` and resolves when all are answered. */
  run(frames: FrameBlock, from: number, end: number): Promise<void> {
    this.#frames = frames;
    this.#next = from;
    this.#end = end;
    this.#waiting = 0;
    return new Promise((resolve, reject) => {
      this.#done = (error) => (error === null ? resolve() : reject(error));
      this.#send();
    });
  }

  close(): void {
    this.#done = () => {};
    this.#socket.destroy();
  }

  #send(): void {
    const frames = this.#frames;
    if (frames === null) return;
    while (this.#next < this.#end && this.#waiting <= windowMessages - chunkFrames) {
      const end = Math.min(this.#end, this.#next + chunkFrames);
      this.#socket.write(frames.bytes.subarray(this.#next * frames.length, end * frames.length));
      this.#waiting += end - this.#next;
      this.#next = end;
    }
  }

  #read(chunk: Buffer): void {
    const reader = this.#reader;
    try {
      for (let at = 0; at < chunk.length; ) {
        at += reader.push(chunk, at);
        while (reader.next() === frame.READY) this.#take(reader);
        if (reader.broken) throw new Error("the service sent a broken frame");
      }
    } catch (error) {
      this.#done(error as Error);
      return;
    }
    if (this.#waiting === 0 && this.#next === this.#end) this.#done(null);
    else this.#send();
  }

  #take({ buf, offset, length }: FrameReader): void {
    if (this.#signedOn !== null) {
      this.#signedOn();
      this.#signedOn = null;
      return;
    }
    this.#check.check(buf, offset + START_BYTES, length - START_BYTES);
    this.#waiting--;
  }
}

export class IsoLoad {
  readonly #lines: readonly Line[];

  private constructor(lines: readonly Line[]) {
    this.#lines = lines;
  }

  /** Connects and signs on. `macKey`: as the peer that signs its messages. */
  static async open(port: number, macKey: Buffer | null, check: AnswerCheck): Promise<IsoLoad> {
    const localAddress = macKey === null ? host : macAddress;
    const lines: Line[] = [];
    for (let i = 0; i < connections; i++) {
      const socket = connect({ host, port, localAddress });
      await once(socket, "connect");
      const line = new Line(socket, check);
      await line.signOn(macKey === null ? null : new Cmac(macKey));
      lines.push(line);
    }
    return new IsoLoad(lines);
  }

  /** Sends every frame, a share a connection, and waits for all answers; messages a second. */
  async rate(frames: FrameBlock): Promise<number> {
    const share = Math.ceil(frames.count / connections);
    const begin = process.hrtime.bigint();
    await Promise.all(
      this.#lines.map((line, i) =>
        line.run(frames, i * share, Math.min(frames.count, (i + 1) * share)),
      ),
    );
    return frames.count / (microsSince(begin) / 1e6);
  }

  close(): void {
    for (const line of this.#lines) line.close();
  }
}

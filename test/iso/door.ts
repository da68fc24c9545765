// A door on a real socket, with a dispatcher that answers without a vault, and raw ends to talk to
// it.
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import {
  createIsoServer,
  defaultStartBytes,
  type IsoLimits,
  type IsoServer,
  type IsoServerOptions,
} from "../../api/iso/mod.ts";
import {
  expectsAnswer,
  FrameReader,
  frame,
  mydebit,
  ReplyPatch,
  writeFramePrefix,
} from "../../codec/iso8583/mod.ts";
import { KeyRing } from "../../crypto/mod.ts";
import type { AnswerSink, PaymentDispatcher, Peer } from "../../hotpath/mod.ts";
import { reason, silentLogger, systemClock } from "../../platform/mod.ts";

/** The MAC key of the known answers. */
export const knownMacKey = Buffer.from(Array.from({ length: 32 }, (_, i) => i));

export const switchPeer: Peer = {
  id: 0,
  tag: 7,
  name: "switch",
  macRequired: false,
  macLabel: null,
};

export const macPeer: Peer = { ...switchPeer, macRequired: true, macLabel: "switch" };

export function ringWith(...keys: { bytes: Buffer; state: "ACTIVE" | "VERIFY_ONLY" }[]): KeyRing {
  const list = keys.map((key, i) => ({
    usage: "mac" as const,
    label: "switch",
    version: i + 1,
    state: key.state,
    kcv: "000000",
    bytes: key.bytes,
  }));
  return new KeyRing(list);
}

export const knownRing = ringWith({ bytes: knownMacKey, state: "ACTIVE" });

interface Held {
  readonly peer: Peer;
  readonly message: Buffer;
  readonly ticket: number;
  readonly sink: AnswerSink;
}

/** Approves what can be read, without a card, as the pipeline would answer it otherwise. */
export class PlainDispatcher implements PaymentDispatcher {
  /** Messages wait here while it is true. */
  holding = false;
  /** Refuses everything, as a full queue does. */
  full = false;
  readonly held: Held[] = [];
  received = 0;
  readonly #view = mydebit.createView();
  readonly #patch = new ReplyPatch();
  readonly #out = Buffer.alloc(4_096);
  #scheduled = false;

  submit(
    peer: Peer,
    bytes: Buffer,
    offset: number,
    length: number,
    ticket: number,
    sink: AnswerSink,
  ): boolean {
    if (this.full) return false;
    this.received += 1;
    const message = Buffer.from(bytes.subarray(offset, offset + length));
    this.held.push({ peer, message, ticket, sink });
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        if (!this.holding) this.answerAll();
      });
    }
    return true;
  }

  async drain(): Promise<void> {
    this.answerAll();
  }

  answerAll(): void {
    const batch = this.held.splice(0);
    for (const held of batch) this.#answer(held);
    for (const sink of new Set(batch.map((held) => held.sink))) sink.flush();
  }

  #answer({ message, ticket, sink }: Held): void {
    const view = this.#view;
    const patch = this.#patch;
    patch.clear();
    let status = mydebit.scanMessage(view, message, 0, message.length);
    if (status === 0) status = mydebit.validate(view);
    const bad = status !== 0;
    if (bad ? !mydebit.answerable(status, view) : !expectsAnswer(view.mti)) {
      sink.answer(ticket, this.#out, 0, 0, reason.FORMAT_ERROR, status);
      return;
    }
    patch.errorOnly = bad;
    patch.buf.write(bad ? "30" : "00", 0, "latin1");
    patch.set(39, 0, 2);
    const end = mydebit.reply(view, this.#out, 0, patch);
    sink.answer(ticket, this.#out, 0, end, bad ? reason.FORMAT_ERROR : reason.VERIFIED, status);
  }
}

export interface OpenDoor {
  readonly server: IsoServer;
  readonly dispatcher: PlainDispatcher;
  readonly port: number;
}

const open: IsoServer[] = [];

export async function openDoor(
  options: Partial<Omit<IsoServerOptions, "limits">> & { limits?: Partial<IsoLimits>; peer?: Peer },
): Promise<OpenDoor> {
  const { peer = switchPeer, ...rest } = options;
  const dispatcher = new PlainDispatcher();
  const ring = knownRing;
  const server = createIsoServer({
    listen: { host: "127.0.0.1", port: 0 },
    tls: null,
    peers: { byIdentity: new Map(), byAddress: new Map(), plainDefault: peer },
    dispatcher,
    keys: { epoch: () => 1, read: () => ring },
    log: silentLogger(),
    clock: systemClock,
    random: randomBytes,
    ...rest,
  });
  open.push(server);
  const { port } = await server.listen();
  return { server, dispatcher, port };
}

export async function closeDoors(): Promise<void> {
  await Promise.all(open.splice(0).map((server) => server.stop()));
}

export function framed(message: Buffer | string, starts = defaultStartBytes): Buffer {
  const body = Buffer.concat([
    Buffer.from(starts, "latin1"),
    Buffer.from(message as string, "latin1"),
  ]);
  const out = Buffer.alloc(2 + body.length);
  out.set(body, writeFramePrefix(out, 0, body.length));
  return out;
}

/** A raw end: sends what it is told and gathers frames. */
export class RawEnd {
  readonly frames: Buffer[] = [];
  ended = false;
  closed = false;
  readonly socket: Socket;
  readonly #reader = new FrameReader();
  readonly #waiters: (() => void)[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      for (let at = 0; at < chunk.length; ) {
        at += this.#reader.push(chunk, at);
        while (this.#reader.next() === frame.READY) {
          const { buf, offset, length } = this.#reader;
          this.frames.push(Buffer.from(buf.subarray(offset, offset + length)));
        }
      }
      this.#wake();
    });
    socket.on("error", () => {});
    socket.on("end", () => {
      this.ended = true;
      this.#wake();
    });
    socket.on("close", () => {
      this.closed = true;
      this.#wake();
    });
  }

  static connect(port: number): Promise<RawEnd> {
    const socket = connect({ host: "127.0.0.1", port });
    return new Promise((resolve, reject) => {
      socket.once("error", reject);
      socket.once("connect", () => resolve(new RawEnd(socket)));
    });
  }

  send(...parts: (Buffer | string)[]): void {
    this.socket.write(Buffer.concat(parts.map((part) => Buffer.from(part as string, "latin1"))));
  }

  /** Waits until that many frames came in all, or the other end is gone. */
  async until(count: number): Promise<Buffer[]> {
    await this.when(() => this.frames.length >= count || this.ended || this.closed);
    return this.frames;
  }

  async when(right: () => boolean): Promise<void> {
    while (!right()) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  /** Waits until the other end has closed. */
  async end(): Promise<void> {
    await this.when(() => this.ended || this.closed);
    this.socket.destroy();
  }

  /** The next answer to one message, start bytes left out. */
  async ask(message: Buffer | string): Promise<string> {
    const before = this.frames.length;
    this.send(framed(message));
    await this.until(before + 1);
    return this.frames[before]?.toString("latin1", 12) ?? "";
  }

  async signOn(): Promise<void> {
    await this.ask(signOn);
  }

  #wake(): void {
    for (const waiter of this.#waiters.splice(0)) waiter();
  }
}

/** Network messages without a MAC: MTI, both bitmaps, DE7, DE11, DE70. */
export function networkMessage(stan: string, code: string): string {
  return ["0800", "8220000000000000", "0400000000000000", "0101000400", stan, code].join("");
}

export const signOn = networkMessage("000001", "001");
export const signOff = networkMessage("000002", "002");
export const echo = networkMessage("000003", "301");

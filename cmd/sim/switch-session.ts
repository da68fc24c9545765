// One TCP or TLS connection of the switch side, with its own sign-on.
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Host, Outbox, START_BYTES } from "../../api/iso/mod.ts";
import { FrameReader, frame, mydebitFrames } from "../../codec/iso8583/mod.ts";
import type { SwitchTarget } from "./switch-target.ts";

/** What a session tells the client that owns it. */
export interface SessionOwner {
  /** A message from its MTI on; valid only during the call. */
  onMessage(session: SwitchSession, buf: Buffer, begin: number, end: number): void;
  onClosed(session: SwitchSession, error: Error | null): void;
}

export class SwitchSession {
  readonly id: number;
  signedOn = false;
  closed = false;
  readonly #socket: Socket;
  /** Resolves when the connection has ended. */
  readonly lost: Promise<void>;
  readonly #reader: FrameReader;
  readonly #outbox: Outbox;
  readonly #head: Buffer;
  readonly #owner: SessionOwner;
  #flushing = false;
  #error: Error | null = null;

  private constructor(id: number, socket: Socket, target: SwitchTarget, owner: SessionOwner) {
    this.id = id;
    this.#socket = socket;
    this.#head = target.head;
    this.#owner = owner;
    this.#reader = new FrameReader(mydebitFrames, target.framing);
    this.#outbox = new Outbox(socket, target.framing);
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("error", (error) => {
      this.#error = error;
    });
    socket.on("end", () => socket.end());
    this.lost = new Promise((resolve) => {
      socket.on("close", () => {
        this.closed = true;
        this.signedOn = false;
        owner.onClosed(this, this.#error);
        resolve();
      });
    });
  }

  /** Resolves when the connection stands (with TLS: when both certificates were accepted). */
  static open(
    id: number,
    { host, port }: Host,
    target: SwitchTarget,
    owner: SessionOwner,
  ): Promise<SwitchSession> {
    const { tls } = target;
    const socket: Socket =
      tls === null
        ? connect({ host, port })
        : connectTls({ host, port, ...tls, servername: tls.servername ?? "localhost" });
    const ready = tls === null ? "connect" : "secureConnect";
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => socket.destroy(new Error("timed out")), target.connectMs);
      socket.once("error", reject);
      socket.once("close", () => clearTimeout(timer));
      socket.once(ready, () => {
        clearTimeout(timer);
        socket.off("error", reject);
        resolve(new SwitchSession(id, socket, target, owner));
      });
    });
  }

  /** Bytes that the service has not yet taken. */
  get unsentBytes(): number {
    return this.#outbox.unsentBytes;
  }

  /** One message; what is sent in one turn of the event loop leaves in one write. */
  send(bytes: Buffer, offset: number, length: number): void {
    if (this.closed) return;
    this.#outbox.add(this.#head, 0, bytes, offset, length);
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => {
      this.#flushing = false;
      if (!this.closed) this.#outbox.flush();
    });
  }

  /** Says goodbye at the TCP level; what the service still sends is read. */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const reader = this.#reader;
    for (let at = 0; at < chunk.length; ) {
      at += reader.push(chunk, at);
      while (reader.next() === frame.READY) {
        const begin = reader.offset + START_BYTES;
        this.#owner.onMessage(this, reader.buf, begin, reader.offset + reader.length);
      }
      if (!reader.broken) continue;
      this.#socket.destroy(new Error(`a frame of ${reader.brokenLength} bytes came`));
      return;
    }
  }
}

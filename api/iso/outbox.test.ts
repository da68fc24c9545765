// Property: what is gathered leaves in order and unchanged, in few writes, also when bytes handed
// over earlier are still on their way.
import { Socket } from "node:net";
import { expect, test } from "vitest";
import { FrameReader, frame } from "../../codec/iso8583/mod.ts";
import { Outbox } from "./outbox.ts";

/** A socket whose bytes stay under way until they are let go: each write is kept as given. */
class SlowSocket extends Socket {
  readonly underWay: { chunk: Buffer; done: () => void }[] = [];
  readonly seen: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.underWay.push({ chunk, done });
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.underWay.push({ chunk: Buffer.concat(chunks.map((c) => c.chunk)), done });
  }

  /** The kernel takes the bytes as they are now. */
  letGo(): void {
    while (this.underWay.length > 0) {
      const { chunk, done } = this.underWay.shift()!;
      this.seen.push(Buffer.from(chunk));
      done();
    }
  }
}

const starts = Buffer.from("ISO026000050", "latin1");

function bodies(stream: Buffer): string[] {
  const reader = new FrameReader();
  const found: string[] = [];
  for (let at = 0; at < stream.length; ) {
    at += reader.push(stream, at);
    while (reader.next() === frame.READY) {
      found.push(reader.buf.toString("latin1", reader.offset, reader.offset + reader.length));
    }
  }
  return found;
}

test("a thousand answers through a slow socket", () => {
  const socket = new SlowSocket();
  const outbox = new Outbox(socket as Socket);
  const wanted: string[] = [];
  for (let i = 0; i < 1_000; i++) {
    const message = Buffer.from(`0110${String(i).padEnd(40 + (i % 7) * 500, ".")}`, "latin1");
    wanted.push(`ISO026000050${message.toString("latin1")}`);
    outbox.add(starts, 0, message, 0, message.length);
    if (i % 5 === 0) outbox.flush();
    if (i % 90 === 0) socket.letGo();
  }
  outbox.flush();
  const { unsentBytes } = outbox;
  expect(unsentBytes).toBeGreaterThan(0);
  socket.letGo();
  expect(outbox.unsentBytes).toBe(0);
  expect(bodies(Buffer.concat(socket.seen))).toEqual(wanted);
});

test("what one turn gathers is one write", () => {
  const socket = new SlowSocket();
  const outbox = new Outbox(socket as Socket);
  const message = Buffer.alloc(300, 0x31);
  for (let i = 0; i < 64; i++) outbox.add(starts, 0, message, 0, message.length);
  expect([socket.underWay.length, outbox.unsentBytes]).toEqual([0, 64 * 314]);
  expect(outbox.flush()).toBe(64 * 314);
  expect(socket.underWay.length).toBe(1);
  expect(outbox.flush()).toBe(0);
});

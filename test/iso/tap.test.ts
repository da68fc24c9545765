// Property: a tap changes no byte and no end of a line, holds no more than a few socket buffers
// however slowly a side reads, and shows every message masked, wherever the stream was cut.
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { streamsOfCapture } from "../../cmd/pantun/iso-pcap.ts";
import { lineOf, Observer, type SeenEvent, type SeenMessage } from "../../cmd/tap/observer.ts";
import { type Direction, type Link, type Listener, TapProxy } from "../../cmd/tap/proxy.ts";
import { CaptureRecorder, Recording } from "../../cmd/tap/record.ts";
import { framings, mydebit } from "../../codec/iso8583/mod.ts";
import { seededRandom } from "../../codec/iso8583/testdata/random.ts";
import { knownTpan } from "../../codec/pan/fixtures.ts";
import { framed } from "./door.ts";
import { purchase } from "./payments.ts";

const closers: (() => unknown)[] = [];
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-tap-"));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(dir, { recursive: true, force: true });
});

const turn = () => new Promise((resolve) => setTimeout(resolve, 2));
const nobody: Listener = { opened() {}, bytes() {}, ended() {}, closed() {} };

interface Tapped {
  readonly proxy: TapProxy;
  readonly client: Socket;
  readonly host: Socket;
}

/** Both ends of one line through a tap; nothing is read until somebody does. */
async function openTapped(listener: Listener): Promise<Tapped> {
  const server: Server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  const to = { host: "127.0.0.1", port: portOf(server) };
  const proxy = new TapProxy({ listen: { host: "127.0.0.1", port: 0 }, to, listener });
  const port = await proxy.listen();
  closers.push(() => proxy.close());
  const called = new Promise<Socket>((resolve) => server.once("connection", resolve));
  const client = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  const host = await called;
  for (const socket of [client, host]) {
    socket.on("error", () => {});
    closers.push(() => socket.destroy());
  }
  return { proxy, client, host };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  return address.port;
}

/** Gathers what comes until the other side ends. */
function gather(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => void chunks.push(chunk));
  socket.resume();
  return new Promise((resolve) => socket.once("end", () => resolve(Buffer.concat(chunks))));
}

async function write(socket: Socket, bytes: Buffer, pieceMax: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + Math.floor(Math.random() * pieceMax);
    const more = socket.write(bytes.subarray(at, at + size));
    at += size;
    if (!more) await new Promise((resolve) => socket.once("drain", resolve));
  }
  socket.end();
}

interface Watched {
  readonly observer: Observer;
  readonly messages: SeenMessage[];
  readonly events: SeenEvent[];
}

function watch(reveal = false, framing = "raw2"): Watched {
  const messages: SeenMessage[] = [];
  const events: SeenEvent[] = [];
  const observer = new Observer({
    codec: mydebit,
    framing: framings[framing]!,
    reveal,
    bare: false,
    nowMs: () => 1_800_000_000_000,
    onMessage: (message) => messages.push(message),
    onEvent: (_time, _connection, event) => events.push(event),
  });
  return { observer, messages, events };
}

test("ten megabytes go each way at once, unchanged, in random pieces", async () => {
  const { client, host } = await openTapped(watch().observer);
  const bytes = { up: randomBytes(10_000_000), down: randomBytes(10_000_000) };
  const [up, down] = [gather(host), gather(client)];
  await Promise.all([write(client, bytes.up, 70_000), write(host, bytes.down, 70_000)]);
  expect((await up).equals(bytes.up)).toBe(true);
  expect((await down).equals(bytes.down)).toBe(true);
});

test("a side that does not read stops the other; what is held stays small", async () => {
  const { proxy, client, host } = await openTapped(nobody);
  const bytes = randomBytes(20_000_000);
  let taken = 0;
  const piece = 64 * 1_024;
  let most = 0;
  // The kernel takes some; then nothing moves, and the sender stands still.
  let still = 0;
  while (still < 50) {
    const before = taken;
    while (client.writableLength < piece && taken < bytes.length) {
      client.write(bytes.subarray(taken, taken + piece));
      taken += piece;
    }
    await turn();
    most = Math.max(most, proxy.heldBytes);
    still = taken === before ? still + 1 : 0;
  }
  expect(taken).toBeLessThan(bytes.length);
  expect(most).toBeLessThan(1_000_000);
  const all = gather(host);
  await write(client, bytes.subarray(taken), piece);
  expect((await all).equals(bytes)).toBe(true);
});

describe("ends", () => {
  test.each([
    ["the caller", "client", "host"],
    ["the host", "host", "client"],
  ] as const)("%s ends sending and still receives", async (_, first, second) => {
    const { observer, events } = watch();
    const line = await openTapped(observer);
    const [early, late] = [gather(line[second]), gather(line[first])];
    line[first].end(framed(purchase(1)));
    expect((await early).length).toBeGreaterThan(100);
    line[second].write("still");
    await turn();
    line[second].end(" here");
    expect((await late).toString()).toBe("still here");
    while (!events.some(({ event }) => event === "closed")) await turn();
    expect(events.at(-1)).toEqual({ event: "closed", error: null });
  });

  test.each([
    ["the caller", "client", "host"],
    ["the host", "host", "client"],
  ] as const)("%s goes away, and the other side hears of it", async (_, first, second) => {
    const { observer, events } = watch();
    const line = await openTapped(observer);
    line[second].resume();
    const gone = new Promise((resolve) => line[second].once("close", resolve));
    line[first].resetAndDestroy();
    line[second].on("end", () => line[second].end());
    await gone;
    while (!events.some(({ event }) => event === "closed")) await turn();
  });

  test("a host that cannot be reached ends the call", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const to = { host: "127.0.0.1", port: portOf(server) };
    await new Promise((resolve) => server.close(resolve));
    const { observer, events } = watch();
    const proxy = new TapProxy({ listen: { host: "127.0.0.1", port: 0 }, to, listener: observer });
    const client = connect(await proxy.listen(), "127.0.0.1");
    client.on("error", () => {});
    closers.push(() => proxy.close());
    await new Promise((resolve) => client.once("close", resolve));
    while (events.length === 0) await turn();
    expect(events).toEqual([{ event: "closed", error: "the host: ECONNREFUSED" }]);
  });
});

/** Feeds an observer with a stream in random pieces. */
function observe(watched: Watched, stream: Buffer, direction: Direction = "to-host"): void {
  const link: Link = { number: 1, client: "127.0.0.1:4000", host: "127.0.0.1:8583" };
  watched.observer.opened(link);
  for (let at = 0; at < stream.length; ) {
    const size = 1 + Math.floor(Math.random() * 300);
    watched.observer.bytes(link, direction, stream.subarray(at, at + size));
    at += size;
  }
  watched.observer.ended(link, direction);
  watched.observer.closed(link, null);
}

describe("what is shown", () => {
  test("the same messages for every cut, each with its place in the stream", () => {
    const frames = [1, 2, 3, 4].map((number) => framed(purchase(number)));
    const stream = Buffer.concat([frames[0]!, Buffer.alloc(2), ...frames.slice(1)]);
    for (let round = 0; round < 50; round++) {
      const watched = watch();
      observe(watched, stream);
      expect(watched.messages.map(({ document }) => document.mti)).toEqual(Array(4).fill("0100"));
      expect(watched.observer.unreadable).toBe(0);
      const size = frames[0]!.length;
      expect(watched.messages.map(({ streamOffset }) => streamOffset)).toEqual([
        0,
        size + 2,
        2 * size + 2,
        3 * size + 2,
      ]);
    }
  });

  test("an undecodable frame is an error with its offset; the next one is shown", () => {
    const bad = framed(purchase(1));
    bad[2 + 12 + 4 + 32 + 3] = 0x7f;
    const watched = watch();
    observe(watched, Buffer.concat([bad, framed(purchase(2))]));
    const [first, second] = watched.messages;
    expect(first?.document.error).toMatchObject({ code: "BAD_CHARSET", path: "2" });
    expect(lineOf(first!)).toContain(`at byte ${first!.document.error!.offset} of the message`);
    expect(second?.document.ok).toBe(true);
  });

  test("after a length that is none the rest is unread, and said to be once", () => {
    const good = framed(purchase(1));
    const watched = watch();
    observe(watched, Buffer.concat([good, Buffer.from("ffff", "hex"), good, good]));
    expect(watched.messages.map(({ document }) => document.error?.code ?? "OK")).toEqual([
      "OK",
      "FRAME_LENGTH",
    ]);
    expect(watched.messages[1]?.streamOffset).toBe(good.length);
  });

  test("a stream that ends inside a frame", () => {
    const watched = watch();
    observe(watched, framed(purchase(1)).subarray(0, 40));
    expect(watched.messages[0]?.document.error?.message).toBe("the stream ends inside a frame");
  });
});

test("no damage to a message makes its card number or its cryptogram show", () => {
  const random = seededRandom(77);
  const good = framed(purchase(1));
  const clear = mydebit.decode(good, 2, good.length, { reveal: true });
  const ptav = clear.fields["120"]?.tags?.find(({ tag }) => tag === "04")?.value ?? "";
  expect(ptav.length).toBe(28);
  let unreadable = 0;
  for (let round = 0; round < 2_000; round++) {
    const bytes = Buffer.from(good);
    for (let hits = 1 + random(4); hits > 0; hits--) {
      bytes[2 + random(bytes.length - 2)] = random(256);
    }
    const watched = watch();
    observe(watched, bytes);
    unreadable += watched.observer.unreadable;
    const shown = watched.messages.map((one) => lineOf(one) + JSON.stringify(one)).join("\n");
    expect(shown.includes(knownTpan) || shown.includes(ptav), shown).toBe(false);
  }
  expect(unreadable).toBeGreaterThan(500);
});

test("a capture is what our own reader reads back, byte for byte", async () => {
  const path = join(dir, "line.pcapng");
  const recording = new Recording(path);
  const { observer, messages } = watch(true);
  const recorder = new CaptureRecorder(recording, observer, () => Date.now());
  const { client, host } = await openTapped(recorder);
  const up = Buffer.concat([1, 2, 3].map((number) => framed(purchase(number))));
  const down = randomBytes(150_000);
  const [a, b] = [gather(host), gather(client)];
  await Promise.all([write(client, up, 100), write(host, down, 200_000)]);
  await Promise.all([a, b]);
  recording.close();
  const streams = streamsOfCapture(readFileSync(path));
  const bytes = streams.map(({ pieces }) => Buffer.concat(pieces));
  expect(streams.map(({ isCut }) => isCut)).toEqual([false, false]);
  expect(bytes.some((one) => one.equals(up)) && bytes.some((one) => one.equals(down))).toBe(true);
  expect(statSync(path).mode & 0o077).toBe(0);
  expect(messages.filter(({ document }) => document.ok).length).toBe(3);
});

test("recorded documents are masked; a full disk ends the recording alone", () => {
  const path = join(dir, "line.jsonl");
  const recording = new Recording(path);
  const watched = watch();
  observe(watched, framed(purchase(1)));
  for (const message of watched.messages) recording.document(message);
  recording.close();
  const text = readFileSync(path, "utf8");
  expect(JSON.parse(text)).toMatchObject({ direction: "to-host", document: { mti: "0100" } });
  expect(text).not.toContain(knownTpan);
  const full = new Recording("/dev/full");
  full.document(watched.messages[0]!);
  expect(full.fault).toBe("/dev/full cannot be written any more: ENOSPC");
  full.document(watched.messages[0]!);
});

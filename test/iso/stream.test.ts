// Property: whatever comes over a connection, each message gets its own right answer or the stream
// ends cleanly, and no peer can make the door hold more than its limits.
import { randomInt } from "node:crypto";
import { Writable } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { knownTpan } from "../../codec/pan/fixtures.ts";
import { readFields } from "../../hotpath/test-rig.ts";
import { createLogger, createManualClock } from "../../platform/mod.ts";
import { closeDoors, echo, framed, openDoor, RawEnd, signOff, signOn, switchPeer } from "./door.ts";
import { purchase } from "./payments.ts";

afterEach(closeDoors);

/** MTI and DE39 of an answer. */
function verdictOf(answer: string): [mti: string | undefined, de39: string | undefined] {
  const { fields } = readFields(Buffer.from(answer, "latin1"));
  return [fields.mti, fields["39"]];
}

const soon = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("framing", () => {
  test("one byte at a time gives the same answers as all at once", async () => {
    const { port } = await openDoor({});
    const stream = Buffer.concat([
      framed(signOn),
      Buffer.from([0, 0]),
      framed(purchase(1)),
      framed(echo),
      framed(purchase(2)),
    ]);
    const whole = await RawEnd.connect(port);
    whole.send(stream);
    const split = await RawEnd.connect(port);
    for (const byte of stream) {
      split.send(Buffer.from([byte]));
      if (Math.random() < 0.05) await soon(0);
    }
    const wanted = (await whole.until(4)).map((f) => f.toString("hex")).sort();
    expect((await split.until(4)).map((f) => f.toString("hex")).sort()).toEqual(wanted);
  });

  test("a frame of length zero is ignored and counted", async () => {
    const { port, server } = await openDoor({});
    const end = await RawEnd.connect(port);
    end.send(Buffer.from([0, 0, 0, 0, 0, 0]), framed(signOn));
    await end.until(1);
    expect(end.frames.length).toBe(1);
    expect(server.stats.keepAlives).toBe(3);
  });

  test.each([
    ["below 48 bytes", Buffer.from([0, 47]), "FRAME_LENGTH"],
    ["above 4,096 bytes", Buffer.from([0x10, 0x01]), "FRAME_LENGTH"],
    ["another literal", framed(signOn, "IS0026000050"), "BAD_HEADER"],
    ["a letter in the start bytes", framed(signOn, "ISO02600005X"), "BAD_HEADER"],
    ["an HTTP request", Buffer.from("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), "FRAME_LENGTH"],
  ])("%s ends the connection after what is owed", async (_name, bytes, code) => {
    const { port, server } = await openDoor({});
    const end = await RawEnd.connect(port);
    end.send(framed(signOn), framed(purchase(1)), bytes);
    await end.end();
    expect(end.frames.map((f) => f.toString("latin1", 12, 16))).toEqual(["0810", "0110"]);
    expect(server.stats.unanswerable.get(code)).toBe(1);
  });

  test("the largest frame passes, and its answer too", async () => {
    const { port } = await openDoor({});
    const end = await RawEnd.connect(port);
    await end.signOn();
    const base = purchase(1);
    const padded = Buffer.concat([base, Buffer.alloc(4_084 - base.length, 0x20)]);
    const answer = await end.ask(padded);
    expect(verdictOf(answer)).toEqual(["0110", "30"]);
  });
});

describe("garbage", () => {
  test("any bytes end the connection or are answered, and are never logged", async () => {
    const lines: string[] = [];
    const destination = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    const log = createLogger({ level: "debug", pretty: false, destination });
    const { port, server } = await openDoor({ log });
    const good = framed(purchase(1));
    for (let round = 0; round < 300; round++) {
      const bytes = Buffer.from(good);
      for (let i = 0; i <= round % 7; i++) bytes[randomInt(bytes.length)] = randomInt(256);
      const end = await RawEnd.connect(port);
      end.send(framed(signOn), bytes, framed(echo));
      end.socket.end();
      await end.end();
      expect(end.frames.length).toBeGreaterThanOrEqual(1);
    }
    expect(server.stats.unanswerable.size).toBeGreaterThan(1);
    const text = lines.join("");
    expect(lines.length).toBeGreaterThan(300);
    for (const secret of [knownTpan, "EwEAAKGyw9Rp", "600100000001"]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret).toString("hex"));
      expect(text).not.toContain(Buffer.from(secret).toString("base64").slice(0, 14));
    }
  });
});

test("a bitmap that promises more than there is is answered 30, and the line goes on", async () => {
  const { port } = await openDoor({});
  const end = await RawEnd.connect(port);
  await end.signOn();
  const message = purchase(1).toString("latin1");
  const second = message.slice(20, 36);
  const withBit = (hex: string, bit: number) =>
    (BigInt(`0x${hex}`) | (1n << BigInt(64 - bit))).toString(16).padStart(16, "0").toUpperCase();
  const promises = message.slice(0, 20) + withBit(second, 121 - 64) + message.slice(36);
  const short = message.slice(0, -10);
  for (const text of [promises, short]) {
    const answer = await end.ask(Buffer.from(text, "latin1"));
    expect(verdictOf(answer)).toEqual(["0110", "30"]);
  }
  expect(verdictOf(await end.ask(purchase(2)))).toEqual(["0110", "00"]);
  expect(end.ended).toBe(false);
});

describe("messages that cannot be answered", () => {
  test("an answer, and a notification, are counted; the third ends the connection", async () => {
    const { port, server } = await openDoor({});
    const end = await RawEnd.connect(port);
    await end.signOn();
    const answer = Buffer.from(purchase(1));
    answer.write("0110", 0, "latin1");
    end.send(framed(answer), framed(answer), framed(echo));
    await end.until(2);
    expect(end.ended).toBe(false);
    end.send(framed(answer));
    await end.end();
    let total = 0;
    for (const count of server.stats.unanswerable.values()) total += count;
    expect(total).toBe(3);
  });

  test("an MTI that nobody knows is answered with its response MTI and 30", async () => {
    const { port } = await openDoor({});
    const end = await RawEnd.connect(port);
    await end.signOn();
    const message = Buffer.from(purchase(1));
    message.write("0600", 0, "latin1");
    const answer = await end.ask(message);
    expect([answer.slice(0, 4), answer.endsWith("30")]).toEqual(["0610", true]);
    expect((await end.ask(echo)).slice(0, 4)).toBe("0810");
  });

  test("an unknown MTI that is a notification ends the connection", async () => {
    const { port, server } = await openDoor({});
    const end = await RawEnd.connect(port);
    await end.signOn();
    const message = Buffer.from(purchase(1));
    message.write("0640", 0, "latin1");
    end.send(framed(message));
    await end.end();
    expect(server.stats.unanswerable.get("UNKNOWN_MTI")).toBe(1);
  });
});

describe("limits", () => {
  test("what is in flight on one connection is bounded, and everything is answered", async () => {
    const limits = { inFlightMax: 8 };
    const { port, dispatcher } = await openDoor({ limits });
    const end = await RawEnd.connect(port);
    await end.signOn();
    dispatcher.holding = true;
    const count = 2_000;
    end.send(...Array.from({ length: count }, (_, i) => framed(purchase(i + 1))));
    while (dispatcher.held.length < 8) await soon(1);
    await soon(20);
    expect(dispatcher.held.length).toBe(8);
    dispatcher.holding = false;
    dispatcher.answerAll();
    await end.until(count + 1);
    expect(end.frames.length).toBe(count + 1);
    expect(new Set(end.frames.map((f) => f.toString("hex"))).size).toBe(count + 1);
  });

  test("a peer that half-closes after its last message still gets all its answers", async () => {
    const { port } = await openDoor({ limits: { inFlightMax: 4 } });
    const end = await RawEnd.connect(port);
    const count = 300;
    end.send(framed(signOn), ...Array.from({ length: count }, (_, i) => framed(purchase(i + 1))));
    end.socket.end();
    await end.when(() => end.closed);
    expect(end.frames.length).toBe(count + 1);
  });

  test("a peer that signs off and leaves is not waited for longer than the limit", async () => {
    const { port, dispatcher, server } = await openDoor({ limits: { drainMs: 50, tickMs: 10 } });
    const end = await RawEnd.connect(port);
    await end.signOn();
    dispatcher.holding = true;
    end.send(framed(purchase(1)), framed(signOff));
    end.socket.end();
    await end.when(() => end.closed);
    while (server.stats.connections > 0) await soon(1);
    expect([dispatcher.received, end.frames.length]).toEqual([1, 1]);
  });

  test("a peer that does not read stops being read, and is cut when it stays so", async () => {
    const limits = { unsentBytesMax: 16_384, slowReaderMs: 300, tickMs: 20 };
    const { port, dispatcher, server } = await openDoor({ limits });
    const end = await RawEnd.connect(port);
    await end.signOn();
    end.socket.pause();
    const burst = Buffer.concat(Array.from({ length: 200 }, (_, i) => framed(purchase(i + 1))));
    let sent = 0;
    while (server.stats.slowReaders === 0 && sent < 4_000) {
      end.send(burst);
      sent += 1;
      await soon(1);
    }
    expect(server.stats.slowReaders).toBe(1);
    // The kernel's buffers hold some megabytes; what the door itself took in is far less than was
    // sent.
    expect(dispatcher.received).toBeLessThan(sent * 200);
    end.socket.resume();
    await end.end();
    const other = await RawEnd.connect(port);
    expect((await other.ask(signOn)).slice(0, 4)).toBe("0810");
  });

  test("connections above the limits are refused, those within go on", async () => {
    const { port, server } = await openDoor({ limits: { connectionsMax: 5 } });
    const ends = await Promise.all(Array.from({ length: 5 }, () => RawEnd.connect(port)));
    for (const end of ends) expect((await end.ask(signOn)).slice(0, 4)).toBe("0810");
    const sixth = await RawEnd.connect(port);
    await sixth.when(() => sixth.closed);
    expect([server.stats.connections, server.stats.refused]).toEqual([5, 1]);
    ends[0]?.socket.destroy();
    while (server.stats.connections === 5) await soon(1);
    const again = await RawEnd.connect(port);
    expect((await again.ask(signOn)).slice(0, 4)).toBe("0810");
  });

  test("one peer has a limit of its own, and unknown addresses are nobody", async () => {
    const { port, server } = await openDoor({ limits: { connectionsPerPeerMax: 1 } });
    const first = await RawEnd.connect(port);
    await first.ask(signOn);
    const second = await RawEnd.connect(port);
    await second.when(() => second.closed);
    expect(server.stats.refused).toBe(1);
    const peers = {
      byIdentity: new Map(),
      byAddress: new Map([["192.0.2.1", switchPeer]]),
      plainDefault: null,
    };
    const closed = await openDoor({ peers });
    const nobody = await RawEnd.connect(closed.port);
    await nobody.when(() => nobody.closed);
    expect(closed.server.stats.refused).toBe(1);
  });
});

describe("silence", () => {
  const limits = { idleMs: 60, echoAnswerMs: 40, tickMs: 5 };

  test("a signed-on session is asked for an echo; three misses end it", async () => {
    const { port, server } = await openDoor({ limits });
    const end = await RawEnd.connect(port);
    await end.signOn();
    await end.when(() => end.closed);
    const echoes = end.frames.slice(1).map((f) => f.toString("latin1", 12));
    expect(echoes.map((text) => [text.slice(0, 4), text.slice(-3)])).toEqual([
      ["0800", "301"],
      ["0800", "301"],
      ["0800", "301"],
    ]);
    expect(new Set(echoes.map((text) => text.slice(46, 52))).size).toBe(3);
    expect([server.stats.silentPeers, server.stats.echoesSent]).toEqual([1, 3]);
  });

  test("any byte is a sign of life", async () => {
    const clock = createManualClock();
    const { port, server } = await openDoor({ limits, clock });
    const end = await RawEnd.connect(port);
    await end.signOn();
    for (let i = 1; i <= 10; i++) {
      clock.advance(50);
      await soon(15);
      end.send(Buffer.from([0, 0]));
      while (server.stats.keepAlives < i) await soon(1);
    }
    expect(end.frames.length).toBe(1);
    clock.advance(60);
    await end.until(2);
    expect([server.stats.echoesSent, server.stats.silentPeers]).toEqual([1, 0]);
  });

  test("a connection that never signs on is ended without an echo", async () => {
    const { port } = await openDoor({ limits });
    const end = await RawEnd.connect(port);
    await end.end();
    expect(end.frames).toEqual([]);
  });
});

describe("stop", () => {
  test("answers what is in flight, then ends every connection", async () => {
    const { port, dispatcher, server } = await openDoor({});
    const ends = await Promise.all(Array.from({ length: 4 }, () => RawEnd.connect(port)));
    for (const end of ends) await end.signOn();
    dispatcher.holding = true;
    for (const end of ends) end.send(framed(purchase(1)), framed(purchase(2)));
    while (dispatcher.held.length < 8) await soon(1);
    const stopped = server.stop();
    await soon(20);
    expect(ends.map((end) => end.ended)).toEqual([false, false, false, false]);
    dispatcher.answerAll();
    await Promise.all(ends.map((end) => end.end()));
    await stopped;
    expect(ends.map((end) => end.frames.length)).toEqual([3, 3, 3, 3]);
    expect(server.stats.connections).toBe(0);
    await expect(RawEnd.connect(port)).rejects.toThrow();
  });

  test("does not wait for ever", async () => {
    const { port, dispatcher, server } = await openDoor({ limits: { drainMs: 50, tickMs: 10 } });
    const end = await RawEnd.connect(port);
    await end.signOn();
    dispatcher.holding = true;
    end.send(framed(purchase(1)));
    while (dispatcher.held.length < 1) await soon(1);
    await server.stop();
    dispatcher.answerAll();
    expect(server.stats.undelivered).toBe(1);
  });
});

// Property: the door talks the same over every framing, keeps the addresses of transport headers
// straight, and gives keep-alives back where the network wants that.
import { afterEach, describe, expect, test } from "vitest";
import {
  encodeFrame,
  FrameReader,
  type Framing,
  frame,
  framings,
  mydebitFrames,
  ownHead,
} from "../../codec/iso8583/mod.ts";
import { closeDoors, echo, openDoor, RawEnd, signOff, signOn, switchPeer } from "./door.ts";
import { purchase } from "./payments.ts";

afterEach(closeDoors);

const starts = Buffer.from("ISO026000050", "latin1");

function body(message: Buffer | string): Buffer {
  return Buffer.concat([starts, Buffer.from(message as string, "latin1")]);
}

/** Every message that stands in the bytes so far, with the transport header before it. */
function split(framing: Framing, bytes: Buffer): { head: string; text: string }[] {
  const reader = new FrameReader(mydebitFrames, framing);
  const found: { head: string; text: string }[] = [];
  for (let at = 0; at < bytes.length; ) {
    at += reader.push(bytes, at);
    while (reader.next() === frame.READY) {
      const { buf, headOffset, offset, length } = reader;
      const text = buf.toString("latin1", offset + 12, offset + length);
      found.push({ head: buf.toString("hex", headOffset, offset), text });
    }
    expect(reader.broken).toBe(false);
  }
  return found;
}

async function gather(end: RawEnd, enough: (bytes: Buffer) => boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const all = (): Buffer => Buffer.concat(chunks);
  await new Promise<void>((resolve) => {
    end.socket.removeAllListeners("data");
    end.socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      if (enough(all())) resolve();
    });
    end.socket.once("close", () => resolve());
  });
  return all();
}

describe.each(Object.keys(framings))("%s", (name) => {
  const framing = framings[name]!;
  const head = ownHead(framing, { destination: "0123", source: "0456" });

  test("sign-on, payment, echo and sign-off are answered", async () => {
    const { port } = await openDoor({ line: { framing } });
    const end = await RawEnd.connect(port);
    const messages = [signOn, purchase(1), echo, signOff];
    end.send(...messages.map((message) => encodeFrame(framing, body(message), head)));
    const bytes = await gather(end, (all) => split(framing, all).length === messages.length);
    const answers = split(framing, bytes);
    expect(answers.map(({ text }) => text.slice(0, 4)).sort()).toEqual([
      "0110",
      "0810",
      "0810",
      "0810",
    ]);
    const total = framing.head === "base1" ? 5 : 1;
    for (const answer of answers) {
      if (framing.head === "none") expect(answer.head).toBe("");
      const [to, from] = framing.head === "tpdu" ? ["0456", "0123"] : ["000456", "000123"];
      if (framing.head !== "none") expect(answer.head.slice(2 * total)).toMatch(`${to}${from}`);
    }
  });

  test("a length over the limit ends the connection", async () => {
    const { port, server } = await openDoor({ line: { framing } });
    const end = await RawEnd.connect(port);
    const wide = { ...framing, bytesMax: 0xffff };
    end.send(encodeFrame(wide, Buffer.alloc(5_000), head));
    await end.end();
    expect(server.stats.unanswerable.get("FRAME_LENGTH")).toBe(1);
  });
});

test("each peer may have a framing of its own", async () => {
  const lines = new Map([["switch", { framing: framings.nac! }]]);
  const { port } = await openDoor({ lines });
  const end = await RawEnd.connect(port);
  end.send(encodeFrame(framings.nac!, body(signOn), Buffer.from("6012340001", "hex")));
  const bytes = await gather(end, (all) => all.length > 2);
  expect(bytes.toString("hex", 2, 7)).toBe("6000011234");
});

test("a keep-alive of VAP comes back as it came; that of others does not", async () => {
  const { port, server } = await openDoor({ line: { framing: framings.vap! } });
  const end = await RawEnd.connect(port);
  end.send(Buffer.from([0, 0, 0, 7]));
  expect((await gather(end, (all) => all.length >= 4)).toString("hex")).toBe("00000007");
  expect(server.stats.keepAlives).toBe(1);
});

test("a rejected message is counted and not answered", async () => {
  const { port, server } = await openDoor({ line: { framing: framings.base1! } });
  const end = await RawEnd.connect(port);
  const head = ownHead(framings.base1!);
  const rejecting = Buffer.from(head);
  rejecting[0] = 26;
  const rest = Buffer.concat([Buffer.from("80000357", "hex"), head, body(signOn)]);
  end.send(encodeFrame(framings.base1!, rest, rejecting));
  end.send(encodeFrame(framings.base1!, body(signOn), head));
  const bytes = await gather(end, (all) => split(framings.base1!, all).length === 1);
  expect(split(framings.base1!, bytes).length).toBe(1);
  expect(server.stats.peers.get(switchPeer.name)?.unmatched).toBe(1);
});

test("an answer longer than the frames of the peer is counted, and the line goes on", async () => {
  const small = { ...framings.raw2!, name: "small", bytesMax: 4_096 };
  const { port, server, dispatcher } = await openDoor({ line: { framing: small } });
  const end = await RawEnd.connect(port);
  await end.signOn();
  dispatcher.holding = true;
  end.send(encodeFrame(small, body(purchase(1))));
  while (dispatcher.held.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const [held] = dispatcher.held.splice(0);
  held?.sink.answer(held.ticket, Buffer.alloc(5_000), 0, 5_000, 0, 0);
  held?.sink.flush();
  dispatcher.holding = false;
  expect((await end.ask(purchase(2))).slice(0, 4)).toBe("0110");
  expect(server.stats.undelivered).toBe(1);
});

// Property: a session takes payments only between sign-on and sign-off, speaks only with the right
// MAC, and answers every message that can be answered, byte for byte as the profile writes it.
import { afterEach, describe, expect, test } from "vitest";
import { mydebit } from "../../codec/iso8583/mod.ts";
import { Cmac } from "../../crypto/mod.ts";
import {
  closeDoors,
  echo,
  framed,
  knownMacKey,
  knownRing,
  macPeer,
  networkMessage,
  openDoor,
  RawEnd,
  ringWith,
  signOff,
  signOn,
} from "./door.ts";
import { purchase } from "./payments.ts";

afterEach(closeDoors);

function viewOf(answer: string) {
  const view = mydebit.createView();
  const bytes = Buffer.from(answer, "latin1");
  expect(mydebit.scanMessage(view, bytes, 0, bytes.length)).toBe(0);
  expect(mydebit.validate(view)).toBe(0);
  return view;
}

function tag(answer: string, number: number): string {
  const view = viewOf(answer);
  const at = view.tags.offset(number);
  return view.tags.has(number) ? answer.slice(at, at + view.tags.length(number)) : "";
}

function signed(message: string, key = knownMacKey): Buffer {
  const bytes = Buffer.concat([Buffer.from(message, "latin1"), Buffer.alloc(8)]);
  new Cmac(key).mac(bytes, 0, message.length, bytes, message.length, 8);
  return bytes;
}

describe("network management", () => {
  test("sign-on and its answer are the known ones, prefix and MAC included", async () => {
    const { port } = await openDoor({ peer: macPeer });
    const end = await RawEnd.connect(port);
    const bytes: Buffer[] = [];
    end.socket.on("data", (chunk: Buffer) => bytes.push(chunk));
    const request = Buffer.concat([
      Buffer.from("ISO0260000500800822000000000000004000000000000010101000400000001001", "latin1"),
      Buffer.from("B5BC5E0DDD181AC6", "hex"),
    ]);
    end.send(Buffer.from("004B", "hex"), request);
    await end.until(1);
    const answer = Buffer.concat(bytes);
    expect(answer.subarray(0, 2).toString("hex").toUpperCase()).toBe("004D");
    expect(answer.toString("latin1", 2, answer.length - 8)).toBe(
      "ISO026000050081082200000020000000400000000000001010100040000000100001",
    );
    expect(answer.subarray(-8).toString("hex").toUpperCase()).toBe("47D4C03BCCEF61F4");
  });

  test("start bytes are echoed unchanged", async () => {
    const { port } = await openDoor({});
    const end = await RawEnd.connect(port);
    end.send(framed(signOn, "ISO123456789"));
    const [answer] = await end.until(1);
    expect(answer?.toString("latin1", 0, 16)).toBe("ISO1234567890810");
  });

  test.each([
    ["sign-on", signOn, "00"],
    ["sign-off", signOff, "00"],
    ["echo", echo, "00"],
    ["key change", networkMessage("000004", "161"), "12"],
    ["something unknown", networkMessage("000004", "777"), "12"],
  ])("%s is answered", async (_name, message, de39) => {
    const { port } = await openDoor({});
    const end = await RawEnd.connect(port);
    const view = viewOf(await end.ask(message));
    expect([view.mti, view.text(39), view.text(11)]).toEqual([0x0810, de39, message.slice(46, 52)]);
    expect(view.text(70)).toBe(message.slice(52));
    expect(view.has(128)).toBe(false);
  });

  test("an 0800 without DE70 is answered 30", async () => {
    const { port } = await openDoor({});
    const end = await RawEnd.connect(port);
    const answer = await end.ask(
      ["0800", "8220000000000000", "0".repeat(16), "0101000400000001"].join(""),
    );
    expect([answer.slice(0, 4), answer.slice(-2)]).toEqual(["0810", "30"]);
  });
});

describe("sign-on", () => {
  test("a payment before sign-on is answered 58 and not handed over", async () => {
    const { port, dispatcher, server } = await openDoor({});
    const end = await RawEnd.connect(port);
    const answer = await end.ask(purchase(1));
    const view = viewOf(answer);
    expect([view.mti, view.text(39), tag(answer, 13), tag(answer, 12)]).toEqual([
      0x0110,
      "58",
      "9058",
      "U",
    ]);
    expect(tag(answer, 14)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect([tag(answer, 3), tag(answer, 5), tag(answer, 7), tag(answer, 4)]).toEqual([
      "99900000001",
      "C",
      "N",
      "",
    ]);
    const request = viewOf(purchase(1).toString("latin1"));
    for (const de of [2, 3, 4, 11, 12, 13, 14, 32, 37, 41, 42, 49]) {
      expect(view.text(de)).toBe(request.text(de));
    }
    expect([view.has(18), view.has(22), view.has(25)]).toEqual([false, false, false]);
    expect(dispatcher.received).toBe(0);
    expect(server.stats.notSignedOn).toBe(1);
  });

  test("each connection signs on for itself, and off again", async () => {
    const { port, server } = await openDoor({});
    const [one, two] = [await RawEnd.connect(port), await RawEnd.connect(port)];
    await one.signOn();
    expect(viewOf(await one.ask(purchase(1))).text(39)).toBe("00");
    expect(viewOf(await two.ask(purchase(2))).text(39)).toBe("58");
    expect(server.stats.signedOn.get("switch")).toBe(1);
    await one.ask(signOff);
    expect(viewOf(await one.ask(purchase(3))).text(39)).toBe("58");
    expect(server.stats.signedOn.get("switch")).toBe(0);
  });

  test("a sign-off is answered after what is in flight", async () => {
    const { port, dispatcher } = await openDoor({});
    const end = await RawEnd.connect(port);
    await end.signOn();
    dispatcher.holding = true;
    end.send(framed(purchase(1)), framed(purchase(2)), framed(signOff), framed(purchase(3)));
    while (dispatcher.held.length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(end.frames.length).toBe(1);
    dispatcher.holding = false;
    dispatcher.answerAll();
    const frames = await end.until(5);
    const got = frames.slice(1).map((f) => f.toString("latin1", 12));
    expect(got.map((text) => text.slice(0, 4))).toEqual(["0110", "0110", "0810", "0110"]);
    expect(viewOf(got[3] ?? "").text(39)).toBe("58");
  });
});

describe("MAC", () => {
  test("a wrong MAC is answered 63, a missing one 30, both with a right one", async () => {
    const { port } = await openDoor({ peer: macPeer });
    const end = await RawEnd.connect(port);
    const head = signOn.replace("0400000000000000", "0400000000000001");
    const wrong = signed(head);
    wrong[wrong.length - 1]! ^= 1;
    for (const [message, de39] of [
      [wrong, "63"],
      [signOn, "30"],
      [signed(head), "00"],
    ] as const) {
      const answer = await end.ask(message);
      const view = viewOf(answer);
      expect(view.text(39)).toBe(de39);
      const bytes = Buffer.from(answer, "latin1");
      expect(bytes).toEqual(signed(answer.slice(0, -8)));
    }
    expect(viewOf(await end.ask(purchase(1))).text(39)).toBe("00");
  });

  test("a wrong MAC does not sign on", async () => {
    const { port } = await openDoor({ peer: macPeer });
    const end = await RawEnd.connect(port);
    await end.ask(signed(signOn.replace("0400000000000000", "0400000000000001"), Buffer.alloc(32)));
    const view = viewOf(await end.ask(purchase(1, true)));
    expect([view.text(39), view.has(128)]).toEqual(["58", true]);
  });

  test("a key that was just replaced still verifies, and signs that answer", async () => {
    const old = Buffer.alloc(32, 9);
    const ring = ringWith(
      { bytes: old, state: "VERIFY_ONLY" },
      { bytes: knownMacKey, state: "ACTIVE" },
    );
    const { port } = await openDoor({ peer: macPeer, keys: { epoch: () => 1, read: () => ring } });
    const end = await RawEnd.connect(port);
    const head = echo.replace("0400000000000000", "0400000000000001");
    for (const key of [old, knownMacKey]) {
      const answer = await end.ask(signed(head, key));
      expect(viewOf(answer).text(39)).toBe("00");
      expect(Buffer.from(answer, "latin1")).toEqual(signed(answer.slice(0, -8), key));
    }
  });

  test("new keys count from the next message on", async () => {
    let epoch = 1;
    let ring = knownRing;
    const keys = { epoch: () => epoch, read: () => ring };
    const { port } = await openDoor({ peer: macPeer, keys });
    const end = await RawEnd.connect(port);
    const head = echo.replace("0400000000000000", "0400000000000001");
    const fresh = Buffer.alloc(32, 5);
    expect(viewOf(await end.ask(signed(head, fresh))).text(39)).toBe("63");
    ring = ringWith({ bytes: fresh, state: "ACTIVE" });
    epoch = 2;
    expect(viewOf(await end.ask(signed(head, fresh))).text(39)).toBe("00");
    expect(viewOf(await end.ask(signed(head))).text(39)).toBe("63");
  });
});

describe("overload", () => {
  test("a full queue is answered 91 at once, the card data of the request back", async () => {
    const { port, dispatcher, server } = await openDoor({});
    const end = await RawEnd.connect(port);
    await end.signOn();
    dispatcher.full = true;
    const answer = await end.ask(purchase(1));
    expect([viewOf(answer).text(39), tag(answer, 13), tag(answer, 12)]).toEqual([
      "91",
      "9091",
      "U",
    ]);
    expect(server.stats.overloaded).toBe(1);
    dispatcher.full = false;
    expect(viewOf(await end.ask(purchase(2))).text(39)).toBe("00");
  });
});

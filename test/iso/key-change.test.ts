// Property: a key that came over the line signs from its 0810 on and the one before still verifies;
// a key that does not open, or has another check value, changes nothing.
import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createKeyExchange, previousKeyMs } from "../../api/iso/mod.ts";
import { mydebit } from "../../codec/iso8583/mod.ts";
import { createMessageMac, KeyRing, SecretKey, ZoneKey } from "../../crypto/mod.ts";
import { closeDoors, knownMacKey, macPeer, networkMessage, openDoor, RawEnd } from "./door.ts";

afterEach(closeDoors);

/** A ring that keys are rotated in, as the key file would. */
class Keys {
  epochNow = 1;
  ring: KeyRing;
  failing = false;

  constructor(first: Buffer) {
    this.ring = this.#ringOf([first]);
  }

  epoch(): number {
    return this.epochNow;
  }

  read(): KeyRing {
    return this.ring;
  }

  async rotate(key: Buffer): Promise<void> {
    if (this.failing) throw new Error("the disk is full");
    const old = this.ring.all("mac").map(({ bytes }) => bytes);
    this.#publish([...old, Buffer.from(key)]);
  }

  async retirePrevious(): Promise<void> {
    this.#publish([this.ring.active("mac", "switch").bytes]);
  }

  #publish(keys: Buffer[]): void {
    this.ring = this.#ringOf(keys);
    this.epochNow += 1;
  }

  #ringOf(keys: readonly Buffer[]): KeyRing {
    const last = keys.length - 1;
    return new KeyRing(
      keys.map((bytes, i) => {
        const state = i === last ? "ACTIVE" : "VERIFY_ONLY";
        return new SecretKey({ usage: "mac", label: "switch", version: i + 1, state, bytes });
      }),
    );
  }
}

async function openKeyDoor(zmk: ZoneKey) {
  const keys = new Keys(knownMacKey);
  const keyExchange = createKeyExchange({
    zoneKeys: new Map([["switch", zmk]]),
    rotate: (_label, key) => keys.rotate(key),
    retirePrevious: () => keys.retirePrevious(),
    onError: (error) => {
      throw error;
    },
  });
  const door = await openDoor({ peer: macPeer, keys, keyExchange });
  const end = await RawEnd.connect(door.port);
  return { keys, end, server: door.server };
}

function signed(message: Buffer, key: Buffer): Buffer {
  const out = Buffer.from(message);
  const at = out.length - 8;
  createMessageMac(key).mac(out, 0, at, out, at, 8);
  return out;
}

function keyMessage(text: string, kcv: string, key: Buffer): Buffer {
  const out = Buffer.alloc(1_024);
  const fields = {
    "7": "0101000400",
    "11": "000009",
    "70": "161",
    "120": { "40": text, "41": kcv },
    "128": "00".repeat(8),
  };
  const end = mydebit.encode({ mti: "0800", fields }, out, 0);
  return signed(out.subarray(0, end), key);
}

function echoUnder(key: Buffer): Buffer {
  const bits = networkMessage("000003", "301").replace("0400000000000000", "0400000000000001");
  return signed(Buffer.concat([Buffer.from(bits, "latin1"), Buffer.alloc(8)]), key);
}

/** DE39 of an answer, and whether `key` signed it. */
function judge(answer: string, key: Buffer): [string, boolean] {
  const bytes = Buffer.from(answer, "latin1");
  const view = mydebit.createView();
  expect(mydebit.scanMessage(view, bytes, 0, bytes.length)).toBe(0);
  return [view.text(39), signed(bytes, key).equals(bytes)];
}

describe.each([
  ["AES under AES, in a block", 32, 32],
  ["X9.19 under AES, in a block", 32, 16],
  ["X9.19 under triple DES, in hex", 16, 16],
  ["X9.19 under triple-length DES, in hex", 24, 16],
])("%s", (_name, zoneBytes, keyBytes) => {
  const zmk = new ZoneKey(randomBytes(zoneBytes));
  const fresh = randomBytes(keyBytes);

  test("0810 00 makes the key sign, and the one before verifies on", async () => {
    const { end, server } = await openKeyDoor(zmk);
    const { text, kcv } = zmk.seal(fresh, randomBytes);
    expect(judge(await end.ask(keyMessage(text, kcv, knownMacKey)), knownMacKey)).toEqual([
      "00",
      true,
    ]);
    expect(judge(await end.ask(echoUnder(fresh)), fresh)).toEqual(["00", true]);
    expect(judge(await end.ask(echoUnder(knownMacKey)), knownMacKey)).toEqual(["00", true]);
    expect(judge(await end.ask(echoUnder(randomBytes(32))), fresh)).toEqual(["63", true]);
    expect(server.stats.peers.get("switch")?.keyChanges).toBe(1);
  });
});

const zmk = new ZoneKey(randomBytes(32));

test("a wrong check value, a changed block and a full disk are answered 96", async () => {
  const { end, keys, server } = await openKeyDoor(zmk);
  const fresh = randomBytes(32);
  const { text, kcv } = zmk.seal(fresh, randomBytes);
  const other = `${text.slice(0, -1)}${text.endsWith("0") ? "1" : "0"}`;
  for (const [block, check] of [
    [text, "000000"],
    [other, kcv],
    ["D0016M6AC00N0000", kcv],
  ] as const) {
    expect(judge(await end.ask(keyMessage(block, check, knownMacKey)), knownMacKey)[0]).toBe("96");
  }
  keys.failing = true;
  expect(judge(await end.ask(keyMessage(text, kcv, knownMacKey)), knownMacKey)[0]).toBe("96");
  expect(judge(await end.ask(echoUnder(fresh)), knownMacKey)).toEqual(["63", true]);
  expect(server.stats.peers.get("switch")?.keyChangesRefused).toBe(4);
});

test("the one before ends after 60 s", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  try {
    const { end } = await openKeyDoor(zmk);
    const fresh = randomBytes(32);
    const { text, kcv } = zmk.seal(fresh, randomBytes);
    await end.ask(keyMessage(text, kcv, knownMacKey));
    vi.advanceTimersByTime(previousKeyMs - 1);
    expect(judge(await end.ask(echoUnder(knownMacKey)), knownMacKey)[0]).toBe("00");
    vi.advanceTimersByTime(1);
    expect(judge(await end.ask(echoUnder(knownMacKey)), fresh)).toEqual(["63", true]);
  } finally {
    vi.useRealTimers();
  }
});

test("a peer without a zone key is answered 12, a message without the tags 30", async () => {
  const { port } = await openDoor({ peer: macPeer });
  const end = await RawEnd.connect(port);
  const { text, kcv } = zmk.seal(randomBytes(32), randomBytes);
  expect(judge(await end.ask(keyMessage(text, kcv, knownMacKey)), knownMacKey)[0]).toBe("12");
  const { end: other } = await openKeyDoor(zmk);
  const bits = networkMessage("000004", "161").replace("0400000000000000", "0400000000000001");
  const bare = Buffer.concat([Buffer.from(bits, "latin1"), Buffer.alloc(8)]);
  expect(judge(await other.ask(signed(bare, knownMacKey)), knownMacKey)[0]).toBe("30");
});

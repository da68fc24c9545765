// Property: what strangers and broken peers do to the door costs the signed-on peers no answer and
// the process no memory.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, expect, test, vi } from "vitest";
import { isoLimits } from "../../api/iso/mod.ts";
import { encodeFrame, framings } from "../../codec/iso8583/mod.ts";
import { createManualClock } from "../../platform/mod.ts";
import { closeDoors, framed, openDoor, RawEnd, signOn } from "./door.ts";
import { purchase } from "./payments.ts";

afterEach(closeDoors);

const turn = () => new Promise((resolve) => setTimeout(resolve, 2));
const floodProgram = fileURLToPath(new URL("./flood-process.ts", import.meta.url));

async function flood(port: number, count: number): Promise<Record<string, number>> {
  const child = spawn(process.execPath, [floodProgram, String(port), String(count), "200"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
  await once(child, "close");
  return JSON.parse(text) as Record<string, number>;
}

test("10,000 connections over the limit are closed without a reset, peers go on", async () => {
  const { port, server } = await openDoor({ limits: { connectionsMax: 4 } });
  const ends = await Promise.all([1, 2, 3, 4].map(() => RawEnd.connect(port)));
  for (const end of ends) await end.signOn();
  let flooding = true;
  const flooded = flood(port, 10_000).finally(() => (flooding = false));
  let answered = 0;
  await Promise.all(
    ends.map(async (end, i) => {
      for (let stan = 1 + i * 100_000; flooding; stan++) {
        // A window of payments at a time, as a switch keeps it.
        const before = end.frames.length;
        const window = Array.from({ length: 16 }, (_, j) => framed(purchase(stan + j)));
        end.send(...window);
        stan += window.length;
        await end.until(before + window.length);
        answered += end.frames.length - before;
        expect(end.closed || end.ended).toBe(false);
      }
    }),
  );
  expect(await flooded).toEqual({ ended: 10_000, reset: 0, failed: 0 });
  expect(server.stats).toMatchObject({ refused: 10_000, connections: 4, accepted: 4 });
  expect(answered).toBeGreaterThan(64);
  for (const end of ends) end.socket.destroy();
});

/** Sends a message over and over until the other side has not taken anything for a while. */
async function pourIn(end: RawEnd, bytes: Buffer, bytesMax: number): Promise<number> {
  end.socket.pause();
  const chunk = Buffer.concat(Array.from({ length: 64 }, () => bytes));
  let sent = 0;
  for (let still = 0; still < 50 && sent < bytesMax && !end.closed; ) {
    if (end.socket.writableLength === 0) {
      end.socket.write(chunk);
      sent += chunk.length;
      still = 0;
    } else {
      still += 1;
      await turn();
    }
  }
  return sent;
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** What is held, garbage left out. */
function usedBytes(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test("peers that never read stop being read, and hold a bounded piece of memory each", async () => {
  const { port, server } = await openDoor({});
  const peers = 3;
  const ends = await Promise.all(Array.from({ length: peers }, () => RawEnd.connect(port)));
  for (const end of ends) await end.signOn();
  const before = usedBytes();
  const poured = ends.map((end, i) => pourIn(end, framed(purchase(1 + i)), 64 * 2 ** 20));
  for (const bytes of await Promise.all(poured)) expect(bytes).toBeLessThan(64 * 2 ** 20);
  // Answers that wait, those of the messages in flight, and chunks of the socket on both sides.
  const each = isoLimits.unsentBytesMax + isoLimits.inFlightMax * 1_024 + 2 ** 20;
  // V8 gives buffers back beside the program, some time after it has found them dead.
  const isBounded = () => expect(usedBytes() - before).toBeLessThan(peers * each);
  await vi.waitFor(isBounded, { timeout: 10_000, interval: 100 });
  const { bytesIn } = server.stats;
  await turn();
  expect(server.stats.bytesIn).toBe(bytesIn);
  const good = await RawEnd.connect(port);
  await good.signOn();
  expect((await good.ask(purchase(99))).slice(0, 4)).toBe("0110");
  for (const end of ends) end.socket.destroy();
});

test("keep-alives that nobody reads the echo of do not pile up either", async () => {
  const { port, server } = await openDoor({ line: { framing: framings.vap! } });
  const end = await RawEnd.connect(port);
  const sent = await pourIn(end, Buffer.alloc(4_096), 16 * 2 ** 20);
  expect(sent).toBeGreaterThan(0);
  // One echo a turn goes back, however many came in it.
  expect(server.stats.bytesOut).toBeLessThan(sent / 100);
  end.socket.destroy();
});

test("a peer that is gone without a word is cut after three echoes, and counted", async () => {
  const clock = createManualClock(0);
  const { port, server } = await openDoor({ clock, limits: { tickMs: 1 } });
  const end = await RawEnd.connect(port);
  await end.signOn();
  // It reads nothing and says nothing, as a machine does whose cable was pulled.
  end.socket.pause();
  clock.advance(isoLimits.idleMs);
  while (server.stats.echoesSent < 1) await turn();
  for (let echo = 1; echo < isoLimits.echoMissesMax; echo++) {
    clock.advance(isoLimits.echoAnswerMs);
    while (server.stats.echoesSent < echo + 1) await turn();
  }
  clock.advance(isoLimits.echoAnswerMs);
  while (server.stats.connections > 0) await turn();
  expect(server.stats.silentPeers).toBe(1);
  expect(server.stats.peers.get("switch")?.missedEchoes).toBe(3);
  expect(server.stats.signedOn.get("switch")).toBe(0);
  end.socket.destroy();
});

test("a peer that has closed its side still gets what it is owed", async () => {
  const { port, dispatcher } = await openDoor({});
  const end = await RawEnd.connect(port);
  await end.signOn();
  dispatcher.holding = true;
  end.send(framed(purchase(1)), framed(purchase(2)));
  end.socket.end();
  while (dispatcher.held.length < 2) await turn();
  dispatcher.holding = false;
  dispatcher.answerAll();
  expect((await end.until(3)).length).toBe(3);
  await end.end();
});

test.each(Object.keys(framings))(
  "garbage over %s ends the connection, and only that",
  async (name) => {
    const framing = framings[name]!;
    const { port, server } = await openDoor({ line: { framing } });
    const head = Buffer.alloc(framing.headBytes);
    for (let round = 0; round < 20; round++) {
      const end = await RawEnd.connect(port);
      const body = Buffer.from(`ISO026000050${signOn}`, "latin1");
      const bytes = encodeFrame(framing, body, head);
      for (let i = 0; i < 4; i++) bytes[(round * 31 + i * 7) % bytes.length]! ^= 1 << (round % 8);
      end.socket.removeAllListeners("data");
      end.socket.resume();
      end.send(bytes);
      end.socket.end();
      await end.end();
    }
    while (server.stats.connections > 0) await turn();
    expect(server.stats.accepted).toBe(20);
  },
);

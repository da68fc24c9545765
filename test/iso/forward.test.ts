// Property: a switch whose service goes away calls it again, or its backup; every payment that got
// no answer is reversed, over restarts of either side; keys and the day change over the same
// sessions.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createKeyExchange } from "../../api/iso/mod.ts";
import { Reversals } from "../../cmd/sim/switch/reversals.ts";
import { SwitchClient } from "../../cmd/sim/switch-client.ts";
import { switchTarget } from "../../cmd/sim/switch-target.ts";
import { framings, mydebit } from "../../codec/iso8583/mod.ts";
import { KeyRing, SecretKey, ZoneKey } from "../../crypto/mod.ts";
import { systemClock } from "../../platform/mod.ts";
import { closeDoors, knownMacKey, macPeer, openDoor } from "./door.ts";
import { purchase } from "./payments.ts";

let dir: string;
const clients: SwitchClient[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-forward-"));
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await closeDoors();
  rmSync(dir, { recursive: true, force: true });
});

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
const reconnect = { random: () => 0 };
let stan = 100;
const context = {
  withMac: false,
  next() {
    stan += 1;
    return { stan, rrn: String(stan).padStart(12, "0"), seconds: Math.floor(Date.now() / 1_000) };
  },
};

async function connect(ports: number[], more: Partial<Parameters<typeof SwitchClient.connect>[0]>) {
  const client = await SwitchClient.connect({
    target: switchTarget(
      ports.map((port) => ({ host: "127.0.0.1", port })),
      null,
    ),
    connections: 2,
    macKey: null,
    clock: systemClock,
    timeoutMs: 150,
    ...more,
  });
  clients.push(client);
  return client;
}

function openReversals(client: SwitchClient): Reversals {
  const path = join(dir, "forward");
  return new Reversals({ path, client, context, clock: systemClock, random: () => 0 });
}

function pay(client: SwitchClient, number: number, reversals: Reversals): Promise<string | null> {
  const message = purchase(number);
  return new Promise((resolve) => {
    client.send(message, (answer) => {
      if (answer === null) reversals.onTimeout(message);
      resolve(answer?.view.text(39) ?? null);
    });
  });
}

function mtiOf(message: Buffer): string {
  return message.toString("latin1", 0, 4);
}

describe("store and forward", () => {
  test("payments without an answer are reversed, each naming its original", async () => {
    const { port, dispatcher } = await openDoor({});
    const client = await connect([port], { reconnect });
    const reversals = openReversals(client);
    dispatcher.holding = true;
    expect(await Promise.all([pay(client, 1, reversals), pay(client, 2, reversals)])).toEqual([
      null,
      null,
    ]);
    while (dispatcher.held.length < 3) await turn();
    const reversal = dispatcher.held[2]?.message ?? Buffer.alloc(0);
    const view = mydebit.createView();
    expect(mydebit.scanMessage(view, reversal, 0, reversal.length) || mydebit.validate(view)).toBe(
      0,
    );
    expect([mtiOf(reversal), view.text(90).slice(0, 10)]).toEqual(["0420", "0100000001"]);
    dispatcher.holding = false;
    dispatcher.answerAll();
    const report = await reversals.close(5_000);
    expect(report).toMatchObject({ depth: 0, parked: 0, arrived: 2 });
    expect(client.stats.late).toBeGreaterThanOrEqual(2);
  });

  test("they survive the switch's restart and the service's, and go as repeats", async () => {
    const first = await openDoor({});
    const client = await connect([first.port], { reconnect });
    const reversals = openReversals(client);
    first.dispatcher.holding = true;
    await Promise.all([pay(client, 1, reversals), pay(client, 2, reversals)]);
    while (first.dispatcher.held.length < 3) await turn();
    expect(await reversals.close(0)).toMatchObject({ depth: 2, arrived: 0 });
    client.destroy();
    first.dispatcher.holding = false;
    first.dispatcher.answerAll();
    await closeDoors();
    const second = await openDoor({});
    const again = await connect([second.port], { reconnect });
    const seen: string[] = [];
    const submit = second.dispatcher.submit.bind(second.dispatcher);
    second.dispatcher.submit = (peer, bytes, offset, length, ticket, sink) => {
      seen.push(bytes.toString("latin1", offset, offset + 4));
      return submit(peer, bytes, offset, length, ticket, sink);
    };
    expect(await openReversals(again).close(5_000)).toMatchObject({ depth: 0, arrived: 2 });
    expect(seen).toEqual(["0421", "0420"]);
  });
});

describe("hosts", () => {
  test("a lost connection is called again, the backup where the primary is away", async () => {
    const primary = await openDoor({});
    const backup = await openDoor({});
    const client = await connect([primary.port, backup.port], { reconnect });
    const reversals = openReversals(client);
    expect(await pay(client, 1, reversals)).toBe("00");
    await primary.server.stop();
    while (client.stats.reconnected < 2 || client.ready < 2) await turn();
    expect(await pay(client, 2, reversals)).toBe("00");
    expect([primary.dispatcher.received, backup.dispatcher.received]).toEqual([1, 1]);
    await reversals.close(0);
    await client.close();
    expect(client.ready).toBe(0);
  });

  test("the first call goes to the backup where it must, or says nobody is there", async () => {
    const backup = await openDoor({});
    const gone = await openDoor({});
    await gone.server.stop();
    const client = await connect([gone.port, backup.port], {});
    expect(client.ready).toBe(2);
    await expect(connect([gone.port], {})).rejects.toThrow("cannot be reached");
  });

  test.each(["nac", "vap", "base24-tcp"])("over %s", async (name) => {
    const framing = framings[name]!;
    const { port } = await openDoor({ line: { framing } });
    const target = switchTarget([{ host: "127.0.0.1", port }], null, framing);
    const client = await connect([], { target });
    const reversals = openReversals(client);
    expect(await pay(client, 1, reversals)).toBe("00");
    await reversals.close(0);
    await client.echo();
    await client.close();
  });
});

test("the switch changes its key and the day while payments run", async () => {
  const zoneKey = new ZoneKey(randomBytes(32));
  let keys = [knownMacKey];
  let epoch = 1;
  const ringOf = () => {
    const list = keys.map((bytes, i) => {
      const state = i === keys.length - 1 ? ("ACTIVE" as const) : ("VERIFY_ONLY" as const);
      return new SecretKey({ usage: "mac", label: "switch", version: i + 1, state, bytes });
    });
    return new KeyRing(list);
  };
  const keyExchange = createKeyExchange({
    zoneKeys: new Map([["switch", zoneKey]]),
    rotate: async (_label, key) => {
      keys = [...keys, Buffer.from(key)];
      epoch += 1;
    },
    retirePrevious: async () => {},
    onError: () => {},
  });
  const door = { peer: macPeer, keys: { epoch: () => epoch, read: ringOf }, keyExchange };
  const { port, server } = await openDoor(door);
  const client = await connect([port], { macKey: knownMacKey });
  for (const bytes of [32, 16]) {
    expect(await client.changeKey(randomBytes(bytes), zoneKey, randomBytes)).toBe("00");
    await client.echo();
    expect(await client.cutOver()).toBe("00");
  }
  expect(await client.changeKey(randomBytes(32), new ZoneKey(randomBytes(32)), randomBytes)).toBe(
    "96",
  );
  expect(await client.cutOver()).toBe("00");
  expect(server.stats.peers.get("switch")).toMatchObject({
    cutOvers: 3,
    keyChanges: 2,
    keyChangesRefused: 1,
  });
});

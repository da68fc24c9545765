// Property: the door keeps calling a peer that it must call: primary first, then backups, signing
// on each time; and it takes another table of peers without dropping a session that may stay.
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { IsoPeers } from "../../api/iso/mod.ts";
import { FrameReader, frame } from "../../codec/iso8583/mod.ts";
import { closeDoors, framed, openDoor, RawEnd, switchPeer } from "./door.ts";
import { purchase } from "./payments.ts";

const servers: Server[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
  await closeDoors();
});

const turn = () => new Promise((resolve) => setTimeout(resolve, 2));

/** A switch that waits to be called: answers sign-ons with `de39`, and counts them. */
async function openSwitch(de39: string) {
  const [answers, opened]: [string[], Socket[]] = [[], []];
  const seen = { calls: 0, signOns: 0, answers, sockets: opened, de39 };
  const server = createServer((socket) => {
    seen.calls += 1;
    seen.sockets.push(socket);
    sockets.push(socket);
    socket.on("error", () => {});
    const reader = new FrameReader();
    socket.on("data", (chunk: Buffer) => {
      for (let at = 0; at < chunk.length; ) {
        at += reader.push(chunk, at);
        while (reader.next() === frame.READY) {
          const text = reader.buf.toString(
            "latin1",
            reader.offset + 12,
            reader.offset + reader.length,
          );
          if (!text.startsWith("0800")) {
            seen.answers.push(text);
            continue;
          }
          seen.signOns += 1;
          const bits = "082200000020000000400000000000000".slice(1);
          socket.write(framed(`0810${bits}${text.slice(36, 52)}${seen.de39}${text.slice(52, 55)}`));
        }
      }
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  return { seen, host: { host: "127.0.0.1", port: address.port }, server };
}

test("the backup is called where the primary refuses, and payments run over it", async () => {
  const primary = await openSwitch("12");
  const backup = await openSwitch("00");
  const hosts = [primary.host, backup.host];
  const { server } = await openDoor({ callOuts: [{ peer: switchPeer, hosts, connections: 1 }] });
  while (server.stats.signedOn.get("switch") !== 1) await turn();
  expect([primary.seen.signOns, backup.seen.signOns]).toEqual([1, 1]);
  backup.seen.sockets[0]?.write(framed(purchase(1)));
  while (backup.seen.answers.length === 0) await turn();
  expect(backup.seen.answers[0]?.slice(0, 4)).toBe("0110");
});

test("a session that is lost is begun again", async () => {
  const there = await openSwitch("00");
  const callOuts = [{ peer: switchPeer, hosts: [there.host], connections: 2 }];
  const { server } = await openDoor({ callOuts });
  while (server.stats.signedOn.get("switch") !== 2) await turn();
  for (const socket of there.seen.sockets) socket.destroy();
  while (there.seen.signOns < 4 || server.stats.signedOn.get("switch") !== 2) await turn();
  expect(there.seen.calls).toBe(4);
});

test("calls go back from the backup to the primary when it is there again", async () => {
  const primary = await openSwitch("12");
  const backup = await openSwitch("00");
  const hosts = [primary.host, backup.host];
  const callOuts = [{ peer: switchPeer, hosts, connections: 1, failBackMs: 30 }];
  const { server } = await openDoor({ callOuts });
  while (server.stats.signedOn.get("switch") !== 1) await turn();
  while (primary.seen.signOns < 3) await turn();
  expect([backup.seen.calls, server.stats.signedOn.get("switch")]).toEqual([1, 1]);
  primary.seen.de39 = "00";
  await new Promise((resolve) => backup.seen.sockets[0]?.once("close", resolve));
  while (server.stats.signedOn.get("switch") !== 1) await turn();
  primary.seen.sockets.at(-1)?.write(framed(purchase(1)));
  while (primary.seen.answers.length === 0) await turn();
  expect(primary.seen.answers[0]?.slice(0, 4)).toBe("0110");
});

test("a new table calls new peers, calls others elsewhere, and lets go of the rest", async () => {
  const [one, two, three] = [
    await openSwitch("00"),
    await openSwitch("00"),
    await openSwitch("00"),
  ];
  const other = { ...switchPeer, id: 2, name: "other" };
  const call = (peer: typeof switchPeer, host: { host: string; port: number }) => {
    return { peer, hosts: [host], connections: 1 };
  };
  const { server } = await openDoor({ callOuts: [call(switchPeer, one.host)] });
  while (server.stats.signedOn.get("switch") !== 1) await turn();
  const none = { byIdentity: new Map(), byAddress: new Map(), plainDefault: null };
  const replace = (callOuts: ReturnType<typeof call>[]): void => {
    server.replacePeers({ peers: none, lines: new Map(), callOuts, keyExchange: null });
  };
  replace([call(switchPeer, one.host), call(other, two.host)]);
  while (server.stats.signedOn.get("other") !== 1) await turn();
  expect(one.seen.calls).toBe(1);
  replace([call(switchPeer, three.host), call(other, two.host)]);
  while (three.seen.signOns === 0 || server.stats.signedOn.get("switch") !== 1) await turn();
  replace([]);
  while (server.stats.connections > 0) await turn();
  expect([one.seen.calls, two.seen.calls, three.seen.calls]).toEqual([1, 1, 1]);
});

test("another table of peers leaves sessions alone, ends those of a lost peer", async () => {
  const other = { ...switchPeer, id: 2, name: "other" };
  const none = { byIdentity: new Map(), byAddress: new Map(), plainDefault: null };
  const { port, server } = await openDoor({
    peers: { ...none, plainDefault: switchPeer },
  });
  const end = await RawEnd.connect(port);
  await end.signOn();
  const replace = (peers: typeof none | IsoPeers): void => {
    server.replacePeers({ peers, lines: new Map(), callOuts: [], keyExchange: null });
  };
  replace({ ...none, byAddress: new Map([["127.0.0.1", switchPeer]]) });
  expect((await end.ask(purchase(1))).slice(0, 4)).toBe("0110");
  replace({ ...none, plainDefault: other });
  await end.end();
  const next = await RawEnd.connect(port);
  await next.signOn();
  expect(server.stats.signedOn.get("other")).toBe(1);
});

test("a peer that is gone gets the answers that it is owed, and then the end", async () => {
  const { port, server, dispatcher } = await openDoor({});
  const end = await RawEnd.connect(port);
  await end.signOn();
  dispatcher.holding = true;
  end.send(framed(purchase(1)), framed(purchase(2)));
  while (dispatcher.held.length < 2) await turn();
  const peers = { byIdentity: new Map(), byAddress: new Map(), plainDefault: null };
  server.replacePeers({ peers, lines: new Map(), callOuts: [], keyExchange: null });
  end.send(framed(purchase(3)));
  await turn();
  expect([end.ended, dispatcher.received]).toEqual([false, 2]);
  dispatcher.holding = false;
  dispatcher.answerAll();
  await end.end();
  expect(end.frames.length).toBe(3);
});

// Property: the door keeps calling a peer that it must call: primary first, then backups, signing
// on each time; and it takes another table of peers without dropping a session that may stay.
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
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
  const seen = { calls: 0, signOns: 0, answers: [] as string[], sockets: [] as Socket[] };
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
          socket.write(framed(`0810${bits}${text.slice(36, 52)}${de39}${text.slice(52, 55)}`));
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

test("another table of peers leaves sessions alone, ends those of a lost peer", async () => {
  const other = { ...switchPeer, name: "other" };
  const none = { byIdentity: new Map(), byAddress: new Map(), plainDefault: null };
  const { port, server } = await openDoor({
    peers: { ...none, plainDefault: switchPeer },
  });
  const end = await RawEnd.connect(port);
  await end.signOn();
  server.replacePeers({ ...none, byAddress: new Map([["127.0.0.1", switchPeer]]) }, new Map());
  expect((await end.ask(purchase(1))).slice(0, 4)).toBe("0110");
  server.replacePeers({ ...none, plainDefault: other }, new Map());
  await end.end();
  const next = await RawEnd.connect(port);
  await next.signOn();
  expect(server.stats.signedOn.get("other")).toBe(1);
});

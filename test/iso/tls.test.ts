// Property: on TLS only a certificate that our authority signed and that names exactly one peer
// begins a session; renewed files count for new connections, and what cannot be used is one clear
// sentence.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createIsoServer, type TlsFiles } from "../../api/iso/mod.ts";
import { isAppError, silentLogger, systemClock } from "../../platform/mod.ts";
import { makeCertificate, type TestCertificate, writeCertificate } from "../grpc/certificates.ts";
import { closeDoors, openDoor, PlainDispatcher, RawEnd, signOn, switchPeer } from "./door.ts";

let dir: string;
let authority: TestCertificate;
let files: TlsFiles;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-iso-tls-"));
  authority = makeCertificate("Test CA", []);
  files = writeServer(authority);
});
afterEach(async () => {
  await closeDoors();
  rmSync(dir, { recursive: true });
});

function writeServer(ca: TestCertificate): TlsFiles {
  const made = makeCertificate("service", ["DNS:localhost", "IP:127.0.0.1"], ca);
  const { certificateFile, privateKeyFile } = writeCertificate(dir, "server", made);
  const caFile = join(dir, "ca.crt");
  writeFileSync(caFile, ca.certificate);
  return { certFile: certificateFile, keyFile: privateKeyFile, caFile };
}

const other = { ...switchPeer, id: 1, tag: 8, name: "other" };
const peers = {
  byIdentity: new Map([
    ["URI:spiffe://paynet/switch", switchPeer],
    ["DNS:switch.paynet.example", switchPeer],
    ["DNS:other.example", other],
  ]),
  byAddress: new Map(),
  plainDefault: null,
};

function client(port: number, names: readonly string[] | null, ca = authority): Promise<RawEnd> {
  const made = names === null ? null : makeCertificate("client", names, ca);
  const pair = made === null ? {} : { cert: made.certificate, key: made.privateKey };
  const socket: TLSSocket = connect({
    host: "127.0.0.1",
    port,
    servername: "localhost",
    ca: authority.certificate,
    ...pair,
  });
  return new Promise((resolve) => {
    const end = new RawEnd(socket);
    socket.once("secureConnect", () => resolve(end));
    socket.once("close", () => resolve(end));
  });
}

async function reaches(port: number, names: readonly string[] | null, ca = authority) {
  const end = await client(port, names, ca);
  const answer = await end.ask(signOn);
  end.socket.destroy();
  return answer.slice(0, 4) === "0810";
}

describe("identity", () => {
  test("one name of a peer is enough, whatever else is there", async () => {
    const { port, server } = await openDoor({ tls: files, peers });
    const two = ["URI:spiffe://paynet/switch", "DNS:switch.paynet.example", "DNS:unknown.example"];
    expect(await reaches(port, ["DNS:switch.paynet.example"])).toBe(true);
    expect(await reaches(port, two)).toBe(true);
    // The test certificates are good for a day.
    const daysLeft = (server.stats.certificateExpiresAt - Date.now() / 1_000) / 86_400;
    expect(Math.round(daysLeft)).toBe(1);
    while (server.stats.connections > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect([server.stats.accepted, server.stats.refused]).toEqual([2, 0]);
  });

  test.each([
    ["no certificate", null],
    ["an unknown name", ["DNS:stranger.example"]],
    ["names of two peers", ["DNS:switch.paynet.example", "DNS:other.example"]],
    ["a name that quotes another", ["DNS:x, URI:spiffe://paynet/switch, DNS:y"]],
    ["a certificate without names", []],
  ])("%s is refused", async (_name, names) => {
    const { port, server } = await openDoor({ tls: files, peers });
    expect(await reaches(port, names)).toBe(false);
    expect(server.stats.refused).toBe(1);
  });

  test("another authority is refused", async () => {
    const { port, server } = await openDoor({ tls: files, peers });
    const stranger = makeCertificate("Other CA", []);
    expect(await reaches(port, ["DNS:switch.paynet.example"], stranger)).toBe(false);
    expect(server.stats.accepted).toBe(0);
  });

  test("stops with a handshake that never ends", async () => {
    const { port, server } = await openDoor({ tls: files, peers });
    const silent = await RawEnd.connect(port);
    await server.stop();
    await silent.when(() => silent.closed);
    expect(server.stats.accepted).toBe(0);
  });
});

describe("reload", () => {
  test("new files count for new connections only, bad files change nothing", async () => {
    const limits = { reloadMs: 5, tickMs: 5 };
    const { port } = await openDoor({ tls: files, peers, limits });
    const old = await client(port, ["DNS:switch.paynet.example"]);
    await old.ask(signOn);
    writeFileSync(files.certFile, "no certificate");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await reaches(port, ["DNS:switch.paynet.example"])).toBe(true);
    const next = makeCertificate("Next CA", []);
    const before = authority;
    writeServer(next);
    authority = next;
    for (let tries = 0; !(await reaches(port, ["DNS:other.example"], next)); tries++) {
      expect(tries).toBeLessThan(200);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(await reaches(port, ["DNS:switch.paynet.example"], before)).toBe(false);
    expect((await old.ask(signOn)).slice(0, 4)).toBe("0810");
    old.socket.destroy();
  });
});

describe("faults at start", () => {
  function listen(over: object): Promise<unknown> {
    const server = createIsoServer({
      listen: { host: "127.0.0.1", port: 0 },
      tls: null,
      peers,
      dispatcher: new PlainDispatcher(),
      keys: {
        epoch: () => 1,
        read: () => {
          throw new Error("no key is needed");
        },
      },
      log: silentLogger(),
      clock: systemClock,
      random: (bytes) => Buffer.alloc(bytes),
      ...over,
    });
    return server.listen().then(
      () => server.stop().then(() => null),
      (error: unknown) => error,
    );
  }

  test.each([
    ["plain beyond loopback", () => ({ listen: { host: "0.0.0.0", port: 0 } }), "INSECURE_REFUSED"],
    [
      "an absent file",
      () => ({ tls: { ...files, keyFile: `${files.keyFile}x` } }),
      "CERTIFICATE_UNREADABLE",
    ],
    [
      "no certificate in it",
      () => ({ tls: { ...files, certFile: files.keyFile } }),
      "CERTIFICATE_UNREADABLE",
    ],
    [
      "a foreign address",
      () => ({ listen: { host: "192.0.2.1", port: 0 }, insecure: true }),
      "CONFIG_INVALID",
    ],
  ])("%s is one clear sentence", async (_name, over, code) => {
    const error = await listen(over());
    expect(isAppError(error) && [error.code, /^[A-Z0-9].*\.$/.test(error.message)]).toEqual([
      code,
      true,
    ]);
  });

  test("a port in use is one clear sentence", async () => {
    const { port } = await openDoor({});
    const error = await listen({ listen: { host: "127.0.0.1", port } });
    expect(isAppError(error, "PORT_IN_USE")).toBe(true);
  });

  test("plain beyond loopback is served when it is allowed", async () => {
    expect(await listen({ listen: { host: "0.0.0.0", port: 0 }, insecure: true })).toBeNull();
  });
});

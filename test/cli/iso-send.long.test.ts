// Property: `pantun iso send` says of every message what became of it, ends with the code that its
// help names, and shows nothing sensitive of request or answer unless it is asked to; nor does a
// tap on the same line, whatever the dialect.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TlsFiles } from "../../api/iso/mod.ts";
import { type HostRule, HostRules } from "../../cmd/sim/host/rules.ts";
import { SimHost } from "../../cmd/sim/host/sim-host.ts";
import {
  type Codec,
  type DecodedField,
  dialects,
  encodeFrame,
  framings,
  iso87Bcd,
  mydebit,
} from "../../codec/iso8583/mod.ts";
import { seededRandom } from "../../codec/iso8583/testdata/random.ts";
import { randomMessage } from "../../codec/iso8583/testdata/values.ts";
import { knownTpan } from "../../codec/pan/fixtures.ts";
import { systemClock } from "../../platform/mod.ts";
import { makeCertificate, writeCertificate } from "../grpc/certificates.ts";
import { closeDoors, knownMacKey, macPeer, openDoor } from "../iso/door.ts";
import { purchase } from "../iso/payments.ts";
import { startProgram } from "./run-pantun.ts";

let dir: string;
const closers: (() => unknown)[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-send-"));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(dir, { recursive: true, force: true });
});

/** Without the launcher: half the processes. */
const program = (args: readonly string[]) => startProgram(args).finished;

async function openHost(
  codec: Codec,
  framing: string,
  rules: HostRule[] = [],
  tls: TlsFiles | null = null,
) {
  const host = new SimHost({
    listen: { host: "127.0.0.1", port: 0 },
    tls,
    codec,
    framing: framings[framing]!,
    rules: new HostRules(rules),
    clock: systemClock,
    needsSignOn: false,
  });
  closers.push(() => host.close());
  const port = await host.listen();
  return { host, to: `127.0.0.1:${port}`, port };
}

function fileOf(name: string, messages: readonly Buffer[]): string {
  const path = join(dir, name);
  writeFileSync(path, messages.map((one) => `${one.toString("hex")}\n`).join(""));
  return path;
}

function packed(mti: string, stan: number): Buffer {
  const out = Buffer.alloc(1_024);
  const fields = {
    "2": knownTpan,
    "3": "000000",
    "7": "1125102030",
    "11": String(stan).padStart(6, "0"),
  };
  return Buffer.from(out.subarray(0, iso87Bcd.encode({ mti, fields }, out, 0)));
}

const lines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

it("payments in our dialect, signed on, bare, with running numbers", async () => {
  const { to, host } = await openHost(mydebit, "raw2");
  const file = fileOf("pay.hex", [purchase(1)]);
  const flags = ["--bare", "--sign-on", "--count", "3", "--stan", "auto", "--json"];
  const { code, stdout, stderr } = await program(["iso", "send", to, file, ...flags]);
  expect([code, stderr]).toEqual([0, "3 answered\n"]);
  const answers = lines(stdout);
  expect(answers.map(({ outcome, answer }) => [outcome, answer.mti])).toEqual(
    Array(3).fill(["answered", "0110"]),
  );
  expect(answers.map(({ request }) => request.fields["11"].value)).toEqual([
    "000001",
    "000002",
    "000003",
  ]);
  expect(host.stats.received.get("0800")).toBe(2);
  expect(stdout).not.toContain(knownTpan);
  const shown = await program(["iso", "send", to, file, "--bare", "--reveal"]);
  expect(shown.stdout).toContain(knownTpan);
});

it("time-outs, late answers, declines and unusable lines each have their word", async () => {
  const { to } = await openHost(iso87Bcd, "nac", [
    { mti: "0100", delayMs: 400 },
    { mti: "0200", drop: true },
    { mti: "0220", code: "51" },
  ]);
  const file = fileOf("all.hex", [packed("0100", 1), packed("0220", 2), packed("0200", 3)]);
  writeFileSync(file, `${readFileSync(file, "utf8")}nonsense\n`);
  const flags = ["--dialect", "iso87-bcd", "--framing", "nac", "--timeout", "300", "--json"];
  const { code, stdout, stderr } = await program(["iso", "send", to, file, ...flags]);
  expect(code).toBe(1);
  const outcomes = lines(stdout).map(({ outcome }) => outcome);
  expect(outcomes.sort()).toEqual(["answered", "late", "timeout", "timeout", "unusable"]);
  expect(stderr).toContain("1 answered with 51");
});

it("answers to nothing that was asked, and a host that hangs up", async () => {
  const server = createServer((socket) => {
    const stray = packed("0110", 99);
    socket.on("error", () => {});
    socket.once("data", () => socket.end(encodeFrame(framings.raw2!, stray)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  const address = server.address() as { port: number };
  const file = fileOf("one.hex", [packed("0100", 1), packed("0100", 2)]);
  const where = `127.0.0.1:${address.port}`;
  const result = await program(["iso", "send", where, file, "--dialect", "iso87-bcd", "--json"]);
  expect(result.code).toBe(1);
  expect(lines(result.stdout).map(({ outcome }) => outcome)).toEqual(["unmatched", "lost"]);
});

it("over TLS, with certificates of both sides, and never to somebody else", async () => {
  const authority = makeCertificate("Test CA", []);
  const ca = join(dir, "ca.crt");
  writeFileSync(ca, authority.certificate);
  const made = (name: string, names: string[]) => {
    return writeCertificate(dir, name, makeCertificate(name, names, authority));
  };
  const server = made("server", ["IP:127.0.0.1"]);
  const own = made("client", ["DNS:us.example"]);
  const tls = { certFile: server.certificateFile, keyFile: server.privateKeyFile, caFile: ca };
  const { to } = await openHost(iso87Bcd, "raw2", [], tls);
  const file = fileOf("one.hex", [packed("0100", 1)]);
  const send = ["iso", "send", to, file, "--dialect", "iso87-bcd", "--ca", ca];
  const pair = ["--cert", own.certificateFile, "--key", own.privateKeyFile];
  expect(await program([...send, ...pair, "--sign-on"])).toMatchObject({ code: 0 });
  expect((await program([...send, ...pair, "--server-name", "them.example"])).code).toBe(4);
  // Without a certificate the host ends the line: the message is lost, and that is said.
  expect((await program(send)).code).not.toBe(0);
});

it("to a door that wants MACs: sign-on and messages are signed, answers proved", async () => {
  const { port, dispatcher } = await openDoor({ peer: macPeer });
  closers.push(closeDoors);
  const key = join(dir, "mac.hex");
  writeFileSync(key, knownMacKey.toString("hex"));
  const document = mydebit.decode(purchase(1), 0, purchase(1).length, { bare: true, reveal: true });
  const fields = { ...document.fields, "128": { value: "00".repeat(8) } };
  const out = Buffer.alloc(4_096);
  const end = mydebit.encode({ mti: "0100", fields }, out, 0);
  const file = fileOf("signed.hex", [Buffer.from(out.subarray(0, end))]);
  const send = ["iso", "send", `127.0.0.1:${port}`, file, "--bare", "--sign-on", "--json"];
  const { code, stdout } = await program([...send, "--mac-key-file", key]);
  expect([code, lines(stdout)[0].outcome, lines(stdout)[0].answer.mti]).toEqual([
    // The test's dispatcher signs nothing, which is found out.
    1,
    "answered",
    "0110",
  ]);
  expect([lines(stdout)[0].macOk, dispatcher.received]).toEqual([false, 1]);
  writeFileSync(key, "00".repeat(32));
  expect((await program([...send, "--mac-key-file", key])).code).toBe(4);
});

it.each([
  ["no such host", ["127.0.0.1:1", "-"], 4],
  ["no port", ["127.0.0.1", "-"], 2],
  ["plain TCP elsewhere", ["192.0.2.7:8583", "-"], 7],
  ["half a certificate", ["127.0.0.1:1", "-", "--cert", "x.pem"], 2],
  ["a certificate that is not there", ["127.0.0.1:1", "-", "--ca", "/no/x.pem"], 19],
])("%s", async (_, args, code) => {
  expect((await program(["iso", "send", ...args])).code).toBe(code);
});

it.each([
  ["a capture without --reveal", ["--record", "x.pcapng"], 2],
  ["another kind of file", ["--record", "x.txt"], 2],
  ["listening for others", ["--address", "0.0.0.0"], 7],
])("a tap refuses %s", async (_, more, code) => {
  const args = ["iso", "tap", "--listen", "0", "--to", "127.0.0.1:1", ...more];
  expect((await program(args)).code).toBe(code);
});

/** Texts that a masked document must not show, from the revealed one. */
function secretsOf(clear: DecodedField, masked: DecodedField): string[] {
  const parts = [
    ...(clear.tags ?? []).map((tag, i) => [tag, masked.tags![i]!] as const),
    ...Object.entries(clear.fields ?? {}).map(([k, part]) => [part, masked.fields![k]!] as const),
  ];
  if (parts.length > 0) return parts.flatMap(([one, other]) => secretsOf(one, other));
  return masked.masked === true ? [clear.value, clear.raw ?? ""] : [];
}

/** Shorter pieces stand in any message by chance. */
const tellingLength = 11;

describe.each(["mydebit", "iso87-ascii", "visa-style", "base24-style"])("%s", (name) => {
  it("neither send nor tap shows what is sensitive, in text, JSON or a recording", async () => {
    const codec = dialects[name]!;
    const random = seededRandom(31);
    const out = Buffer.alloc(65_535);
    const secrets: string[] = [];
    const messages = Array.from({ length: 25 }, () => {
      const { mti, fields } = randomMessage(codec.spec, random, 8);
      const start = codec.headerLength === 0 ? {} : { header: "ISO026000050" };
      const end = codec.encode({ mti, fields, ...start }, out, 0);
      const clear = codec.decode(out, 0, end, { reveal: true });
      const masked = codec.decode(out, 0, end);
      for (const [de, field] of Object.entries(clear.fields)) {
        secrets.push(...secretsOf(field, masked.fields[de]!));
      }
      return Buffer.from(out.subarray(0, end));
    });
    const telling = secrets.filter((one) => one.length >= tellingLength && !/^(.)\1*$/.test(one));
    expect(telling.length).toBeGreaterThan(10);
    const { to } = await openHost(codec, "raw4");
    const file = fileOf("random.hex", messages);
    const record = join(dir, "line.jsonl");
    const shape = ["--dialect", name, "--framing", "raw4"];
    const tap = await startTap(["--to", to, ...shape, "--record", record]);
    const send = ["iso", "send", tap.at, file, ...shape, "--timeout", "200", "--window", "25"];
    const texts = [await program(send), await program([...send, "--json"])];
    const seen = await tap.stop();
    expect(texts.map(({ stderr }) => stderr).join("")).not.toContain("pantun:");
    expect(seen.stdout.split("\n").length).toBeGreaterThan(50);
    const shown = [...texts, seen].map(({ stdout, stderr }) => stdout + stderr);
    for (const text of [...shown, readFileSync(record, "utf8")]) {
      expect(text.length).toBeGreaterThan(1_000);
      for (const secret of telling) expect(text.includes(secret)).toBe(false);
    }
  });
});

async function startTap(args: readonly string[]) {
  const { child, finished } = startProgram(["iso", "tap", "--listen", "0", ...args]);
  closers.push(() => child.kill("SIGKILL"));
  const port = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const found = /listening on 127\.0\.0\.1:(\d+)/.exec(text);
      if (found?.[1] !== undefined) resolve(found[1]);
    });
    child.once("exit", () => reject(new Error(text)));
  });
  const stop = async () => {
    child.kill("SIGTERM");
    return await finished;
  };
  return { at: `127.0.0.1:${port}`, stop };
}

it("a capture of a tap is read by describe", async () => {
  const { to } = await openHost(iso87Bcd, "amex");
  const record = join(dir, "line.pcapng");
  const shape = ["--dialect", "iso87-bcd", "--framing", "amex"];
  const tap = await startTap(["--to", to, ...shape, "--record", record, "--reveal", "--quiet"]);
  const file = fileOf("one.hex", [packed("0100", 7)]);
  expect((await program(["iso", "send", tap.at, file, ...shape])).code).toBe(0);
  expect(await tap.stop()).toMatchObject({ code: 0, stdout: "" });
  const flags = ["--input", "pcap", ...shape, "--json"];
  const { code, stdout } = await program(["iso", "decode", record, ...flags]);
  expect(code).toBe(0);
  expect(lines(stdout).map(({ mti }) => mti)).toEqual(["0100", "0110"]);
  expect(stdout).not.toContain(knownTpan);
});

it("a simulated host from the command line, with rules, stopped by a signal", async () => {
  const rules = join(dir, "rules.json");
  writeFileSync(rules, JSON.stringify([{ mti: "0100", code: "05", set: { "38": "A12345" } }]));
  const args = ["sim", "host", "--dialect", "iso87-bcd", "--rules", rules, "--json"];
  const { child, finished } = startProgram(args);
  closers.push(() => child.kill("SIGKILL"));
  const port = await new Promise<number>((resolve) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      const found = /on 127\.0\.0\.1:(\d+)/.exec(chunk.toString());
      if (found !== null) resolve(Number(found[1]));
    });
  });
  const socket = connect(port, "127.0.0.1");
  const answer = new Promise<Buffer>((resolve) => socket.once("data", resolve));
  socket.write(encodeFrame(framings.raw2!, packed("0100", 1)));
  const document = iso87Bcd.decode(await answer, 2, (await answer).length);
  expect([document.fields["39"]?.value, document.fields["38"]?.value]).toEqual(["05", "A12345"]);
  socket.destroy();
  child.kill("SIGTERM");
  const { code, stdout } = await finished;
  expect([code, JSON.parse(stdout).answered]).toEqual([0, { "05": 1 }]);
  const wrong = join(dir, "wrong.json");
  writeFileSync(wrong, JSON.stringify([{ code: "05", set: { "38": "far too long" } }]));
  expect((await program(["sim", "host", "--rules", wrong])).code).toBe(2);
});

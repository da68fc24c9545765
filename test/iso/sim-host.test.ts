// Property: a simulated host of any dialect and framing and the client that calls hosts understand
// each other: sign-on, echo, payments, advices, repeats, late answers, hosts that go and come back.
import { afterEach, describe, expect, test } from "vitest";
import { type HostLine, HostLink, HostSession, type HostStats, textOf } from "../../api/iso/mod.ts";
import { type HostRule, HostRules } from "../../cmd/sim/host/rules.ts";
import { SimHost } from "../../cmd/sim/host/sim-host.ts";
import {
  type Codec,
  dialects,
  framings,
  loadCodec,
  type MessageInput,
} from "../../codec/iso8583/mod.ts";
import { knownTpan } from "../../codec/pan/fixtures.ts";
import { systemClock } from "../../platform/mod.ts";

const hosts: SimHost[] = [];
const links: HostLink[] = [];
const sessions: HostSession[] = [];
afterEach(async () => {
  for (const link of links.splice(0)) {
    link.destroy();
    await link.stop();
  }
  for (const session of sessions.splice(0)) session.destroy();
  for (const host of hosts.splice(0)) await host.close();
});

const turn = () => new Promise((resolve) => setTimeout(resolve, 3));

interface Where {
  readonly codec: Codec;
  readonly framing: string;
}

async function openHost({ codec, framing }: Where, rules: HostRule[] = [], port = 0) {
  const host = new SimHost({
    listen: { host: "127.0.0.1", port },
    tls: null,
    codec,
    framing: framings[framing]!,
    rules: new HostRules(rules),
    clock: systemClock,
    needsSignOn: true,
  });
  hosts.push(host);
  return { host, at: { host: "127.0.0.1", port: await host.listen() } };
}

function lineOf({ codec, framing }: Where, more: Partial<HostLine> = {}): HostLine {
  const stats: HostStats = { late: 0, unmatched: 0, missedEchoes: 0 };
  return {
    codec,
    framing: framings[framing]!,
    startBytes: "ISO026000050",
    mac: null,
    timeoutMs: 2_000,
    clock: systemClock,
    stats,
    ...more,
  };
}

const socket = { context: null, connectMs: 2_000 };

async function openSession(where: Where, port: number, more: Partial<HostLine> = {}) {
  const line = lineOf(where, more);
  const session = await HostSession.open({ host: "127.0.0.1", port }, socket, line);
  sessions.push(session);
  expect(await session.signOn()).toBe(true);
  return { session, line };
}

/** A payment or an advice that every one of the dialects can carry. */
function message({ codec }: Where, kind: string, number: number, amount = "1000"): Buffer {
  const { elements, mti, header } = codec.spec;
  const digits = (de: number, value: number) => {
    return String(value).padStart(elements[de]?.max ?? 6, "0");
  };
  const fields: Record<string, string> = {
    "2": knownTpan,
    "3": "000000",
    "4": amount.padStart(elements["4"]?.min ?? 12, "0"),
    "7": "1125102030",
    "11": digits(11, number),
    "32": "458001",
    "37": String(number).padStart(12, "0"),
  };
  const out = Buffer.alloc(codec.spec.bytesMax);
  const start = header === null ? {} : { header: "ISO026000050" };
  const input: MessageInput = { mti: `${mti.version[0]}${kind}`, ...start, fields };
  return Buffer.from(out.subarray(0, codec.encode(input, out, 0)));
}

function ask(session: HostSession | HostLink, codec: Codec, request: Buffer) {
  return new Promise<Record<string, string> | null>((resolve) => {
    session.send(request, (answer) => {
      resolve(
        answer === null
          ? null
          : { mti: answer.view.mti.toString(16), "39": textOf(codec, answer.view, 39) },
      );
    });
  });
}

const own = loadCodec({ ...dialects["iso87-ascii"]!.spec, name: "from-a-file" });

const combinations: [string, Codec, string][] = [
  ["iso87-bcd over nac", dialects["iso87-bcd"]!, "nac"],
  ["iso93-ascii over ascii4", dialects["iso93-ascii"]!, "ascii4"],
  ["visa-style over vap", dialects["visa-style"]!, "vap"],
  ["visa-style over base1", dialects["visa-style"]!, "base1"],
  ["base24-style over base24-tcp", dialects["base24-style"]!, "base24-tcp"],
  ["mc-style over raw4", dialects["mc-style"]!, "raw4"],
  ["iso2003 over hex4", dialects.iso2003!, "hex4"],
  ["a dialect from a file over amex", own, "amex"],
];

describe.each(combinations)("%s", (_, codec, framing) => {
  const where = { codec, framing };
  const zeros = codec.spec.elements["39"]!.max;
  const done = "0".repeat(zeros);
  const code = (digits: string): string => digits.padStart(zeros, "0");

  test("network messages, payments, declines, advices, repeats and duplicates", async () => {
    const rules = [{ amount: { from: 5_000, to: 5_099 }, code: "51" }];
    const { host, at } = await openHost(where, rules);
    const { session, line } = await openSession(where, at.port);
    for (const kind of ["echo", "cut-over", "key-change"] as const) {
      expect(await session.ask(kind)).toBe(done);
    }
    const pay = message(where, "100", 1);
    const answered = await ask(session, codec, pay);
    expect(answered).toEqual({
      mti: `${codec.spec.mti.version[0]}110`.replace(/^0/, ""),
      "39": done,
    });
    expect(await ask(session, codec, message(where, "100", 2, "5099"))).toMatchObject({
      "39": code("51"),
    });
    for (const kind of ["420", "120"]) {
      expect(await ask(session, codec, message(where, kind, 3))).toMatchObject({ "39": done });
    }
    // The repeat flag is no content; another amount is.
    expect(await ask(session, codec, message(where, "101", 2, "5099"))).toMatchObject({
      "39": code("51"),
    });
    expect(await ask(session, codec, message(where, "101", 2, "1"))).toMatchObject({
      "39": code("94"),
    });
    expect([host.stats.repeats, host.stats.duplicates, host.stats.unreadable]).toEqual([1, 1, 0]);
    expect(line.stats).toEqual({ late: 0, unmatched: 0, missedEchoes: 0 });
    await session.drain();
    await session.lost;
    expect([session.error, host.stats.signedOn]).toEqual([null, 0]);
  });
});

const plain: Where = { codec: dialects["iso87-bcd"]!, framing: "raw2" };

test("a payment before the sign-on is refused, an unreadable one answered 30", async () => {
  const { at, host } = await openHost(plain);
  const session = await HostSession.open(at, socket, lineOf(plain));
  sessions.push(session);
  expect(await ask(session, plain.codec, message(plain, "100", 1))).toMatchObject({ "39": "91" });
  const broken = message(plain, "100", 2);
  // One byte more than its elements.
  const longer = Buffer.concat([broken, Buffer.from([0])]);
  expect(await ask(session, plain.codec, longer)).toMatchObject({ "39": "30" });
  expect(host.stats.unreadable).toBe(1);
});

test("what is dropped gets its answer when it is repeated; a late answer is counted", async () => {
  const { at, host } = await openHost(plain, [
    { mti: "0200", drop: true },
    { mti: "0100", delayMs: 250 },
  ]);
  const stray: string[] = [];
  const onStray = (kind: string): void => void stray.push(kind);
  const { session, line } = await openSession(plain, at.port, { timeoutMs: 100, onStray });
  expect(await ask(session, plain.codec, message(plain, "200", 1))).toBeNull();
  expect(await ask(session, plain.codec, message(plain, "201", 1))).toMatchObject({ "39": "00" });
  expect(await ask(session, plain.codec, message(plain, "100", 2))).toBeNull();
  while (stray.length === 0) await turn();
  expect([stray, line.stats.late]).toEqual([["late"], 1]);
  expect([host.stats.dropped, host.stats.repeats]).toEqual([1, 1]);
});

test("a quiet host is asked for echoes; one that answers none is given up", async () => {
  const limits = { idleMs: 60, echoAnswerMs: 60, echoMissesMax: 2 };
  const { at, host } = await openHost(plain);
  const { session, line } = await openSession(plain, at.port, { limits });
  while ((host.stats.received.get("0800") ?? 0) < 4) await turn();
  expect([session.closed, line.stats.missedEchoes]).toEqual([false, 0]);
  const deaf = await openHost(plain, [{ starts: { "70": "301" }, drop: true }]);
  const second = await openSession(plain, deaf.at.port, { limits });
  await second.session.lost;
  expect(second.session.error?.message).toBe("the host is silent");
  expect(second.line.stats.missedEchoes).toBe(2);
});

test("every n-th is dropped, and a host may hang up", () => {
  const rules = new HostRules([
    { mti: "0420", every: 3, drop: true },
    { starts: { "2": "999" }, close: true },
  ]);
  const actions = Array.from({ length: 6 }, () => rules.judge("0420", {}).action);
  expect(actions).toEqual(["drop", "answer", "answer", "drop", "answer", "answer"]);
  expect(rules.judge("0100", { "2": "9991" }).action).toBe("close");
  expect(rules.judge("0100", { "2": "899" }).action).toBe("answer");
});

test("a link uses the backup, and goes back to the primary when it is there", async () => {
  const backup = await openHost(plain);
  const primary = await openHost(plain);
  await primary.host.close();
  const link = new HostLink({
    hosts: [primary.at, backup.at],
    connections: 2,
    line: lineOf(plain),
    socket: () => socket,
    random: () => 0,
    clock: systemClock,
    failBackMs: 40,
    onFailed: () => {},
  });
  links.push(link);
  while (link.ready < 2) await turn();
  expect(backup.host.stats.signedOn).toBe(2);
  expect(await ask(link, plain.codec, message(plain, "420", 1))).toMatchObject({ "39": "00" });
  const again = await openHost(plain, [], primary.at.port);
  while (again.host.stats.signedOn < 2) await turn();
  while (backup.host.stats.connections > 0) await turn();
  expect(await ask(link, plain.codec, message(plain, "420", 2))).toMatchObject({ "39": "00" });
  expect(again.host.stats.received.get("0420")).toBe(1);
  await link.stop();
  expect(again.host.stats.signedOn).toBe(0);
});

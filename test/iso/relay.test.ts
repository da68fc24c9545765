// Property: an advice that the door accepted is on the disk before its answer leaves and reaches
// the upstream host, however long that is away; what cannot be kept is not accepted; nothing else
// is passed on, and nothing twice.
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  createIsoStats,
  type ForwardLimits,
  Upstream,
  type UpstreamOptions,
} from "../../api/iso/mod.ts";
import { type HostRule, HostRules } from "../../cmd/sim/host/rules.ts";
import { SimHost } from "../../cmd/sim/host/sim-host.ts";
import { mydebit, raw2 } from "../../codec/iso8583/mod.ts";
import { knownTpan } from "../../codec/pan/fixtures.ts";
import { silentLogger, systemClock } from "../../platform/mod.ts";
import { makeSmallDisk } from "../replay/small-disk.ts";
import { closeDoors, knownRing, openDoor, PlainDispatcher, RawEnd } from "./door.ts";

const upstreams: Upstream[] = [];
const hosts: SimHost[] = [];
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-relay-"));
});
afterEach(async () => {
  await closeDoors();
  for (const upstream of upstreams.splice(0)) await upstream.stop();
  for (const host of hosts.splice(0)) await host.close();
  rmSync(dir, { recursive: true, force: true });
});

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
const sealKey = randomBytes(64);

async function openHost(rules: HostRule[] = [], port = 0) {
  const host = new SimHost({
    listen: { host: "127.0.0.1", port },
    tls: null,
    codec: mydebit,
    framing: raw2,
    rules: new HostRules(rules),
    clock: systemClock,
    needsSignOn: true,
  });
  hosts.push(host);
  return { host, at: { host: "127.0.0.1", port: await host.listen() } };
}

function openUpstream(
  to: { host: string; port: number }[],
  more: Partial<UpstreamOptions> & { limits?: Partial<ForwardLimits> } = {},
) {
  const stats = createIsoStats();
  const upstream = new Upstream({
    name: "upstream",
    hosts: to,
    framing: raw2,
    startBytes: "ISO026000050",
    receiver: null,
    mac: false,
    connections: 1,
    timeoutMs: 200,
    socket: () => ({ context: null, connectMs: 1_000 }),
    path: join(dir, "forward.log"),
    sealKey,
    retryParked: false,
    keys: { epoch: () => 1, read: () => knownRing },
    stats,
    clock: systemClock,
    random: randomBytes,
    log: silentLogger(),
    ...more,
  });
  upstreams.push(upstream);
  return { upstream, stats };
}

/** A door whose dispatcher is the relay before a plain one. */
async function openRelay(upstream: Upstream) {
  const plain = new PlainDispatcher();
  const { port } = await openDoor({ dispatcher: upstream.relay(plain) });
  const end = await RawEnd.connect(port);
  await end.signOn();
  return { end, plain };
}

function advice(mti: string, number: number, more: Record<string, string> = {}): Buffer {
  const out = Buffer.alloc(4_096);
  const fields = {
    "2": knownTpan,
    "3": "000000",
    "4": "000000001000",
    "7": "1125102030",
    "11": String(number).padStart(6, "0"),
    "12": "102030",
    "13": "1125",
    "32": "458001",
    "37": String(number).padStart(12, "0"),
    ...(mti.startsWith("012") ? { "39": "00" } : {}),
    "42": "MERCHANT0000001",
    "49": "458",
    "90": "0100000001112510203000000458001".padEnd(42, "0"),
    "120": mti.startsWith("012") ? { "14": "0".repeat(36) } : { "03": "99900000001", "05": "C" },
    ...more,
  };
  return Buffer.from(out.subarray(0, mydebit.encode({ mti, fields }, out, 0)));
}

const codeOf = (answer: string): string => {
  const view = mydebit.createView();
  const bytes = Buffer.from(answer, "latin1");
  mydebit.scanMessage(view, bytes, 0, bytes.length);
  return view.text(39);
};

test("accepted advices arrive, repeats only once; payments and declined ones do not", async () => {
  const { host, at } = await openHost();
  const { upstream, stats } = openUpstream([at], { receiver: "555" });
  const { end } = await openRelay(upstream);
  const ask = async (mti: string, number: number, receiver = "555") => {
    return codeOf(await end.ask(advice(mti, number, { "100": receiver })));
  };
  for (const [i, mti] of ["0120", "0220", "0420"].entries())
    expect(await ask(mti, i + 1)).toBe("00");
  // The same again, a request, and another host's.
  expect(await ask("0421", 3)).toBe("00");
  expect(await ask("0400", 4)).toBe("00");
  expect(await ask("0420", 5, "556")).toBe("00");
  while (upstream.stats().arrived < 3) await turn();
  const { received } = host.stats;
  expect([received.get("0120"), received.get("0220"), received.get("0420")]).toEqual([1, 1, 1]);
  expect([received.get("0400"), received.get("0421")]).toEqual([undefined, undefined]);
  expect(upstream.stats()).toMatchObject({ depth: 0, sent: 3, repeated: 0, ready: 1 });
  expect(stats.peers.get("upstream")).toMatchObject({ inFlight: 0, late: 0, unmatched: 0 });
});

test("a host that is away for a while gets everything, in the order of the card", async () => {
  const { host, at } = await openHost();
  await host.close();
  const { upstream } = openUpstream([at]);
  const { end } = await openRelay(upstream);
  for (let number = 1; number <= 20; number++) {
    expect(codeOf(await end.ask(advice("0420", number)))).toBe("00");
  }
  expect(upstream.stats()).toMatchObject({ depth: 20, sent: 0 });
  const bytes = readFileSync(join(dir, "forward.log")).toString("latin1");
  expect(bytes).not.toContain(knownTpan);
  const again = await openHost([], at.port);
  while (upstream.stats().arrived < 20) await turn();
  expect(again.host.stats.received.get("0420")).toBe(20);
});

test("the backup takes over, and what got no answer goes there as a repeat", async () => {
  const primary = await openHost([{ mti: "0420", close: true }]);
  const backup = await openHost();
  const limits = { firstPauseMs: 20, maxPauseMs: 20 };
  const { upstream } = openUpstream([primary.at, backup.at], { limits, failBackMs: 60_000 });
  const { end } = await openRelay(upstream);
  while (upstream.stats().ready === 0) await turn();
  await end.ask(advice("0420", 1));
  while (primary.host.stats.received.get("0420") === undefined) await turn();
  await primary.host.close();
  while (upstream.stats().arrived < 1) await turn();
  expect(backup.host.stats.received.get("0421")).toBe(1);
  expect(upstream.stats()).toMatchObject({ depth: 0, sent: 1, repeated: 1 });
});

test("a late answer counts, six attempts are enough, and a person may ask for more", async () => {
  const { host, at } = await openHost([{ mti: ["0420", "0421"], code: "91", delayMs: 5 }]);
  const limits = { firstPauseMs: 5, maxPauseMs: 5 };
  const { upstream } = openUpstream([at], { limits });
  const { end } = await openRelay(upstream);
  await end.ask(advice("0420", 1));
  while (upstream.stats().parked === 0) await turn();
  expect([host.stats.received.get("0420"), host.stats.received.get("0421")]).toEqual([1, 5]);
  await upstreams.pop()?.stop();
  await host.close();
  const slow = await openHost([{ mti: "0421", delayMs: 350 }], at.port);
  const second = openUpstream([at], { retryParked: true });
  while (second.stats.peers.get("upstream")?.late !== 1) await turn();
  while (second.upstream.stats().arrived < 1) await turn();
  expect(slow.host.stats.repeats).toBeGreaterThanOrEqual(1);
  expect(second.upstream.stats().depth).toBe(0);
});

test("MACs to the host are its own, and an answer without one does not count", async () => {
  const { host, at } = await openHost();
  const { upstream } = openUpstream([at], { mac: true, name: "switch" });
  await openRelay(upstream);
  // The simulated host signs nothing: the sign-on itself is not believed.
  while ((host.stats.received.get("0800") ?? 0) < 2) await turn();
  expect(upstream.stats().ready).toBe(0);
});

test.each(["tmpfs", "file size limit"] as const)("a full disk refuses: %s", async (kind) => {
  const disk = makeSmallDisk(16, kind);
  disk.limit(process.pid);
  try {
    const { host, at } = await openHost();
    await host.close();
    const { upstream } = openUpstream([at], { path: join(disk.dir, "forward.log") });
    const { end } = await openRelay(upstream);
    const codes: string[] = [];
    for (let number = 1; number <= 80; number++) {
      codes.push(codeOf(await end.ask(advice("0420", number))));
    }
    const kept = codes.filter((code) => code === "00").length;
    expect(kept).toBeGreaterThan(10);
    expect(codes.slice(kept).every((code) => code === "96")).toBe(true);
    expect(upstream.stats().depth).toBe(kept);
    disk.enlarge(process.pid);
    // The switch repeats what was refused; what was kept before the disk was full is all there.
    expect(codeOf(await end.ask(advice("0421", 80)))).toBe("00");
    const again = await openHost([], at.port);
    while (upstream.stats().arrived < kept + 1) await turn();
    expect(again.host.stats.duplicates + again.host.stats.repeats).toBe(0);
  } finally {
    disk.enlarge(process.pid);
    await upstreams.pop()?.stop();
    disk.remove();
  }
});

test("a full queue says 91", async () => {
  const { host, at } = await openHost();
  await host.close();
  const { upstream } = openUpstream([at], { limits: { depthMax: 1 } });
  const { end } = await openRelay(upstream);
  expect(codeOf(await end.ask(advice("0420", 1)))).toBe("00");
  expect(codeOf(await end.ask(advice("0420", 2)))).toBe("91");
});

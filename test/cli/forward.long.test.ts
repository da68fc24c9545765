// Defends: advices that it accepted reach the upstream host over a kill -9
// with the queue full of them, and the metrics say how many wait; another parties file is taken
// without a restart by every door, and sessions that may stay do.
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { SwitchClient as SwitchGrpc } from "../../api/grpc/mod.ts";
import { openKeyStore } from "../../cmd/service/open-keys.ts";
import { type HostRule, HostRules } from "../../cmd/sim/host/rules.ts";
import { SimHost } from "../../cmd/sim/host/sim-host.ts";
import { localPtavSource } from "../../cmd/sim/local-ptav.ts";
import { SimContext } from "../../cmd/sim/switch/context.ts";
import { type Prepared, scenarios } from "../../cmd/sim/switch/scenarios.ts";
import { SwitchClient } from "../../cmd/sim/switch-client.ts";
import { switchTarget } from "../../cmd/sim/switch-target.ts";
import { readVaultTokens } from "../../cmd/sim/vault-tokens.ts";
import { mydebit, raw2 } from "../../codec/iso8583/mod.ts";
import { systemClock } from "../../platform/mod.ts";
import { VerifyRequest } from "../../proto/mod.ts";
import { Vault } from "../../vault/mod.ts";
import { RawEnd } from "../iso/door.ts";
import { pantun, startProgram } from "./run-pantun.ts";

let home: string;
let dir: string;
let secret: string;
let parties: string;
let context: SimContext;
let macKey: Buffer;
const access = () => ["--dir", dir, "--passphrase-file", secret];
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "pantun-forward-"));
  dir = join(home, "vault");
  secret = join(home, "secret");
  parties = join(home, "parties.json");
  mkdirSync(dir);
  writeFileSync(secret, "a passphrase for tests\n", { mode: 0o600 });
  expect((await pantun(["keys", "init", ...access(), "--peer", "net"])).code).toBe(0);
  expect((await pantun(["vault", "generate", ...access(), "--tokens", "100"])).code).toBe(0);
  const store = await openKeyStore(dir, secret);
  const ring = await store.load();
  await store.close();
  const vault = Vault.open({ dir, readOnly: true, ring, clock: systemClock, random: randomBytes });
  const of = { tokensMax: 100, acquirerId: "458001", merchantId: "MERCHANT0000001" };
  const tokens = readVaultTokens(vault, of);
  await vault.close();
  macKey = Buffer.from(ring.active("mac", "net").bytes);
  context = new SimContext({
    tokens,
    ptavs: localPtavSource({ ring, clock: systemClock, random: randomBytes }),
    clock: systemClock,
    withMac: true,
    random: randomBytes,
  });
}, 60_000);
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Served {
  readonly iso: { readonly port: number };
  readonly switch: string;
  readonly admin: string;
  kill(signal: NodeJS.Signals): Promise<unknown>;
}

const plain = { switches: [{ name: "net" }], requestors: [{ name: "shop", trids: [] }] };
const both = { switch: "net", requestor: "shop" };

async function serve(...more: string[]): Promise<Served> {
  const ports = ["iso.port", "switch.port", "requestor.port", "admin.port", "admin.grpcPort"];
  const flags = ports.flatMap((name) => ["--set", `${name}=0`]);
  const small = ["vault.mapBytes=64MiB", "replay.mapBytes=64MiB", "forward.mac=false"];
  const sets = [...flags, ...small.flatMap((one) => ["--set", one])];
  const { child, finished } = startProgram([
    "serve",
    ...access(),
    "--parties",
    parties,
    ...sets,
    ...more,
  ]);
  const addresses = await new Promise<Omit<Served, "kill">>((resolve, reject) => {
    let log = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      log += chunk.toString("utf8");
      const line = log.split("\n").find((one) => one.includes("service.ready"));
      if (line?.endsWith("}")) resolve(JSON.parse(line));
    });
    child.once("exit", () => reject(new Error(`the service ended: ${log}`)));
  });
  const kill = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    return await finished;
  };
  closers.push(() => kill("SIGKILL"));
  return { ...addresses, kill };
}

class Recorder extends HostRules {
  readonly seen: string[] = [];

  override judge(mti: string, values: Readonly<Record<string, string>>) {
    if (mti !== "0800") this.seen.push(`${mti} ${values["37"]}`);
    return super.judge(mti, values);
  }
}

async function openHost(port: number, rules: HostRule[] = []) {
  const recorder = new Recorder(rules);
  const host = new SimHost({
    listen: { host: "127.0.0.1", port },
    tls: null,
    codec: mydebit,
    framing: raw2,
    rules: recorder,
    clock: systemClock,
    needsSignOn: true,
  });
  closers.push(() => host.close());
  return { host, seen: recorder.seen, port: await host.listen() };
}

async function openSwitch(port: number): Promise<SwitchClient> {
  const target = switchTarget([{ host: "127.0.0.1", port }], null);
  const client = await SwitchClient.connect({ target, connections: 1, macKey, clock: systemClock });
  closers.push(() => client.destroy());
  return client;
}

/** Sends advices; gathers the DE37 of those that were accepted. */
function advise(client: SwitchClient, count: number, accepted: string[]): Promise<void>[] {
  const view = mydebit.createView();
  return Array.from({ length: count }, () => {
    const { message } = built("orphan-advice");
    mydebit.scanMessage(view, message, 0, message.length);
    const rrn = view.text(37);
    return new Promise<void>((resolve) => {
      client.send(message, (answer) => {
        if (answer?.view.text(39) === "00") accepted.push(rrn);
        resolve();
      });
    });
  });
}

async function metric(served: Served, name: string): Promise<number> {
  const text = await (await fetch(`${served.admin}/metrics`)).text();
  const line = text
    .split("\n")
    .find((one) => one.startsWith(`${name} `) || one.startsWith(`${name}{`));
  return Number(line?.split(" ").at(-1) ?? Number.NaN);
}

async function until(right: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await right())) await pause(20);
}

it("what was accepted before a kill -9 arrives after it, once; the metrics tell", async () => {
  writeFileSync(parties, JSON.stringify({ ...plain, plain: both }));
  const away = await openHost(0);
  await away.host.close();
  const to = ["--forward-to", `127.0.0.1:${away.port}`];
  const first = await serve(...to);
  const accepted: string[] = [];
  const client = await openSwitch(first.iso.port);
  await Promise.all(advise(client, 30, accepted));
  expect(accepted.length).toBe(30);
  expect(await metric(first, "pantun_forward_messages")).toBe(30);
  await until(async () => (await metric(first, "pantun_forward_age_seconds")) > 0);
  const more = advise(client, 200, accepted);
  await Promise.race(more);
  await first.kill("SIGKILL");
  await Promise.all(more);
  const second = await serve(...to);
  await expect(serve(...to)).rejects.toThrow("VAULT_IN_USE");
  const { seen } = await openHost(away.port);
  await until(async () => (await metric(second, "pantun_forward_messages")) === 0);
  expect(seen.every((one) => one.startsWith("0420"))).toBe(true);
  expect(new Set(seen).size).toBe(seen.length);
  for (const rrn of accepted) expect(seen).toContain(`0420 ${rrn}`);
  expect(await metric(second, 'pantun_forward_total{peer="upstream",result="arrived"}')).toBe(
    seen.length,
  );
  expect(await metric(second, 'pantun_iso_signed_on{peer="upstream"}')).toBe(1);
  expect(await second.kill("SIGTERM")).toMatchObject({ code: 0 });
});

it("what was under way at a kill -9 goes again as a repeat", async () => {
  writeFileSync(parties, JSON.stringify({ ...plain, plain: both }));
  const host = await openHost(0, [{ mti: "0420", drop: true }]);
  const to = ["--forward-to", `127.0.0.1:${host.port}`];
  const first = await serve(...to);
  const accepted: string[] = [];
  await Promise.all(advise(await openSwitch(first.iso.port), 1, accepted));
  await until(() => host.seen.length === 1);
  await first.kill("SIGKILL");
  const second = await serve(...to);
  await until(async () => (await metric(second, "pantun_forward_messages")) === 0);
  // The host had decided on the first: the repeat got its stored answer and no second decision.
  expect(host.seen).toEqual([`0420 ${accepted[0]}`]);
  expect([host.host.stats.received.get("0421"), host.host.stats.repeats]).toEqual([1, 1]);
});

it("a new switch may call every door without a restart; one that is gone is drained", async () => {
  const shape = (name: string, address: string) => ({ name, addresses: [address], mac: "none" });
  const [one, two] = [shape("one", "127.0.0.1"), shape("two", "127.0.0.2")];
  const rest = { requestors: plain.requestors };
  writeFileSync(
    parties,
    JSON.stringify({ ...rest, switches: [one], plain: { ...both, switch: "one" } }),
  );
  const served = await serve();
  const old = await signedOn(served.iso.port, "127.0.0.1");
  const grpc = new SwitchGrpc({ address: served.switch, security: { kind: "insecure" } });
  closers.push(() => grpc.close());
  const ended = new Promise((resolve) => {
    grpc.session({ answer() {}, fail() {}, end: resolve });
  });
  writeFileSync(
    parties,
    JSON.stringify({ ...rest, switches: [one, two], plain: { ...both, switch: "two" } }),
  );
  // Until the file is read, whoever calls from there is the default: the one.
  let fresh = await signedOn(served.iso.port, "127.0.0.2");
  await until(async () => {
    if ((await metric(served, 'pantun_iso_signed_on{peer="two"}')) === 1) return true;
    fresh.socket.destroy();
    fresh = await signedOn(served.iso.port, "127.0.0.2");
    return false;
  });
  // The new peer's payments are judged by the pipeline, the old one's session never ended.
  for (const end of [old, fresh]) expect(await ask(end)).toMatch(/^0410/);
  const request = { ...VerifyRequest.decode(Buffer.alloc(0)), mti: "0100" };
  await grpc.verify(request).catch((error: Error) => expect(error.message).not.toContain("caller"));
  writeFileSync(
    parties,
    JSON.stringify({ ...rest, switches: [two], plain: { ...both, switch: "two" } }),
  );
  await old.end();
  await ended;
  expect(await ask(fresh)).toMatch(/^0410/);
  await until(async () => (await metric(served, 'pantun_iso_signed_on{peer="one"}')) === 0);
  expect(await metric(served, 'pantun_iso_signed_on{peer="two"}')).toBe(1);
});

/** A signed-on connection from one of this machine's addresses. */
async function signedOn(port: number, localAddress: string): Promise<RawEnd> {
  const socket = connect({ port, host: "127.0.0.1", localAddress });
  const end = new RawEnd(socket);
  closers.push(() => socket.destroy());
  await new Promise((resolve) => socket.once("connect", resolve));
  await end.signOn();
  return end;
}

function ask(end: RawEnd): Promise<string> {
  return end.ask(built("orphan").message);
}

/** A message about a payment that never was. */
function built(name: "orphan" | "orphan-advice"): Prepared {
  const made = scenarios.get(name)?.build(context) ?? null;
  if (made === null || made instanceof Promise) throw new Error("it is built at once");
  return made;
}

// Property: the whole service gives the one right answer to every kind of traffic that the
// simulated switch knows, and the simulator notices when an answer is wrong.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localPtavSource } from "../../cmd/sim/local-ptav.ts";
import { SimContext } from "../../cmd/sim/switch/context.ts";
import { parseMix } from "../../cmd/sim/switch/mix.ts";
import { reportLines, reportOf, type TrafficReport } from "../../cmd/sim/switch/report.ts";
import { runTraffic } from "../../cmd/sim/switch/run.ts";
import { scenarios } from "../../cmd/sim/switch/scenarios.ts";
import { SwitchClient } from "../../cmd/sim/switch-client.ts";
import { switchTarget } from "../../cmd/sim/switch-target.ts";
import type { SimToken } from "../../cmd/sim/tokens.ts";
import { readVaultTokens } from "../../cmd/sim/vault-tokens.ts";
import { isAppError, systemClock } from "../../platform/mod.ts";
import { closeDoors, knownMacKey, macPeer, openDoor } from "./door.ts";
import { openRealDoor, type RealDoor } from "./real-door.ts";

let door: RealDoor;
let tokens: SimToken[];

beforeAll(async () => {
  door = await openRealDoor(600);
  tokens = readVaultTokens(door.opened.vault, {
    tokensMax: 500,
    acquirerId: "458001",
    merchantId: "MERCHANT0000001",
  });
});
afterAll(async () => {
  await closeDoors();
  await door.close();
});

interface Run {
  readonly mix: string;
  readonly rate: number;
  readonly durationMs: number;
  readonly port?: number;
  readonly macKey?: Buffer;
  readonly ring?: RealDoor["ring"];
  readonly tokens?: readonly SimToken[];
  readonly timeoutMs?: number;
}

async function play(run: Run): Promise<TrafficReport> {
  const client = await SwitchClient.connect({
    target: switchTarget([{ host: "127.0.0.1", port: run.port ?? door.port }], null),
    connections: 3,
    macKey: run.macKey ?? door.macKey,
    clock: systemClock,
    ...(run.timeoutMs === undefined ? {} : { timeoutMs: run.timeoutMs }),
  });
  const ptavs = localPtavSource({
    ring: run.ring ?? door.ring,
    clock: systemClock,
    random: randomBytes,
  });
  const context = new SimContext({
    tokens: run.tokens ?? tokens,
    ptavs,
    clock: systemClock,
    withMac: true,
    random: randomBytes,
  });
  const { rate, durationMs } = run;
  const mix = parseMix(run.mix);
  const result = await runTraffic({ client, context, mix, clock: systemClock, rate, durationMs });
  await client.close();
  return reportOf(result, client.stats);
}

test("every kind of traffic is answered rightly", async () => {
  const mix = [...scenarios.keys()].map((name) => `${name}=${name === "good" ? 40 : 2}`).join(",");
  const report = await play({ mix, rate: 300, durationMs: 5_000 });
  expect(report.examples).toEqual([]);
  expect([report.wrong, report.unanswered, report.client.late]).toEqual([0, 0, 0]);
  expect(report.ok).toBe(true);
  expect(report.sent).toBe(1_500);
  const played = report.outcomes.filter((row) => row.right > 0).map((row) => row.scenario);
  expect(played.sort()).toEqual([...scenarios.keys()].sort());
  expect(reportLines(report).some((line) => line.startsWith("good "))).toBe(true);
});

describe("the simulator notices", () => {
  test("a card that is not the right one", async () => {
    const crossed = tokens.map((token, i) => ({
      ...token,
      card: tokens[(i + 1) % tokens.length]?.card ?? null,
    }));
    const report = await play({ mix: "good=1", rate: 100, durationMs: 300, tokens: crossed });
    expect([report.ok, report.wrong]).toEqual([false, report.sent]);
    expect(report.examples[0]).toContain("DE2 is not the card");
  });

  test("a service that approves without looking", async () => {
    const { port } = await openDoor({ peer: macPeer });
    const macKey = knownMacKey;
    const report = await play({ mix: "trid=1", rate: 100, durationMs: 200, port, macKey });
    expect([report.ok, report.wrong]).toEqual([false, report.sent]);
    expect(report.examples[0]).toMatch(/MAC.*DE39 00 and not 63.*reason/);
  });

  test("a service that does not answer", async () => {
    const { port, dispatcher } = await openDoor({ peer: macPeer, limits: { drainMs: 100 } });
    dispatcher.holding = true;
    const macKey = knownMacKey;
    const load = { mix: "good=1", rate: 50, durationMs: 100 };
    const report = await play({ ...load, port, macKey, timeoutMs: 200 });
    expect([report.ok, report.unanswered]).toEqual([false, 5]);
  });

  test("another MAC key at once", async () => {
    const macKey = randomBytes(32);
    const fault = await play({ mix: "good=1", rate: 1, durationMs: 1, macKey }).catch(
      (error: unknown) => error,
    );
    expect(isAppError(fault, "NOT_REACHABLE")).toBe(true);
  });

  test("nobody there, in one sentence", async () => {
    const fault = await play({ mix: "good=1", rate: 1, durationMs: 1, port: 1 }).catch(
      (error: unknown) => error,
    );
    expect(isAppError(fault, "NOT_REACHABLE") && fault.message).toMatch(/cannot be reached\.$/);
  });
});

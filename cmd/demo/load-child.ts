// The demo's load, in a process of its own so that it does not slow the service that it measures:
// good payments over the gRPC session and over ISO 8583, then an open loop at a modest rate, whose
// latency counts from the moment at which a message was due.
import { randomBytes } from "node:crypto";
import { MessageMaker } from "../../bench/lib/message-maker.ts";
import { Chooser } from "../../bench/lib/random.ts";
import { readDeck } from "../../bench/lib/token-deck.ts";
import { AnswerCheck } from "../../bench/service/answer-check.ts";
import { framesOf, IsoLoad } from "../../bench/service/iso-load.ts";
import { SessionLoad } from "../../bench/service/session-load.ts";
import type { KeyRing } from "../../crypto/mod.ts";
import { systemClock } from "../../platform/mod.ts";
import { Vault } from "../../vault/mod.ts";
import { openKeyStore } from "../service/open-keys.ts";
import { localPtavSource } from "../sim/local-ptav.ts";
import { SimContext } from "../sim/switch/context.ts";
import { parseMix } from "../sim/switch/mix.ts";
import { reportOf, type TrafficReport } from "../sim/switch/report.ts";
import { runTraffic } from "../sim/switch/run.ts";
import { SwitchClient } from "../sim/switch-client.ts";
import { switchTarget } from "../sim/switch-target.ts";
import { readVaultTokens } from "../sim/vault-tokens.ts";

export interface LoadOrder {
  readonly dir: string;
  readonly passphraseFile: string;
  readonly vaultMapBytes: number;
  readonly switchName: string;
  readonly acquirerId: string;
  readonly merchantId: string;
  /** host:port of the switch's gRPC. */
  readonly session: string;
  readonly isoPort: number;
  readonly seconds: number;
  /** Messages a second of the open loop. */
  readonly rate: number;
}

export interface LoadResult {
  readonly sessionPerSecond: number;
  readonly isoPerSecond: number;
  readonly openLoop: TrafficReport;
}

/** Made at a time: the generator then sends for a quarter of a second or so. */
const blockMessages = 32_768;

/** Sends fresh blocks until the time is over. */
async function meanRate(seconds: number, round: () => Promise<number>): Promise<number> {
  const rates: number[] = [];
  const endMs = performance.now() + seconds * 1_000;
  // The first block warms up both sides.
  await round();
  while (performance.now() < endMs || rates.length === 0) rates.push(await round());
  return Math.round(rates.length / rates.reduce((sum, rate) => sum + 1 / rate, 0));
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const store = await openKeyStore(order.dir, order.passphraseFile);
  const ring = await store.load();
  await store.close();
  const vault = Vault.open({
    dir: order.dir,
    readOnly: true,
    ring,
    clock: systemClock,
    random: randomBytes,
    mapSizeBytes: order.vaultMapBytes,
  });
  const macKey = ring.active("mac", order.switchName).bytes;
  // First, while no backlog of the other two is being folded into the history.
  const openLoop = await openLoopReport(order, vault, ring, macKey);
  const deck = readDeck(vault, ring);
  const maker = (key: Buffer | null) => {
    const made = new MessageMaker({
      deck,
      ptavKey: ring.active("ptav"),
      macKey: key,
      choose: new Chooser(process.pid),
    });
    return () => {
      const now = Math.floor(Date.now() / 1_000);
      return made.make(blockMessages, now, now);
    };
  };
  const block = maker(null);
  const session = await SessionLoad.open(order.session, new AnswerCheck());
  const sessionPerSecond = await meanRate(order.seconds, () => session.rate(block()));
  session.close();
  const signed = maker(macKey);
  const iso = await IsoLoad.open(order.isoPort, macKey, new AnswerCheck());
  const isoPerSecond = await meanRate(order.seconds, () => iso.rate(framesOf(signed())));
  iso.close();
  await vault.close();
  return { sessionPerSecond, isoPerSecond, openLoop };
}

async function openLoopReport(
  order: LoadOrder,
  vault: Vault,
  ring: KeyRing,
  macKey: Buffer,
): Promise<TrafficReport> {
  const { acquirerId, merchantId } = order;
  const tokens = readVaultTokens(vault, { tokensMax: 1_000, acquirerId, merchantId });
  const client = await SwitchClient.connect({
    target: switchTarget([{ host: "127.0.0.1", port: order.isoPort }], null),
    connections: 2,
    macKey,
    clock: systemClock,
  });
  const context = new SimContext({
    tokens,
    ptavs: localPtavSource({ ring, clock: systemClock, random: randomBytes }),
    clock: systemClock,
    withMac: true,
    random: randomBytes,
  });
  const result = await runTraffic({
    client,
    context,
    mix: parseMix("good=88,replay=4,amount=2,trid=2,retransmit=4"),
    clock: systemClock,
    rate: order.rate,
    durationMs: order.seconds * 1_000,
  });
  await client.close();
  return reportOf(result, client.stats);
}

process.once("message", (order) => {
  run(order as LoadOrder).then(
    (result) => process.send?.({ result }, () => process.exit(0)),
    (error: unknown) => process.send?.({ failed: String(error) }, () => process.exit(1)),
  );
});

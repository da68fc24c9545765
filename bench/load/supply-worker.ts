// The thread that makes payments. It holds the keys of the bench's vault: every payment carries a
// PTAV of its own, made here and never used again.
import { parentPort, workerData } from "node:worker_threads";
import { macPeerName, openBenchVault } from "../lib/bench-vault.ts";
import { MessageMaker } from "../lib/message-maker.ts";
import { Chooser } from "../lib/random.ts";
import { PaymentMix } from "./payment-mix.ts";
import type { SupplyOptions } from "./supply.ts";
import { wireOf } from "./wire.ts";

const options = workerData as SupplyOptions;
const vault = await openBenchVault(options.vaultDir);
const maker = new MessageMaker({
  deck: vault.deck,
  ptavKey: vault.ring.active("ptav"),
  macKey: options.door === "iso-mac" ? vault.ring.active("mac", macPeerName).bytes : null,
  choose: new Chooser(options.firstSecond),
});
const mix = new PaymentMix(maker, vault.deck.count, options.withBad);
let made = 0;

function makeOne(): void {
  if (made === options.blocks) return;
  const second = mix.make(options.perSecond, options.firstSecond + made);
  made++;
  const block = wireOf(options.door, second);
  parentPort?.postMessage(block, [block.bytes.buffer, block.offsets.buffer, block.expected.buffer]);
}

parentPort?.on("message", makeOne);
for (let i = 0; i < options.ahead; i++) makeOne();

// The answer that an echo gives to everything: the service's own to a first payment, so that both
// send the same number of bytes.
import type { BenchVault } from "../lib/bench-vault.ts";
import { MessageMaker } from "../lib/message-maker.ts";
import { Chooser } from "../lib/random.ts";
import { AnswerCheck } from "./answer-check.ts";
import { SessionLoad } from "./session-load.ts";

export async function firstAnswer(vault: BenchVault, address: string): Promise<Buffer> {
  const maker = new MessageMaker({
    deck: vault.deck,
    ptavKey: vault.ring.active("ptav"),
    macKey: null,
    choose: new Chooser(process.pid),
  });
  const check = new AnswerCheck();
  const load = await SessionLoad.open(address, check);
  const now = Math.floor(Date.now() / 1_000);
  await load.rate(maker.make(1, now, now));
  load.close();
  if (check.first === null) throw new Error("the service did not answer");
  return check.first;
}

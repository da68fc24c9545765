// npm run soak:nats -- [kills of the stream leader] [seconds that an owner is frozen]
// The long forms of the fault tests, on real servers: the stream's leader is killed again and again
// under two rivals; then an owner is frozen for longer than its lease lives, and wakes.
import { setTimeout as sleep } from "node:timers/promises";
import { startSite } from "../../deploy/tools/nats-site.ts";
import { killLeaders } from "./leader-kill.ts";
import { OwnerNode } from "./owner-node.ts";

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function kill(kills: number): Promise<readonly string[]> {
  await using site = await startSite(3);
  const { problems, records, acked } = await killLeaders(site, kills);
  say(`${kills} leaders killed: ${records} records, ${acked} acknowledged`);
  return problems;
}

async function freeze(seconds: number): Promise<readonly string[]> {
  await using site = await startSite(3);
  await using a = new OwnerNode(site, "a");
  await a.works(5);
  await using b = new OwnerNode(site, "b");
  await b.until(() => b.heard === "a");
  a.pause();
  await Promise.all([sleep(seconds * 1_000), b.works(5)]);
  const before = a.acked.length;
  a.resume();
  await a.until(() => a.state === "FOLLOW");
  await b.works(5);
  const late = a.acked.length - before;
  say(`an owner frozen for ${seconds} s: ${a.why}; ${late} acknowledged after it`);
  return [...a.faults, ...b.faults];
}

const [kills = "25", seconds = "25"] = process.argv.slice(2);
const problems = [...(await kill(Number(kills))), ...(await freeze(Number(seconds)))];
for (const problem of problems.slice(0, 20)) say(problem);
say(problems.length === 0 ? "no fault" : `${problems.length} faults`);
process.exit(problems.length === 0 ? 0 : 1);

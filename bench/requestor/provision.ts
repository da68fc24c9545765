// Provisioning over the JSON API: cards that nobody has used before, encrypted and signed before
// the clock runs, with a proof each. The rate that is carried stands beside what the embedded log
// takes of bare commands; latency is measured at half of it, from when a call was due.
import { CompactEncrypt } from "jose";
import { provisionBody, type Requestor } from "../../test/http/requestor.ts";
import { testPanText } from "../../vault/mod.ts";
import { makeDiskFolder } from "../lib/bench-vault.ts";
import { CommandRig } from "../lib/command-rig.ts";
import { measure } from "../lib/measure.ts";
import { type Row, rowOf } from "../lib/row.ts";
import { type BenchContext, isJudged, type Scenario } from "../lib/scenario.ts";
import { type Summary, summarise } from "../lib/statistics.ts";
import { findKnee, type Length } from "../load/knee.ts";
import type { LoadPoint } from "../load/open-loop.ts";
import type { Schedule } from "../load/schedule.ts";
import { commandRate } from "../micro/commands.ts";
import { startServer } from "../service/server-process.ts";
import type { Judge } from "./http-lane.ts";
import { HttpLoad, scheduleOf } from "./http-load.ts";
import { blockOf, cardKeyOf, makeShops, openShops } from "./requestors.ts";

/** Both kinds of key that our door publishes; RSA has 3,072 bits. */
const algorithms = ["RSA-OAEP-256", "ECDH-ES"] as const;
type Algorithm = (typeof algorithms)[number];

const shopCount = 10;
const connections = 64;
/** Requests of the closed loop from which the search for the knee begins. */
const saturateCount = 1_000;
const guessPart = 0.7;
const p99TargetMs = 50;
const commandsOfRun = 16_384;
const inline = 0;
const created = 201;

type Closing = () => void | Promise<void>;

/** Calls that each make a token of their own. */
class CallMaker {
  readonly #shops: readonly Requestor[];
  readonly #keys: Readonly<Record<string, Awaited<ReturnType<typeof cardKeyOf>>>>;
  /** Number of the next test card; those before it are in the vault. */
  #card: number;

  constructor(
    shops: readonly Requestor[],
    keys: Readonly<Record<string, Awaited<ReturnType<typeof cardKeyOf>>>>,
    firstCard: number,
  ) {
    this.#shops = shops;
    this.#keys = keys;
    this.#card = firstCard;
  }

  async make(algorithm: Algorithm, count: number) {
    const first = this.#card;
    this.#card += count;
    const block = await blockOf(count, (place) => this.#call(algorithm, first + place));
    const judge: Judge = (message, status, body) => {
      if (status !== created) return `status ${status}: ${body.toString()}`;
      const { reused, card } = JSON.parse(body.toString());
      const right = reused === false && card.last4 === testPanText(first + message).slice(-4);
      return right ? null : "another card's token";
    };
    return { block, judge };
  }

  async #call(algorithm: Algorithm, card: number) {
    const { alg, kid, key } = this.#keys[algorithm]!;
    const clear = { pan: testPanText(card), expiryMonth: "12", expiryYear: "2031" };
    const encrypted = await new CompactEncrypt(Buffer.from(JSON.stringify(clear)))
      .setProtectedHeader({ alg, enc: "A256GCM", kid })
      .encrypt(key);
    const place = card % this.#shops.length;
    const trid = `999${String(place + 1).padStart(8, "0")}`;
    const body = provisionBody(encrypted, { trid });
    return this.#shops[place]!.request("provisionToken", { trid, body });
  }
}

interface Opened {
  readonly maker: CallMaker;
  readonly load: HttpLoad;
  readonly rig: CommandRig;
}

async function open(context: BenchContext, opened: Closing[]): Promise<Opened> {
  const vault = await context.vault();
  const files = await makeShops(shopCount);
  opened.unshift(files.remove);
  const { settings, requestors } = files;
  // Tokens are made: the vault is a copy.
  const what = { workers: inline, echo: null, requestors, settings, ownVault: true };
  const server = await startServer(vault, what);
  opened.unshift(server.stop);
  const shops = await openShops(server.http!, files);
  const keys: Record<string, Awaited<ReturnType<typeof cardKeyOf>>> = {};
  for (const one of algorithms) keys[one] = await cardKeyOf(shops[0]!, one);
  const load = await HttpLoad.open(server.http!, connections);
  opened.unshift(() => load.close());
  const folder = makeDiskFolder();
  const rig = new CommandRig(folder.dir);
  opened.unshift(async () => {
    await rig.close();
    folder.remove();
  });
  await rig.runtime.ownAll();
  return { maker: new CallMaker(shops, keys, vault.deck.count), load, rig };
}

function secondsOf(context: BenchContext, length: Length): number {
  if (length === "short") return 2;
  return context.quick ? 3 : 10;
}

async function at({ maker, load }: Opened, algorithm: Algorithm, schedule: Schedule) {
  const { block, judge } = await maker.make(algorithm, schedule.count);
  return load.point(schedule, block, judge);
}

async function measureOne(
  context: BenchContext,
  parts: Opened,
  algorithm: Algorithm,
  commands: Summary,
): Promise<Row[]> {
  const { maker, load } = parts;
  const { block, judge } = await maker.make(algorithm, saturateCount);
  const saturated = await load.rate(block, judge);
  const probe = async (rate: number, length: Length) => {
    const point = await at(parts, algorithm, scheduleOf(rate, secondsOf(context, length)));
    context.progress(`provision, ${algorithm}: ${told(point)}`);
    const lost = point.refused + point.unanswered;
    return { ...point, lost, p99: point.latency.p99 };
  };
  const found = await findKnee(saturated * guessPart, probe, false, p99TargetMs);
  if (found === null) throw new Error("not even a low rate is carried: is the machine busy?");
  const schedule = scheduleOf(found.offered / 2, secondsOf(context, "full"));
  const points: LoadPoint[] = [];
  for (let run = 0; run < context.loadPlan.runs; run++) {
    points.push(await at(parts, algorithm, schedule));
  }
  const row = { scenario: "provision" } as const;
  const of = (name: "p50" | "p99") => summarise(points.map(({ latency }) => latency[name]));
  return [
    rowOf({
      ...row,
      metric: `tokens made, card by ${algorithm}: carried, p99 ≤ ${p99TargetMs} ms`,
      unit: "calls/s",
      summary: summarise([found.offered]),
      baseline: { name: "bare commands of the embedded log", summary: commands },
    }),
    rowOf({
      ...row,
      metric: `p50 at half of that, ${algorithm}`,
      unit: "ms",
      summary: of("p50"),
    }),
    rowOf({
      ...row,
      metric: `p99 at half of that, ${algorithm}`,
      unit: "ms",
      summary: of("p99"),
      target: isJudged(context) ? p99TargetMs : null,
    }),
  ];
}

function told({ offered, achieved, latency }: LoadPoint): string {
  const [p50, p99] = [latency.p50.toFixed(2), latency.p99.toFixed(2)];
  return `${Math.round(offered)}/s: ${Math.round(achieved)}/s, p50 ${p50}, p99 ${p99} ms`;
}

async function provision(context: BenchContext): Promise<Row[]> {
  const opened: Closing[] = [];
  try {
    const parts = await open(context, opened);
    const run = () => commandRate(parts.rig, commandsOfRun, { p50: [], p99: [] });
    const [commands] = await measure(context.loadPlan, [{ name: "commands", run }]);
    const rows: Row[] = [];
    for (const algorithm of algorithms) {
      rows.push(...(await measureOne(context, parts, algorithm, commands!)));
    }
    return rows;
  } finally {
    for (const close of opened) await close();
  }
}

export const provisionScenario: Scenario = {
  name: "provision",
  group: "service",
  about: "tokens made over the JSON API: the rate carried, beside the log's own; p99 at half of it",
  run: provision,
};

// Get Token Data over the JSON API: ten requestors with an access token each, every request signed,
// every answer signed. Beside it a bare route that checks the same tokens and signatures.
import { randomBytes } from "node:crypto";
import { merchantId } from "../../cmd/demo/world.ts";
import { systemClock } from "../../platform/mod.ts";
import type { Requestor } from "../../test/http/requestor.ts";
import { refText, tokenAt, Vault } from "../../vault/mod.ts";
import { vaultMapBytes } from "../lib/bench-vault.ts";
import { measure } from "../lib/measure.ts";
import { Chooser } from "../lib/random.ts";
import { type Row, rowOf } from "../lib/row.ts";
import { type BenchContext, isJudged, type Scenario } from "../lib/scenario.ts";
import { summarise } from "../lib/statistics.ts";
import { deckAt, tpanDigits, tridDigits } from "../lib/token-deck.ts";
import type { WireBlock } from "../load/wire.ts";
import { type ServerProcess, startServer } from "../service/server-process.ts";
import type { Judge } from "./http-lane.ts";
import { HttpLoad, scheduleOf } from "./http-load.ts";
import { blockOf, makeShops, openShops, type ShopFiles } from "./requestors.ts";

/** TRIDs of the bench's vault. */
const shopCount = 10;
/** Each with one request under way. */
const connections = 32;
const requestsOfRun = 12_000;
const requestsOfRunQuick = 6_000;
/** Of the bare route's rate. */
const targetPart = 0.7;
const p99TargetMs = 10;
const inline = 0;

type Closing = () => void | Promise<void>;

interface Requests {
  readonly block: WireBlock;
  /** The number of the token that was asked for must come back. */
  readonly judge: Judge;
}

const created = 201;

/** Signed requests for tokens drawn at random. */
class RequestMaker {
  readonly #vault: Vault;
  readonly #shops: readonly Requestor[];
  readonly #deck: Awaited<ReturnType<BenchContext["vault"]>>["deck"];
  readonly #choose = new Chooser(process.pid);

  constructor(
    { dir, ring, deck }: Awaited<ReturnType<BenchContext["vault"]>>,
    shops: readonly Requestor[],
  ) {
    this.#deck = deck;
    this.#shops = shops;
    const ports = { clock: systemClock, random: randomBytes };
    this.#vault = Vault.open({ dir, ring, ...ports, mapSizeBytes: vaultMapBytes, readOnly: true });
  }

  async make(count: number): Promise<Requests> {
    const { bytes } = this.#deck;
    const tokens = Array.from({ length: count }, () => this.#choose.next(this.#deck.count));
    const block = await blockOf(count, (place) => this.#request(tokens[place]!));
    const judge: Judge = (message, status, body) => {
      if (status !== created) return `status ${status}: ${body.toString()}`;
      const { ptav, tpan } = JSON.parse(body.toString());
      const at = this.#deck.at(tokens[message]!) + deckAt.tpan;
      const right = tpan === bytes.toString("latin1", at, at + tpanDigits) && ptav.length === 28;
      return right ? null : "another token's data";
    };
    return { block, judge };
  }

  close(): Promise<void> {
    return this.#vault.close();
  }

  #request(token: number) {
    const { bytes } = this.#deck;
    const at = this.#deck.at(token) + deckAt.trid;
    const trid = bytes.toString("latin1", at, at + tridDigits);
    const record = this.#vault.tables.tokens.getBinary(this.#deck.index(token))!;
    const tokenRef = refText(record.subarray(tokenAt.ref, tokenAt.ref + 16));
    return this.#shops[Number(trid.slice(3)) - 1]!.request("getTokenData", {
      trid,
      params: { tokenRef },
      body: { transactionType: "CIT", amount: { value: 12_345, currency: "MYR" }, merchantId },
    });
  }
}

/** A server under load, and what its whole process used for each call of the runs. */
interface Side {
  readonly server: ServerProcess;
  readonly load: HttpLoad;
  readonly cpuUs: number[];
}

interface Opened {
  readonly maker: RequestMaker;
  readonly service: Side;
  readonly bare: Side;
  /** What the bare route answers to everything. */
  readonly bareJudge: Judge;
}

async function open(context: BenchContext, files: ShopFiles, opened: Closing[]): Promise<Opened> {
  const vault = await context.vault();
  const { settings, requestors, keysFile } = files;
  const common = { workers: inline, echo: null, requestors };
  const server = await startServer(vault, { ...common, settings });
  opened.unshift(server.stop);
  const shops = await openShops(server.http!, files);
  const maker = new RequestMaker(vault, shops);
  opened.unshift(() => maker.close());
  const answer = await firstAnswer(maker, server.http!);
  const bare = await startServer(vault, { ...common, bare: { keysFile, answer } });
  opened.unshift(bare.stop);
  const side = async (of: ServerProcess): Promise<Side> => {
    const load = await HttpLoad.open(of.http!, connections);
    opened.unshift(() => load.close());
    return { server: of, load, cpuUs: [] };
  };
  const text = JSON.stringify(answer);
  const bareJudge: Judge = (_, status, body) =>
    status === created && body.toString() === text ? null : "another answer of the bare route";
  return { maker, service: await side(server), bare: await side(bare), bareJudge };
}

/** An answer of the service: the bare route's must be as long. */
async function firstAnswer(maker: RequestMaker, address: string): Promise<object> {
  const { block, judge } = await maker.make(1);
  const load = await HttpLoad.open(address, 1);
  let answer = {};
  await load.rate(block, (...given) => {
    answer = JSON.parse(given[2].toString());
    return judge(...given);
  });
  load.close();
  return answer;
}

async function tokenData(context: BenchContext): Promise<Row[]> {
  const opened: Closing[] = [];
  try {
    const files = await makeShops(shopCount);
    opened.unshift(files.remove);
    return await measureBoth(context, await open(context, files, opened));
  } finally {
    for (const close of opened) await close();
  }
}

async function measureBoth(context: BenchContext, parts: Opened): Promise<Row[]> {
  const { maker, service, bare, bareJudge } = parts;
  const count = context.quick ? requestsOfRunQuick : requestsOfRun;
  const rate = async ({ server, load, cpuUs }: Side, fixed?: Judge) => {
    const { block, judge } = await maker.make(count);
    const before = await server.usage();
    const found = await load.rate(block, fixed ?? judge);
    cpuUs.push((((await server.usage()).cpuSeconds - before.cpuSeconds) * 1e6) / count);
    return found;
  };
  const [served, plain] = await measure(context.plan, [
    { name: "service", run: () => rate(service) },
    { name: "bare route", run: () => rate(bare, bareJudge) },
  ]);
  if (served === undefined || plain === undefined) throw new Error("a contender has no figure");
  const schedule = scheduleOf(Math.round(served.median / 2), context.quick ? 2 : 4);
  const p99 = async ({ load }: Side, fixed?: Judge) => {
    const { block, judge } = await maker.make(schedule.count);
    const { latency, refused, unanswered } = await load.point(schedule, block, fixed ?? judge);
    if (refused + unanswered > 0) throw new Error("half of the rate was not carried");
    return latency.p99;
  };
  const [waited, plainWaited] = await measure(context.loadPlan, [
    { name: "service", run: () => p99(service) },
    { name: "bare route", run: () => p99(bare, bareJudge) },
  ]);
  if (waited === undefined || plainWaited === undefined) throw new Error("no figure");
  const judged = isJudged(context);
  const cpu = ({ cpuUs }: Side) => summarise(cpuUs.slice(-context.plan.runs));
  return [
    rowOf({
      scenario: "token-data",
      metric: `Get Token Data over JSON, ${connections} connections`,
      unit: "calls/s",
      summary: served,
      baseline: { name: "bare route, same token and signature", summary: plain },
      target: judged ? plain.median * targetPart : null,
    }),
    rowOf({
      scenario: "token-data",
      metric: "processor time of a call, whole process",
      unit: "µs",
      summary: cpu(service),
      baseline: { name: "bare route", summary: cpu(bare) },
    }),
    rowOf({
      scenario: "token-data",
      metric: "p99 at half of that rate",
      unit: "ms",
      summary: waited,
      baseline: { name: "bare route at the same rate", summary: plainWaited },
      target: judged ? p99TargetMs : null,
    }),
  ];
}

export const tokenDataScenario: Scenario = {
  name: "token-data",
  group: "service",
  about: "Get Token Data over the JSON API, beside a bare route with the same authentication",
  run: tokenData,
};

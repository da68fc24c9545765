// The doors under load: the service in a process of its own, the generator in this one, and beside
// it the same doors with an echo behind them.
import { macPeerName } from "../lib/bench-vault.ts";
import { measure } from "../lib/measure.ts";
import { type MessageBlock, MessageMaker } from "../lib/message-maker.ts";
import { Chooser } from "../lib/random.ts";
import { type Row, rowOf } from "../lib/row.ts";
import { type BenchContext, isJudged, type Scenario } from "../lib/scenario.ts";
import type { Summary } from "../lib/statistics.ts";
import { AnswerCheck } from "./answer-check.ts";
import { type Cost, costOf, costRows } from "./cost.ts";
import { InProcess } from "./in-process.ts";
import { connections, framesOf, IsoLoad } from "./iso-load.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { frameMessages, SessionLoad } from "./session-load.ts";

/** Reach on two cores, generator on the same machine, and of one thread without a door. */
const sessionTarget = { rate: 200_000, ofInProcess: 0.7 };
const isoTarget = { rate: 240_000, ofInProcess: 0.8 };
const isoMacTarget = { rate: 170_000, ofInProcess: 0.8 };

/** Messages of a run: two seconds with --full, one without. */
const messagesOfRunFull = 262_144;
const messagesOfRun = 131_072;
const messagesOfRunQuick = 65_536;

/**
 * Runs before those that count: a service is measured as it is after some seconds of work. Before,
 * a fifth of the processor goes into compiling the service and the generator.
 */
const settlingRuns = 5;
const settlingRunsQuick = 2;

/** Two cores hold a generator and one judging thread: a pool would be a third. */
const inline = 0;
/** The setting's default. */
const pooled = 1;

/** A door's load generator, connected. */
interface Load {
  rate(block: MessageBlock): Promise<number>;
  close(): void;
}

interface DoorScenario {
  readonly scenario: string;
  readonly what: string;
  readonly withMac: boolean;
  readonly workers: number;
  readonly target?: { readonly rate: number; readonly ofInProcess: number };
  readonly connect: (server: ServerProcess, check: AnswerCheck) => Promise<Load>;
}

type Closing = () => void | Promise<void>;

/** Service and echo, each with a load connected to it. */
async function openDoors(
  context: BenchContext,
  door: DoorScenario,
  opened: Closing[],
): Promise<{ server: ServerProcess; load: Load; echo: Load }> {
  const vault = await context.vault();
  const start = async (echo: string | null, check: AnswerCheck) => {
    const workers = echo === null ? door.workers : inline;
    const server = await startServer(vault, { workers, echo });
    opened.unshift(server.stop);
    const load = await door.connect(server, check);
    opened.unshift(load.close);
    return { server, load };
  };
  const check = new AnswerCheck();
  const { server, load } = await start(null, check);
  // The first answers also tell how long an answer is: the echo's must be the same.
  await load.rate((await makerOf(context, door))(frameMessages));
  if (check.first === null) throw new Error("no answer was read");
  const { load: echo } = await start(check.first.toString("hex"), new AnswerCheck());
  return { server, load, echo };
}

async function makerOf(context: BenchContext, door: DoorScenario) {
  const { deck, ring } = await context.vault();
  const maker = new MessageMaker({
    deck,
    ptavKey: ring.active("ptav"),
    macKey: door.withMac ? ring.active("mac", macPeerName).bytes : null,
    choose: new Chooser(process.pid),
  });
  return (many: number) => {
    const now = Math.floor(Date.now() / 1_000);
    return maker.make(many, now, now);
  };
}

/** Service, echo and the bare pipeline in turns over the same number of fresh messages. */
async function measureDoor(context: BenchContext, door: DoorScenario): Promise<Row[]> {
  const usual = context.full ? messagesOfRunFull : messagesOfRun;
  const count = context.quick ? messagesOfRunQuick : usual;
  const make = await makerOf(context, door);
  const opened: Closing[] = [];
  try {
    const { server, load, echo } = await openDoors(context, door, opened);
    const inProcess = new InProcess(await context.vault(), door.withMac);
    opened.unshift(() => inProcess.close());
    for (let runs = context.quick ? settlingRunsQuick : settlingRuns; runs > 0; runs--) {
      await load.rate(make(count));
      await echo.rate(make(count));
      await inProcess.rate(count);
    }
    const costs: Cost[] = [];
    const service = async () => {
      const block = make(count);
      const before = await server.usage();
      const rate = await load.rate(block);
      costs.push(costOf(before, await server.usage(), count));
      return rate;
    };
    const [served, echoed, bare] = await measure(context.plan, [
      { name: "service", run: service },
      { name: "echo", run: () => echo.rate(make(count)) },
      { name: "in process", run: () => inProcess.rate(count) },
    ]);
    if (served === undefined || echoed === undefined || bare === undefined)
      throw new Error("a contender has no figure");
    const counted = costs.slice(-context.plan.runs);
    return [
      ...rateRows(context, door, served, echoed, bare),
      ...costRows(door.scenario, door.what, counted, isJudged(context)),
    ];
  } finally {
    for (const close of opened) await close();
  }
}

function rateRows(
  context: BenchContext,
  door: DoorScenario,
  served: Summary,
  echoed: Summary,
  bare: Summary,
): Row[] {
  const judged = isJudged(context) ? door.target : undefined;
  const row = { scenario: door.scenario, unit: "messages/s", summary: served } as const;
  const ofInProcess = judged === undefined ? null : judged.ofInProcess * bare.median;
  return [
    rowOf({
      ...row,
      metric: `verified, ${door.what}`,
      baseline: { name: "echo of the same frames", summary: echoed },
      target: judged?.rate ?? null,
    }),
    rowOf({
      ...row,
      metric: `the same beside no door, ${door.what}`,
      baseline: { name: "one thread in process", summary: bare },
      target: ofInProcess,
    }),
  ];
}

function sessionDoor(workers: number, what: string): DoorScenario {
  return {
    scenario: "session",
    what: `frames of ${frameMessages}, ${what}`,
    withMac: false,
    workers,
    ...(workers === inline ? { target: sessionTarget } : {}),
    connect: async (server, check) => {
      const load = await SessionLoad.open(server.session, check);
      return { rate: (block) => load.rate(block), close: () => load.close() };
    },
  };
}

async function session(context: BenchContext): Promise<Row[]> {
  return [
    ...(await measureDoor(context, sessionDoor(inline, "judged inline"))),
    ...(await measureDoor(context, sessionDoor(pooled, "pool of 1"))),
  ];
}

function isoDoor(context: BenchContext, macKey: Buffer | null): Promise<Row[]> {
  const withMac = macKey !== null;
  return measureDoor(context, {
    scenario: "iso",
    what: `${connections} connections, ${withMac ? "with" : "without"} DE128`,
    withMac,
    workers: inline,
    target: withMac ? isoMacTarget : isoTarget,
    connect: async (server, check) => {
      const load = await IsoLoad.open(server.isoPort, macKey, check);
      return { rate: (block) => load.rate(framesOf(block)), close: () => load.close() };
    },
  });
}

async function iso(context: BenchContext): Promise<Row[]> {
  const { ring } = await context.vault();
  const { bytes } = ring.active("mac", macPeerName);
  return [...(await isoDoor(context, null)), ...(await isoDoor(context, bytes))];
}

export const serviceScenarios: readonly Scenario[] = [
  {
    name: "session",
    usual: true,
    group: "service",
    about: "a gRPC session in frames of 64, beside an echo and beside no door",
    run: session,
  },
  {
    name: "iso",
    usual: true,
    group: "service",
    about: "ISO 8583 over 4 TCP connections, beside an echo and beside no door",
    run: iso,
  },
];

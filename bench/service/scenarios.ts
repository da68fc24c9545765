// The doors under load: the service in a process of its own, the generator in this one, and beside
// it the same doors with an echo behind them.
import { macPeerName } from "../lib/bench-vault.ts";
import { type MessageBlock, MessageMaker } from "../lib/message-maker.ts";
import { Chooser } from "../lib/random.ts";
import type { Row } from "../lib/row.ts";
import { type BenchContext, compare, type Scenario } from "../lib/scenario.ts";
import { AnswerCheck } from "./answer-check.ts";
import { connections, framesOf, IsoLoad } from "./iso-load.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { frameMessages, SessionLoad } from "./session-load.ts";

/** Reach on two cores, generator on the same machine. */
const sessionTarget = 150_000;

/** Messages of a run: one to two seconds. */
const messagesOfRun = 262_144;
const messagesOfRunQuick = 65_536;

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
  readonly metric: string;
  readonly withMac: boolean;
  readonly workers: number;
  readonly target?: number;
  readonly connect: (server: ServerProcess, check: AnswerCheck) => Promise<Load>;
}

/** Service and echo in turns over the same number of fresh messages. */
async function measureDoor(context: BenchContext, door: DoorScenario): Promise<Row> {
  const vault = await context.vault();
  const maker = new MessageMaker({
    deck: vault.deck,
    ptavKey: vault.ring.active("ptav"),
    macKey: door.withMac ? vault.ring.active("mac", macPeerName).bytes : null,
    choose: new Chooser(process.pid),
  });
  const count = context.quick ? messagesOfRunQuick : messagesOfRun;
  const make = (many: number) => {
    const now = Math.floor(Date.now() / 1_000);
    return maker.make(many, now, now);
  };
  const opened: (() => void | Promise<void>)[] = [];
  const start = async (echo: string | null, check: AnswerCheck): Promise<Load> => {
    const workers = echo === null ? door.workers : inline;
    const server = await startServer(vault, { workers, echo });
    opened.unshift(server.stop);
    const load = await door.connect(server, check);
    opened.unshift(load.close);
    return load;
  };
  try {
    const check = new AnswerCheck();
    const load = await start(null, check);
    // The first answers also tell how long an answer is: the echo's must be the same.
    await load.rate(make(frameMessages));
    if (check.first === null) throw new Error("no answer was read");
    const echo = await start(check.first.toString("hex"), new AnswerCheck());
    return await compare(context, {
      scenario: door.scenario,
      metric: door.metric,
      unit: "messages/s",
      subject: { name: "service", run: () => load.rate(make(count)) },
      baseline: { name: "echo of the same frames", run: () => echo.rate(make(count)) },
      ...(door.target === undefined ? {} : { target: door.target }),
    });
  } finally {
    for (const close of opened) await close();
  }
}

function sessionDoor(workers: number, what: string, target?: number): DoorScenario {
  return {
    scenario: "session",
    metric: `verified, frames of ${frameMessages}, ${what}`,
    withMac: false,
    workers,
    ...(target === undefined ? {} : { target }),
    connect: async (server, check) => {
      const load = await SessionLoad.open(server.session, check);
      return { rate: (block) => load.rate(block), close: () => load.close() };
    },
  };
}

async function session(context: BenchContext): Promise<Row[]> {
  return [
    await measureDoor(context, sessionDoor(inline, "judged inline", sessionTarget)),
    await measureDoor(context, sessionDoor(pooled, "pool of 1")),
  ];
}

function isoDoor(context: BenchContext, macKey: Buffer | null): Promise<Row> {
  const withMac = macKey !== null;
  return measureDoor(context, {
    scenario: "iso",
    metric: `verified, ${connections} connections, ${withMac ? "with" : "without"} DE128`,
    withMac,
    workers: inline,
    connect: async (server, check) => {
      const load = await IsoLoad.open(server.isoPort, macKey, check);
      return { rate: (block) => load.rate(framesOf(block)), close: () => load.close() };
    },
  });
}

async function iso(context: BenchContext): Promise<Row[]> {
  const { ring } = await context.vault();
  const { bytes } = ring.active("mac", macPeerName);
  return [await isoDoor(context, null), await isoDoor(context, bytes)];
}

export const serviceScenarios: readonly Scenario[] = [
  {
    name: "session",
    group: "service",
    about: "a gRPC session in frames of 64, beside an echo of the same frames",
    run: session,
  },
  {
    name: "iso",
    group: "service",
    about: "ISO 8583 over 4 TCP connections, beside an echo of the same frames",
    run: iso,
  },
];

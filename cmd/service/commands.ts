// Where the doors hand commands to. One process of a machine runs the actors of a vault, in a
// thread that is started again where it dies; the others of the machine reach it over its socket,
// and the one of them that comes first takes its place when it ends.
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import {
  CommandClient,
  type CommandPort,
  connectSocket,
  type Envelope,
  type Reply,
  type SocketCommands,
  systemTurns,
} from "../../actors/mod.ts";
import { appError, type ErrorCode, errorTable, systemClock } from "../../platform/mod.ts";
import type { CommandWorkerSetup, ParentMessage, WorkerMessage } from "./command-worker.ts";
import type { ClusterState } from "./open-actors.ts";
import type { PaymentsAsked, PaymentsSaid } from "./payment-window.ts";

const file = fileURLToPath(
  new URL(
    import.meta.url.endsWith(".ts") ? "./command-worker.ts" : "./command-worker.js",
    import.meta.url,
  ),
);

/** Between the end of one owner and the next try, so that a fault that stays does not spin. */
const againMs = 500;

export interface CommandsEvents {
  /** Which way commands go now. */
  readonly place?: (place: "here" | "elsewhere" | "nowhere") => void;
  readonly state?: (shard: number, state: string, why: string) => void;
  readonly alarm?: (error: Error) => void;
  /** How this node of a cluster stands, four times a second while it runs the actors. */
  readonly cluster?: (state: ClusterState) => void;
  /** What the thread of the actors says of payments. */
  readonly payments?: (message: PaymentsSaid) => void;
}

/** A way to the runtime that works until it ends. */
interface Way extends CommandPort {
  readonly place: "here" | "elsewhere";
  readonly ended: Promise<void>;
  /** Undefined where another process has the actors: payments do not go there. */
  readonly ask?: (message: PaymentsAsked) => void;
  stop(): Promise<void>;
}

export class Commands implements CommandPort {
  readonly #setup: CommandWorkerSetup;
  readonly #events: CommandsEvents;
  #way: Way | undefined;
  #stopping = false;
  #cancelAgain: (() => void) | undefined;
  #opening: Promise<void> | undefined;

  private constructor(setup: CommandWorkerSetup, events: CommandsEvents) {
    this.#setup = setup;
    this.#events = events;
  }

  /** Runs the actors here, or reaches who does. Throws what keeps it from both. */
  static async open(setup: CommandWorkerSetup, events: CommandsEvents = {}): Promise<Commands> {
    const commands = new Commands(setup, events);
    await commands.#find();
    return commands;
  }

  /** Where commands go; undefined while nobody takes them. */
  get place(): "here" | "elsewhere" | undefined {
    return this.#way?.place;
  }

  submit(envelope: Envelope): Promise<Reply> {
    if (this.#way !== undefined) return this.#way.submit(envelope);
    const error = appError(
      "SERVICE_UNAVAILABLE",
      "Nobody runs the commands now; nothing was done.",
      {
        retryAfterMs: againMs,
      },
    );
    return Promise.resolve({ ok: false, error });
  }

  /** Hands payments to the actors; where they do not run here nothing comes of it. */
  ask(message: PaymentsAsked): void {
    this.#way?.ask?.(message);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#cancelAgain?.();
    await this.#opening;
    await this.#way?.stop();
  }

  async #find(): Promise<void> {
    const way = await startHere(this.#setup, this.#events);
    this.#way = way ?? (await reachOther(this.#setup.dir));
    this.#events.place?.(this.#way.place);
    void this.#way.ended.then(() => this.#lost());
  }

  #lost(): void {
    this.#way = undefined;
    if (this.#stopping) return;
    this.#events.place?.("nowhere");
    this.#again();
  }

  #again(): void {
    this.#cancelAgain = systemTurns.after(againMs, () => {
      this.#opening = this.#find().catch((error: Error) => {
        this.#events.alarm?.(error);
        if (!this.#stopping) this.#again();
      });
    });
  }
}

async function reachOther(dir: string): Promise<Way> {
  const other: SocketCommands = await connectSocket(dir, {
    clock: systemClock,
    turns: systemTurns,
  });
  return {
    place: "elsewhere",
    ended: other.ended,
    submit: (envelope) => other.submit(envelope),
    stop: async () => {
      other.close();
      await other.ended;
    },
  };
}

/** The thread of the actors; undefined where another process has them. */
function startHere(setup: CommandWorkerSetup, events: CommandsEvents): Promise<Way | undefined> {
  const worker = new Worker(file, { workerData: setup });
  const post = (message: ParentMessage) => worker.postMessage(message);
  const client = new CommandClient({
    clock: systemClock,
    turns: systemTurns,
    post: (block) => {
      const bytes = new Uint8Array(block);
      worker.postMessage({ say: "commands", block: bytes } satisfies ParentMessage, [bytes.buffer]);
    },
  });
  const ended = new Promise<void>((resolve) => {
    worker.once("exit", () => {
      client.close();
      resolve();
    });
  });
  const way: Way = {
    place: "here",
    ended,
    submit: (envelope) => client.submit(envelope),
    ask: (message) => worker.postMessage(message, [message.block.buffer]),
    stop: async () => {
      post({ say: "stop" });
      await ended;
    },
  };
  let taken = false;
  return new Promise((resolve, reject) => {
    worker.on("error", (error) => {
      events.alarm?.(error as Error);
      reject(error);
    });
    worker.on("message", (message: WorkerMessage) => {
      if (message.say === "replies") client.receive(Buffer.from(message.block.buffer));
      else if (message.say === "ready") resolve(way);
      else if (message.say === "taken") taken = true;
      else if (message.say === "state") events.state?.(message.shard, message.state, message.why);
      else if (message.say === "cluster") events.cluster?.(message.cluster);
      else if (message.say === "failed") reject(appErrorOf(message.code, message.message));
      else if (message.say === "alarm") events.alarm?.(new Error(message.message));
      else events.payments?.(message);
    });
    void ended.then(() => {
      if (taken) resolve(undefined);
      else reject(new Error("the thread of the actors ended"));
    });
  });
}

function appErrorOf(code: string, message: string): Error {
  const known = errorTable.has(code as ErrorCode);
  return known ? appError(code as ErrorCode, message) : new Error(message);
}

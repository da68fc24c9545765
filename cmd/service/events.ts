// Starts and stops the thread of the events, starts it again where it dies, and asks it.
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { EventsPort, PulledEvents } from "../../api/grpc/mod.ts";
import { appError, type ErrorCode, errorTable } from "../../platform/mod.ts";
import type {
  DeliveredShards,
  EventsMessage,
  EventsOrder,
  EventsWorkerSetup,
  SubscriberStats,
} from "./events-worker.ts";

const file = fileURLToPath(
  new URL(
    import.meta.url.endsWith(".ts") ? "./events-worker.ts" : "./events-worker.js",
    import.meta.url,
  ),
);

/** Between a thread's death and its successor, so that a fault that stays does not spin. */
const restartMs = 1_000;

/** Questions under way; each may read the log for a while. */
const asksMax = 64;

interface Ask {
  readonly resolve: (pulled: PulledEvents) => void;
  readonly reject: (error: Error) => void;
}

export class Events implements EventsPort {
  /** As of half a second ago. */
  stats: readonly SubscriberStats[] = [];
  readonly #setup: EventsWorkerSetup;
  readonly #alarm: (error: Error) => void;
  readonly #asks = new Map<number, Ask>();
  #worker: Worker;
  #ended: Promise<void>;
  #delivered: DeliveredShards = [];
  #stopping = false;
  #asked = 0;

  /** The vault must have its log already. */
  constructor(setup: EventsWorkerSetup, alarm: (error: Error) => void) {
    this.#setup = setup;
    this.#alarm = alarm;
    this.#worker = this.#start();
    this.#ended = this.#untilExit(this.#worker);
  }

  pull(trid: string, cursor: string | undefined, limit: number): Promise<PulledEvents> {
    if (this.#asks.size >= asksMax) {
      return Promise.reject(appError("OVERLOADED", "Too many read events already."));
    }
    const id = ++this.#asked;
    this.#order({ say: "pull", id, trid, cursor, limit });
    return new Promise((resolve, reject) => this.#asks.set(id, { resolve, reject }));
  }

  /** Of which shards this process tells subscribers. */
  deliver(shards: DeliveredShards): void {
    if (String(shards) === String(this.#delivered)) return;
    this.#delivered = shards;
    if (shards.length === 0) this.stats = [];
    this.#order({ say: "deliver", shards });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#order({ say: "stop" });
    await this.#ended;
  }

  #order(order: EventsOrder): void {
    this.#worker.postMessage(order);
  }

  #start(): Worker {
    const worker = new Worker(file, { workerData: this.#setup });
    worker.on("message", (message: EventsMessage) => this.#hear(message));
    worker.on("error", (error) => this.#alarm(error as Error));
    return worker;
  }

  #hear(message: EventsMessage): void {
    if (message.say === "stats") this.stats = message.stats;
    else if (message.say === "alarm") this.#alarm(new Error(message.message));
    else {
      const ask = this.#asks.get(message.id);
      this.#asks.delete(message.id);
      if (message.say === "pulled") ask?.resolve(message.pulled);
      else ask?.reject(errorOf(message.code, message.message));
    }
  }

  #untilExit(worker: Worker): Promise<void> {
    return new Promise((resolve) => {
      worker.once("exit", () => {
        resolve();
        const error = appError("SERVICE_UNAVAILABLE", "Events cannot be read now.");
        for (const { reject } of this.#asks.values()) reject(error);
        this.#asks.clear();
        if (this.#stopping) return;
        this.#alarm(new Error("the thread of the events ended and is started again"));
        setTimeout(() => this.#again(), restartMs).unref();
      });
    });
  }

  #again(): void {
    if (this.#stopping) return;
    this.#worker = this.#start();
    this.#ended = this.#untilExit(this.#worker);
    this.#order({ say: "deliver", shards: this.#delivered });
  }
}

function errorOf(code: string, message: string): Error {
  const known = errorTable.has(code as ErrorCode) ? (code as ErrorCode) : "INTERNAL_ERROR";
  return appError(known, message);
}

// The one place for signals and for stopping: steps run one after another in a fixed order, each
// with its own time limit, and the whole stop ends in time whatever a step does.
import type { Clock } from "./clock.ts";
import type { Logger } from "./log.ts";

/**
 * Phases of a stop, in order. Doors close before the work is drained, and stores close last, so
 * that every message that was accepted is answered and stored.
 */
export const stopPhases = ["announce", "doors", "drain", "flush", "stores", "admin"] as const;
export type StopPhase = (typeof stopPhases)[number];

/** One step may take this long unless it says otherwise. */
const stepTimeoutMs = 5_000;
/** The whole stop; a chart's grace period must be longer. */
export const stopTimeoutMs = 25_000;

export interface StopStep {
  readonly phase: StopPhase;
  readonly name: string;
  readonly timeoutMs?: number;
  /** `signal` aborts when the step's time is over. */
  readonly run: (signal: AbortSignal) => Promise<void> | void;
}

export interface StopReport {
  readonly tookMs: number;
  /** Names of steps that failed or did not end in time. */
  readonly failed: readonly string[];
}

export interface Shutdown {
  /** Adds a step; the returned function takes it out again. */
  onShutdown(step: StopStep): () => void;
  /** Stops once, however often it is called. */
  stop(why: string): Promise<StopReport>;
  readonly stopping: boolean;
  /** Aborts when a stop begins: loops and waits look at it. */
  readonly signal: AbortSignal;
  /** Connects SIGTERM and SIGINT; a second signal ends the process at once. Returns the undo. */
  listen(done: (report: StopReport, signal: string) => void): () => void;
}

export interface ShutdownOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timeoutMs?: number;
}

interface Outcome {
  readonly ok: boolean;
  readonly error?: unknown;
}

async function runStep(step: StopStep, limitMs: number): Promise<Outcome> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => {
      abort.abort();
      resolve({ ok: false, error: new Error("did not end in time") });
    }, limitMs);
  });
  const work = (async (): Promise<Outcome> => {
    try {
      await step.run(abort.signal);
      return { ok: true };
    } catch (error) {
      return { ok: false, error };
    }
  })();
  const outcome = await Promise.race([work, late]);
  clearTimeout(timer);
  return outcome;
}

class Stopper implements Shutdown {
  readonly #steps = new Set<StopStep>();
  readonly #abort = new AbortController();
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #timeoutMs: number;
  #report: Promise<StopReport> | null = null;

  constructor(options: ShutdownOptions) {
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#timeoutMs = options.timeoutMs ?? stopTimeoutMs;
  }

  get stopping(): boolean {
    return this.#report !== null;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  onShutdown(step: StopStep): () => void {
    this.#steps.add(step);
    return () => this.#steps.delete(step);
  }

  stop(why: string): Promise<StopReport> {
    this.#report ??= this.#run(why);
    return this.#report;
  }

  listen(done: (report: StopReport, signal: string) => void): () => void {
    const onSignal = (signal: NodeJS.Signals): void => {
      if (this.stopping) {
        // The reader of the terminal insists; the stores survive a kill by design.
        process.exit(130);
      }
      void this.stop(signal).then((report) => done(report, signal));
    };
    process.on("SIGTERM", onSignal);
    process.on("SIGINT", onSignal);
    return () => {
      process.off("SIGTERM", onSignal);
      process.off("SIGINT", onSignal);
    };
  }

  async #run(why: string): Promise<StopReport> {
    const startMs = this.#clock.monotonicMs();
    const failed: string[] = [];
    this.#logger.info({ event: "stop.begin", why }, "stopping");
    this.#abort.abort();
    for (const phase of stopPhases) {
      // Steps of one phase run in the reverse order of their making: the last one may lean on the
      // first.
      const steps = [...this.#steps].filter((step) => step.phase === phase).reverse();
      for (const step of steps) {
        const leftMs = this.#timeoutMs - (this.#clock.monotonicMs() - startMs);
        const limitMs = Math.max(0, Math.min(step.timeoutMs ?? stepTimeoutMs, leftMs));
        const outcome = await runStep(step, limitMs);
        if (outcome.ok) continue;
        failed.push(step.name);
        this.#logger.error({ event: "stop.step", step: step.name, err: outcome.error }, "stop");
      }
    }
    const tookMs = Math.round(this.#clock.monotonicMs() - startMs);
    this.#logger.info({ event: "stop.end", tookMs, failed }, "stopped");
    return { tookMs, failed };
  }
}

export function createShutdown(options: ShutdownOptions): Shutdown {
  return new Stopper(options);
}

// Plays MyDebit NET: an open loop of traffic, every answer checked.
import { mydebit } from "../../../codec/iso8583/mod.ts";
import { type Clock, de39Of } from "../../../platform/mod.ts";
import type { SwitchClient } from "../switch-client.ts";
import type { SimContext } from "./context.ts";
import { faultsOf } from "./expectation.ts";
import { createMixer, type Mix } from "./mix.ts";
import { goodPayment, type Prepared } from "./scenarios.ts";
import { Tally } from "./tally.ts";

export interface TrafficOptions {
  readonly client: SwitchClient;
  readonly context: SimContext;
  readonly mix: Mix;
  readonly clock: Clock;
  /** Messages a second, whatever the service does; latency counts from the intended start. */
  readonly rate: number;
  readonly durationMs: number;
  /** Stops early, cleanly: what is under way is still checked. */
  readonly signal?: AbortSignal;
  /** Called with every message that got no answer in time. */
  readonly onTimeout?: (message: Buffer) => void;
  /** Called about once a second. */
  readonly onProgress?: (tally: Tally, elapsedMs: number) => void;
}

export interface TrafficResult {
  readonly tally: Tally;
  readonly elapsedMs: number;
  /** The loop could not keep up with its own rate: messages that left later than 100 ms. */
  readonly lateStarts: number;
}

/** Messages made ahead of their time, so that making them does not delay sending them. */
const aheadMax = 512;
/** Made in one turn: a good payment takes 17 us to make, and what is due meanwhile waits. */
const madePerTurnMax = 64;
/** Beyond this many unanswered messages the switch stops sending: the window of STANs is finite. */
const outstandingMax = 100_000;
const lateStartMs = 100;
const progressMs = 1_000;

export async function runTraffic(options: TrafficOptions): Promise<TrafficResult> {
  const traffic = new Traffic(options);
  await traffic.run();
  return {
    tally: traffic.tally,
    elapsedMs: traffic.elapsedMs,
    lateStarts: traffic.lateStarts,
  };
}

class Traffic {
  readonly tally = new Tally();
  elapsedMs = 0;
  lateStarts = 0;
  readonly #options: TrafficOptions;
  readonly #draw: ReturnType<typeof createMixer>;
  readonly #ready: Prepared[] = [];
  readonly #request = mydebit.createView();
  #nextProgressMs = 0;

  constructor(options: TrafficOptions) {
    this.#options = options;
    this.#draw = createMixer(options.mix);
  }

  async run(): Promise<void> {
    const { clock, rate, durationMs, client, signal } = this.#options;
    const startMs = clock.monotonicMs();
    this.#nextProgressMs = startMs + progressMs;
    const total = Math.max(1, Math.round((rate * durationMs) / 1_000));
    const gapMs = 1_000 / rate;
    for (let sent = 0; sent < total && signal?.aborted !== true; ) {
      await this.#makeAhead(Math.min(aheadMax, total - sent, Math.ceil(rate / 10)));
      const nowMs = clock.monotonicMs();
      while (sent < total && this.#ready.length > 0 && startMs + sent * gapMs <= nowMs) {
        // While every connection is being called again, nothing can leave.
        if (client.outstanding >= outstandingMax || client.waiting) break;
        this.#send(this.#ready.shift()!, startMs + sent * gapMs, nowMs);
        sent += 1;
      }
      this.#progress(startMs, nowMs);
      const waitMs = startMs + sent * gapMs - clock.monotonicMs();
      await (waitMs > 1 ? pause(Math.min(waitMs, 50)) : turn());
    }
    this.elapsedMs = clock.monotonicMs() - startMs;
    await client.settle();
  }

  /** Fills the stock of messages up to `want`. */
  async #makeAhead(want: number): Promise<void> {
    const { context } = this.#options;
    // Several at a time: a remote source of PTAVs is asked in parallel.
    const missing = Math.min(madePerTurnMax, want - this.#ready.length);
    if (missing <= 0) return;
    const made = await Promise.all(Array.from({ length: missing }, () => this.#make(context)));
    for (const prepared of made) this.#ready.push(prepared);
  }

  async #make(context: SimContext): Promise<Prepared> {
    const scenario = this.#draw();
    const prepared = await scenario.build(context);
    if (prepared !== null) return prepared;
    this.tally.replace(scenario.name);
    return goodPayment(context);
  }

  #send(prepared: Prepared, intendedMs: number, nowMs: number): void {
    const { tally } = this;
    const row = tally.row(prepared.scenario);
    row.sent += 1;
    if (nowMs - intendedMs > lateStartMs) this.lateStarts += 1;
    this.#options.client.send(
      prepared.message,
      (answer) => {
        if (answer === null) {
          row.unanswered += 1;
          this.#options.onTimeout?.(prepared.message);
          return;
        }
        tally.latency(intendedMs, answer.atMs);
        const request = this.#request;
        mydebit.scanMessage(request, prepared.message, 0, prepared.message.length);
        const faults = faultsOf(request, answer, prepared.expect);
        if (faults.length > 0) {
          tally.wrong(prepared.scenario, faults);
          return;
        }
        row.right += 1;
        row.answer = answerText(prepared.expect.de39, prepared.expect.reason);
        prepared.onRight?.(answer);
      },
      prepared.keepMac === true,
    );
  }

  #progress(startMs: number, nowMs: number): void {
    if (nowMs < this.#nextProgressMs) return;
    this.#nextProgressMs = nowMs + progressMs;
    this.#options.onProgress?.(this.tally, nowMs - startMs);
  }
}

function answerText(de39: string | undefined, code: number): string {
  return `${de39 ?? de39Of(code)} ${String(code).padStart(4, "0")}`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

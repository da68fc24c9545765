// Service, echo and generator, each a process of its own, for runs at a rate.
import { setTimeout as pause } from "node:timers/promises";
import type { BenchVault } from "../lib/bench-vault.ts";
import { firstAnswer } from "../service/first-answer.ts";
import type { ServerUsage } from "../service/serve-options.ts";
import { type ServerProcess, startServer } from "../service/server-process.ts";
import { Generator, type LoadWatch } from "./generator-process.ts";
import type { LoadOrder, LoadResult } from "./load-order.ts";
import type { Door } from "./wire.ts";

export type Target = "service" | "echo";

/** A run as a scenario asks for it. */
export type RunShape = Pick<LoadOrder, "rate" | "batch" | "connections" | "seconds">;

/** Compilers and connections settle; sent and checked, not counted. */
const warmUpSeconds = 1;

const graceMs = 3_000;

/** The journal's backlog of one run would compete with the next. */
const rowsBehindMax = 20_000;
const settlePollMs = 100;
const settleLimitMs = 60_000;

/** Far more than any door takes: what then comes back is all that the door can do. */
const beyond = { session: 300_000, iso: 400_000, "iso-mac": 300_000, unary: 10_000 } as const;
const saturateSeconds = 2;

export class TestBed {
  readonly door: Door;
  readonly #vault: BenchVault;
  readonly #servers: Readonly<Record<Target, ServerProcess>>;
  readonly #generator = new Generator();

  private constructor(
    door: Door,
    vault: BenchVault,
    servers: Readonly<Record<Target, ServerProcess>>,
  ) {
    this.door = door;
    this.#vault = vault;
    this.#servers = servers;
  }

  /** `beside`: the service is another process over the vault of that one. */
  static async open(door: Door, vault: BenchVault, beside?: TestBed): Promise<TestBed> {
    const dir = beside === undefined ? undefined : beside.#servers.service.dir;
    const service = await startServer(vault, {
      workers: 0,
      echo: null,
      ...(dir === undefined ? {} : { beside: dir }),
    });
    try {
      const answer = await firstAnswer(vault, service.session);
      const echo = await startServer(vault, { workers: 0, echo: answer.toString("hex") });
      return new TestBed(door, vault, { service, echo });
    } catch (error) {
      await service.stop();
      throw error;
    }
  }

  /** One run; throws where an answer was wrong and the service had not refused any. */
  run(target: Target, shape: RunShape, watch?: LoadWatch): Promise<LoadResult> {
    return this.#run(target, shape, graceMs, watch);
  }

  async #run(
    target: Target,
    shape: RunShape,
    grace: number,
    watch?: LoadWatch,
  ): Promise<LoadResult> {
    await this.#settle();
    const { session, isoPort } = this.#servers[target];
    const result = await this.#generator.run(
      {
        ...shape,
        door: this.door,
        address: session,
        isoPort,
        vaultDir: this.#vault.dir,
        echo: target === "echo",
        warmUpSeconds,
        graceMs: grace,
        metricsPort: null,
        tickSeconds: 1,
      },
      watch,
    );
    const { wrong, refused, firstWrong } = result.point;
    if (wrong > 0 && refused === 0) throw new Error(`${wrong} wrong answers: ${firstWrong}`);
    return result;
  }

  /** The most that comes back in a second, whatever the latency. */
  async saturate(target: Target, shape: Pick<RunShape, "batch" | "connections">): Promise<number> {
    const rate = beyond[this.door];
    // What is left over is not waited for.
    const { point } = await this.#run(target, { ...shape, rate, seconds: saturateSeconds }, 0);
    return point.achieved;
  }

  usage(): Promise<ServerUsage> {
    return this.#servers.service.usage();
  }

  async close(): Promise<void> {
    await this.#generator.close();
    await this.#servers.echo.stop();
    await this.#servers.service.stop();
  }

  async #settle(): Promise<void> {
    const endMs = performance.now() + settleLimitMs;
    while ((await this.usage()).rowsBehind > rowsBehindMax) {
      if (performance.now() > endMs) throw new Error("the journal's backlog does not shrink");
      await pause(settlePollMs);
    }
  }
}

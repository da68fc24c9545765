// Defends: a stop runs every step in the order of the phases, once, and ends in time even when a
// step hangs or throws.
import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { createManualClock, systemClock } from "./clock.ts";
import { silentLogger } from "./log.ts";
import { createShutdown, stopPhases } from "./shutdown.ts";

const options = { clock: systemClock, logger: silentLogger() };

describe("shutdown", () => {
  it("runs phases in order and the steps of a phase last made first", async () => {
    const shutdown = createShutdown(options);
    const ran: string[] = [];
    for (const phase of [...stopPhases].reverse()) {
      for (const n of [1, 2]) {
        shutdown.onShutdown({
          phase,
          name: `${phase}${n}`,
          run: () => void ran.push(`${phase}${n}`),
        });
      }
    }
    const report = await shutdown.stop("test");
    expect(ran).toEqual(stopPhases.flatMap((phase) => [`${phase}2`, `${phase}1`]));
    expect(report.failed).toEqual([]);
  });

  it("goes on after a step that throws or hangs, and tells the hanging one", async () => {
    const shutdown = createShutdown(options);
    let aborted = false;
    let closed = false;
    shutdown.onShutdown({
      phase: "doors",
      name: "hangs",
      timeoutMs: 20,
      run: (signal) => {
        signal.addEventListener("abort", () => {
          aborted = true;
        });
        return new Promise(() => undefined);
      },
    });
    shutdown.onShutdown({
      phase: "drain",
      name: "throws",
      run: () => {
        throw new Error("no");
      },
    });
    shutdown.onShutdown({
      phase: "stores",
      name: "closes",
      run: () => {
        closed = true;
      },
    });
    const report = await shutdown.stop("test");
    expect(report.failed).toEqual(["hangs", "throws"]);
    expect(aborted).toBe(true);
    expect(closed).toBe(true);
  });

  it("gives late steps no time when the whole limit is used up", async () => {
    const clock = createManualClock();
    const shutdown = createShutdown({ ...options, clock, timeoutMs: 100 });
    shutdown.onShutdown({ phase: "doors", name: "slow", run: () => clock.advance(500) });
    shutdown.onShutdown({
      phase: "stores",
      name: "late",
      run: () => new Promise(() => undefined),
    });
    expect((await shutdown.stop("test")).failed).toEqual(["late"]);
  });

  it("stops once, and its signal aborts at the start", async () => {
    const shutdown = createShutdown(options);
    let runs = 0;
    let seen = false;
    const undo = shutdown.onShutdown({
      phase: "flush",
      name: "never",
      run: () => {
        throw new Error("was taken out");
      },
    });
    undo();
    shutdown.onShutdown({
      phase: "flush",
      name: "once",
      run: () => {
        runs++;
        seen = shutdown.signal.aborted;
      },
    });
    const [a, b] = await Promise.all([shutdown.stop("a"), shutdown.stop("b")]);
    expect(a).toBe(b);
    expect(runs).toBe(1);
    expect(seen).toBe(true);
    expect(shutdown.stopping).toBe(true);
  });

  it("stops a real process on SIGTERM and ends it on a second signal", async () => {
    const file = new URL("./mod.ts", import.meta.url).href;
    const code = `
      const { createShutdown, silentLogger, systemClock } = await import(${JSON.stringify(file)});
      const shutdown = createShutdown({ clock: systemClock, logger: silentLogger() });
      const hang = process.argv[1] === "hang";
      const run = () => (hang ? new Promise(() => undefined) : undefined);
      shutdown.onShutdown({ phase: "drain", name: "work", run });
      shutdown.listen((report, signal) => {
        process.stdout.write(signal + " " + report.failed.length);
        process.exit(0);
      });
      setInterval(() => undefined, 1000);
      process.stdout.write("up ");`;
    for (const mode of ["clean", "hang"]) {
      const args = ["--input-type=module", "-e", code, mode];
      const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
      let out = "";
      const exit = new Promise((resolve) => child.on("exit", resolve));
      for await (const chunk of child.stdout) {
        out += String(chunk);
        if (out !== "up ") continue;
        child.kill("SIGTERM");
        if (mode === "hang") setTimeout(() => child.kill("SIGINT"), 50);
      }
      expect(await exit).toBe(mode === "hang" ? 130 : 0);
      expect(out).toBe(mode === "hang" ? "up " : "up SIGTERM 0");
    }
  });
});

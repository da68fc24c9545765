// Defends: a writer that is killed in the middle of its work loses no row that it appended, and
// what it left torn hurts nobody; any number of processes that fold at once take each row once.
import { type ChildProcess, fork } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../platform/mod.ts";
import { History } from "../../vault/history/mod.ts";
import { audit } from "../../vault/history/test-rig.ts";
import { listSegments, rowBytes, rowValid } from "../../vault/journal/mod.ts";
import type { Order, Progress } from "./journal-process.ts";

const script = fileURLToPath(new URL("./journal-process.ts", import.meta.url));

let dir: string;
const children: ChildProcess[] = [];

function start(order: Order, onProgress: (progress: Progress) => void = () => {}): ChildProcess {
  const child = fork(script, [JSON.stringify(order)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  children.push(child);
  child.on("message", (progress: Progress) => onProgress(progress));
  return child;
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("close", () => resolve());
  });
}

/** Starts, and resolves at the first report. */
function running(order: Order, onProgress: (progress: Progress) => void): Promise<ChildProcess> {
  return new Promise((resolve) => {
    const child = start(order, (progress) => {
      onProgress(progress);
      resolve(child);
    });
  });
}

function openHistory(): History {
  const nothing = (): void => {};
  return History.open({
    dir,
    clock: systemClock,
    mapSizeBytes: 256 * 1024 ** 2,
    audit,
    sinks: {
      agreements: { put: nothing, touch: nothing, revoke: nothing },
      flags: { flag: nothing },
      batch: (work) => work(),
    },
  });
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-journals-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(dir, { recursive: true, force: true });
});

describe("a writer that is killed", () => {
  it("has lost nothing that it appended, ten times over", async () => {
    let acknowledged = 0;
    for (let round = 0; round < 10; round++) {
      const stopAt = 40 * (1 + Math.floor(Math.random() * 60));
      let appended = 0;
      await new Promise<void>((resolve) => {
        const order = { do: "append", dir, name: `w${round}`, from: round * 1_000_000 } as const;
        const child = start({ ...order, batches: 100_000, rowsPerBatch: 40 }, ({ rows }) => {
          appended = rows;
          if (rows >= stopAt) child.kill("SIGKILL");
        });
        child.once("close", () => resolve());
      });
      acknowledged += appended;
    }
    let whole = 0;
    for (const { path } of listSegments(dir)) {
      const bytes = readFileSync(path);
      for (let at = 0; at + rowBytes <= bytes.length; at += rowBytes) {
        expect(rowValid(bytes, at), `${path} at ${at}`).toBe(true);
        whole++;
      }
      // What power loss would leave at the end; a kill within a write leaves the same.
      if (bytes.length % rowBytes === 0) appendFileSync(path, Buffer.alloc(100));
    }
    expect(whole).toBeGreaterThanOrEqual(acknowledged);
    const history = openHistory();
    expect(history.foldAll()).toBe(whole);
    expect(history.foldAll()).toBe(0);
    expect(history.stats()).toMatchObject({ rowsBehind: 0, rowsDamaged: 0, rowsDropped: 0 });
    await history.close();
  });
});

describe("two processes that fold at once, while two others write", () => {
  it("take each row once", async () => {
    const folded = [0, 0];
    const folders = await Promise.all(
      folded.map((_, i) =>
        running({ do: "fold", dir, idleMs: 5_000 }, ({ rows }) => {
          folded[i] = rows;
        }),
      ),
    );
    const writers = [0, 1].map((i) =>
      start({
        do: "append",
        dir,
        name: `w${i}`,
        from: i * 1_000_000,
        batches: 300,
        rowsPerBatch: 17,
      }),
    );
    await Promise.all([...writers, ...folders].map(ended));
    const written = 2 * 300 * 17;
    expect(folded[0]! + folded[1]!).toBe(written);
    expect(Math.min(...folded)).toBeGreaterThan(0);
    const history = openHistory();
    expect(history.fold()).toBe(0);
    const seen = new Set<string>();
    const index = Buffer.alloc(16, 0xa0);
    for (let before: string | undefined; ; ) {
      const page = history.eventsOf(index, before === undefined ? {} : { before });
      for (const event of page) seen.add(event.verificationId);
      if (page.length === 0) break;
      before = page.at(-1)!.position;
    }
    expect(seen.size).toBe(written);
    await history.close();
  });

  it("of which one is killed lose nothing and take nothing twice", async () => {
    const writer = start({
      do: "append",
      dir,
      name: "w",
      from: 0,
      batches: 400,
      rowsPerBatch: 20,
    });
    // Listened to from the start: the writer may end before the other process has started.
    const rounds = [ended(writer)];
    const doomed = await running({ do: "fold", dir, idleMs: 60_000 }, () => {});
    setTimeout(() => doomed.kill("SIGKILL"), 100);
    rounds.push(ended(doomed));
    await Promise.all(rounds);
    const history = openHistory();
    history.foldAll();
    expect(history.stats()).toMatchObject({ rowsBehind: 0, rowsDropped: 0 });
    let events = 0;
    for (let before: string | undefined; ; ) {
      const options = before === undefined ? { limit: 1_000 } : { limit: 1_000, before };
      const page = history.eventsOf(Buffer.alloc(16, 0xa0), options);
      events += page.length;
      if (page.length === 0) break;
      before = page.at(-1)!.position;
    }
    expect(events).toBe(400 * 20);
    await history.close();
  });
});

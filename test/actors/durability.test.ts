// Defends, with a real process and a real disk: what was answered is in the log and in the
// projection after kill -9 at any moment, each once; on a full disk commands are refused, nothing
// is left half, and with room again they pass.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { lmdbStore, RecordSeal, readLogMeta, verifyLog } from "../../actors/mod.ts";
import { IdemRows } from "../../actors/runtime/idem-rows.ts";
import { accountRows } from "../../actors/runtime/test-account.ts";
import { envelope, logRing } from "../../actors/runtime/test-rig.ts";
import { openEnvironment } from "../../vault/mod.ts";
import { makeSmallDisk } from "../replay/small-disk.ts";

const file = fileURLToPath(new URL("./log-child.ts", import.meta.url));
const rounds = 5;
const children: ChildProcess[] = [];
const folders: (() => void)[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const remove of folders.splice(0)) remove();
});

interface Run {
  readonly child: ChildProcess;
  /** Numbers of commands by how they were answered. */
  readonly answers: Map<string, number[]>;
  readonly ended: Promise<void>;
}

function start(dir: string, first: number, padBytes: number): Run {
  const child = spawn(process.execPath, [file, dir, String(first), String(padBytes)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const answers = new Map<string, number[]>();
  createInterface({ input: child.stdout! }).on("line", (line) => {
    const [n, what = "ready"] = line.split(" ");
    answers.set(what, [...(answers.get(what) ?? []), Number(n)]);
  });
  return { child, answers, ended: new Promise((resolve) => child.once("close", () => resolve())) };
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2_500; tries++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`waited in vain: ${what}`);
}

/** Every answered command is there once, and no account has more than its commands gave. */
async function judge(dir: string, answered: readonly number[]): Promise<void> {
  const env = openEnvironment({ path: dir, mapSizeBytes: 2 ** 30, readOnly: false, create: false });
  try {
    const store = lmdbStore(env);
    const meta = readLogMeta(store)!;
    const verified = await verifyLog(store, meta, new RecordSeal(logRing()));
    expect(verified.problems).toEqual([]);
    const idem = new IdemRows(store);
    const limit = 10_000_000;
    const ids = store
      .rows("idem")
      .range({ start: Buffer.of(0), end: Buffer.of(255), limit }).length;
    const command = { do: "look" } as const;
    for (const n of answered) {
      const { id } = envelope(n % 4, n % 64, command, { key: `key ${n}` });
      expect(idem.get(n % 4, id), `command ${n}`).toBeDefined();
    }
    const all = { start: Buffer.of(0), end: Buffer.alloc(17, 0xff), limit: 1_000 };
    const balances = accountRows(store)
      .range(all)
      .map(({ value }) => (JSON.parse(value.toString()) as { balance: number }).balance);
    expect(balances.reduce((sum, balance) => sum + balance, 0)).toBe(ids);
    expect(ids).toBeGreaterThanOrEqual(answered.length);
  } finally {
    await env.close();
  }
}

test(`kill -9, ${rounds} times`, { timeout: 120_000 }, async () => {
  const dir = mkdtempSync(join(tmpdir(), "pantun-kill-"));
  folders.push(() => rmSync(dir, { recursive: true, force: true }));
  const answered: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const run = start(dir, round * 1_000_000, 10);
    const enough = 50 + 37 * round;
    await until("answers", () => (run.answers.get("ok")?.length ?? 0) >= enough);
    run.child.kill("SIGKILL");
    await run.ended;
    answered.push(...run.answers.get("ok")!);
    await judge(dir, answered);
  }
});

test("a full disk refuses, and is gone on with", { timeout: 120_000 }, async () => {
  const disk = makeSmallDisk(24 * 1_024, "tmpfs");
  folders.push(() => disk.remove());
  const run = start(disk.dir, 0, 4_000);
  await until("the start", () => run.answers.has("ready"));
  disk.limit(run.child.pid!);
  await until("a refusal", () => (run.answers.get("LOG_FULL")?.length ?? 0) >= 64);
  const before = run.answers.get("ok")!.length;
  expect(before).toBeGreaterThan(100);
  disk.enlarge(run.child.pid!);
  await until("answers again", () => run.answers.get("ok")!.length >= before + 100);
  run.child.kill("SIGKILL");
  await run.ended;
  expect([...run.answers.keys()].sort()).toEqual(["LOG_FULL", "ok", "ready"]);
  await judge(disk.dir, run.answers.get("ok")!);
});

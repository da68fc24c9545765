// Property: killed behind any step of any record or of the file as a whole, and started again, a
// migration ends as if nothing had been: each record has one result, each card one token and one
// pre-authorisation, and whatever may have been approved is reversed.
import { fork } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import type { RunStep } from "../../api/migration/mod.ts";
import type { DeskOrder } from "./desk-child.ts";
import {
  cardRows,
  dropUpload,
  makeWorld,
  type OpenedHost,
  openHost,
  openResult,
  readAck,
  resultPath,
  uploadText,
  type World,
} from "./world.ts";

const file = fileURLToPath(new URL("./desk-child.ts", import.meta.url));
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Runs until it is killed, or until `isDone`. */
async function runChild(order: DeskOrder, isDone: () => boolean): Promise<"killed" | "done"> {
  const child = fork(file, [], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
  });
  const ended = new Promise<NodeJS.Signals | number | null>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? code));
  });
  let over = false;
  void ended.then(() => {
    over = true;
  });
  closers.push(() => child.kill("SIGKILL"));
  child.send(order);
  while (!over && !isDone()) await pause(25);
  if (!over) child.disconnect();
  const how = await ended;
  if (how !== "SIGKILL" && how !== 0) {
    throw new Error(`the child ended with ${how}: ${said}`);
  }
  return how === 0 ? "done" : "killed";
}

async function checkOutcome(world: World, { rules }: OpenedHost, stem: string, cards: number) {
  const rows = await openResult(world, resultPath(world, stem));
  expect(rows.map((row) => row.record_no)).toEqual(rows.map((_, i) => String(i + 1)));
  expect(rows).toHaveLength(cards);
  expect(new Set(rows.map((row) => row.status))).toEqual(new Set(["TOKENISED"]));
  expect(new Set(rows.map((row) => row.tpan)).size).toBe(cards);
  const asked = rules.seen.filter(({ mti }) => mti === "0100" || mti === "0101");
  // One a record, whatever was repeated: the host saw each under one key, and for nothing.
  expect(new Set(asked.map(({ rrn }) => rrn)).size).toBe(cards);
  expect(new Set(asked.map(({ rrn, stan }) => `${rrn} ${stan}`)).size).toBe(cards);
  expect(asked).toHaveLength(cards);
  expect(new Set(asked.map(({ amount }) => amount))).toEqual(new Set(["000000000000"]));
  const reversed = rules.seen.filter(({ mti }) => mti === "0400" || mti === "0401");
  const originals = new Set(reversed.map(({ original }) => original.slice(4, 10)));
  expect(originals).toEqual(new Set(asked.map(({ stan }) => stan)));
  const tokens = await world.look((vault) => [...vault.tables.tokens.getKeys()].length);
  expect(tokens).toBe(cards);
  expect(readAck(world, stem)).toMatchObject({ outcome: "DONE", tokenised: String(cards) });
  // Nothing but the status is left of the work.
  const [run = ""] = readdirSync(world.folder("runs"));
  expect(readdirSync(join(world.folder("runs"), run))).toEqual(["status.json"]);
  expect(readdirSync(world.folder("in"))).toEqual([]);
}

const cards = 40;
const steps: readonly [RunStep, number][] = [
  ["taken", 1],
  ["checked", 1],
  ["intended", 17],
  ["asked", 23],
  ["reversed", 31],
  ["settled", 9],
  ["provisioned", 40],
  ["recorded", 40],
  ["written", 1],
  ["kept", 1],
  ["published", 1],
  ["acknowledged", 1],
  ["closed", 1],
];

describe("a migration that is killed", () => {
  it.each(steps)(
    "behind '%s', time %i, goes on and ends as one that was not",
    async (step, times) => {
      const world = await makeWorld();
      closers.push(() => world.remove());
      const host = await openHost();
      closers.push(() => host.close());
      const stem = await dropUpload(world, uploadText(cardRows(cards)));
      const flags = world.settings(host.port);
      const killed = await runChild({ flags, killAt: { step, times } }, () => false);
      expect(killed).toBe("killed");
      const isDone = () => isFinished(world) && isReversed(host, cards);
      expect(await runChild({ flags, killAt: null }, isDone)).toBe("done");
      await checkOutcome(world, host, stem, cards);
    },
  );
});

function isFinished(world: World): boolean {
  const work = world.folder("runs");
  if (!existsSync(work)) return false;
  const [run] = readdirSync(work);
  return run !== undefined && readdirSync(join(work, run)).join() === "status.json";
}

function isReversed({ rules }: OpenedHost, count: number): boolean {
  const reversed = rules.seen.filter(({ mti }) => mti === "0400" || mti === "0401");
  return new Set(reversed.map(({ rrn }) => rrn)).size >= count;
}

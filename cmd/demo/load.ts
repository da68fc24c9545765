// Starts the load and tells in a few lines what came of it.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { latencyLine } from "../sim/switch/report.ts";
import type { LoadOrder, LoadResult } from "./load-child.ts";
import { acquirerId, merchantId, switchName, type World } from "./world.ts";

export interface LoadTold {
  readonly lines: readonly string[];
  readonly wrong: number;
}

/** Far below what the doors take: latency without a queue. */
const openLoopRate = 1_000;

const childFile = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./load-child.ts" : "./load-child.js", import.meta.url),
);

export async function loadLines(world: World, seconds: number): Promise<LoadTold> {
  const { addresses } = world.service;
  const order: LoadOrder = {
    dir: world.dir,
    passphraseFile: world.passphraseFile,
    vaultMapBytes: world.settings.vault.mapBytes,
    switchName,
    acquirerId,
    merchantId,
    session: addresses.switch,
    isoPort: addresses.iso.port,
    seconds,
    rate: openLoopRate,
  };
  const { sessionPerSecond, isoPerSecond, openLoop } = await runChild(order);
  const shown = (rate: number) => rate.toLocaleString("en-GB").padStart(9);
  const wrong = openLoop.wrong + openLoop.unanswered;
  return {
    wrong: openLoop.ok ? 0 : Math.max(1, wrong),
    lines: [
      `open loop, ${openLoopRate}/s, good and bad    ` +
        `${shown(openLoop.sent)} answers, ${wrong} wrong`,
      `  ${latencyLine(openLoop.latency)}`,
      `gRPC session, frames of 64       ${shown(sessionPerSecond)} verified messages/s`,
      `ISO 8583, 4 connections, MACs    ${shown(isoPerSecond)} verified messages/s`,
    ],
  };
}

function runChild(order: LoadOrder): Promise<LoadResult> {
  const child = fork(childFile, [], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  child.send(order);
  return new Promise((resolve, reject) => {
    child.once("message", (message: { result?: LoadResult; failed?: string }) => {
      if (message.result !== undefined) resolve(message.result);
      else reject(new Error(`the load failed: ${message.failed}`));
    });
    child.once("exit", (code) => reject(new Error(`the load process ended with ${code}`)));
  });
}

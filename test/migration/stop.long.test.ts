// Property: a migration whose issuers cannot be reached waits; it can be stopped meanwhile at once,
// and goes on when they are there again, with nothing lost and nothing asked twice.
import { fork } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { readStatus } from "../../api/migration/status.ts";
import { within } from "../../platform/mod.ts";
import {
  cardRows,
  dropUpload,
  makeWorld,
  type OpenedHost,
  openHost,
  readAck,
  uploadText,
  type World,
} from "./world.ts";

const file = fileURLToPath(new URL("./desk-child.ts", import.meta.url));
const cards = 30;
let world: World;
let host: OpenedHost | undefined;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(async () => {
  await host?.close();
  world.remove();
});

function start(port: number) {
  const child = fork(file, [], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  onTestFinished(() => void child.kill("SIGKILL"));
  child.send({ flags: world.settings(port), killAt: null });
  return {
    async stop() {
      child.disconnect();
      return within(20_000, "the desk did not stop within 20 s", ended);
    },
  };
}

function stateNow(): string | undefined {
  const runs = world.folder("runs");
  const [run] = existsSync(runs) ? readdirSync(runs) : [];
  return run === undefined ? undefined : readStatus(join(runs, run))?.state;
}

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 600 && !isSo(); turn++) await pause(50);
  expect(isSo()).toBe(true);
}

it("waits for the issuers, and can be stopped while it does", async () => {
  const nobody = await openHost();
  const { port } = nobody;
  await nobody.close();
  const stem = await dropUpload(world, uploadText(cardRows(cards)));
  const first = start(port);
  await until(() => stateNow() === "RUNNING");
  expect(await first.stop()).toBe(0);
  expect(stateNow()).toBe("RUNNING");
  host = await openHost([], port);
  const { rules } = host;
  const second = start(port);
  await until(() => readAck(world, stem) !== undefined);
  await until(() => rules.count("0400") === cards);
  expect(await second.stop()).toBe(0);
  expect(readAck(world, stem)).toMatchObject({ outcome: "DONE", tokenised: String(cards) });
  expect(rules.count("0100")).toBe(cards);
  expect(rules.count("0101")).toBe(0);
});

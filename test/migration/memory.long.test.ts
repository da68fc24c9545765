// Property: memory does not grow with the file. The largest file there may be, 100,000 rows, goes
// through with a heap that could not hold it. Every fiftieth card is one that its issuer is asked
// about; the others lie outside the registered ranges, so that the test ends in seconds.
import { fork } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { luhnPan } from "../grpc/cards.ts";
import {
  cardRow,
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
const rows = 100_000;
const every = 50;
/** The program itself takes some 45 MB of it. */
const heapMegabytes = 80;

let world: World;
let host: OpenedHost;
beforeAll(async () => {
  world = await makeWorld();
  host = await openHost();
});
afterAll(async () => {
  await host.close();
  world.remove();
});

it("does not grow with the file", { timeout: 120_000 }, async () => {
  const cards = Array.from({ length: rows }, (_, i) => {
    const range = i % every === 0 ? "999999" : "777777";
    return cardRow(i + 1, luhnPan(`${range}${String(i).padStart(9, "0")}`));
  });
  const stem = await dropUpload(world, uploadText(cards));
  const execArgv = [`--max-old-space-size=${heapMegabytes}`];
  const child = fork(file, [], { stdio: ["ignore", "ignore", "inherit", "ipc"], execArgv });
  const ended = new Promise<string | number | null>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? code));
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let over = false;
  void ended.then(() => {
    over = true;
  });
  child.send({ flags: world.settings(host.port), killAt: null });
  while (!over && readAck(world, stem) === undefined) await pause(100);
  if (!over) child.disconnect();
  expect(await ended).toBe(0);
  const asked = String(rows / every);
  const outside = String(rows - rows / every);
  expect(readAck(world, stem)).toMatchObject({ tokenised: asked, not_eligible: outside });
  const result = await openResult(world, resultPath(world, stem));
  expect(result.map((row) => row.requestor_ref)).toEqual(cards.map((_, i) => `ref-${i + 1}`));
});

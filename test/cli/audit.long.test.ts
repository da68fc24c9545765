// Defends: what a running service hands out and what is done to its vault from the command line is
// in the audit chain, which the commands prove, show and copy without a card number; a copy that
// was altered, cut or rolled back is found.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Story, type StoryLine } from "../../cmd/demo/story.ts";
import { openWorld, type World } from "../../cmd/demo/world.ts";
import { until } from "../grpc/doors.ts";
import { type Finished, pantun, startPantun } from "./run-pantun.ts";

let world: World;
let scratch: string;
const lines: StoryLine[] = [];

beforeAll(async () => {
  world = await openWorld({ tokens: 40 });
  scratch = mkdtempSync(join(tmpdir(), "pantun-audit-"));
  expect(await Story.play(world, (line) => lines.push(line))).toBe(0);
}, 60_000);
afterAll(async () => {
  await world.close();
  rmSync(scratch, { recursive: true });
});

const flags = () => ["--dir", world.dir, "--passphrase-file", world.passphraseFile];
async function run(...args: string[]): Promise<Finished> {
  const done = await pantun([...args, ...flags()]);
  expect(done.stdout + done.stderr).not.toMatch(/(?<![0-9])[0-9]{16,19}(?![0-9])/);
  return done;
}
async function document(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await run(...args, "--json");
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}
async function entries(): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await run("audit", "tail", "-n", "1000", "--json");
  expect(code, stderr).toBe(0);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("approvals are there by door and peer; acts are, with who did them", async () => {
  const { tokenRef } = world.tokens[7]!;
  await document("token", "suspend", tokenRef, "--cause", "ADMIN");
  await document("keys", "rotate", "ptav", "--spread", "0");
  let found = await entries();
  // The fold comes round four times a second.
  for (let i = 0; i < 20 && !found.some(({ act }) => act === "key.rotate"); i++) {
    found = await entries();
  }
  const released = found.filter(({ act }) => act === "pan.release");
  const doors = new Set(released.map(({ door, by }) => `${door} ${by}`));
  expect(doors).toEqual(new Set(["iso8583 mydebit-net", "grpc mydebit-net"]));
  // The session's frame of 64 and what the story approves one by one.
  const approvedAlone = lines.filter(({ says }) => / 00 0000 /.test(says)).length;
  expect(released.length).toBe(64 + approvedAlone);
  expect(released.filter(({ repetition }) => repetition === true)).toHaveLength(1);
  expect(released.filter(({ reason }) => reason === "original")).toHaveLength(1);
  const tokens = new Set(world.tokens.map((token) => token.tokenRef));
  expect(released.every(({ subject }) => tokens.has(String(subject)))).toBe(true);
  const acts = found.filter(({ act }) => act !== "pan.release");
  expect(acts.map(({ act }) => act)).toEqual(["service.peers", "token.suspend", "key.rotate"]);
  expect(acts[1]).toMatchObject({ subject: tokenRef, detail: { cause: "ADMIN" } });
  expect(acts[2]).toMatchObject({ subject: "ptav-2", by: expect.stringMatching(/^cli:./) });
}, 60_000);

test("the chain is proved while the service runs; a head and an export need no keys", async () => {
  const verified = await document("audit", "verify");
  expect(verified).toMatchObject({ problems: [], releases: expect.any(Number) });
  const noted = join(scratch, "head.json");
  writeFileSync(noted, (await run("audit", "head")).stdout);
  const copy = join(scratch, "audit.jsonl");
  await document("audit", "export", copy);
  expect((await run("audit", "verify", "--head", noted)).code).toBe(0);
  const offline = ["audit", "verify", "--file", copy, "--head", noted];
  expect((await pantun(offline)).code).toBe(0);
  const text = readFileSync(copy, "utf8");
  const blocks = text.trimEnd().split("\n");
  expect(blocks.length).toBeGreaterThan(1);
  const altered = blocks.map((line, at) => {
    const { bytes, ...rest } = JSON.parse(line);
    const raw = Buffer.from(bytes, "base64");
    if (at === 0) raw[80]! ^= 1;
    return JSON.stringify({ ...rest, bytes: raw.toString("base64") });
  });
  for (const wrong of [altered, blocks.slice(1).reverse(), blocks.slice(0, -1)]) {
    const file = join(scratch, "wrong.jsonl");
    writeFileSync(file, `${wrong.join("\n")}\n`);
    const { code, stderr } = await pantun(["audit", "verify", "--file", file, "--head", noted]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("block")]);
  }
  writeFileSync(noted, '{"block":"x"}');
  expect((await run("audit", "verify", "--head", noted)).stderr).toContain("INVALID_REQUEST");
}, 60_000);

test("tail follows what comes, and the export itself is an act", async () => {
  const { child, finished } = startPantun(["audit", "tail", "--follow", ...flags()]);
  let out = "";
  child.stdout!.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  await until("the export", () => out.includes("audit.export"), 20_000);
  await document("token", "resume", world.tokens[7]!.tokenRef, "--cause", "ADMIN");
  await until("the next act", () => out.includes("token.resume"), 20_000);
  child.kill("SIGTERM");
  await finished;
}, 60_000);

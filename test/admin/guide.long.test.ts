// Defends: the operators' guide is true. Every command on the page is typed, in its order, against
// a vault and a service of its own, and says what the page says.
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { within } from "../../platform/mod.ts";
import { pantun } from "../cli/run-pantun.ts";
import { root } from "../tidy/tree.ts";

const page = readFileSync(join(root, "docs/guides/operator.md"), "utf8");
const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]!);

let home: string;
let port: number;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "pantun-guide-"));
  mkdirSync(join(home, "var"));
  writeFileSync(join(home, "var", "passphrase"), "a passphrase for tests\n", { mode: 0o600 });
  const access = ["--dir", join(home, "var/vault")];
  access.push("--passphrase-file", join(home, "var/passphrase"));
  for (const args of [
    ["keys", "init", "--peer", "net"],
    ["vault", "generate", "--tokens", "10"],
  ]) {
    const { code, stderr } = await pantun([...args, ...access]);
    expect(code, stderr).toBe(0);
  }
  const parties = {
    switches: [{ name: "net" }],
    requestors: [{ name: "shop", trids: ["99900000001"] }],
    plain: { switch: "net", requestor: "shop" },
  };
  writeFileSync(join(home, "var", "parties.json"), JSON.stringify(parties));
  writeFileSync(
    join(home, "pantun"),
    `#!/bin/sh\nexec "${process.execPath}" "${join(root, "cmd/pantun/main.ts")}" "$@"\n`,
  );
  chmodSync(join(home, "pantun"), 0o755);
  port = await freePort();
}, 60_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port: found } = server.address() as { port: number };
      server.close(() => resolve(found));
    });
  });
}

interface Typed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** All blocks in one shell, each line echoed before it runs; the first failure ends it. */
function type(): Promise<Typed> {
  const doors = ["ISO", "SWITCH", "REQUESTOR", "ISSUER", "ADMIN", "ADMIN_GRPC"];
  const ports = Object.fromEntries(
    doors.map((door) => [
      door === "ADMIN_GRPC" ? "PANTUN_ADMIN_GRPC_PORT" : `PANTUN_${door}_PORT`,
      "0",
    ]),
  );
  const script = [
    "set -e",
    "trap 'kill %1; wait' EXIT",
    ...blocks.map((block) => block.replaceAll("8606", String(port))),
    "echo the end",
  ].join("\n");
  const clean = Object.entries(process.env).filter(([name]) => !name.startsWith("PANTUN_"));
  const child = spawn("bash", ["-c", script], {
    cwd: home,
    env: {
      ...Object.fromEntries(clean),
      ...ports,
      PANTUN_ADMINISTRATION_PORT: String(port),
      PANTUN_VAULT_MAP_BYTES: "64MiB",
      PANTUN_REPLAY_MAP_BYTES: "64MiB",
      PATH: `${home}${delimiter}${process.env.PATH}`,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const out = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    out.stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    out.stderr += chunk.toString();
  });
  const typed = new Promise<Typed>((resolve) => {
    child.once("close", (code) => resolve({ code, ...out }));
  });
  // Its trap ends what it has started.
  const late = () => `the page was not typed to its end within 140 s:\n${out.stdout}${out.stderr}`;
  return within(140_000, "", typed).catch(() => {
    child.kill("SIGTERM");
    throw new Error(late());
  });
}

test("every command of the page works as it stands there", async () => {
  expect(blocks.length).toBeGreaterThan(10);
  const { code, stdout, stderr } = await type();
  const log = stderr
    .split("\n")
    .filter((line) => !line.startsWith("{"))
    .join("\n");
  expect(code, `${stdout}\n${log}`).toBe(0);
  expect(stdout).toMatch(/the end\n$/);
  expect(stdout).toMatch(/^9 +REFUSED +issuer.put +BANK0002 +alice +bob/m);
  expect(stdout).toMatch(/^alone +requestor.status$/m);
  expect(stdout).toMatch(/^ptav +- +2 +ACTIVE/m);
  expect(stdout).toContain("key.rotate  carol, approved by bob  ptav-1");
  expect(stdout).toMatch(/^faults +0$/m);
}, 150_000);

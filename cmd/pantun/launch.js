#!/usr/bin/env node
// Plain JavaScript, so that even an old system Node can run it: it goes on under the Node that the
// project pins in node_modules, or under the running one where that is new enough.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const main = join(root, "cmd", "pantun", "main.ts");
const pinned = join(root, "node_modules", "node", "bin", "node");
// How V8's collector is set for whatever serves. Payments leave short-lived garbage: frames and the
// buffers of their answers, 700 bytes a message. V8 counts buffers against the old generation and
// would mark the whole heap nine times a second; with room to twice what lives, scavenges
// free them first. A small young generation holds less memory, in every thread, and its
// scavenges, which nothing survives, cost no more. Measured: docs/internals/performance.md.
const nodeFlags = JSON.parse(readFileSync(new URL("./node-flags.json", import.meta.url), "utf8"));
const compiled = join(root, ".cache", "compiled");
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const runnable = major > 24 || (major === 24 && minor >= 12);

if (!runnable && !existsSync(pinned)) {
  process.stderr.write(
    `pantun: Node ${process.versions.node} is too old (24.12 is needed). Run 'npm ci' first.\n`,
  );
  process.exit(5);
}
const child = spawn(
  existsSync(pinned) ? pinned : process.execPath,
  [...nodeFlags, main, ...process.argv.slice(2)],
  // Without the cache, every thread loads and keeps the compiler that strips types.
  { stdio: "inherit", env: { NODE_COMPILE_CACHE: compiled, ...process.env } },
);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("exit", (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 128 + (signal === "SIGINT" ? 2 : 15);
});

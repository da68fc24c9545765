#!/usr/bin/env node
// Plain JavaScript, so that even an old system Node can run it: it goes on under the Node that the
// project pins in node_modules, or under the running one where that is new enough.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const main = join(root, "cmd", "pantun", "main.ts");
const pinned = join(root, "node_modules", "node", "bin", "node");
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
  [main, ...process.argv.slice(2)],
  {
    stdio: "inherit",
  },
);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("exit", (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 128 + (signal === "SIGINT" ? 2 : 15);
});

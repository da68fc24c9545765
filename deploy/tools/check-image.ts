// Checks the image without a container engine: takes the files that the Containerfile copies, goes
// through its steps in a temporary folder, and runs the program from what the last stage gets.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const text = readFileSync(join(root, "deploy/Containerfile"), "utf8");
const [, build = "", last = ""] = text.split(/^FROM .*$/m);

let passed = 0;
let failed = 0;

function check(name: string, ok: boolean, why = ""): void {
  if (ok) passed++;
  else failed++;
  process.stdout.write(`${ok ? "ok  " : "FAIL"} ${name}${ok ? "" : `\n${why}`}\n`);
}

function run(name: string, command: string, args: readonly string[], cwd: string): string {
  const ran = spawnSync(command, args, { cwd, encoding: "utf8", timeout: 300_000 });
  const out = `${ran.stdout ?? ""}${ran.stderr ?? ""}`;
  check(name, ran.status === 0, out);
  return out;
}

function copies(stage: string): string[][] {
  return [...stage.matchAll(/^COPY (.+)$/gm)].map(([, list = ""]) => list.split(" "));
}

function imitate(folder: string): void {
  const source = join(folder, "src");
  mkdirSync(source);
  for (const list of copies(build)) {
    const to = list.at(-1) ?? "";
    for (const from of list.slice(0, -1)) {
      const there = existsSync(join(root, from));
      check(`${from} is there`, there, `the Containerfile copies ${from}`);
      const path = to === "./" ? join(source, from) : join(source, to);
      if (there) cpSync(join(root, from), path, { recursive: true });
    }
  }
  run("npm ci", "npm", ["ci", "--no-audit", "--no-fund"], source);
  run("npm run build", "npm", ["run", "build"], source);
  const node = join(folder, "node");
  copyFileSync(join(source, "node_modules/node/bin/node"), node);
  run("npm ci, production", "npm", ["ci", "--omit=dev", "--no-audit", "--no-fund"], source);
  const image = join(folder, "image");
  for (const [, from = "", to = ""] of copies(last)) {
    const inside = from.startsWith("/src/") ? join(source, from.slice(5)) : node;
    cpSync(inside, join(image, to), { recursive: true });
  }
  rmSync(source, { recursive: true });
  start(image);
}

/** The entry point, from another folder, with no file of it writable. */
function start(image: string): void {
  const entry = /^ENTRYPOINT (\[[^\]]+\])$/m.exec(last)?.[1] ?? "[]";
  const words = JSON.parse(entry.replaceAll("\\\n", "")) as string[];
  const inImage = (word: string) => (word.startsWith("/") ? join(image, word) : word);
  const [command = "", ...args] = words.map(inImage);
  chmodSync(command, 0o555);
  const version = run("the entry point starts", command, [...args, "--version"], tmpdir());
  check("it says its version", /^\d+\.\d+\.\d+/.test(version), version);
  const demo = run("the demonstration runs", command, [...args, "demo"], tmpdir());
  check("every answer was right", demo.includes("Every answer was right."), demo);
}

check("two stages", build !== "" && last !== "");
check("the last one is not run by root", /^USER [1-9][0-9]*:[1-9][0-9]*$/m.test(last));
check("nothing is fetched but packages", !/curl|wget|apt-get|ADD |git clone/.test(text));
const folder = mkdtempSync(join(tmpdir(), "pantun-image-"));
try {
  imitate(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

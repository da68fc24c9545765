// Who may know whom. The rooms of the architecture, as a table, and the walk over the imports that
// holds every file to it.
import { posix } from "node:path";
import { isCode, isTest, type Problem, type SourceFile } from "./tree.ts";

/** What each room may import besides itself. */
export const allowedRooms: Readonly<Record<string, readonly string[]>> = {
  codec: [],
  platform: [],
  proto: [],
  crypto: ["codec"],
  vault: ["codec", "crypto", "platform"],
  hotpath: ["codec", "crypto", "vault", "platform"],
  actors: ["codec", "crypto", "vault", "platform"],
  api: ["codec", "crypto", "vault", "hotpath", "actors", "platform", "proto"],
};

/** Programs, measurements and generators stand above the rooms and may import all of them. */
const above = new Set(["cmd", "bench", "test", "docs", "deploy", ".ci"]);
/** Of these only the last-named may reach into `cmd`: pages and black-box tests describe it. */
const mayImportCmd = new Set(["cmd", "docs", "test", "bench"]);

/** Packages that stay behind one room, so that replacing one is one room's work. */
export const packageHomes: Readonly<Record<string, readonly string[]>> = {
  "prom-client": ["platform"],
  pino: ["platform"],
  koffi: ["crypto"],
  lmdb: ["vault", "bench", "test"],
  piscina: ["hotpath", "bench"],
  saxes: ["codec"],
  fastify: ["api", "bench"],
  jose: ["api", "bench"],
  openpgp: ["api", "test"],
  ssh2: ["api", "cmd"],
  sharp: ["api"],
  "@nats-io/transport-node": ["actors", "bench", "test"],
  "@nats-io/jetstream": ["actors", "bench", "test"],
  "@nats-io/kv": ["actors", "bench", "test"],
  commander: ["cmd", "bench", "docs", "test"],
};

/** The codec computes: it opens nothing, asks no clock and holds no key. */
const codecBans = /^node:(fs|net|http|https|tls|crypto|child_process|worker_threads|os|dgram)/;

export interface Import {
  readonly line: number;
  /** As written. */
  readonly target: string;
}

const importForms = [
  String.raw`(?:^|[^\w.])(?:import|export)\s+(?:[^"';]*?\sfrom\s+)?"([^"]+)"`,
  String.raw`\bimport\("([^"]+)"\)`,
  String.raw`new URL\(\s*"(\.[^"]+\.[jt]s)"`,
];
const importPattern = new RegExp(importForms.join("|"), "g");

/** Imports, re-exports, dynamic imports, and files named by `new URL("./x.ts", …)`. */
export function importsOf(text: string): Import[] {
  return [...text.matchAll(importPattern)].map((match) => ({
    line: text.slice(0, match.index + 1).split("\n").length,
    target: match[1] ?? match[2] ?? match[3] ?? "",
  }));
}

/** The path from the root that a relative import names. */
export function resolveImport(from: string, target: string): string {
  return posix.normalize(posix.join(posix.dirname(from), target));
}

function roomOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
}

/** A room's doors: its mod.ts, and for the codec that of each of its parts. */
function isDoor(path: string): boolean {
  return /^\w+\/mod\.ts$/.test(path) || /^codec\/\w+\/mod\.ts$/.test(path);
}

/**
 * What tests of all rooms share: a vault in a temporary folder, and cards that are made and changed
 * by the actor's own decisions, in the rooms below it too. Nothing but a test, or the rig or child
 * process of tests, may lean on them.
 */
const sharedRigs = new Set(["vault/test-vault.ts", "actors/card/test-rig.ts"]);

function isTestSupport(path: string): boolean {
  return isTest(path) || /(^|\/)test-[\w-]+\.ts$/.test(path);
}

function judgeRelative(file: SourceFile, target: string): string | null {
  const to = resolveImport(file.path, target);
  if (to.startsWith("..")) return "leaves the repository";
  const here = roomOf(file.path);
  const there = roomOf(to);
  if (here === there) return null;
  if (there === "cmd" && !mayImportCmd.has(here)) return "nothing imports from cmd";
  // Test numbers may be taken by tests of every room that may know the codec.
  const fixture = to === "codec/pan/fixtures.ts" && isTest(file.path);
  if (above.has(here) || here === "") return null;
  if (sharedRigs.has(to) && isTestSupport(file.path)) return null;
  const allowed = allowedRooms[here];
  if (allowed === undefined) return `${here} is not a room`;
  if (!allowed.includes(there)) return `${here} may not know ${there}`;
  if (!isDoor(to) && !fixture) return `imports past the door of ${there}`;
  return null;
}

function judgePackage(file: SourceFile, target: string): string | null {
  const here = roomOf(file.path);
  const name = target.startsWith("@")
    ? target.split("/", 2).join("/")
    : (target.split("/", 1)[0] ?? "");
  const homes = packageHomes[name];
  if (homes !== undefined && here !== "" && !homes.includes(here) && !isTest(file.path)) {
    return `${name} belongs to ${homes[0]}`;
  }
  const computes = here === "codec" && !isTest(file.path) && !file.path.includes("/generat");
  return computes && codecBans.test(target) ? "the codec does no I/O and holds no key" : null;
}

export function importProblems(file: SourceFile): Problem[] {
  if (!isCode(file.path)) return [];
  return importsOf(file.text).flatMap(({ line, target }) => {
    const text = target.startsWith(".") ? judgeRelative(file, target) : judgePackage(file, target);
    if (text === null) return [];
    return [{ path: file.path, line, rule: "import", text: `"${target}" ${text}` }];
  });
}

/** Files that are started, not imported, are named in one of these. */
const starters = /^(package\.json|CONTRIBUTING\.md|vitest\.config\.ts|\.ci\/.*)$/;

/** Code files that no other file imports, names or starts. */
export function deadFiles(files: readonly SourceFile[]): Problem[] {
  const alive = new Set<string>();
  const started = files
    .filter((file) => starters.test(file.path))
    .map((file) => file.text)
    .join("\n");
  for (const file of files) {
    if (!/\.(ts|js)$/.test(file.path)) continue;
    for (const { target } of importsOf(file.text)) {
      if (target.startsWith(".")) alive.add(resolveImport(file.path, target));
    }
    // Programs that tests and benches start are named by their path from the root.
    for (const [, named] of file.text.matchAll(/"((?:[\w.-]+\/)+[\w.-]+\.[tj]s)"/g)) {
      if (named !== undefined) alive.add(named);
    }
  }
  return files
    .filter(({ path }) => isCode(path) && !path.endsWith(".test.ts"))
    .filter(({ path }) => !alive.has(path) && !started.includes(path))
    .filter(({ path }) => !/^[\w-]+\.config\.ts$/.test(path))
    .map(({ path }) => ({ path, line: 0, rule: "dead-file", text: "nothing imports it" }));
}

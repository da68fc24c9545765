// The files of the repository as the tidy rules see them: tracked ones and new ones that are not
// ignored, so that a fault shows before it is committed.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export interface SourceFile {
  /** Path from the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Problem {
  readonly path: string;
  /** From 1; 0 where the whole file is meant. */
  readonly line: number;
  readonly rule: string;
  readonly text: string;
}

/** Larger files are data; no rule here is about them. */
const textBytesMax = 2_000_000;

export function listFiles(): string[] {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const out = execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
  return [...new Set(out.split("\0"))]
    .filter((path) => path !== "" && existsSync(join(root, path)))
    .sort();
}

/** All text files; a NUL byte makes a file binary. */
export function readTree(): SourceFile[] {
  const files: SourceFile[] = [];
  for (const path of listFiles()) {
    const full = join(root, path);
    const facts = statSync(full);
    if (!facts.isFile() || facts.size > textBytesMax) continue;
    const bytes = readFileSync(full);
    if (bytes.includes(0)) continue;
    files.push({ path, text: bytes.toString("utf8") });
  }
  return files;
}

const generatedPath = /(^|\/)(gen|testdata)\//;

export function isGenerated(path: string): boolean {
  return generatedPath.test(path);
}

/** Hand-written code of ours. */
export function isCode(path: string): boolean {
  return /\.(ts|js)$/.test(path) && !isGenerated(path);
}

export function isTest(path: string): boolean {
  return path.endsWith(".test.ts") || path.startsWith("test/");
}

export function show(problems: readonly Problem[]): string[] {
  return problems.map(({ path, line, rule, text }) => `${path}:${line} ${rule}: ${text}`);
}

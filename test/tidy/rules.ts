// The rules that look at one file at a time. Each is a function from a file to its faults, so that
// a test can show that it finds what it should.
import { isCode, isGenerated, isTest, type Problem, type SourceFile } from "./tree.ts";

export const columnsMax = 100;
export const linesMax = 400;
export const testLinesMax = 70;

type Rule = (file: SourceFile) => Problem[];

function problemsOfLines(
  file: SourceFile,
  rule: string,
  judge: (line: string, number: number) => string | null,
): Problem[] {
  return file.text.split("\n").flatMap((line, i) => {
    const text = judge(line, i + 1);
    return text === null ? [] : [{ path: file.path, line: i + 1, rule, text }];
  });
}

/** Lines of code are at most 100 columns; the formatter leaves comments and strings to us. */
export const longLines: Rule = (file) => {
  if (!isCode(file.path)) return [];
  return problemsOfLines(file, "long-line", (line) => {
    if (line.length <= columnsMax) return null;
    return `${line.length} columns, at most ${columnsMax}`;
  });
};

/** Files of code are at most 400 lines. */
export const longFiles: Rule = (file) => {
  if (!isCode(file.path)) return [];
  const count = file.text.split("\n").length - 1;
  if (count <= linesMax) return [];
  const text = `${count} lines, at most ${linesMax}`;
  return [{ path: file.path, line: 0, rule: "long-file", text }];
};

/**
 * Functions are at most 70 lines: the linter counts them in the code, this in single tests, which
 * it cannot tell from the group around them. Formatted code ends a block at its own indent.
 */
export const longTests: Rule = (file) => {
  if (!file.path.endsWith(".test.ts")) return [];
  const lines = file.text.split("\n");
  return lines.flatMap((line, start) => {
    const match = /^( *)(it|test)(\.\w+(\(.*\))?)*\(/.exec(line);
    if (match === null || !line.endsWith("{")) return [];
    const indent = match[1] ?? "";
    const end = lines.findIndex((other, i) => i > start && other.startsWith(`${indent}}`));
    const count = end - start - 1;
    if (count <= testLinesMax) return [];
    const text = `${count} lines in one test, at most ${testLinesMax}`;
    return [{ path: file.path, line: start + 1, rule: "long-test", text }];
  });
};

const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|prop\.test|long\.test|bench|config|pb))?\.(ts|js)$/;
const bannedFolders = new Set([
  "src",
  "lib",
  "utils",
  "util",
  "common",
  "helpers",
  "types",
  "misc",
]);

/** Names of code files are kebab-case, and no folder has a name that says nothing. */
export const names: Rule = (file) => {
  const problems: Problem[] = [];
  const folders = file.path.split("/");
  const base = folders.pop() ?? "";
  if (isCode(file.path) && !kebab.test(base)) {
    problems.push({ path: file.path, line: 0, rule: "name", text: "is not kebab-case" });
  }
  for (const folder of folders) {
    // What all benches share is the one library here.
    if (!bannedFolders.has(folder) || file.path.startsWith("bench/lib/")) continue;
    const text = `folder ${folder} names no subject`;
    problems.push({ path: file.path, line: 0, rule: "folder", text });
  }
  return problems;
};

// Written in two halves each, or this file would break its own rule.
const marks = [
  ["TO", "DO"],
  ["FIX", "ME"],
  ["XX", "X"],
  [".on", "ly("],
  [".sk", "ip("],
  [".to", "do("],
  [".fail", "s("],
  ["debug", "ger;"],
  ["PRIVATE ", "KEY-----"],
  ["registry.", "npmjs"],
  ["files.python", "hosted"],
  ["proxy.", "golang"],
  ["/ro", "ot/"],
  ["/wo", "rk/"],
].map((halves) => halves.join(""));

/** Unfinished work, skipped tests, private keys, download hosts and paths of one machine. */
export const bannedWords: Rule = (file) => {
  if (file.path === "LICENSE" || isGenerated(file.path)) return [];
  return problemsOfLines(file, "banned-word", (line) => {
    const mark = marks.find((word) => line.includes(word));
    return mark === undefined ? null : mark;
  });
};

export function luhnValid(digits: string): boolean {
  let sum = 0;
  for (let i = digits.length - 1, double = false; i >= 0; i--, double = !double) {
    const digit = digits.charCodeAt(i) - 48;
    const value = double ? digit * 2 : digit;
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

const fixtures = "codec/pan/fixtures.ts";
const numbersElsewhere = /(^|\/)gen\/|^bench\/results\/|^package-lock\.json$/;

/** No number that could be a card stands anywhere but in the one file of test numbers. */
export const cardNumbers: Rule = (file) => {
  if (file.path === fixtures || numbersElsewhere.test(file.path)) return [];
  return problemsOfLines(file, "card-number", (line) => {
    for (const match of line.matchAll(/\d+/g)) {
      const digits = match[0];
      if (digits.length < 13 || digits.length > 19) continue;
      if (line[match.index - 1] === "." || !luhnValid(digits)) continue;
      return `${digits.slice(0, 6)}… passes the check digit; take it from ${fixtures}`;
    }
    return null;
  });
};

/** Test files open with the property they defend; a room's door says what the room promises. */
export const openings: Rule = (file) => {
  const lines = file.text.split("\n");
  const comments = lines.findIndex((line) => !line.startsWith("//"));
  if (file.path.endsWith(".test.ts") && comments < 1) {
    const text = "does not open with the property it defends";
    return [{ path: file.path, line: 1, rule: "opening", text }];
  }
  if (/(^|\/)mod\.ts$/.test(file.path) && isCode(file.path) && comments < 5) {
    const text = "does not open with what the room is, promises and never does";
    return [{ path: file.path, line: 1, rule: "opening", text }];
  }
  return [];
};

/** Erasable, explicit TypeScript: what neither the compiler nor the linter refuses already. */
export const codeStyle: Rule = (file) => {
  if (!file.path.endsWith(".ts") || !isCode(file.path)) return [];
  const config = /\.config\.ts$/.test(file.path);
  return problemsOfLines(file, "style", (line) => {
    if (/^export default\b/.test(line) && !config) return "has a default export";
    if (/^\s*\/\/ (@ts-|biome-ignore-all)/.test(line)) return "switches a check off";
    if (/\bMath\.random\(/.test(line) && !isTest(file.path)) return "takes randomness by itself";
    return null;
  });
};

export const fileRules: readonly Rule[] = [
  longLines,
  longFiles,
  longTests,
  names,
  bannedWords,
  cardNumbers,
  openings,
  codeStyle,
];

// Settings: flag before environment before file before default. Unknown names are errors that name
// the nearest known one, and every value remembers where it came from.
import { readFileSync } from "node:fs";
import type { Static, TObject } from "typebox";
import { Value } from "typebox/value";
import { appError } from "../errors/app-error.ts";
import { nearestName } from "./nearest.ts";
import { choicesOf, envName, type Leaf, leavesOf } from "./setting.ts";
import { formatAmount, parseAmount, suffixesOf } from "./units.ts";

export type Source = "flag" | "environment" | "file" | "default";

export interface ConfigInput {
  /** Path to text, as from `--set grpc.port=9443` or from flags of their own. */
  readonly flags?: Readonly<Record<string, string | undefined>>;
  /** Usually process.env; only PANTUN_ names are looked at. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Content of the settings file, JSON with one object a group. */
  readonly file?: { readonly name: string; readonly content: unknown };
}

export interface LoadedConfig<S extends TObject> {
  readonly value: Static<S>;
  /** Where each path's value came from. */
  readonly sources: ReadonlyMap<string, Source>;
}

/** Read by programs themselves before the settings are: the settings file's name. */
/** Of commands that call a service; they may stand in the shell that starts one. */
const clientEnv = "PANTUN_CLIENT_";
export const configFileEnv = "PANTUN_CONFIG";
/** A settings file with every peer and requestor of a network is far below this. */
const fileBytesMax = 4 * 1024 * 1024;
/** So many faults are told at once; more would not be read. */
const problemsMax = 5;

interface Found {
  readonly raw: unknown;
  readonly source: Source;
  /** How the user calls it: "--set grpc.port", "PANTUN_GRPC_PORT", "grpc.port in pantun.json". */
  readonly called: string;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads a settings file; the result is `file` of ConfigInput. */
export function readConfigFile(name: string): { name: string; content: unknown } {
  let text: string;
  try {
    text = readFileSync(name, "utf8");
  } catch (cause) {
    throw appError("FILE_UNREADABLE", `the settings file ${name} cannot be read`, { cause });
  }
  if (text.length > fileBytesMax) {
    throw appError("CONFIG_INVALID", `the settings file ${name} is larger than 4 MiB`);
  }
  try {
    return { name, content: JSON.parse(text) };
  } catch (cause) {
    // The parser's own message quotes the text, so it is not shown.
    throw appError("CONFIG_INVALID", `the settings file ${name} is not valid JSON`, { cause });
  }
}

/** Paths of a settings file, down to the leaves or to what no group is named. */
function flatten(content: unknown, leaves: ReadonlySet<string>, above = ""): [string, unknown][] {
  if (!isObject(content)) return [];
  return Object.entries(content).flatMap(([key, value]): [string, unknown][] => {
    const path = above === "" ? key : `${above}.${key}`;
    if (leaves.has(path) || !isObject(value)) return [[path, value]];
    const below = flatten(value, leaves, path);
    return below.length === 0 ? [] : below;
  });
}

/** A text value as its leaf's type; unchanged where it does not fit, for the check to tell. */
function fromText(text: string, leaf: Leaf): unknown {
  const { schema } = leaf;
  if (schema.unit !== undefined) return parseAmount(text, schema.unit) ?? text;
  if (schema.type === "integer" || schema.type === "number") {
    return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
  }
  if (schema.type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  if (schema.type === "array" || schema.type === "object") {
    if (/^\s*[[{]/.test(text)) {
      try {
        return JSON.parse(text);
      } catch {
        return text;
      }
    }
    return text === "" ? [] : text.split(",").map((item) => item.trim());
  }
  return text;
}

/** What a leaf takes, in words. */
export function expectation(leaf: Leaf): string {
  const { schema } = leaf;
  const choices = choicesOf(schema);
  if (choices.length > 0) return `one of ${choices.join(", ")}`;
  const { unit, minimum, maximum } = schema;
  const shown = (n: number): string => (unit === undefined ? String(n) : formatAmount(n, unit));
  const bounds =
    minimum !== undefined && maximum !== undefined
      ? ` from ${shown(minimum)} to ${shown(maximum)}`
      : "";
  if (unit !== undefined) return `an amount${bounds} (${suffixesOf(unit).join(", ")})`;
  switch (schema.type) {
    case "integer":
      return `a whole number${bounds}`;
    case "number":
      return `a number${bounds}`;
    case "boolean":
      return "true or false";
    case "array":
      return "a list";
    default:
      return "a text of the documented form";
  }
}

function unknown(called: string, known: readonly string[], wrong: string): string {
  const near = nearestName(wrong, known);
  return near === null ? `${called} is not a setting` : `${called} is not a setting, ${near} is`;
}

class Collector {
  readonly found = new Map<string, Found>();
  readonly problems: string[] = [];
  readonly #paths: readonly string[];
  readonly #known: ReadonlySet<string>;

  constructor(leaves: readonly Leaf[]) {
    this.#paths = leaves.map((leaf) => leaf.path);
    this.#known = new Set(this.#paths);
  }

  file(input: NonNullable<ConfigInput["file"]>): void {
    if (!isObject(input.content)) this.problems.push(`${input.name} is not a JSON object`);
    for (const [path, raw] of flatten(input.content, this.#known)) {
      const called = `${path} in ${input.name}`;
      if (this.#known.has(path)) this.found.set(path, { raw, source: "file", called });
      else this.problems.push(unknown(called, this.#paths, path));
    }
  }

  env(env: NonNullable<ConfigInput["env"]>): void {
    const byName = new Map(this.#paths.map((path) => [envName(path), path]));
    for (const [name, raw] of Object.entries(env)) {
      if (!name.startsWith("PANTUN_") || name === configFileEnv || raw === undefined) continue;
      if (name.startsWith(clientEnv)) continue;
      const path = byName.get(name);
      if (path !== undefined) this.found.set(path, { raw, source: "environment", called: name });
      else if (byName.has(`${name}_FILE`)) {
        this.problems.push(`${name} would hold a secret, name its file in ${name}_FILE`);
      } else this.problems.push(unknown(name, [...byName.keys()], name));
    }
  }

  flags(flags: NonNullable<ConfigInput["flags"]>): void {
    for (const [path, raw] of Object.entries(flags)) {
      if (raw === undefined) continue;
      const called = `--set ${path}`;
      if (this.#known.has(path)) this.found.set(path, { raw, source: "flag", called });
      else this.problems.push(unknown(called, this.#paths, path));
    }
  }
}

function setPath(target: Record<string, unknown>, keys: readonly string[], value: unknown): void {
  let node = target;
  for (const key of keys.slice(0, -1)) {
    const next = isObject(node[key]) ? node[key] : {};
    node[key] = next;
    node = next;
  }
  const last = keys.at(-1);
  if (last !== undefined) node[last] = value;
}

/**
 * Merges and checks. Throws CONFIG_INVALID with up to five faults in one sentence; no value is
 * repeated in it, since a misplaced secret would be shown.
 */
export function loadConfig<S extends TObject>(schema: S, input: ConfigInput): LoadedConfig<S> {
  const leaves = leavesOf(schema);
  const collector = new Collector(leaves);
  if (input.file !== undefined) collector.file(input.file);
  if (input.env !== undefined) collector.env(input.env);
  if (input.flags !== undefined) collector.flags(input.flags);
  const { problems, found } = collector;

  const value: Record<string, unknown> = {};
  const sources = new Map<string, Source>();
  for (const leaf of leaves) {
    const given = found.get(leaf.path);
    const isText = typeof given?.raw === "string";
    const chosen = isText ? fromText(given?.raw as string, leaf) : given?.raw;
    const final = given === undefined ? structuredClone(leaf.schema.default) : chosen;
    if (final === undefined) {
      problems.push(`${leaf.path} must be set`);
      continue;
    }
    if (!Value.Check(leaf.schema, final)) {
      problems.push(`${given?.called ?? leaf.path} must be ${expectation(leaf)}`);
      continue;
    }
    setPath(value, leaf.keys, final);
    sources.set(leaf.path, given?.source ?? "default");
  }
  if (problems.length > 0) {
    const more = problems.length > problemsMax ? `; and ${problems.length - problemsMax} more` : "";
    throw appError("CONFIG_INVALID", problems.slice(0, problemsMax).join("; ") + more, {
      details: { problems: problems.length },
    });
  }
  // Every leaf was checked against its own schema above, and groups hold nothing but leaves.
  return { value: value as Static<S>, sources };
}

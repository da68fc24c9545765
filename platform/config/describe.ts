// Settings explained: the rows of `config print`, the reference page and an example file, all from
// the schema that also checks them.
import type { TObject } from "typebox";
import { expectation, type LoadedConfig, type Source } from "./load.ts";
import { envName, type Leaf, leavesOf } from "./setting.ts";
import { formatAmount } from "./units.ts";

/** Paths of all settings, in the order of declaration. */
export function settingPaths(schema: TObject): string[] {
  return leavesOf(schema).map((leaf) => leaf.path);
}

export interface PrintedSetting {
  readonly path: string;
  readonly env: string;
  /** The value as a person would write it. */
  readonly value: string;
  readonly source: Source;
}

function readPath(value: unknown, keys: readonly string[]): unknown {
  let node = value;
  for (const key of keys) node = (node as Record<string, unknown> | undefined)?.[key];
  return node;
}

function written(value: unknown, leaf: Leaf): string {
  if (leaf.schema.unit !== undefined && typeof value === "number") {
    return formatAmount(value, leaf.schema.unit);
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * Every setting with its value and where it came from. Nothing needs masking but names of secret
 * files, of which only the fact that they are set is shown.
 */
export function printedSettings<S extends TObject>(
  schema: S,
  loaded: LoadedConfig<S>,
): PrintedSetting[] {
  return leavesOf(schema).map((leaf) => {
    const value = readPath(loaded.value, leaf.keys);
    const masked = leaf.schema.secretFile === true && value !== "";
    return {
      path: leaf.path,
      env: envName(leaf.path),
      value: masked ? "(set)" : written(value, leaf),
      source: loaded.sources.get(leaf.path) ?? "default",
    };
  });
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function defaultText(leaf: Leaf): string {
  const { default: value } = leaf.schema;
  if (value === undefined) return "must be set";
  const text = written(value, leaf);
  return text === "" ? "none" : `\`${text}\``;
}

/** The settings table of the reference page, one section a group. */
export function settingsMarkdown(schema: TObject): string {
  const lines: string[] = [];
  let group = "";
  for (const leaf of leavesOf(schema)) {
    const here = leaf.keys.slice(0, -1).join(".") || "general";
    if (here !== group) {
      group = here;
      lines.push("", `## ${group}`, "");
      lines.push("| setting | environment | default | takes | meaning |", "|---|---|---|---|---|");
    }
    const cells = [
      `\`${leaf.path}\``,
      `\`${envName(leaf.path)}\``,
      defaultText(leaf),
      expectation(leaf),
      leaf.schema.description ?? "",
    ];
    lines.push(`| ${cells.map(cell).join(" | ")} |`);
  }
  return `${lines.join("\n").trim()}\n`;
}

/** A settings file with every default, as a start to edit from. */
export function exampleSettings(schema: TObject): string {
  const out: Record<string, unknown> = {};
  for (const { keys, schema: leaf } of leavesOf(schema)) {
    let node = out;
    for (const key of keys.slice(0, -1)) {
      node[key] ??= {};
      node = node[key] as Record<string, unknown>;
    }
    const { default: value, unit } = leaf;
    const shown =
      unit !== undefined && typeof value === "number" ? formatAmount(value, unit) : value;
    node[keys.at(-1) ?? ""] = shown ?? null;
  }
  return `${JSON.stringify(out, null, 2)}\n`;
}

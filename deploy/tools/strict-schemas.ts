// Makes published Kubernetes schemas refuse unknown keys: a misspelt key in a chart is silently
// dropped by a cluster, and a security setting that is dropped is one that is not there.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Node {
  [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function tighten(value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) tighten(item);
    return;
  }
  if (!isNode(value)) return;
  const free = value["x-kubernetes-preserve-unknown-fields"] === true;
  if (isNode(value.properties) && !free && value.additionalProperties === undefined) {
    value.additionalProperties = false;
  }
  for (const child of Object.values(value)) tighten(child);
}

/** Rewrites every schema of a folder; references become relative to the folder. */
export function makeStrict(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(".json")) continue;
    const path = join(folder, name);
    const text = readFileSync(path, "utf8").replaceAll(
      '"/api/_definitions.json',
      '"_definitions.json',
    );
    const schema: unknown = JSON.parse(text);
    tighten(schema);
    writeFileSync(path, JSON.stringify(schema));
  }
}

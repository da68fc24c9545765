// Turns published Kubernetes schemas into strict ones that stand alone. A misspelt key in a chart
// is silently dropped by a cluster, and a security setting that is dropped is one that is not
// there: unknown keys are refused here.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Node {
  [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Closes every object of known properties, in place. Names that schemas give themselves go: a
 * validator would look for them where they were published.
 */
function tighten(value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) tighten(item);
    return;
  }
  if (!isNode(value)) return;
  if (typeof value.$id === "string") delete value.$id;
  if (typeof value.$schema === "string") delete value.$schema;
  const free = value["x-kubernetes-preserve-unknown-fields"] === true;
  if (isNode(value.properties) && !free && value.additionalProperties === undefined) {
    value.additionalProperties = false;
  }
  for (const child of Object.values(value)) tighten(child);
}

const reference = /"(?:\/api\/_definitions\.json)?#\/\$defs\/([^"]+)"/g;

/** Names of the definitions that a schema needs, those of its definitions included. */
function needed(schema: string, definitions: Node): Set<string> {
  const names = new Set<string>();
  const open = [schema];
  for (let text = open.pop(); text !== undefined; text = open.pop()) {
    for (const [, name] of text.matchAll(reference)) {
      if (name === undefined || names.has(name)) continue;
      names.add(name);
      open.push(JSON.stringify(definitions[name]));
    }
  }
  return names;
}

function standAlone(schema: Node, definitions: Node): string {
  const names = [...needed(JSON.stringify(schema), definitions)];
  const inside = Object.fromEntries(names.map((name) => [name, definitions[name]]));
  const whole: Node = { ...schema, $defs: inside };
  tighten(whole);
  const text = JSON.stringify(whole);
  return text.replaceAll('"/api/_definitions.json#', '"#');
}

/**
 * Keeps the schemas of `kinds` (file names without .json) in a folder, strict and self-contained.
 */
export function makeStrict(folder: string, kinds: readonly string[]): void {
  const read = (name: string): Node => JSON.parse(readFileSync(join(folder, name), "utf8")) as Node;
  const definitions = read("_definitions.json").$defs as Node;
  const strict = kinds.map((kind) => standAlone(read(`${kind}.json`), definitions));
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  kinds.forEach((kind, i) => {
    writeFileSync(join(folder, `${kind}.json`), strict[i] ?? "");
  });
}

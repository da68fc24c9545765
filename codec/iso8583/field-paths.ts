// Paths and names of everything that a dialect can hold: `2`, `3.1`, `120.05`, `127.25.3`, and a
// name such as `stan` for what is the only one of its kind.
import type { CompositeSpec, Dialect, ValueSpec } from "./dialect.ts";

interface Named {
  readonly path: string;
  readonly name: string;
}

type Part = Pick<ValueSpec, "name"> & { readonly composite?: CompositeSpec };

/** Parts of a composite by their key; a list that repeats has its first round only. */
export function partsOf(spec: CompositeSpec): readonly (readonly [key: string, part: Part])[] {
  switch (spec.kind) {
    case "positional":
    case "sequence":
      return spec.parts.map((part, i) => [String(i + 1), part] as const);
    case "bitmapped":
      return Object.entries(spec.parts);
    case "dataset":
      return Object.entries(spec.datasets);
    case "token-list":
      return Object.entries(spec.tokens);
    default:
      return Object.entries(spec.tags);
  }
}

function below(path: string, part: Part): Named[] {
  const inner = part.composite === undefined ? [] : partsOf(part.composite);
  const own = { path, name: part.name };
  return [own, ...inner.flatMap(([key, one]) => below(`${path}.${key}`, one))];
}

/** Every path of a dialect with the name of what stands there, in the order of the elements. */
export function fieldPaths({ elements }: Dialect): readonly Named[] {
  return Object.entries(elements)
    .sort(([a], [b]) => Number(a) - Number(b))
    .flatMap(([de, element]) => below(de, element));
}

/** Short names that everybody uses, by the name of the element; of two the one that comes first. */
const shortNames: Readonly<Record<string, string>> = {
  "primary account number": "pan",
  "system trace audit number": "stan",
  "retrieval reference number": "rrn",
  "amount, transaction": "amount",
  "currency, transaction": "currency",
  "transmission date and time": "transmissionTime",
  "acquiring institution id": "acquirer",
  "forwarding institution id": "forwarder",
  "merchant category code": "mcc",
  "merchant type": "mcc",
  "terminal id": "terminal",
  "card acceptor id": "merchant",
  "expiry date": "expiry",
  "track 1 data": "track1",
  "track 2 data": "track2",
  "track 3 data": "track3",
};

/** `PIN block` is pinBlock. */
function camelCase(name: string): string {
  const [first = "", ...rest] = name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return first + rest.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
}

function aliasOf(name: string, all: ReadonlySet<string>): string {
  const short = shortNames[name];
  const first = Object.keys(shortNames).find((one) => shortNames[one] === short && all.has(one));
  return short !== undefined && first === name ? short : camelCase(name);
}

/**
 * Names of a dialect's elements and their parts, without those of EMV data. A name that several
 * have is none; what an element is called comes before what a part is called.
 */
export function fieldAliases(dialect: Dialect): Readonly<Record<string, string>> {
  const isEmv = (path: string): boolean =>
    path.includes(".") && dialect.elements[path.split(".", 1)[0]!]?.composite?.kind === "ber-tlv";
  const levels = new Map<number, Map<string, string[]>>();
  const paths = fieldPaths(dialect);
  const names = new Set(paths.map(({ name }) => name));
  for (const { path, name } of paths) {
    if (isEmv(path)) continue;
    const depth = path.split(".").length;
    const level = levels.get(depth) ?? new Map<string, string[]>();
    levels.set(depth, level);
    const alias = aliasOf(name, names);
    level.set(alias, [...(level.get(alias) ?? []), path]);
  }
  const aliases: Record<string, string> = {};
  const taken = new Set<string>([""]);
  for (const depth of [...levels.keys()].sort()) {
    const level = levels.get(depth)!;
    for (const [alias, found] of level) {
      if (found.length === 1 && !taken.has(alias)) aliases[alias] = found[0]!;
    }
    for (const alias of level.keys()) taken.add(alias);
  }
  return aliases;
}

// Typed names: what a built-in dialect has is known to the compiler, so that a wrong element number
// or a name that is not there does not compile.
import type { DecodedField, DecodedMessage, FieldInput, MessageInput, TagInput } from "./codec.ts";
import type { CompositeSpec, Dialect } from "./dialect.ts";
import { dialectSpecs } from "./dialects/all.ts";
import { fieldAliases, partsOf } from "./field-paths.ts";
import type { FieldAliases, FieldPaths } from "./gen/field-names.ts";

/** A built-in dialect. */
export type DialectName = keyof FieldPaths;
/** `2`, `3.1`, `120.05`: everything that the dialect can hold. */
export type FieldPath<D extends DialectName> = FieldPaths[D];
/** A path, or a name such as `stan`. */
export type FieldName<D extends DialectName> = FieldPaths[D] | (keyof FieldAliases[D] & string);

const specs: ReadonlyMap<string, Dialect> = new Map(
  dialectSpecs.map((spec) => [spec.name, spec] as const),
);
const known = new Map<string, Readonly<Record<string, string>>>();

/** Names of a dialect with their paths: `fieldsOf("mydebit").stan` is `"11"`. */
export function fieldsOf<D extends DialectName>(dialect: D): FieldAliases[D] {
  let aliases = known.get(dialect);
  if (aliases === undefined) {
    aliases = Object.freeze(fieldAliases(specs.get(dialect)!));
    known.set(dialect, aliases);
  }
  return aliases as unknown as FieldAliases[D];
}

function pathOf<D extends DialectName>(dialect: D, name: FieldName<D>): readonly string[] {
  const aliases = fieldsOf(dialect) as unknown as Readonly<Record<string, string>>;
  return (Object.hasOwn(aliases, name) ? aliases[name]! : name).split(".");
}

/**
 * What a document has at a path or under a name; of a tag that comes several times the first.
 * Undefined where it is not there.
 */
export function fieldIn<D extends DialectName>(
  dialect: D,
  { fields }: DecodedMessage,
  name: FieldName<D>,
): DecodedField | undefined {
  const [de, ...rest] = pathOf(dialect, name);
  let found: DecodedField | undefined = fields[de!];
  for (const key of rest) {
    found = found?.fields?.[key] ?? found?.tags?.find(({ tag }) => tag === key);
  }
  return found;
}

type Tree = Map<string, Tree | string>;

function plant(tree: Tree, [key, ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    tree.set(key!, value);
    return;
  }
  const inner = tree.get(key!);
  const branch: Tree = inner instanceof Map ? inner : new Map();
  tree.set(key!, branch);
  plant(branch, rest, value);
}

const tagged: readonly string[] = ["tag-list", "ber-tlv", "dataset", "token-list"];

/** Parts and tags as `encode` takes them. */
function inputOf(node: Tree | string, composite: CompositeSpec | undefined): FieldInput {
  if (typeof node === "string") {
    return { value: node };
  }
  const parts = new Map(composite === undefined ? [] : partsOf(composite));
  const inputs = [...node].map(
    ([key, inner]) => [key, inputOf(inner, parts.get(key)?.composite)] as const,
  );
  return composite !== undefined && tagged.includes(composite.kind)
    ? { tags: inputs.map(([tag, input]): TagInput => ({ tag, ...input })) }
    : { fields: Object.fromEntries(inputs) };
}

/**
 * A message for `encode`, by names and paths: `messageOf("mydebit", "0800", { stan: "1" })`. Tags
 * come in the order in which they are given.
 */
export function messageOf<D extends DialectName>(
  dialect: D,
  mti: string,
  values: Readonly<Partial<Record<FieldName<D>, string>>>,
): MessageInput {
  const tree: Tree = new Map();
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "string") plant(tree, pathOf(dialect, name as FieldName<D>), value);
  }
  const { elements } = specs.get(dialect)!;
  const fields = [...tree].map(
    ([de, node]) => [de, inputOf(node, elements[de]?.composite)] as const,
  );
  return { mti, fields: Object.fromEntries(fields) };
}

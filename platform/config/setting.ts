// How one setting is declared. A settings schema is a tree of TypeBox objects; its leaves are made
// here, so that every one has a type, limits, a default, a unit and a sentence.
import { type TInteger, type TObject, type TSchema, type TString, Type } from "typebox";

/** Units a text value may carry: "250ms" or "64MiB". A bare number is in the setting's own unit. */
export type Unit = "ms" | "s" | "bytes";

interface NumberSetting {
  readonly description: string;
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** A duration; end its name in `Ms` or `Seconds`. */
export function duration(unit: "ms" | "s", setting: NumberSetting): TInteger {
  return Type.Integer({ ...setting, unit });
}

/** A size; end its name in `Bytes`. */
export function size(setting: NumberSetting): TInteger {
  return Type.Integer({ ...setting, unit: "bytes" });
}

/** A whole number without a unit. */
export function count(setting: NumberSetting): TInteger {
  return Type.Integer({ ...setting });
}

/** A path to a file that holds a secret; end its name in `File`. The secret is never a setting. */
export function secretFile(setting: { description: string; default?: string }): TString {
  return Type.String({ default: "", ...setting, secretFile: true });
}

/** One leaf of a settings tree. */
export interface Leaf {
  /** "grpc.listen" */
  readonly path: string;
  readonly keys: readonly string[];
  readonly schema: TSchema & LeafSchema;
}

/** What this file reads from a leaf's JSON schema. */
export interface LeafSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly { readonly const?: unknown }[];
  readonly unit?: Unit;
  readonly secretFile?: boolean;
}

/** Deep enough for every settings tree; a deeper one is a mistake. */
const depthMax = 5;

function isGroup(schema: TSchema & LeafSchema): schema is TObject & LeafSchema {
  return schema.type === "object" && "properties" in schema;
}

/** All leaves of a settings tree, in the order of declaration. */
export function leavesOf(schema: TObject, above: readonly string[] = []): Leaf[] {
  if (above.length > depthMax) throw new Error("settings are nested too deeply");
  return Object.entries(schema.properties).flatMap(([key, child]) => {
    const keys = [...above, key];
    const node = child as TSchema & LeafSchema;
    return isGroup(node) ? leavesOf(node, keys) : [{ path: keys.join("."), keys, schema: node }];
  });
}

/** "grpc.listenPort" as PANTUN_GRPC_LISTEN_PORT. */
export function envName(path: string): string {
  return `PANTUN_${path
    .replaceAll(".", "_")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toUpperCase()}`;
}

/** The values a leaf may have where they are a closed set. */
export function choicesOf(schema: LeafSchema): readonly string[] {
  if (schema.enum !== undefined) return schema.enum.map(String);
  return (schema.anyOf ?? []).filter((one) => "const" in one).map((one) => String(one.const));
}

// Bodies and queries against their schemas. Every bad field is named at once, by the schema's names
// and words: a name or value that came might be a card number.
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { appError } from "../../platform/mod.ts";
import { type FieldError, FieldErrors } from "./problem.ts";

const fieldsMax = 32;
const depthMax = 16;

/** Compiled once; throws FieldErrors. */
export function checkerOf(schema: TSchema): (value: unknown) => void {
  const compiled = Compile(schema);
  return (value) => {
    if (compiled.Check(value)) return;
    throw new FieldErrors(fieldsOf(schema, compiled.Errors(value)));
  };
}

interface Fault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
}

function fieldsOf(schema: TSchema, faults: readonly Fault[]): FieldError[] {
  const fields = new Map<string, FieldError>();
  const add = (field: FieldError) => {
    if (fields.size < fieldsMax && !fields.has(field.field)) fields.set(field.field, field);
  };
  for (const { keyword, instancePath, params } of faults) {
    const { field, rule } = placeOf(schema, instancePath);
    const missing = (params as { readonly requiredProperties?: string[] }).requiredProperties;
    if (keyword === "required") {
      for (const name of missing ?? []) {
        const path = field === "" ? name : `${field}.${name}`;
        add({ field: path, code: "MISSING_FIELD", detail: "must be given" });
      }
      continue;
    }
    add({ field: field === "" ? "(body)" : field, code: "INVALID_FIELD", detail: rule });
  }
  return [...fields.values()];
}

interface Node {
  readonly description?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
}

/** How far the schema knows the path, and what it says there. */
function placeOf(schema: TSchema, path: string): { readonly field: string; readonly rule: string } {
  let node = schema as Node;
  let field = "";
  for (const part of path.split("/").slice(1)) {
    const { properties = {}, items } = node;
    const isIndex = items !== undefined && /^[0-9]{1,4}$/.test(part);
    const next = isIndex ? items : Object.hasOwn(properties, part) ? properties[part] : undefined;
    if (next === undefined) {
      // A field that the schema has none for.
      if (node.properties !== undefined) return { field, rule: "holds a field that is not known" };
      break;
    }
    field = isIndex ? `${field}[${part}]` : field === "" ? part : `${field}.${part}`;
    node = next;
  }
  const kind = node.type === undefined ? "has a value it may not have" : `must be ${node.type}`;
  return { field, rule: node.description ?? kind };
}

/** INVALID_REQUEST for anything but one JSON object in UTF-8. */
export function parseBody(bytes: Buffer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw appError("INVALID_REQUEST", "The body is not JSON in UTF-8.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw appError("INVALID_REQUEST", "The body is not a JSON object.");
  }
  if (isDeep(value, depthMax)) throw appError("INVALID_REQUEST", "The body is nested too deeply.");
  return value;
}

function isDeep(value: unknown, left: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return left === 0 || Object.values(value).some((one) => isDeep(one, left - 1));
}

// Applies the schema of dialect files: every value of a wrong shape is named with its place.
import type { DialectProblem } from "../check/problem.ts";
import type { JSONValue } from "./json-text.ts";
import { dialectSchema, type Schema } from "./schema.ts";

type Place = readonly string[];

function typeOf(value: JSONValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function resolved(schema: Schema): Schema {
  const name = schema.$ref?.split("/").at(-1);
  const found =
    name === undefined ? undefined : (dialectSchema.$defs as Record<string, Schema>)[name];
  return found ?? schema;
}

/** The word of a schema that tells a choice of layouts apart. */
function kindOf(schema: Schema): string {
  const { type, const: word, properties } = resolved(schema);
  return properties?.kind?.const ?? word ?? type ?? "";
}

function checkChoice(schemas: readonly Schema[], value: JSONValue, place: Place): DialectProblem[] {
  const type = typeOf(value);
  const kind =
    type === "object"
      ? (value as Record<string, JSONValue>).kind
      : type === "string"
        ? value
        : type;
  const match =
    schemas.find((schema) => kindOf(schema) === kind) ??
    schemas.find(
      (schema) => kindOf(schema) === type || (type === "null" && kindOf(schema) === "null"),
    );
  if (match !== undefined) {
    return shapeProblems(match, value, place);
  }
  const kinds = schemas.map(kindOf).join(", ");
  const at = type === "object" ? [...place, "kind"] : place;
  return [{ place: at, text: `expected one of ${kinds}` }];
}

function checkObject(
  schema: Schema,
  value: Readonly<Record<string, JSONValue>>,
  place: Place,
): DialectProblem[] {
  const problems: DialectProblem[] = [];
  const { properties = {}, required = [], additionalProperties } = schema;
  for (const key of required) {
    if (!(key in value)) problems.push({ place, text: `${key} is missing` });
  }
  for (const [key, inner] of Object.entries(value)) {
    const own =
      properties[key] ??
      (typeof additionalProperties === "object" ? additionalProperties : undefined);
    if (own === undefined) {
      const names = Object.keys(properties).join(", ");
      problems.push({ place: [...place, key], text: `there is no ${key} here; there is ${names}` });
    } else {
      problems.push(...shapeProblems(own, inner, [...place, key]));
    }
  }
  return problems;
}

function checkNumber(schema: Schema, value: number, place: Place): DialectProblem[] {
  const { minimum = -Infinity, maximum = Infinity } = schema;
  const isIn = value >= minimum && value <= maximum;
  return isIn ? [] : [{ place, text: `expected ${minimum} to ${maximum}, found ${value}` }];
}

function checkText(schema: Schema, value: string, place: Place): DialectProblem[] {
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    const choices = schema.enum.join(", ");
    return [{ place, text: `expected one of ${choices}, found ${JSON.stringify(value)}` }];
  }
  if (schema.const !== undefined && schema.const !== value) {
    return [{ place, text: `expected ${schema.const}` }];
  }
  if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value)) {
    return [
      { place, text: `${JSON.stringify(value)} is not ${schema.description ?? schema.pattern}` },
    ];
  }
  return [];
}

/** Everything in a value that the schema does not allow. */
export function shapeProblems(given: Schema, value: JSONValue, place: Place): DialectProblem[] {
  const schema = resolved(given);
  if (schema.oneOf !== undefined) {
    return checkChoice(schema.oneOf, value, place);
  }
  const wanted = schema.type ?? "string";
  const type = typeOf(value);
  if (type !== wanted) {
    return [{ place, text: `expected ${wanted}, found ${type}` }];
  }
  switch (type) {
    case "object":
      return checkObject(schema, value as Record<string, JSONValue>, place);
    case "array":
      return (value as readonly JSONValue[]).flatMap((item, i) =>
        shapeProblems(schema.items ?? {}, item, [...place, String(i)]),
      );
    case "integer":
      return checkNumber(schema, value as number, place);
    case "string":
      return checkText(schema, value as string, place);
    default:
      return [];
  }
}

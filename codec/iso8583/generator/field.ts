// Templates of one element: length prefix, bounds, content, parts, slot.
import type { ElementSpec, LengthPrefix } from "../dialect.ts";
import { isEbcdic } from "../ebcdic.ts";
import { bytesOfNumber, numberLimits } from "../wire-size.ts";
import type { Field } from "./resolve.ts";
import { type CodeName, code, elementScope, failAs, type Scope } from "./scope.ts";
import { byteAt, type Place, type Value, valueLines } from "./value.ts";

/** A call that notes an error of an element: lengths are expressions, -1 for none. */
export function failAt(
  name: CodeName,
  de: number,
  at: string,
  expected: number | string,
  actual: number | string,
): string {
  return failAs(elementScope(de), name, at, expected, actual);
}

/** Name of the function that reads the composite of an element, or null where there is none. */
export type CompositeName = string | null;

function templateValue(field: Field): Value {
  const { spec, content } = field;
  const isTrack = spec.content === "z";
  return {
    encoding: spec.encoding,
    filler: spec.filler,
    content,
    min: spec.min,
    max: spec.max,
    isTrack,
  };
}

/** Content and parts of the data between p and `place.to`. */
function dataLines(field: Field, place: Place, scope: Scope, composite: CompositeName): string[] {
  const { spec } = field;
  const kind = spec.composite?.kind;
  const judged = kind === undefined || kind === "positional";
  const { length } = place;
  const own = scope.status("0", "p", 0, 0).startsWith("v.fail(");
  const failContent = own ? `failContent(v, b, ${field.de}, p, ${length})` : null;
  const lines = judged ? valueLines(templateValue(field), place, scope, failContent) : [];
  if (composite !== null) {
    lines.push(
      `    const t = ${composite}(v, b, p, ${place.to});`,
      `    if (t !== 0) return ${scope.inside("t")};`,
    );
  }
  return lines;
}

function fixedField(field: Field, scope: Scope, composite: CompositeName): string[] {
  const { max, spec } = field;
  if (spec.encoding === "utf-8") {
    return [
      ...utf8Lines(scope, String(spec.max)),
      ...dataLines(field, { to: "q", length: "n", count: null }, scope, composite),
      ...scope.store("p", "n"),
      "    p = q;",
    ];
  }
  const place = { to: `p + ${max}`, length: max, count: spec.max };
  return [
    `    if (end - p < ${max}) ${failAs(scope, "FIELD_TRUNCATED", "p", max, "end - p")}`,
    ...dataLines(field, place, scope, composite),
    ...scope.store("p", max),
    `    p += ${max};`,
  ];
}

/** The end of a value that is counted in characters of UTF-8. */
function utf8Lines(scope: Scope, count: string): string[] {
  const truncated = scope.status(code("FIELD_TRUNCATED"), "p", count, "-1 - q");
  const invalid = scope.status(code("BAD_CHARSET"), "p", count, "-1_000_000 - q");
  return [
    `    q = utf8End(b, p, end, ${count});`,
    `    if (q < 0) return q > -1_000_000 ? ${truncated} : ${invalid};`,
    "    n = q - p;",
  ];
}

/** Reads the number of a prefix into n. */
function numberLines(prefix: LengthPrefix, bytes: number, scope: Scope): string[] {
  const { encoding, digits } = prefix;
  if (encoding === "binary") {
    const terms = Array.from({ length: bytes }, (_, i) => {
      const byte = byteAt("p", i);
      return i === bytes - 1 ? byte : `${byte} * ${256 ** (bytes - 1 - i)}`;
    });
    return [`    n = ${terms.join(" + ")};`];
  }
  const count = encoding === "bcd" ? 2 * bytes : digits;
  const names = Array.from({ length: count }, (_, i) => `d${i}`);
  const digit = (i: number): string => {
    if (encoding !== "bcd") {
      return `${byteAt("p", i)} - ${isEbcdic(encoding) ? 0xf0 : 48}`;
    }
    return i % 2 === 0 ? `${byteAt("p", i >> 1)} >> 4` : `${byteAt("p", i >> 1)} & 15`;
  };
  const value = names
    .map((name, i) => (i === count - 1 ? name : `${name} * ${10 ** (count - 1 - i)}`))
    .join(" + ");
  return [
    ...names.map((name, i) => `    const ${name} = ${digit(i)};`),
    `    if (${names.map((name) => `${name} >>> 0 > 9`).join(" || ")})`,
    `      ${failAs(scope, "LEN_NOT_NUMERIC", "p", bytes, bytes)}`,
    `    n = ${value};`,
  ];
}

/** The largest number that the digits on the wire can say: an odd count of BCD fills a byte. */
function sayableMax(prefix: LengthPrefix, bytes: number): number {
  if (prefix.encoding === "binary") {
    return 256 ** bytes - 1;
  }
  return 10 ** (prefix.encoding === "bcd" ? 2 * bytes : prefix.digits) - 1;
}

function prefixLines(field: Field, prefix: LengthPrefix, scope: Scope): string[] {
  const { prefixBytes: bytes, spec } = field;
  const { min, max } = numberLimits(spec);
  const lines = [
    `    if (end - p < ${bytes}) ${failAs(scope, "LEN_TRUNCATED", "p", bytes, "end - p")}`,
    ...numberLines(prefix, bytes, scope),
  ];
  if (max < sayableMax(prefix, bytes)) {
    lines.push(`    if (n > ${max}) ${failAs(scope, "LEN_EXCEEDS_MAX", "p", max, "n")}`);
  }
  lines.push(`    p += ${bytes};`);
  if (min > 0) {
    lines.push(`    if (n < ${min}) ${failAs(scope, "BAD_FORMAT", "p", min, "n")}`);
  }
  return lines;
}

/** Expression of the bytes that the number in n announces, or null where it is n itself. */
function bytesExpression(spec: ElementSpec, unit: LengthPrefix["unit"]): string | null {
  if (bytesOfNumber(spec.encoding, unit, 7) === 7) {
    return null;
  }
  switch (spec.encoding) {
    case "hex":
      return "2 * n";
    case "bcd":
      return "(n + 1) >> 1";
    default:
      return "n === 0 ? 0 : 1 + (n >> 1)";
  }
}

function variableField(
  field: Field,
  prefix: LengthPrefix,
  scope: Scope,
  composite: CompositeName,
): string[] {
  const { de, spec } = field;
  const { encoding } = spec;
  const lines = prefixLines(field, prefix, scope);
  const inCharacters = encoding === "utf-8" && prefix.unit !== "bytes";
  let count: string | null = prefix.unit === "bytes" ? null : "n";
  const bytes = bytesExpression(spec, prefix.unit);
  if (inCharacters) {
    lines.push("    const c = n;", ...utf8Lines(scope, "c"));
  } else {
    if (bytes !== null) {
      lines.push(...(count === null ? [] : ["    const c = n;"]), `    n = ${bytes};`);
      count = count === null ? null : "c";
    }
    lines.push(
      `    if (end - p < n) ${failAs(scope, "FIELD_TRUNCATED", "p", "n", "end - p")}`,
      "    q = p + n;",
    );
    if (encoding === "hex" && prefix.unit !== "bytes") {
      lines.push(`    if ((n & 1) !== 0) ${failAs(scope, "BAD_FORMAT", "p", "n", "n")}`);
    }
  }
  if (field.tagList !== null) {
    lines.push(
      `    n = scanTagList(v, b, ${de}, p, q, tagRules);`,
      "    if (n !== 0) return n;",
      "    n = q - p;",
    );
  } else {
    lines.push(...dataLines(field, { to: "q", length: "n", count }, scope, composite));
  }
  return [...lines, ...scope.store("p", "n"), "    p = q;"];
}

/** All lines of an element whose bit is set, or of a part with its own prefix. */
export function elementLines(field: Field, scope: Scope, composite: CompositeName): string[] {
  const { prefix } = field.spec;
  return prefix === null
    ? fixedField(field, scope, composite)
    : variableField(field, prefix, scope, composite);
}

// Templates of composites: each becomes a function of its own that reads from `at` to `end` and
// returns 0 or a status. Names of functions are made of numbers and hex, never of dialect text.
import type {
  BitmappedSpec,
  CompositeSpec,
  DataEncoding,
  ElementSpec,
  Filler,
  PartSpec,
  PositionalSpec,
  SequenceSpec,
  ValueSpec,
} from "../dialect.ts";
import { isEbcdic } from "../ebcdic.ts";
import { type CompositeName, elementLines } from "./field.ts";
import { contentOf, fieldOf, hexLiteral, sixWordsOf } from "./resolve.ts";
import { failAs, partScope, wholeScope } from "./scope.ts";
import { datasetSource, tagSource, tokenSource } from "./tags.ts";
import { type Value, valueLines } from "./value.ts";

/** The element that a composite stands in, and the name of its function. */
export interface Site {
  readonly name: string;
  readonly encoding: DataEncoding;
  readonly spec: ValueSpec;
}

/** The head of a function; the bytes are not looked at where lengths alone are judged. */
export const head = (name: string, body: readonly string[] = ["b"]): string[] => {
  const bytes = body.some((line) => /\bb\b/.test(line)) ? "b" : "_b";
  return [
    `function ${name}(v: View, ${bytes}: Buffer, at: number, end: number): number {`,
    "  let p = at;",
  ];
};

/** Names variables only where the body uses them. */
export function declared(body: readonly string[]): string[] {
  return ["n", "q"]
    .filter((name) => body.some((line) => new RegExp(`^\\s+${name} = `).test(line)))
    .map((name) => `  let ${name} = 0;`);
}

/** A name part for a key of any characters. */
export function keyName(key: string): string {
  return /^[0-9A-F]+$/.test(key) ? key : Buffer.from(key, "latin1").toString("hex");
}

/** Source of a nested composite, and the name of its function. */
export function nested(
  part: { readonly composite?: CompositeSpec } & ValueSpec,
  key: string,
  site: Site,
  encoding: DataEncoding,
): { readonly name: CompositeName; readonly source: string[] } {
  if (part.composite === undefined) {
    return { name: null, source: [] };
  }
  const name = `${site.name}x${keyName(key)}`;
  const source = compositeSource(part.composite, { name, encoding, spec: part });
  return source.length === 0 ? { name: null, source } : { name, source };
}

/** True where fixed slices of one class fill an element exactly: its own checks say it all. */
function isSaid(spec: PositionalSpec, site: Site & { readonly fixed?: boolean }): boolean {
  const total = spec.parts.reduce((sum, part) => sum + part.max, 0);
  const alike = spec.parts.every((part) => part.content === site.spec.content);
  return alike && site.spec.min === total && site.spec.max === total;
}

function positionalPart(part: ValueSpec, i: number, spec: PositionalSpec, site: Site): string[] {
  const last = i === spec.parts.length - 1;
  const mayEnd = i + 1 >= (spec.optionalFrom ?? spec.parts.length + 1);
  const short = last && spec.lastMayBeShort === true;
  const mismatch = failAs(wholeScope, "COMPOSITE_LENGTH_MISMATCH", "p", part.max, "end - p");
  const lines: string[] = [];
  if (mayEnd) {
    lines.push("    if (p === end) return 0;");
  }
  const scope = partScope(`k + ${i + 1}`);
  const differs = part.content !== site.spec.content;
  const content = contentOf(part.content, site.encoding);
  const value: Value = {
    ...part,
    encoding: site.encoding,
    filler: "none",
    content,
    isTrack: false,
  };
  if (short) {
    lines.push(
      `    n = end - p < ${part.max} ? end - p : ${part.max};`,
      `    if (n === 0 || n < ${part.min}) ${mismatch}`,
      "    q = p + n;",
    );
    if (differs) {
      lines.push(...valueLines(value, { to: "q", length: "n", count: null }, scope, null));
    }
    return ["    {", ...lines, "    p = q;", "    }"];
  }
  lines.push(`    if (end - p < ${part.max}) ${mismatch}`);
  if (differs) {
    const place = { to: `p + ${part.max}`, length: part.max, count: null };
    lines.push(...valueLines(value, place, scope, null));
  }
  return ["    {", ...lines, `    p += ${part.max};`, "    }"];
}

function positionalSource(spec: PositionalSpec, site: Site): string[] {
  if (isSaid(spec, site)) {
    return [];
  }
  const rounds = spec.repeatsMax ?? 1;
  const body = spec.parts.flatMap((part, i) => positionalPart(part, i, spec, site));
  const needsKey = body.some((line) => line.includes("k + "));
  return [
    ...head(site.name, body),
    ...(needsKey ? ["  let k = 0;"] : []),
    ...declared(body),
    `  for (let round = 0; round < ${rounds} && p < end; round++) {`,
    ...body,
    ...(needsKey ? [`    k += ${spec.parts.length};`] : []),
    "  }",
    `  if (p < end) ${failAs(wholeScope, "COMPOSITE_LENGTH_MISMATCH", "p", 0, "end - p")}`,
    "  return 0;",
    "}",
    "",
  ];
}

/** One part with its own prefix, in a block. */
function partElement(
  element: ElementSpec,
  key: number,
  site: Site,
): { readonly lines: string[]; readonly source: string[] } {
  const inner = nested(element, String(key), site, element.encoding);
  const lines = elementLines(fieldOf(key, element, null), partScope(key), inner.name);
  return { lines, source: inner.source };
}

function sequenceSource(spec: SequenceSpec, site: Site): string[] {
  const body: string[] = [];
  const before: string[] = [];
  spec.parts.forEach((element, i) => {
    const { lines, source } = partElement(element, i + 1, site);
    before.push(...source);
    if (i === 0 || i + 1 >= spec.optionalFrom) {
      body.push("    if (p === end) return 0;");
    }
    body.push("  {", ...lines, "  }");
  });
  return [
    ...before,
    ...head(site.name),
    ...declared(body),
    ...body,
    `  if (p < end) ${failAs(wholeScope, "COMPOSITE_LENGTH_MISMATCH", "p", 0, "end - p")}`,
    "  return 0;",
    "}",
    "",
  ];
}

/** Hex table of a bitmap in generated code; null where it is raw. */
function bitmapTable(encoding: BitmappedSpec["bitmap"]["encoding"]): string {
  if (encoding === "raw") {
    return "null";
  }
  return isEbcdic(encoding) ? `hex${encoding.slice("ebcdic-".length)}` : "hex";
}

function bitmapLines(spec: BitmappedSpec, site: Site): { body: string[]; before: string[] } {
  const { headerBytes, bitmap, parts } = spec;
  const before: string[] = [];
  const body: string[] = [];
  if (headerBytes > 0) {
    const mismatch = failAs(wholeScope, "COMPOSITE_LENGTH_MISMATCH", "p", headerBytes, "end - p");
    body.push(`    if (end - p < ${headerBytes}) ${mismatch}`, `    p += ${headerBytes};`);
  }
  body.push(
    `    p = readPartBitmap(v, b, p, end, ${site.name}Bitmap, ${site.name}Bits);`,
    "    if (p < 0) return p;",
  );
  let from = 1;
  const numbers = Object.keys(parts).map(Number);
  for (const bit of [...numbers.sort((a, b) => a - b), bitmap.bits + 1]) {
    body.push(...unknownBits(site, from, bit - 1));
    from = bit + 1;
    const element = parts[bit];
    if (element !== undefined) {
      const { lines, source } = partElement(element, bit, site);
      const word = (bit - 1) >> 5;
      const mask = hexLiteral((1 << (-bit & 31)) | 0);
      before.push(...source);
      body.push(`  if ((${site.name}Bits[${word}]! & ${mask}) !== 0) {`, ...lines, "  }");
    }
  }
  return { body, before };
}

/** Bits without a part: the lowest one that is set is an error. */
function unknownBits(site: Site, from: number, to: number): string[] {
  const bits = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  return sixWordsOf(bits).flatMap((mask, word) => {
    if (mask === 0) return [];
    const found = `${site.name}Bits[${word}]! & ${hexLiteral(mask)}`;
    const scope = partScope(`firstBit(${found}, ${word})`);
    return [`  if ((${found}) !== 0) ${failAs(scope, "UNKNOWN_FIELD", "p", -1, -1)}`];
  });
}

function bitmappedSource(spec: BitmappedSpec, site: Site): string[] {
  const { body, before } = bitmapLines(spec, site);
  const { encoding, bits, continues } = spec.bitmap;
  return [
    ...before,
    `const ${site.name}Bits = new Int32Array(6);`,
    `const ${site.name}Bitmap: PartBitmap = {`,
    `  hex: ${bitmapTable(encoding)},`,
    `  bits: ${bits},`,
    `  continues: "${continues}",`,
    "};",
    "",
    ...head(site.name),
    ...declared(body),
    "  if (p === end) return 0;",
    ...body,
    `  if (p < end) ${failAs(wholeScope, "COMPOSITE_LENGTH_MISMATCH", "p", 0, "end - p")}`,
    "  return 0;",
    "}",
    "",
  ];
}

/**
 * A composite in hex text: its bytes are read by themselves, out of a buffer of their own, and what
 * failed is then told by its place on the wire.
 */
function hexSource(composite: CompositeSpec, site: Site): string[] {
  const { name, spec } = site;
  const inside: Site = { name: `${name}Inside`, encoding: "raw", spec };
  const size = "end - at";
  return [
    ...compositeSource(composite, inside),
    `const ${name}Bytes = Buffer.alloc(${spec.max});`,
    "",
    `function ${name}(v: View, b: Buffer, at: number, end: number): number {`,
    `  if (!bytesOfHex(b, at, end, ${name}Bytes))`,
    `    ${failAs(wholeScope, "BAD_HEX", "at", size, size)}`,
    `  const t = ${inside.name}(v, ${name}Bytes, 0, (end - at) >> 1);`,
    "  if (t !== 0) v.errorAt = at + 2 * v.errorAt;",
    "  return t;",
    "}",
    "",
  ];
}

/** Source of the functions of a composite; empty where the element's own checks say it all. */
export function compositeSource(composite: CompositeSpec, site: Site): string[] {
  if (site.encoding === "hex") {
    return hexSource(composite, site);
  }
  switch (composite.kind) {
    case "positional":
      return positionalSource(composite, site);
    case "sequence":
      return sequenceSource(composite, site);
    case "bitmapped":
      return bitmappedSource(composite, site);
    case "tag-list":
    case "ber-tlv":
      return tagSource(composite, site);
    case "dataset":
      return datasetSource(composite, site);
    case "token-list":
      return tokenSource(composite, site);
  }
}

/** How a part of a tag kind is written. */
export function partValue(
  part: PartSpec,
  around: DataEncoding,
): Value & { readonly filler: Filler } {
  const encoding = part.encoding ?? (part.content === "b" ? "raw" : around);
  return {
    encoding,
    filler: part.filler ?? "none",
    content: contentOf(part.content, encoding),
    min: part.min,
    max: part.max,
    isTrack: part.content === "z",
  };
}

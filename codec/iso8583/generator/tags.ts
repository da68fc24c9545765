// Templates of composites whose parts name themselves: tag lists, BER-TLV, datasets, BASE24 tokens.
import type {
  BERTLVSpec,
  DataEncoding,
  DatasetSpec,
  PartSpec,
  TagListSpec,
  TokenListSpec,
} from "../dialect.ts";
import { isEbcdic } from "../ebcdic.ts";
import { packTag } from "../error-path.ts";
import { isAlnum, isDigit } from "../tables.ts";
import { bytesOfValue } from "../wire-size.ts";
import { compositeSource, declared, head, nested, partValue, type Site } from "./composite.ts";
import { classTable, contentOf } from "./resolve.ts";
import { type CodeName, failAs, partScope, type Scope, wholeScope } from "./scope.ts";
import { byteAt, valueLines } from "./value.ts";

const tagScope = partScope("tag");

interface Case {
  /** Tag as an integer, or null for tags that the dialect does not name. */
  readonly key: string | null;
  readonly part: PartSpec;
}

/** Lines of one case, from the length in n at `lengthAt` to the end of the value. */
function caseLines(
  { part, key }: Case,
  tag: string,
  site: Site,
  around: DataEncoding,
): { readonly lines: string[]; readonly source: string[] } {
  const value = partValue(part, around);
  const { encoding } = value;
  const max = bytesOfValue(encoding, part.max);
  const min = encoding === "utf-8" ? part.min : bytesOfValue(encoding, part.min);
  const inner = nested(part, tag, site, encoding);
  const kind = part.composite?.kind;
  const judged = kind === undefined || kind === "positional";
  const place = { to: "q", length: "n", count: null };
  const lines = [
    key === null ? "    default: {" : `    case ${key}: {`,
    `    if (n > ${max}) ${failAs(tagScope, "LEN_EXCEEDS_MAX", "lengthAt", max, "n")}`,
    ...(min > 0 ? [`    if (n < ${min}) ${failAs(tagScope, "BAD_FORMAT", "p", min, "n")}`] : []),
    `    if (end - p < n) ${failAs(tagScope, "TLV_VALUE_TRUNCATED", "p", "n", "end - p")}`,
    "    q = p + n;",
    ...(encoding === "hex"
      ? [`    if ((n & 1) !== 0) ${failAs(tagScope, "BAD_FORMAT", "p", "n", "n")}`]
      : []),
    ...(judged ? valueLines(value, place, tagScope, null) : []),
  ];
  if (inner.name !== null) {
    lines.push(
      `    const t = ${inner.name}(v, b, p, q);`,
      "    if (t !== 0) return v.within(tag, t);",
    );
  }
  lines.push("    break;", "    }");
  return { lines, source: inner.source };
}

/** The switch over the tags that the dialect names, and the rest. */
function tagSwitch(
  cases: readonly (Case & { readonly tag: string })[],
  site: Site,
  around: DataEncoding,
): { readonly lines: string[]; readonly source: string[] } {
  const lines: string[] = [];
  const source: string[] = [];
  for (const one of cases) {
    const made = caseLines(one, one.tag, site, around);
    lines.push(...made.lines);
    source.push(...made.source);
  }
  return { lines: ["    switch (tag) {", ...lines, "    }"], source };
}

/** Refuses a tag that the dialect does not name, where it says so. */
function unknownLines(keys: readonly string[], unknown: "keep" | "reject"): string[] {
  if (unknown === "keep") {
    return [];
  }
  return [
    "    switch (tag) {",
    ...keys.map((key) => `    case ${key}:`),
    ...(keys.length === 0 ? [] : ["      break;"]),
    "    default:",
    `      ${failAs(tagScope, "UNKNOWN_FIELD", "tagAt", -1, -1)}`,
    "    }",
  ];
}

function truncated(scope: Scope, name: CodeName, size: number): string {
  return failAs(scope, name, "p", size, "end - p");
}

function limitLines(spec: TagListSpec | BERTLVSpec, site: Site): string[] {
  const { tagsMax, duplicates } = spec;
  const tooMany = failAs(tagScope, "TLV_TOO_MANY", "tagAt", tagsMax, tagsMax + 1);
  const lines = [`    if (count === ${tagsMax}) ${tooMany}`];
  if (duplicates === "reject") {
    const seen = `seenBefore(${site.name}Seen, count, tag)`;
    lines.push(`    if (${seen}) ${failAs(tagScope, "TLV_DUPLICATE", "tagAt", -1, -1)}`);
  }
  return [...lines, "    count++;"];
}

function seenLines(spec: TagListSpec | BERTLVSpec, site: Site): string[] {
  return spec.duplicates === "reject"
    ? [`const ${site.name}Seen = new Int32Array(${spec.tagsMax});`, ""]
    : [];
}

/** Latin-1 code of the character `i` behind p. */
function character(encoding: DataEncoding, i: number, position = "p"): string {
  const byte = byteAt(position, i);
  return isEbcdic(encoding) ? `latin${encoding.slice("ebcdic-".length)}[${byte}]!` : byte;
}

/** Characters from p on as one integer. */
function packed(encoding: DataEncoding, count: number, from = 0): string {
  return Array.from({ length: count }, (_, i) => {
    const shift = 8 * (count - 1 - i);
    const char = character(encoding, from + i);
    return shift === 0 ? char : `(${char} << ${shift})`;
  }).join(" | ");
}

/** Reads `count` digits from p + from on into n. */
function digitLines(
  encoding: DataEncoding,
  count: number,
  from: number,
  scope: Scope,
  at: string,
): string[] {
  const zero = isEbcdic(encoding) ? 0xf0 : 48;
  const names = Array.from({ length: count }, (_, i) => `d${i}`);
  const value = names
    .map((name, i) => (i === count - 1 ? name : `${name} * ${10 ** (count - 1 - i)}`))
    .join(" + ");
  return [
    ...names.map((name, i) => `    const ${name} = ${byteAt("p", from + i)} - ${zero};`),
    `    if (${names.map((name) => `${name} >>> 0 > 9`).join(" || ")})`,
    `      ${failAs(scope, "LEN_NOT_NUMERIC", at, count, count)}`,
    `    n = ${value};`,
  ];
}

function leadingLines(spec: TagListSpec, encoding: DataEncoding): string[] {
  if (spec.leading === undefined) {
    return [];
  }
  const { content, max } = spec.leading;
  const mismatch = failAs(wholeScope, "COMPOSITE_LENGTH_MISMATCH", "p", max, "end - p");
  const value = {
    ...spec.leading,
    encoding,
    filler: "none",
    content: contentOf(content, encoding),
    isTrack: false,
  } as const;
  const place = { to: `p + ${max}`, length: max, count: null };
  return [
    "  if (p < end) {",
    `    if (end - p < ${max}) ${mismatch}`,
    ...valueLines(value, place, wholeScope, null),
    `    p += ${max};`,
    "  }",
  ];
}

/** Tag characters that are no tag: the fault is the list's own. */
function tagCheck(spec: TagListSpec, encoding: DataEncoding): string[] {
  const size = spec.tagDigits;
  const table = classTable(encoding);
  const bit = spec.tagLetters === true ? isAlnum : isDigit;
  const terms = Array.from({ length: size }, (_, i) => `${table}[${byteAt("p", i)}]!`).join(" & ");
  const fault = `contentFault(b, p, p + ${size}, ${table})`;
  const bad = wholeScope.status(fault, "p", size, size);
  const space = Array.from({ length: size }, (_, i) => `${character(encoding, i)} === 32`);
  const spaces = spec.tagLetters === true ? ` || ${space.join(" || ")}` : "";
  return [`    if ((${terms} & ${bit}) === 0${spaces}) return ${bad};`];
}

function tagListSource(spec: TagListSpec, site: Site): string[] {
  const { encoding } = site;
  const { tagDigits, lengthDigits } = spec;
  const cases = Object.entries(spec.tags).map(([tag, part]) => ({
    key: String(packTag(tag)),
    tag,
    part,
  }));
  const max = 10 ** lengthDigits - 1;
  const min = spec.emptyAllowed === true ? 0 : 1;
  const unknown: PartSpec = { name: "", min, max, content: "ans" };
  const all = [...cases, { key: null, tag: "0", part: unknown }];
  const { lines, source } = tagSwitch(all, site, encoding);
  const body = [
    "  while (p < end) {",
    "    const tagAt = p;",
    `    if (end - p < ${tagDigits}) ${truncated(wholeScope, "TLV_TAG_TRUNCATED", tagDigits)}`,
    ...tagCheck(spec, encoding),
    `    const tag = ${packed(encoding, tagDigits)};`,
    ...limitLines(spec, site),
    ...unknownLines(
      cases.map(({ key }) => key),
      spec.unknown,
    ),
    `    p += ${tagDigits};`,
    "    const lengthAt = p;",
    `    if (end - p < ${lengthDigits}) ${truncated(tagScope, "TLV_LEN_TRUNCATED", lengthDigits)}`,
    ...digitLines(encoding, lengthDigits, 0, tagScope, "p"),
    `    p += ${lengthDigits};`,
    ...lines,
    "    p = q;",
    "  }",
  ];
  return [
    ...source,
    ...seenLines(spec, site),
    ...head(site.name),
    "  let count = 0;",
    ...declared(body),
    ...leadingLines(spec, encoding),
    ...body,
    "  return 0;",
    "}",
    "",
  ];
}

function paddingLines(padding: BERTLVSpec["padding"]): string[] {
  if (padding === "reject") {
    return [];
  }
  return [
    "    if (b[p] === 0) {",
    padding === "end" ? "      return 0;" : "      p++;",
    ...(padding === "end" ? [] : ["      continue;"]),
    "    }",
  ];
}

function berSource(spec: BERTLVSpec, site: Site): string[] {
  const cases = Object.entries(spec.tags).map(([tag, part]) => ({
    key: String(Number.parseInt(tag, 16) | 0),
    tag,
    part,
  }));
  const unknown: PartSpec = { name: "", min: 0, max: 65_535, content: "b" };
  const { lines, source } = tagSwitch(
    [...cases, { key: null, tag: "0", part: unknown }],
    site,
    "ascii",
  );
  const body = [
    "  while (p < end) {",
    ...paddingLines(spec.padding),
    "    const tagAt = p;",
    `    q = readBerTag(v, b, p, end, ${spec.tagBytesMax});`,
    "    if (q < 0) return q;",
    "    const tag = tlv.tag;",
    ...limitLines(spec, site),
    ...unknownLines(
      cases.map(({ key }) => key),
      spec.unknown,
    ),
    "    const lengthAt = q;",
    `    p = readBerLength(v, b, q, end, ${spec.lengthBytesMax});`,
    "    if (p < 0) return p;",
    "    n = tlv.length;",
    ...lines,
    "    p = q;",
    "  }",
  ];
  return [
    ...source,
    ...seenLines(spec, site),
    ...head(site.name),
    "  let count = 0;",
    ...declared(body),
    ...body,
    "  return 0;",
    "}",
    "",
  ];
}

export function tagSource(spec: TagListSpec | BERTLVSpec, site: Site): string[] {
  return spec.kind === "ber-tlv" ? berSource(spec, site) : tagListSource(spec, site);
}

export function datasetSource(spec: DatasetSpec, site: Site): string[] {
  const before: string[] = [];
  const cases: string[] = [];
  const keys: string[] = [];
  for (const [id, part] of Object.entries(spec.datasets)) {
    const name = `${site.name}x${id}`;
    const inner: Site = { name, encoding: "raw", spec: { name: "", min: 0, max: 0, content: "b" } };
    before.push(...compositeSource(part.composite, inner));
    const key = String(Number.parseInt(id, 16));
    keys.push(key);
    cases.push(`    case ${key}:`, `      t = ${name}(v, b, p, q);`, "      break;");
  }
  const max = spec.datasetsMax;
  return [
    ...before,
    ...head(site.name),
    "  let count = 0;",
    "  while (p < end) {",
    "    const tagAt = p;",
    "    const tag = b[p]!;",
    `    if (count === ${max}) ${failAs(tagScope, "TLV_TOO_MANY", "tagAt", max, max + 1)}`,
    "    count++;",
    ...unknownLines(keys, spec.unknown),
    "    p++;",
    `    if (end - p < 2) ${failAs(tagScope, "TLV_LEN_TRUNCATED", "p", 2, "end - p")}`,
    "    const n = (b[p]! << 8) | b[p + 1]!;",
    "    p += 2;",
    `    if (end - p < n) ${failAs(tagScope, "TLV_VALUE_TRUNCATED", "p", "n", "end - p")}`,
    "    const q = p + n;",
    "    let t = 0;",
    ...(cases.length === 0 ? [] : ["    switch (tag) {", ...cases, "    }"]),
    "    if (t !== 0) return v.within(tag, t);",
    "    p = q;",
    "  }",
    "  return 0;",
    "}",
    "",
  ];
}

/** BASE24's header and token header, written in the element's encoding. */
export function tokenSource(spec: TokenListSpec, site: Site): string[] {
  const { encoding } = site;
  const table = classTable(encoding);
  const is = (i: number, char: number): string => `${character(encoding, i)} === ${char}`;
  const digits = (from: number, count: number): string => {
    const terms = Array.from({ length: count }, (_, i) => `${table}[${byteAt("p", from + i)}]!`);
    return `(${terms.join(" & ")} & ${isDigit}) !== 0`;
  };
  const sum = (from: number): string =>
    Array.from({ length: 5 }, (_, i) => `(${byteAt("p", from + i)} & 15) * ${10 ** (4 - i)}`).join(
      " + ",
    );
  const cases = Object.entries(spec.tokens).map(([tag, part]) => ({
    key: String(packTag(tag)),
    tag,
    part,
  }));
  const unknown: PartSpec = { name: "", min: 0, max: 99_999, content: "ans" };
  const { lines, source } = tagSwitch(
    [...cases, { key: null, tag: "0", part: unknown }],
    site,
    encoding,
  );
  const id = `(${table}[${byteAt("p", 2)}]! & ${table}[${byteAt("p", 3)}]! & ${isAlnum}) !== 0`;
  const mismatch = (expected: string, actual: string): string =>
    failAs(wholeScope, "COMPOSITE_LENGTH_MISMATCH", "at", expected, actual);
  const max = spec.tokensMax;
  return [
    ...source,
    ...head(site.name),
    "  let n = 0;",
    "  let q = 0;",
    "  let tokens = 0;",
    "  if (p === end) return 0;",
    `  if (end - p < 12) ${mismatch("12", "end - p")}`,
    `  if (!(${is(0, 38)} && ${is(1, 32)} && ${digits(2, 10)}))`,
    `    ${failAs(wholeScope, "BAD_FORMAT", "p", 12, 12)}`,
    `  const count = ${sum(2)};`,
    `  const total = ${sum(7)};`,
    `  if (total !== end - at) ${mismatch("total", "end - at")}`,
    "  p += 12;",
    "  while (p < end) {",
    "    const tagAt = p;",
    `    if (end - p < 10) ${failAs(wholeScope, "TLV_TAG_TRUNCATED", "p", 10, "end - p")}`,
    `    if (!(${is(0, 33)} && ${is(1, 32)} && ${id} && ${digits(4, 5)} && ${is(9, 32)}))`,
    `      ${failAs(wholeScope, "BAD_FORMAT", "p", 10, 10)}`,
    `    const tag = ${packed(encoding, 2, 2)};`,
    `    if (tokens === ${max}) ${failAs(tagScope, "TLV_TOO_MANY", "tagAt", max, max + 1)}`,
    "    tokens++;",
    ...unknownLines(
      cases.map(({ key }) => key),
      spec.unknown,
    ),
    "    const lengthAt = p + 4;",
    `    n = ${sum(4)};`,
    "    p += 10;",
    ...lines,
    "    p = q;",
    "  }",
    `  if (count !== tokens + 1) ${mismatch("count", "tokens + 1")}`,
    "  return 0;",
    "}",
    "",
  ];
}

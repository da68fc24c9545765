// Templates of the scanner of one bitmap word: elements ascending, and a short way through the runs
// of fixed elements that usual traffic brings.
import type { Dialect } from "../dialect.ts";
import { type CompositeName, elementLines, failAt } from "./field.ts";
import { type Field, hexLiteral, sixWordsOf } from "./resolve.ts";
import { elementScope } from "./scope.ts";
import { byteAt, dateTests, unrolledMax, wordBytes, wordTest } from "./value.ts";

/** Elements of a word from one of variable length to the next. */
interface Segment {
  readonly elements: readonly number[];
  readonly variable: number | null;
}

/** An element with the function of its composite. */
export interface Placed {
  readonly field: Field;
  readonly composite: CompositeName;
}

/** An element whose layout differs in some message types. */
export interface Variant extends Placed {
  /** As numbers, 0x0100 for "0100". */
  readonly mtis: readonly number[];
}

/** All that the scanners of the words need. */
export interface Elements {
  readonly dialect: Dialect;
  readonly placed: ReadonlyMap<number, Placed>;
  readonly variants: ReadonlyMap<number, readonly Variant[]>;
}

/** True where the bit announces a bitmap, or stands for nothing. */
export function isBitmapBit(dialect: Dialect, de: number): boolean {
  const { bits, continues } = dialect.bitmap;
  if (de % 64 !== 1) {
    return false;
  }
  if (de === 1) {
    return true;
  }
  return dialect.elements[de] === undefined || (continues === "bit1" && de + 64 <= bits);
}

function bitOf(de: number): string {
  return hexLiteral((1 << (-de & 31)) | 0);
}

function segmentsOf(elements: Elements, word: number): Segment[] {
  const segments: Segment[] = [];
  let fixed: number[] = [];
  for (let de = 32 * word + 1; de <= 32 * word + 32; de++) {
    const variable = (elements.placed.get(de)?.field.prefixBytes ?? 0) > 0;
    if (variable) {
      segments.push({ elements: fixed, variable: de });
      fixed = [];
    } else if (!isBitmapBit(elements.dialect, de)) {
      fixed.push(de);
    }
  }
  segments.push({ elements: fixed, variable: null });
  return segments;
}

/** Variables of a function, where its body uses them. */
export function variablesOf(body: readonly string[]): string[] {
  return ["n", "q"]
    .filter((name) => body.some((line) => new RegExp(`^\\s+${name} = `).test(line)))
    .map((name) => `  let ${name} = 0;`);
}

const variantName = (de: number, index: number): string => `scanElement${de}v${index}`;

/**
 * A function for each layout of a single message type: in the scanner of the word they would make
 * it larger than what V8 optimises.
 */
function variantSource(elements: Elements, de: number): string[] {
  return (elements.variants.get(de) ?? []).flatMap((variant, index) => {
    const body = bodyOf(variant, de);
    return [
      `function ${variantName(de, index)}(v: View, b: Buffer, at: number, end: number): number {`,
      "  const s = v.slots;",
      "  let p = at;",
      ...variablesOf(body),
      ...body,
      "  return p;",
      "}",
      "",
    ];
  });
}

function bodyOf(placed: Placed | undefined, de: number): string[] {
  return placed === undefined
    ? [`    ${failAt("UNKNOWN_FIELD", de, "p", -1, -1)}`]
    : elementLines(placed.field, elementScope(de), placed.composite);
}

/** One element, or the error that the dialect lacks it; layouts of single message types first. */
function oneElement(elements: Elements, de: number): string[] {
  const placed = elements.placed.get(de);
  const variants = elements.variants.get(de) ?? [];
  const test = `  if ((w & ${bitOf(de)}) !== 0)`;
  if (variants.length > 0) {
    const branches = variants.flatMap(({ mtis }, index) => {
      const condition = mtis.map((mti) => `v.mti === 0x${mti.toString(16)}`).join(" || ");
      return [
        `    if (${condition}) {`,
        `    p = ${variantName(de, index)}(v, b, p, end);`,
        "    if (p < 0) return p;",
        "    } else",
      ];
    });
    return [`${test} {`, ...branches, "    {", ...bodyOf(placed, de), "    }", "  }"];
  }
  return placed === undefined
    ? [`${test} ${failAt("UNKNOWN_FIELD", de, "p", -1, -1)}`]
    : [`${test} {`, ...bodyOf(placed, de), "  }"];
}

function placeAt(offset: number): string {
  return offset === 0 ? "p" : `(p + ${offset}) | 0`;
}

/** Conditions that all bytes of a run hold: one AND a stretch of one class, then the dates. */
export function runConditions(run: readonly Field[]): string[] {
  const conditions: string[] = [];
  let from = 0;
  let at = 0;
  run.forEach(({ max, content: { classBit } }, i) => {
    at += max;
    if (run[i + 1]?.content.classBit === classBit) return;
    const test = wordTest(classBit);
    if (test !== null && at - from >= wordBytes) {
      conditions.push(`${test}(v.words, b, ${placeAt(from)}, (p + ${at}) | 0)`);
    } else if (at - from > unrolledMax) {
      const bits = `classAnd(b, ${placeAt(from)}, (p + ${at}) | 0)`;
      conditions.push(`(${bits} & ${classBit}) !== 0`);
    } else {
      const offsets = Array.from({ length: at - from }, (_, k) => from + k);
      const terms = offsets.map((offset) => `cls[${byteAt("p", offset)}]!`);
      conditions.push(`(${terms.join(" & ")} & ${classBit}) !== 0`);
    }
    from = at;
  });
  at = 0;
  for (const { content, max } of run) {
    if (content.date !== null) {
      conditions.push(dateTests[content.date](at === 0 ? "p" : `(${placeAt(at)})`));
    }
    at += max;
  }
  return conditions;
}

/** Reads a run with one bounds check and constant offsets; anything unusual falls through. */
function runLines(segment: Segment, run: readonly Field[], word: number): string[] {
  const total = run.reduce((sum, field) => sum + field.max, 0);
  const mask = hexLiteral(sixWordsOf(segment.elements)[word]!);
  const wanted = hexLiteral(sixWordsOf(run.map((field) => field.de))[word]!);
  const conditions = [`(w & ${mask}) === ${wanted}`, `end - p >= ${total}`, ...runConditions(run)];
  const lines = [`  if (`, `    ${conditions.join(" &&\n    ")}`, "  ) {"];
  let at = 0;
  for (const { de, max } of run) {
    const place = at === 0 ? "p" : `(p + ${at}) | 0`;
    lines.push(`    s[${2 * de}] = ${place};`, `    s[${2 * de + 1}] = ${max};`);
    at += max;
  }
  return [...lines, `    p = (p + ${total}) | 0;`, "  } else {"];
}

/** The usual run that lies within a segment and that the short way can say, if there is one. */
function runOf(elements: Elements, segment: Segment): Field[] | null {
  const { dialect, placed, variants } = elements;
  const run = dialect.usualRuns.find((numbers) =>
    numbers.every((de) => segment.elements.includes(de)),
  );
  const found = run?.flatMap((de) => placed.get(de) ?? []) ?? [];
  const plain = found.every(({ field: { content, spec, de }, composite }) => {
    const simple = content.classBit !== 0 && !content.signed && spec.encoding === "ascii";
    return simple && composite === null && !variants.has(de);
  });
  return found.length > 1 && found.length === run?.length && plain
    ? found.map(({ field }) => field)
    : null;
}

/** The scanner of one bitmap word: returns the position after it, or a packed status. */
export function wordScanner(elements: Elements, word: number): string[] {
  const body: string[] = [];
  for (const segment of segmentsOf(elements, word)) {
    const generic = segment.elements.flatMap((de) => oneElement(elements, de));
    const run = runOf(elements, segment);
    if (run === null) {
      body.push(...generic);
    } else {
      body.push(...runLines(segment, run, word), ...generic.map((line) => `  ${line}`), "  }");
    }
    if (segment.variable !== null) {
      body.push(...oneElement(elements, segment.variable));
    }
  }
  const variants = Array.from({ length: 32 }, (_, i) => variantSource(elements, 32 * word + i + 1));
  const stores = body.some((line) => /^\s+s\[/.test(line));
  const used = (name: string): string =>
    body.some((line) => new RegExp(`\\b${name}\\b`).test(line)) ? name : `_${name}`;
  const [b, end] = [used("b"), used("end")];
  const parameters = `v: View, ${b}: Buffer, at: number, ${end}: number, w: number`;
  return [
    ...variants.flat(),
    `function scanWord${word}(${parameters}): number {`,
    ...(stores ? ["  const s = v.slots;"] : []),
    "  let p = at;",
    ...variablesOf(body),
    ...body,
    "  return p;",
    "}",
    "",
  ];
}

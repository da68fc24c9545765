// Templates of the scanner of one bitmap word: elements ascending, and a short way through the runs
// of fixed elements that usual traffic brings.
import { byteAt, dateTests, elementLines, failAt } from "./field.ts";
import { type Field, hexLiteral, wordsOf } from "./resolve.ts";

/** Elements of a word from one of variable length to the next. */
interface Segment {
  readonly elements: readonly number[];
  readonly variable: number | null;
}

function bitOf(de: number): string {
  return hexLiteral((1 << (-de & 31)) | 0);
}

function segmentsOf(fields: ReadonlyMap<number, Field>, word: number): Segment[] {
  const segments: Segment[] = [];
  let elements: number[] = [];
  for (let de = 32 * word + 1; de <= 32 * word + 32; de++) {
    const variable = (fields.get(de)?.prefixDigits ?? 0) > 0;
    if (variable) {
      segments.push({ elements, variable: de });
      elements = [];
    } else if (de !== 1 && de !== 65) {
      elements.push(de);
    }
  }
  segments.push({ elements, variable: null });
  return segments;
}

/** One element, or the error that the dialect lacks it. */
function oneElement(fields: ReadonlyMap<number, Field>, de: number): string[] {
  const field = fields.get(de);
  const test = `  if ((w & ${bitOf(de)}) !== 0)`;
  return field === undefined
    ? [`${test} ${failAt("UNKNOWN_FIELD", de, "p", -1, -1)}`]
    : [`${test} {`, ...elementLines(field), "  }"];
}

/** Conditions that all bytes of a run hold: one AND a stretch of one class, then the dates. */
function runConditions(run: readonly Field[]): string[] {
  const conditions: string[] = [];
  let at = 0;
  let terms: string[] = [];
  run.forEach((field, i) => {
    for (let k = 0; k < field.max; k++) {
      terms.push(`cls[${byteAt("p", at + k)}]!`);
    }
    at += field.max;
    if (run[i + 1]?.content.classBit !== field.content.classBit) {
      conditions.push(`(${terms.join(" & ")} & ${field.content.classBit}) !== 0`);
      terms = [];
    }
  });
  at = 0;
  for (const { content, max } of run) {
    if (content.date !== null) {
      conditions.push(dateTests[content.date](at === 0 ? "p" : `((p + ${at}) | 0)`));
    }
    at += max;
  }
  return conditions;
}

/** Reads a run with one bounds check and constant offsets; anything unusual falls through. */
function runLines(segment: Segment, run: readonly Field[], word: number): string[] {
  const total = run.reduce((sum, field) => sum + field.max, 0);
  const mask = hexLiteral(wordsOf(segment.elements)[word]!);
  const wanted = hexLiteral(wordsOf(run.map((field) => field.de))[word]!);
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
function runOf(
  fields: ReadonlyMap<number, Field>,
  segment: Segment,
  usualRuns: readonly (readonly number[])[],
): Field[] | null {
  const run = usualRuns.find((elements) => elements.every((de) => segment.elements.includes(de)));
  const found = run?.flatMap((de) => fields.get(de) ?? []) ?? [];
  const plain = found.every(({ content }) => content.classBit !== 0 && !content.signed);
  return found.length > 1 && found.length === run?.length && plain ? found : null;
}

/** The scanner of one bitmap word: returns the position after it, or a packed status. */
export function wordScanner(
  fields: ReadonlyMap<number, Field>,
  word: number,
  usualRuns: readonly (readonly number[])[],
): string[] {
  const body: string[] = [];
  for (const segment of segmentsOf(fields, word)) {
    const generic = segment.elements.flatMap((de) => oneElement(fields, de));
    const run = runOf(fields, segment, usualRuns);
    if (run === null) {
      body.push(...generic);
    } else {
      body.push(...runLines(segment, run, word), ...generic.map((line) => `  ${line}`), "  }");
    }
    if (segment.variable !== null) {
      body.push(...oneElement(fields, segment.variable));
    }
  }
  const variables = ["n", "q"].filter((name) =>
    body.some((line) => new RegExp(`^\\s+${name} = `).test(line)),
  );
  return [
    `function scanWord${word}(v: View, b: Buffer, at: number, end: number, w: number): number {`,
    "  const s = v.slots;",
    "  let p = at;",
    ...variables.map((name) => `  let ${name} = 0;`),
    ...body,
    "  return p;",
    "}",
    "",
  ];
}

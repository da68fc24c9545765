// Templates of shape scanners: one function for a whole set of elements. It reads what is usual and
// nothing else; anything unusual returns 0 and is read again by the general scanner, which finds
// the same elements or says what is wrong.
import { elementLines } from "./field.ts";
import { type Field, hexLiteral, sixWordsOf } from "./resolve.ts";
import type { Scope } from "./scope.ts";
import { type Elements, isBitmapBit, runConditions, variablesOf } from "./word.ts";

/** Where every fault means: read it the general way. */
const giveUp: Scope = {
  status: () => "0",
  store: () => [],
  inside: () => "0",
  isWhole: true,
};

function storing(de: number): Scope {
  return {
    ...giveUp,
    store: (at, length) => [`    s[${2 * de}] = ${at};`, `    s[${2 * de + 1}] = ${length};`],
  };
}

/** Fixed elements that one condition can say; the others are read one by one. */
function isPlain({ content, spec }: Field): boolean {
  const raw = spec.encoding === "raw";
  const text = spec.encoding === "ascii" && content.classBit !== 0 && !content.signed;
  return spec.prefix === null && spec.composite?.kind !== "tag-list" && (raw || text);
}

/** A run at constant offsets from p: one bounds check, one AND a class, the dates. */
function runLines(run: readonly Field[]): string[] {
  const total = run.reduce((sum, field) => sum + field.max, 0);
  const judged = run.every(({ spec }) => spec.encoding !== "raw");
  const conditions = [`end - p >= ${total}`, ...(judged ? runConditions(run) : [])];
  const lines = [`  if (!(${conditions.join(" &&\n    ")})) return 0;`];
  let at = 0;
  for (const { de, max } of run) {
    const place = at === 0 ? "p" : `(p + ${at}) | 0`;
    lines.push(`  s[${2 * de}] = ${place};`, `  s[${2 * de + 1}] = ${max};`);
    at += max;
  }
  return [...lines, `  p = (p + ${total}) | 0;`];
}

/** Text and raw elements do not share a run: raw bytes are not judged. */
function runsOf(fields: readonly Field[]): (Field | readonly Field[])[] {
  const out: (Field | Field[])[] = [];
  for (const field of fields) {
    const last = out.at(-1);
    if (!isPlain(field)) {
      out.push(field);
    } else if (
      Array.isArray(last) &&
      (last[0]!.spec.encoding === "raw") === (field.spec.encoding === "raw")
    ) {
      last.push(field);
    } else {
      out.push([field]);
    }
  }
  return out;
}

/** As many elements as a bitmap word has: more in one function, and V8 may not optimise it. */
const elementsInFunction = 32;

/** One function over some elements of a shape: the position behind them, or 0. */
function pieceSource(elements: Elements, numbers: readonly number[], name: string): string[] {
  const fields = numbers.map((de) => elements.placed.get(de)!.field);
  const body = runsOf(fields).flatMap((part): string[] => {
    if (!("de" in part)) {
      return runLines(part);
    }
    const lines = elementLines(part, storing(part.de), elements.placed.get(part.de)!.composite);
    // The list engine gives a status; here it is as good as any fault.
    return ["  {", ...lines.map((line) => line.replace("return n;", "return 0;")), "  }"];
  });
  return [
    `/** Elements ${numbers.join(" ")}. */`,
    `function ${name}(v: View, b: Buffer, at: number, end: number): number {`,
    "  const s = v.slots;",
    "  let p = at;",
    ...variablesOf(body),
    ...body,
    "  return p;",
    "}",
    "",
  ];
}

/** The function of a shape; a long one calls a function a piece. */
function shapeSource(elements: Elements, numbers: readonly number[], index: number): string[] {
  const name = `scanShape${index}`;
  if (numbers.length <= elementsInFunction) {
    return pieceSource(elements, numbers, name);
  }
  const pieces: string[] = [];
  const calls: string[] = [];
  for (let from = 0; from < numbers.length; from += elementsInFunction) {
    const piece = `${name}From${numbers[from]}`;
    const some = numbers.slice(from, from + elementsInFunction);
    pieces.push(...pieceSource(elements, some, piece));
    calls.push(`  if (p > 0) p = ${piece}(v, b, p, end);`);
  }
  return [
    ...pieces,
    `function ${name}(v: View, b: Buffer, at: number, end: number): number {`,
    "  let p = at;",
    ...calls,
    "  return p;",
    "}",
    "",
  ];
}

/** Bitmap words of a message with these elements, as this dialect announces them. */
function announced(elements: Elements, numbers: readonly number[]): number[] {
  const { bits } = elements.dialect.bitmap;
  const marks = Array.from({ length: bits / 64 - 1 }, (_, i) => 64 * i + 1);
  const needed = marks.filter((mark) => numbers.some((de) => de > mark + 63));
  return sixWordsOf([...needed, ...numbers]).slice(0, bits / 32);
}

/** Shapes that can be generated: whole sets of elements that no message type overrides. */
function shapesOf(elements: Elements): readonly (readonly number[])[] {
  return (elements.dialect.shapes ?? []).filter((numbers) =>
    numbers.every(
      (de) =>
        elements.placed.has(de) && !elements.variants.has(de) && !isBitmapBit(elements.dialect, de),
    ),
  );
}

/** The functions of all shapes. */
export function shapeScanners(elements: Elements): string[] {
  return shapesOf(elements).flatMap((numbers, index) => shapeSource(elements, numbers, index));
}

/** Lines that try the shapes behind the bitmaps, before the general scanners. */
export function shapeDispatch(elements: Elements): string[] {
  const shapes = shapesOf(elements);
  if (shapes.length === 0) {
    return [];
  }
  const cases = shapes.map((numbers, index) => {
    const words = announced(elements, numbers);
    // The second word tells most shapes apart, so that it is compared first.
    const order = [1, 0, ...words.keys()].filter((word, i, all) => all.indexOf(word) === i);
    const test = order.map((word) => `v.w${word} === ${hexLiteral(words[word]!)}`).join(" && ");
    return `${test} ? scanShape${index}(v, b, p, end)`;
  });
  return [
    "  if (p > 0 && known) {",
    `    const stop = ${cases.join("\n      : ")}\n      : -1;`,
    "    if (stop === end) {",
    `      v.validUpTo = ${elements.dialect.bitmap.bits};`,
    "      return 0;",
    "    }",
    "    // A shape that gave up may have noted tags.",
    "    if (stop >= 0) v.tags.clear();",
    "  }",
  ];
}

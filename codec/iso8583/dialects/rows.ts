// From a field table to elements: a table says what a field holds, a dialect how it is written.
import type {
  CompositeSpec,
  ContentClass,
  DataEncoding,
  EbcdicPage,
  ElementSpec,
  Filler,
  LengthPrefix,
  Sensitivity,
} from "../dialect.ts";

export type Row = readonly [
  de: number,
  name: string,
  content: ContentClass,
  /** A number is a fixed length; two are the limits of a variable one. */
  size: number | readonly [min: number, max: number],
  sensitivity?: Sensitivity,
];

/** How an element is written. */
export type Writing = Pick<ElementSpec, "prefix" | "encoding" | "filler">;

/** What a writer of elements looks at. */
export interface Shape {
  readonly content: ContentClass;
  readonly isFixed: boolean;
  readonly max: number;
}

/** Numbers are zero-filled, text is space-filled; dates, signs and binary come complete. */
export function fillerOf({ content, isFixed }: Shape): Filler {
  if (!isFixed) {
    return "none";
  }
  if (content === "n") {
    return "zero-left";
  }
  return content.startsWith("a") ? "space-right" : "none";
}

function digitsFor(max: number): number {
  return max > 999 ? 4 : max > 99 ? 3 : 2;
}

/** ASCII throughout, lengths included; `binary` says how `b` fields are written. */
export function asciiWriting(binary: DataEncoding): (shape: Shape) => Writing {
  return (shape) => {
    const prefix: LengthPrefix = { digits: digitsFor(shape.max), encoding: "ascii", unit: "bytes" };
    return {
      prefix: shape.isFixed ? null : prefix,
      encoding: shape.content === "b" ? binary : "ascii",
      filler: fillerOf(shape),
    };
  };
}

function isText(content: ContentClass): boolean {
  return ["a", "an", "ans", "ns"].includes(content);
}

/** How lengths of packed dialects are written, and what fills odd digits. */
export interface Packing {
  readonly lengths: "bcd" | "binary";
  readonly fixedFiller: Filler;
  readonly variableFiller: Filler;
  readonly text: "ascii" | EbcdicPage;
}

/**
 * Packed: numbers and tracks in BCD, text in one byte a character, `b` raw. Numbers of variable
 * length count digits, everything else counts bytes.
 */
export function packedWriting(packing: Packing): (shape: Shape) => Writing {
  return (shape) => {
    const { content, isFixed, max } = shape;
    const isBcd = content !== "b" && !isText(content);
    const digits = packing.lengths === "bcd" ? digitsFor(max) : max > 255 ? 2 : 1;
    const unit = isBcd ? "digits" : "bytes";
    const encoding = content === "b" ? "raw" : content === "x+n" ? "signed-bcd" : "bcd";
    return {
      prefix: isFixed ? null : { digits, encoding: packing.lengths, unit },
      encoding: isText(content) ? packing.text : encoding,
      filler: isBcd ? (isFixed ? packing.fixedFiller : packing.variableFiller) : fillerOf(shape),
    };
  };
}

/** Elements of a table, each written as `writing` says. */
export function elementsOf(
  rows: readonly Row[],
  composites: Readonly<Record<number, CompositeSpec>>,
  writing: (shape: Shape) => Writing,
): Record<string, ElementSpec> {
  const elements: Record<string, ElementSpec> = {};
  for (const [de, name, content, size, sensitivity] of rows) {
    const isFixed = typeof size === "number";
    const [min, max] = isFixed ? [size, size] : size;
    const composite = composites[de];
    elements[String(de)] = {
      name,
      min,
      max,
      content,
      ...writing({ content, isFixed, max }),
      ...(sensitivity === undefined ? {} : { sensitivity }),
      ...(composite === undefined ? {} : { composite }),
    };
  }
  return elements;
}

/** A table with some of its rows replaced or added. */
export function withRows(rows: readonly Row[], changes: readonly Row[]): readonly Row[] {
  const changed = new Map([...rows, ...changes].map((row) => [row[0], row]));
  return [...changed.values()].sort((a, b) => a[0] - b[0]);
}

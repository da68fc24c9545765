// What all foreign formats have in common: an element as a dialect file has it, what of the file is
// lost, and the way from elements to a dialect that `check` accepts.
import { dialectProblems } from "../check/dialect.ts";
import type {
  BitmapSpec,
  ContentClass,
  DataEncoding,
  Dialect,
  Filler,
  HeaderSpec,
  LengthPrefix,
  Sensitivity,
} from "../dialect.ts";
import { rows1987 } from "../dialects/fields-1987.ts";
import { rows1993 } from "../dialects/fields-1993.ts";
import { expandDialect } from "../file/expand.ts";
import type { JSONValue } from "../file/json-text.ts";
import { stricter } from "../sensitivity.ts";
import { prefixMax } from "../wire-size.ts";
import { ForeignFileError } from "./xml.ts";

/** Something of the foreign file that the dialect does not say. */
export interface ImportLoss {
  /** In the foreign file, from 1; 0 where its format has no lines. */
  readonly line: number;
  /** `48`, `127.25`; empty for the file as a whole. */
  readonly path: string;
  /** The foreign name of the thing: a class, a prefix, an attribute. */
  readonly what: string;
  readonly why: string;
}

/** A part or an element as a dialect file has it. */
export interface ElementData {
  readonly name: string;
  readonly content: ContentClass;
  readonly min: number;
  readonly max: number;
  readonly prefix: LengthPrefix | null;
  readonly encoding: DataEncoding;
  readonly filler: Filler;
  readonly sensitivity?: Sensitivity;
  readonly composite?: CompositeData;
}

/** A composite as a dialect file has it. */
export type CompositeData = { readonly kind: string } & Readonly<Record<string, unknown>>;

export interface ForeignSpec {
  readonly title: string;
  readonly header: HeaderSpec | null;
  readonly mti: Dialect["mti"]["encoding"];
  readonly bitmap: BitmapSpec;
  readonly elements: Readonly<Record<string, ElementData>>;
}

export interface ImportedDialect {
  /** Text of the dialect file. */
  readonly file: string;
  readonly elements: number;
  readonly losses: readonly ImportLoss[];
}

/** The longest value that a dialect can have. */
export const lengthMax = 65_535;

/** A length that its prefix and a message can hold. */
export function lengthWithin(length: number, prefix: LengthPrefix | null): number {
  return Math.min(length, lengthMax, prefix === null ? lengthMax : prefixMax(prefix));
}

/**
 * What may be shown of an imported element. The foreign file does not say: the stricter class of
 * the two field tables holds, and what is longer than there is not taken for the same thing.
 */
export function sensitivityOf(
  de: number,
  { content, max }: Pick<ElementData, "content" | "max">,
): Sensitivity | undefined {
  const rows = [rows1987, rows1993].map((table) => table.find(([number]) => number === de));
  const classes = rows.map((row) => (row === undefined ? "text" : row[4]));
  const strict = stricter(...classes);
  const isLonger = rows.some((row) => {
    const size = row?.[3] ?? 0;
    return max > (typeof size === "number" ? size : size[1]);
  });
  if (strict !== "open" && strict !== "text") {
    return strict;
  }
  const class_ = strict === "open" && isLonger ? "text" : strict;
  return content === "b" && class_ === "text" ? undefined : class_;
}

/** What may be shown of a part, by what may be shown of the element around it. */
export function partSensitivity(
  around: Sensitivity | undefined,
  content: ContentClass,
): Sensitivity | undefined {
  if (around === "open" || around === "text") {
    return content === "b" ? undefined : "text";
  }
  return around;
}

/** Track data has more than digits, whatever its foreign class is called. */
export function contentOf(de: number, content: ContentClass): ContentClass {
  const isTrack = rows1987.some(([number, , own]) => number === de && own === "z");
  return isTrack && content === "n" ? "z" : content;
}

type Editable = { [key: string]: unknown };

/** Records whose entries can be left out one by one. */
const records = ["elements", "parts", "tags"];

/** Takes the smallest thing away that stands around a place; its path, or null where none does. */
function takeAway(file: Editable, place: readonly string[]): string | null {
  const steps: Editable[] = [file];
  for (const key of place) {
    const inner = steps.at(-1)![key];
    if (typeof inner !== "object" || inner === null) break;
    steps.push(inner as Editable);
  }
  for (let i = Math.min(place.length, steps.length) - 1; i > 0; i--) {
    const holder = steps[i]!;
    const key = place[i]!;
    const isEntry = records.includes(place[i - 1]!) && !Array.isArray(holder);
    if ((isEntry || key === "composite") && key in holder) {
      delete holder[key];
      return place
        .slice(1, key === "composite" ? i : i + 1)
        .filter((step) => !["composite", "parts", "tags"].includes(step))
        .join(".");
    }
  }
  return null;
}

/** Versions that ISO 8583 gives a digit: the foreign formats do not name theirs. */
const versions = "01289";

function fileOf(name: string, spec: ForeignSpec): Editable {
  return {
    name,
    title: spec.title,
    ...(spec.header === null ? {} : { header: spec.header }),
    mti: {
      encoding: spec.mti,
      version: versions,
      known: { kind: "digits", classes: "12345678", functions: "01234567", origins: "012345" },
    },
    bitmap: spec.bitmap,
    elements: structuredClone(spec.elements),
  };
}

/** The dialect file of a foreign spec; what no dialect can say is taken out and named. */
export function dialectFile(
  name: string,
  spec: ForeignSpec,
  found: readonly ImportLoss[],
): ImportedDialect {
  const file = fileOf(name, spec);
  const losses = [...found];
  for (;;) {
    const dialect = expandDialect(file as Readonly<Record<string, JSONValue>>);
    const [problem] = dialectProblems(dialect);
    if (problem === undefined) break;
    const path = takeAway(file, problem.place);
    if (path === null) {
      throw new ForeignFileError(0, `${problem.place.join(".")}: ${problem.text}`);
    }
    losses.push({ line: 0, path, what: problem.place.at(-1) ?? "", why: problem.text });
  }
  const elements = Object.keys(file.elements as object).length;
  if (elements === 0) {
    throw new ForeignFileError(0, "no element of the file can be carried");
  }
  return { file: `${JSON.stringify(file, null, 2)}\n`, elements, losses };
}

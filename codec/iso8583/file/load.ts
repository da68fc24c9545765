// Dialect files: text to a dialect, with every mistake named by line.
import { dialectProblems } from "../check/dialect.ts";
import { type DialectProblem, placeText } from "../check/problem.ts";
import type { Dialect } from "../dialect.ts";
import { expandDialect } from "./expand.ts";
import {
  type JSONText,
  JSONTextError,
  type JSONValue,
  lineOf,
  parseJSONText,
} from "./json-text.ts";
import { dialectSchema } from "./schema.ts";
import { shapeProblems } from "./shape.ts";

/** A mistake in a dialect file. */
export interface FileProblem {
  readonly line: number;
  /** `elements.48.max`, empty where the file as a whole is meant. */
  readonly place: string;
  readonly text: string;
}

export type ParsedDialect =
  | { readonly dialect: Dialect; readonly problems: readonly [] }
  | { readonly dialect: null; readonly problems: readonly FileProblem[] };

/** More mistakes than this help nobody. */
const problemsMax = 50;

function refused(text: JSONText, problems: readonly DialectProblem[]): ParsedDialect {
  const named = problems.slice(0, problemsMax).map((problem) => ({
    line: lineOf(text, problem.place),
    place: problem.place.length === 0 ? "" : placeText(problem.place),
    text: problem.text,
  }));
  return { dialect: null, problems: named.sort((a, b) => a.line - b.line) };
}

function parsed(text: string): JSONText | ParsedDialect {
  try {
    return parseJSONText(text);
  } catch (error) {
    if (!(error instanceof JSONTextError)) throw error;
    const { line, message } = error;
    return { dialect: null, problems: [{ line, place: "", text: message }] };
  }
}

/** Reads a dialect file. `known` are the dialects that it may extend. Never throws. */
export function parseDialect(
  text: string,
  known: Readonly<Record<string, Dialect>>,
): ParsedDialect {
  const json = parsed(text);
  if (!("value" in json)) {
    return json;
  }
  const shape = shapeProblems(dialectSchema, json.value, []);
  if (shape.length > 0) {
    return refused(json, shape);
  }
  const data = json.value as Readonly<Record<string, JSONValue>>;
  const beneath = typeof data.extends === "string" ? known[data.extends] : undefined;
  if (data.extends !== undefined && beneath === undefined) {
    const text = `there is no dialect of that name; there is ${Object.keys(known).join(", ")}`;
    return refused(json, [{ place: ["extends"], text }]);
  }
  const dialect = expandDialect(data, beneath);
  const problems = dialectProblems(dialect);
  return problems.length > 0 ? refused(json, problems) : { dialect, problems: [] };
}

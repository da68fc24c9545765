// Files that tell a simulator what to do: a JSON object a line, checked before anything is sent.
import { readFileSync } from "node:fs";
import type { Static, TSchema } from "typebox";
import { Value } from "typebox/value";
import { appError } from "../../platform/mod.ts";

/** Errors: USAGE, by the line's number. */
export function readJsonLines<S extends TSchema>(path: string, schema: S): Static<S>[] {
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch (cause) {
    throw appError("USAGE", `The file ${path} cannot be read.`, { cause, details: { file: path } });
  }
  return content
    .split("\n")
    .flatMap((one, i) => (one.trim() === "" ? [] : [lineOf(schema, one, i + 1)]));
}

/** Errors never hold the line: there is a card number in it. */
function lineOf<S extends TSchema>(schema: S, content: string, number: number): Static<S> {
  let line: unknown;
  try {
    line = JSON.parse(content);
  } catch {
    throw appError("USAGE", `Line ${number} is not JSON.`);
  }
  if (Value.Check(schema, line)) return line;
  const [fault] = Value.Errors(schema, line);
  throw appError("USAGE", `Line ${number}: ${fault?.instancePath || "it"} is wrong; see --help.`);
}

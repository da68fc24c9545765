// Does a dialect mean something? Everything is judged here, before a scanner is made from it or a
// byte is read with it, and every problem is named with its place.
import type { Dialect, MessageSpec } from "../dialect.ts";
import { checkElement } from "./element.ts";
import { DialectError, type DialectProblem, type Report, refuse } from "./problem.ts";

/** Shortest limit that still holds a message with a primary bitmap and its answer. */
const bytesMin = 48;
const bytesMax = 65_535;
/** Presence and echo are judged up to here. */
const judgedMax = 128;

function checkHead(report: Report, dialect: Dialect): void {
  const { name, header, mti, bitmap } = dialect;
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(name)) {
    refuse(report, ["name"], "a name is lower-case letters, digits and dashes");
  }
  if (header !== null) {
    const { literal, digits, rawBytes = 0 } = header;
    const size = literal.length + digits + rawBytes;
    if (!/^[ -~]*$/.test(literal) || digits < 0 || rawBytes < 0 || size < 1 || size > 64) {
      refuse(report, ["header"], "a header has 1 to 64 bytes: printable ASCII, digits, raw bytes");
    }
  }
  if (!/^\d{1,10}$/.test(mti.version)) {
    refuse(report, ["mti", "version"], "versions are digits");
  }
  if (mti.known.kind === "digits") {
    for (const key of ["classes", "functions", "origins"] as const) {
      if (!/^\d{1,10}$/.test(mti.known[key])) {
        refuse(report, ["mti", "known", key], "these are digits");
      }
    }
  }
  if (![64, 128, 192].includes(bitmap.bits) || bitmap.continues === "chain") {
    refuse(report, ["bitmap"], "a message has 64, 128 or 192 bits, and no chain");
  }
  if (dialect.bytesMax < bytesMin || dialect.bytesMax > bytesMax) {
    refuse(report, ["bytesMax"], `a message has ${bytesMin} to ${bytesMax} bytes`);
  }
}

function checkNumber(
  report: Report,
  place: readonly string[],
  dialect: Dialect,
  key: string,
): void {
  const { bits, continues } = dialect.bitmap;
  const de = Number(key);
  if (!/^[1-9]\d{0,2}$/.test(key) || de < 2 || de > bits) {
    refuse(report, place, `elements are 2 to ${bits}`);
  } else if (de % 64 === 1 && continues === "bit1" && de + 64 <= bits) {
    refuse(report, place, `element ${key} announces a bitmap`);
  }
}

function checkMessage(report: Report, dialect: Dialect, message: MessageSpec, row: number): void {
  const place = ["messages", String(row)];
  const overrides = message.overrides ?? {};
  if (message.mtis.some((mti) => !/^\d{4}$/.test(mti))) {
    refuse(report, [...place, "mtis"], "message types are four digits");
  }
  for (const key of ["mandatory", "forbidden", "echo"] as const) {
    const known = (de: number): boolean =>
      de <= judgedMax && (dialect.elements[de] ?? overrides[de]) !== undefined;
    const missing = message[key].find((de) => !known(de));
    if (missing !== undefined) {
      refuse(report, [...place, key], `element ${missing} is not in the dialect`);
    }
  }
  for (const tag of [...(message.tagsMandatory ?? []), ...(message.tagsForbidden ?? [])]) {
    if (!Number.isInteger(tag) || tag < 0 || tag > 99) {
      refuse(report, place, "tags that are judged are 0 to 99");
    }
  }
  for (const [key, element] of Object.entries(overrides)) {
    const at = [...place, "overrides", key];
    checkNumber(report, at, dialect, key);
    checkElement(report, at, element);
  }
}

function checkRuns(report: Report, dialect: Dialect): void {
  dialect.usualRuns.forEach((run, i) => {
    if (run.some((de, k) => dialect.elements[de]?.prefix !== null || de <= (run[k - 1] ?? 1))) {
      const text = "a run is ascending elements of fixed length";
      refuse(report, ["usualRuns", String(i)], text);
    }
  });
}

/** More shapes than this would be a scanner a message. */
const shapesMax = 64;

function checkShapes(report: Report, dialect: Dialect): void {
  const { shapes = [] } = dialect;
  if (shapes.length > shapesMax) {
    refuse(report, ["shapes"], `there are at most ${shapesMax} shapes`);
  }
  shapes.forEach((shape, i) => {
    if (shape.some((de, k) => dialect.elements[de] === undefined || de <= (shape[k - 1] ?? 1))) {
      refuse(report, ["shapes", String(i)], "a shape is ascending elements of the dialect");
    }
  });
}

/** Everything that is wrong with a dialect; empty where nothing is. */
export function dialectProblems(dialect: Dialect): readonly DialectProblem[] {
  const report: Report = { problems: [] };
  checkHead(report, dialect);
  for (const [key, element] of Object.entries(dialect.elements)) {
    const place = ["elements", key];
    checkNumber(report, place, dialect, key);
    checkElement(report, place, element);
  }
  dialect.messages.forEach((message, row) => {
    checkMessage(report, dialect, message, row);
  });
  const missing = [...dialect.echo, ...dialect.errorEcho].find(
    (de) => de > judgedMax || dialect.elements[de] === undefined,
  );
  if (missing !== undefined) {
    refuse(report, ["echo"], `element ${missing} is not in the dialect`);
  }
  checkRuns(report, dialect);
  checkShapes(report, dialect);
  return report.problems;
}

/** Throws a DialectError where a dialect means nothing. */
export function checkDialect(dialect: Dialect): void {
  const problems = dialectProblems(dialect);
  if (problems.length > 0) {
    throw new DialectError(dialect.name, problems);
  }
}

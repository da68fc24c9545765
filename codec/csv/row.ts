// One line of a CSV file. Line feeds stand between rows only: a quoted field cannot hold one.

const comma = 0x2c;
const quote = 0x22;

/**
 * The fields of a line as bytes: parts of the line, copies where doubled quotes were undone. Null
 * where a quote is left open or stands inside a bare field, or there are more than `fieldsMax`.
 */
export function parseRow(line: Buffer, fieldsMax: number): Buffer[] | null {
  const fields: Buffer[] = [];
  for (let at = 0; ; ) {
    if (fields.length === fieldsMax) return null;
    const end = line[at] === quote ? quotedEnd(line, at) : bareEnd(line, at);
    if (end < 0) return null;
    const isQuoted = line[at] === quote;
    fields.push(isQuoted ? unquoted(line.subarray(at + 1, end - 1)) : line.subarray(at, end));
    if (end === line.length) return fields;
    at = end + 1;
  }
}

/** Where the bare field ends, -1 where it holds a quote. */
function bareEnd(line: Buffer, from: number): number {
  const found = line.indexOf(comma, from);
  const end = found < 0 ? line.length : found;
  const stray = line.indexOf(quote, from);
  return stray >= 0 && stray < end ? -1 : end;
}

/** The place behind the closing quote, -1 without one or where something follows it. */
function quotedEnd(line: Buffer, from: number): number {
  for (let at = line.indexOf(quote, from + 1); at >= 0; at = line.indexOf(quote, at)) {
    if (line[at + 1] !== quote) {
      const end = at + 1;
      return end === line.length || line[end] === comma ? end : -1;
    }
    at += 2;
  }
  return -1;
}

function unquoted(inside: Buffer): Buffer {
  if (!inside.includes(quote)) return inside;
  return Buffer.from(inside.toString("latin1").replaceAll('""', '"'), "latin1");
}

/** True for a text that a spreadsheet would run (OWASP: CSV injection). */
export function beginsFormula(text: string): boolean {
  return /^[=+\-@\t\r]/.test(text);
}

/** The fields as one line with its LF. Throws a RangeError for one that begins a formula. */
export function writeRow(fields: readonly string[]): string {
  const written = fields.map((field) => {
    if (beginsFormula(field)) throw new RangeError("a CSV field that begins a formula");
    if (field.includes("\n")) throw new RangeError("a CSV field with a line feed");
    return /[",\r]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
  });
  return `${written.join(",")}\n`;
}

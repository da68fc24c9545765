// JSON with line numbers: the same values as JSON.parse, and where each of them stands, so that a
// mistake in a dialect file can be named by line.

export type JSONValue =
  | null
  | boolean
  | number
  | string
  | readonly JSONValue[]
  | { readonly [key: string]: JSONValue };

/** What the text says, with lines from 1 by path (keys joined by "\n"). */
export interface JSONText {
  readonly value: JSONValue;
  readonly lines: ReadonlyMap<string, number>;
}

/** A text that is not JSON. */
export class JSONTextError extends Error {
  override readonly name = "JSONTextError";
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** Nesting that no dialect needs; a deeper file is hostile. */
const depthMax = 64;

export function pathKey(path: readonly string[]): string {
  return path.join("\n");
}

class Parser {
  readonly text: string;
  readonly lines = new Map<string, number>();
  at = 0;
  line = 1;

  constructor(text: string) {
    this.text = text;
  }

  fail(message: string): never {
    throw new JSONTextError(this.line, message);
  }

  space(): void {
    for (; this.at < this.text.length; this.at++) {
      const char = this.text[this.at]!;
      if (char === "\n") this.line++;
      else if (char !== " " && char !== "\t" && char !== "\r") return;
    }
  }

  /** Takes a character that must come now. */
  expect(char: string, where: string): void {
    this.space();
    if (this.text[this.at] !== char) {
      this.fail(`expected ${JSON.stringify(char)} ${where}`);
    }
    this.at++;
  }

  /** True, and taken, where the character comes now. */
  takes(char: string): boolean {
    this.space();
    if (this.text[this.at] !== char) return false;
    this.at++;
    return true;
  }

  string(): string {
    this.space();
    const match = /"(?:[^"\\\n]|\\.)*"/y;
    match.lastIndex = this.at;
    const found = match.exec(this.text)?.[0];
    if (found === undefined) this.fail("expected a text in double quotes");
    this.at += found.length;
    try {
      return JSON.parse(found) as string;
    } catch {
      return this.fail("a text holds a character that must be escaped");
    }
  }

  literal(): JSONValue {
    const match = /-?\d[\d.eE+-]*|true|false|null/y;
    match.lastIndex = this.at;
    const found = match.exec(this.text)?.[0];
    if (found === undefined) this.fail("expected a value");
    this.at += found.length;
    try {
      return JSON.parse(found) as JSONValue;
    } catch {
      return this.fail(`${found} is not a number`);
    }
  }

  object(path: readonly string[]): JSONValue {
    const out: Record<string, JSONValue> = Object.create(null);
    if (this.takes("}")) return out;
    do {
      this.space();
      const line = this.line;
      const key = this.string();
      if (key in out) this.fail(`the key ${JSON.stringify(key)} comes twice`);
      this.expect(":", `after the key ${JSON.stringify(key)}`);
      const inner = [...path, key];
      this.lines.set(pathKey(inner), line);
      out[key] = this.value(inner);
    } while (this.takes(","));
    this.expect("}", "or a comma");
    return out;
  }

  array(path: readonly string[]): JSONValue {
    const out: JSONValue[] = [];
    if (this.takes("]")) return out;
    do {
      this.space();
      const inner = [...path, String(out.length)];
      this.lines.set(pathKey(inner), this.line);
      out.push(this.value(inner));
    } while (this.takes(","));
    this.expect("]", "or a comma");
    return out;
  }

  value(path: readonly string[]): JSONValue {
    if (path.length > depthMax) this.fail(`values are nested deeper than ${depthMax}`);
    this.space();
    if (this.takes("{")) return this.object(path);
    if (this.takes("[")) return this.array(path);
    return this.text[this.at] === '"' ? this.string() : this.literal();
  }
}

/** Reads a text as JSON; throws a JSONTextError with a line. */
export function parseJSONText(text: string): JSONText {
  const parser = new Parser(text);
  parser.lines.set("", 1);
  const value = parser.value([]);
  parser.space();
  if (parser.at < text.length) parser.fail("something stands after the end");
  return { value, lines: parser.lines };
}

/** Line of a place, or of the nearest one around it. */
export function lineOf(text: JSONText, place: readonly string[]): number {
  for (let length = place.length; length >= 0; length--) {
    const line = text.lines.get(pathKey(place.slice(0, length)));
    if (line !== undefined) return line;
  }
  return 1;
}

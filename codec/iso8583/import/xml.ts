// XML to a tree of elements with their lines. A DOCTYPE is read over: nothing that it names is
// fetched, and no entity but the five of XML itself and character references is ever expanded.
import { SaxesParser } from "saxes";

export interface XMLElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XMLElement[];
  /** Of the start tag, from 1. */
  readonly line: number;
}

/** A file that cannot be read at all. */
export class ForeignFileError extends Error {
  override readonly name = "ForeignFileError";
  /** From 1; 0 where the file as a whole is meant. */
  readonly line: number;

  constructor(line: number, text: string) {
    super(text);
    this.line = line;
  }
}

/** Elements one in the other; packagers have three or four. */
const depthMax = 32;

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XMLElement[];
  readonly line: number;
}

/** The root element. Throws a ForeignFileError. */
export function parseXML(text: string): XMLElement {
  const parser = new SaxesParser();
  const open: Open[] = [];
  let root: XMLElement | null = null;
  parser.on("error", (error) => {
    // The parser's sentence begins with its own line and column.
    throw new ForeignFileError(parser.line, error.message.replace(/^\d+:\d+: /, ""));
  });
  parser.on("opentag", ({ name, attributes }) => {
    if (open.length === depthMax) {
      throw new ForeignFileError(parser.line, `elements are nested ${depthMax} deep at most`);
    }
    const kept = attributes as Record<string, string>;
    open.push({ name, attributes: { ...kept }, children: [], line: parser.line });
  });
  parser.on("closetag", () => {
    const element = open.pop()!;
    const around = open.at(-1);
    if (around === undefined) {
      root = element;
    } else {
      around.children.push(element);
    }
  });
  parser.write(text).close();
  if (root === null) {
    throw new ForeignFileError(0, "there is no element");
  }
  return root;
}

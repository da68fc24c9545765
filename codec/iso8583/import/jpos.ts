// jPOS GenericPackager files to dialects: the message type, the bitmap, and every field by the
// class that packs it. Nested packagers are read in jpos-composites.
import type { BitmapSpec, Dialect, Filler, LengthPrefix } from "../dialect.ts";
import {
  contentOf,
  dialectFile,
  type ElementData,
  type ForeignSpec,
  type ImportedDialect,
  type ImportLoss,
  lengthMax,
  lengthWithin,
  sensitivityOf,
} from "./foreign.ts";
import { bitmapClasses, emptyClasses, type JposClass, jposClasses } from "./jpos-classes.ts";
import { compositeOf } from "./jpos-composites.ts";
import { ForeignFileError, parseXML, type XMLElement } from "./xml.ts";

/** `org.jpos.iso.IFA_NUMERIC` without the packages. */
export function className(text: string | undefined): string {
  return (text ?? "").trim().split(".").at(-1)!;
}

/** A field node with what was found in the file so far. */
export interface FieldContext {
  readonly node: XMLElement;
  /** Number of the data element. */
  readonly de: number;
  /** `48`, `127.25`. */
  readonly path: string;
  readonly losses: ImportLoss[];
}

export function lose({ node, path, losses }: FieldContext, what: string, why: string): void {
  losses.push({ line: node.line, path, what, why });
}

/** Length attribute, 0 where it is none. */
export function lengthOf(node: XMLElement): number {
  const text = node.attributes.length ?? "";
  return /^\d{1,7}$/.test(text) ? Number(text) : 0;
}

function fillerOf(class_: JposClass, isFixed: boolean, isPadded: boolean): Filler {
  if (class_.odd !== undefined) {
    return isPadded ? "zero-left" : class_.odd === "f" ? "f-right" : "zero-right";
  }
  if (!isFixed || class_.content === "b" || class_.content === "x+n") {
    return "none";
  }
  return class_.content === "n" ? "zero-left" : "space-right";
}

/** The largest value that the class can write, named where the file says more. */
function maxOf(context: FieldContext, class_: JposClass, prefix: LengthPrefix | null): number {
  const given = lengthOf(context.node);
  // A prefix that counts whole bytes of BCD leaves room for one digit more.
  const wanted = class_.wireLength?.(given) ?? given;
  const max = lengthWithin(wanted, prefix);
  if (max < wanted) {
    const reason = max === lengthMax ? "a message has no more" : "its prefix cannot say more";
    lose(context, `length ${given}`, `the length is ${max}: ${reason}`);
  }
  return max;
}

/** An element or part by its class, without what is nested in it; null where there is none. */
export function plainElement(context: FieldContext): ElementData | null {
  const { node, de } = context;
  const name = className(node.attributes.class);
  if (emptyClasses.includes(name)) {
    return null;
  }
  const length = lengthOf(node);
  const bits = bitmapClasses[name];
  if (bits !== undefined) {
    const encoding = bits === "raw" ? "raw" : "hex";
    if (bits === "raw" || bits === "hex") return bytesElement(node, length, encoding);
  }
  const class_ = jposClasses[name];
  if (class_ === undefined) {
    lose(context, name, "there is no such way of writing in a dialect; the field is left out");
    return null;
  }
  if (length < 1) {
    lose(context, name, "a length of 0 is no field; it is left out");
    return null;
  }
  if (class_.note !== undefined) {
    lose(context, name, class_.note);
  }
  const { encoding, prefix } = class_;
  const max = maxOf(context, class_, prefix);
  const content = contentOf(de, class_.content);
  const sensitivity = sensitivityOf(de, { content, max });
  return {
    name: (node.attributes.name ?? "").trim() || `field ${context.path}`,
    content,
    min: prefix === null ? max : 0,
    max,
    prefix,
    encoding,
    filler: fillerOf(class_, prefix === null, node.attributes.pad === "true"),
    ...(sensitivity === undefined ? {} : { sensitivity }),
  };
}

function bytesElement(node: XMLElement, length: number, encoding: "raw" | "hex"): ElementData {
  const name = node.attributes.name ?? "bitmap";
  return { name, content: "b", min: length, max: length, prefix: null, encoding, filler: "none" };
}

/** An element with what is nested in it. */
export function elementOf(context: FieldContext): ElementData | null {
  const element = plainElement(context);
  for (const child of context.node.children) {
    if (/validator/.test(child.name)) {
      const what = className(child.attributes.class) || child.name;
      lose({ ...context, node: child }, what, "rules for values are not carried");
    }
  }
  if (element === null || context.node.name !== "isofieldpackager") {
    return element;
  }
  return compositeOf(context, element);
}

/** Fields of a packager by their number; a number that comes again replaces the one before. */
export function fieldNodes(node: XMLElement): Map<number, XMLElement> {
  const fields = new Map<number, XMLElement>();
  for (const child of node.children) {
    const id = child.attributes.id ?? "";
    const isField = child.name === "isofield" || child.name === "isofieldpackager";
    if (isField && /^\d{1,4}$/.test(id)) {
      fields.set(Number(id), child);
    }
  }
  return new Map([...fields].sort(([a], [b]) => a - b));
}

function mtiEncoding(node: XMLElement | undefined): Dialect["mti"]["encoding"] {
  const name = className(node?.attributes.class);
  const class_ = jposClasses[name];
  const encoding = class_?.encoding;
  const isMTI = node !== undefined && lengthOf(node) === 4 && class_?.prefix === null;
  if (!isMTI || encoding === undefined || encoding === "hex" || encoding === "raw") {
    throw new ForeignFileError(node?.line ?? 0, "field 0 is no message type of four digits");
  }
  return encoding as Dialect["mti"]["encoding"];
}

function messageBitmap(root: XMLElement, fields: ReadonlyMap<number, XMLElement>): BitmapSpec {
  const id = Number(root.attributes.bitmapField ?? "1");
  const node = fields.get(id);
  const encoding = bitmapClasses[className(node?.attributes.class)];
  const bytes = node === undefined ? 0 : lengthOf(node);
  if (root.attributes.emitBitmap === "false" || encoding === undefined) {
    throw new ForeignFileError(root.line, "messages without a bitmap cannot be carried");
  }
  if (![8, 16, 24].includes(bytes)) {
    throw new ForeignFileError(node?.line ?? 0, "the bitmap of a message has 8, 16 or 24 bytes");
  }
  const continues = bytes === 8 ? "never" : "bit1";
  return { encoding, bits: 8 * bytes, continues, writesAll: false };
}

function headerOf(root: XMLElement): ForeignSpec["header"] {
  const rawBytes = Number(root.attributes.headerLength ?? "0");
  return rawBytes > 0 ? { literal: "", digits: 0, rawBytes } : null;
}

/** The dialect of a GenericPackager file. Throws a ForeignFileError where nothing can be used. */
export function importJpos(text: string, name: string): ImportedDialect {
  const root = parseXML(text);
  if (root.name !== "isopackager") {
    throw new ForeignFileError(root.line, "the root element is not isopackager");
  }
  const losses: ImportLoss[] = [];
  const fields = fieldNodes(root);
  const bitmap = messageBitmap(root, fields);
  const bitmapId = Number(root.attributes.bitmapField ?? "1");
  const elements: Record<string, ElementData> = {};
  for (const [de, node] of fields) {
    if (de === 0 || de === bitmapId) continue;
    const element = elementOf({ node, de, path: String(de), losses });
    if (element !== null) elements[String(de)] = element;
  }
  const third = root.attributes.thirdBitmapField;
  if (third !== undefined) {
    const why = "a third bitmap inside a data element is shown as its bytes";
    losses.push({ line: root.line, path: third, what: "thirdBitmapField", why });
  }
  for (const child of root.children.filter(({ name: tag }) => tag === "isovalidator")) {
    const what = className(child.attributes.class);
    losses.push({ line: child.line, path: "", what, why: "rules for messages are not carried" });
  }
  const spec: ForeignSpec = {
    title: `${name}, from a jPOS packager`,
    header: headerOf(root),
    mti: mtiEncoding(fields.get(0)),
    bitmap,
    elements,
  };
  return dialectFile(name, spec, losses);
}

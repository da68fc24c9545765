// The table-driven codec: the slow decoder behind the same face as a generated scanner, for
// dialects that are loaded at run time. It evaluates no code made from data.
import type { Dialect } from "./dialect.ts";
import { codeTable, insidePart } from "./errors.ts";
import type { Generated } from "./generated.ts";
import type { OracleError } from "./oracle/fault.ts";
import { decodeSlowly, type OracleResult } from "./oracle/message.ts";
import { tableData } from "./table-data.ts";
import { elementsMax, type View } from "./view.ts";

/** A scanner from data, and the path of the last error of a view. */
export interface TableDriven {
  readonly generated: Generated;
  readonly errorPath: (status: number, view: View) => string;
}

function wordAt(bitmap: string, word: number): number {
  return Number.parseInt(bitmap.slice(8 * word, 8 * word + 8) || "0", 16) | 0;
}

function fillWords(bitmap: string, view: View): void {
  view.w0 = wordAt(bitmap, 0);
  view.w1 = wordAt(bitmap, 1);
  view.w2 = wordAt(bitmap, 2);
  view.w3 = wordAt(bitmap, 3);
  view.w4 = wordAt(bitmap, 4);
  view.w5 = wordAt(bitmap, 5);
}

function fillSlots(result: OracleResult, view: View, tagListElement: number): void {
  view.tags.clear();
  for (const [de, node] of result.fields) {
    view.slots[2 * de] = node.offset;
    view.slots[2 * de + 1] = node.length;
    if (de !== tagListElement) continue;
    for (const child of node.children) {
      const tag = Number(child.key);
      view.tags.slots[2 * tag] = child.offset;
      view.tags.slots[2 * tag + 1] = child.length;
      view.tags.bits[tag >> 5]! |= 1 << (tag & 31);
      view.tags.order[view.tags.count++] = tag;
    }
  }
}

/** Up to which element everything is readable. */
function validUpTo(dialect: Dialect, { error, fields }: OracleResult): number {
  if (error === null || error.code === "TRAILING_DATA") {
    return dialect.bitmap.bits;
  }
  if (error.code === "UNKNOWN_MTI") {
    return fields.size > 0 ? elementsMax : 0;
  }
  return error.path === "" ? 0 : Number.parseInt(error.path, 10) - 1;
}

function statusOf(
  view: View,
  { code, path, at, expected, actual }: OracleError,
  list: number,
): number {
  const [element = "0", ...parts] = path.split(".");
  const de = Number(element);
  const isTag = de === list && parts.length === 1;
  const sub = parts.length === 0 ? 0 : isTag ? Number(parts[0]) + 1 : insidePart;
  return view.failPart(codeTable[code].number, de, sub, at, expected ?? -1, actual ?? -1);
}

function messageRows(dialect: Dialect): ReadonlyMap<number, number> {
  const rows = new Map<number, number>();
  dialect.messages.forEach(({ mtis }, row) => {
    for (const mti of mtis) {
      rows.set(Number.parseInt(mti, 16), rows.get(Number.parseInt(mti, 16)) ?? row);
    }
  });
  return rows;
}

/** Serves a dialect that `checkDialect` has passed. */
export function tableDriven(dialect: Dialect): TableDriven {
  const data = tableData(dialect);
  const rows = messageRows(dialect);
  const paths = new WeakMap<View, string>();
  const scan = (view: View, buf: Buffer, off: number, end: number, bare: boolean): number => {
    const result = decodeSlowly(dialect, buf, off, end, bare);
    const { mti, bitmap, error } = result;
    view.attach(buf);
    view.origin = off;
    view.begin = off + (bare ? 0 : data.headerLength);
    view.end = end;
    view.mti = mti === null ? 0 : Number.parseInt(mti, 16);
    fillWords(bitmap ?? "", view);
    fillSlots(result, view, data.tagListElement);
    view.validUpTo = validUpTo(dialect, result);
    paths.set(view, error?.path ?? "");
    return error === null ? 0 : statusOf(view, error, data.tagListElement);
  };
  const generated: Generated = {
    scan: (view, buf, off, end) => scan(view, buf, off, end, false),
    scanMessage: (view, buf, off, end) => scan(view, buf, off, end, true),
    messageRow: (mti) => rows.get(mti) ?? -1,
    mandatory: Int32Array.from(data.mandatory),
    forbidden: Int32Array.from(data.forbidden),
    tagsMandatory: Int32Array.from(data.tagsMandatory),
    tagsForbidden: Int32Array.from(data.tagsForbidden),
    echo: Int32Array.from(data.echo),
    errorEcho: Int32Array.from(data.errorEcho),
    prefix: Uint8Array.from(data.prefix),
    min: Uint16Array.from(data.min),
    max: Uint32Array.from(data.max),
    sensitivity: Uint8Array.from(data.sensitivity),
    tagSensitivity: Uint8Array.from(data.tagSensitivity),
    tagValues: data.tagValues,
    tagListElement: data.tagListElement,
    headerLength: data.headerLength,
    writesAllBitmaps: dialect.bitmap.writesAll,
    bytesMax: dialect.bytesMax,
    bits: dialect.bitmap.bits,
    isPlain: data.isPlain,
  };
  return { generated, errorPath: (_, view) => paths.get(view) ?? "" };
}

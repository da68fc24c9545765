// From what was found to the document form, values masked by the classes of the dialect. A masked
// part hides the raw bytes of everything that it stands in.
import type {
  DecodedError,
  DecodedField,
  DecodedMessage,
  DecodedTag,
  RevealOptions,
} from "./codec.ts";
import type { Dialect } from "./dialect.ts";
import { codeTable, unpackStatus } from "./errors.ts";
import { maskBinary, maskValue } from "./mask.ts";
import { meaningOf } from "./meaning/meaning.ts";
import type { OracleError } from "./oracle/fault.ts";
import { decodeSlowly } from "./oracle/message.ts";
import type { Node } from "./oracle/node.ts";
import { sensitivityCode } from "./sensitivity.ts";
import { View } from "./view.ts";

interface Source {
  readonly origin: number;
  readonly reveal: boolean;
}

const taggedKinds: readonly string[] = ["tag-list", "ber-tlv", "dataset", "token-list"];

/** The text of a node with the shown values of its parts in their places. */
function maskedText(node: Node, parts: readonly DecodedField[]): string {
  // Characters of the text a byte on the wire.
  const step = node.text.length / node.length;
  const sliced = node.encoding === "bcd" || node.encoding === "utf-8";
  let text = node.text;
  node.children.forEach((child, i) => {
    const part = parts[i]!;
    if (part.masked !== true) return;
    if (sliced) {
      text = "*".repeat(text.length);
      return;
    }
    const from = (child.offset - node.offset) * step;
    const size = child.length * step;
    const shown = part.value.length === size ? part.value : "*".repeat(size);
    text = text.slice(0, from) + shown + text.slice(from + size);
  });
  return text;
}

/** Digits of BCD that the bytes alone do not tell. */
function digitsOf(node: Node): { digits?: number } {
  const { encoding, spec, text } = node;
  return encoding.endsWith("bcd") && spec.min !== spec.max ? { digits: text.length } : {};
}

/** Where a node stands: keys from the element on, and what it is a part of. */
interface Where {
  readonly path: readonly string[];
  readonly kind: string | undefined;
}

function fieldOf(source: Source, node: Node, { path, kind }: Where): DecodedField {
  const { bytes } = node;
  const parts = node.children.map((child) =>
    fieldOf(source, child, { path: [...path, child.key], kind: node.composite?.kind }),
  );
  const meaning = meaningOf(path, node, kind === "ber-tlv");
  const code = sensitivityCode(node.spec.sensitivity);
  const plain =
    node.spec.content === "b" ? maskBinary(code, bytes, node.text) : maskValue(code, node.text);
  const isParent = node.children.length > 0;
  const value = source.reveal ? node.text : isParent ? maskedText(node, parts) : plain;
  const isMasked = value !== node.text || parts.some((part) => part.masked === true);
  return {
    name: node.spec.name,
    value,
    ...(isMasked ? { masked: true } : { raw: bytes.toString("hex").toUpperCase() }),
    offset: node.offset - source.origin,
    length: node.length,
    ...(meaning === undefined ? {} : { meaning }),
    ...digitsOf(node),
    ...(node.leading === undefined ? {} : { leading: node.leading }),
    ...(node.bitmap === undefined ? {} : { bitmap: node.bitmap }),
    ...partsOf(node, parts),
  };
}

function partsOf(
  node: Node,
  parts: readonly DecodedField[],
): { tags?: readonly DecodedTag[]; fields?: Readonly<Record<string, DecodedField>> } {
  if (node.composite === null) {
    return {};
  }
  if (taggedKinds.includes(node.composite.kind)) {
    return { tags: parts.map((part, i) => ({ tag: node.children[i]!.key, ...part })) };
  }
  const fields = parts.map((part, i) => [node.children[i]!.key, part] as const);
  return { fields: Object.fromEntries(fields) };
}

/** Scans and validates: a status. */
export type Judge = (view: View, buf: Buffer, off: number, end: number, bare: boolean) => number;

/** What `validate` says of a message that is well formed. */
function judged(
  judge: Judge,
  buf: Buffer,
  off: number,
  end: number,
  bare: boolean,
): OracleError | null {
  const view = new View();
  const status = judge(view, buf, off, end, bare);
  if (status === 0) {
    return null;
  }
  const { code, path } = unpackStatus(status);
  return { code, path, at: view.errorAt };
}

/** The document form of the bytes; what stood before an error stays readable. */
export function decodeDocument(
  dialect: Dialect,
  judge: Judge,
  buf: Buffer,
  range: { readonly off: number; readonly end: number },
  options: RevealOptions,
): DecodedMessage {
  const { off, end } = range;
  const bare = options.bare === true;
  const result = decodeSlowly(dialect, buf, off, end, bare);
  const source: Source = { origin: off, reveal: options.reveal === true };
  const fields: Record<string, DecodedField> = {};
  for (const [de, node] of result.fields) {
    fields[String(de)] = fieldOf(source, node, { path: [String(de)], kind: undefined });
  }
  const isJudged = result.error === null && options.judge === true;
  const error = isJudged ? judged(judge, buf, off, end, bare) : result.error;
  return {
    ok: error === null,
    mti: result.mti,
    ...(result.header === null ? {} : { header: result.header }),
    bitmap: result.bitmap,
    fields,
    ...(error === null ? {} : { error: errorForm(error, off) }),
  };
}

function errorForm({ code, path, at }: OracleError, off: number): DecodedError {
  return { code, path, offset: at - off, message: codeTable[code].text };
}

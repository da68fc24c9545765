// Composites by kind. What is unknown and may stay is kept as bytes.
import type {
  BitmappedSpec,
  CompositeSpec,
  DataEncoding,
  Filler,
  PositionalSpec,
  SequenceSpec,
  ValueSpec,
} from "../dialect.ts";
import { announces, bitsOf, takeBlock } from "./bitmap.ts";
import { readElement } from "./element.ts";
import { Fault, within } from "./fault.ts";
import type { Node, Parts } from "./node.ts";
import { Reader } from "./reader.ts";
import { readBerTlv, readDatasets, readTagList, readTokenList } from "./tag-kinds.ts";
import { readValue } from "./value.ts";

/** The element that a composite stands in. */
export interface Element {
  readonly spec: ValueSpec;
  readonly encoding: DataEncoding;
  readonly filler: Filler;
  readonly text: string;
}

const partCodes = { truncated: "COMPOSITE_LENGTH_MISMATCH", notHex: "BAD_HEX" } as const;

/** Nothing may be left of a composite. */
export function expectEnd(reader: Reader, path: string): void {
  if (reader.left > 0) {
    throw new Fault("COMPOSITE_LENGTH_MISMATCH", path, reader.at, 0, reader.left);
  }
}

/** Slices of the element's text: in BCD a slice may begin in the middle of a byte. */
function readPositional(
  spec: PositionalSpec,
  element: Element,
  reader: Reader,
  path: string,
): Parts {
  const { text, encoding, filler } = element;
  const step = encoding === "bcd" ? 2 : 1;
  const bytes = reader.left;
  const pad = encoding === "bcd" && !filler.endsWith("right") ? 2 * bytes - text.length : 0;
  const children: Node[] = [];
  const rounds = spec.repeatsMax ?? 1;
  let from = 0;
  for (let round = 0; round < rounds && from < text.length; round++) {
    for (let i = 0; i < spec.parts.length; i++) {
      const part = spec.parts[i]!;
      const key = String(children.length + 1);
      const left = text.length - from;
      const offset = reader.at + Math.floor((pad + from) / step);
      if (left === 0 && i + 1 >= (spec.optionalFrom ?? spec.parts.length + 1)) {
        break;
      }
      const short = spec.lastMayBeShort === true && i === spec.parts.length - 1 && left >= part.min;
      if (left < part.max && !(short && left > 0)) {
        throw new Fault("COMPOSITE_LENGTH_MISMATCH", path, offset, part.max, left);
      }
      const size = Math.min(part.max, left);
      const end = reader.at + Math.ceil((pad + from + size) / step);
      const slice = text.slice(from, from + size);
      if (part.content !== element.spec.content) {
        const rule = { content: part.content, min: part.min, max: part.max, filler };
        const value = { at: offset, count: null, path: within(path, key) };
        const latin1 = Buffer.from(slice, "latin1");
        const wide = encoding === "ascii" ? "ascii" : "latin1";
        readValue({ ...rule, encoding: wide }, { ...value, bytes: latin1 });
      }
      children.push({
        key,
        spec: part,
        encoding,
        offset,
        length: end - offset,
        bytes: reader.buf.subarray(offset, end),
        text: slice,
        composite: null,
        children: [],
      });
      from += size;
    }
  }
  if (from < text.length) {
    const offset = reader.at + Math.floor((pad + from) / step);
    throw new Fault("COMPOSITE_LENGTH_MISMATCH", path, offset, 0, text.length - from);
  }
  return { children };
}

function readSequence(spec: SequenceSpec, reader: Reader, path: string): Parts {
  const children: Node[] = [];
  if (reader.left === 0) {
    return { children };
  }
  for (const [i, part] of spec.parts.entries()) {
    if (reader.left === 0 && i + 1 >= spec.optionalFrom) {
      break;
    }
    const key = String(i + 1);
    children.push(readElement(part, key, within(path, key), reader));
  }
  expectEnd(reader, path);
  return { children };
}

/** Bits of a bitmap inside a composite, and the bitmap in hex. */
function readPartBitmap(
  spec: BitmappedSpec,
  reader: Reader,
  path: string,
): readonly [number[], string] {
  const { bitmap } = spec;
  const take = (bytes: number): string =>
    takeBlock(reader, bitmap.encoding, bytes, path, partCodes);
  if (bitmap.continues === "chain") {
    return readChain(spec, reader, path, take);
  }
  if (bitmap.continues !== "bit1") {
    const hex = take(bitmap.bits / 8);
    return [bitsOf(hex), hex];
  }
  const block = Math.min(bitmap.bits, 64);
  let hex = "";
  for (let from = 0; from < bitmap.bits; from += block) {
    const at = reader.at;
    const one = take(block / 8);
    hex += one;
    if (!announces(one)) {
      break;
    }
    if (from + block >= bitmap.bits) {
      throw new Fault("UNKNOWN_FIELD", within(path, from + 1), at);
    }
  }
  return [bitsOf(hex).filter((bit) => (bit - 1) % block !== 0), hex];
}

/** Two bytes with 15 bits, then one byte with 7, while the highest bit says that more follow. */
function readChain(
  spec: BitmappedSpec,
  reader: Reader,
  path: string,
  take: (bytes: number) => string,
): readonly [number[], string] {
  const bits: number[] = [];
  let hex = "";
  let first = 1;
  for (let size = 2; ; size = 1) {
    const at = reader.at;
    const one = take(size);
    hex += one;
    bits.push(...bitsOf(one).flatMap((bit) => (bit === 1 ? [] : [first + bit - 2])));
    first += 8 * size - 1;
    if (!announces(one)) {
      return [bits, hex];
    }
    if (first > spec.bitmap.bits) {
      throw new Fault("UNKNOWN_FIELD", within(path, first), at);
    }
  }
}

function readBitmapped(spec: BitmappedSpec, reader: Reader, path: string): Parts {
  if (reader.left === 0) {
    return { children: [] };
  }
  const header = reader.take(spec.headerBytes, "COMPOSITE_LENGTH_MISMATCH", path);
  const leading = header.toString("hex").toUpperCase();
  const [bits, bitmap] = readPartBitmap(spec, reader, path);
  const children: Node[] = [];
  for (const bit of bits) {
    const part = spec.parts[bit];
    const inner = within(path, bit);
    if (part === undefined) {
      throw new Fault("UNKNOWN_FIELD", inner, reader.at);
    }
    children.push(readElement(part, String(bit), inner, reader));
  }
  expectEnd(reader, path);
  return { children, bitmap, ...(spec.headerBytes === 0 ? {} : { leading }) };
}

/** The same node, found inside of hex text that begins at `at`. */
function onWire(node: Node, at: number): Node {
  return {
    ...node,
    offset: at + 2 * node.offset,
    length: 2 * node.length,
    children: node.children.map((child) => onWire(child, at)),
  };
}

/** Bytes in hex text are read by themselves; places are then those of the text on the wire. */
function readHex(composite: CompositeSpec, element: Element, reader: Reader, path: string): Parts {
  const { at, end, buf } = reader;
  const bytes = Buffer.from(buf.toString("latin1", at, end), "hex");
  const inside = { ...element, encoding: "raw" } as const;
  try {
    const parts = readComposite(composite, inside, new Reader(bytes, 0, bytes.length), path);
    return { ...parts, children: parts.children.map((child) => onWire(child, at)) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { code, path: where, expected, actual } = error.error;
    throw new Fault(code, where, at + 2 * error.error.at, expected, actual);
  }
}

/** Reads the parts of a composite; the reader covers its data and nothing else. */
export function readComposite(
  composite: CompositeSpec,
  element: Element,
  reader: Reader,
  path: string,
): Parts {
  if (element.encoding === "hex") {
    return readHex(composite, element, reader, path);
  }
  switch (composite.kind) {
    case "positional":
      return readPositional(composite, element, reader, path);
    case "sequence":
      return readSequence(composite, reader, path);
    case "bitmapped":
      return readBitmapped(composite, reader, path);
    case "tag-list":
      return readTagList(composite, element, reader, path);
    case "ber-tlv":
      return readBerTlv(composite, reader, path);
    case "dataset":
      return readDatasets(composite, reader, path);
    case "token-list":
      return readTokenList(composite, element, reader, path);
  }
}

// One element with its prefix, or one part of a composite: bytes to a node.
import type {
  CompositeSpec,
  DataEncoding,
  ElementSpec,
  Filler,
  PartSpec,
  ValueSpec,
} from "../dialect.ts";
import { bytesOfNumber, bytesOfValue, numberLimits } from "../wire-size.ts";
import { readComposite } from "./composite.ts";
import { Fault } from "./fault.ts";
import type { Node } from "./node.ts";
import { Reader, takeLength } from "./reader.ts";
import { readValue, utf8Text, type ValueBytes } from "./value.ts";

interface Written {
  readonly key: string;
  readonly spec: ValueSpec;
  readonly encoding: DataEncoding;
  readonly filler: Filler;
  readonly composite: CompositeSpec | undefined;
  readonly count: number | null;
  readonly path: string;
}

/** A composite whose parts are judged by themselves; positional ones are judged as a whole too. */
function isOwnJudge(composite: CompositeSpec | undefined): boolean {
  return composite !== undefined && composite.kind !== "positional";
}

function nodeOf(written: Written, buf: Buffer, offset: number, length: number): Node {
  const { spec, encoding, filler, composite, count, path } = written;
  const bytes = buf.subarray(offset, offset + length);
  const hidden = isOwnJudge(composite);
  const content = hidden && encoding === "raw" ? "b" : spec.content;
  const rule = { content, min: spec.min, max: spec.max, encoding, filler };
  const value = { bytes, at: offset, count, path };
  const text = hidden ? textOfWhole(encoding, value) : readValue(rule, value);
  const element = { spec, encoding, filler, text };
  const parts =
    composite === undefined
      ? { children: [] }
      : readComposite(composite, element, new Reader(buf, offset, offset + length), path);
  return {
    key: written.key,
    spec,
    encoding,
    offset,
    length,
    bytes,
    text,
    composite: composite ?? null,
    ...parts,
  };
}

/** Text of a composite's bytes, before anybody has judged them; hex text must be hex. */
function textOfWhole(encoding: DataEncoding, value: ValueBytes): string {
  if (encoding === "raw") {
    return value.bytes.toString("hex").toUpperCase();
  }
  return readValue({ content: "b", min: 0, max: 0, encoding, filler: "none" }, value);
}

/** Bytes that `count` characters of UTF-8 take from the reader's position on. */
function utf8Bytes(reader: Reader, count: number, path: string): number {
  let at = reader.at;
  for (let i = 0; i < count; i++) {
    const lead = at < reader.end ? reader.buf[at]! : 0;
    const size = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (at + size > reader.end) {
      throw new Fault("FIELD_TRUNCATED", path, reader.at, count, i);
    }
    if (utf8Text(reader.buf.subarray(at, at + size)) === null) {
      throw new Fault("BAD_CHARSET", path, reader.at, count, i);
    }
    at += size;
  }
  return at - reader.at;
}

/** Reads an element: prefix, data, content, parts. */
export function readElement(element: ElementSpec, key: string, path: string, reader: Reader): Node {
  const { prefix, encoding, filler, composite } = element;
  let count = element.max;
  if (prefix !== null) {
    const at = reader.at;
    const { min, max } = numberLimits(element);
    count = takeLength(reader, prefix, path, "LEN_TRUNCATED");
    if (count > max) {
      throw new Fault("LEN_EXCEEDS_MAX", path, at, max, count);
    }
    if (count < min) {
      throw new Fault("BAD_FORMAT", path, reader.at, min, count);
    }
  }
  const unit = prefix?.unit ?? (encoding === "hex" ? "bytes" : "characters");
  const inCharacters = encoding === "utf-8" && unit !== "bytes";
  const length = inCharacters
    ? utf8Bytes(reader, count, path)
    : bytesOfNumber(encoding, unit, count);
  const at = reader.step(length, "FIELD_TRUNCATED", path);
  if (encoding === "hex" && length % 2 === 1) {
    throw new Fault("BAD_FORMAT", path, at, length, length);
  }
  const known = unit === "bytes" ? null : count;
  return nodeOf(
    { key, spec: element, encoding, filler, composite, count: known, path },
    reader.buf,
    at,
    length,
  );
}

/** What a part takes from the element around it. */
export interface Around {
  readonly encoding: DataEncoding;
  readonly filler: Filler;
}

/** How a part is written: its own way, or that of the element around it. */
export function writtenAs(part: PartSpec, around: Around): Around {
  const encoding = part.encoding ?? (part.content === "b" ? "raw" : around.encoding);
  return { encoding, filler: part.filler ?? "none" };
}

/** Reads a part whose bytes are known: a tag's value. */
export function readPart(
  part: PartSpec,
  around: Around,
  place: { readonly key: string; readonly path: string; readonly lengthAt: number },
  reader: Reader,
  length: number,
): Node {
  const { encoding, filler } = writtenAs(part, around);
  const { key, path, lengthAt } = place;
  const max = bytesOfValue(encoding, part.max);
  const min = encoding === "utf-8" ? part.min : bytesOfValue(encoding, part.min);
  if (length > max) {
    throw new Fault("LEN_EXCEEDS_MAX", path, lengthAt, max, length);
  }
  if (length < min) {
    throw new Fault("BAD_FORMAT", path, reader.at, min, length);
  }
  const at = reader.step(length, "TLV_VALUE_TRUNCATED", path);
  if (encoding === "hex" && length % 2 === 1) {
    throw new Fault("BAD_FORMAT", path, at, length, length);
  }
  const { composite } = part;
  return nodeOf(
    { key, spec: part, encoding, filler, composite, count: null, path },
    reader.buf,
    at,
    length,
  );
}

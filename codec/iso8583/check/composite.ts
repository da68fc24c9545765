// What may be said of composites: their limits, their parts, and what they can stand in.
import type {
  BERTLVSpec,
  BitmappedSpec,
  BitmapSpec,
  CompositeSpec,
  DataEncoding,
  ElementSpec,
  Filler,
  PartSpec,
  PositionalSpec,
  TagListSpec,
  ValueSpec,
} from "../dialect.ts";
import { checkElement } from "./element.ts";
import { type Report, refuse } from "./problem.ts";
import { checkLengths, checkWriting } from "./value.ts";

/** Composites one in the other: two levels below an element. */
export const depthMax = 3;
/** Tags in one list; measured traffic has fewer than twenty. */
export const tagsMax = 64;

/** The element that a composite stands in. */
export interface Holder {
  readonly spec: ValueSpec;
  readonly encoding: DataEncoding;
  readonly filler: Filler;
  readonly depth: number;
}

const textual: readonly DataEncoding[] = [
  "ascii",
  "latin1",
  "ebcdic-037",
  "ebcdic-500",
  "ebcdic-1047",
];

function checkPart(report: Report, place: readonly string[], part: PartSpec, holder: Holder): void {
  const encoding = part.encoding ?? (part.content === "b" ? "raw" : holder.encoding);
  const filler = part.filler ?? "none";
  checkLengths(report, place, part);
  checkWriting(report, place, part, { encoding, filler, isCounted: false });
  if (part.composite !== undefined) {
    const inner = { spec: part, encoding, filler, depth: holder.depth + 1 };
    checkComposite(report, [...place, "composite"], part.composite, inner);
  }
}

function checkPositional(
  report: Report,
  place: readonly string[],
  spec: PositionalSpec,
  holder: Holder,
): void {
  const { encoding, spec: element } = holder;
  const total = spec.parts.reduce((sum, part) => sum + part.max, 0);
  if (spec.parts.length === 0) {
    refuse(report, [...place, "parts"], "there are no parts");
  }
  if (encoding === "bcd") {
    const alike = spec.parts.every((part) => part.content === element.content);
    if (!alike || element.min !== total || element.max !== total) {
      refuse(report, place, "slices of BCD are of the element's class and fill it exactly");
    }
  } else if (!textual.includes(encoding)) {
    refuse(report, place, `an element in ${encoding} has no slices of text`);
  }
  spec.parts.forEach((part, i) => {
    const at = [...place, "parts", String(i)];
    const last = spec.lastMayBeShort === true && i === spec.parts.length - 1;
    checkLengths(report, at, part);
    if (part.min !== part.max && !last) {
      refuse(report, [...at, "min"], "a slice has one length");
    }
    if (part.content === "b") {
      refuse(report, [...at, "content"], "a slice is text");
    }
  });
}

function checkTags(
  report: Report,
  place: readonly string[],
  spec: TagListSpec | BERTLVSpec,
  pattern: RegExp,
  holder: Holder,
): void {
  if (!Number.isInteger(spec.tagsMax) || spec.tagsMax < 1 || spec.tagsMax > tagsMax) {
    refuse(report, [...place, "tagsMax"], `a list has 1 to ${tagsMax} tags`);
  }
  for (const [tag, part] of Object.entries(spec.tags)) {
    const at = [...place, "tags", tag];
    if (!pattern.test(tag)) {
      refuse(report, at, "the tag has not the form that the list announces");
    }
    checkPart(report, at, part, holder);
  }
}

function checkTagList(
  report: Report,
  place: readonly string[],
  spec: TagListSpec,
  holder: Holder,
): void {
  const { tagDigits, lengthDigits, leading } = spec;
  if (!textual.includes(holder.encoding)) {
    refuse(report, place, `a tag list is text, not ${holder.encoding}`);
  }
  if (!Number.isInteger(tagDigits) || tagDigits < 1 || tagDigits > 4) {
    refuse(report, [...place, "tagDigits"], "a tag has 1 to 4 characters");
  }
  if (!Number.isInteger(lengthDigits) || lengthDigits < 1 || lengthDigits > 4) {
    refuse(report, [...place, "lengthDigits"], "a length has 1 to 4 digits");
  }
  if (leading !== undefined) {
    checkLengths(report, [...place, "leading"], leading);
    if (leading.min !== leading.max || leading.content === "b") {
      refuse(report, [...place, "leading"], "what leads a list is text of one length");
    }
  }
  const characters = spec.tagLetters === true ? "[0-9A-Za-z]" : "[0-9]";
  checkTags(report, place, spec, new RegExp(`^${characters}{${tagDigits}}$`), holder);
}

/** Tag bytes in hex: one byte, or a first byte of 1F and followers with bit 8 but for the last. */
const berTag =
  /^(?:[0-9A-F][0-9A-E]|[02468ACE]F|[13579BDF]F(?:[89A-F][0-9A-F]){0,2}[0-7][0-9A-F])$/;

function checkBerTlv(
  report: Report,
  place: readonly string[],
  spec: BERTLVSpec,
  holder: Holder,
): void {
  if (holder.encoding !== "raw") {
    refuse(report, place, "BER-TLV stands in a raw element");
  }
  if (spec.tagBytesMax < 1 || spec.tagBytesMax > 4) {
    refuse(report, [...place, "tagBytesMax"], "a tag has at most 1 to 4 bytes");
  }
  if (spec.lengthBytesMax < 1 || spec.lengthBytesMax > 3) {
    refuse(report, [...place, "lengthBytesMax"], "a long length has at most 1 to 3 bytes");
  }
  checkTags(report, place, spec, berTag, { ...holder, encoding: "ascii" });
}

/** A bitmap of a composite. */
function checkPartBitmap(report: Report, place: readonly string[], bitmap: BitmapSpec): void {
  const { bits, continues, encoding } = bitmap;
  const whole = continues === "bit1" && bits > 64 ? bits % 64 === 0 : bits % 8 === 0;
  if (continues === "chain") {
    if (bits < 15 || bits > 192 || (bits - 15) % 7 !== 0 || encoding !== "raw") {
      refuse(
        report,
        [...place, "bits"],
        "a chain is raw and has 15, 22, 29, ... bits, 192 at most",
      );
    }
  } else if (continues === "always") {
    refuse(report, [...place, "continues"], "in a composite bit 1 is a part: bit1, never or chain");
  } else if (!whole || bits < 8 || bits > 192) {
    refuse(report, [...place, "bits"], "a bitmap has 8 to 192 bits in whole bytes or blocks of 64");
  }
}

function checkBitmapped(
  report: Report,
  place: readonly string[],
  spec: BitmappedSpec,
  holder: Holder,
): void {
  const { bitmap, headerBytes, parts } = spec;
  checkPartBitmap(report, [...place, "bitmap"], bitmap);
  if (!Number.isInteger(headerBytes) || headerBytes < 0 || headerBytes > 64) {
    refuse(report, [...place, "headerBytes"], "a header has 0 to 64 bytes");
  }
  if (bitmap.encoding === "raw" && holder.encoding !== "raw") {
    refuse(report, place, "a raw bitmap stands in a raw element");
  }
  const block = Math.min(bitmap.bits, 64);
  for (const [key, element] of Object.entries(parts)) {
    const at = [...place, "parts", key];
    const bit = Number(key);
    if (!/^[1-9]\d{0,2}$/.test(key) || bit > bitmap.bits) {
      refuse(report, at, `parts are 1 to ${bitmap.bits}`);
    } else if (bitmap.continues === "bit1" && (bit - 1) % block === 0) {
      refuse(report, at, "this bit announces a bitmap");
    }
    checkElement(report, at, element, holder.depth);
  }
}

function checkSequence(
  report: Report,
  place: readonly string[],
  parts: readonly ElementSpec[],
  holder: Holder,
): void {
  if (parts.length === 0) {
    refuse(report, [...place, "parts"], "there are no parts");
  }
  parts.forEach((part, i) => {
    checkElement(report, [...place, "parts", String(i)], part, holder.depth);
  });
}

/** Judges a composite and all that is in it. */
export function checkComposite(
  report: Report,
  place: readonly string[],
  spec: CompositeSpec,
  given: Holder,
): void {
  // Hex text holds what its bytes may hold.
  const holder = given.encoding === "hex" ? ({ ...given, encoding: "raw" } as const) : given;
  if (holder.depth > depthMax) {
    refuse(report, place, "composites are nested two levels below an element at most");
    return;
  }
  if (
    spec.kind !== "positional" &&
    !textual.includes(holder.encoding) &&
    holder.encoding !== "raw"
  ) {
    refuse(
      report,
      place,
      `an element in ${holder.encoding} holds no composite of kind ${spec.kind}`,
    );
  }
  switch (spec.kind) {
    case "positional":
      checkPositional(report, place, spec, holder);
      return;
    case "sequence":
      checkSequence(report, place, spec.parts, holder);
      return;
    case "bitmapped":
      checkBitmapped(report, place, spec, holder);
      return;
    case "tag-list":
      checkTagList(report, place, spec, holder);
      return;
    case "ber-tlv":
      checkBerTlv(report, place, spec, holder);
      return;
    case "dataset":
      for (const [id, part] of Object.entries(spec.datasets)) {
        const at = [...place, "datasets", id];
        if (!/^[0-9A-F]{2}$/.test(id)) {
          refuse(report, at, "an id is two upper-case hex digits");
        }
        const inner = { ...holder, encoding: "raw", depth: holder.depth + 1 } as const;
        checkComposite(report, [...at, "composite"], part.composite, inner);
      }
      if (holder.encoding !== "raw") {
        refuse(report, place, "datasets stand in a raw element");
      }
      return;
    case "token-list":
      for (const [id, part] of Object.entries(spec.tokens)) {
        const at = [...place, "tokens", id];
        if (!/^[0-9A-Za-z ]{2}$/.test(id)) {
          refuse(report, at, "an id is two letters or digits");
        }
        checkPart(report, at, part, holder);
      }
      if (!textual.includes(holder.encoding)) {
        refuse(report, place, `a token list is text, not ${holder.encoding}`);
      }
  }
}

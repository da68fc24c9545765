// ISO 8583: bytes of a message to offsets and back, by dialect.
//
// A dialect is data. A generator turns it into a scanner in gen/; a slow decoder over the same data
// (oracle/) is what the scanner must agree with on every input, and serves dialects that are loaded
// from files (file/). writer/ makes messages, check/ judges dialects, meaning/ spells values out.
// This room can be used alone: docs/guides/iso8583-library.md.
//
// Promises: `scan`, `validate` and `reply` never throw and allocate nothing a message; every byte
// belongs to an element or is an error; what was on the wire is kept as it was; an error has a
// code, a path and an offset.
// Never: a value of the message in an error, a sensitive value in a description unless asked for,
// a card number turned into a string on the fast path, a clock, a key, any I/O.

import type { Codec } from "./codec.ts";
import { createCodec } from "./create.ts";
import { base24StyleSpec } from "./dialects/base24-style.ts";
import { iso87AsciiSpec } from "./dialects/iso87-ascii.ts";
import { iso87BcdSpec } from "./dialects/iso87-bcd.ts";
import { iso93AsciiSpec, iso93BcdSpec } from "./dialects/iso93.ts";
import { iso2003Spec } from "./dialects/iso2003.ts";
import { mcStyleSpec } from "./dialects/mc-style.ts";
import { mydebitSpec } from "./dialects/mydebit.ts";
import { postilionStyleSpec } from "./dialects/postilion-style.ts";
import { visaStyleSpec } from "./dialects/visa-style.ts";
import { generated as base24StyleGenerated } from "./gen/base24-style.ts";
import { generated as iso87AsciiGenerated } from "./gen/iso87-ascii.ts";
import { generated as iso87BcdGenerated } from "./gen/iso87-bcd.ts";
import { generated as iso93AsciiGenerated } from "./gen/iso93-ascii.ts";
import { generated as iso93BcdGenerated } from "./gen/iso93-bcd.ts";
import { generated as iso2003Generated } from "./gen/iso2003.ts";
import { generated as mcStyleGenerated } from "./gen/mc-style.ts";
import { generated as mydebitGenerated } from "./gen/mydebit.ts";
import { generated as postilionStyleGenerated } from "./gen/postilion-style.ts";
import { generated as visaStyleGenerated } from "./gen/visa-style.ts";

/** Our profile of a MyDebit-style network. */
export const mydebit: Codec = createCodec(mydebitSpec, mydebitGenerated);
/** ISO 8583:1987 in ASCII throughout. */
export const iso87Ascii: Codec = createCodec(iso87AsciiSpec, iso87AsciiGenerated);
/** ISO 8583:1987 packed: BCD numbers and lengths, binary bitmap. */
export const iso87Bcd: Codec = createCodec(iso87BcdSpec, iso87BcdGenerated);
/** ISO 8583:1993 in ASCII throughout. */
export const iso93Ascii: Codec = createCodec(iso93AsciiSpec, iso93AsciiGenerated);
/** ISO 8583:1993 packed. */
export const iso93Bcd: Codec = createCodec(iso93BcdSpec, iso93BcdGenerated);
/** ISO 8583:2003 packed. */
export const iso2003: Codec = createCodec(iso2003Spec, iso2003Generated);
/** Mastercard-style encodings, contents of our own. */
export const mcStyle: Codec = createCodec(mcStyleSpec, mcStyleGenerated);
/** Visa-style encodings, contents of our own. */
export const visaStyle: Codec = createCodec(visaStyleSpec, visaStyleGenerated);
/** Postilion-style DE127, nested bitmaps. */
export const postilionStyle: Codec = createCodec(postilionStyleSpec, postilionStyleGenerated);
/** BASE24-style tokens. */
export const base24Style: Codec = createCodec(base24StyleSpec, base24StyleGenerated);

/** Every dialect by name. */
export const dialects: Readonly<Record<string, Codec>> = Object.fromEntries(
  [
    mydebit,
    iso87Ascii,
    iso87Bcd,
    iso93Ascii,
    iso93Bcd,
    iso2003,
    mcStyle,
    visaStyle,
    postilionStyle,
    base24Style,
  ].map((codec) => [codec.name, codec]),
);

export type {
  Codec,
  DecodedError,
  DecodedField,
  DecodedMessage,
  DecodedTag,
  FieldInput,
  MessageInput,
  RevealOptions,
  TagInput,
} from "./codec.ts";
export type { ConversionOptions } from "./convert/draft.ts";
export { type ConversionLoss, type LossCode, lossCodes } from "./convert/loss.ts";
export {
  type Converted,
  convertible,
  convertMessage,
  type PlainMessage,
  plainMessage,
  shownDialect,
} from "./convert/message.ts";
export { createCodec, loadCodec } from "./create.ts";
export { transmissionSeconds, writeTransmission } from "./dates.ts";
export { describeDocument } from "./describe.ts";
export type * from "./dialect.ts";
export {
  CodecError,
  type CodecErrorCode,
  codeOf,
  codeTable,
  packStatus,
  type SessionAction,
  type UnpackedStatus,
  unpackStatus,
} from "./errors.ts";
export {
  type DialectName,
  type FieldName,
  type FieldPath,
  fieldIn,
  fieldsOf,
  messageOf,
} from "./field-names.ts";
export { type FileProblem, type ParsedDialect, parseDialect } from "./file/load.ts";
export { dialectSchema } from "./file/schema.ts";
export { starterDialect } from "./file/starter.ts";
export { type Framing, framings, raw2 } from "./frame-formats.ts";
export { type HeadAddresses, headBytesMax, ownHead, writeAnswerHead } from "./frame-head.ts";
export {
  anyFrames,
  FRAME_PREFIX_BYTES,
  type FrameLimits,
  FrameReader,
  frame,
  mydebitFrames,
} from "./frame-reader.ts";
export {
  encodeFrame,
  finishFrame,
  frameBytes,
  frameFits,
  writeFramePrefix,
} from "./frame-writer.ts";
export { buildDialect } from "./generator/build.ts";
export { keyBlockText } from "./meaning/key-block.ts";
export { answerMti, classOf, expectsAnswer, functionOf, mtiText } from "./mti.ts";
export { ReplyPatch } from "./reply-patch.ts";
export { type Texts, textReader } from "./values.ts";
export { TagView, View } from "./view.ts";

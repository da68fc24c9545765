// ISO 8583: bytes of a message to offsets and back, by dialect.
//
// A dialect is data. A generator turns it into one scanner, one writer and one masker in gen/; a
// slow decoder over the same data is the oracle that the scanner must agree with on every input.
//
// Promises: `scan`, `validate` and `reply` never throw and allocate nothing; every byte belongs
// to an element or is an error; what was on the wire is kept as it was; an error has a code, a
// path and an offset.
// Never: a value of the message in an error, a sensitive value in a description unless asked for,
// a card number turned into a string on the fast path, a clock, a key, any I/O.

import type { Codec } from "./codec.ts";
import { createCodec } from "./create.ts";
import { iso87AsciiSpec } from "./dialects/iso87-ascii.ts";
import { mydebitSpec } from "./dialects/mydebit.ts";
import { generated as iso87AsciiGenerated } from "./gen/iso87-ascii.ts";
import { generated as mydebitGenerated } from "./gen/mydebit.ts";

/** Our profile of a MyDebit-style network. */
export const mydebit: Codec = createCodec(mydebitSpec, mydebitGenerated);
/** ISO 8583:1987 in ASCII throughout. */
export const iso87Ascii: Codec = createCodec(iso87AsciiSpec, iso87AsciiGenerated);
/** Every dialect by name. */
export const dialects: Readonly<Record<string, Codec>> = {
  [mydebit.name]: mydebit,
  [iso87Ascii.name]: iso87Ascii,
};

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
export { transmissionSeconds, writeTransmission } from "./dates.ts";
export { describeDocument } from "./describe.ts";
export type { Dialect } from "./dialect.ts";
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
export { answerMti, classOf, expectsAnswer, functionOf, mtiText } from "./mti.ts";
export { ReplyPatch } from "./reply-patch.ts";
export { TagView, View } from "./view.ts";

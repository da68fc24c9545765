// A message of one version of ISO 8583 as one of another: 1987 and 1993, in the dialects that are
// the standard and nothing else. What cannot be carried is named and left out, never guessed.
import type { Codec, DecodedMessage, MessageInput } from "../codec.ts";
import type { Dialect } from "../dialect.ts";
import { CodecError } from "../errors.ts";
import { stricter } from "../sensitivity.ts";
import { type ConversionOptions, Draft, type Version } from "./draft.ts";
import { toFields1987, toFields1993 } from "./fields.ts";
import { convertMTI } from "./function-codes.ts";
import type { ConversionLoss } from "./loss.ts";

/** Dialects that a message can be converted between. */
export const convertible: readonly string[] = [
  "iso87-ascii",
  "iso87-bcd",
  "iso93-ascii",
  "iso93-bcd",
];

/** A message as values: text, or hex where an element is bytes. */
export interface PlainMessage {
  readonly mti: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface Converted {
  /** For `encode` of the other dialect. */
  readonly message: MessageInput & PlainMessage;
  /** In the order in which the elements were looked at. */
  readonly losses: readonly ConversionLoss[];
}

/** Values of a document that was decoded with `reveal`; null where it has an error or is masked. */
export function plainMessage(document: DecodedMessage): PlainMessage | null {
  const { ok, mti, fields } = document;
  const isClear = Object.values(fields).every(({ masked }) => masked !== true);
  if (!ok || mti === null || !isClear) {
    return null;
  }
  const values = Object.entries(fields).map(([de, { value }]) => [de, value] as const);
  return { mti, fields: Object.fromEntries(values) };
}

function versionOf({ name, spec }: Codec): Version {
  if (!convertible.includes(name)) {
    throw new RangeError(`${name} cannot be converted; ${convertible.join(", ")} can`);
  }
  return spec.mti.version as Version;
}

/** A separator of packed track data is a nibble D; as text it is an equals sign. */
function trackText(from: Codec, to: Codec, de: string, value: string): string {
  const source = from.spec.elements[de];
  const isPacked = source?.content === "z" && source.encoding === "bcd";
  return isPacked && to.spec.elements[de]?.encoding !== "bcd" ? value.replaceAll("D", "=") : value;
}

const scratch = Buffer.alloc(8_192);

/** Takes out what the other dialect cannot hold. */
function keepWhatFits(from: Codec, to: Codec, mti: string, draft: Draft): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [de, given] of Object.entries(draft.out)) {
    const value = trackText(from, to, de, given);
    try {
      const end = to.encode({ mti, fields: { [de]: value } }, scratch, 0);
      if (to.decode(scratch, 0, end).ok) {
        fields[de] = value;
      } else {
        draft.lose("BAD_VALUE", de);
      }
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      draft.lose(error.code === "ENCODE_TOO_LONG" ? "TOO_LONG" : "BAD_VALUE", de);
    }
  }
  // The values were in clear here for as long as the loop took.
  scratch.fill(0);
  return fields;
}

/**
 * Converts a message from the dialect of one codec to that of another; null where its message type
 * has no counterpart. Throws a RangeError where a dialect is not `convertible`.
 */
export function convertMessage(
  from: Codec,
  to: Codec,
  message: PlainMessage,
  options: ConversionOptions,
): Converted | null {
  const version = versionOf(from);
  const wanted = versionOf(to);
  const type = convertMTI(message.mti, version, wanted);
  if (type === null) {
    return null;
  }
  const draft = new Draft(message.mti, message.fields, options);
  if (!type.isExact) draft.lose("APPROXIMATE", "mti");
  if (version === wanted) {
    keepAll(draft);
  } else if (wanted === "1") {
    toFields1993(draft);
  } else {
    toFields1987(draft);
  }
  const fields = keepWhatFits(from, to, type.mti, draft);
  return { message: { mti: type.mti, fields }, losses: draft.losses };
}

/**
 * The dialect of a result as it may be shown: an element that the source hides stays hidden, though
 * the other version gives its number another meaning.
 */
export function shownDialect(from: Dialect, to: Dialect): Dialect {
  const elements = Object.entries(to.elements).map(([de, element]) => {
    const { sensitivity, ...rest } = element;
    const source = from.elements[de];
    const own = source === undefined ? sensitivity : stricter(sensitivity, source.sensitivity);
    return [de, own === undefined ? rest : { ...rest, sensitivity: own }] as const;
  });
  return { ...to, elements: Object.fromEntries(elements) };
}

/** The same version in another packing: a MAC is made over the bytes. */
function keepAll(draft: Draft): void {
  for (const de of draft.left()) {
    const value = draft.take(de)!;
    if (de === 64 || de === 128) draft.lose("MAC", de);
    else draft.put(de, value);
  }
}

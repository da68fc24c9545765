// The writer of answers in dialects that are not plain ASCII: the same rules as reply.ts, with the
// message type, bitmaps and prefixes written as the dialect says. Echoed elements are copied with
// their prefixes from the request's own bytes.
import type { Dialect, ElementSpec } from "./dialect.ts";
import { codeTable, packStatus } from "./errors.ts";
import type { Generated } from "./generated.ts";
import { answerMti, expectsAnswer, mtiText } from "./mti.ts";
import { elementOf } from "./oracle/message.ts";
import type { ReplyPatch } from "./reply-patch.ts";
import type { View } from "./view.ts";
import { bytesOfPrefix, bytesOfValue } from "./wire-size.ts";
import { bytesOfDigits, bytesOfNumber, bytesOfText } from "./writer/bytes.ts";
import { bitmapBytes } from "./writer/composite.ts";

const outputFull = packStatus(codeTable.OUTPUT_FULL.number, 0, 0);
const badMti = packStatus(codeTable.ENCODE_BAD_VALUE.number, 0, 0);
/** Elements that an answer may repeat or set. */
const judgedMax = 128;

function isSet(words: Int32Array, row: number, de: number): boolean {
  return (words[4 * row + ((de - 1) >> 5)]! & (1 << (-de & 31))) !== 0;
}

function echoes(gen: Generated, view: View, patch: ReplyPatch, de: number): boolean {
  const row = gen.messageRow(view.mti);
  const all = isSet(gen.echo, row >= 0 ? row : gen.echo.length / 4 - 1, de);
  const errorOnly = isSet(gen.errorEcho, 0, de);
  const kept = patch.errorOnly ? errorOnly && (row < 0 || all) : all;
  return kept && view.has(de);
}

function headBytes(dialect: Dialect, mti: string, numbers: readonly number[]): string {
  const { encoding, bits, continues, writesAll } = dialect.bitmap;
  const all = continues !== "bit1" || writesAll;
  const blocks = all ? bits / 64 : Math.max(1, Math.ceil((numbers.at(-1) ?? 1) / 64));
  const marks = continues === "never" ? 0 : blocks - 1;
  const announced = Array.from({ length: marks }, (_, i) => 64 * i + 1);
  const bitmap = bitmapBytes([...announced, ...numbers], 8 * blocks);
  const hex = Buffer.from(bitmap, "latin1").toString("hex").toUpperCase();
  const digits =
    dialect.mti.encoding === "bcd"
      ? bytesOfDigits(mti, "none")
      : bytesOfText(dialect.mti.encoding, mti);
  return digits + (encoding === "raw" ? bitmap : bytesOfText(encoding, hex));
}

/** An element that the patch sets: its bytes, behind a prefix that counts them. */
function patchedBytes(element: ElementSpec, patch: ReplyPatch, de: number): string | null {
  const from = patch.slots[2 * de]!;
  const length = patch.slots[2 * de + 1]!;
  const { prefix, encoding, max } = element;
  if (length > bytesOfValue(encoding, max)) {
    return null;
  }
  const data = patch.buf.toString("latin1", from, from + length);
  if (prefix === null) {
    return data;
  }
  const digits = Math.min(2 * length, max);
  const number = prefix.unit === "digits" && encoding === "bcd" ? digits : length;
  const halved = encoding === "hex" && prefix.unit === "bytes" ? length / 2 : number;
  return bytesOfNumber(prefix.encoding, prefix.digits, halved) + data;
}

/** As `writeReply`; the patch holds the wire bytes of each element that it sets. */
export function writeReplyGenerally(
  dialect: Dialect,
  gen: Generated,
  view: View,
  out: Buffer,
  at: number,
  patch: ReplyPatch,
): number {
  if (view.mti === 0 || !expectsAnswer(view.mti)) return badMti;
  const mti = mtiText(answerMti(view.mti));
  const requestMti = mtiText(view.mti);
  const macDe = dialect.bitmap.bits >= 128 ? 128 : 64;
  const numbers: number[] = [];
  let data = "";
  for (let de = 2; de <= judgedMax; de++) {
    const isMac = patch.withMac && de === macDe;
    const isPatched = isSet(patch.words, 0, de);
    if (de === macDe && !isMac) continue;
    if (!isMac && !isPatched && !echoes(gen, view, patch, de)) continue;
    numbers.push(de);
    if (isMac) {
      const element = elementOf(dialect, mti, de);
      const size = element === undefined ? 8 : bytesOfValue(element.encoding, element.max);
      data += (element?.encoding === "hex" ? "0" : "\0").repeat(size);
    } else if (isPatched) {
      const element = elementOf(dialect, mti, de);
      const bytes = element === undefined ? null : patchedBytes(element, patch, de);
      if (bytes === null) return packStatus(codeTable.ENCODE_TOO_LONG.number, de, 0);
      data += bytes;
    } else {
      const { prefix } = elementOf(dialect, requestMti, de)!;
      const from = view.offset(de) - (prefix === null ? 0 : bytesOfPrefix(prefix));
      data += view.buf.toString("latin1", from, view.offset(de) + view.length(de));
    }
  }
  const text = headBytes(dialect, mti, numbers) + data;
  return at + text.length > out.length ? outputFull : at + out.write(text, at, "latin1");
}

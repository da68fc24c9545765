// DE120 of a decline that the door gives by itself.
import type { View } from "../../codec/iso8583/mod.ts";

/** Tags that an answer repeats from its request: below and above those that a decline adds. */
const repeatedBefore = [3, 5, 6, 7, 8];
const repeatedAfter = [15, 16, 17];
/** LLLVAR of three digits. */
const lengthMax = 999;
const tagHeadBytes = 5;

interface Decline {
  /** Tag 12, tag 13 and tag 14. */
  readonly result: string;
  readonly reason: number;
  readonly id: string;
}

/**
 * Writes the tag list at `at` and returns its end: known tags ascending, then unknown tags as they
 * came. What would make it longer than 999 is dropped from the end.
 */
export function writeDecline(view: View, dst: Buffer, at: number, decline: Decline): number {
  const limit = at + lengthMax;
  let end = at;
  for (const tag of repeatedBefore) end = copyTag(view, tag, dst, end);
  end = writeTag(dst, end, 12, decline.result);
  end = writeTag(dst, end, 13, String(decline.reason).padStart(4, "0"));
  end = writeTag(dst, end, 14, decline.id);
  for (const tag of repeatedAfter) end = copyTag(view, tag, dst, end);
  if (!view.has(120)) return end;
  const tags = view.tags;
  for (let i = 0; i < tags.count; i++) {
    const tag = tags.order[i]!;
    if (!isUnknown(tag)) continue;
    if (end + tagHeadBytes + tags.length(tag) > limit) return end;
    end = copyTag(view, tag, dst, end);
  }
  return end;
}

/** Tags without a meaning of ours, which are passed on as they came. */
function isUnknown(tag: number): boolean {
  return (tag >= 21 && tag <= 39) || (tag >= 42 && tag <= 49) || tag >= 60;
}

function copyTag(view: View, tag: number, dst: Buffer, at: number): number {
  if (!view.has(120) || !view.tags.has(tag)) return at;
  const from = view.tags.offset(tag);
  const length = view.tags.length(tag);
  const body = writeHead(dst, at, tag, length);
  view.buf.copy(dst, body, from, from + length);
  return body + length;
}

function writeTag(dst: Buffer, at: number, tag: number, value: string): number {
  const body = writeHead(dst, at, tag, value.length);
  return body + dst.write(value, body, "latin1");
}

function writeHead(dst: Buffer, at: number, tag: number, length: number): number {
  const text = String(tag).padStart(2, "0") + String(length).padStart(3, "0");
  return at + dst.write(text, at, "latin1");
}

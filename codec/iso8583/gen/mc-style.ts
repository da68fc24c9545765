// Made by codec/iso8583/generator/main.ts from the dialect data: change that, not this.
import { contentFault, isMonthDay, isTime, isYearMonth, isYearMonthDay } from "../content.ts";
import { ebcdicToLatin1 } from "../ebcdic.ts";
import type { Generated } from "../generated.ts";
import { failTrailing, failUnknownMTI } from "../scan-end.ts";
import { readBerLength, readBerTag, seenBefore, tlv } from "../scan-tlv.ts";
import { bcdDigits, bcdFault, classAndIn, isBcdDate } from "../scan-value.ts";
import { classAnd, ebcdicClass } from "../tables.ts";
import type { View } from "../view.ts";

const cls1047 = ebcdicClass["ebcdic-1047"];
const latin1047 = ebcdicToLatin1["ebcdic-1047"];

function messageRow(mti: number): number {
  switch (mti) {
    case 0x0620:
    case 0x0621:
    case 0x0630:
      return 0;
    case 0x0800:
    case 0x0801:
    case 0x0820:
      return 1;
    default:
      return -1;
  }
}

const mandatory = Int32Array.of(
  0x2200000, 0x0, 0x0, 0x0, 0x2200000, 0x0, 0x4000000, 0x0,
);

const forbidden = Int32Array.of(
  0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0,
);

const tagsMandatory = Int32Array.of(
  0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0,
);

const tagsForbidden = Int32Array.of(
  0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0,
);

// One row a message, then the row of messages that no row names.
const echo = Int32Array.of(
  0x42200001, -0x77fffffe, 0x0, 0x0, 0x42200000, -0x7ffffffe, 0x4000000, 0x0, 0x72380001,
  -0x773f7ffe, 0x0, 0x0,
);

const errorEcho = Int32Array.of(
  0x2200001, 0x8000000, 0x0, 0x0,
);

const prefix = Uint8Array.of(
  0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  2, 2, 2, 2, 3, 0, 0, 0, 0, 0, 0, 0, 2, 2, 3, 3, 3, 0, 0, 0, 0, 0, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3,
  0,
);

const min = Uint16Array.of(
  0, 0, 1, 6, 12, 12, 12, 10, 8, 8, 8, 6, 6, 4, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 2, 2, 1, 9, 9, 9,
  9, 0, 0, 0, 0, 0, 12, 6, 2, 3, 8, 15, 40, 0, 0, 0, 0, 0, 3, 3, 3, 8, 16, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 8, 0, 1, 2, 3, 3, 3, 4, 4, 6, 10, 10, 10, 10, 10, 10, 10, 10, 12, 12, 12, 12, 16, 16, 16,
  16, 42, 1, 2, 5, 7, 42, 8, 17, 25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 8,
);

const max = Uint32Array.of(
  0, 0, 19, 6, 12, 12, 12, 10, 8, 8, 8, 6, 6, 4, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 2, 2, 1, 9, 9,
  9, 9, 11, 11, 28, 37, 104, 12, 6, 2, 3, 8, 15, 40, 25, 76, 999, 999, 999, 3, 3, 3, 8, 16, 120,
  255, 999, 999, 999, 999, 999, 999, 999, 999, 8, 0, 1, 2, 3, 3, 3, 4, 4, 6, 10, 10, 10, 10, 10,
  10, 10, 10, 12, 12, 12, 12, 16, 16, 16, 16, 42, 1, 2, 5, 7, 42, 8, 17, 25, 11, 11, 17, 28, 28,
  100, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999,
  999, 999, 999, 999, 999, 8,
);

// Sensitivity by element and by tag; 0 has no class and is masked.
const sensitivity = Uint8Array.of(
  0, 0, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 2, 3, 3, 1, 1, 1, 1, 1, 4, 5, 4, 3, 4, 4, 4, 1, 1, 1, 0, 0, 5, 0, 0, 0, 0, 0, 4, 4, 4, 4,
  0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  0, 1, 5, 1, 1, 4, 2, 2, 4, 0, 0, 0, 0, 0, 0, 0, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5, 4, 0, 4, 4,
  0,
);

const tagSensitivity = Uint8Array.of(
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0,
);

const composite48x33Seen = new Int32Array(32);

function composite48x33(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  let n = 0;
  let q = 0;
  while (p < end) {
    const tagAt = p;
    if (end - p < 2) return v.failHere(19, p, 2, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & 2) === 0) return v.failHere(contentFault(b, p, p + 2, cls1047), p, 2, 2);
    const tag = (latin1047[b[p]!]! << 8) | latin1047[b[(p + 1) | 0]!]!;
    if (count === 32) return v.failAt(26, tag, tagAt, 32, 33);
    if (seenBefore(composite48x33Seen, count, tag)) return v.failAt(25, tag, tagAt, -1, -1);
    count++;
    p += 2;
    const lengthAt = p;
    if (end - p < 2) return v.failAt(21, tag, p, 2, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, tag, p, 2, 2);
    n = d0 * 10 + d1;
    p += 2;
    switch (tag) {
    case 12337: {
    if (n > 1) return v.failAt(13, tag, lengthAt, 1, n);
    if (n < 1) return v.failAt(18, tag, p, 1, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 4) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    case 12338: {
    if (n > 19) return v.failAt(13, tag, lengthAt, 19, n);
    if (n < 13) return v.failAt(18, tag, p, 13, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 2) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    case 12339: {
    if (n > 4) return v.failAt(13, tag, lengthAt, 4, n);
    if (n < 4) return v.failAt(18, tag, p, 4, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 2) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    if (!(isYearMonth(b, p))) return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    case 12342: {
    if (n > 11) return v.failAt(13, tag, lengthAt, 11, n);
    if (n < 11) return v.failAt(18, tag, p, 11, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 2) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    case 12344: {
    if (n > 2) return v.failAt(13, tag, lengthAt, 2, n);
    if (n < 1) return v.failAt(18, tag, p, 1, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 8) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    default: {
    if (n > 99) return v.failAt(13, tag, lengthAt, 99, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    }
    p = q;
  }
  return 0;
}

function composite48(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  let n = 0;
  let q = 0;
  if (p < end) {
    if (end - p < 1) return v.failHere(28, p, 1, end - p);
    if ((cls1047[b[p]!]! & 4) === 0) return v.failHere(contentFault(b, p, p + 1, cls1047), p, 1, 1);
    p += 1;
  }
  while (p < end) {
    const tagAt = p;
    if (end - p < 2) return v.failHere(19, p, 2, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & 2) === 0) return v.failHere(contentFault(b, p, p + 2, cls1047), p, 2, 2);
    const tag = (latin1047[b[p]!]! << 8) | latin1047[b[(p + 1) | 0]!]!;
    if (count === 64) return v.failAt(26, tag, tagAt, 64, 65);
    count++;
    p += 2;
    const lengthAt = p;
    if (end - p < 2) return v.failAt(21, tag, p, 2, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, tag, p, 2, 2);
    n = d0 * 10 + d1;
    p += 2;
    switch (tag) {
    case 12850: {
    if (n > 99) return v.failAt(13, tag, lengthAt, 99, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    case 12851: {
    if (n > 10) return v.failAt(13, tag, lengthAt, 10, n);
    if (n < 1) return v.failAt(18, tag, p, 1, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    case 12854: {
    if (n > 3) return v.failAt(13, tag, lengthAt, 3, n);
    if (n < 3) return v.failAt(18, tag, p, 3, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 8) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    case 13104: {
    if (n > 44) return v.failAt(13, tag, lengthAt, 44, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    case 13106: {
    if (n > 11) return v.failAt(13, tag, lengthAt, 11, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    case 13107: {
    if (n > 99) return v.failAt(13, tag, lengthAt, 99, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const t = composite48x33(v, b, p, q);
    if (t !== 0) return v.within(tag, t);
    break;
    }
    case 13362: {
    if (n > 99) return v.failAt(13, tag, lengthAt, 99, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    case 13363: {
    if (n > 32) return v.failAt(13, tag, lengthAt, 32, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    case 13875: {
    if (n > 15) return v.failAt(13, tag, lengthAt, 15, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    case 13878: {
    if (n > 99) return v.failAt(13, tag, lengthAt, 99, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    case 14129: {
    if (n > 99) return v.failAt(13, tag, lengthAt, 99, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    case 14132: {
    if (n > 99) return v.failAt(13, tag, lengthAt, 99, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    case 14133: {
    if (n > 99) return v.failAt(13, tag, lengthAt, 99, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    case 14388: {
    if (n > 2) return v.failAt(13, tag, lengthAt, 2, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    case 14642: {
    if (n > 3) return v.failAt(13, tag, lengthAt, 3, n);
    if (n < 3) return v.failAt(18, tag, p, 3, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 2) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    default: {
    if (n > 99) return v.failAt(13, tag, lengthAt, 99, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    }
    p = q;
  }
  return 0;
}

function composite55(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  let n = 0;
  let q = 0;
  while (p < end) {
    if (b[p] === 0) {
      p++;
      continue;
    }
    const tagAt = p;
    q = readBerTag(v, b, p, end, 3);
    if (q < 0) return q;
    const tag = tlv.tag;
    if (count === 64) return v.failAt(26, tag, tagAt, 64, 65);
    count++;
    const lengthAt = q;
    p = readBerLength(v, b, q, end, 3);
    if (p < 0) return p;
    n = tlv.length;
    switch (tag) {
    case 80: {
    if (n > 16) return v.failAt(13, tag, lengthAt, 16, n);
    if (n < 1) return v.failAt(18, tag, p, 1, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), tag, p, n, n);
    break;
    }
    case 86: {
    if (n > 76) return v.failAt(13, tag, lengthAt, 76, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 87: {
    if (n > 19) return v.failAt(13, tag, lengthAt, 19, n);
    if (n < 1) return v.failAt(18, tag, p, 1, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 37, 3);
    if (bcdFault(b, p, q, d, 3, true) !== 0) return v.failAt(15, tag, p, n, n);
    if (d < 1 || d > 37) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 113: {
    if (n > 255) return v.failAt(13, tag, lengthAt, 255, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 114: {
    if (n > 255) return v.failAt(13, tag, lengthAt, 255, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 130: {
    if (n > 2) return v.failAt(13, tag, lengthAt, 2, n);
    if (n < 2) return v.failAt(18, tag, p, 2, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 132: {
    if (n > 16) return v.failAt(13, tag, lengthAt, 16, n);
    if (n < 5) return v.failAt(18, tag, p, 5, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 145: {
    if (n > 16) return v.failAt(13, tag, lengthAt, 16, n);
    if (n < 8) return v.failAt(18, tag, p, 8, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 149: {
    if (n > 5) return v.failAt(13, tag, lengthAt, 5, n);
    if (n < 5) return v.failAt(18, tag, p, 5, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 79: {
    if (n > 16) return v.failAt(13, tag, lengthAt, 16, n);
    if (n < 5) return v.failAt(18, tag, p, 5, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 90: {
    if (n > 10) return v.failAt(13, tag, lengthAt, 10, n);
    if (n < 1) return v.failAt(18, tag, p, 1, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 19, 3);
    if (bcdFault(b, p, q, d, 3, false) !== 0) return v.failAt(15, tag, p, n, n);
    if (d < 1 || d > 19) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 24352: {
    if (n > 26) return v.failAt(13, tag, lengthAt, 26, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), tag, p, n, n);
    break;
    }
    case 24356: {
    if (n > 3) return v.failAt(13, tag, lengthAt, 3, n);
    if (n < 3) return v.failAt(18, tag, p, 3, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 6, 0);
    if (bcdFault(b, p, q, d, 0, false) !== 0) return v.failAt(15, tag, p, n, n);
    if (!isBcdDate(6, b, p, q)) return v.failAt(18, tag, p, n, n);
    if (d < 6 || d > 6) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 24357: {
    if (n > 3) return v.failAt(13, tag, lengthAt, 3, n);
    if (n < 3) return v.failAt(18, tag, p, 3, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 6, 0);
    if (bcdFault(b, p, q, d, 0, false) !== 0) return v.failAt(15, tag, p, n, n);
    if (!isBcdDate(6, b, p, q)) return v.failAt(18, tag, p, n, n);
    if (d < 6 || d > 6) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 24360: {
    if (n > 2) return v.failAt(13, tag, lengthAt, 2, n);
    if (n < 2) return v.failAt(18, tag, p, 2, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 3, 0);
    if (bcdFault(b, p, q, d, 0, false) !== 0) return v.failAt(15, tag, p, n, n);
    if (d < 3 || d > 3) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 24362: {
    if (n > 2) return v.failAt(13, tag, lengthAt, 2, n);
    if (n < 2) return v.failAt(18, tag, p, 2, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 3, 0);
    if (bcdFault(b, p, q, d, 0, false) !== 0) return v.failAt(15, tag, p, n, n);
    if (d < 3 || d > 3) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 24368: {
    if (n > 2) return v.failAt(13, tag, lengthAt, 2, n);
    if (n < 2) return v.failAt(18, tag, p, 2, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 3, 0);
    if (bcdFault(b, p, q, d, 0, false) !== 0) return v.failAt(15, tag, p, n, n);
    if (d < 3 || d > 3) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 24372: {
    if (n > 1) return v.failAt(13, tag, lengthAt, 1, n);
    if (n < 1) return v.failAt(18, tag, p, 1, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 2, 0);
    if (bcdFault(b, p, q, d, 0, false) !== 0) return v.failAt(15, tag, p, n, n);
    if (d < 2 || d > 2) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 24374: {
    if (n > 1) return v.failAt(13, tag, lengthAt, 1, n);
    if (n < 1) return v.failAt(18, tag, p, 1, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 1, 0);
    if (bcdFault(b, p, q, d, 0, false) !== 0) return v.failAt(15, tag, p, n, n);
    if (d < 1 || d > 1) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 138: {
    if (n > 2) return v.failAt(13, tag, lengthAt, 2, n);
    if (n < 2) return v.failAt(18, tag, p, 2, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 8) === 0)
      return v.failAt(contentFault(b, p, q), tag, p, n, n);
    break;
    }
    case 142: {
    if (n > 252) return v.failAt(13, tag, lengthAt, 252, n);
    if (n < 8) return v.failAt(18, tag, p, 8, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 154: {
    if (n > 3) return v.failAt(13, tag, lengthAt, 3, n);
    if (n < 3) return v.failAt(18, tag, p, 3, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 6, 0);
    if (bcdFault(b, p, q, d, 0, false) !== 0) return v.failAt(15, tag, p, n, n);
    if (!isBcdDate(6, b, p, q)) return v.failAt(18, tag, p, n, n);
    if (d < 6 || d > 6) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 155: {
    if (n > 2) return v.failAt(13, tag, lengthAt, 2, n);
    if (n < 2) return v.failAt(18, tag, p, 2, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 156: {
    if (n > 1) return v.failAt(13, tag, lengthAt, 1, n);
    if (n < 1) return v.failAt(18, tag, p, 1, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 2, 0);
    if (bcdFault(b, p, q, d, 0, false) !== 0) return v.failAt(15, tag, p, n, n);
    if (d < 2 || d > 2) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 40706: {
    if (n > 6) return v.failAt(13, tag, lengthAt, 6, n);
    if (n < 6) return v.failAt(18, tag, p, 6, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 12, 0);
    if (bcdFault(b, p, q, d, 0, false) !== 0) return v.failAt(15, tag, p, n, n);
    if (d < 12 || d > 12) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 40707: {
    if (n > 6) return v.failAt(13, tag, lengthAt, 6, n);
    if (n < 6) return v.failAt(18, tag, p, 6, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 12, 0);
    if (bcdFault(b, p, q, d, 0, false) !== 0) return v.failAt(15, tag, p, n, n);
    if (d < 12 || d > 12) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 40710: {
    if (n > 16) return v.failAt(13, tag, lengthAt, 16, n);
    if (n < 5) return v.failAt(18, tag, p, 5, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 40711: {
    if (n > 2) return v.failAt(13, tag, lengthAt, 2, n);
    if (n < 2) return v.failAt(18, tag, p, 2, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 40712: {
    if (n > 2) return v.failAt(13, tag, lengthAt, 2, n);
    if (n < 2) return v.failAt(18, tag, p, 2, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 40713: {
    if (n > 2) return v.failAt(13, tag, lengthAt, 2, n);
    if (n < 2) return v.failAt(18, tag, p, 2, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 40717: {
    if (n > 5) return v.failAt(13, tag, lengthAt, 5, n);
    if (n < 5) return v.failAt(18, tag, p, 5, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 40718: {
    if (n > 5) return v.failAt(13, tag, lengthAt, 5, n);
    if (n < 5) return v.failAt(18, tag, p, 5, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 40719: {
    if (n > 5) return v.failAt(13, tag, lengthAt, 5, n);
    if (n < 5) return v.failAt(18, tag, p, 5, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 40720: {
    if (n > 32) return v.failAt(13, tag, lengthAt, 32, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 40721: {
    if (n > 1) return v.failAt(13, tag, lengthAt, 1, n);
    if (n < 1) return v.failAt(18, tag, p, 1, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 2, 0);
    if (bcdFault(b, p, q, d, 0, false) !== 0) return v.failAt(15, tag, p, n, n);
    if (d < 2 || d > 2) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 40722: {
    if (n > 16) return v.failAt(13, tag, lengthAt, 16, n);
    if (n < 1) return v.failAt(18, tag, p, 1, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), tag, p, n, n);
    break;
    }
    case 40729: {
    if (n > 6) return v.failAt(13, tag, lengthAt, 6, n);
    if (n < 6) return v.failAt(18, tag, p, 6, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 11, 0);
    if (bcdFault(b, p, q, d, 0, false) !== 0) return v.failAt(15, tag, p, n, n);
    if (d < 11 || d > 11) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 40730: {
    if (n > 2) return v.failAt(13, tag, lengthAt, 2, n);
    if (n < 2) return v.failAt(18, tag, p, 2, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 3, 0);
    if (bcdFault(b, p, q, d, 0, false) !== 0) return v.failAt(15, tag, p, n, n);
    if (d < 3 || d > 3) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 40734: {
    if (n > 8) return v.failAt(13, tag, lengthAt, 8, n);
    if (n < 8) return v.failAt(18, tag, p, 8, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 8) === 0)
      return v.failAt(contentFault(b, p, q), tag, p, n, n);
    break;
    }
    case 40735: {
    if (n > 54) return v.failAt(13, tag, lengthAt, 54, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), tag, p, n, n);
    break;
    }
    case 40736: {
    if (n > 16) return v.failAt(13, tag, lengthAt, 16, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 40737: {
    if (n > 3) return v.failAt(13, tag, lengthAt, 3, n);
    if (n < 3) return v.failAt(18, tag, p, 3, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 6, 0);
    if (bcdFault(b, p, q, d, 0, false) !== 0) return v.failAt(15, tag, p, n, n);
    if (!isBcdDate(5, b, p, q)) return v.failAt(18, tag, p, n, n);
    if (d < 6 || d > 6) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 40740: {
    if (n > 29) return v.failAt(13, tag, lengthAt, 29, n);
    if (n < 29) return v.failAt(18, tag, p, 29, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 8) === 0)
      return v.failAt(contentFault(b, p, q), tag, p, n, n);
    break;
    }
    case 40741: {
    if (n > 2) return v.failAt(13, tag, lengthAt, 2, n);
    if (n < 2) return v.failAt(18, tag, p, 2, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 4, 0);
    if (bcdFault(b, p, q, d, 0, false) !== 0) return v.failAt(15, tag, p, n, n);
    if (d < 4 || d > 4) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 40742: {
    if (n > 8) return v.failAt(13, tag, lengthAt, 8, n);
    if (n < 8) return v.failAt(18, tag, p, 8, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 40743: {
    if (n > 1) return v.failAt(13, tag, lengthAt, 1, n);
    if (n < 1) return v.failAt(18, tag, p, 1, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 40755: {
    if (n > 3) return v.failAt(13, tag, lengthAt, 3, n);
    if (n < 3) return v.failAt(18, tag, p, 3, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 40756: {
    if (n > 3) return v.failAt(13, tag, lengthAt, 3, n);
    if (n < 3) return v.failAt(18, tag, p, 3, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 40757: {
    if (n > 1) return v.failAt(13, tag, lengthAt, 1, n);
    if (n < 1) return v.failAt(18, tag, p, 1, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 2, 0);
    if (bcdFault(b, p, q, d, 0, false) !== 0) return v.failAt(15, tag, p, n, n);
    if (d < 2 || d > 2) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 40758: {
    if (n > 2) return v.failAt(13, tag, lengthAt, 2, n);
    if (n < 2) return v.failAt(18, tag, p, 2, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 40759: {
    if (n > 4) return v.failAt(13, tag, lengthAt, 4, n);
    if (n < 4) return v.failAt(18, tag, p, 4, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 40769: {
    if (n > 4) return v.failAt(13, tag, lengthAt, 4, n);
    if (n < 2) return v.failAt(18, tag, p, 2, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 8, 3);
    if (bcdFault(b, p, q, d, 3, false) !== 0) return v.failAt(15, tag, p, n, n);
    if (d < 4 || d > 8) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 40782: {
    if (n > 40) return v.failAt(13, tag, lengthAt, 40, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), tag, p, n, n);
    break;
    }
    case 40787: {
    if (n > 1) return v.failAt(13, tag, lengthAt, 1, n);
    if (n < 1) return v.failAt(18, tag, p, 1, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 40795: {
    if (n > 20) return v.failAt(13, tag, lengthAt, 20, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 40811: {
    if (n > 19) return v.failAt(13, tag, lengthAt, 19, n);
    if (n < 1) return v.failAt(18, tag, p, 1, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 37, 3);
    if (bcdFault(b, p, q, d, 3, true) !== 0) return v.failAt(15, tag, p, n, n);
    if (d < 1 || d > 37) return v.failAt(18, tag, p, n, n);
    break;
    }
    case 40814: {
    if (n > 32) return v.failAt(13, tag, lengthAt, 32, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 40828: {
    if (n > 32) return v.failAt(13, tag, lengthAt, 32, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    default: {
    if (n > 65535) return v.failAt(13, tag, lengthAt, 65535, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    }
    p = q;
  }
  return 0;
}

function composite124(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let k = 0;
  let n = 0;
  let q = 0;
  for (let round = 0; round < 1 && p < end; round++) {
    {
    if (end - p < 2) return v.failHere(28, p, 2, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & 4) === 0) return v.failAt(contentFault(b, p, p + 2, cls1047), k + 1, p, 2, 2);
    p += 2;
    }
    {
    if (end - p < 14) return v.failHere(28, p, 14, end - p);
    p += 14;
    }
    {
    if (p === end) return 0;
    n = end - p < 983 ? end - p : 983;
    if (n === 0 || n < 1) return v.failHere(28, p, 983, end - p);
    q = p + n;
    p = q;
    }
    k += 3;
  }
  if (p < end) return v.failHere(28, p, 0, end - p);
  return 0;
}

function scanWord0(v: View, b: Buffer, at: number, end: number, w: number): number {
  const s = v.slots;
  let p = at;
  let n = 0;
  let q = 0;
  if ((w & 0x40000000) !== 0) {
    if (end - p < 2) return v.fail(11, 2, p, 2, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 2, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 19) return v.fail(13, 2, p, 19, n);
    p += 2;
    if (n < 1) return v.fail(18, 2, p, 1, n);
    if (end - p < n) return v.fail(14, 2, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 2) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 2, p, n, n);
    s[4] = p;
    s[5] = n;
    p = q;
  }
  if ((w & 0x20000000) !== 0) {
    if (end - p < 6) return v.fail(14, 3, p, 6, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 6, cls1047), 3, p, 6, 6);
    s[6] = p;
    s[7] = 6;
    p += 6;
  }
  if ((w & 0x10000000) !== 0) {
    if (end - p < 12) return v.fail(14, 4, p, 12, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & cls1047[b[(p + 10) | 0]!]! & cls1047[b[(p + 11) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 12, cls1047), 4, p, 12, 12);
    s[8] = p;
    s[9] = 12;
    p += 12;
  }
  if ((w & 0x8000000) !== 0) {
    if (end - p < 12) return v.fail(14, 5, p, 12, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & cls1047[b[(p + 10) | 0]!]! & cls1047[b[(p + 11) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 12, cls1047), 5, p, 12, 12);
    s[10] = p;
    s[11] = 12;
    p += 12;
  }
  if ((w & 0x4000000) !== 0) {
    if (end - p < 12) return v.fail(14, 6, p, 12, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & cls1047[b[(p + 10) | 0]!]! & cls1047[b[(p + 11) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 12, cls1047), 6, p, 12, 12);
    s[12] = p;
    s[13] = 12;
    p += 12;
  }
  if ((w & 0x2000000) !== 0) {
    if (end - p < 10) return v.fail(14, 7, p, 10, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 10, cls1047), 7, p, 10, 10);
    if (!(isMonthDay(b, p) && isTime(b, p + 4))) return v.fail(contentFault(b, p, p + 10, cls1047), 7, p, 10, 10);
    s[14] = p;
    s[15] = 10;
    p += 10;
  }
  if ((w & 0x1000000) !== 0) {
    if (end - p < 8) return v.fail(14, 8, p, 8, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 8, cls1047), 8, p, 8, 8);
    s[16] = p;
    s[17] = 8;
    p += 8;
  }
  if ((w & 0x800000) !== 0) {
    if (end - p < 8) return v.fail(14, 9, p, 8, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 8, cls1047), 9, p, 8, 8);
    s[18] = p;
    s[19] = 8;
    p += 8;
  }
  if ((w & 0x400000) !== 0) {
    if (end - p < 8) return v.fail(14, 10, p, 8, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 8, cls1047), 10, p, 8, 8);
    s[20] = p;
    s[21] = 8;
    p += 8;
  }
  if ((w & 0x200000) !== 0) {
    if (end - p < 6) return v.fail(14, 11, p, 6, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 6, cls1047), 11, p, 6, 6);
    s[22] = p;
    s[23] = 6;
    p += 6;
  }
  if ((w & 0x100000) !== 0) {
    if (end - p < 6) return v.fail(14, 12, p, 6, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 6, cls1047), 12, p, 6, 6);
    if (!(isTime(b, p))) return v.fail(contentFault(b, p, p + 6, cls1047), 12, p, 6, 6);
    s[24] = p;
    s[25] = 6;
    p += 6;
  }
  if ((w & 0x80000) !== 0) {
    if (end - p < 4) return v.fail(14, 13, p, 4, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 4, cls1047), 13, p, 4, 4);
    if (!(isMonthDay(b, p))) return v.fail(contentFault(b, p, p + 4, cls1047), 13, p, 4, 4);
    s[26] = p;
    s[27] = 4;
    p += 4;
  }
  if ((w & 0x40000) !== 0) {
    if (end - p < 4) return v.fail(14, 14, p, 4, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 4, cls1047), 14, p, 4, 4);
    if (!(isYearMonth(b, p))) return v.fail(contentFault(b, p, p + 4, cls1047), 14, p, 4, 4);
    s[28] = p;
    s[29] = 4;
    p += 4;
  }
  if ((w & 0x20000) !== 0) {
    if (end - p < 4) return v.fail(14, 15, p, 4, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 4, cls1047), 15, p, 4, 4);
    if (!(isMonthDay(b, p))) return v.fail(contentFault(b, p, p + 4, cls1047), 15, p, 4, 4);
    s[30] = p;
    s[31] = 4;
    p += 4;
  }
  if ((w & 0x10000) !== 0) {
    if (end - p < 4) return v.fail(14, 16, p, 4, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 4, cls1047), 16, p, 4, 4);
    if (!(isMonthDay(b, p))) return v.fail(contentFault(b, p, p + 4, cls1047), 16, p, 4, 4);
    s[32] = p;
    s[33] = 4;
    p += 4;
  }
  if ((w & 0x8000) !== 0) {
    if (end - p < 4) return v.fail(14, 17, p, 4, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 4, cls1047), 17, p, 4, 4);
    if (!(isMonthDay(b, p))) return v.fail(contentFault(b, p, p + 4, cls1047), 17, p, 4, 4);
    s[34] = p;
    s[35] = 4;
    p += 4;
  }
  if ((w & 0x4000) !== 0) {
    if (end - p < 4) return v.fail(14, 18, p, 4, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 4, cls1047), 18, p, 4, 4);
    s[36] = p;
    s[37] = 4;
    p += 4;
  }
  if ((w & 0x2000) !== 0) {
    if (end - p < 3) return v.fail(14, 19, p, 3, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 3, cls1047), 19, p, 3, 3);
    s[38] = p;
    s[39] = 3;
    p += 3;
  }
  if ((w & 0x1000) !== 0) {
    if (end - p < 3) return v.fail(14, 20, p, 3, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 3, cls1047), 20, p, 3, 3);
    s[40] = p;
    s[41] = 3;
    p += 3;
  }
  if ((w & 0x800) !== 0) {
    if (end - p < 3) return v.fail(14, 21, p, 3, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 3, cls1047), 21, p, 3, 3);
    s[42] = p;
    s[43] = 3;
    p += 3;
  }
  if ((w & 0x400) !== 0) {
    if (end - p < 3) return v.fail(14, 22, p, 3, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 3, cls1047), 22, p, 3, 3);
    s[44] = p;
    s[45] = 3;
    p += 3;
  }
  if ((w & 0x200) !== 0) {
    if (end - p < 3) return v.fail(14, 23, p, 3, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 3, cls1047), 23, p, 3, 3);
    s[46] = p;
    s[47] = 3;
    p += 3;
  }
  if ((w & 0x100) !== 0) {
    if (end - p < 3) return v.fail(14, 24, p, 3, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 3, cls1047), 24, p, 3, 3);
    s[48] = p;
    s[49] = 3;
    p += 3;
  }
  if ((w & 0x80) !== 0) {
    if (end - p < 2) return v.fail(14, 25, p, 2, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 2, cls1047), 25, p, 2, 2);
    s[50] = p;
    s[51] = 2;
    p += 2;
  }
  if ((w & 0x40) !== 0) {
    if (end - p < 2) return v.fail(14, 26, p, 2, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 2, cls1047), 26, p, 2, 2);
    s[52] = p;
    s[53] = 2;
    p += 2;
  }
  if ((w & 0x20) !== 0) {
    if (end - p < 1) return v.fail(14, 27, p, 1, end - p);
    if ((cls1047[b[p]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 1, cls1047), 27, p, 1, 1);
    s[54] = p;
    s[55] = 1;
    p += 1;
  }
  if ((w & 0x10) !== 0) {
    if (end - p < 9) return v.fail(14, 28, p, 9, end - p);
    if (b[p] !== 195 && b[p] !== 196) return v.fail(contentFault(b, p, p + 9, cls1047), 28, p, 9, 9);
    if ((cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 9, cls1047), 28, p, 9, 9);
    s[56] = p;
    s[57] = 9;
    p += 9;
  }
  if ((w & 0x8) !== 0) {
    if (end - p < 9) return v.fail(14, 29, p, 9, end - p);
    if (b[p] !== 195 && b[p] !== 196) return v.fail(contentFault(b, p, p + 9, cls1047), 29, p, 9, 9);
    if ((cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 9, cls1047), 29, p, 9, 9);
    s[58] = p;
    s[59] = 9;
    p += 9;
  }
  if ((w & 0x4) !== 0) {
    if (end - p < 9) return v.fail(14, 30, p, 9, end - p);
    if (b[p] !== 195 && b[p] !== 196) return v.fail(contentFault(b, p, p + 9, cls1047), 30, p, 9, 9);
    if ((cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 9, cls1047), 30, p, 9, 9);
    s[60] = p;
    s[61] = 9;
    p += 9;
  }
  if ((w & 0x2) !== 0) {
    if (end - p < 9) return v.fail(14, 31, p, 9, end - p);
    if (b[p] !== 195 && b[p] !== 196) return v.fail(contentFault(b, p, p + 9, cls1047), 31, p, 9, 9);
    if ((cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 9, cls1047), 31, p, 9, 9);
    s[62] = p;
    s[63] = 9;
    p += 9;
  }
  if ((w & 0x1) !== 0) {
    if (end - p < 2) return v.fail(11, 32, p, 2, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 32, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 11) return v.fail(13, 32, p, 11, n);
    p += 2;
    if (end - p < n) return v.fail(14, 32, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 2) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 32, p, n, n);
    s[64] = p;
    s[65] = n;
    p = q;
  }
  return p;
}

function scanWord1(v: View, b: Buffer, at: number, end: number, w: number): number {
  const s = v.slots;
  let p = at;
  let n = 0;
  let q = 0;
  if ((w & -0x80000000) !== 0) {
    if (end - p < 2) return v.fail(11, 33, p, 2, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 33, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 11) return v.fail(13, 33, p, 11, n);
    p += 2;
    if (end - p < n) return v.fail(14, 33, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 2) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 33, p, n, n);
    s[66] = p;
    s[67] = n;
    p = q;
  }
  if ((w & 0x40000000) !== 0) {
    if (end - p < 2) return v.fail(11, 34, p, 2, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 34, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 28) return v.fail(13, 34, p, 28, n);
    p += 2;
    if (end - p < n) return v.fail(14, 34, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 16) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 34, p, n, n);
    s[68] = p;
    s[69] = n;
    p = q;
  }
  if ((w & 0x20000000) !== 0) {
    if (end - p < 2) return v.fail(11, 35, p, 2, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 35, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 37) return v.fail(13, 35, p, 37, n);
    p += 2;
    if (end - p < n) return v.fail(14, 35, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 32) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 35, p, n, n);
    s[70] = p;
    s[71] = n;
    p = q;
  }
  if ((w & 0x10000000) !== 0) {
    if (end - p < 3) return v.fail(11, 36, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 36, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 104) return v.fail(13, 36, p, 104, n);
    p += 3;
    if (end - p < n) return v.fail(14, 36, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 32) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 36, p, n, n);
    s[72] = p;
    s[73] = n;
    p = q;
  }
  if ((w & 0x8000000) !== 0) {
    if (end - p < 12) return v.fail(14, 37, p, 12, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & cls1047[b[(p + 10) | 0]!]! & cls1047[b[(p + 11) | 0]!]! & 8) === 0) return v.fail(contentFault(b, p, p + 12, cls1047), 37, p, 12, 12);
    s[74] = p;
    s[75] = 12;
    p += 12;
  }
  if ((w & 0x4000000) !== 0) {
    if (end - p < 6) return v.fail(14, 38, p, 6, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & 8) === 0) return v.fail(contentFault(b, p, p + 6, cls1047), 38, p, 6, 6);
    s[76] = p;
    s[77] = 6;
    p += 6;
  }
  if ((w & 0x2000000) !== 0) {
    if (end - p < 2) return v.fail(14, 39, p, 2, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & 8) === 0) return v.fail(contentFault(b, p, p + 2, cls1047), 39, p, 2, 2);
    s[78] = p;
    s[79] = 2;
    p += 2;
  }
  if ((w & 0x1000000) !== 0) {
    if (end - p < 3) return v.fail(14, 40, p, 3, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & 8) === 0) return v.fail(contentFault(b, p, p + 3, cls1047), 40, p, 3, 3);
    s[80] = p;
    s[81] = 3;
    p += 3;
  }
  if ((w & 0x800000) !== 0) {
    if (end - p < 8) return v.fail(14, 41, p, 8, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & 1) === 0) return v.fail(contentFault(b, p, p + 8, cls1047), 41, p, 8, 8);
    s[82] = p;
    s[83] = 8;
    p += 8;
  }
  if ((w & 0x400000) !== 0) {
    if (end - p < 15) return v.fail(14, 42, p, 15, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & cls1047[b[(p + 10) | 0]!]! & cls1047[b[(p + 11) | 0]!]! & cls1047[b[(p + 12) | 0]!]! & cls1047[b[(p + 13) | 0]!]! & cls1047[b[(p + 14) | 0]!]! & 1) === 0) return v.fail(contentFault(b, p, p + 15, cls1047), 42, p, 15, 15);
    s[84] = p;
    s[85] = 15;
    p += 15;
  }
  if ((w & 0x200000) !== 0) {
    if (end - p < 40) return v.fail(14, 43, p, 40, end - p);
    if ((classAndIn(cls1047, b, p, p + 40) & 1) === 0) return v.fail(contentFault(b, p, p + 40, cls1047), 43, p, 40, 40);
    s[86] = p;
    s[87] = 40;
    p += 40;
  }
  if ((w & 0x100000) !== 0) {
    if (end - p < 2) return v.fail(11, 44, p, 2, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 44, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 25) return v.fail(13, 44, p, 25, n);
    p += 2;
    if (end - p < n) return v.fail(14, 44, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 44, p, n, n);
    s[88] = p;
    s[89] = n;
    p = q;
  }
  if ((w & 0x80000) !== 0) {
    if (end - p < 2) return v.fail(11, 45, p, 2, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 45, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 76) return v.fail(13, 45, p, 76, n);
    p += 2;
    if (end - p < n) return v.fail(14, 45, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 45, p, n, n);
    s[90] = p;
    s[91] = n;
    p = q;
  }
  if ((w & 0x40000) !== 0) {
    if (end - p < 3) return v.fail(11, 46, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 46, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 46, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 46, p, n, n);
    s[92] = p;
    s[93] = n;
    p = q;
  }
  if ((w & 0x20000) !== 0) {
    if (end - p < 3) return v.fail(11, 47, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 47, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 47, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 47, p, n, n);
    s[94] = p;
    s[95] = n;
    p = q;
  }
  if ((w & 0x10000) !== 0) {
    if (end - p < 3) return v.fail(11, 48, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 48, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 48, p, n, end - p);
    q = p + n;
    const t = composite48(v, b, p, q);
    if (t !== 0) return v.failComposite(48, t);
    s[96] = p;
    s[97] = n;
    p = q;
  }
  if ((w & 0x8000) !== 0) {
    if (end - p < 3) return v.fail(14, 49, p, 3, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & 8) === 0) return v.fail(contentFault(b, p, p + 3, cls1047), 49, p, 3, 3);
    s[98] = p;
    s[99] = 3;
    p += 3;
  }
  if ((w & 0x4000) !== 0) {
    if (end - p < 3) return v.fail(14, 50, p, 3, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & 8) === 0) return v.fail(contentFault(b, p, p + 3, cls1047), 50, p, 3, 3);
    s[100] = p;
    s[101] = 3;
    p += 3;
  }
  if ((w & 0x2000) !== 0) {
    if (end - p < 3) return v.fail(14, 51, p, 3, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & 8) === 0) return v.fail(contentFault(b, p, p + 3, cls1047), 51, p, 3, 3);
    s[102] = p;
    s[103] = 3;
    p += 3;
  }
  if ((w & 0x1000) !== 0) {
    if (end - p < 8) return v.fail(14, 52, p, 8, end - p);
    s[104] = p;
    s[105] = 8;
    p += 8;
  }
  if ((w & 0x800) !== 0) {
    if (end - p < 16) return v.fail(14, 53, p, 16, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & cls1047[b[(p + 10) | 0]!]! & cls1047[b[(p + 11) | 0]!]! & cls1047[b[(p + 12) | 0]!]! & cls1047[b[(p + 13) | 0]!]! & cls1047[b[(p + 14) | 0]!]! & cls1047[b[(p + 15) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 16, cls1047), 53, p, 16, 16);
    s[106] = p;
    s[107] = 16;
    p += 16;
  }
  if ((w & 0x400) !== 0) {
    if (end - p < 3) return v.fail(11, 54, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 54, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 120) return v.fail(13, 54, p, 120, n);
    p += 3;
    if (end - p < n) return v.fail(14, 54, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 8) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 54, p, n, n);
    s[108] = p;
    s[109] = n;
    p = q;
  }
  if ((w & 0x200) !== 0) {
    if (end - p < 3) return v.fail(11, 55, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 55, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 255) return v.fail(13, 55, p, 255, n);
    p += 3;
    if (end - p < n) return v.fail(14, 55, p, n, end - p);
    q = p + n;
    const t = composite55(v, b, p, q);
    if (t !== 0) return v.failComposite(55, t);
    s[110] = p;
    s[111] = n;
    p = q;
  }
  if ((w & 0x100) !== 0) {
    if (end - p < 3) return v.fail(11, 56, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 56, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 56, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 56, p, n, n);
    s[112] = p;
    s[113] = n;
    p = q;
  }
  if ((w & 0x80) !== 0) {
    if (end - p < 3) return v.fail(11, 57, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 57, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 57, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 57, p, n, n);
    s[114] = p;
    s[115] = n;
    p = q;
  }
  if ((w & 0x40) !== 0) {
    if (end - p < 3) return v.fail(11, 58, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 58, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 58, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 58, p, n, n);
    s[116] = p;
    s[117] = n;
    p = q;
  }
  if ((w & 0x20) !== 0) {
    if (end - p < 3) return v.fail(11, 59, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 59, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 59, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 59, p, n, n);
    s[118] = p;
    s[119] = n;
    p = q;
  }
  if ((w & 0x10) !== 0) {
    if (end - p < 3) return v.fail(11, 60, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 60, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 60, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 60, p, n, n);
    s[120] = p;
    s[121] = n;
    p = q;
  }
  if ((w & 0x8) !== 0) {
    if (end - p < 3) return v.fail(11, 61, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 61, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 61, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 61, p, n, n);
    s[122] = p;
    s[123] = n;
    p = q;
  }
  if ((w & 0x4) !== 0) {
    if (end - p < 3) return v.fail(11, 62, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 62, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 62, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 62, p, n, n);
    s[124] = p;
    s[125] = n;
    p = q;
  }
  if ((w & 0x2) !== 0) {
    if (end - p < 3) return v.fail(11, 63, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 63, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 63, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 63, p, n, n);
    s[126] = p;
    s[127] = n;
    p = q;
  }
  if ((w & 0x1) !== 0) {
    if (end - p < 8) return v.fail(14, 64, p, 8, end - p);
    s[128] = p;
    s[129] = 8;
    p += 8;
  }
  return p;
}

function scanWord2(v: View, b: Buffer, at: number, end: number, w: number): number {
  const s = v.slots;
  let p = at;
  if ((w & 0x40000000) !== 0) {
    if (end - p < 1) return v.fail(14, 66, p, 1, end - p);
    if ((cls1047[b[p]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 1, cls1047), 66, p, 1, 1);
    s[132] = p;
    s[133] = 1;
    p += 1;
  }
  if ((w & 0x20000000) !== 0) {
    if (end - p < 2) return v.fail(14, 67, p, 2, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 2, cls1047), 67, p, 2, 2);
    s[134] = p;
    s[135] = 2;
    p += 2;
  }
  if ((w & 0x10000000) !== 0) {
    if (end - p < 3) return v.fail(14, 68, p, 3, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 3, cls1047), 68, p, 3, 3);
    s[136] = p;
    s[137] = 3;
    p += 3;
  }
  if ((w & 0x8000000) !== 0) {
    if (end - p < 3) return v.fail(14, 69, p, 3, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 3, cls1047), 69, p, 3, 3);
    s[138] = p;
    s[139] = 3;
    p += 3;
  }
  if ((w & 0x4000000) !== 0) {
    if (end - p < 3) return v.fail(14, 70, p, 3, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 3, cls1047), 70, p, 3, 3);
    s[140] = p;
    s[141] = 3;
    p += 3;
  }
  if ((w & 0x2000000) !== 0) {
    if (end - p < 4) return v.fail(14, 71, p, 4, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 4, cls1047), 71, p, 4, 4);
    s[142] = p;
    s[143] = 4;
    p += 4;
  }
  if ((w & 0x1000000) !== 0) {
    if (end - p < 4) return v.fail(14, 72, p, 4, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 4, cls1047), 72, p, 4, 4);
    s[144] = p;
    s[145] = 4;
    p += 4;
  }
  if ((w & 0x800000) !== 0) {
    if (end - p < 6) return v.fail(14, 73, p, 6, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 6, cls1047), 73, p, 6, 6);
    if (!(isYearMonthDay(b, p))) return v.fail(contentFault(b, p, p + 6, cls1047), 73, p, 6, 6);
    s[146] = p;
    s[147] = 6;
    p += 6;
  }
  if ((w & 0x400000) !== 0) {
    if (end - p < 10) return v.fail(14, 74, p, 10, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 10, cls1047), 74, p, 10, 10);
    s[148] = p;
    s[149] = 10;
    p += 10;
  }
  if ((w & 0x200000) !== 0) {
    if (end - p < 10) return v.fail(14, 75, p, 10, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 10, cls1047), 75, p, 10, 10);
    s[150] = p;
    s[151] = 10;
    p += 10;
  }
  if ((w & 0x100000) !== 0) {
    if (end - p < 10) return v.fail(14, 76, p, 10, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 10, cls1047), 76, p, 10, 10);
    s[152] = p;
    s[153] = 10;
    p += 10;
  }
  if ((w & 0x80000) !== 0) {
    if (end - p < 10) return v.fail(14, 77, p, 10, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 10, cls1047), 77, p, 10, 10);
    s[154] = p;
    s[155] = 10;
    p += 10;
  }
  if ((w & 0x40000) !== 0) {
    if (end - p < 10) return v.fail(14, 78, p, 10, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 10, cls1047), 78, p, 10, 10);
    s[156] = p;
    s[157] = 10;
    p += 10;
  }
  if ((w & 0x20000) !== 0) {
    if (end - p < 10) return v.fail(14, 79, p, 10, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 10, cls1047), 79, p, 10, 10);
    s[158] = p;
    s[159] = 10;
    p += 10;
  }
  if ((w & 0x10000) !== 0) {
    if (end - p < 10) return v.fail(14, 80, p, 10, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 10, cls1047), 80, p, 10, 10);
    s[160] = p;
    s[161] = 10;
    p += 10;
  }
  if ((w & 0x8000) !== 0) {
    if (end - p < 10) return v.fail(14, 81, p, 10, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 10, cls1047), 81, p, 10, 10);
    s[162] = p;
    s[163] = 10;
    p += 10;
  }
  if ((w & 0x4000) !== 0) {
    if (end - p < 12) return v.fail(14, 82, p, 12, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & cls1047[b[(p + 10) | 0]!]! & cls1047[b[(p + 11) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 12, cls1047), 82, p, 12, 12);
    s[164] = p;
    s[165] = 12;
    p += 12;
  }
  if ((w & 0x2000) !== 0) {
    if (end - p < 12) return v.fail(14, 83, p, 12, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & cls1047[b[(p + 10) | 0]!]! & cls1047[b[(p + 11) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 12, cls1047), 83, p, 12, 12);
    s[166] = p;
    s[167] = 12;
    p += 12;
  }
  if ((w & 0x1000) !== 0) {
    if (end - p < 12) return v.fail(14, 84, p, 12, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & cls1047[b[(p + 10) | 0]!]! & cls1047[b[(p + 11) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 12, cls1047), 84, p, 12, 12);
    s[168] = p;
    s[169] = 12;
    p += 12;
  }
  if ((w & 0x800) !== 0) {
    if (end - p < 12) return v.fail(14, 85, p, 12, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & cls1047[b[(p + 10) | 0]!]! & cls1047[b[(p + 11) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 12, cls1047), 85, p, 12, 12);
    s[170] = p;
    s[171] = 12;
    p += 12;
  }
  if ((w & 0x400) !== 0) {
    if (end - p < 16) return v.fail(14, 86, p, 16, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & cls1047[b[(p + 10) | 0]!]! & cls1047[b[(p + 11) | 0]!]! & cls1047[b[(p + 12) | 0]!]! & cls1047[b[(p + 13) | 0]!]! & cls1047[b[(p + 14) | 0]!]! & cls1047[b[(p + 15) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 16, cls1047), 86, p, 16, 16);
    s[172] = p;
    s[173] = 16;
    p += 16;
  }
  if ((w & 0x200) !== 0) {
    if (end - p < 16) return v.fail(14, 87, p, 16, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & cls1047[b[(p + 10) | 0]!]! & cls1047[b[(p + 11) | 0]!]! & cls1047[b[(p + 12) | 0]!]! & cls1047[b[(p + 13) | 0]!]! & cls1047[b[(p + 14) | 0]!]! & cls1047[b[(p + 15) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 16, cls1047), 87, p, 16, 16);
    s[174] = p;
    s[175] = 16;
    p += 16;
  }
  if ((w & 0x100) !== 0) {
    if (end - p < 16) return v.fail(14, 88, p, 16, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & cls1047[b[(p + 10) | 0]!]! & cls1047[b[(p + 11) | 0]!]! & cls1047[b[(p + 12) | 0]!]! & cls1047[b[(p + 13) | 0]!]! & cls1047[b[(p + 14) | 0]!]! & cls1047[b[(p + 15) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 16, cls1047), 88, p, 16, 16);
    s[176] = p;
    s[177] = 16;
    p += 16;
  }
  if ((w & 0x80) !== 0) {
    if (end - p < 16) return v.fail(14, 89, p, 16, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & cls1047[b[(p + 10) | 0]!]! & cls1047[b[(p + 11) | 0]!]! & cls1047[b[(p + 12) | 0]!]! & cls1047[b[(p + 13) | 0]!]! & cls1047[b[(p + 14) | 0]!]! & cls1047[b[(p + 15) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 16, cls1047), 89, p, 16, 16);
    s[178] = p;
    s[179] = 16;
    p += 16;
  }
  if ((w & 0x40) !== 0) {
    if (end - p < 42) return v.fail(14, 90, p, 42, end - p);
    if ((classAndIn(cls1047, b, p, p + 42) & 2) === 0) return v.fail(contentFault(b, p, p + 42, cls1047), 90, p, 42, 42);
    s[180] = p;
    s[181] = 42;
    p += 42;
  }
  if ((w & 0x20) !== 0) {
    if (end - p < 1) return v.fail(14, 91, p, 1, end - p);
    if ((cls1047[b[p]!]! & 8) === 0) return v.fail(contentFault(b, p, p + 1, cls1047), 91, p, 1, 1);
    s[182] = p;
    s[183] = 1;
    p += 1;
  }
  if ((w & 0x10) !== 0) {
    if (end - p < 2) return v.fail(14, 92, p, 2, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & 8) === 0) return v.fail(contentFault(b, p, p + 2, cls1047), 92, p, 2, 2);
    s[184] = p;
    s[185] = 2;
    p += 2;
  }
  if ((w & 0x8) !== 0) {
    if (end - p < 5) return v.fail(14, 93, p, 5, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & 8) === 0) return v.fail(contentFault(b, p, p + 5, cls1047), 93, p, 5, 5);
    s[186] = p;
    s[187] = 5;
    p += 5;
  }
  if ((w & 0x4) !== 0) {
    if (end - p < 7) return v.fail(14, 94, p, 7, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & 8) === 0) return v.fail(contentFault(b, p, p + 7, cls1047), 94, p, 7, 7);
    s[188] = p;
    s[189] = 7;
    p += 7;
  }
  if ((w & 0x2) !== 0) {
    if (end - p < 42) return v.fail(14, 95, p, 42, end - p);
    if ((classAndIn(cls1047, b, p, p + 42) & 8) === 0) return v.fail(contentFault(b, p, p + 42, cls1047), 95, p, 42, 42);
    s[190] = p;
    s[191] = 42;
    p += 42;
  }
  if ((w & 0x1) !== 0) {
    if (end - p < 8) return v.fail(14, 96, p, 8, end - p);
    s[192] = p;
    s[193] = 8;
    p += 8;
  }
  return p;
}

function scanWord3(v: View, b: Buffer, at: number, end: number, w: number): number {
  const s = v.slots;
  let p = at;
  let n = 0;
  let q = 0;
  if ((w & -0x80000000) !== 0) {
    if (end - p < 17) return v.fail(14, 97, p, 17, end - p);
    if (b[p] !== 195 && b[p] !== 196) return v.fail(contentFault(b, p, p + 17, cls1047), 97, p, 17, 17);
    if ((cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & cls1047[b[(p + 4) | 0]!]! & cls1047[b[(p + 5) | 0]!]! & cls1047[b[(p + 6) | 0]!]! & cls1047[b[(p + 7) | 0]!]! & cls1047[b[(p + 8) | 0]!]! & cls1047[b[(p + 9) | 0]!]! & cls1047[b[(p + 10) | 0]!]! & cls1047[b[(p + 11) | 0]!]! & cls1047[b[(p + 12) | 0]!]! & cls1047[b[(p + 13) | 0]!]! & cls1047[b[(p + 14) | 0]!]! & cls1047[b[(p + 15) | 0]!]! & cls1047[b[(p + 16) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 17, cls1047), 97, p, 17, 17);
    s[194] = p;
    s[195] = 17;
    p += 17;
  }
  if ((w & 0x40000000) !== 0) {
    if (end - p < 25) return v.fail(14, 98, p, 25, end - p);
    if ((classAndIn(cls1047, b, p, p + 25) & 1) === 0) return v.fail(contentFault(b, p, p + 25, cls1047), 98, p, 25, 25);
    s[196] = p;
    s[197] = 25;
    p += 25;
  }
  if ((w & 0x20000000) !== 0) {
    if (end - p < 2) return v.fail(11, 99, p, 2, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 99, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 11) return v.fail(13, 99, p, 11, n);
    p += 2;
    if (end - p < n) return v.fail(14, 99, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 2) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 99, p, n, n);
    s[198] = p;
    s[199] = n;
    p = q;
  }
  if ((w & 0x10000000) !== 0) {
    if (end - p < 2) return v.fail(11, 100, p, 2, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 100, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 11) return v.fail(13, 100, p, 11, n);
    p += 2;
    if (end - p < n) return v.fail(14, 100, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 2) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 100, p, n, n);
    s[200] = p;
    s[201] = n;
    p = q;
  }
  if ((w & 0x8000000) !== 0) {
    if (end - p < 2) return v.fail(11, 101, p, 2, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 101, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 17) return v.fail(13, 101, p, 17, n);
    p += 2;
    if (end - p < n) return v.fail(14, 101, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 101, p, n, n);
    s[202] = p;
    s[203] = n;
    p = q;
  }
  if ((w & 0x4000000) !== 0) {
    if (end - p < 2) return v.fail(11, 102, p, 2, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 102, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 28) return v.fail(13, 102, p, 28, n);
    p += 2;
    if (end - p < n) return v.fail(14, 102, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 102, p, n, n);
    s[204] = p;
    s[205] = n;
    p = q;
  }
  if ((w & 0x2000000) !== 0) {
    if (end - p < 2) return v.fail(11, 103, p, 2, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 103, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 28) return v.fail(13, 103, p, 28, n);
    p += 2;
    if (end - p < n) return v.fail(14, 103, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 103, p, n, n);
    s[206] = p;
    s[207] = n;
    p = q;
  }
  if ((w & 0x1000000) !== 0) {
    if (end - p < 3) return v.fail(11, 104, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 104, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 100) return v.fail(13, 104, p, 100, n);
    p += 3;
    if (end - p < n) return v.fail(14, 104, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 104, p, n, n);
    s[208] = p;
    s[209] = n;
    p = q;
  }
  if ((w & 0x800000) !== 0) {
    if (end - p < 3) return v.fail(11, 105, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 105, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 105, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 105, p, n, n);
    s[210] = p;
    s[211] = n;
    p = q;
  }
  if ((w & 0x400000) !== 0) {
    if (end - p < 3) return v.fail(11, 106, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 106, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 106, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 106, p, n, n);
    s[212] = p;
    s[213] = n;
    p = q;
  }
  if ((w & 0x200000) !== 0) {
    if (end - p < 3) return v.fail(11, 107, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 107, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 107, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 107, p, n, n);
    s[214] = p;
    s[215] = n;
    p = q;
  }
  if ((w & 0x100000) !== 0) {
    if (end - p < 3) return v.fail(11, 108, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 108, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 108, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 108, p, n, n);
    s[216] = p;
    s[217] = n;
    p = q;
  }
  if ((w & 0x80000) !== 0) {
    if (end - p < 3) return v.fail(11, 109, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 109, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 109, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 109, p, n, n);
    s[218] = p;
    s[219] = n;
    p = q;
  }
  if ((w & 0x40000) !== 0) {
    if (end - p < 3) return v.fail(11, 110, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 110, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 110, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 110, p, n, n);
    s[220] = p;
    s[221] = n;
    p = q;
  }
  if ((w & 0x20000) !== 0) {
    if (end - p < 3) return v.fail(11, 111, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 111, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 111, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 111, p, n, n);
    s[222] = p;
    s[223] = n;
    p = q;
  }
  if ((w & 0x10000) !== 0) {
    if (end - p < 3) return v.fail(11, 112, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 112, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 112, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 112, p, n, n);
    s[224] = p;
    s[225] = n;
    p = q;
  }
  if ((w & 0x8000) !== 0) {
    if (end - p < 3) return v.fail(11, 113, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 113, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 113, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 113, p, n, n);
    s[226] = p;
    s[227] = n;
    p = q;
  }
  if ((w & 0x4000) !== 0) {
    if (end - p < 3) return v.fail(11, 114, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 114, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 114, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 114, p, n, n);
    s[228] = p;
    s[229] = n;
    p = q;
  }
  if ((w & 0x2000) !== 0) {
    if (end - p < 3) return v.fail(11, 115, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 115, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 115, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 115, p, n, n);
    s[230] = p;
    s[231] = n;
    p = q;
  }
  if ((w & 0x1000) !== 0) {
    if (end - p < 3) return v.fail(11, 116, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 116, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 116, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 116, p, n, n);
    s[232] = p;
    s[233] = n;
    p = q;
  }
  if ((w & 0x800) !== 0) {
    if (end - p < 3) return v.fail(11, 117, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 117, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 117, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 117, p, n, n);
    s[234] = p;
    s[235] = n;
    p = q;
  }
  if ((w & 0x400) !== 0) {
    if (end - p < 3) return v.fail(11, 118, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 118, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 118, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 118, p, n, n);
    s[236] = p;
    s[237] = n;
    p = q;
  }
  if ((w & 0x200) !== 0) {
    if (end - p < 3) return v.fail(11, 119, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 119, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 119, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 119, p, n, n);
    s[238] = p;
    s[239] = n;
    p = q;
  }
  if ((w & 0x100) !== 0) {
    if (end - p < 3) return v.fail(11, 120, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 120, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 120, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 120, p, n, n);
    s[240] = p;
    s[241] = n;
    p = q;
  }
  if ((w & 0x80) !== 0) {
    if (end - p < 3) return v.fail(11, 121, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 121, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 121, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 121, p, n, n);
    s[242] = p;
    s[243] = n;
    p = q;
  }
  if ((w & 0x40) !== 0) {
    if (end - p < 3) return v.fail(11, 122, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 122, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 122, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 122, p, n, n);
    s[244] = p;
    s[245] = n;
    p = q;
  }
  if ((w & 0x20) !== 0) {
    if (end - p < 3) return v.fail(11, 123, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 123, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 123, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 123, p, n, n);
    s[246] = p;
    s[247] = n;
    p = q;
  }
  if ((w & 0x10) !== 0) {
    if (end - p < 3) return v.fail(11, 124, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 124, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 124, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 124, p, n, n);
    const t = composite124(v, b, p, q);
    if (t !== 0) return v.failComposite(124, t);
    s[248] = p;
    s[249] = n;
    p = q;
  }
  if ((w & 0x8) !== 0) {
    if (end - p < 3) return v.fail(11, 125, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 125, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 125, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 125, p, n, n);
    s[250] = p;
    s[251] = n;
    p = q;
  }
  if ((w & 0x4) !== 0) {
    if (end - p < 3) return v.fail(11, 126, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 126, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 126, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 126, p, n, n);
    s[252] = p;
    s[253] = n;
    p = q;
  }
  if ((w & 0x2) !== 0) {
    if (end - p < 3) return v.fail(11, 127, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 127, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 127, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls1047), 127, p, n, n);
    s[254] = p;
    s[255] = n;
    p = q;
  }
  if ((w & 0x1) !== 0) {
    if (end - p < 8) return v.fail(14, 128, p, 8, end - p);
    s[256] = p;
    s[257] = 8;
    p += 8;
  }
  return p;
}

/** Primary bitmap at p; returns the position after it, or a packed status. */
function readPrimary(v: View, b: Buffer, p: number, end: number): number {
  if (end - p < 8) return v.fail(7, 0, p, 8, end - p);
  v.w0 = (b[p]! << 24) | (b[(p + 1) | 0]! << 16) | (b[(p + 2) | 0]! << 8) | b[(p + 3) | 0]!;
  v.w1 = (b[(p + 4) | 0]! << 24) | (b[(p + 5) | 0]! << 16) | (b[(p + 6) | 0]! << 8) | b[(p + 7) | 0]!;
  return p + 8;
}

/** Secondary bitmap at p; bit 65 would announce a third one, where the dialect ends. */
function readSecondary(v: View, b: Buffer, p: number, end: number): number {
  if (end - p < 8) return v.fail(7, 0, p, 8, end - p);
  v.w2 = (b[p]! << 24) | (b[(p + 1) | 0]! << 16) | (b[(p + 2) | 0]! << 8) | b[(p + 3) | 0]!;
  v.w3 = (b[(p + 4) | 0]! << 24) | (b[(p + 5) | 0]! << 16) | (b[(p + 6) | 0]! << 8) | b[(p + 7) | 0]!;
  if (v.w2 < 0) return v.fail(9, 0, p, -1, -1);
  return p + 8;
}

function reset(v: View, b: Buffer, origin: number, begin: number, end: number): void {
  v.attach(b);
  v.origin = origin;
  v.begin = begin;
  v.end = end;
  v.mti = 0;
  v.w0 = 0;
  v.w1 = 0;
  v.w2 = 0;
  v.w3 = 0;
  v.validUpTo = 0;
  v.tags.clear();
}

export function scanMessage(v: View, b: Buffer, off: number, end: number): number {
  reset(v, b, off, off, end);
  if (end > b.length || end - off > 8192) {
    return v.fail(1, 0, off, 8192, end - off);
  }
  return scanFrom(v, b, off, end);
}

function scanFrom(v: View, b: Buffer, at: number, end: number): number {
  if (end - at < 4) return v.fail(4, 0, at, 4, end - at);
  const m0 = b[at]! - 240;
  const m1 = b[at + 1]! - 240;
  const m2 = b[at + 2]! - 240;
  const m3 = b[at + 3]! - 240;
  if (m0 !== 0 || m1 >>> 0 > 9 || m2 >>> 0 > 9 || m3 >>> 0 > 9)
    return v.fail(5, 0, at, 4, 4);
  const mti = (m0 << 12) | (m1 << 8) | (m2 << 4) | m3;
  v.mti = mti;
  const known =
    ((0x15e >> m1) & 1) !== 0 &&
    ((0x1f >> m2) & 1) !== 0 &&
    ((0x3f >> m3) & 1) !== 0;
  let p = readPrimary(v, b, at + 4, end);
  if (p > 0 && v.w0 < 0) p = readSecondary(v, b, p, end);
  if (p > 0) p = scanWord0(v, b, p, end, v.w0);
  if (p > 0 && v.w1 !== 0) p = scanWord1(v, b, p, end, v.w1);
  if (p > 0 && v.w2 !== 0) p = scanWord2(v, b, p, end, v.w2);
  if (p > 0 && v.w3 !== 0) p = scanWord3(v, b, p, end, v.w3);
  if (p > 0) {
    v.validUpTo = 128;
    if (p === end && known) return 0;
    if (known) return failTrailing(v, p, end);
  }
  return known ? p : failUnknownMTI(v, at, p === end);
}

export function scan(v: View, b: Buffer, off: number, end: number): number {
  return scanMessage(v, b, off, end);
}

export const generated: Generated = {
  scan,
  scanMessage,
  messageRow,
  mandatory,
  forbidden,
  tagsMandatory,
  tagsForbidden,
  echo,
  errorEcho,
  prefix,
  min,
  max,
  sensitivity,
  tagSensitivity,
  tagValues: [],
  tagListElement: 0,
  headerLength: 0,
  writesAllBitmaps: false,
  bytesMax: 8192,
  bits: 128,
  isPlain: false,
};

// Made by codec/iso8583/generator/main.ts from the dialect data: change that, not this.
import { contentFault, failContent, isLongDate, isMonthDay, isTime, isYearMonth, isYearMonthDay } from "../../content.ts";
import { ebcdicToLatin1 } from "../../ebcdic.ts";
import type { Generated } from "../../generated.ts";
import { failTrailing, failUnknownMTI } from "../../scan-end.ts";
import { bytesOfHex, firstBit, hexValueOf, type PartBitmap, readBerLength, readBerTag, readPartBitmap, seenBefore, tlv } from "../../scan-tlv.ts";
import { bcdDigits, bcdFault, classAndIn, isBcdDate, signedFault, utf8End, utf8Fault } from "../../scan-value.ts";
import { byteClass, classAnd, ebcdicClass, hexValue, latin1Class } from "../../tables.ts";
import { allDigits, allPrintable } from "../../words.ts";
import type { View } from "../../view.ts";

const cls = byteClass;
const clsLatin1 = latin1Class;
const hex = hexValue;

const cls037 = ebcdicClass["ebcdic-037"];
const latin037 = ebcdicToLatin1["ebcdic-037"];

const cls500 = ebcdicClass["ebcdic-500"];
const latin500 = ebcdicToLatin1["ebcdic-500"];

const cls1047 = ebcdicClass["ebcdic-1047"];
const latin1047 = ebcdicToLatin1["ebcdic-1047"];
const hex1047 = hexValueOf(ebcdicToLatin1["ebcdic-1047"]);

function messageRow(mti: number): number {
  switch (mti) {
    case 0x0200:
    case 0x0210:
      return 0;
    case 0x0100:
      return 1;
    default:
      return -1;
  }
}

const mandatory = Int32Array.of(
  0x20000000, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0,
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
  0x20000000, 0x0, 0x40000000, 0x0, 0x40000000, 0x0, 0x40000000, 0x0, 0x40000000, 0x0, 0x0, 0x0,
);

const errorEcho = Int32Array.of(
  0x40000000, 0x0, 0x0, 0x0,
);

const prefix = Uint8Array.of(
  0, 0, 1, 0, 0, 0, 0, 1, 2, 0, 0, 2, 1, 2, 2, 0, 3, 2, 0, 0, 2, 2, 2, 2, 6, 0, 0, 0, 0, 5, 0, 1,
  0, 0, 0, 0, 0, 0, 0, 0, 3, 3, 0, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2, 3, 3, 2, 2, 3, 3, 3, 0, 2, 2, 2,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0,
);

const min = Uint16Array.of(
  0, 0, 0, 2, 2, 2, 2, 0, 0, 5, 5, 2, 0, 0, 0, 4, 0, 0, 3, 8, 0, 0, 0, 0, 0, 5, 8, 12, 6, 0, 7, 0,
  3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  1,
);

const max = Uint32Array.of(
  0, 0, 10, 2, 2, 2, 2, 10, 10, 5, 5, 10, 9, 19, 1200, 4, 120, 120, 12, 8, 38, 38, 38, 300, 999,
  5, 8, 12, 6, 40, 7, 19, 3, 0, 0, 0, 0, 0, 0, 0, 12, 60, 3, 9, 200, 200, 400, 200, 300, 300, 400,
  400, 900, 400, 90, 300, 99, 99, 99, 800, 0, 600, 198, 120, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 19, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
);

// Sensitivity by element and by tag; 0 has no class and is masked.
const sensitivity = Uint8Array.of(
  0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1,
  0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  1,
);

const tagSensitivity = Uint8Array.of(
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0,
);

function composite40(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let k = 0;
  let n = 0;
  let q = 0;
  for (let round = 0; round < 1 && p < end; round++) {
    {
    if (end - p < 2) return v.failHere(28, p, 2, end - p);
    if ((cls037[b[p]!]! & cls037[b[(p + 1) | 0]!]! & 2) === 0) return v.failAt(contentFault(b, p, p + 2, cls037), k + 1, p, 2, 2);
    p += 2;
    }
    {
    n = end - p < 10 ? end - p : 10;
    if (n === 0 || n < 1) return v.failHere(28, p, 10, end - p);
    q = p + n;
    p = q;
    }
    k += 2;
  }
  if (p < end) return v.failHere(28, p, 0, end - p);
  return 0;
}

function composite41(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let k = 0;
  for (let round = 0; round < 3 && p < end; round++) {
    {
    if (end - p < 2) return v.failHere(28, p, 2, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & 2) === 0) return v.failAt(contentFault(b, p, p + 2), k + 1, p, 2, 2);
    p += 2;
    }
    {
    if (end - p < 5) return v.failHere(28, p, 5, end - p);
    if (b[p] !== 67 && b[p] !== 68) return v.failAt(contentFault(b, p, p + 5), k + 2, p, 5, 5);
    if ((cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & cls[b[(p + 4) | 0]!]! & 2) === 0) return v.failAt(contentFault(b, p, p + 5), k + 2, p, 5, 5);
    p += 5;
    }
    {
    if (end - p < 4) return v.failHere(28, p, 4, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & 2) === 0) return v.failAt(contentFault(b, p, p + 4), k + 3, p, 4, 4);
    if (!(isYearMonth(b, p))) return v.failAt(contentFault(b, p, p + 4), k + 3, p, 4, 4);
    p += 4;
    }
    k += 3;
  }
  if (p < end) return v.failHere(28, p, 0, end - p);
  return 0;
}

function composite43(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let k = 0;
  for (let round = 0; round < 1 && p < end; round++) {
    {
    if (end - p < 3) return v.failHere(28, p, 3, end - p);
    p += 3;
    }
    {
    if (p === end) return 0;
    if (end - p < 3) return v.failHere(28, p, 3, end - p);
    p += 3;
    }
    {
    if (p === end) return 0;
    if (end - p < 3) return v.failHere(28, p, 3, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 4) === 0) return v.failAt(contentFault(b, p, p + 3), k + 3, p, 3, 3);
    p += 3;
    }
    k += 3;
  }
  if (p < end) return v.failHere(28, p, 0, end - p);
  return 0;
}

const composite44Seen = new Int32Array(8);

function composite44(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  let n = 0;
  let q = 0;
  while (p < end) {
    const tagAt = p;
    if (end - p < 3) return v.failHere(19, p, 3, end - p);
    if ((cls500[b[p]!]! & cls500[b[(p + 1) | 0]!]! & cls500[b[(p + 2) | 0]!]! & 8) === 0 || latin500[b[p]!]! === 32 || latin500[b[(p + 1) | 0]!]! === 32 || latin500[b[(p + 2) | 0]!]! === 32) return v.failHere(contentFault(b, p, p + 3, cls500), p, 3, 3);
    const tag = (latin500[b[p]!]! << 16) | (latin500[b[(p + 1) | 0]!]! << 8) | latin500[b[(p + 2) | 0]!]!;
    if (count === 8) return v.failAt(26, tag, tagAt, 8, 9);
    if (seenBefore(composite44Seen, count, tag)) return v.failAt(25, tag, tagAt, -1, -1);
    count++;
    switch (tag) {
    case 4276785:
    case 7895418:
    case 3158071:
      break;
    default:
      return v.failAt(10, tag, tagAt, -1, -1);
    }
    p += 3;
    const lengthAt = p;
    if (end - p < 3) return v.failAt(21, tag, p, 3, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    const d2 = b[(p + 2) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.failAt(12, tag, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    switch (tag) {
    case 4276785: {
    if (n > 9) return v.failAt(13, tag, lengthAt, 9, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls500, b, p, q) & 2) === 0)
      return v.failAt(contentFault(b, p, q, cls500), tag, p, n, n);
    break;
    }
    case 7895418: {
    if (n > 5) return v.failAt(13, tag, lengthAt, 5, n);
    if (n < 1) return v.failAt(18, tag, p, 1, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    break;
    }
    case 3158071: {
    if (n > 4) return v.failAt(13, tag, lengthAt, 4, n);
    if (n < 1) return v.failAt(18, tag, p, 1, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 7, 2);
    if (bcdFault(b, p, q, d, 2, false) !== 0) return v.failAt(15, tag, p, n, n);
    if (d < 1 || d > 7) return v.failAt(18, tag, p, n, n);
    break;
    }
    default: {
    if (n > 999) return v.failAt(13, tag, lengthAt, 999, n);
    if (n < 1) return v.failAt(18, tag, p, 1, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls500, b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q, cls500), tag, p, n, n);
    break;
    }
    }
    p = q;
  }
  return 0;
}

const composite45x33Seen = new Int32Array(4);

function composite45x33(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  let n = 0;
  let q = 0;
  while (p < end) {
    const tagAt = p;
    if (end - p < 2) return v.failHere(19, p, 2, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & 2) === 0) return v.failHere(contentFault(b, p, p + 2, cls1047), p, 2, 2);
    const tag = (latin1047[b[p]!]! << 8) | latin1047[b[(p + 1) | 0]!]!;
    if (count === 4) return v.failAt(26, tag, tagAt, 4, 5);
    if (seenBefore(composite45x33Seen, count, tag)) return v.failAt(25, tag, tagAt, -1, -1);
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
    if (n > 2) return v.failAt(13, tag, lengthAt, 2, n);
    if (n < 2) return v.failAt(18, tag, p, 2, n);
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

function composite45x50Inside(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  let n = 0;
  let q = 0;
  while (p < end) {
    const tagAt = p;
    q = readBerTag(v, b, p, end, 2);
    if (q < 0) return q;
    const tag = tlv.tag;
    if (count === 3) return v.failAt(26, tag, tagAt, 3, 4);
    count++;
    const lengthAt = q;
    p = readBerLength(v, b, q, end, 1);
    if (p < 0) return p;
    n = tlv.length;
    switch (tag) {
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

const composite45x50Bytes = Buffer.alloc(45);

function composite45x50(v: View, b: Buffer, at: number, end: number): number {
  if (!bytesOfHex(b, at, end, composite45x50Bytes))
    return v.failHere(16, at, end - at, end - at);
  const t = composite45x50Inside(v, composite45x50Bytes, 0, (end - at) >> 1);
  if (t !== 0) v.errorAt = at + 2 * v.errorAt;
  return t;
}

function composite45(v: View, b: Buffer, at: number, end: number): number {
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
    if (count === 5) return v.failAt(26, tag, tagAt, 5, 6);
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
    case 13107: {
    if (n > 99) return v.failAt(13, tag, lengthAt, 99, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const t = composite45x33(v, b, p, q);
    if (t !== 0) return v.within(tag, t);
    break;
    }
    case 13360: {
    if (n > 8) return v.failAt(13, tag, lengthAt, 8, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((n & 1) !== 0) return v.failAt(18, tag, p, n, n);
    if ((classAnd(b, p, q) & 64) === 0)
      return v.failAt(16, tag, p, n, n);
    break;
    }
    case 13361: {
    if (n > 4) return v.failAt(13, tag, lengthAt, 4, n);
    if (n < 4) return v.failAt(18, tag, p, 4, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls1047, b, p, q) & 2) === 0)
      return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    if (!(isMonthDay(b, p))) return v.failAt(contentFault(b, p, q, cls1047), tag, p, n, n);
    break;
    }
    case 13616: {
    if (n > 90) return v.failAt(13, tag, lengthAt, 90, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((n & 1) !== 0) return v.failAt(18, tag, p, n, n);
    const t = composite45x50(v, b, p, q);
    if (t !== 0) return v.within(tag, t);
    break;
    }
    default: {
    if (n > 99) return v.failAt(13, tag, lengthAt, 99, n);
    if (n < 1) return v.failAt(18, tag, p, 1, n);
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

function composite46(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  let n = 0;
  let q = 0;
  while (p < end) {
    const tagAt = p;
    if (end - p < 4) return v.failHere(19, p, 4, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & 2) === 0) return v.failHere(contentFault(b, p, p + 4, cls), p, 4, 4);
    const tag = (b[p]! << 24) | (b[(p + 1) | 0]! << 16) | (b[(p + 2) | 0]! << 8) | b[(p + 3) | 0]!;
    if (count === 4) return v.failAt(26, tag, tagAt, 4, 5);
    count++;
    p += 4;
    const lengthAt = p;
    if (end - p < 3) return v.failAt(21, tag, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.failAt(12, tag, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    switch (tag) {
    case 808529973: {
    if (n > 9) return v.failAt(13, tag, lengthAt, 9, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), tag, p, n, n);
    break;
    }
    default: {
    if (n > 999) return v.failAt(13, tag, lengthAt, 999, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), tag, p, n, n);
    break;
    }
    }
    p = q;
  }
  return 0;
}

function composite47x16(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  let n = 0;
  let q = 0;
  if (p < end) {
    if (end - p < 1) return v.failHere(28, p, 1, end - p);
    if ((cls[b[p]!]! & 4) === 0) return v.failHere(contentFault(b, p, p + 1), p, 1, 1);
    p += 1;
  }
  while (p < end) {
    const tagAt = p;
    if (end - p < 2) return v.failHere(19, p, 2, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & 2) === 0) return v.failHere(contentFault(b, p, p + 2, cls), p, 2, 2);
    const tag = (b[p]! << 8) | b[(p + 1) | 0]!;
    if (count === 5) return v.failAt(26, tag, tagAt, 5, 6);
    count++;
    p += 2;
    const lengthAt = p;
    if (end - p < 2) return v.failAt(21, tag, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, tag, p, 2, 2);
    n = d0 * 10 + d1;
    p += 2;
    switch (tag) {
    default: {
    if (n > 99) return v.failAt(13, tag, lengthAt, 99, n);
    if (n < 1) return v.failAt(18, tag, p, 1, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), tag, p, n, n);
    break;
    }
    }
    p = q;
  }
  return 0;
}

const composite47Bits = new Int32Array(6);
const composite47Bitmap: PartBitmap = {
  hex: hex,
  bits: 16,
  continues: "never",
};

function composite47(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let n = 0;
  let q = 0;
  if (p === end) return 0;
    if (end - p < 2) return v.failHere(28, p, 2, end - p);
    p += 2;
    p = readPartBitmap(v, b, p, end, composite47Bitmap, composite47Bits);
    if (p < 0) return p;
  if ((composite47Bits[0]! & -0x80000000) !== 0) {
    if (end - p < 2) return v.failAt(14, 1, p, 2, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & 2) === 0) return v.failAt(contentFault(b, p, p + 2), 1, p, 2, 2);
    p += 2;
  }
  if ((composite47Bits[0]! & 0x40000000) !== 0) return v.failAt(10, firstBit(composite47Bits[0]! & 0x40000000, 0), p, -1, -1);
  if ((composite47Bits[0]! & 0x20000000) !== 0) {
    if (end - p < 2) return v.failAt(11, 3, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 3, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 19) return v.failAt(13, 3, p, 19, n);
    p += 2;
    if (end - p < n) return v.failAt(14, 3, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 3, p, n, n);
    p = q;
  }
  if ((composite47Bits[0]! & 0x1ffe0000) !== 0) return v.failAt(10, firstBit(composite47Bits[0]! & 0x1ffe0000, 0), p, -1, -1);
  if ((composite47Bits[0]! & 0x10000) !== 0) {
    if (end - p < 3) return v.failAt(11, 16, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.failAt(12, 16, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 90) return v.failAt(13, 16, p, 90, n);
    p += 3;
    if (end - p < n) return v.failAt(14, 16, p, n, end - p);
    q = p + n;
    const t = composite47x16(v, b, p, q);
    if (t !== 0) return v.within(16, t);
    p = q;
  }
  if (p < end) return v.failHere(28, p, 0, end - p);
  return 0;
}

const composite48Bits = new Int32Array(6);
const composite48Bitmap: PartBitmap = {
  hex: null,
  bits: 128,
  continues: "bit1",
};

function composite48(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let n = 0;
  let q = 0;
  if (p === end) return 0;
    p = readPartBitmap(v, b, p, end, composite48Bitmap, composite48Bits);
    if (p < 0) return p;
  if ((composite48Bits[0]! & -0x80000000) !== 0) return v.failAt(10, firstBit(composite48Bits[0]! & -0x80000000, 0), p, -1, -1);
  if ((composite48Bits[0]! & 0x40000000) !== 0) {
    if (end - p < 2) return v.failAt(14, 2, p, 2, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & 2) === 0) return v.failAt(contentFault(b, p, p + 2), 2, p, 2, 2);
    p += 2;
  }
  if ((composite48Bits[0]! & 0x3fffffff) !== 0) return v.failAt(10, firstBit(composite48Bits[0]! & 0x3fffffff, 0), p, -1, -1);
  if ((composite48Bits[1]! & -0x2) !== 0) return v.failAt(10, firstBit(composite48Bits[1]! & -0x2, 1), p, -1, -1);
  if ((composite48Bits[1]! & 0x1) !== 0) {
    if (end - p < 1) return v.failAt(14, 64, p, 1, end - p);
    p += 1;
  }
  if ((composite48Bits[2]! & -0x80000000) !== 0) return v.failAt(10, firstBit(composite48Bits[2]! & -0x80000000, 2), p, -1, -1);
  if ((composite48Bits[2]! & 0x40000000) !== 0) {
    if (end - p < 2) return v.failAt(11, 66, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 66, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 19) return v.failAt(13, 66, p, 19, n);
    p += 2;
    if (end - p < n) return v.failAt(14, 66, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 66, p, n, n);
    p = q;
  }
  if ((composite48Bits[2]! & 0x3fffffff) !== 0) return v.failAt(10, firstBit(composite48Bits[2]! & 0x3fffffff, 2), p, -1, -1);
  if ((composite48Bits[3]! & -0x2) !== 0) return v.failAt(10, firstBit(composite48Bits[3]! & -0x2, 3), p, -1, -1);
  if ((composite48Bits[3]! & 0x1) !== 0) {
    if (end - p < 3) return v.failAt(14, 128, p, 3, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 4) === 0) return v.failAt(contentFault(b, p, p + 3), 128, p, 3, 3);
    p += 3;
  }
  if (p < end) return v.failHere(28, p, 0, end - p);
  return 0;
}

const composite49Bits = new Int32Array(6);
const composite49Bitmap: PartBitmap = {
  hex: null,
  bits: 29,
  continues: "chain",
};

function composite49(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let n = 0;
  let q = 0;
  if (p === end) return 0;
    p = readPartBitmap(v, b, p, end, composite49Bitmap, composite49Bits);
    if (p < 0) return p;
  if ((composite49Bits[0]! & -0x80000000) !== 0) {
    if (end - p < 1) return v.failAt(14, 1, p, 1, end - p);
    if ((cls[b[p]!]! & 2) === 0) return v.failAt(contentFault(b, p, p + 1), 1, p, 1, 1);
    p += 1;
  }
  if ((composite49Bits[0]! & 0x7ffc0000) !== 0) return v.failAt(10, firstBit(composite49Bits[0]! & 0x7ffc0000, 0), p, -1, -1);
  if ((composite49Bits[0]! & 0x20000) !== 0) {
    if (end - p < 2) return v.failAt(14, 15, p, 2, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & 2) === 0) return v.failAt(contentFault(b, p, p + 2), 15, p, 2, 2);
    p += 2;
  }
  if ((composite49Bits[0]! & 0x10000) !== 0) {
    if (end - p < 3) return v.failAt(14, 16, p, 3, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 2) === 0) return v.failAt(contentFault(b, p, p + 3), 16, p, 3, 3);
    p += 3;
  }
  if ((composite49Bits[0]! & 0xfff0) !== 0) return v.failAt(10, firstBit(composite49Bits[0]! & 0xfff0, 0), p, -1, -1);
  if ((composite49Bits[0]! & 0x8) !== 0) {
    if (end - p < 2) return v.failAt(11, 29, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 29, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 19) return v.failAt(13, 29, p, 19, n);
    p += 2;
    if (end - p < n) return v.failAt(14, 29, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 2) === 0)
      return v.failAt(contentFault(b, p, q), 29, p, n, n);
    p = q;
  }
  if (p < end) return v.failHere(28, p, 0, end - p);
  return 0;
}

function composite50xE1(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  let n = 0;
  let q = 0;
  while (p < end) {
    const tagAt = p;
    q = readBerTag(v, b, p, end, 2);
    if (q < 0) return q;
    const tag = tlv.tag;
    if (count === 3) return v.failAt(26, tag, tagAt, 3, 4);
    count++;
    const lengthAt = q;
    p = readBerLength(v, b, q, end, 1);
    if (p < 0) return p;
    n = tlv.length;
    switch (tag) {
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

const composite50Seen = new Int32Array(6);

function composite50(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  let n = 0;
  let q = 0;
  while (p < end) {
    if (b[p] === 0) {
      return 0;
    }
    const tagAt = p;
    q = readBerTag(v, b, p, end, 3);
    if (q < 0) return q;
    const tag = tlv.tag;
    if (count === 6) return v.failAt(26, tag, tagAt, 6, 7);
    if (seenBefore(composite50Seen, count, tag)) return v.failAt(25, tag, tagAt, -1, -1);
    count++;
    switch (tag) {
    case 87:
    case 130:
    case 40706:
    case 154:
    case 14647553:
    case 225:
    case 138:
    case 40782:
      break;
    default:
      return v.failAt(10, tag, tagAt, -1, -1);
    }
    const lengthAt = q;
    p = readBerLength(v, b, q, end, 2);
    if (p < 0) return p;
    n = tlv.length;
    switch (tag) {
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
    case 130: {
    if (n > 2) return v.failAt(13, tag, lengthAt, 2, n);
    if (n < 2) return v.failAt(18, tag, p, 2, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
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
    case 14647553: {
    if (n > 300) return v.failAt(13, tag, lengthAt, 300, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), tag, p, n, n);
    break;
    }
    case 225: {
    if (n > 200) return v.failAt(13, tag, lengthAt, 200, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const t = composite50xE1(v, b, p, q);
    if (t !== 0) return v.within(tag, t);
    break;
    }
    case 138: {
    if (n > 3) return v.failAt(13, tag, lengthAt, 3, n);
    if (n < 3) return v.failAt(18, tag, p, 3, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const f = signedFault(b, p, q, bcdDigits(b, p + 1, q, 3, 1), 1);
    if (f !== 0) return v.failAt(f, tag, p, n, n);
    break;
    }
    case 40782: {
    if (n > 20) return v.failAt(13, tag, lengthAt, 20, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const f = utf8Fault(b, p, q, cls, 1, 0, 5);
    if (f !== 0) return v.failAt(f, tag, p, n, n);
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

function composite51xE1(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  let n = 0;
  let q = 0;
  while (p < end) {
    const tagAt = p;
    q = readBerTag(v, b, p, end, 2);
    if (q < 0) return q;
    const tag = tlv.tag;
    if (count === 3) return v.failAt(26, tag, tagAt, 3, 4);
    count++;
    const lengthAt = q;
    p = readBerLength(v, b, q, end, 1);
    if (p < 0) return p;
    n = tlv.length;
    switch (tag) {
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

function composite51(v: View, b: Buffer, at: number, end: number): number {
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
    if (count === 6) return v.failAt(26, tag, tagAt, 6, 7);
    count++;
    const lengthAt = q;
    p = readBerLength(v, b, q, end, 2);
    if (p < 0) return p;
    n = tlv.length;
    switch (tag) {
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
    case 130: {
    if (n > 2) return v.failAt(13, tag, lengthAt, 2, n);
    if (n < 2) return v.failAt(18, tag, p, 2, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
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
    case 14647553: {
    if (n > 300) return v.failAt(13, tag, lengthAt, 300, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), tag, p, n, n);
    break;
    }
    case 225: {
    if (n > 200) return v.failAt(13, tag, lengthAt, 200, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const t = composite51xE1(v, b, p, q);
    if (t !== 0) return v.within(tag, t);
    break;
    }
    case 138: {
    if (n > 3) return v.failAt(13, tag, lengthAt, 3, n);
    if (n < 3) return v.failAt(18, tag, p, 3, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const f = signedFault(b, p, q, bcdDigits(b, p + 1, q, 3, 1), 1);
    if (f !== 0) return v.failAt(f, tag, p, n, n);
    break;
    }
    case 40782: {
    if (n > 20) return v.failAt(13, tag, lengthAt, 20, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const f = utf8Fault(b, p, q, cls, 1, 0, 5);
    if (f !== 0) return v.failAt(f, tag, p, n, n);
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

function composite52x68(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  let n = 0;
  let q = 0;
  while (p < end) {
    const tagAt = p;
    q = readBerTag(v, b, p, end, 2);
    if (q < 0) return q;
    const tag = tlv.tag;
    if (count === 3) return v.failAt(26, tag, tagAt, 3, 4);
    count++;
    const lengthAt = q;
    p = readBerLength(v, b, q, end, 1);
    if (p < 0) return p;
    n = tlv.length;
    switch (tag) {
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

const composite52x01Bits = new Int32Array(6);
const composite52x01Bitmap: PartBitmap = {
  hex: null,
  bits: 15,
  continues: "chain",
};

function composite52x01(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let n = 0;
  let q = 0;
  if (p === end) return 0;
    p = readPartBitmap(v, b, p, end, composite52x01Bitmap, composite52x01Bits);
    if (p < 0) return p;
  if ((composite52x01Bits[0]! & -0x80000000) !== 0) return v.failAt(10, firstBit(composite52x01Bits[0]! & -0x80000000, 0), p, -1, -1);
  if ((composite52x01Bits[0]! & 0x40000000) !== 0) {
    if (end - p < 2) return v.failAt(14, 2, p, 2, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & 2) === 0) return v.failAt(contentFault(b, p, p + 2), 2, p, 2, 2);
    p += 2;
  }
  if ((composite52x01Bits[0]! & 0x20000000) !== 0) {
    if (end - p < 2) return v.failAt(11, 3, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 3, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 19) return v.failAt(13, 3, p, 19, n);
    p += 2;
    if (end - p < n) return v.failAt(14, 3, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 3, p, n, n);
    p = q;
  }
  if ((composite52x01Bits[0]! & 0x1ffe0000) !== 0) return v.failAt(10, firstBit(composite52x01Bits[0]! & 0x1ffe0000, 0), p, -1, -1);
  if (p < end) return v.failHere(28, p, 0, end - p);
  return 0;
}

function composite52(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  while (p < end) {
    const tagAt = p;
    const tag = b[p]!;
    if (count === 4) return v.failAt(26, tag, tagAt, 4, 5);
    count++;
    p++;
    if (end - p < 2) return v.failAt(21, tag, p, 2, end - p);
    const n = (b[p]! << 8) | b[p + 1]!;
    p += 2;
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    const q = p + n;
    let t = 0;
    switch (tag) {
    case 104:
      t = composite52x68(v, b, p, q);
      break;
    case 1:
      t = composite52x01(v, b, p, q);
      break;
    }
    if (t !== 0) return v.within(tag, t);
    p = q;
  }
  return 0;
}

function composite53(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let n = 0;
  let q = 0;
  let tokens = 0;
  if (p === end) return 0;
  if (end - p < 12) return v.failHere(28, at, 12, end - p);
  if (!(latin037[b[p]!]! === 38 && latin037[b[(p + 1) | 0]!]! === 32 && (cls037[b[(p + 2) | 0]!]! & cls037[b[(p + 3) | 0]!]! & cls037[b[(p + 4) | 0]!]! & cls037[b[(p + 5) | 0]!]! & cls037[b[(p + 6) | 0]!]! & cls037[b[(p + 7) | 0]!]! & cls037[b[(p + 8) | 0]!]! & cls037[b[(p + 9) | 0]!]! & cls037[b[(p + 10) | 0]!]! & cls037[b[(p + 11) | 0]!]! & 2) !== 0))
    return v.failHere(18, p, 12, 12);
  const count = (b[(p + 2) | 0]! & 15) * 10000 + (b[(p + 3) | 0]! & 15) * 1000 + (b[(p + 4) | 0]! & 15) * 100 + (b[(p + 5) | 0]! & 15) * 10 + (b[(p + 6) | 0]! & 15) * 1;
  const total = (b[(p + 7) | 0]! & 15) * 10000 + (b[(p + 8) | 0]! & 15) * 1000 + (b[(p + 9) | 0]! & 15) * 100 + (b[(p + 10) | 0]! & 15) * 10 + (b[(p + 11) | 0]! & 15) * 1;
  if (total !== end - at) return v.failHere(28, at, total, end - at);
  p += 12;
  while (p < end) {
    const tagAt = p;
    if (end - p < 10) return v.failHere(19, p, 10, end - p);
    if (!(latin037[b[p]!]! === 33 && latin037[b[(p + 1) | 0]!]! === 32 && (cls037[b[(p + 2) | 0]!]! & cls037[b[(p + 3) | 0]!]! & 8) !== 0 && (cls037[b[(p + 4) | 0]!]! & cls037[b[(p + 5) | 0]!]! & cls037[b[(p + 6) | 0]!]! & cls037[b[(p + 7) | 0]!]! & cls037[b[(p + 8) | 0]!]! & 2) !== 0 && latin037[b[(p + 9) | 0]!]! === 32))
      return v.failHere(18, p, 10, 10);
    const tag = (latin037[b[(p + 2) | 0]!]! << 8) | latin037[b[(p + 3) | 0]!]!;
    if (tokens === 4) return v.failAt(26, tag, tagAt, 4, 5);
    tokens++;
    const lengthAt = p + 4;
    n = (b[(p + 4) | 0]! & 15) * 10000 + (b[(p + 5) | 0]! & 15) * 1000 + (b[(p + 6) | 0]! & 15) * 100 + (b[(p + 7) | 0]! & 15) * 10 + (b[(p + 8) | 0]! & 15) * 1;
    p += 10;
    switch (tag) {
    case 16948: {
    if (n > 6) return v.failAt(13, tag, lengthAt, 6, n);
    if (n < 2) return v.failAt(18, tag, p, 2, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls037, b, p, q) & 2) === 0)
      return v.failAt(contentFault(b, p, q, cls037), tag, p, n, n);
    break;
    }
    case 20785: {
    if (n > 9) return v.failAt(13, tag, lengthAt, 9, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls037, b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q, cls037), tag, p, n, n);
    break;
    }
    default: {
    if (n > 99999) return v.failAt(13, tag, lengthAt, 99999, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls037, b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q, cls037), tag, p, n, n);
    break;
    }
    }
    p = q;
  }
  if (count !== tokens + 1) return v.failHere(28, at, count, tokens + 1);
  return 0;
}

function composite54(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let n = 0;
  let q = 0;
    if (p === end) return 0;
  {
    if (end - p < 2) return v.failAt(14, 1, p, 2, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & 2) === 0) return v.failAt(contentFault(b, p, p + 2), 1, p, 2, 2);
    p += 2;
  }
    if (p === end) return 0;
  {
    if (end - p < 2) return v.failAt(11, 2, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 2, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 19) return v.failAt(13, 2, p, 19, n);
    p += 2;
    if (end - p < n) return v.failAt(14, 2, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 2, p, n, n);
    p = q;
  }
    if (p === end) return 0;
  {
    if (end - p < 1) return v.failAt(14, 3, p, 1, end - p);
    if ((cls[b[p]!]! & 4) === 0) return v.failAt(contentFault(b, p, p + 1), 3, p, 1, 1);
    p += 1;
  }
  if (p < end) return v.failHere(28, p, 0, end - p);
  return 0;
}

function composite55x2(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  let n = 0;
  let q = 0;
  while (p < end) {
    const tagAt = p;
    q = readBerTag(v, b, p, end, 2);
    if (q < 0) return q;
    const tag = tlv.tag;
    if (count === 3) return v.failAt(26, tag, tagAt, 3, 4);
    count++;
    switch (tag) {
    case 90:
      break;
    default:
      return v.failAt(10, tag, tagAt, -1, -1);
    }
    const lengthAt = q;
    p = readBerLength(v, b, q, end, 1);
    if (p < 0) return p;
    n = tlv.length;
    switch (tag) {
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

function composite55(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let n = 0;
  let q = 0;
    if (p === end) return 0;
  {
    if (end - p < 1) return v.failAt(14, 1, p, 1, end - p);
    p += 1;
  }
  {
    if (end - p < 2) return v.failAt(11, 2, p, 2, end - p);
    n = b[p]! * 256 + b[(p + 1) | 0]!;
    if (n > 99) return v.failAt(13, 2, p, 99, n);
    p += 2;
    if (end - p < n) return v.failAt(14, 2, p, n, end - p);
    q = p + n;
    const t = composite55x2(v, b, p, q);
    if (t !== 0) return v.within(2, t);
    p = q;
  }
  {
    if (end - p < 1) return v.failAt(11, 3, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 3, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 19) return v.failAt(13, 3, p, 19, n);
    p += 1;
    const c = n;
    n = (n + 1) >> 1;
    if (end - p < n) return v.failAt(14, 3, p, n, end - p);
    q = p + n;
    if (bcdFault(b, p, q, c, 3, false) !== 0) return v.failAt(15, 3, p, n, n);
    p = q;
  }
  if (p < end) return v.failHere(28, p, 0, end - p);
  return 0;
}

function composite56(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  while (p < end) {
    const tagAt = p;
    const tag = b[p]!;
    if (count === 2) return v.failAt(26, tag, tagAt, 2, 3);
    count++;
    switch (tag) {
    default:
      return v.failAt(10, tag, tagAt, -1, -1);
    }
    p++;
    if (end - p < 2) return v.failAt(21, tag, p, 2, end - p);
    const n = (b[p]! << 8) | b[p + 1]!;
    p += 2;
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    const q = p + n;
    let t = 0;
    if (t !== 0) return v.within(tag, t);
    p = q;
  }
  return 0;
}

const composite57Bits = new Int32Array(6);
const composite57Bitmap: PartBitmap = {
  hex: hex1047,
  bits: 8,
  continues: "never",
};

function composite57(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  if (p === end) return 0;
    p = readPartBitmap(v, b, p, end, composite57Bitmap, composite57Bits);
    if (p < 0) return p;
  if ((composite57Bits[0]! & -0x80000000) !== 0) return v.failAt(10, firstBit(composite57Bits[0]! & -0x80000000, 0), p, -1, -1);
  if ((composite57Bits[0]! & 0x40000000) !== 0) {
    if (end - p < 2) return v.failAt(14, 2, p, 2, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & 2) === 0) return v.failAt(contentFault(b, p, p + 2, cls1047), 2, p, 2, 2);
    p += 2;
  }
  if ((composite57Bits[0]! & 0x3e000000) !== 0) return v.failAt(10, firstBit(composite57Bits[0]! & 0x3e000000, 0), p, -1, -1);
  if ((composite57Bits[0]! & 0x1000000) !== 0) {
    if (end - p < 1) return v.failAt(14, 8, p, 1, end - p);
    if ((cls1047[b[p]!]! & 2) === 0) return v.failAt(contentFault(b, p, p + 1, cls1047), 8, p, 1, 1);
    p += 1;
  }
  if (p < end) return v.failHere(28, p, 0, end - p);
  return 0;
}

function composite58(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let n = 0;
  let q = 0;
  let tokens = 0;
  if (p === end) return 0;
  if (end - p < 12) return v.failHere(28, at, 12, end - p);
  if (!(b[p]! === 38 && b[(p + 1) | 0]! === 32 && (cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & cls[b[(p + 4) | 0]!]! & cls[b[(p + 5) | 0]!]! & cls[b[(p + 6) | 0]!]! & cls[b[(p + 7) | 0]!]! & cls[b[(p + 8) | 0]!]! & cls[b[(p + 9) | 0]!]! & cls[b[(p + 10) | 0]!]! & cls[b[(p + 11) | 0]!]! & 2) !== 0))
    return v.failHere(18, p, 12, 12);
  const count = (b[(p + 2) | 0]! & 15) * 10000 + (b[(p + 3) | 0]! & 15) * 1000 + (b[(p + 4) | 0]! & 15) * 100 + (b[(p + 5) | 0]! & 15) * 10 + (b[(p + 6) | 0]! & 15) * 1;
  const total = (b[(p + 7) | 0]! & 15) * 10000 + (b[(p + 8) | 0]! & 15) * 1000 + (b[(p + 9) | 0]! & 15) * 100 + (b[(p + 10) | 0]! & 15) * 10 + (b[(p + 11) | 0]! & 15) * 1;
  if (total !== end - at) return v.failHere(28, at, total, end - at);
  p += 12;
  while (p < end) {
    const tagAt = p;
    if (end - p < 10) return v.failHere(19, p, 10, end - p);
    if (!(b[p]! === 33 && b[(p + 1) | 0]! === 32 && (cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & 8) !== 0 && (cls[b[(p + 4) | 0]!]! & cls[b[(p + 5) | 0]!]! & cls[b[(p + 6) | 0]!]! & cls[b[(p + 7) | 0]!]! & cls[b[(p + 8) | 0]!]! & 2) !== 0 && b[(p + 9) | 0]! === 32))
      return v.failHere(18, p, 10, 10);
    const tag = (b[(p + 2) | 0]! << 8) | b[(p + 3) | 0]!;
    if (tokens === 2) return v.failAt(26, tag, tagAt, 2, 3);
    tokens++;
    switch (tag) {
    case 16948:
      break;
    default:
      return v.failAt(10, tag, tagAt, -1, -1);
    }
    const lengthAt = p + 4;
    n = (b[(p + 4) | 0]! & 15) * 10000 + (b[(p + 5) | 0]! & 15) * 1000 + (b[(p + 6) | 0]! & 15) * 100 + (b[(p + 7) | 0]! & 15) * 10 + (b[(p + 8) | 0]! & 15) * 1;
    p += 10;
    switch (tag) {
    case 16948: {
    if (n > 9) return v.failAt(13, tag, lengthAt, 9, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), tag, p, n, n);
    break;
    }
    default: {
    if (n > 99999) return v.failAt(13, tag, lengthAt, 99999, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), tag, p, n, n);
    break;
    }
    }
    p = q;
  }
  if (count !== tokens + 1) return v.failHere(28, at, count, tokens + 1);
  return 0;
}

function composite59InsidexE1(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  let n = 0;
  let q = 0;
  while (p < end) {
    const tagAt = p;
    q = readBerTag(v, b, p, end, 2);
    if (q < 0) return q;
    const tag = tlv.tag;
    if (count === 3) return v.failAt(26, tag, tagAt, 3, 4);
    count++;
    const lengthAt = q;
    p = readBerLength(v, b, q, end, 1);
    if (p < 0) return p;
    n = tlv.length;
    switch (tag) {
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

function composite59InsidexE2Inside(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  let n = 0;
  let q = 0;
  while (p < end) {
    const tagAt = p;
    q = readBerTag(v, b, p, end, 2);
    if (q < 0) return q;
    const tag = tlv.tag;
    if (count === 3) return v.failAt(26, tag, tagAt, 3, 4);
    count++;
    const lengthAt = q;
    p = readBerLength(v, b, q, end, 1);
    if (p < 0) return p;
    n = tlv.length;
    switch (tag) {
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

const composite59InsidexE2Bytes = Buffer.alloc(60);

function composite59InsidexE2(v: View, b: Buffer, at: number, end: number): number {
  if (!bytesOfHex(b, at, end, composite59InsidexE2Bytes))
    return v.failHere(16, at, end - at, end - at);
  const t = composite59InsidexE2Inside(v, composite59InsidexE2Bytes, 0, (end - at) >> 1);
  if (t !== 0) v.errorAt = at + 2 * v.errorAt;
  return t;
}

const composite59InsideSeen = new Int32Array(6);

function composite59Inside(v: View, b: Buffer, at: number, end: number): number {
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
    if (count === 6) return v.failAt(26, tag, tagAt, 6, 7);
    if (seenBefore(composite59InsideSeen, count, tag)) return v.failAt(25, tag, tagAt, -1, -1);
    count++;
    const lengthAt = q;
    p = readBerLength(v, b, q, end, 2);
    if (p < 0) return p;
    n = tlv.length;
    switch (tag) {
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
    case 130: {
    if (n > 2) return v.failAt(13, tag, lengthAt, 2, n);
    if (n < 2) return v.failAt(18, tag, p, 2, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
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
    case 14647553: {
    if (n > 300) return v.failAt(13, tag, lengthAt, 300, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), tag, p, n, n);
    break;
    }
    case 225: {
    if (n > 200) return v.failAt(13, tag, lengthAt, 200, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const t = composite59InsidexE1(v, b, p, q);
    if (t !== 0) return v.within(tag, t);
    break;
    }
    case 138: {
    if (n > 3) return v.failAt(13, tag, lengthAt, 3, n);
    if (n < 3) return v.failAt(18, tag, p, 3, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const f = signedFault(b, p, q, bcdDigits(b, p + 1, q, 3, 1), 1);
    if (f !== 0) return v.failAt(f, tag, p, n, n);
    break;
    }
    case 40782: {
    if (n > 20) return v.failAt(13, tag, lengthAt, 20, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const f = utf8Fault(b, p, q, cls, 1, 0, 5);
    if (f !== 0) return v.failAt(f, tag, p, n, n);
    break;
    }
    case 226: {
    if (n > 120) return v.failAt(13, tag, lengthAt, 120, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((n & 1) !== 0) return v.failAt(18, tag, p, n, n);
    const t = composite59InsidexE2(v, b, p, q);
    if (t !== 0) return v.within(tag, t);
    break;
    }
    case 40720: {
    if (n > 16) return v.failAt(13, tag, lengthAt, 16, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((n & 1) !== 0) return v.failAt(18, tag, p, n, n);
    if ((classAnd(b, p, q) & 64) === 0)
      return v.failAt(16, tag, p, n, n);
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

const composite59Bytes = Buffer.alloc(400);

function composite59(v: View, b: Buffer, at: number, end: number): number {
  if (!bytesOfHex(b, at, end, composite59Bytes))
    return v.failHere(16, at, end - at, end - at);
  const t = composite59Inside(v, composite59Bytes, 0, (end - at) >> 1);
  if (t !== 0) v.errorAt = at + 2 * v.errorAt;
  return t;
}

function composite61Insidex01xE1(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  let n = 0;
  let q = 0;
  while (p < end) {
    const tagAt = p;
    q = readBerTag(v, b, p, end, 2);
    if (q < 0) return q;
    const tag = tlv.tag;
    if (count === 3) return v.failAt(26, tag, tagAt, 3, 4);
    count++;
    const lengthAt = q;
    p = readBerLength(v, b, q, end, 1);
    if (p < 0) return p;
    n = tlv.length;
    switch (tag) {
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

const composite61Insidex01Seen = new Int32Array(6);

function composite61Insidex01(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  let n = 0;
  let q = 0;
  while (p < end) {
    if (b[p] === 0) {
      return 0;
    }
    const tagAt = p;
    q = readBerTag(v, b, p, end, 3);
    if (q < 0) return q;
    const tag = tlv.tag;
    if (count === 6) return v.failAt(26, tag, tagAt, 6, 7);
    if (seenBefore(composite61Insidex01Seen, count, tag)) return v.failAt(25, tag, tagAt, -1, -1);
    count++;
    switch (tag) {
    case 87:
    case 130:
    case 40706:
    case 154:
    case 14647553:
    case 225:
    case 138:
    case 40782:
      break;
    default:
      return v.failAt(10, tag, tagAt, -1, -1);
    }
    const lengthAt = q;
    p = readBerLength(v, b, q, end, 2);
    if (p < 0) return p;
    n = tlv.length;
    switch (tag) {
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
    case 130: {
    if (n > 2) return v.failAt(13, tag, lengthAt, 2, n);
    if (n < 2) return v.failAt(18, tag, p, 2, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
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
    case 14647553: {
    if (n > 300) return v.failAt(13, tag, lengthAt, 300, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), tag, p, n, n);
    break;
    }
    case 225: {
    if (n > 200) return v.failAt(13, tag, lengthAt, 200, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const t = composite61Insidex01xE1(v, b, p, q);
    if (t !== 0) return v.within(tag, t);
    break;
    }
    case 138: {
    if (n > 3) return v.failAt(13, tag, lengthAt, 3, n);
    if (n < 3) return v.failAt(18, tag, p, 3, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const f = signedFault(b, p, q, bcdDigits(b, p + 1, q, 3, 1), 1);
    if (f !== 0) return v.failAt(f, tag, p, n, n);
    break;
    }
    case 40782: {
    if (n > 20) return v.failAt(13, tag, lengthAt, 20, n);
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    q = p + n;
    const f = utf8Fault(b, p, q, cls, 1, 0, 5);
    if (f !== 0) return v.failAt(f, tag, p, n, n);
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

function composite61Inside(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  while (p < end) {
    const tagAt = p;
    const tag = b[p]!;
    if (count === 3) return v.failAt(26, tag, tagAt, 3, 4);
    count++;
    p++;
    if (end - p < 2) return v.failAt(21, tag, p, 2, end - p);
    const n = (b[p]! << 8) | b[p + 1]!;
    p += 2;
    if (end - p < n) return v.failAt(24, tag, p, n, end - p);
    const q = p + n;
    let t = 0;
    switch (tag) {
    case 1:
      t = composite61Insidex01(v, b, p, q);
      break;
    }
    if (t !== 0) return v.within(tag, t);
    p = q;
  }
  return 0;
}

const composite61Bytes = Buffer.alloc(300);

function composite61(v: View, b: Buffer, at: number, end: number): number {
  if (!bytesOfHex(b, at, end, composite61Bytes))
    return v.failHere(16, at, end - at, end - at);
  const t = composite61Inside(v, composite61Bytes, 0, (end - at) >> 1);
  if (t !== 0) v.errorAt = at + 2 * v.errorAt;
  return t;
}

function composite62Insidex9Inside(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  let n = 0;
  let q = 0;
  while (p < end) {
    const tagAt = p;
    q = readBerTag(v, b, p, end, 2);
    if (q < 0) return q;
    const tag = tlv.tag;
    if (count === 3) return v.failAt(26, tag, tagAt, 3, 4);
    count++;
    const lengthAt = q;
    p = readBerLength(v, b, q, end, 1);
    if (p < 0) return p;
    n = tlv.length;
    switch (tag) {
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

const composite62Insidex9Bytes = Buffer.alloc(20);

function composite62Insidex9(v: View, b: Buffer, at: number, end: number): number {
  if (!bytesOfHex(b, at, end, composite62Insidex9Bytes))
    return v.failHere(16, at, end - at, end - at);
  const t = composite62Insidex9Inside(v, composite62Insidex9Bytes, 0, (end - at) >> 1);
  if (t !== 0) v.errorAt = at + 2 * v.errorAt;
  return t;
}

const composite62InsideBits = new Int32Array(6);
const composite62InsideBitmap: PartBitmap = {
  hex: null,
  bits: 16,
  continues: "bit1",
};

function composite62Inside(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let n = 0;
  let q = 0;
  if (p === end) return 0;
    if (end - p < 1) return v.failHere(28, p, 1, end - p);
    p += 1;
    p = readPartBitmap(v, b, p, end, composite62InsideBitmap, composite62InsideBits);
    if (p < 0) return p;
  if ((composite62InsideBits[0]! & -0x80000000) !== 0) return v.failAt(10, firstBit(composite62InsideBits[0]! & -0x80000000, 0), p, -1, -1);
  if ((composite62InsideBits[0]! & 0x40000000) !== 0) {
    if (end - p < 2) return v.failAt(14, 2, p, 2, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & 2) === 0) return v.failAt(contentFault(b, p, p + 2), 2, p, 2, 2);
    p += 2;
  }
  if ((composite62InsideBits[0]! & 0x3f000000) !== 0) return v.failAt(10, firstBit(composite62InsideBits[0]! & 0x3f000000, 0), p, -1, -1);
  if ((composite62InsideBits[0]! & 0x800000) !== 0) {
    if (end - p < 2) return v.failAt(11, 9, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 9, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 20) return v.failAt(13, 9, p, 20, n);
    p += 2;
    n = 2 * n;
    if (end - p < n) return v.failAt(14, 9, p, n, end - p);
    q = p + n;
    const t = composite62Insidex9(v, b, p, q);
    if (t !== 0) return v.within(9, t);
    p = q;
  }
  if ((composite62InsideBits[0]! & 0x7f0000) !== 0) return v.failAt(10, firstBit(composite62InsideBits[0]! & 0x7f0000, 0), p, -1, -1);
  if (p < end) return v.failHere(28, p, 0, end - p);
  return 0;
}

const composite62Bytes = Buffer.alloc(99);

function composite62(v: View, b: Buffer, at: number, end: number): number {
  if (!bytesOfHex(b, at, end, composite62Bytes))
    return v.failHere(16, at, end - at, end - at);
  const t = composite62Inside(v, composite62Bytes, 0, (end - at) >> 1);
  if (t !== 0) v.errorAt = at + 2 * v.errorAt;
  return t;
}

function composite63Inside(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let n = 0;
  let q = 0;
    if (p === end) return 0;
  {
    if (end - p < 3) return v.failAt(14, 1, p, 3, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 1) === 0) return v.failAt(contentFault(b, p, p + 3), 1, p, 3, 3);
    p += 3;
  }
    if (p === end) return 0;
  {
    if (end - p < 1) return v.failAt(11, 2, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 2, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 19) return v.failAt(13, 2, p, 19, n);
    p += 1;
    const c = n;
    n = (n + 1) >> 1;
    if (end - p < n) return v.failAt(14, 2, p, n, end - p);
    q = p + n;
    if (bcdFault(b, p, q, c, 3, false) !== 0) return v.failAt(15, 2, p, n, n);
    p = q;
  }
  if (p < end) return v.failHere(28, p, 0, end - p);
  return 0;
}

const composite63Bytes = Buffer.alloc(60);

function composite63(v: View, b: Buffer, at: number, end: number): number {
  if (!bytesOfHex(b, at, end, composite63Bytes))
    return v.failHere(16, at, end - at, end - at);
  const t = composite63Inside(v, composite63Bytes, 0, (end - at) >> 1);
  if (t !== 0) v.errorAt = at + 2 * v.errorAt;
  return t;
}

function composite41m0(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  let n = 0;
  let q = 0;
  while (p < end) {
    const tagAt = p;
    q = readBerTag(v, b, p, end, 2);
    if (q < 0) return q;
    const tag = tlv.tag;
    if (count === 3) return v.failAt(26, tag, tagAt, 3, 4);
    count++;
    const lengthAt = q;
    p = readBerLength(v, b, q, end, 1);
    if (p < 0) return p;
    n = tlv.length;
    switch (tag) {
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

function scanElement3v0(v: View, b: Buffer, at: number, end: number): number {
  const s = v.slots;
  let p = at;
  let n = 0;
  let q = 0;
    if (end - p < 2) return v.fail(11, 3, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 3, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 19) return v.fail(13, 3, p, 19, n);
    p += 2;
    if (end - p < n) return v.fail(14, 3, p, n, end - p);
    q = p + n;
    if ((classAndIn(clsLatin1, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, clsLatin1), 3, p, n, n);
    s[6] = p;
    s[7] = n;
    p = q;
  return p;
}

function scanWord0(v: View, b: Buffer, at: number, end: number, w: number): number {
  const s = v.slots;
  let p = at;
  let n = 0;
  let q = 0;
  if ((w & 0x40000000) !== 0) {
    if (end - p < 1) return v.fail(11, 2, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 2, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 19) return v.fail(13, 2, p, 19, n);
    p += 1;
    const c = n;
    n = (n + 1) >> 1;
    if (end - p < n) return v.fail(14, 2, p, n, end - p);
    q = p + n;
    if (bcdFault(b, p, q, c, 3, false) !== 0) return v.fail(15, 2, p, n, n);
    s[4] = p;
    s[5] = n;
    p = q;
  }
  if ((w & 0x20000000) !== 0) {
    if (v.mti === 0x200 || v.mti === 0x210) {
    p = scanElement3v0(v, b, p, end);
    if (p < 0) return p;
    } else
    {
    if (end - p < 2) return v.fail(14, 3, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 3, 0, false) !== 0) return v.fail(15, 3, p, 2, 2);
    s[6] = p;
    s[7] = 2;
    p += 2;
    }
  }
  if ((w & 0x10000000) !== 0) {
    if (end - p < 2) return v.fail(14, 4, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 3, 1, false) !== 0) return v.fail(15, 4, p, 2, 2);
    s[8] = p;
    s[9] = 2;
    p += 2;
  }
  if ((w & 0x8000000) !== 0) {
    if (end - p < 2) return v.fail(14, 5, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 3, 2, false) !== 0) return v.fail(15, 5, p, 2, 2);
    s[10] = p;
    s[11] = 2;
    p += 2;
  }
  if ((w & 0x4000000) !== 0) {
    if (end - p < 2) return v.fail(14, 6, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 3, 3, false) !== 0) return v.fail(15, 6, p, 2, 2);
    s[12] = p;
    s[13] = 2;
    p += 2;
  }
  if ((w & 0x2000000) !== 0) {
    if (end - p < 1) return v.fail(11, 7, p, 1, end - p);
    n = b[p]!;
    if (n > 10) return v.fail(13, 7, p, 10, n);
    p += 1;
    if (end - p < n) return v.fail(14, 7, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 19, 3);
    if (bcdFault(b, p, q, d, 3, true) !== 0) return v.fail(15, 7, p, n, n);
    if (d < 0 || d > 19) return v.fail(18, 7, p, n, n);
    s[14] = p;
    s[15] = n;
    p = q;
  }
  if ((w & 0x1000000) !== 0) {
    if (end - p < 2) return v.fail(11, 8, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 8, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 10) return v.fail(13, 8, p, 10, n);
    p += 2;
    if (end - p < n) return v.fail(14, 8, p, n, end - p);
    q = p + n;
    const d = bcdDigits(b, p, q, 19, 0);
    if (bcdFault(b, p, q, d, 0, false) !== 0) return v.fail(15, 8, p, n, n);
    if (d < 0 || d > 19) return v.fail(18, 8, p, n, n);
    s[16] = p;
    s[17] = n;
    p = q;
  }
  if ((w & 0x800000) !== 0) {
    if (end - p < 5) return v.fail(14, 9, p, 5, end - p);
    const f = signedFault(b, p, p + 5, 8, 0);
    if (f !== 0) return v.fail(f, 9, p, 5, 5);
    s[18] = p;
    s[19] = 5;
    p += 5;
  }
  if ((w & 0x400000) !== 0) {
    if (end - p < 5) return v.fail(14, 10, p, 5, end - p);
    if (b[p] !== 195 && b[p] !== 196) return v.fail(contentFault(b, p, p + 5, cls037), 10, p, 5, 5);
    if ((cls037[b[(p + 1) | 0]!]! & cls037[b[(p + 2) | 0]!]! & cls037[b[(p + 3) | 0]!]! & cls037[b[(p + 4) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 5, cls037), 10, p, 5, 5);
    s[20] = p;
    s[21] = 5;
    p += 5;
  }
  if ((w & 0x200000) !== 0) {
    if (end - p < 2) return v.fail(11, 11, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 11, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 19) return v.fail(13, 11, p, 19, n);
    p += 2;
    if (n < 2) return v.fail(18, 11, p, 2, n);
    const c = n;
    n = n === 0 ? 0 : 1 + (n >> 1);
    if (end - p < n) return v.fail(14, 11, p, n, end - p);
    q = p + n;
    const f = signedFault(b, p, q, c - 1, 1);
    if (f !== 0) return v.fail(f, 11, p, n, n);
    s[22] = p;
    s[23] = n;
    p = q;
  }
  if ((w & 0x100000) !== 0) {
    if (end - p < 1) return v.fail(11, 12, p, 1, end - p);
    const d0 = b[p]! - 48;
    if (d0 >>> 0 > 9)
      return v.fail(12, 12, p, 1, 1);
    n = d0;
    p += 1;
    if (end - p < n) return v.fail(14, 12, p, n, end - p);
    q = p + n;
    if ((classAndIn(clsLatin1, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, clsLatin1), 12, p, n, n);
    s[24] = p;
    s[25] = n;
    p = q;
  }
  if ((w & 0x80000) !== 0) {
    if (end - p < 2) return v.fail(11, 13, p, 2, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 13, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 19) return v.fail(13, 13, p, 19, n);
    p += 2;
    if (end - p < n) return v.fail(14, 13, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls037, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls037), 13, p, n, n);
    s[26] = p;
    s[27] = n;
    p = q;
  }
  if ((w & 0x40000) !== 0) {
    if (end - p < 2) return v.fail(11, 14, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 14, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 1200) return v.fail(13, 14, p, 1200, n);
    p += 2;
    if (end - p < n) return v.fail(14, 14, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls500, b, p, q) & 8) === 0)
      return v.fail(contentFault(b, p, q, cls500), 14, p, n, n);
    s[28] = p;
    s[29] = n;
    p = q;
  }
  if ((w & 0x20000) !== 0) {
    if (end - p < 4) return v.fail(14, 15, p, 4, end - p);
    if ((cls1047[b[p]!]! & cls1047[b[(p + 1) | 0]!]! & cls1047[b[(p + 2) | 0]!]! & cls1047[b[(p + 3) | 0]!]! & 1) === 0) return v.fail(contentFault(b, p, p + 4, cls1047), 15, p, 4, 4);
    s[30] = p;
    s[31] = 4;
    p += 4;
  }
  if ((w & 0x10000) !== 0) {
    if (end - p < 3) return v.fail(11, 16, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 16, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 30) return v.fail(13, 16, p, 30, n);
    p += 3;
    const c = n;
    q = utf8End(b, p, end, c);
    if (q < 0) return q > -1_000_000 ? v.fail(14, 16, p, c, -1 - q) : v.fail(17, 16, p, c, -1_000_000 - q);
    n = q - p;
    const f = utf8Fault(b, p, q, cls, 1, 0, 30);
    if (f !== 0) return v.fail(f, 16, p, n, n);
    s[32] = p;
    s[33] = n;
    p = q;
  }
  if ((w & 0x8000) !== 0) {
    if (end - p < 2) return v.fail(11, 17, p, 2, end - p);
    n = b[p]! * 256 + b[(p + 1) | 0]!;
    if (n > 120) return v.fail(13, 17, p, 120, n);
    p += 2;
    if (end - p < n) return v.fail(14, 17, p, n, end - p);
    q = p + n;
    const f = utf8Fault(b, p, q, cls, 1, 0, 30);
    if (f !== 0) return v.fail(f, 17, p, n, n);
    s[34] = p;
    s[35] = n;
    p = q;
  }
  if ((w & 0x4000) !== 0) {
    q = utf8End(b, p, end, 3);
    if (q < 0) return q > -1_000_000 ? v.fail(14, 18, p, 3, -1 - q) : v.fail(17, 18, p, 3, -1_000_000 - q);
    n = q - p;
    const f = utf8Fault(b, p, q, cls, 1, 3, 3);
    if (f !== 0) return v.fail(f, 18, p, n, n);
    s[36] = p;
    s[37] = n;
    p = q;
  }
  if ((w & 0x2000) !== 0) {
    if (end - p < 8) return v.fail(14, 19, p, 8, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & cls[b[(p + 4) | 0]!]! & cls[b[(p + 5) | 0]!]! & cls[b[(p + 6) | 0]!]! & cls[b[(p + 7) | 0]!]! & 64) === 0) return v.fail(16, 19, p, 8, 8);
    s[38] = p;
    s[39] = 8;
    p += 8;
  }
  if ((w & 0x1000) !== 0) {
    if (end - p < 2) return v.fail(11, 20, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 20, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 19) return v.fail(13, 20, p, 19, n);
    p += 2;
    n = 2 * n;
    if (end - p < n) return v.fail(14, 20, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 64) === 0)
      return v.fail(16, 20, p, n, n);
    s[40] = p;
    s[41] = n;
    p = q;
  }
  if ((w & 0x800) !== 0) {
    if (end - p < 2) return v.fail(11, 21, p, 2, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 21, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 38) return v.fail(13, 21, p, 38, n);
    p += 2;
    if (end - p < n) return v.fail(14, 21, p, n, end - p);
    q = p + n;
    if ((n & 1) !== 0) return v.fail(18, 21, p, n, n);
    if ((classAnd(b, p, q) & 64) === 0)
      return v.fail(16, 21, p, n, n);
    s[42] = p;
    s[43] = n;
    p = q;
  }
  if ((w & 0x400) !== 0) {
    if (end - p < 2) return v.fail(11, 22, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 22, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 38) return v.fail(13, 22, p, 38, n);
    p += 2;
    if (end - p < n) return v.fail(14, 22, p, n, end - p);
    q = p + n;
    if ((n & 1) !== 0) return v.fail(18, 22, p, n, n);
    if ((classAnd(b, p, q) & 64) === 0)
      return v.fail(16, 22, p, n, n);
    s[44] = p;
    s[45] = n;
    p = q;
  }
  if ((w & 0x200) !== 0) {
    if (end - p < 2) return v.fail(11, 23, p, 2, end - p);
    n = b[p]! * 256 + b[(p + 1) | 0]!;
    if (n > 300) return v.fail(13, 23, p, 300, n);
    p += 2;
    if (end - p < n) return v.fail(14, 23, p, n, end - p);
    q = p + n;
    s[46] = p;
    s[47] = n;
    p = q;
  }
  if ((w & 0x100) !== 0) {
    if (end - p < 6) return v.fail(11, 24, p, 6, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    const d3 = b[(p + 3) | 0]! - 48;
    const d4 = b[(p + 4) | 0]! - 48;
    const d5 = b[(p + 5) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9 || d4 >>> 0 > 9 || d5 >>> 0 > 9)
      return v.fail(12, 24, p, 6, 6);
    n = d0 * 100000 + d1 * 10000 + d2 * 1000 + d3 * 100 + d4 * 10 + d5;
    if (n > 999) return v.fail(13, 24, p, 999, n);
    p += 6;
    if (end - p < n) return v.fail(14, 24, p, n, end - p);
    q = p + n;
    s[48] = p;
    s[49] = n;
    p = q;
  }
  if ((w & 0x80) !== 0) {
    if (end - p < 5) return v.fail(14, 25, p, 5, end - p);
    if (bcdFault(b, p, p + 5, 10, 0, false) !== 0) return v.fail(15, 25, p, 5, 5);
    if (!isBcdDate(4, b, p, p + 5)) return v.fail(18, 25, p, 5, 5);
    s[50] = p;
    s[51] = 5;
    p += 5;
  }
  if ((w & 0x40) !== 0) {
    if (end - p < 8) return v.fail(14, 26, p, 8, end - p);
    if ((cls500[b[p]!]! & cls500[b[(p + 1) | 0]!]! & cls500[b[(p + 2) | 0]!]! & cls500[b[(p + 3) | 0]!]! & cls500[b[(p + 4) | 0]!]! & cls500[b[(p + 5) | 0]!]! & cls500[b[(p + 6) | 0]!]! & cls500[b[(p + 7) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 8, cls500), 26, p, 8, 8);
    if (!(isLongDate(b, p))) return v.fail(contentFault(b, p, p + 8, cls500), 26, p, 8, 8);
    s[52] = p;
    s[53] = 8;
    p += 8;
  }
  if ((w & 0x20) !== 0) {
    if (end - p < 12) return v.fail(14, 27, p, 12, end - p);
    if (!allDigits(v.words, b, p, p + 12)) return failContent(v, b, 27, p, 12);
    if (!(isYearMonthDay(b, p) && isTime(b, p + 6))) return failContent(v, b, 27, p, 12);
    s[54] = p;
    s[55] = 12;
    p += 12;
  }
  if ((w & 0x10) !== 0) {
    if (end - p < 6) return v.fail(14, 28, p, 6, end - p);
    if ((clsLatin1[b[p]!]! & clsLatin1[b[(p + 1) | 0]!]! & clsLatin1[b[(p + 2) | 0]!]! & clsLatin1[b[(p + 3) | 0]!]! & clsLatin1[b[(p + 4) | 0]!]! & clsLatin1[b[(p + 5) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 6, clsLatin1), 28, p, 6, 6);
    if (!(isTime(b, p))) return v.fail(contentFault(b, p, p + 6, clsLatin1), 28, p, 6, 6);
    s[56] = p;
    s[57] = 6;
    p += 6;
  }
  if ((w & 0x8) !== 0) {
    if (end - p < 5) return v.fail(11, 29, p, 5, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    const d3 = b[(p + 3) | 0]! - 48;
    const d4 = b[(p + 4) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9 || d4 >>> 0 > 9)
      return v.fail(12, 29, p, 5, 5);
    n = d0 * 10000 + d1 * 1000 + d2 * 100 + d3 * 10 + d4;
    if (n > 40) return v.fail(13, 29, p, 40, n);
    p += 5;
    if (end - p < n) return v.fail(14, 29, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 16) === 0)
      return failContent(v, b, 29, p, n);
    s[58] = p;
    s[59] = n;
    p = q;
  }
  if ((w & 0x4) !== 0) {
    if (end - p < 7) return v.fail(14, 30, p, 7, end - p);
    if (bcdFault(b, p, p + 7, 14, 0, false) !== 0) return v.fail(15, 30, p, 7, 7);
    if (!isBcdDate(2, b, p, p + 7)) return v.fail(18, 30, p, 7, 7);
    s[60] = p;
    s[61] = 7;
    p += 7;
  }
  if ((w & 0x2) !== 0) {
    if (end - p < 1) return v.fail(11, 31, p, 1, end - p);
    n = b[p]!;
    if (n > 19) return v.fail(13, 31, p, 19, n);
    p += 1;
    if (end - p < n) return v.fail(14, 31, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls037, b, p, q) & 4) === 0)
      return v.fail(contentFault(b, p, q, cls037), 31, p, n, n);
    s[62] = p;
    s[63] = n;
    p = q;
  }
  if ((w & 0x1) !== 0) {
    if (end - p < 3) return v.fail(14, 32, p, 3, end - p);
    if (bcdFault(b, p, p + 3, 5, 0, true) !== 0) return v.fail(15, 32, p, 3, 3);
    s[64] = p;
    s[65] = 3;
    p += 3;
  }
  return p;
}

function scanElement41v0(v: View, b: Buffer, at: number, end: number): number {
  const s = v.slots;
  let p = at;
  let n = 0;
  let q = 0;
    if (end - p < 2) return v.fail(11, 41, p, 2, end - p);
    n = b[p]! * 256 + b[(p + 1) | 0]!;
    if (n > 99) return v.fail(13, 41, p, 99, n);
    p += 2;
    if (end - p < n) return v.fail(14, 41, p, n, end - p);
    q = p + n;
    const t = composite41m0(v, b, p, q);
    if (t !== 0) return v.failComposite(41, t);
    s[82] = p;
    s[83] = n;
    p = q;
  return p;
}

function scanElement60v0(v: View, b: Buffer, at: number, end: number): number {
  const s = v.slots;
  let p = at;
    if (end - p < 2) return v.fail(14, 60, p, 2, end - p);
    if ((cls500[b[p]!]! & cls500[b[(p + 1) | 0]!]! & 2) === 0) return v.fail(contentFault(b, p, p + 2, cls500), 60, p, 2, 2);
    s[120] = p;
    s[121] = 2;
    p += 2;
  return p;
}

function scanWord1(v: View, b: Buffer, at: number, end: number, w: number): number {
  const s = v.slots;
  let p = at;
  let n = 0;
  let q = 0;
  if ((w & -0x80000000) !== 0) return v.fail(10, 33, p, -1, -1);
  if ((w & 0x40000000) !== 0) return v.fail(10, 34, p, -1, -1);
  if ((w & 0x20000000) !== 0) return v.fail(10, 35, p, -1, -1);
  if ((w & 0x10000000) !== 0) return v.fail(10, 36, p, -1, -1);
  if ((w & 0x8000000) !== 0) return v.fail(10, 37, p, -1, -1);
  if ((w & 0x4000000) !== 0) return v.fail(10, 38, p, -1, -1);
  if ((w & 0x2000000) !== 0) return v.fail(10, 39, p, -1, -1);
  if ((w & 0x1000000) !== 0) {
    if (end - p < 3) return v.fail(11, 40, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 40, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 12) return v.fail(13, 40, p, 12, n);
    p += 3;
    if (end - p < n) return v.fail(14, 40, p, n, end - p);
    q = p + n;
    if ((classAndIn(cls037, b, p, q) & 1) === 0)
      return v.fail(contentFault(b, p, q, cls037), 40, p, n, n);
    const t = composite40(v, b, p, q);
    if (t !== 0) return v.failComposite(40, t);
    s[80] = p;
    s[81] = n;
    p = q;
  }
  if ((w & 0x800000) !== 0) {
    if (v.mti === 0x200 || v.mti === 0x210) {
    p = scanElement41v0(v, b, p, end);
    if (p < 0) return p;
    } else
    {
    if (end - p < 3) return v.fail(11, 41, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 41, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 60) return v.fail(13, 41, p, 60, n);
    p += 3;
    if (end - p < n) return v.fail(14, 41, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 8) === 0)
      return failContent(v, b, 41, p, n);
    const t = composite41(v, b, p, q);
    if (t !== 0) return v.failComposite(41, t);
    s[82] = p;
    s[83] = n;
    p = q;
    }
  }
  if ((w & 0x400000) !== 0) {
    if (end - p < 3) return v.fail(14, 42, p, 3, end - p);
    if (bcdFault(b, p, p + 3, 5, 0, false) !== 0) return v.fail(15, 42, p, 3, 3);
    s[84] = p;
    s[85] = 3;
    p += 3;
  }
  if ((w & 0x200000) !== 0) {
    if (end - p < 3) return v.fail(11, 43, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 43, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 9) return v.fail(13, 43, p, 9, n);
    p += 3;
    if (end - p < n) return v.fail(14, 43, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 43, p, n);
    const t = composite43(v, b, p, q);
    if (t !== 0) return v.failComposite(43, t);
    s[86] = p;
    s[87] = n;
    p = q;
  }
  if ((w & 0x100000) !== 0) {
    if (end - p < 3) return v.fail(11, 44, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 44, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 200) return v.fail(13, 44, p, 200, n);
    p += 3;
    if (end - p < n) return v.fail(14, 44, p, n, end - p);
    q = p + n;
    const t = composite44(v, b, p, q);
    if (t !== 0) return v.failComposite(44, t);
    s[88] = p;
    s[89] = n;
    p = q;
  }
  if ((w & 0x80000) !== 0) {
    if (end - p < 3) return v.fail(11, 45, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 45, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 200) return v.fail(13, 45, p, 200, n);
    p += 3;
    if (end - p < n) return v.fail(14, 45, p, n, end - p);
    q = p + n;
    const t = composite45(v, b, p, q);
    if (t !== 0) return v.failComposite(45, t);
    s[90] = p;
    s[91] = n;
    p = q;
  }
  if ((w & 0x40000) !== 0) {
    if (end - p < 3) return v.fail(11, 46, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 46, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 400) return v.fail(13, 46, p, 400, n);
    p += 3;
    if (end - p < n) return v.fail(14, 46, p, n, end - p);
    q = p + n;
    const t = composite46(v, b, p, q);
    if (t !== 0) return v.failComposite(46, t);
    s[92] = p;
    s[93] = n;
    p = q;
  }
  if ((w & 0x20000) !== 0) {
    if (end - p < 3) return v.fail(11, 47, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 47, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 200) return v.fail(13, 47, p, 200, n);
    p += 3;
    if (end - p < n) return v.fail(14, 47, p, n, end - p);
    q = p + n;
    const t = composite47(v, b, p, q);
    if (t !== 0) return v.failComposite(47, t);
    s[94] = p;
    s[95] = n;
    p = q;
  }
  if ((w & 0x10000) !== 0) {
    if (end - p < 2) return v.fail(11, 48, p, 2, end - p);
    n = b[p]! * 256 + b[(p + 1) | 0]!;
    if (n > 300) return v.fail(13, 48, p, 300, n);
    p += 2;
    if (end - p < n) return v.fail(14, 48, p, n, end - p);
    q = p + n;
    const t = composite48(v, b, p, q);
    if (t !== 0) return v.failComposite(48, t);
    s[96] = p;
    s[97] = n;
    p = q;
  }
  if ((w & 0x8000) !== 0) {
    if (end - p < 2) return v.fail(11, 49, p, 2, end - p);
    n = b[p]! * 256 + b[(p + 1) | 0]!;
    if (n > 300) return v.fail(13, 49, p, 300, n);
    p += 2;
    if (end - p < n) return v.fail(14, 49, p, n, end - p);
    q = p + n;
    const t = composite49(v, b, p, q);
    if (t !== 0) return v.failComposite(49, t);
    s[98] = p;
    s[99] = n;
    p = q;
  }
  if ((w & 0x4000) !== 0) {
    if (end - p < 2) return v.fail(11, 50, p, 2, end - p);
    n = b[p]! * 256 + b[(p + 1) | 0]!;
    if (n > 400) return v.fail(13, 50, p, 400, n);
    p += 2;
    if (end - p < n) return v.fail(14, 50, p, n, end - p);
    q = p + n;
    const t = composite50(v, b, p, q);
    if (t !== 0) return v.failComposite(50, t);
    s[100] = p;
    s[101] = n;
    p = q;
  }
  if ((w & 0x2000) !== 0) {
    if (end - p < 2) return v.fail(11, 51, p, 2, end - p);
    n = b[p]! * 256 + b[(p + 1) | 0]!;
    if (n > 400) return v.fail(13, 51, p, 400, n);
    p += 2;
    if (end - p < n) return v.fail(14, 51, p, n, end - p);
    q = p + n;
    const t = composite51(v, b, p, q);
    if (t !== 0) return v.failComposite(51, t);
    s[102] = p;
    s[103] = n;
    p = q;
  }
  if ((w & 0x1000) !== 0) {
    if (end - p < 2) return v.fail(11, 52, p, 2, end - p);
    n = b[p]! * 256 + b[(p + 1) | 0]!;
    if (n > 900) return v.fail(13, 52, p, 900, n);
    p += 2;
    if (end - p < n) return v.fail(14, 52, p, n, end - p);
    q = p + n;
    const t = composite52(v, b, p, q);
    if (t !== 0) return v.failComposite(52, t);
    s[104] = p;
    s[105] = n;
    p = q;
  }
  if ((w & 0x800) !== 0) {
    if (end - p < 3) return v.fail(11, 53, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 53, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 400) return v.fail(13, 53, p, 400, n);
    p += 3;
    if (end - p < n) return v.fail(14, 53, p, n, end - p);
    q = p + n;
    const t = composite53(v, b, p, q);
    if (t !== 0) return v.failComposite(53, t);
    s[106] = p;
    s[107] = n;
    p = q;
  }
  if ((w & 0x400) !== 0) {
    if (end - p < 3) return v.fail(11, 54, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 54, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 90) return v.fail(13, 54, p, 90, n);
    p += 3;
    if (end - p < n) return v.fail(14, 54, p, n, end - p);
    q = p + n;
    const t = composite54(v, b, p, q);
    if (t !== 0) return v.failComposite(54, t);
    s[108] = p;
    s[109] = n;
    p = q;
  }
  if ((w & 0x200) !== 0) {
    if (end - p < 2) return v.fail(11, 55, p, 2, end - p);
    n = b[p]! * 256 + b[(p + 1) | 0]!;
    if (n > 300) return v.fail(13, 55, p, 300, n);
    p += 2;
    if (end - p < n) return v.fail(14, 55, p, n, end - p);
    q = p + n;
    const t = composite55(v, b, p, q);
    if (t !== 0) return v.failComposite(55, t);
    s[110] = p;
    s[111] = n;
    p = q;
  }
  if ((w & 0x100) !== 0) {
    if (end - p < 2) return v.fail(11, 56, p, 2, end - p);
    n = b[p]! * 256 + b[(p + 1) | 0]!;
    if (n > 99) return v.fail(13, 56, p, 99, n);
    p += 2;
    if (end - p < n) return v.fail(14, 56, p, n, end - p);
    q = p + n;
    const t = composite56(v, b, p, q);
    if (t !== 0) return v.failComposite(56, t);
    s[112] = p;
    s[113] = n;
    p = q;
  }
  if ((w & 0x80) !== 0) {
    if (end - p < 3) return v.fail(11, 57, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 57, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 99) return v.fail(13, 57, p, 99, n);
    p += 3;
    if (end - p < n) return v.fail(14, 57, p, n, end - p);
    q = p + n;
    const t = composite57(v, b, p, q);
    if (t !== 0) return v.failComposite(57, t);
    s[114] = p;
    s[115] = n;
    p = q;
  }
  if ((w & 0x40) !== 0) {
    if (end - p < 3) return v.fail(11, 58, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 58, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 99) return v.fail(13, 58, p, 99, n);
    p += 3;
    if (end - p < n) return v.fail(14, 58, p, n, end - p);
    q = p + n;
    const t = composite58(v, b, p, q);
    if (t !== 0) return v.failComposite(58, t);
    s[116] = p;
    s[117] = n;
    p = q;
  }
  if ((w & 0x20) !== 0) {
    if (end - p < 3) return v.fail(11, 59, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 59, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 800) return v.fail(13, 59, p, 800, n);
    p += 3;
    if (end - p < n) return v.fail(14, 59, p, n, end - p);
    q = p + n;
    if ((n & 1) !== 0) return v.fail(18, 59, p, n, n);
    const t = composite59(v, b, p, q);
    if (t !== 0) return v.failComposite(59, t);
    s[118] = p;
    s[119] = n;
    p = q;
  }
  if ((w & 0x10) !== 0) {
    if (v.mti === 0x200 || v.mti === 0x210) {
    p = scanElement60v0(v, b, p, end);
    if (p < 0) return p;
    } else
    {
    return v.fail(10, 60, p, -1, -1);
    }
  }
  if ((w & 0x8) !== 0) {
    if (end - p < 2) return v.fail(11, 61, p, 2, end - p);
    n = b[p]! * 256 + b[(p + 1) | 0]!;
    if (n > 300) return v.fail(13, 61, p, 300, n);
    p += 2;
    n = 2 * n;
    if (end - p < n) return v.fail(14, 61, p, n, end - p);
    q = p + n;
    const t = composite61(v, b, p, q);
    if (t !== 0) return v.failComposite(61, t);
    s[122] = p;
    s[123] = n;
    p = q;
  }
  if ((w & 0x4) !== 0) {
    if (end - p < 2) return v.fail(11, 62, p, 2, end - p);
    const d0 = b[p]! - 240;
    const d1 = b[(p + 1) | 0]! - 240;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 62, p, 2, 2);
    n = d0 * 10 + d1;
    p += 2;
    n = 2 * n;
    if (end - p < n) return v.fail(14, 62, p, n, end - p);
    q = p + n;
    const t = composite62(v, b, p, q);
    if (t !== 0) return v.failComposite(62, t);
    s[124] = p;
    s[125] = n;
    p = q;
  }
  if ((w & 0x2) !== 0) {
    if (end - p < 2) return v.fail(11, 63, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 63, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 60) return v.fail(13, 63, p, 60, n);
    p += 2;
    n = 2 * n;
    if (end - p < n) return v.fail(14, 63, p, n, end - p);
    q = p + n;
    const t = composite63(v, b, p, q);
    if (t !== 0) return v.failComposite(63, t);
    s[126] = p;
    s[127] = n;
    p = q;
  }
  if ((w & 0x1) !== 0) return v.fail(10, 64, p, -1, -1);
  return p;
}

function scanWord2(v: View, b: Buffer, at: number, end: number, w: number): number {
  const s = v.slots;
  let p = at;
  if ((w & 0x40000000) !== 0) {
    if (end - p < 2) return v.fail(14, 66, p, 2, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & 8) === 0) return failContent(v, b, 66, p, 2);
    s[132] = p;
    s[133] = 2;
    p += 2;
  }
  if ((w & 0x20000000) !== 0) return v.fail(10, 67, p, -1, -1);
  if ((w & 0x10000000) !== 0) return v.fail(10, 68, p, -1, -1);
  if ((w & 0x8000000) !== 0) return v.fail(10, 69, p, -1, -1);
  if ((w & 0x4000000) !== 0) return v.fail(10, 70, p, -1, -1);
  if ((w & 0x2000000) !== 0) return v.fail(10, 71, p, -1, -1);
  if ((w & 0x1000000) !== 0) return v.fail(10, 72, p, -1, -1);
  if ((w & 0x800000) !== 0) return v.fail(10, 73, p, -1, -1);
  if ((w & 0x400000) !== 0) return v.fail(10, 74, p, -1, -1);
  if ((w & 0x200000) !== 0) return v.fail(10, 75, p, -1, -1);
  if ((w & 0x100000) !== 0) return v.fail(10, 76, p, -1, -1);
  if ((w & 0x80000) !== 0) return v.fail(10, 77, p, -1, -1);
  if ((w & 0x40000) !== 0) return v.fail(10, 78, p, -1, -1);
  if ((w & 0x20000) !== 0) return v.fail(10, 79, p, -1, -1);
  if ((w & 0x10000) !== 0) return v.fail(10, 80, p, -1, -1);
  if ((w & 0x8000) !== 0) return v.fail(10, 81, p, -1, -1);
  if ((w & 0x4000) !== 0) return v.fail(10, 82, p, -1, -1);
  if ((w & 0x2000) !== 0) return v.fail(10, 83, p, -1, -1);
  if ((w & 0x1000) !== 0) return v.fail(10, 84, p, -1, -1);
  if ((w & 0x800) !== 0) return v.fail(10, 85, p, -1, -1);
  if ((w & 0x400) !== 0) return v.fail(10, 86, p, -1, -1);
  if ((w & 0x200) !== 0) return v.fail(10, 87, p, -1, -1);
  if ((w & 0x100) !== 0) return v.fail(10, 88, p, -1, -1);
  if ((w & 0x80) !== 0) return v.fail(10, 89, p, -1, -1);
  if ((w & 0x40) !== 0) return v.fail(10, 90, p, -1, -1);
  if ((w & 0x20) !== 0) return v.fail(10, 91, p, -1, -1);
  if ((w & 0x10) !== 0) return v.fail(10, 92, p, -1, -1);
  if ((w & 0x8) !== 0) return v.fail(10, 93, p, -1, -1);
  if ((w & 0x4) !== 0) return v.fail(10, 94, p, -1, -1);
  if ((w & 0x2) !== 0) return v.fail(10, 95, p, -1, -1);
  if ((w & 0x1) !== 0) return v.fail(10, 96, p, -1, -1);
  return p;
}

function scanWord3(v: View, _b: Buffer, at: number, end: number, w: number): number {
  const s = v.slots;
  let p = at;
  if ((w & -0x80000000) !== 0) return v.fail(10, 97, p, -1, -1);
  if ((w & 0x40000000) !== 0) return v.fail(10, 98, p, -1, -1);
  if ((w & 0x20000000) !== 0) return v.fail(10, 99, p, -1, -1);
  if ((w & 0x10000000) !== 0) return v.fail(10, 100, p, -1, -1);
  if ((w & 0x8000000) !== 0) return v.fail(10, 101, p, -1, -1);
  if ((w & 0x4000000) !== 0) return v.fail(10, 102, p, -1, -1);
  if ((w & 0x2000000) !== 0) return v.fail(10, 103, p, -1, -1);
  if ((w & 0x1000000) !== 0) return v.fail(10, 104, p, -1, -1);
  if ((w & 0x800000) !== 0) return v.fail(10, 105, p, -1, -1);
  if ((w & 0x400000) !== 0) return v.fail(10, 106, p, -1, -1);
  if ((w & 0x200000) !== 0) return v.fail(10, 107, p, -1, -1);
  if ((w & 0x100000) !== 0) return v.fail(10, 108, p, -1, -1);
  if ((w & 0x80000) !== 0) return v.fail(10, 109, p, -1, -1);
  if ((w & 0x40000) !== 0) return v.fail(10, 110, p, -1, -1);
  if ((w & 0x20000) !== 0) return v.fail(10, 111, p, -1, -1);
  if ((w & 0x10000) !== 0) return v.fail(10, 112, p, -1, -1);
  if ((w & 0x8000) !== 0) return v.fail(10, 113, p, -1, -1);
  if ((w & 0x4000) !== 0) return v.fail(10, 114, p, -1, -1);
  if ((w & 0x2000) !== 0) return v.fail(10, 115, p, -1, -1);
  if ((w & 0x1000) !== 0) return v.fail(10, 116, p, -1, -1);
  if ((w & 0x800) !== 0) return v.fail(10, 117, p, -1, -1);
  if ((w & 0x400) !== 0) return v.fail(10, 118, p, -1, -1);
  if ((w & 0x200) !== 0) return v.fail(10, 119, p, -1, -1);
  if ((w & 0x100) !== 0) return v.fail(10, 120, p, -1, -1);
  if ((w & 0x80) !== 0) return v.fail(10, 121, p, -1, -1);
  if ((w & 0x40) !== 0) return v.fail(10, 122, p, -1, -1);
  if ((w & 0x20) !== 0) return v.fail(10, 123, p, -1, -1);
  if ((w & 0x10) !== 0) return v.fail(10, 124, p, -1, -1);
  if ((w & 0x8) !== 0) return v.fail(10, 125, p, -1, -1);
  if ((w & 0x4) !== 0) return v.fail(10, 126, p, -1, -1);
  if ((w & 0x2) !== 0) return v.fail(10, 127, p, -1, -1);
  if ((w & 0x1) !== 0) {
    if (end - p < 1) return v.fail(14, 128, p, 1, end - p);
    s[256] = p;
    s[257] = 1;
    p += 1;
  }
  return p;
}

function scanWord4(v: View, b: Buffer, at: number, end: number, w: number): number {
  const s = v.slots;
  let p = at;
  let n = 0;
  let q = 0;
  if ((w & 0x40000000) !== 0) {
    if (end - p < 2) return v.fail(11, 130, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 130, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 19) return v.fail(13, 130, p, 19, n);
    p += 2;
    if (end - p < n) return v.fail(14, 130, p, n, end - p);
    q = p + n;
    if (!allDigits(v.words, b, p, q)) return failContent(v, b, 130, p, n);
    s[260] = p;
    s[261] = n;
    p = q;
  }
  if ((w & 0x20000000) !== 0) return v.fail(10, 131, p, -1, -1);
  if ((w & 0x10000000) !== 0) return v.fail(10, 132, p, -1, -1);
  if ((w & 0x8000000) !== 0) return v.fail(10, 133, p, -1, -1);
  if ((w & 0x4000000) !== 0) return v.fail(10, 134, p, -1, -1);
  if ((w & 0x2000000) !== 0) return v.fail(10, 135, p, -1, -1);
  if ((w & 0x1000000) !== 0) return v.fail(10, 136, p, -1, -1);
  if ((w & 0x800000) !== 0) return v.fail(10, 137, p, -1, -1);
  if ((w & 0x400000) !== 0) return v.fail(10, 138, p, -1, -1);
  if ((w & 0x200000) !== 0) return v.fail(10, 139, p, -1, -1);
  if ((w & 0x100000) !== 0) return v.fail(10, 140, p, -1, -1);
  if ((w & 0x80000) !== 0) return v.fail(10, 141, p, -1, -1);
  if ((w & 0x40000) !== 0) return v.fail(10, 142, p, -1, -1);
  if ((w & 0x20000) !== 0) return v.fail(10, 143, p, -1, -1);
  if ((w & 0x10000) !== 0) return v.fail(10, 144, p, -1, -1);
  if ((w & 0x8000) !== 0) return v.fail(10, 145, p, -1, -1);
  if ((w & 0x4000) !== 0) return v.fail(10, 146, p, -1, -1);
  if ((w & 0x2000) !== 0) return v.fail(10, 147, p, -1, -1);
  if ((w & 0x1000) !== 0) return v.fail(10, 148, p, -1, -1);
  if ((w & 0x800) !== 0) return v.fail(10, 149, p, -1, -1);
  if ((w & 0x400) !== 0) return v.fail(10, 150, p, -1, -1);
  if ((w & 0x200) !== 0) return v.fail(10, 151, p, -1, -1);
  if ((w & 0x100) !== 0) return v.fail(10, 152, p, -1, -1);
  if ((w & 0x80) !== 0) return v.fail(10, 153, p, -1, -1);
  if ((w & 0x40) !== 0) return v.fail(10, 154, p, -1, -1);
  if ((w & 0x20) !== 0) return v.fail(10, 155, p, -1, -1);
  if ((w & 0x10) !== 0) return v.fail(10, 156, p, -1, -1);
  if ((w & 0x8) !== 0) return v.fail(10, 157, p, -1, -1);
  if ((w & 0x4) !== 0) return v.fail(10, 158, p, -1, -1);
  if ((w & 0x2) !== 0) return v.fail(10, 159, p, -1, -1);
  if ((w & 0x1) !== 0) return v.fail(10, 160, p, -1, -1);
  return p;
}

function scanWord5(v: View, b: Buffer, at: number, end: number, w: number): number {
  const s = v.slots;
  let p = at;
  if ((w & -0x80000000) !== 0) return v.fail(10, 161, p, -1, -1);
  if ((w & 0x40000000) !== 0) return v.fail(10, 162, p, -1, -1);
  if ((w & 0x20000000) !== 0) return v.fail(10, 163, p, -1, -1);
  if ((w & 0x10000000) !== 0) return v.fail(10, 164, p, -1, -1);
  if ((w & 0x8000000) !== 0) return v.fail(10, 165, p, -1, -1);
  if ((w & 0x4000000) !== 0) return v.fail(10, 166, p, -1, -1);
  if ((w & 0x2000000) !== 0) return v.fail(10, 167, p, -1, -1);
  if ((w & 0x1000000) !== 0) return v.fail(10, 168, p, -1, -1);
  if ((w & 0x800000) !== 0) return v.fail(10, 169, p, -1, -1);
  if ((w & 0x400000) !== 0) return v.fail(10, 170, p, -1, -1);
  if ((w & 0x200000) !== 0) return v.fail(10, 171, p, -1, -1);
  if ((w & 0x100000) !== 0) return v.fail(10, 172, p, -1, -1);
  if ((w & 0x80000) !== 0) return v.fail(10, 173, p, -1, -1);
  if ((w & 0x40000) !== 0) return v.fail(10, 174, p, -1, -1);
  if ((w & 0x20000) !== 0) return v.fail(10, 175, p, -1, -1);
  if ((w & 0x10000) !== 0) return v.fail(10, 176, p, -1, -1);
  if ((w & 0x8000) !== 0) return v.fail(10, 177, p, -1, -1);
  if ((w & 0x4000) !== 0) return v.fail(10, 178, p, -1, -1);
  if ((w & 0x2000) !== 0) return v.fail(10, 179, p, -1, -1);
  if ((w & 0x1000) !== 0) return v.fail(10, 180, p, -1, -1);
  if ((w & 0x800) !== 0) return v.fail(10, 181, p, -1, -1);
  if ((w & 0x400) !== 0) return v.fail(10, 182, p, -1, -1);
  if ((w & 0x200) !== 0) return v.fail(10, 183, p, -1, -1);
  if ((w & 0x100) !== 0) return v.fail(10, 184, p, -1, -1);
  if ((w & 0x80) !== 0) return v.fail(10, 185, p, -1, -1);
  if ((w & 0x40) !== 0) return v.fail(10, 186, p, -1, -1);
  if ((w & 0x20) !== 0) return v.fail(10, 187, p, -1, -1);
  if ((w & 0x10) !== 0) return v.fail(10, 188, p, -1, -1);
  if ((w & 0x8) !== 0) return v.fail(10, 189, p, -1, -1);
  if ((w & 0x4) !== 0) return v.fail(10, 190, p, -1, -1);
  if ((w & 0x2) !== 0) return v.fail(10, 191, p, -1, -1);
  if ((w & 0x1) !== 0) {
    if (end - p < 1) return v.fail(14, 192, p, 1, end - p);
    if (bcdFault(b, p, p + 1, 2, 0, false) !== 0) return v.fail(15, 192, p, 1, 1);
    s[384] = p;
    s[385] = 1;
    p += 1;
  }
  return p;
}

/** Primary bitmap at p; returns the position after it, or a packed status. */
function readPrimary(v: View, b: Buffer, p: number, end: number): number {
  if (end - p < 16) return v.fail(7, 0, p, 16, end - p);
  const h0 = hex1047[b[p]!]!;
  const h1 = hex1047[b[(p + 1) | 0]!]!;
  const h2 = hex1047[b[(p + 2) | 0]!]!;
  const h3 = hex1047[b[(p + 3) | 0]!]!;
  const h4 = hex1047[b[(p + 4) | 0]!]!;
  const h5 = hex1047[b[(p + 5) | 0]!]!;
  const h6 = hex1047[b[(p + 6) | 0]!]!;
  const h7 = hex1047[b[(p + 7) | 0]!]!;
  const h8 = hex1047[b[(p + 8) | 0]!]!;
  const h9 = hex1047[b[(p + 9) | 0]!]!;
  const h10 = hex1047[b[(p + 10) | 0]!]!;
  const h11 = hex1047[b[(p + 11) | 0]!]!;
  const h12 = hex1047[b[(p + 12) | 0]!]!;
  const h13 = hex1047[b[(p + 13) | 0]!]!;
  const h14 = hex1047[b[(p + 14) | 0]!]!;
  const h15 = hex1047[b[(p + 15) | 0]!]!;
  if ((h0 | h1 | h2 | h3 | h4 | h5 | h6 | h7 | h8 | h9 | h10 | h11 | h12 | h13 | h14 | h15) > 15) return v.fail(8, 0, p, 16, 16);
  v.w0 = (h0 << 28) | (h1 << 24) | (h2 << 20) | (h3 << 16) | (h4 << 12) | (h5 << 8) | (h6 << 4) | h7;
  v.w1 = (h8 << 28) | (h9 << 24) | (h10 << 20) | (h11 << 16) | (h12 << 12) | (h13 << 8) | (h14 << 4) | h15;
  return p + 16;
}

/** Secondary bitmap at p; returns the position after it, or a packed status. */
function readSecondary(v: View, b: Buffer, p: number, end: number): number {
  if (end - p < 16) return v.fail(7, 0, p, 16, end - p);
  const h0 = hex1047[b[p]!]!;
  const h1 = hex1047[b[(p + 1) | 0]!]!;
  const h2 = hex1047[b[(p + 2) | 0]!]!;
  const h3 = hex1047[b[(p + 3) | 0]!]!;
  const h4 = hex1047[b[(p + 4) | 0]!]!;
  const h5 = hex1047[b[(p + 5) | 0]!]!;
  const h6 = hex1047[b[(p + 6) | 0]!]!;
  const h7 = hex1047[b[(p + 7) | 0]!]!;
  const h8 = hex1047[b[(p + 8) | 0]!]!;
  const h9 = hex1047[b[(p + 9) | 0]!]!;
  const h10 = hex1047[b[(p + 10) | 0]!]!;
  const h11 = hex1047[b[(p + 11) | 0]!]!;
  const h12 = hex1047[b[(p + 12) | 0]!]!;
  const h13 = hex1047[b[(p + 13) | 0]!]!;
  const h14 = hex1047[b[(p + 14) | 0]!]!;
  const h15 = hex1047[b[(p + 15) | 0]!]!;
  if ((h0 | h1 | h2 | h3 | h4 | h5 | h6 | h7 | h8 | h9 | h10 | h11 | h12 | h13 | h14 | h15) > 15) return v.fail(8, 0, p, 16, 16);
  v.w2 = (h0 << 28) | (h1 << 24) | (h2 << 20) | (h3 << 16) | (h4 << 12) | (h5 << 8) | (h6 << 4) | h7;
  v.w3 = (h8 << 28) | (h9 << 24) | (h10 << 20) | (h11 << 16) | (h12 << 12) | (h13 << 8) | (h14 << 4) | h15;
  return p + 16;
}

/** Third bitmap at p; bit 129 would announce a fourth one, where the dialect ends. */
function readThird(v: View, b: Buffer, p: number, end: number): number {
  if (end - p < 16) return v.fail(7, 0, p, 16, end - p);
  const h0 = hex1047[b[p]!]!;
  const h1 = hex1047[b[(p + 1) | 0]!]!;
  const h2 = hex1047[b[(p + 2) | 0]!]!;
  const h3 = hex1047[b[(p + 3) | 0]!]!;
  const h4 = hex1047[b[(p + 4) | 0]!]!;
  const h5 = hex1047[b[(p + 5) | 0]!]!;
  const h6 = hex1047[b[(p + 6) | 0]!]!;
  const h7 = hex1047[b[(p + 7) | 0]!]!;
  const h8 = hex1047[b[(p + 8) | 0]!]!;
  const h9 = hex1047[b[(p + 9) | 0]!]!;
  const h10 = hex1047[b[(p + 10) | 0]!]!;
  const h11 = hex1047[b[(p + 11) | 0]!]!;
  const h12 = hex1047[b[(p + 12) | 0]!]!;
  const h13 = hex1047[b[(p + 13) | 0]!]!;
  const h14 = hex1047[b[(p + 14) | 0]!]!;
  const h15 = hex1047[b[(p + 15) | 0]!]!;
  if ((h0 | h1 | h2 | h3 | h4 | h5 | h6 | h7 | h8 | h9 | h10 | h11 | h12 | h13 | h14 | h15) > 15) return v.fail(8, 0, p, 16, 16);
  v.w4 = (h0 << 28) | (h1 << 24) | (h2 << 20) | (h3 << 16) | (h4 << 12) | (h5 << 8) | (h6 << 4) | h7;
  v.w5 = (h8 << 28) | (h9 << 24) | (h10 << 20) | (h11 << 16) | (h12 << 12) | (h13 << 8) | (h14 << 4) | h15;
  if (v.w4 < 0) return v.fail(9, 0, p, -1, -1);
  return p + 16;
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
  v.w4 = 0;
  v.w5 = 0;
  v.validUpTo = 0;
  v.tags.clear();
}

export function scanMessage(v: View, b: Buffer, off: number, end: number): number {
  reset(v, b, off, off, end);
  if (end > b.length || end - off > 16384) {
    return v.fail(1, 0, off, 16384, end - off);
  }
  return scanFrom(v, b, off, end);
}

function scanFrom(v: View, b: Buffer, at: number, end: number): number {
  if (end - at < 4) return v.fail(4, 0, at, 4, end - at);
  const m0 = b[at]! - 240;
  const m1 = b[at + 1]! - 240;
  const m2 = b[at + 2]! - 240;
  const m3 = b[at + 3]! - 240;
  if ((m0 !== 0 && m0 !== 1) || m1 >>> 0 > 9 || m2 >>> 0 > 9 || m3 >>> 0 > 9)
    return v.fail(5, 0, at, 4, 4);
  const mti = (m0 << 12) | (m1 << 8) | (m2 << 4) | m3;
  v.mti = mti;
  const known =
    ((0x106 >> m1) & 1) !== 0 &&
    ((0x3 >> m2) & 1) !== 0 &&
    ((0x1 >> m3) & 1) !== 0;
  let p = readPrimary(v, b, at + 4, end);
  if (p > 0 && v.w0 < 0) p = readSecondary(v, b, p, end);
  if (p > 0 && v.w2 < 0) p = readThird(v, b, p, end);
  if (p > 0) p = scanWord0(v, b, p, end, v.w0);
  if (p > 0 && v.w1 !== 0) p = scanWord1(v, b, p, end, v.w1);
  if (p > 0 && v.w2 !== 0) p = scanWord2(v, b, p, end, v.w2);
  if (p > 0 && v.w3 !== 0) p = scanWord3(v, b, p, end, v.w3);
  if (p > 0 && v.w4 !== 0) p = scanWord4(v, b, p, end, v.w4);
  if (p > 0 && v.w5 !== 0) p = scanWord5(v, b, p, end, v.w5);
  if (p > 0) {
    v.validUpTo = 192;
    if (p === end && known) return 0;
    if (known) return failTrailing(v, p, end);
  }
  return known ? p : failUnknownMTI(v, at, p === end);
}

export function scan(v: View, b: Buffer, off: number, end: number): number {
  reset(v, b, off, off, end);
  if (end > b.length || end - off > 16384) {
    return v.fail(1, 0, off, 16384, end - off);
  }
  if (end - off < 8) return v.fail(3, 0, off, 8, end - off);
  if (b[off + 0] !== 90 || b[off + 1] !== 79 || b[off + 2] !== 79 || (cls[b[off + 3]!]! & cls[b[off + 4]!]! & 2) === 0)
    return v.fail(2, 0, off, 8, 8);
  v.begin = off + 8;
  return scanFrom(v, b, off + 8, end);
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
  headerLength: 8,
  writesAllBitmaps: false,
  bytesMax: 16384,
  bits: 192,
  isPlain: false,
};

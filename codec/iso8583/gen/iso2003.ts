// Made by codec/iso8583/generator/main.ts from the dialect data: change that, not this.
import { contentFault, failContent } from "../content.ts";
import type { Generated } from "../generated.ts";
import { failTrailing, failUnknownMTI } from "../scan-end.ts";
import { firstBit, type PartBitmap, readBerLength, readBerTag, readPartBitmap, tlv } from "../scan-tlv.ts";
import { bcdDigits, bcdFault, isBcdDate } from "../scan-value.ts";
import { byteClass, classAnd } from "../tables.ts";
import { allPrintable } from "../words.ts";
import type { View } from "../view.ts";

const cls = byteClass;

function messageRow(mti: number): number {
  switch (mti) {
    case 0x2804:
    case 0x2805:
    case 0x2820:
    case 0x2821:
    case 0x2824:
    case 0x2825:
      return 0;
    default:
      return -1;
  }
}

const mandatory = Int32Array.of(
  0x0, 0x0, 0x0, 0x0,
);

const forbidden = Int32Array.of(
  0x0, 0x0, 0x0, 0x0,
);

const tagsMandatory = Int32Array.of(
  0x0, 0x0, 0x0, 0x0,
);

const tagsForbidden = Int32Array.of(
  0x0, 0x0, 0x0, 0x0,
);

// One row a message, then the row of messages that no row names.
const echo = Int32Array.of(
  0x2200100, 0x0, 0x0, 0x0, 0x72380001, -0x77400000, 0x0, 0x0,
);

const errorEcho = Int32Array.of(
  0x2200001, 0x8000000, 0x0, 0x0,
);

const prefix = Uint8Array.of(
  0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  1, 1, 2, 1, 2, 0, 0, 0, 0, 0, 1, 2, 2, 1, 2, 2, 2, 2, 2, 2, 0, 1, 2, 2, 1, 0, 1, 2, 2, 2, 2, 2,
  0, 0, 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1,
  2, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
  0,
);

const min = Uint16Array.of(
  0, 0, 1, 6, 8, 8, 8, 5, 6, 4, 4, 6, 7, 3, 2, 4, 2, 2, 0, 2, 2, 22, 16, 2, 2, 2, 2, 27, 4, 2, 16,
  12, 0, 0, 0, 0, 0, 12, 6, 2, 2, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 2, 0, 0, 0, 0,
  0, 0, 4, 0, 0, 1, 9, 40, 9, 0, 0, 4, 78, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 11, 25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 4,
);

const max = Uint32Array.of(
  0, 0, 10, 6, 8, 8, 8, 5, 6, 4, 4, 6, 7, 3, 2, 4, 2, 2, 140, 2, 2, 22, 16, 2, 2, 2, 2, 27, 4, 2,
  16, 12, 6, 6, 9999, 37, 104, 12, 6, 2, 2, 16, 35, 9999, 9999, 76, 216, 999, 999, 9999, 9999,
  9999, 8, 48, 126, 9999, 21, 2, 6, 999, 999, 999, 999, 999, 4, 0, 216, 1, 9, 40, 9, 9999, 9999,
  4, 78, 45, 9999, 9999, 9999, 9999, 9999, 9999, 9999, 9999, 9999, 9999, 9999, 9999, 9999, 9999,
  9999, 9999, 9999, 6, 6, 99, 999, 11, 25, 11, 6, 99, 28, 28, 9999, 9999, 9999, 9999, 9999, 144,
  144, 9999, 9999, 9999, 9999, 9999, 9999, 9999, 9999, 9999, 9999, 9999, 9999, 999, 9999, 9999,
  9999, 9999, 4,
);

// Sensitivity by element and by tag; 0 has no class and is masked.
const sensitivity = Uint8Array.of(
  0, 0, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 0, 3, 3, 1, 1, 1, 1, 1, 4, 5, 4, 3, 4, 4, 4, 0, 0, 0, 0, 0, 5, 0, 1, 1, 1, 4, 4, 4, 4, 4,
  0, 0, 4, 1, 4, 4, 1, 0, 4, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 4,
  0, 1, 5, 1, 1, 4, 2, 2, 4, 0, 0, 0, 0, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0,
  0,
);

const tagSensitivity = Uint8Array.of(
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0,
);

function composite21(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
    if (p === end) return 0;
  {
    if (end - p < 1) return v.failAt(14, 1, p, 1, end - p);
    if ((cls[b[p]!]! & 8) === 0) return v.failAt(contentFault(b, p, p + 1), 1, p, 1, 1);
    p += 1;
  }
  {
    if (end - p < 15) return v.failAt(14, 2, p, 15, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & cls[b[(p + 4) | 0]!]! & cls[b[(p + 5) | 0]!]! & cls[b[(p + 6) | 0]!]! & cls[b[(p + 7) | 0]!]! & cls[b[(p + 8) | 0]!]! & cls[b[(p + 9) | 0]!]! & cls[b[(p + 10) | 0]!]! & cls[b[(p + 11) | 0]!]! & cls[b[(p + 12) | 0]!]! & cls[b[(p + 13) | 0]!]! & cls[b[(p + 14) | 0]!]! & 1) === 0) return v.failAt(contentFault(b, p, p + 15), 2, p, 15, 15);
    p += 15;
  }
  {
    if (end - p < 2) return v.failAt(14, 3, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 4, 1, false) !== 0) return v.failAt(15, 3, p, 2, 2);
    p += 2;
  }
  {
    if (end - p < 4) return v.failAt(14, 4, p, 4, end - p);
    if (bcdFault(b, p, p + 4, 8, 1, false) !== 0) return v.failAt(15, 4, p, 4, 4);
    p += 4;
  }
  if (p < end) return v.failHere(28, p, 0, end - p);
  return 0;
}

function composite27(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
    if (p === end) return 0;
  {
    if (end - p < 8) return v.failAt(14, 1, p, 8, end - p);
    p += 8;
  }
  {
    if (end - p < 1) return v.failAt(14, 2, p, 1, end - p);
    if ((cls[b[p]!]! & 8) === 0) return v.failAt(contentFault(b, p, p + 1), 2, p, 1, 1);
    p += 1;
  }
  {
    if (end - p < 3) return v.failAt(14, 3, p, 3, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 8) === 0) return v.failAt(contentFault(b, p, p + 3), 3, p, 3, 3);
    p += 3;
  }
  {
    if (end - p < 3) return v.failAt(14, 4, p, 3, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 8) === 0) return v.failAt(contentFault(b, p, p + 3), 4, p, 3, 3);
    p += 3;
  }
  {
    if (end - p < 3) return v.failAt(14, 5, p, 3, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 8) === 0) return v.failAt(contentFault(b, p, p + 3), 5, p, 3, 3);
    p += 3;
  }
  {
    if (end - p < 3) return v.failAt(14, 6, p, 3, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 8) === 0) return v.failAt(contentFault(b, p, p + 3), 6, p, 3, 3);
    p += 3;
  }
  {
    if (end - p < 3) return v.failAt(14, 7, p, 3, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 8) === 0) return v.failAt(contentFault(b, p, p + 3), 7, p, 3, 3);
    p += 3;
  }
  {
    if (end - p < 1) return v.failAt(14, 8, p, 1, end - p);
    if ((cls[b[p]!]! & 8) === 0) return v.failAt(contentFault(b, p, p + 1), 8, p, 1, 1);
    p += 1;
  }
  {
    if (end - p < 1) return v.failAt(14, 9, p, 1, end - p);
    if ((cls[b[p]!]! & 8) === 0) return v.failAt(contentFault(b, p, p + 1), 9, p, 1, 1);
    p += 1;
  }
  {
    if (end - p < 1) return v.failAt(14, 10, p, 1, end - p);
    p += 1;
  }
  if (p < end) return v.failHere(28, p, 0, end - p);
  return 0;
}

function composite30(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
    if (p === end) return 0;
  {
    if (end - p < 8) return v.failAt(14, 1, p, 8, end - p);
    if (bcdFault(b, p, p + 8, 16, 1, false) !== 0) return v.failAt(15, 1, p, 8, 8);
    p += 8;
  }
  {
    if (end - p < 8) return v.failAt(14, 2, p, 8, end - p);
    if (bcdFault(b, p, p + 8, 16, 1, false) !== 0) return v.failAt(15, 2, p, 8, 8);
    p += 8;
  }
  if (p < end) return v.failHere(28, p, 0, end - p);
  return 0;
}

function composite34x01(v: View, b: Buffer, at: number, end: number): number {
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

function composite34(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let count = 0;
  while (p < end) {
    const tagAt = p;
    const tag = b[p]!;
    if (count === 64) return v.failAt(26, tag, tagAt, 64, 65);
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
      t = composite34x01(v, b, p, q);
      break;
    }
    if (t !== 0) return v.within(tag, t);
    p = q;
  }
  return 0;
}

const composite43Bits = new Int32Array(6);
const composite43Bitmap: PartBitmap = {
  hex: null,
  bits: 128,
  continues: "bit1",
};

function composite43(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let n = 0;
  let q = 0;
  if (p === end) return 0;
    p = readPartBitmap(v, b, p, end, composite43Bitmap, composite43Bits);
    if (p < 0) return p;
  if ((composite43Bits[0]! & -0x80000000) !== 0) return v.failAt(10, firstBit(composite43Bits[0]! & -0x80000000, 0), p, -1, -1);
  if ((composite43Bits[0]! & 0x40000000) !== 0) {
    if (end - p < 1) return v.failAt(11, 2, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 2, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 50) return v.failAt(13, 2, p, 50, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 2, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 2, p, n, n);
    p = q;
  }
  if ((composite43Bits[0]! & 0x20000000) !== 0) {
    if (end - p < 1) return v.failAt(11, 3, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 3, p, 1, 1);
    n = d0 * 10 + d1;
    p += 1;
    if (end - p < n) return v.failAt(14, 3, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 3, p, n, n);
    p = q;
  }
  if ((composite43Bits[0]! & 0x10000000) !== 0) {
    if (end - p < 1) return v.failAt(11, 4, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 4, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 50) return v.failAt(13, 4, p, 50, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 4, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 4, p, n, n);
    p = q;
  }
  if ((composite43Bits[0]! & 0x8000000) !== 0) {
    if (end - p < 3) return v.failAt(14, 5, p, 3, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 1) === 0) return v.failAt(contentFault(b, p, p + 3), 5, p, 3, 3);
    p += 3;
  }
  if ((composite43Bits[0]! & 0x4000000) !== 0) {
    if (end - p < 10) return v.failAt(14, 6, p, 10, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & cls[b[(p + 4) | 0]!]! & cls[b[(p + 5) | 0]!]! & cls[b[(p + 6) | 0]!]! & cls[b[(p + 7) | 0]!]! & cls[b[(p + 8) | 0]!]! & cls[b[(p + 9) | 0]!]! & 1) === 0) return v.failAt(contentFault(b, p, p + 10), 6, p, 10, 10);
    p += 10;
  }
  if ((composite43Bits[0]! & 0x2000000) !== 0) {
    if (end - p < 3) return v.failAt(14, 7, p, 3, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 1) === 0) return v.failAt(contentFault(b, p, p + 3), 7, p, 3, 3);
    p += 3;
  }
  if ((composite43Bits[0]! & 0x1000000) !== 0) {
    if (end - p < 16) return v.failAt(14, 8, p, 16, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & cls[b[(p + 4) | 0]!]! & cls[b[(p + 5) | 0]!]! & cls[b[(p + 6) | 0]!]! & cls[b[(p + 7) | 0]!]! & cls[b[(p + 8) | 0]!]! & cls[b[(p + 9) | 0]!]! & cls[b[(p + 10) | 0]!]! & cls[b[(p + 11) | 0]!]! & cls[b[(p + 12) | 0]!]! & cls[b[(p + 13) | 0]!]! & cls[b[(p + 14) | 0]!]! & cls[b[(p + 15) | 0]!]! & 1) === 0) return v.failAt(contentFault(b, p, p + 16), 8, p, 16, 16);
    p += 16;
  }
  if ((composite43Bits[0]! & 0x800000) !== 0) {
    if (end - p < 16) return v.failAt(14, 9, p, 16, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & cls[b[(p + 4) | 0]!]! & cls[b[(p + 5) | 0]!]! & cls[b[(p + 6) | 0]!]! & cls[b[(p + 7) | 0]!]! & cls[b[(p + 8) | 0]!]! & cls[b[(p + 9) | 0]!]! & cls[b[(p + 10) | 0]!]! & cls[b[(p + 11) | 0]!]! & cls[b[(p + 12) | 0]!]! & cls[b[(p + 13) | 0]!]! & cls[b[(p + 14) | 0]!]! & cls[b[(p + 15) | 0]!]! & 1) === 0) return v.failAt(contentFault(b, p, p + 16), 9, p, 16, 16);
    p += 16;
  }
  if ((composite43Bits[0]! & 0x400000) !== 0) {
    if (end - p < 1) return v.failAt(11, 10, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 10, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 30) return v.failAt(13, 10, p, 30, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 10, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 10, p, n, n);
    p = q;
  }
  if ((composite43Bits[0]! & 0x200000) !== 0) {
    if (end - p < 2) return v.failAt(11, 11, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.failAt(12, 11, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 255) return v.failAt(13, 11, p, 255, n);
    p += 2;
    if (end - p < n) return v.failAt(14, 11, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 11, p, n, n);
    p = q;
  }
  if ((composite43Bits[0]! & 0x100000) !== 0) {
    if (end - p < 1) return v.failAt(11, 12, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 12, p, 1, 1);
    n = d0 * 10 + d1;
    p += 1;
    if (end - p < n) return v.failAt(14, 12, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 12, p, n, n);
    p = q;
  }
  if ((composite43Bits[0]! & 0xfffff) !== 0) return v.failAt(10, firstBit(composite43Bits[0]! & 0xfffff, 0), p, -1, -1);
  if ((composite43Bits[1]! & -0x1) !== 0) return v.failAt(10, firstBit(composite43Bits[1]! & -0x1, 1), p, -1, -1);
  if ((composite43Bits[2]! & -0x1) !== 0) return v.failAt(10, firstBit(composite43Bits[2]! & -0x1, 2), p, -1, -1);
  if ((composite43Bits[3]! & -0x1) !== 0) return v.failAt(10, firstBit(composite43Bits[3]! & -0x1, 3), p, -1, -1);
  if (p < end) return v.failHere(28, p, 0, end - p);
  return 0;
}

const composite49Bits = new Int32Array(6);
const composite49Bitmap: PartBitmap = {
  hex: null,
  bits: 64,
  continues: "never",
};

function composite49(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  if (p === end) return 0;
    p = readPartBitmap(v, b, p, end, composite49Bitmap, composite49Bits);
    if (p < 0) return p;
  if ((composite49Bits[0]! & -0x80000000) !== 0) {
    if (end - p < 1) return v.failAt(14, 1, p, 1, end - p);
    if (bcdFault(b, p, p + 1, 1, 1, false) !== 0) return v.failAt(15, 1, p, 1, 1);
    p += 1;
  }
  if ((composite49Bits[0]! & 0x40000000) !== 0) {
    if (end - p < 2) return v.failAt(14, 2, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 4, 1, false) !== 0) return v.failAt(15, 2, p, 2, 2);
    p += 2;
  }
  if ((composite49Bits[0]! & 0x20000000) !== 0) {
    if (end - p < 16) return v.failAt(14, 3, p, 16, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & cls[b[(p + 4) | 0]!]! & cls[b[(p + 5) | 0]!]! & cls[b[(p + 6) | 0]!]! & cls[b[(p + 7) | 0]!]! & cls[b[(p + 8) | 0]!]! & cls[b[(p + 9) | 0]!]! & cls[b[(p + 10) | 0]!]! & cls[b[(p + 11) | 0]!]! & cls[b[(p + 12) | 0]!]! & cls[b[(p + 13) | 0]!]! & cls[b[(p + 14) | 0]!]! & cls[b[(p + 15) | 0]!]! & 1) === 0) return v.failAt(contentFault(b, p, p + 16), 3, p, 16, 16);
    p += 16;
  }
  if ((composite49Bits[0]! & 0x10000000) !== 0) {
    if (end - p < 10) return v.failAt(14, 4, p, 10, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & cls[b[(p + 4) | 0]!]! & cls[b[(p + 5) | 0]!]! & cls[b[(p + 6) | 0]!]! & cls[b[(p + 7) | 0]!]! & cls[b[(p + 8) | 0]!]! & cls[b[(p + 9) | 0]!]! & 1) === 0) return v.failAt(contentFault(b, p, p + 10), 4, p, 10, 10);
    p += 10;
  }
  if ((composite49Bits[0]! & 0x8000000) !== 0) {
    if (end - p < 40) return v.failAt(14, 5, p, 40, end - p);
    if ((classAnd(b, p, p + 40) & 1) === 0) return v.failAt(contentFault(b, p, p + 40), 5, p, 40, 40);
    p += 40;
  }
  if ((composite49Bits[0]! & 0x4000000) !== 0) {
    if (end - p < 1) return v.failAt(14, 6, p, 1, end - p);
    if ((cls[b[p]!]! & 8) === 0) return v.failAt(contentFault(b, p, p + 1), 6, p, 1, 1);
    p += 1;
  }
  if ((composite49Bits[0]! & 0x3ffffff) !== 0) return v.failAt(10, firstBit(composite49Bits[0]! & 0x3ffffff, 0), p, -1, -1);
  if ((composite49Bits[1]! & -0x1) !== 0) return v.failAt(10, firstBit(composite49Bits[1]! & -0x1, 1), p, -1, -1);
  if (p < end) return v.failHere(28, p, 0, end - p);
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

function composite74(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
    if (p === end) return 0;
  {
    if (end - p < 8) return v.failAt(14, 1, p, 8, end - p);
    if (bcdFault(b, p, p + 8, 16, 1, false) !== 0) return v.failAt(15, 1, p, 8, 8);
    p += 8;
  }
  {
    if (end - p < 5) return v.failAt(14, 2, p, 5, end - p);
    if (bcdFault(b, p, p + 5, 10, 1, false) !== 0) return v.failAt(15, 2, p, 5, 5);
    p += 5;
  }
  {
    if (end - p < 8) return v.failAt(14, 3, p, 8, end - p);
    if (bcdFault(b, p, p + 8, 16, 1, false) !== 0) return v.failAt(15, 3, p, 8, 8);
    p += 8;
  }
  {
    if (end - p < 5) return v.failAt(14, 4, p, 5, end - p);
    if (bcdFault(b, p, p + 5, 10, 1, false) !== 0) return v.failAt(15, 4, p, 5, 5);
    p += 5;
  }
  {
    if (end - p < 8) return v.failAt(14, 5, p, 8, end - p);
    if (bcdFault(b, p, p + 8, 16, 1, false) !== 0) return v.failAt(15, 5, p, 8, 8);
    p += 8;
  }
  {
    if (end - p < 5) return v.failAt(14, 6, p, 5, end - p);
    if (bcdFault(b, p, p + 5, 10, 1, false) !== 0) return v.failAt(15, 6, p, 5, 5);
    p += 5;
  }
  {
    if (end - p < 8) return v.failAt(14, 7, p, 8, end - p);
    if (bcdFault(b, p, p + 8, 16, 1, false) !== 0) return v.failAt(15, 7, p, 8, 8);
    p += 8;
  }
  {
    if (end - p < 5) return v.failAt(14, 8, p, 5, end - p);
    if (bcdFault(b, p, p + 5, 10, 1, false) !== 0) return v.failAt(15, 8, p, 5, 5);
    p += 5;
  }
  {
    if (end - p < 8) return v.failAt(14, 9, p, 8, end - p);
    if (bcdFault(b, p, p + 8, 16, 1, false) !== 0) return v.failAt(15, 9, p, 8, 8);
    p += 8;
  }
  {
    if (end - p < 5) return v.failAt(14, 10, p, 5, end - p);
    if (bcdFault(b, p, p + 5, 10, 1, false) !== 0) return v.failAt(15, 10, p, 5, 5);
    p += 5;
  }
  {
    if (end - p < 8) return v.failAt(14, 11, p, 8, end - p);
    if (bcdFault(b, p, p + 8, 16, 1, false) !== 0) return v.failAt(15, 11, p, 8, 8);
    p += 8;
  }
  {
    if (end - p < 5) return v.failAt(14, 12, p, 5, end - p);
    if (bcdFault(b, p, p + 5, 10, 1, false) !== 0) return v.failAt(15, 12, p, 5, 5);
    p += 5;
  }
  if (p < end) return v.failHere(28, p, 0, end - p);
  return 0;
}

const composite113Bits = new Int32Array(6);
const composite113Bitmap: PartBitmap = {
  hex: null,
  bits: 128,
  continues: "bit1",
};

function composite113(v: View, b: Buffer, at: number, end: number): number {
  let p = at;
  let n = 0;
  let q = 0;
  if (p === end) return 0;
    p = readPartBitmap(v, b, p, end, composite113Bitmap, composite113Bits);
    if (p < 0) return p;
  if ((composite113Bits[0]! & -0x80000000) !== 0) return v.failAt(10, firstBit(composite113Bits[0]! & -0x80000000, 0), p, -1, -1);
  if ((composite113Bits[0]! & 0x40000000) !== 0) {
    if (end - p < 1) return v.failAt(11, 2, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 2, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 20) return v.failAt(13, 2, p, 20, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 2, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 2, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x20000000) !== 0) {
    if (end - p < 1) return v.failAt(11, 3, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 3, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 40) return v.failAt(13, 3, p, 40, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 3, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 3, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x10000000) !== 0) {
    if (end - p < 1) return v.failAt(11, 4, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 4, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 40) return v.failAt(13, 4, p, 40, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 4, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 4, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x8000000) !== 0) {
    if (end - p < 1) return v.failAt(11, 5, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 5, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 40) return v.failAt(13, 5, p, 40, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 5, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 5, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x4000000) !== 0) {
    if (end - p < 1) return v.failAt(11, 6, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 6, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 40) return v.failAt(13, 6, p, 40, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 6, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 6, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x2000000) !== 0) {
    if (end - p < 1) return v.failAt(11, 7, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 7, p, 1, 1);
    n = d0 * 10 + d1;
    p += 1;
    if (end - p < n) return v.failAt(14, 7, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 7, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x1000000) !== 0) {
    if (end - p < 1) return v.failAt(14, 8, p, 1, end - p);
    p += 1;
  }
  if ((composite113Bits[0]! & 0x800000) !== 0) {
    if (end - p < 1) return v.failAt(11, 9, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 9, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 10) return v.failAt(13, 9, p, 10, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 9, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 9, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x400000) !== 0) {
    if (end - p < 1) return v.failAt(14, 10, p, 1, end - p);
    if ((cls[b[p]!]! & 1) === 0) return v.failAt(contentFault(b, p, p + 1), 10, p, 1, 1);
    p += 1;
  }
  if ((composite113Bits[0]! & 0x200000) !== 0) {
    if (end - p < 1) return v.failAt(11, 11, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 11, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 40) return v.failAt(13, 11, p, 40, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 11, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 11, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x100000) !== 0) {
    if (end - p < 1) return v.failAt(11, 12, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 12, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 40) return v.failAt(13, 12, p, 40, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 12, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 12, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x80000) !== 0) {
    if (end - p < 1) return v.failAt(11, 13, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 13, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 40) return v.failAt(13, 13, p, 40, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 13, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 13, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x40000) !== 0) {
    if (end - p < 2) return v.failAt(14, 14, p, 2, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & 1) === 0) return v.failAt(contentFault(b, p, p + 2), 14, p, 2, 2);
    p += 2;
  }
  if ((composite113Bits[0]! & 0x20000) !== 0) {
    if (end - p < 1) return v.failAt(11, 15, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 15, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 10) return v.failAt(13, 15, p, 10, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 15, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 15, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x10000) !== 0) {
    if (end - p < 2) return v.failAt(14, 16, p, 2, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & 1) === 0) return v.failAt(contentFault(b, p, p + 2), 16, p, 2, 2);
    p += 2;
  }
  if ((composite113Bits[0]! & 0x8000) !== 0) {
    if (end - p < 1) return v.failAt(11, 17, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 17, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 20) return v.failAt(13, 17, p, 20, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 17, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 17, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x4000) !== 0) {
    if (end - p < 1) return v.failAt(11, 18, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 18, p, 1, 1);
    n = d0 * 10 + d1;
    p += 1;
    if (end - p < n) return v.failAt(14, 18, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 18, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x2000) !== 0) {
    if (end - p < 1) return v.failAt(11, 19, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 19, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 32) return v.failAt(13, 19, p, 32, n);
    p += 1;
    const c = n;
    n = (n + 1) >> 1;
    if (end - p < n) return v.failAt(14, 19, p, n, end - p);
    q = p + n;
    if (bcdFault(b, p, q, c, 1, false) !== 0) return v.failAt(15, 19, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x1000) !== 0) {
    if (end - p < 1) return v.failAt(11, 20, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 20, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 64) return v.failAt(13, 20, p, 64, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 20, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 20, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x800) !== 0) {
    if (end - p < 1) return v.failAt(11, 21, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 21, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 16) return v.failAt(13, 21, p, 16, n);
    p += 1;
    const c = n;
    n = (n + 1) >> 1;
    if (end - p < n) return v.failAt(14, 21, p, n, end - p);
    q = p + n;
    if (bcdFault(b, p, q, c, 1, false) !== 0) return v.failAt(15, 21, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x400) !== 0) {
    if (end - p < 2) return v.failAt(11, 22, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.failAt(12, 22, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 221) return v.failAt(13, 22, p, 221, n);
    p += 2;
    if (end - p < n) return v.failAt(14, 22, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 22, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x200) !== 0) {
    if (end - p < 11) return v.failAt(14, 23, p, 11, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & cls[b[(p + 4) | 0]!]! & cls[b[(p + 5) | 0]!]! & cls[b[(p + 6) | 0]!]! & cls[b[(p + 7) | 0]!]! & cls[b[(p + 8) | 0]!]! & cls[b[(p + 9) | 0]!]! & cls[b[(p + 10) | 0]!]! & 1) === 0) return v.failAt(contentFault(b, p, p + 11), 23, p, 11, 11);
    p += 11;
  }
  if ((composite113Bits[0]! & 0x100) !== 0) {
    if (end - p < 2) return v.failAt(14, 24, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 4, 1, false) !== 0) return v.failAt(15, 24, p, 2, 2);
    p += 2;
  }
  if ((composite113Bits[0]! & 0x80) !== 0) {
    if (end - p < 1) return v.failAt(11, 25, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 25, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 64) return v.failAt(13, 25, p, 64, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 25, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 25, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x40) !== 0) {
    if (end - p < 1) return v.failAt(11, 26, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 26, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 16) return v.failAt(13, 26, p, 16, n);
    p += 1;
    const c = n;
    n = (n + 1) >> 1;
    if (end - p < n) return v.failAt(14, 26, p, n, end - p);
    q = p + n;
    if (bcdFault(b, p, q, c, 1, false) !== 0) return v.failAt(15, 26, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x20) !== 0) {
    if (end - p < 1) return v.failAt(11, 27, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 27, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 64) return v.failAt(13, 27, p, 64, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 27, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 27, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x10) !== 0) {
    if (end - p < 1) return v.failAt(11, 28, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 28, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 64) return v.failAt(13, 28, p, 64, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 28, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 28, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x8) !== 0) {
    if (end - p < 1) return v.failAt(11, 29, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 29, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 64) return v.failAt(13, 29, p, 64, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 29, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 29, p, n, n);
    p = q;
  }
  if ((composite113Bits[0]! & 0x4) !== 0) {
    if (end - p < 1) return v.failAt(14, 30, p, 1, end - p);
    if (bcdFault(b, p, p + 1, 2, 1, false) !== 0) return v.failAt(15, 30, p, 1, 1);
    p += 1;
  }
  if ((composite113Bits[0]! & 0x2) !== 0) {
    if (end - p < 1) return v.failAt(14, 31, p, 1, end - p);
    if (bcdFault(b, p, p + 1, 2, 1, false) !== 0) return v.failAt(15, 31, p, 1, 1);
    p += 1;
  }
  if ((composite113Bits[0]! & 0x1) !== 0) {
    if (end - p < 1) return v.failAt(11, 32, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 32, p, 1, 1);
    n = d0 * 10 + d1;
    p += 1;
    if (end - p < n) return v.failAt(14, 32, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 32, p, n, n);
    p = q;
  }
  if ((composite113Bits[1]! & -0x4000000) !== 0) return v.failAt(10, firstBit(composite113Bits[1]! & -0x4000000, 1), p, -1, -1);
  if ((composite113Bits[1]! & 0x2000000) !== 0) {
    if (end - p < 1) return v.failAt(11, 39, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 39, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 4) return v.failAt(13, 39, p, 4, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 39, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 39, p, n, n);
    p = q;
  }
  if ((composite113Bits[1]! & 0x1ffe000) !== 0) return v.failAt(10, firstBit(composite113Bits[1]! & 0x1ffe000, 1), p, -1, -1);
  if ((composite113Bits[1]! & 0x1000) !== 0) {
    if (end - p < 8) return v.failAt(14, 52, p, 8, end - p);
    p += 8;
  }
  if ((composite113Bits[1]! & 0x800) !== 0) {
    if (end - p < 1) return v.failAt(11, 53, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.failAt(12, 53, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 48) return v.failAt(13, 53, p, 48, n);
    p += 1;
    if (end - p < n) return v.failAt(14, 53, p, n, end - p);
    q = p + n;
    p = q;
  }
  if ((composite113Bits[1]! & 0x7fc) !== 0) return v.failAt(10, firstBit(composite113Bits[1]! & 0x7fc, 1), p, -1, -1);
  if ((composite113Bits[1]! & 0x2) !== 0) {
    if (end - p < 2) return v.failAt(11, 63, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.failAt(12, 63, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.failAt(14, 63, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 1) === 0)
      return v.failAt(contentFault(b, p, q), 63, p, n, n);
    p = q;
  }
  if ((composite113Bits[1]! & 0x1) !== 0) return v.failAt(10, firstBit(composite113Bits[1]! & 0x1, 1), p, -1, -1);
  if ((composite113Bits[2]! & -0x1) !== 0) return v.failAt(10, firstBit(composite113Bits[2]! & -0x1, 2), p, -1, -1);
  if ((composite113Bits[3]! & -0x1) !== 0) return v.failAt(10, firstBit(composite113Bits[3]! & -0x1, 3), p, -1, -1);
  if (p < end) return v.failHere(28, p, 0, end - p);
  return 0;
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
    if (n < 1) return v.fail(18, 2, p, 1, n);
    const c = n;
    n = (n + 1) >> 1;
    if (end - p < n) return v.fail(14, 2, p, n, end - p);
    q = p + n;
    if (bcdFault(b, p, q, c, 1, false) !== 0) return v.fail(15, 2, p, n, n);
    s[4] = p;
    s[5] = n;
    p = q;
  }
  if ((w & 0x20000000) !== 0) {
    if (end - p < 6) return v.fail(14, 3, p, 6, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & cls[b[(p + 4) | 0]!]! & cls[b[(p + 5) | 0]!]! & 8) === 0) return failContent(v, b, 3, p, 6);
    s[6] = p;
    s[7] = 6;
    p += 6;
  }
  if ((w & 0x10000000) !== 0) {
    if (end - p < 8) return v.fail(14, 4, p, 8, end - p);
    if (bcdFault(b, p, p + 8, 16, 1, false) !== 0) return v.fail(15, 4, p, 8, 8);
    s[8] = p;
    s[9] = 8;
    p += 8;
  }
  if ((w & 0x8000000) !== 0) {
    if (end - p < 8) return v.fail(14, 5, p, 8, end - p);
    if (bcdFault(b, p, p + 8, 16, 1, false) !== 0) return v.fail(15, 5, p, 8, 8);
    s[10] = p;
    s[11] = 8;
    p += 8;
  }
  if ((w & 0x4000000) !== 0) {
    if (end - p < 8) return v.fail(14, 6, p, 8, end - p);
    if (bcdFault(b, p, p + 8, 16, 1, false) !== 0) return v.fail(15, 6, p, 8, 8);
    s[12] = p;
    s[13] = 8;
    p += 8;
  }
  if ((w & 0x2000000) !== 0) {
    if (end - p < 5) return v.fail(14, 7, p, 5, end - p);
    if (bcdFault(b, p, p + 5, 10, 1, false) !== 0) return v.fail(15, 7, p, 5, 5);
    if (!isBcdDate(4, b, p, p + 5)) return v.fail(18, 7, p, 5, 5);
    s[14] = p;
    s[15] = 5;
    p += 5;
  }
  if ((w & 0x1000000) !== 0) {
    if (end - p < 6) return v.fail(14, 8, p, 6, end - p);
    if (bcdFault(b, p, p + 6, 12, 1, false) !== 0) return v.fail(15, 8, p, 6, 6);
    s[16] = p;
    s[17] = 6;
    p += 6;
  }
  if ((w & 0x800000) !== 0) {
    if (end - p < 4) return v.fail(14, 9, p, 4, end - p);
    if (bcdFault(b, p, p + 4, 8, 1, false) !== 0) return v.fail(15, 9, p, 4, 4);
    s[18] = p;
    s[19] = 4;
    p += 4;
  }
  if ((w & 0x400000) !== 0) {
    if (end - p < 4) return v.fail(14, 10, p, 4, end - p);
    if (bcdFault(b, p, p + 4, 8, 1, false) !== 0) return v.fail(15, 10, p, 4, 4);
    s[20] = p;
    s[21] = 4;
    p += 4;
  }
  if ((w & 0x200000) !== 0) {
    if (end - p < 6) return v.fail(14, 11, p, 6, end - p);
    if (bcdFault(b, p, p + 6, 12, 1, false) !== 0) return v.fail(15, 11, p, 6, 6);
    s[22] = p;
    s[23] = 6;
    p += 6;
  }
  if ((w & 0x100000) !== 0) {
    if (end - p < 7) return v.fail(14, 12, p, 7, end - p);
    if (bcdFault(b, p, p + 7, 14, 1, false) !== 0) return v.fail(15, 12, p, 7, 7);
    if (!isBcdDate(2, b, p, p + 7)) return v.fail(18, 12, p, 7, 7);
    s[24] = p;
    s[25] = 7;
    p += 7;
  }
  if ((w & 0x80000) !== 0) {
    if (end - p < 3) return v.fail(14, 13, p, 3, end - p);
    if (bcdFault(b, p, p + 3, 6, 1, false) !== 0) return v.fail(15, 13, p, 3, 3);
    if (!isBcdDate(6, b, p, p + 3)) return v.fail(18, 13, p, 3, 3);
    s[26] = p;
    s[27] = 3;
    p += 3;
  }
  if ((w & 0x40000) !== 0) {
    if (end - p < 2) return v.fail(14, 14, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 4, 1, false) !== 0) return v.fail(15, 14, p, 2, 2);
    if (!isBcdDate(1, b, p, p + 2)) return v.fail(18, 14, p, 2, 2);
    s[28] = p;
    s[29] = 2;
    p += 2;
  }
  if ((w & 0x20000) !== 0) {
    if (end - p < 4) return v.fail(14, 15, p, 4, end - p);
    if (bcdFault(b, p, p + 4, 8, 1, false) !== 0) return v.fail(15, 15, p, 4, 4);
    if (!isBcdDate(7, b, p, p + 4)) return v.fail(18, 15, p, 4, 4);
    s[30] = p;
    s[31] = 4;
    p += 4;
  }
  if ((w & 0x10000) !== 0) {
    if (end - p < 2) return v.fail(14, 16, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 4, 1, false) !== 0) return v.fail(15, 16, p, 2, 2);
    if (!isBcdDate(3, b, p, p + 2)) return v.fail(18, 16, p, 2, 2);
    s[32] = p;
    s[33] = 2;
    p += 2;
  }
  if ((w & 0x8000) !== 0) {
    if (end - p < 2) return v.fail(14, 17, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 4, 1, false) !== 0) return v.fail(15, 17, p, 2, 2);
    if (!isBcdDate(3, b, p, p + 2)) return v.fail(18, 17, p, 2, 2);
    s[34] = p;
    s[35] = 2;
    p += 2;
  }
  if ((w & 0x4000) !== 0) {
    if (end - p < 2) return v.fail(11, 18, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 18, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 140) return v.fail(13, 18, p, 140, n);
    p += 2;
    if (end - p < n) return v.fail(14, 18, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 18, p, n);
    s[36] = p;
    s[37] = n;
    p = q;
  }
  if ((w & 0x2000) !== 0) {
    if (end - p < 2) return v.fail(14, 19, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 3, 1, false) !== 0) return v.fail(15, 19, p, 2, 2);
    s[38] = p;
    s[39] = 2;
    p += 2;
  }
  if ((w & 0x1000) !== 0) {
    if (end - p < 2) return v.fail(14, 20, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 3, 1, false) !== 0) return v.fail(15, 20, p, 2, 2);
    s[40] = p;
    s[41] = 2;
    p += 2;
  }
  if ((w & 0x800) !== 0) {
    if (end - p < 22) return v.fail(14, 21, p, 22, end - p);
    const t = composite21(v, b, p, p + 22);
    if (t !== 0) return v.failComposite(21, t);
    s[42] = p;
    s[43] = 22;
    p += 22;
  }
  if ((w & 0x400) !== 0) {
    if (end - p < 16) return v.fail(14, 22, p, 16, end - p);
    s[44] = p;
    s[45] = 16;
    p += 16;
  }
  if ((w & 0x200) !== 0) {
    if (end - p < 2) return v.fail(14, 23, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 3, 1, false) !== 0) return v.fail(15, 23, p, 2, 2);
    s[46] = p;
    s[47] = 2;
    p += 2;
  }
  if ((w & 0x100) !== 0) {
    if (end - p < 2) return v.fail(14, 24, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 3, 1, false) !== 0) return v.fail(15, 24, p, 2, 2);
    s[48] = p;
    s[49] = 2;
    p += 2;
  }
  if ((w & 0x80) !== 0) {
    if (end - p < 2) return v.fail(14, 25, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 4, 1, false) !== 0) return v.fail(15, 25, p, 2, 2);
    s[50] = p;
    s[51] = 2;
    p += 2;
  }
  if ((w & 0x40) !== 0) {
    if (end - p < 2) return v.fail(14, 26, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 4, 1, false) !== 0) return v.fail(15, 26, p, 2, 2);
    s[52] = p;
    s[53] = 2;
    p += 2;
  }
  if ((w & 0x20) !== 0) {
    if (end - p < 27) return v.fail(14, 27, p, 27, end - p);
    const t = composite27(v, b, p, p + 27);
    if (t !== 0) return v.failComposite(27, t);
    s[54] = p;
    s[55] = 27;
    p += 27;
  }
  if ((w & 0x10) !== 0) {
    if (end - p < 4) return v.fail(14, 28, p, 4, end - p);
    if (bcdFault(b, p, p + 4, 8, 1, false) !== 0) return v.fail(15, 28, p, 4, 4);
    if (!isBcdDate(7, b, p, p + 4)) return v.fail(18, 28, p, 4, 4);
    s[56] = p;
    s[57] = 4;
    p += 4;
  }
  if ((w & 0x8) !== 0) {
    if (end - p < 2) return v.fail(14, 29, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 3, 1, false) !== 0) return v.fail(15, 29, p, 2, 2);
    s[58] = p;
    s[59] = 2;
    p += 2;
  }
  if ((w & 0x4) !== 0) {
    if (end - p < 16) return v.fail(14, 30, p, 16, end - p);
    const t = composite30(v, b, p, p + 16);
    if (t !== 0) return v.failComposite(30, t);
    s[60] = p;
    s[61] = 16;
    p += 16;
  }
  if ((w & 0x2) !== 0) {
    if (end - p < 12) return v.fail(14, 31, p, 12, end - p);
    if (bcdFault(b, p, p + 12, 23, 1, false) !== 0) return v.fail(15, 31, p, 12, 12);
    s[62] = p;
    s[63] = 12;
    p += 12;
  }
  if ((w & 0x1) !== 0) {
    if (end - p < 1) return v.fail(11, 32, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 32, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 11) return v.fail(13, 32, p, 11, n);
    p += 1;
    const c = n;
    n = (n + 1) >> 1;
    if (end - p < n) return v.fail(14, 32, p, n, end - p);
    q = p + n;
    if (bcdFault(b, p, q, c, 1, false) !== 0) return v.fail(15, 32, p, n, n);
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
    if (end - p < 1) return v.fail(11, 33, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 33, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 11) return v.fail(13, 33, p, 11, n);
    p += 1;
    const c = n;
    n = (n + 1) >> 1;
    if (end - p < n) return v.fail(14, 33, p, n, end - p);
    q = p + n;
    if (bcdFault(b, p, q, c, 1, false) !== 0) return v.fail(15, 33, p, n, n);
    s[66] = p;
    s[67] = n;
    p = q;
  }
  if ((w & 0x40000000) !== 0) {
    if (end - p < 2) return v.fail(11, 34, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 34, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 34, p, n, end - p);
    q = p + n;
    const t = composite34(v, b, p, q);
    if (t !== 0) return v.failComposite(34, t);
    s[68] = p;
    s[69] = n;
    p = q;
  }
  if ((w & 0x20000000) !== 0) {
    if (end - p < 1) return v.fail(11, 35, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 35, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 37) return v.fail(13, 35, p, 37, n);
    p += 1;
    if (end - p < n) return v.fail(14, 35, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 35, p, n);
    s[70] = p;
    s[71] = n;
    p = q;
  }
  if ((w & 0x10000000) !== 0) {
    if (end - p < 2) return v.fail(11, 36, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 36, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 104) return v.fail(13, 36, p, 104, n);
    p += 2;
    if (end - p < n) return v.fail(14, 36, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 36, p, n);
    s[72] = p;
    s[73] = n;
    p = q;
  }
  if ((w & 0x8000000) !== 0) {
    if (end - p < 12) return v.fail(14, 37, p, 12, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & cls[b[(p + 4) | 0]!]! & cls[b[(p + 5) | 0]!]! & cls[b[(p + 6) | 0]!]! & cls[b[(p + 7) | 0]!]! & cls[b[(p + 8) | 0]!]! & cls[b[(p + 9) | 0]!]! & cls[b[(p + 10) | 0]!]! & cls[b[(p + 11) | 0]!]! & 8) === 0) return failContent(v, b, 37, p, 12);
    s[74] = p;
    s[75] = 12;
    p += 12;
  }
  if ((w & 0x4000000) !== 0) {
    if (end - p < 6) return v.fail(14, 38, p, 6, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & cls[b[(p + 4) | 0]!]! & cls[b[(p + 5) | 0]!]! & 8) === 0) return failContent(v, b, 38, p, 6);
    s[76] = p;
    s[77] = 6;
    p += 6;
  }
  if ((w & 0x2000000) !== 0) {
    if (end - p < 2) return v.fail(14, 39, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 4, 1, false) !== 0) return v.fail(15, 39, p, 2, 2);
    s[78] = p;
    s[79] = 2;
    p += 2;
  }
  if ((w & 0x1000000) !== 0) {
    if (end - p < 2) return v.fail(14, 40, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 3, 1, false) !== 0) return v.fail(15, 40, p, 2, 2);
    s[80] = p;
    s[81] = 2;
    p += 2;
  }
  if ((w & 0x800000) !== 0) {
    if (end - p < 16) return v.fail(14, 41, p, 16, end - p);
    if (!allPrintable(v.words, b, p, p + 16)) return failContent(v, b, 41, p, 16);
    s[82] = p;
    s[83] = 16;
    p += 16;
  }
  if ((w & 0x400000) !== 0) {
    if (end - p < 1) return v.fail(11, 42, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 42, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 35) return v.fail(13, 42, p, 35, n);
    p += 1;
    if (end - p < n) return v.fail(14, 42, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 42, p, n);
    s[84] = p;
    s[85] = n;
    p = q;
  }
  if ((w & 0x200000) !== 0) {
    if (end - p < 2) return v.fail(11, 43, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 43, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 43, p, n, end - p);
    q = p + n;
    const t = composite43(v, b, p, q);
    if (t !== 0) return v.failComposite(43, t);
    s[86] = p;
    s[87] = n;
    p = q;
  }
  if ((w & 0x100000) !== 0) {
    if (end - p < 2) return v.fail(11, 44, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 44, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 44, p, n, end - p);
    q = p + n;
    s[88] = p;
    s[89] = n;
    p = q;
  }
  if ((w & 0x80000) !== 0) {
    if (end - p < 1) return v.fail(11, 45, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 45, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 76) return v.fail(13, 45, p, 76, n);
    p += 1;
    if (end - p < n) return v.fail(14, 45, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 45, p, n);
    s[90] = p;
    s[91] = n;
    p = q;
  }
  if ((w & 0x40000) !== 0) {
    if (end - p < 2) return v.fail(11, 46, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 46, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 216) return v.fail(13, 46, p, 216, n);
    p += 2;
    if (end - p < n) return v.fail(14, 46, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 46, p, n);
    s[92] = p;
    s[93] = n;
    p = q;
  }
  if ((w & 0x20000) !== 0) {
    if (end - p < 2) return v.fail(11, 47, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 47, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 999) return v.fail(13, 47, p, 999, n);
    p += 2;
    if (end - p < n) return v.fail(14, 47, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 47, p, n);
    s[94] = p;
    s[95] = n;
    p = q;
  }
  if ((w & 0x10000) !== 0) {
    if (end - p < 2) return v.fail(11, 48, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 48, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 999) return v.fail(13, 48, p, 999, n);
    p += 2;
    if (end - p < n) return v.fail(14, 48, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 48, p, n);
    s[96] = p;
    s[97] = n;
    p = q;
  }
  if ((w & 0x8000) !== 0) {
    if (end - p < 2) return v.fail(11, 49, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 49, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
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
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 50, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 50, p, n, end - p);
    q = p + n;
    s[100] = p;
    s[101] = n;
    p = q;
  }
  if ((w & 0x2000) !== 0) {
    if (end - p < 2) return v.fail(11, 51, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 51, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 51, p, n, end - p);
    q = p + n;
    s[102] = p;
    s[103] = n;
    p = q;
  }
  if ((w & 0x1000) !== 0) {
    if (end - p < 8) return v.fail(14, 52, p, 8, end - p);
    s[104] = p;
    s[105] = 8;
    p += 8;
  }
  if ((w & 0x800) !== 0) {
    if (end - p < 1) return v.fail(11, 53, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 53, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 48) return v.fail(13, 53, p, 48, n);
    p += 1;
    if (end - p < n) return v.fail(14, 53, p, n, end - p);
    q = p + n;
    s[106] = p;
    s[107] = n;
    p = q;
  }
  if ((w & 0x400) !== 0) {
    if (end - p < 2) return v.fail(11, 54, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 54, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 126) return v.fail(13, 54, p, 126, n);
    p += 2;
    if (end - p < n) return v.fail(14, 54, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 54, p, n);
    s[108] = p;
    s[109] = n;
    p = q;
  }
  if ((w & 0x200) !== 0) {
    if (end - p < 2) return v.fail(11, 55, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 55, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
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
    if (end - p < 1) return v.fail(11, 56, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 56, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 41) return v.fail(13, 56, p, 41, n);
    p += 1;
    const c = n;
    n = (n + 1) >> 1;
    if (end - p < n) return v.fail(14, 56, p, n, end - p);
    q = p + n;
    if (bcdFault(b, p, q, c, 1, false) !== 0) return v.fail(15, 56, p, n, n);
    s[112] = p;
    s[113] = n;
    p = q;
  }
  if ((w & 0x80) !== 0) {
    if (end - p < 2) return v.fail(14, 57, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 3, 1, false) !== 0) return v.fail(15, 57, p, 2, 2);
    s[114] = p;
    s[115] = 2;
    p += 2;
  }
  if ((w & 0x40) !== 0) {
    if (end - p < 1) return v.fail(11, 58, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 58, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 11) return v.fail(13, 58, p, 11, n);
    p += 1;
    const c = n;
    n = (n + 1) >> 1;
    if (end - p < n) return v.fail(14, 58, p, n, end - p);
    q = p + n;
    if (bcdFault(b, p, q, c, 1, false) !== 0) return v.fail(15, 58, p, n, n);
    s[116] = p;
    s[117] = n;
    p = q;
  }
  if ((w & 0x20) !== 0) {
    if (end - p < 2) return v.fail(11, 59, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 59, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 999) return v.fail(13, 59, p, 999, n);
    p += 2;
    if (end - p < n) return v.fail(14, 59, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 59, p, n);
    s[118] = p;
    s[119] = n;
    p = q;
  }
  if ((w & 0x10) !== 0) {
    if (end - p < 2) return v.fail(11, 60, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 60, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 999) return v.fail(13, 60, p, 999, n);
    p += 2;
    if (end - p < n) return v.fail(14, 60, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 60, p, n);
    s[120] = p;
    s[121] = n;
    p = q;
  }
  if ((w & 0x8) !== 0) {
    if (end - p < 2) return v.fail(11, 61, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 61, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 999) return v.fail(13, 61, p, 999, n);
    p += 2;
    if (end - p < n) return v.fail(14, 61, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 61, p, n);
    s[122] = p;
    s[123] = n;
    p = q;
  }
  if ((w & 0x4) !== 0) {
    if (end - p < 2) return v.fail(11, 62, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 62, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 999) return v.fail(13, 62, p, 999, n);
    p += 2;
    if (end - p < n) return v.fail(14, 62, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 62, p, n);
    s[124] = p;
    s[125] = n;
    p = q;
  }
  if ((w & 0x2) !== 0) {
    if (end - p < 2) return v.fail(11, 63, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 63, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 999) return v.fail(13, 63, p, 999, n);
    p += 2;
    if (end - p < n) return v.fail(14, 63, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 63, p, n);
    s[126] = p;
    s[127] = n;
    p = q;
  }
  if ((w & 0x1) !== 0) {
    if (end - p < 4) return v.fail(14, 64, p, 4, end - p);
    s[128] = p;
    s[129] = 4;
    p += 4;
  }
  return p;
}

function scanWord2(v: View, b: Buffer, at: number, end: number, w: number): number {
  const s = v.slots;
  let p = at;
  let n = 0;
  let q = 0;
  if ((w & 0x40000000) !== 0) {
    if (end - p < 2) return v.fail(11, 66, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 66, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 216) return v.fail(13, 66, p, 216, n);
    p += 2;
    if (end - p < n) return v.fail(14, 66, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 66, p, n);
    s[132] = p;
    s[133] = n;
    p = q;
  }
  if ((w & 0x20000000) !== 0) {
    if (end - p < 1) return v.fail(14, 67, p, 1, end - p);
    if (bcdFault(b, p, p + 1, 2, 1, false) !== 0) return v.fail(15, 67, p, 1, 1);
    s[134] = p;
    s[135] = 1;
    p += 1;
  }
  if ((w & 0x10000000) !== 0) {
    if (end - p < 9) return v.fail(14, 68, p, 9, end - p);
    if (!allPrintable(v.words, b, p, p + 9)) return failContent(v, b, 68, p, 9);
    s[136] = p;
    s[137] = 9;
    p += 9;
  }
  if ((w & 0x8000000) !== 0) {
    if (end - p < 40) return v.fail(14, 69, p, 40, end - p);
    if (!allPrintable(v.words, b, p, p + 40)) return failContent(v, b, 69, p, 40);
    s[138] = p;
    s[139] = 40;
    p += 40;
  }
  if ((w & 0x4000000) !== 0) {
    if (end - p < 9) return v.fail(14, 70, p, 9, end - p);
    if (bcdFault(b, p, p + 9, 18, 1, false) !== 0) return v.fail(15, 70, p, 9, 9);
    s[140] = p;
    s[141] = 9;
    p += 9;
  }
  if ((w & 0x2000000) !== 0) {
    if (end - p < 2) return v.fail(11, 71, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 71, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 71, p, n, end - p);
    q = p + n;
    s[142] = p;
    s[143] = n;
    p = q;
  }
  if ((w & 0x1000000) !== 0) {
    if (end - p < 2) return v.fail(11, 72, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 72, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 72, p, n, end - p);
    q = p + n;
    s[144] = p;
    s[145] = n;
    p = q;
  }
  if ((w & 0x800000) !== 0) {
    if (end - p < 4) return v.fail(14, 73, p, 4, end - p);
    if (bcdFault(b, p, p + 4, 8, 1, false) !== 0) return v.fail(15, 73, p, 4, 4);
    if (!isBcdDate(7, b, p, p + 4)) return v.fail(18, 73, p, 4, 4);
    s[146] = p;
    s[147] = 4;
    p += 4;
  }
  if ((w & 0x400000) !== 0) {
    if (end - p < 78) return v.fail(14, 74, p, 78, end - p);
    const t = composite74(v, b, p, p + 78);
    if (t !== 0) return v.failComposite(74, t);
    s[148] = p;
    s[149] = 78;
    p += 78;
  }
  if ((w & 0x200000) !== 0) {
    if (end - p < 45) return v.fail(14, 75, p, 45, end - p);
    if (bcdFault(b, p, p + 45, 90, 1, false) !== 0) return v.fail(15, 75, p, 45, 45);
    s[150] = p;
    s[151] = 45;
    p += 45;
  }
  if ((w & 0x100000) !== 0) {
    if (end - p < 2) return v.fail(11, 76, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 76, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 76, p, n, end - p);
    q = p + n;
    s[152] = p;
    s[153] = n;
    p = q;
  }
  if ((w & 0x80000) !== 0) {
    if (end - p < 2) return v.fail(11, 77, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 77, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 77, p, n, end - p);
    q = p + n;
    s[154] = p;
    s[155] = n;
    p = q;
  }
  if ((w & 0x40000) !== 0) {
    if (end - p < 2) return v.fail(11, 78, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 78, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 78, p, n, end - p);
    q = p + n;
    s[156] = p;
    s[157] = n;
    p = q;
  }
  if ((w & 0x20000) !== 0) {
    if (end - p < 2) return v.fail(11, 79, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 79, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 79, p, n, end - p);
    q = p + n;
    s[158] = p;
    s[159] = n;
    p = q;
  }
  if ((w & 0x10000) !== 0) {
    if (end - p < 2) return v.fail(11, 80, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 80, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 80, p, n, end - p);
    q = p + n;
    s[160] = p;
    s[161] = n;
    p = q;
  }
  if ((w & 0x8000) !== 0) {
    if (end - p < 2) return v.fail(11, 81, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 81, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 81, p, n, end - p);
    q = p + n;
    s[162] = p;
    s[163] = n;
    p = q;
  }
  if ((w & 0x4000) !== 0) {
    if (end - p < 2) return v.fail(11, 82, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 82, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 82, p, n, end - p);
    q = p + n;
    s[164] = p;
    s[165] = n;
    p = q;
  }
  if ((w & 0x2000) !== 0) {
    if (end - p < 2) return v.fail(11, 83, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 83, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 83, p, n, end - p);
    q = p + n;
    s[166] = p;
    s[167] = n;
    p = q;
  }
  if ((w & 0x1000) !== 0) {
    if (end - p < 2) return v.fail(11, 84, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 84, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 84, p, n, end - p);
    q = p + n;
    s[168] = p;
    s[169] = n;
    p = q;
  }
  if ((w & 0x800) !== 0) {
    if (end - p < 2) return v.fail(11, 85, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 85, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 85, p, n, end - p);
    q = p + n;
    s[170] = p;
    s[171] = n;
    p = q;
  }
  if ((w & 0x400) !== 0) {
    if (end - p < 2) return v.fail(11, 86, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 86, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 86, p, n, end - p);
    q = p + n;
    s[172] = p;
    s[173] = n;
    p = q;
  }
  if ((w & 0x200) !== 0) {
    if (end - p < 2) return v.fail(11, 87, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 87, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 87, p, n, end - p);
    q = p + n;
    s[174] = p;
    s[175] = n;
    p = q;
  }
  if ((w & 0x100) !== 0) {
    if (end - p < 2) return v.fail(11, 88, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 88, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 88, p, n, end - p);
    q = p + n;
    s[176] = p;
    s[177] = n;
    p = q;
  }
  if ((w & 0x80) !== 0) {
    if (end - p < 2) return v.fail(11, 89, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 89, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 89, p, n, end - p);
    q = p + n;
    s[178] = p;
    s[179] = n;
    p = q;
  }
  if ((w & 0x40) !== 0) {
    if (end - p < 2) return v.fail(11, 90, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 90, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 90, p, n, end - p);
    q = p + n;
    s[180] = p;
    s[181] = n;
    p = q;
  }
  if ((w & 0x20) !== 0) {
    if (end - p < 2) return v.fail(11, 91, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 91, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 91, p, n, end - p);
    q = p + n;
    s[182] = p;
    s[183] = n;
    p = q;
  }
  if ((w & 0x10) !== 0) {
    if (end - p < 2) return v.fail(11, 92, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 92, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 92, p, n, end - p);
    q = p + n;
    s[184] = p;
    s[185] = n;
    p = q;
  }
  if ((w & 0x8) !== 0) {
    if (end - p < 1) return v.fail(11, 93, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 93, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 11) return v.fail(13, 93, p, 11, n);
    p += 1;
    const c = n;
    n = (n + 1) >> 1;
    if (end - p < n) return v.fail(14, 93, p, n, end - p);
    q = p + n;
    if (bcdFault(b, p, q, c, 1, false) !== 0) return v.fail(15, 93, p, n, n);
    s[186] = p;
    s[187] = n;
    p = q;
  }
  if ((w & 0x4) !== 0) {
    if (end - p < 1) return v.fail(11, 94, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 94, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 11) return v.fail(13, 94, p, 11, n);
    p += 1;
    const c = n;
    n = (n + 1) >> 1;
    if (end - p < n) return v.fail(14, 94, p, n, end - p);
    q = p + n;
    if (bcdFault(b, p, q, c, 1, false) !== 0) return v.fail(15, 94, p, n, n);
    s[188] = p;
    s[189] = n;
    p = q;
  }
  if ((w & 0x2) !== 0) {
    if (end - p < 1) return v.fail(11, 95, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 95, p, 1, 1);
    n = d0 * 10 + d1;
    p += 1;
    if (end - p < n) return v.fail(14, 95, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 95, p, n);
    s[190] = p;
    s[191] = n;
    p = q;
  }
  if ((w & 0x1) !== 0) {
    if (end - p < 2) return v.fail(11, 96, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 96, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 999) return v.fail(13, 96, p, 999, n);
    p += 2;
    if (end - p < n) return v.fail(14, 96, p, n, end - p);
    q = p + n;
    s[192] = p;
    s[193] = n;
    p = q;
  }
  return p;
}

function scanWord3(v: View, b: Buffer, at: number, end: number, w: number): number {
  const s = v.slots;
  let p = at;
  let n = 0;
  let q = 0;
  if ((w & -0x80000000) !== 0) {
    if (end - p < 11) return v.fail(14, 97, p, 11, end - p);
    if (bcdFault(b, p, p + 11, 21, 1, false) !== 0) return v.fail(15, 97, p, 11, 11);
    s[194] = p;
    s[195] = 11;
    p += 11;
  }
  if ((w & 0x40000000) !== 0) {
    if (end - p < 25) return v.fail(14, 98, p, 25, end - p);
    if (!allPrintable(v.words, b, p, p + 25)) return failContent(v, b, 98, p, 25);
    s[196] = p;
    s[197] = 25;
    p += 25;
  }
  if ((w & 0x20000000) !== 0) {
    if (end - p < 1) return v.fail(11, 99, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 99, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 11) return v.fail(13, 99, p, 11, n);
    p += 1;
    if (end - p < n) return v.fail(14, 99, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 99, p, n);
    s[198] = p;
    s[199] = n;
    p = q;
  }
  if ((w & 0x10000000) !== 0) {
    if (end - p < 1) return v.fail(11, 100, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 100, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 11) return v.fail(13, 100, p, 11, n);
    p += 1;
    const c = n;
    n = (n + 1) >> 1;
    if (end - p < n) return v.fail(14, 100, p, n, end - p);
    q = p + n;
    if (bcdFault(b, p, q, c, 1, false) !== 0) return v.fail(15, 100, p, n, n);
    s[200] = p;
    s[201] = n;
    p = q;
  }
  if ((w & 0x8000000) !== 0) {
    if (end - p < 1) return v.fail(11, 101, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 101, p, 1, 1);
    n = d0 * 10 + d1;
    p += 1;
    if (end - p < n) return v.fail(14, 101, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 101, p, n);
    s[202] = p;
    s[203] = n;
    p = q;
  }
  if ((w & 0x4000000) !== 0) {
    if (end - p < 1) return v.fail(11, 102, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 102, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 28) return v.fail(13, 102, p, 28, n);
    p += 1;
    if (end - p < n) return v.fail(14, 102, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 102, p, n);
    s[204] = p;
    s[205] = n;
    p = q;
  }
  if ((w & 0x2000000) !== 0) {
    if (end - p < 1) return v.fail(11, 103, p, 1, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 103, p, 1, 1);
    n = d0 * 10 + d1;
    if (n > 28) return v.fail(13, 103, p, 28, n);
    p += 1;
    if (end - p < n) return v.fail(14, 103, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 103, p, n);
    s[206] = p;
    s[207] = n;
    p = q;
  }
  if ((w & 0x1000000) !== 0) {
    if (end - p < 2) return v.fail(11, 104, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 104, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 104, p, n, end - p);
    q = p + n;
    s[208] = p;
    s[209] = n;
    p = q;
  }
  if ((w & 0x800000) !== 0) {
    if (end - p < 2) return v.fail(11, 105, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 105, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 105, p, n, end - p);
    q = p + n;
    s[210] = p;
    s[211] = n;
    p = q;
  }
  if ((w & 0x400000) !== 0) {
    if (end - p < 2) return v.fail(11, 106, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 106, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 106, p, n, end - p);
    q = p + n;
    s[212] = p;
    s[213] = n;
    p = q;
  }
  if ((w & 0x200000) !== 0) {
    if (end - p < 2) return v.fail(11, 107, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 107, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 107, p, n, end - p);
    q = p + n;
    s[214] = p;
    s[215] = n;
    p = q;
  }
  if ((w & 0x100000) !== 0) {
    if (end - p < 2) return v.fail(11, 108, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 108, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 108, p, n, end - p);
    q = p + n;
    s[216] = p;
    s[217] = n;
    p = q;
  }
  if ((w & 0x80000) !== 0) {
    if (end - p < 2) return v.fail(11, 109, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 109, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 144) return v.fail(13, 109, p, 144, n);
    p += 2;
    if (end - p < n) return v.fail(14, 109, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 109, p, n);
    s[218] = p;
    s[219] = n;
    p = q;
  }
  if ((w & 0x40000) !== 0) {
    if (end - p < 2) return v.fail(11, 110, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 110, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 144) return v.fail(13, 110, p, 144, n);
    p += 2;
    if (end - p < n) return v.fail(14, 110, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 110, p, n);
    s[220] = p;
    s[221] = n;
    p = q;
  }
  if ((w & 0x20000) !== 0) {
    if (end - p < 2) return v.fail(11, 111, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 111, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 111, p, n, end - p);
    q = p + n;
    s[222] = p;
    s[223] = n;
    p = q;
  }
  if ((w & 0x10000) !== 0) {
    if (end - p < 2) return v.fail(11, 112, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 112, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 112, p, n, end - p);
    q = p + n;
    s[224] = p;
    s[225] = n;
    p = q;
  }
  if ((w & 0x8000) !== 0) {
    if (end - p < 2) return v.fail(11, 113, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 113, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 113, p, n, end - p);
    q = p + n;
    const t = composite113(v, b, p, q);
    if (t !== 0) return v.failComposite(113, t);
    s[226] = p;
    s[227] = n;
    p = q;
  }
  if ((w & 0x4000) !== 0) {
    if (end - p < 2) return v.fail(11, 114, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 114, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 114, p, n, end - p);
    q = p + n;
    s[228] = p;
    s[229] = n;
    p = q;
  }
  if ((w & 0x2000) !== 0) {
    if (end - p < 2) return v.fail(11, 115, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 115, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 115, p, n, end - p);
    q = p + n;
    s[230] = p;
    s[231] = n;
    p = q;
  }
  if ((w & 0x1000) !== 0) {
    if (end - p < 2) return v.fail(11, 116, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 116, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 116, p, n, end - p);
    q = p + n;
    s[232] = p;
    s[233] = n;
    p = q;
  }
  if ((w & 0x800) !== 0) {
    if (end - p < 2) return v.fail(11, 117, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 117, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 117, p, n, end - p);
    q = p + n;
    s[234] = p;
    s[235] = n;
    p = q;
  }
  if ((w & 0x400) !== 0) {
    if (end - p < 2) return v.fail(11, 118, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 118, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 118, p, n, end - p);
    q = p + n;
    s[236] = p;
    s[237] = n;
    p = q;
  }
  if ((w & 0x200) !== 0) {
    if (end - p < 2) return v.fail(11, 119, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 119, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 119, p, n, end - p);
    q = p + n;
    s[238] = p;
    s[239] = n;
    p = q;
  }
  if ((w & 0x100) !== 0) {
    if (end - p < 2) return v.fail(11, 120, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 120, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 120, p, n, end - p);
    q = p + n;
    s[240] = p;
    s[241] = n;
    p = q;
  }
  if ((w & 0x80) !== 0) {
    if (end - p < 2) return v.fail(11, 121, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 121, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 121, p, n, end - p);
    q = p + n;
    s[242] = p;
    s[243] = n;
    p = q;
  }
  if ((w & 0x40) !== 0) {
    if (end - p < 2) return v.fail(11, 122, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 122, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 122, p, n, end - p);
    q = p + n;
    s[244] = p;
    s[245] = n;
    p = q;
  }
  if ((w & 0x20) !== 0) {
    if (end - p < 2) return v.fail(11, 123, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 123, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    if (n > 999) return v.fail(13, 123, p, 999, n);
    p += 2;
    if (end - p < n) return v.fail(14, 123, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 123, p, n);
    s[246] = p;
    s[247] = n;
    p = q;
  }
  if ((w & 0x10) !== 0) {
    if (end - p < 2) return v.fail(11, 124, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 124, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 124, p, n, end - p);
    q = p + n;
    s[248] = p;
    s[249] = n;
    p = q;
  }
  if ((w & 0x8) !== 0) {
    if (end - p < 2) return v.fail(11, 125, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 125, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 125, p, n, end - p);
    q = p + n;
    s[250] = p;
    s[251] = n;
    p = q;
  }
  if ((w & 0x4) !== 0) {
    if (end - p < 2) return v.fail(11, 126, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 126, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 126, p, n, end - p);
    q = p + n;
    s[252] = p;
    s[253] = n;
    p = q;
  }
  if ((w & 0x2) !== 0) {
    if (end - p < 2) return v.fail(11, 127, p, 2, end - p);
    const d0 = b[p]! >> 4;
    const d1 = b[p]! & 15;
    const d2 = b[(p + 1) | 0]! >> 4;
    const d3 = b[(p + 1) | 0]! & 15;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9)
      return v.fail(12, 127, p, 2, 2);
    n = d0 * 1000 + d1 * 100 + d2 * 10 + d3;
    p += 2;
    if (end - p < n) return v.fail(14, 127, p, n, end - p);
    q = p + n;
    s[254] = p;
    s[255] = n;
    p = q;
  }
  if ((w & 0x1) !== 0) {
    if (end - p < 4) return v.fail(14, 128, p, 4, end - p);
    s[256] = p;
    s[257] = 4;
    p += 4;
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
  if (end > b.length || end - off > 65535) {
    return v.fail(1, 0, off, 65535, end - off);
  }
  return scanFrom(v, b, off, end);
}

function scanFrom(v: View, b: Buffer, at: number, end: number): number {
  if (end - at < 2) return v.fail(4, 0, at, 2, end - at);
  const m0 = b[at]! >> 4;
  const m1 = b[at]! & 15;
  const m2 = b[at + 1]! >> 4;
  const m3 = b[at + 1]! & 15;
  if (m0 !== 2 || m1 >>> 0 > 9 || m2 >>> 0 > 9 || m3 >>> 0 > 9)
    return v.fail(5, 0, at, 2, 2);
  const mti = (m0 << 12) | (m1 << 8) | (m2 << 4) | m3;
  v.mti = mti;
  const known =
    ((0x1fe >> m1) & 1) !== 0 &&
    ((0xff >> m2) & 1) !== 0 &&
    ((0x3f >> m3) & 1) !== 0;
  let p = readPrimary(v, b, at + 2, end);
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
  bytesMax: 65535,
  bits: 128,
  isPlain: false,
};

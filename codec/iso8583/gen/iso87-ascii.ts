// Made by codec/iso8583/generator/main.ts from the dialect data: change that, not this.
import { failContent, isMonthDay, isTime, isYearMonth, isYearMonthDay } from "../content.ts";
import type { Generated } from "../generated.ts";
import { failTrailing, failUnknownMTI } from "../scan-end.ts";
import { byteClass, classAnd, hexValue } from "../tables.ts";
import { allDigits, allPrintable } from "../words.ts";
import type { View } from "../view.ts";

const cls = byteClass;
const hex = hexValue;

function messageRow(mti: number): number {
  switch (mti) {
    case 0x0800:
    case 0x0801:
    case 0x0820:
    case 0x0821:
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
  0x2200000, 0x0, 0x4000000, 0x0, 0x72380001, -0x773f8000, 0x0, 0x0,
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
  9, 0, 0, 0, 0, 0, 12, 6, 2, 3, 8, 15, 40, 0, 0, 0, 0, 0, 3, 3, 3, 16, 16, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 16, 0, 1, 2, 3, 3, 3, 4, 4, 6, 10, 10, 10, 10, 10, 10, 10, 10, 12, 12, 12, 12, 16, 16,
  16, 16, 42, 1, 2, 5, 7, 42, 16, 17, 25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16,
);

const max = Uint32Array.of(
  0, 0, 19, 6, 12, 12, 12, 10, 8, 8, 8, 6, 6, 4, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 2, 2, 1, 9, 9,
  9, 9, 11, 11, 28, 37, 104, 12, 6, 2, 3, 8, 15, 40, 25, 76, 999, 999, 999, 3, 3, 3, 16, 16, 120,
  999, 999, 999, 999, 999, 999, 999, 999, 999, 16, 0, 1, 2, 3, 3, 3, 4, 4, 6, 10, 10, 10, 10, 10,
  10, 10, 10, 12, 12, 12, 12, 16, 16, 16, 16, 42, 1, 2, 5, 7, 42, 16, 17, 25, 11, 11, 17, 28, 28,
  100, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999,
  999, 999, 999, 999, 999, 16,
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

function scanWord0(v: View, b: Buffer, at: number, end: number, w: number): number {
  const s = v.slots;
  let p = at;
  let n = 0;
  let q = 0;
  if ((w & 0x40000000) !== 0) {
    if (end - p < 2) return v.fail(11, 2, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 2, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 19) return v.fail(13, 2, p, 19, n);
    p += 2;
    if (n < 1) return v.fail(18, 2, p, 1, n);
    if (end - p < n) return v.fail(14, 2, p, n, end - p);
    q = p + n;
    if (!allDigits(v.words, b, p, q)) return failContent(v, b, 2, p, n);
    s[4] = p;
    s[5] = n;
    p = q;
  }
  if (
    (w & 0x3ffffffe) === 0x323c4480 &&
    end - p >= 57 &&
    allDigits(v.words, b, p, (p + 57) | 0) &&
    isMonthDay(b, ((p + 18) | 0)) && isTime(b, ((p + 18) | 0) + 4) &&
    isTime(b, ((p + 34) | 0)) &&
    isMonthDay(b, ((p + 40) | 0)) &&
    isYearMonth(b, ((p + 44) | 0))
  ) {
    s[6] = p;
    s[7] = 6;
    s[8] = (p + 6) | 0;
    s[9] = 12;
    s[14] = (p + 18) | 0;
    s[15] = 10;
    s[22] = (p + 28) | 0;
    s[23] = 6;
    s[24] = (p + 34) | 0;
    s[25] = 6;
    s[26] = (p + 40) | 0;
    s[27] = 4;
    s[28] = (p + 44) | 0;
    s[29] = 4;
    s[36] = (p + 48) | 0;
    s[37] = 4;
    s[44] = (p + 52) | 0;
    s[45] = 3;
    s[50] = (p + 55) | 0;
    s[51] = 2;
    p = (p + 57) | 0;
  } else {
    if ((w & 0x20000000) !== 0) {
      if (end - p < 6) return v.fail(14, 3, p, 6, end - p);
      if (!allDigits(v.words, b, p, p + 6)) return failContent(v, b, 3, p, 6);
      s[6] = p;
      s[7] = 6;
      p += 6;
    }
    if ((w & 0x10000000) !== 0) {
      if (end - p < 12) return v.fail(14, 4, p, 12, end - p);
      if (!allDigits(v.words, b, p, p + 12)) return failContent(v, b, 4, p, 12);
      s[8] = p;
      s[9] = 12;
      p += 12;
    }
    if ((w & 0x8000000) !== 0) {
      if (end - p < 12) return v.fail(14, 5, p, 12, end - p);
      if (!allDigits(v.words, b, p, p + 12)) return failContent(v, b, 5, p, 12);
      s[10] = p;
      s[11] = 12;
      p += 12;
    }
    if ((w & 0x4000000) !== 0) {
      if (end - p < 12) return v.fail(14, 6, p, 12, end - p);
      if (!allDigits(v.words, b, p, p + 12)) return failContent(v, b, 6, p, 12);
      s[12] = p;
      s[13] = 12;
      p += 12;
    }
    if ((w & 0x2000000) !== 0) {
      if (end - p < 10) return v.fail(14, 7, p, 10, end - p);
      if (!allDigits(v.words, b, p, p + 10)) return failContent(v, b, 7, p, 10);
      if (!(isMonthDay(b, p) && isTime(b, p + 4))) return failContent(v, b, 7, p, 10);
      s[14] = p;
      s[15] = 10;
      p += 10;
    }
    if ((w & 0x1000000) !== 0) {
      if (end - p < 8) return v.fail(14, 8, p, 8, end - p);
      if (!allDigits(v.words, b, p, p + 8)) return failContent(v, b, 8, p, 8);
      s[16] = p;
      s[17] = 8;
      p += 8;
    }
    if ((w & 0x800000) !== 0) {
      if (end - p < 8) return v.fail(14, 9, p, 8, end - p);
      if (!allDigits(v.words, b, p, p + 8)) return failContent(v, b, 9, p, 8);
      s[18] = p;
      s[19] = 8;
      p += 8;
    }
    if ((w & 0x400000) !== 0) {
      if (end - p < 8) return v.fail(14, 10, p, 8, end - p);
      if (!allDigits(v.words, b, p, p + 8)) return failContent(v, b, 10, p, 8);
      s[20] = p;
      s[21] = 8;
      p += 8;
    }
    if ((w & 0x200000) !== 0) {
      if (end - p < 6) return v.fail(14, 11, p, 6, end - p);
      if (!allDigits(v.words, b, p, p + 6)) return failContent(v, b, 11, p, 6);
      s[22] = p;
      s[23] = 6;
      p += 6;
    }
    if ((w & 0x100000) !== 0) {
      if (end - p < 6) return v.fail(14, 12, p, 6, end - p);
      if (!allDigits(v.words, b, p, p + 6)) return failContent(v, b, 12, p, 6);
      if (!(isTime(b, p))) return failContent(v, b, 12, p, 6);
      s[24] = p;
      s[25] = 6;
      p += 6;
    }
    if ((w & 0x80000) !== 0) {
      if (end - p < 4) return v.fail(14, 13, p, 4, end - p);
      if (!allDigits(v.words, b, p, p + 4)) return failContent(v, b, 13, p, 4);
      if (!(isMonthDay(b, p))) return failContent(v, b, 13, p, 4);
      s[26] = p;
      s[27] = 4;
      p += 4;
    }
    if ((w & 0x40000) !== 0) {
      if (end - p < 4) return v.fail(14, 14, p, 4, end - p);
      if (!allDigits(v.words, b, p, p + 4)) return failContent(v, b, 14, p, 4);
      if (!(isYearMonth(b, p))) return failContent(v, b, 14, p, 4);
      s[28] = p;
      s[29] = 4;
      p += 4;
    }
    if ((w & 0x20000) !== 0) {
      if (end - p < 4) return v.fail(14, 15, p, 4, end - p);
      if (!allDigits(v.words, b, p, p + 4)) return failContent(v, b, 15, p, 4);
      if (!(isMonthDay(b, p))) return failContent(v, b, 15, p, 4);
      s[30] = p;
      s[31] = 4;
      p += 4;
    }
    if ((w & 0x10000) !== 0) {
      if (end - p < 4) return v.fail(14, 16, p, 4, end - p);
      if (!allDigits(v.words, b, p, p + 4)) return failContent(v, b, 16, p, 4);
      if (!(isMonthDay(b, p))) return failContent(v, b, 16, p, 4);
      s[32] = p;
      s[33] = 4;
      p += 4;
    }
    if ((w & 0x8000) !== 0) {
      if (end - p < 4) return v.fail(14, 17, p, 4, end - p);
      if (!allDigits(v.words, b, p, p + 4)) return failContent(v, b, 17, p, 4);
      if (!(isMonthDay(b, p))) return failContent(v, b, 17, p, 4);
      s[34] = p;
      s[35] = 4;
      p += 4;
    }
    if ((w & 0x4000) !== 0) {
      if (end - p < 4) return v.fail(14, 18, p, 4, end - p);
      if (!allDigits(v.words, b, p, p + 4)) return failContent(v, b, 18, p, 4);
      s[36] = p;
      s[37] = 4;
      p += 4;
    }
    if ((w & 0x2000) !== 0) {
      if (end - p < 3) return v.fail(14, 19, p, 3, end - p);
      if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 2) === 0) return failContent(v, b, 19, p, 3);
      s[38] = p;
      s[39] = 3;
      p += 3;
    }
    if ((w & 0x1000) !== 0) {
      if (end - p < 3) return v.fail(14, 20, p, 3, end - p);
      if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 2) === 0) return failContent(v, b, 20, p, 3);
      s[40] = p;
      s[41] = 3;
      p += 3;
    }
    if ((w & 0x800) !== 0) {
      if (end - p < 3) return v.fail(14, 21, p, 3, end - p);
      if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 2) === 0) return failContent(v, b, 21, p, 3);
      s[42] = p;
      s[43] = 3;
      p += 3;
    }
    if ((w & 0x400) !== 0) {
      if (end - p < 3) return v.fail(14, 22, p, 3, end - p);
      if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 2) === 0) return failContent(v, b, 22, p, 3);
      s[44] = p;
      s[45] = 3;
      p += 3;
    }
    if ((w & 0x200) !== 0) {
      if (end - p < 3) return v.fail(14, 23, p, 3, end - p);
      if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 2) === 0) return failContent(v, b, 23, p, 3);
      s[46] = p;
      s[47] = 3;
      p += 3;
    }
    if ((w & 0x100) !== 0) {
      if (end - p < 3) return v.fail(14, 24, p, 3, end - p);
      if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 2) === 0) return failContent(v, b, 24, p, 3);
      s[48] = p;
      s[49] = 3;
      p += 3;
    }
    if ((w & 0x80) !== 0) {
      if (end - p < 2) return v.fail(14, 25, p, 2, end - p);
      if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & 2) === 0) return failContent(v, b, 25, p, 2);
      s[50] = p;
      s[51] = 2;
      p += 2;
    }
    if ((w & 0x40) !== 0) {
      if (end - p < 2) return v.fail(14, 26, p, 2, end - p);
      if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & 2) === 0) return failContent(v, b, 26, p, 2);
      s[52] = p;
      s[53] = 2;
      p += 2;
    }
    if ((w & 0x20) !== 0) {
      if (end - p < 1) return v.fail(14, 27, p, 1, end - p);
      if ((cls[b[p]!]! & 2) === 0) return failContent(v, b, 27, p, 1);
      s[54] = p;
      s[55] = 1;
      p += 1;
    }
    if ((w & 0x10) !== 0) {
      if (end - p < 9) return v.fail(14, 28, p, 9, end - p);
      if (b[p] !== 67 && b[p] !== 68) return failContent(v, b, 28, p, 9);
      if (!allDigits(v.words, b, (p + 1) | 0, p + 9)) return failContent(v, b, 28, p, 9);
      s[56] = p;
      s[57] = 9;
      p += 9;
    }
    if ((w & 0x8) !== 0) {
      if (end - p < 9) return v.fail(14, 29, p, 9, end - p);
      if (b[p] !== 67 && b[p] !== 68) return failContent(v, b, 29, p, 9);
      if (!allDigits(v.words, b, (p + 1) | 0, p + 9)) return failContent(v, b, 29, p, 9);
      s[58] = p;
      s[59] = 9;
      p += 9;
    }
    if ((w & 0x4) !== 0) {
      if (end - p < 9) return v.fail(14, 30, p, 9, end - p);
      if (b[p] !== 67 && b[p] !== 68) return failContent(v, b, 30, p, 9);
      if (!allDigits(v.words, b, (p + 1) | 0, p + 9)) return failContent(v, b, 30, p, 9);
      s[60] = p;
      s[61] = 9;
      p += 9;
    }
    if ((w & 0x2) !== 0) {
      if (end - p < 9) return v.fail(14, 31, p, 9, end - p);
      if (b[p] !== 67 && b[p] !== 68) return failContent(v, b, 31, p, 9);
      if (!allDigits(v.words, b, (p + 1) | 0, p + 9)) return failContent(v, b, 31, p, 9);
      s[62] = p;
      s[63] = 9;
      p += 9;
    }
  }
  if ((w & 0x1) !== 0) {
    if (end - p < 2) return v.fail(11, 32, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 32, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 11) return v.fail(13, 32, p, 11, n);
    p += 2;
    if (end - p < n) return v.fail(14, 32, p, n, end - p);
    q = p + n;
    if (!allDigits(v.words, b, p, q)) return failContent(v, b, 32, p, n);
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
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 33, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 11) return v.fail(13, 33, p, 11, n);
    p += 2;
    if (end - p < n) return v.fail(14, 33, p, n, end - p);
    q = p + n;
    if (!allDigits(v.words, b, p, q)) return failContent(v, b, 33, p, n);
    s[66] = p;
    s[67] = n;
    p = q;
  }
  if ((w & 0x40000000) !== 0) {
    if (end - p < 2) return v.fail(11, 34, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 34, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 28) return v.fail(13, 34, p, 28, n);
    p += 2;
    if (end - p < n) return v.fail(14, 34, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 16) === 0)
      return failContent(v, b, 34, p, n);
    s[68] = p;
    s[69] = n;
    p = q;
  }
  if ((w & 0x20000000) !== 0) {
    if (end - p < 2) return v.fail(11, 35, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 35, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 37) return v.fail(13, 35, p, 37, n);
    p += 2;
    if (end - p < n) return v.fail(14, 35, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 32) === 0)
      return failContent(v, b, 35, p, n);
    s[70] = p;
    s[71] = n;
    p = q;
  }
  if ((w & 0x10000000) !== 0) {
    if (end - p < 3) return v.fail(11, 36, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 36, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 104) return v.fail(13, 36, p, 104, n);
    p += 3;
    if (end - p < n) return v.fail(14, 36, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 32) === 0)
      return failContent(v, b, 36, p, n);
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
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & 8) === 0) return failContent(v, b, 39, p, 2);
    s[78] = p;
    s[79] = 2;
    p += 2;
  }
  if ((w & 0x1000000) !== 0) {
    if (end - p < 3) return v.fail(14, 40, p, 3, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 8) === 0) return failContent(v, b, 40, p, 3);
    s[80] = p;
    s[81] = 3;
    p += 3;
  }
  if ((w & 0x800000) !== 0) {
    if (end - p < 8) return v.fail(14, 41, p, 8, end - p);
    if (!allPrintable(v.words, b, p, p + 8)) return failContent(v, b, 41, p, 8);
    s[82] = p;
    s[83] = 8;
    p += 8;
  }
  if ((w & 0x400000) !== 0) {
    if (end - p < 15) return v.fail(14, 42, p, 15, end - p);
    if (!allPrintable(v.words, b, p, p + 15)) return failContent(v, b, 42, p, 15);
    s[84] = p;
    s[85] = 15;
    p += 15;
  }
  if ((w & 0x200000) !== 0) {
    if (end - p < 40) return v.fail(14, 43, p, 40, end - p);
    if (!allPrintable(v.words, b, p, p + 40)) return failContent(v, b, 43, p, 40);
    s[86] = p;
    s[87] = 40;
    p += 40;
  }
  if ((w & 0x100000) !== 0) {
    if (end - p < 2) return v.fail(11, 44, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 44, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 25) return v.fail(13, 44, p, 25, n);
    p += 2;
    if (end - p < n) return v.fail(14, 44, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 44, p, n);
    s[88] = p;
    s[89] = n;
    p = q;
  }
  if ((w & 0x80000) !== 0) {
    if (end - p < 2) return v.fail(11, 45, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 45, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 76) return v.fail(13, 45, p, 76, n);
    p += 2;
    if (end - p < n) return v.fail(14, 45, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 45, p, n);
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
    p += 3;
    if (end - p < n) return v.fail(14, 46, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 46, p, n);
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
    p += 3;
    if (end - p < n) return v.fail(14, 47, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 47, p, n);
    s[94] = p;
    s[95] = n;
    p = q;
  }
  if ((w & 0x10000) !== 0) {
    if (end - p < 3) return v.fail(11, 48, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 48, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 48, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 48, p, n);
    s[96] = p;
    s[97] = n;
    p = q;
  }
  if ((w & 0x8000) !== 0) {
    if (end - p < 3) return v.fail(14, 49, p, 3, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 8) === 0) return failContent(v, b, 49, p, 3);
    s[98] = p;
    s[99] = 3;
    p += 3;
  }
  if ((w & 0x4000) !== 0) {
    if (end - p < 3) return v.fail(14, 50, p, 3, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 8) === 0) return failContent(v, b, 50, p, 3);
    s[100] = p;
    s[101] = 3;
    p += 3;
  }
  if ((w & 0x2000) !== 0) {
    if (end - p < 3) return v.fail(14, 51, p, 3, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 8) === 0) return failContent(v, b, 51, p, 3);
    s[102] = p;
    s[103] = 3;
    p += 3;
  }
  if ((w & 0x1000) !== 0) {
    if (end - p < 16) return v.fail(14, 52, p, 16, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & cls[b[(p + 4) | 0]!]! & cls[b[(p + 5) | 0]!]! & cls[b[(p + 6) | 0]!]! & cls[b[(p + 7) | 0]!]! & cls[b[(p + 8) | 0]!]! & cls[b[(p + 9) | 0]!]! & cls[b[(p + 10) | 0]!]! & cls[b[(p + 11) | 0]!]! & cls[b[(p + 12) | 0]!]! & cls[b[(p + 13) | 0]!]! & cls[b[(p + 14) | 0]!]! & cls[b[(p + 15) | 0]!]! & 64) === 0) return v.fail(16, 52, p, 16, 16);
    s[104] = p;
    s[105] = 16;
    p += 16;
  }
  if ((w & 0x800) !== 0) {
    if (end - p < 16) return v.fail(14, 53, p, 16, end - p);
    if (!allDigits(v.words, b, p, p + 16)) return failContent(v, b, 53, p, 16);
    s[106] = p;
    s[107] = 16;
    p += 16;
  }
  if ((w & 0x400) !== 0) {
    if (end - p < 3) return v.fail(11, 54, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 54, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 120) return v.fail(13, 54, p, 120, n);
    p += 3;
    if (end - p < n) return v.fail(14, 54, p, n, end - p);
    q = p + n;
    if ((classAnd(b, p, q) & 8) === 0)
      return failContent(v, b, 54, p, n);
    s[108] = p;
    s[109] = n;
    p = q;
  }
  if ((w & 0x200) !== 0) {
    if (end - p < 3) return v.fail(11, 55, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 55, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 55, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 55, p, n);
    s[110] = p;
    s[111] = n;
    p = q;
  }
  if ((w & 0x100) !== 0) {
    if (end - p < 3) return v.fail(11, 56, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 56, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 56, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 56, p, n);
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
    p += 3;
    if (end - p < n) return v.fail(14, 57, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 57, p, n);
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
    p += 3;
    if (end - p < n) return v.fail(14, 58, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 58, p, n);
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
    p += 3;
    if (end - p < n) return v.fail(14, 59, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 59, p, n);
    s[118] = p;
    s[119] = n;
    p = q;
  }
  if ((w & 0x10) !== 0) {
    if (end - p < 3) return v.fail(11, 60, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 60, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 60, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 60, p, n);
    s[120] = p;
    s[121] = n;
    p = q;
  }
  if ((w & 0x8) !== 0) {
    if (end - p < 3) return v.fail(11, 61, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 61, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 61, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 61, p, n);
    s[122] = p;
    s[123] = n;
    p = q;
  }
  if ((w & 0x4) !== 0) {
    if (end - p < 3) return v.fail(11, 62, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 62, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 62, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 62, p, n);
    s[124] = p;
    s[125] = n;
    p = q;
  }
  if ((w & 0x2) !== 0) {
    if (end - p < 3) return v.fail(11, 63, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 63, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 63, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 63, p, n);
    s[126] = p;
    s[127] = n;
    p = q;
  }
  if ((w & 0x1) !== 0) {
    if (end - p < 16) return v.fail(14, 64, p, 16, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & cls[b[(p + 4) | 0]!]! & cls[b[(p + 5) | 0]!]! & cls[b[(p + 6) | 0]!]! & cls[b[(p + 7) | 0]!]! & cls[b[(p + 8) | 0]!]! & cls[b[(p + 9) | 0]!]! & cls[b[(p + 10) | 0]!]! & cls[b[(p + 11) | 0]!]! & cls[b[(p + 12) | 0]!]! & cls[b[(p + 13) | 0]!]! & cls[b[(p + 14) | 0]!]! & cls[b[(p + 15) | 0]!]! & 64) === 0) return v.fail(16, 64, p, 16, 16);
    s[128] = p;
    s[129] = 16;
    p += 16;
  }
  return p;
}

function scanWord2(v: View, b: Buffer, at: number, end: number, w: number): number {
  const s = v.slots;
  let p = at;
  if ((w & 0x40000000) !== 0) {
    if (end - p < 1) return v.fail(14, 66, p, 1, end - p);
    if ((cls[b[p]!]! & 2) === 0) return failContent(v, b, 66, p, 1);
    s[132] = p;
    s[133] = 1;
    p += 1;
  }
  if ((w & 0x20000000) !== 0) {
    if (end - p < 2) return v.fail(14, 67, p, 2, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & 2) === 0) return failContent(v, b, 67, p, 2);
    s[134] = p;
    s[135] = 2;
    p += 2;
  }
  if ((w & 0x10000000) !== 0) {
    if (end - p < 3) return v.fail(14, 68, p, 3, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 2) === 0) return failContent(v, b, 68, p, 3);
    s[136] = p;
    s[137] = 3;
    p += 3;
  }
  if ((w & 0x8000000) !== 0) {
    if (end - p < 3) return v.fail(14, 69, p, 3, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 2) === 0) return failContent(v, b, 69, p, 3);
    s[138] = p;
    s[139] = 3;
    p += 3;
  }
  if ((w & 0x4000000) !== 0) {
    if (end - p < 3) return v.fail(14, 70, p, 3, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & 2) === 0) return failContent(v, b, 70, p, 3);
    s[140] = p;
    s[141] = 3;
    p += 3;
  }
  if ((w & 0x2000000) !== 0) {
    if (end - p < 4) return v.fail(14, 71, p, 4, end - p);
    if (!allDigits(v.words, b, p, p + 4)) return failContent(v, b, 71, p, 4);
    s[142] = p;
    s[143] = 4;
    p += 4;
  }
  if ((w & 0x1000000) !== 0) {
    if (end - p < 4) return v.fail(14, 72, p, 4, end - p);
    if (!allDigits(v.words, b, p, p + 4)) return failContent(v, b, 72, p, 4);
    s[144] = p;
    s[145] = 4;
    p += 4;
  }
  if ((w & 0x800000) !== 0) {
    if (end - p < 6) return v.fail(14, 73, p, 6, end - p);
    if (!allDigits(v.words, b, p, p + 6)) return failContent(v, b, 73, p, 6);
    if (!(isYearMonthDay(b, p))) return failContent(v, b, 73, p, 6);
    s[146] = p;
    s[147] = 6;
    p += 6;
  }
  if ((w & 0x400000) !== 0) {
    if (end - p < 10) return v.fail(14, 74, p, 10, end - p);
    if (!allDigits(v.words, b, p, p + 10)) return failContent(v, b, 74, p, 10);
    s[148] = p;
    s[149] = 10;
    p += 10;
  }
  if ((w & 0x200000) !== 0) {
    if (end - p < 10) return v.fail(14, 75, p, 10, end - p);
    if (!allDigits(v.words, b, p, p + 10)) return failContent(v, b, 75, p, 10);
    s[150] = p;
    s[151] = 10;
    p += 10;
  }
  if ((w & 0x100000) !== 0) {
    if (end - p < 10) return v.fail(14, 76, p, 10, end - p);
    if (!allDigits(v.words, b, p, p + 10)) return failContent(v, b, 76, p, 10);
    s[152] = p;
    s[153] = 10;
    p += 10;
  }
  if ((w & 0x80000) !== 0) {
    if (end - p < 10) return v.fail(14, 77, p, 10, end - p);
    if (!allDigits(v.words, b, p, p + 10)) return failContent(v, b, 77, p, 10);
    s[154] = p;
    s[155] = 10;
    p += 10;
  }
  if ((w & 0x40000) !== 0) {
    if (end - p < 10) return v.fail(14, 78, p, 10, end - p);
    if (!allDigits(v.words, b, p, p + 10)) return failContent(v, b, 78, p, 10);
    s[156] = p;
    s[157] = 10;
    p += 10;
  }
  if ((w & 0x20000) !== 0) {
    if (end - p < 10) return v.fail(14, 79, p, 10, end - p);
    if (!allDigits(v.words, b, p, p + 10)) return failContent(v, b, 79, p, 10);
    s[158] = p;
    s[159] = 10;
    p += 10;
  }
  if ((w & 0x10000) !== 0) {
    if (end - p < 10) return v.fail(14, 80, p, 10, end - p);
    if (!allDigits(v.words, b, p, p + 10)) return failContent(v, b, 80, p, 10);
    s[160] = p;
    s[161] = 10;
    p += 10;
  }
  if ((w & 0x8000) !== 0) {
    if (end - p < 10) return v.fail(14, 81, p, 10, end - p);
    if (!allDigits(v.words, b, p, p + 10)) return failContent(v, b, 81, p, 10);
    s[162] = p;
    s[163] = 10;
    p += 10;
  }
  if ((w & 0x4000) !== 0) {
    if (end - p < 12) return v.fail(14, 82, p, 12, end - p);
    if (!allDigits(v.words, b, p, p + 12)) return failContent(v, b, 82, p, 12);
    s[164] = p;
    s[165] = 12;
    p += 12;
  }
  if ((w & 0x2000) !== 0) {
    if (end - p < 12) return v.fail(14, 83, p, 12, end - p);
    if (!allDigits(v.words, b, p, p + 12)) return failContent(v, b, 83, p, 12);
    s[166] = p;
    s[167] = 12;
    p += 12;
  }
  if ((w & 0x1000) !== 0) {
    if (end - p < 12) return v.fail(14, 84, p, 12, end - p);
    if (!allDigits(v.words, b, p, p + 12)) return failContent(v, b, 84, p, 12);
    s[168] = p;
    s[169] = 12;
    p += 12;
  }
  if ((w & 0x800) !== 0) {
    if (end - p < 12) return v.fail(14, 85, p, 12, end - p);
    if (!allDigits(v.words, b, p, p + 12)) return failContent(v, b, 85, p, 12);
    s[170] = p;
    s[171] = 12;
    p += 12;
  }
  if ((w & 0x400) !== 0) {
    if (end - p < 16) return v.fail(14, 86, p, 16, end - p);
    if (!allDigits(v.words, b, p, p + 16)) return failContent(v, b, 86, p, 16);
    s[172] = p;
    s[173] = 16;
    p += 16;
  }
  if ((w & 0x200) !== 0) {
    if (end - p < 16) return v.fail(14, 87, p, 16, end - p);
    if (!allDigits(v.words, b, p, p + 16)) return failContent(v, b, 87, p, 16);
    s[174] = p;
    s[175] = 16;
    p += 16;
  }
  if ((w & 0x100) !== 0) {
    if (end - p < 16) return v.fail(14, 88, p, 16, end - p);
    if (!allDigits(v.words, b, p, p + 16)) return failContent(v, b, 88, p, 16);
    s[176] = p;
    s[177] = 16;
    p += 16;
  }
  if ((w & 0x80) !== 0) {
    if (end - p < 16) return v.fail(14, 89, p, 16, end - p);
    if (!allDigits(v.words, b, p, p + 16)) return failContent(v, b, 89, p, 16);
    s[178] = p;
    s[179] = 16;
    p += 16;
  }
  if ((w & 0x40) !== 0) {
    if (end - p < 42) return v.fail(14, 90, p, 42, end - p);
    if (!allDigits(v.words, b, p, p + 42)) return failContent(v, b, 90, p, 42);
    s[180] = p;
    s[181] = 42;
    p += 42;
  }
  if ((w & 0x20) !== 0) {
    if (end - p < 1) return v.fail(14, 91, p, 1, end - p);
    if ((cls[b[p]!]! & 8) === 0) return failContent(v, b, 91, p, 1);
    s[182] = p;
    s[183] = 1;
    p += 1;
  }
  if ((w & 0x10) !== 0) {
    if (end - p < 2) return v.fail(14, 92, p, 2, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & 8) === 0) return failContent(v, b, 92, p, 2);
    s[184] = p;
    s[185] = 2;
    p += 2;
  }
  if ((w & 0x8) !== 0) {
    if (end - p < 5) return v.fail(14, 93, p, 5, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & cls[b[(p + 4) | 0]!]! & 8) === 0) return failContent(v, b, 93, p, 5);
    s[186] = p;
    s[187] = 5;
    p += 5;
  }
  if ((w & 0x4) !== 0) {
    if (end - p < 7) return v.fail(14, 94, p, 7, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & cls[b[(p + 4) | 0]!]! & cls[b[(p + 5) | 0]!]! & cls[b[(p + 6) | 0]!]! & 8) === 0) return failContent(v, b, 94, p, 7);
    s[188] = p;
    s[189] = 7;
    p += 7;
  }
  if ((w & 0x2) !== 0) {
    if (end - p < 42) return v.fail(14, 95, p, 42, end - p);
    if ((classAnd(b, p, p + 42) & 8) === 0) return failContent(v, b, 95, p, 42);
    s[190] = p;
    s[191] = 42;
    p += 42;
  }
  if ((w & 0x1) !== 0) {
    if (end - p < 16) return v.fail(14, 96, p, 16, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & cls[b[(p + 4) | 0]!]! & cls[b[(p + 5) | 0]!]! & cls[b[(p + 6) | 0]!]! & cls[b[(p + 7) | 0]!]! & cls[b[(p + 8) | 0]!]! & cls[b[(p + 9) | 0]!]! & cls[b[(p + 10) | 0]!]! & cls[b[(p + 11) | 0]!]! & cls[b[(p + 12) | 0]!]! & cls[b[(p + 13) | 0]!]! & cls[b[(p + 14) | 0]!]! & cls[b[(p + 15) | 0]!]! & 64) === 0) return v.fail(16, 96, p, 16, 16);
    s[192] = p;
    s[193] = 16;
    p += 16;
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
    if (b[p] !== 67 && b[p] !== 68) return failContent(v, b, 97, p, 17);
    if (!allDigits(v.words, b, (p + 1) | 0, p + 17)) return failContent(v, b, 97, p, 17);
    s[194] = p;
    s[195] = 17;
    p += 17;
  }
  if ((w & 0x40000000) !== 0) {
    if (end - p < 25) return v.fail(14, 98, p, 25, end - p);
    if (!allPrintable(v.words, b, p, p + 25)) return failContent(v, b, 98, p, 25);
    s[196] = p;
    s[197] = 25;
    p += 25;
  }
  if ((w & 0x20000000) !== 0) {
    if (end - p < 2) return v.fail(11, 99, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 99, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 11) return v.fail(13, 99, p, 11, n);
    p += 2;
    if (end - p < n) return v.fail(14, 99, p, n, end - p);
    q = p + n;
    if (!allDigits(v.words, b, p, q)) return failContent(v, b, 99, p, n);
    s[198] = p;
    s[199] = n;
    p = q;
  }
  if ((w & 0x10000000) !== 0) {
    if (end - p < 2) return v.fail(11, 100, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 100, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 11) return v.fail(13, 100, p, 11, n);
    p += 2;
    if (end - p < n) return v.fail(14, 100, p, n, end - p);
    q = p + n;
    if (!allDigits(v.words, b, p, q)) return failContent(v, b, 100, p, n);
    s[200] = p;
    s[201] = n;
    p = q;
  }
  if ((w & 0x8000000) !== 0) {
    if (end - p < 2) return v.fail(11, 101, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 101, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 17) return v.fail(13, 101, p, 17, n);
    p += 2;
    if (end - p < n) return v.fail(14, 101, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 101, p, n);
    s[202] = p;
    s[203] = n;
    p = q;
  }
  if ((w & 0x4000000) !== 0) {
    if (end - p < 2) return v.fail(11, 102, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 102, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 28) return v.fail(13, 102, p, 28, n);
    p += 2;
    if (end - p < n) return v.fail(14, 102, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 102, p, n);
    s[204] = p;
    s[205] = n;
    p = q;
  }
  if ((w & 0x2000000) !== 0) {
    if (end - p < 2) return v.fail(11, 103, p, 2, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9)
      return v.fail(12, 103, p, 2, 2);
    n = d0 * 10 + d1;
    if (n > 28) return v.fail(13, 103, p, 28, n);
    p += 2;
    if (end - p < n) return v.fail(14, 103, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 103, p, n);
    s[206] = p;
    s[207] = n;
    p = q;
  }
  if ((w & 0x1000000) !== 0) {
    if (end - p < 3) return v.fail(11, 104, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 104, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    if (n > 100) return v.fail(13, 104, p, 100, n);
    p += 3;
    if (end - p < n) return v.fail(14, 104, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 104, p, n);
    s[208] = p;
    s[209] = n;
    p = q;
  }
  if ((w & 0x800000) !== 0) {
    if (end - p < 3) return v.fail(11, 105, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 105, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 105, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 105, p, n);
    s[210] = p;
    s[211] = n;
    p = q;
  }
  if ((w & 0x400000) !== 0) {
    if (end - p < 3) return v.fail(11, 106, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 106, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 106, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 106, p, n);
    s[212] = p;
    s[213] = n;
    p = q;
  }
  if ((w & 0x200000) !== 0) {
    if (end - p < 3) return v.fail(11, 107, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 107, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 107, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 107, p, n);
    s[214] = p;
    s[215] = n;
    p = q;
  }
  if ((w & 0x100000) !== 0) {
    if (end - p < 3) return v.fail(11, 108, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 108, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 108, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 108, p, n);
    s[216] = p;
    s[217] = n;
    p = q;
  }
  if ((w & 0x80000) !== 0) {
    if (end - p < 3) return v.fail(11, 109, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 109, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 109, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 109, p, n);
    s[218] = p;
    s[219] = n;
    p = q;
  }
  if ((w & 0x40000) !== 0) {
    if (end - p < 3) return v.fail(11, 110, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 110, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 110, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 110, p, n);
    s[220] = p;
    s[221] = n;
    p = q;
  }
  if ((w & 0x20000) !== 0) {
    if (end - p < 3) return v.fail(11, 111, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 111, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 111, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 111, p, n);
    s[222] = p;
    s[223] = n;
    p = q;
  }
  if ((w & 0x10000) !== 0) {
    if (end - p < 3) return v.fail(11, 112, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 112, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 112, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 112, p, n);
    s[224] = p;
    s[225] = n;
    p = q;
  }
  if ((w & 0x8000) !== 0) {
    if (end - p < 3) return v.fail(11, 113, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 113, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 113, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 113, p, n);
    s[226] = p;
    s[227] = n;
    p = q;
  }
  if ((w & 0x4000) !== 0) {
    if (end - p < 3) return v.fail(11, 114, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 114, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 114, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 114, p, n);
    s[228] = p;
    s[229] = n;
    p = q;
  }
  if ((w & 0x2000) !== 0) {
    if (end - p < 3) return v.fail(11, 115, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 115, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 115, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 115, p, n);
    s[230] = p;
    s[231] = n;
    p = q;
  }
  if ((w & 0x1000) !== 0) {
    if (end - p < 3) return v.fail(11, 116, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 116, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 116, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 116, p, n);
    s[232] = p;
    s[233] = n;
    p = q;
  }
  if ((w & 0x800) !== 0) {
    if (end - p < 3) return v.fail(11, 117, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 117, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 117, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 117, p, n);
    s[234] = p;
    s[235] = n;
    p = q;
  }
  if ((w & 0x400) !== 0) {
    if (end - p < 3) return v.fail(11, 118, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 118, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 118, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 118, p, n);
    s[236] = p;
    s[237] = n;
    p = q;
  }
  if ((w & 0x200) !== 0) {
    if (end - p < 3) return v.fail(11, 119, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 119, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 119, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 119, p, n);
    s[238] = p;
    s[239] = n;
    p = q;
  }
  if ((w & 0x100) !== 0) {
    if (end - p < 3) return v.fail(11, 120, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 120, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 120, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 120, p, n);
    s[240] = p;
    s[241] = n;
    p = q;
  }
  if ((w & 0x80) !== 0) {
    if (end - p < 3) return v.fail(11, 121, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 121, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 121, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 121, p, n);
    s[242] = p;
    s[243] = n;
    p = q;
  }
  if ((w & 0x40) !== 0) {
    if (end - p < 3) return v.fail(11, 122, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 122, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 122, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 122, p, n);
    s[244] = p;
    s[245] = n;
    p = q;
  }
  if ((w & 0x20) !== 0) {
    if (end - p < 3) return v.fail(11, 123, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 123, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 123, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 123, p, n);
    s[246] = p;
    s[247] = n;
    p = q;
  }
  if ((w & 0x10) !== 0) {
    if (end - p < 3) return v.fail(11, 124, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 124, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 124, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 124, p, n);
    s[248] = p;
    s[249] = n;
    p = q;
  }
  if ((w & 0x8) !== 0) {
    if (end - p < 3) return v.fail(11, 125, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 125, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 125, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 125, p, n);
    s[250] = p;
    s[251] = n;
    p = q;
  }
  if ((w & 0x4) !== 0) {
    if (end - p < 3) return v.fail(11, 126, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 126, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 126, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 126, p, n);
    s[252] = p;
    s[253] = n;
    p = q;
  }
  if ((w & 0x2) !== 0) {
    if (end - p < 3) return v.fail(11, 127, p, 3, end - p);
    const d0 = b[p]! - 48;
    const d1 = b[(p + 1) | 0]! - 48;
    const d2 = b[(p + 2) | 0]! - 48;
    if (d0 >>> 0 > 9 || d1 >>> 0 > 9 || d2 >>> 0 > 9)
      return v.fail(12, 127, p, 3, 3);
    n = d0 * 100 + d1 * 10 + d2;
    p += 3;
    if (end - p < n) return v.fail(14, 127, p, n, end - p);
    q = p + n;
    if (!allPrintable(v.words, b, p, q)) return failContent(v, b, 127, p, n);
    s[254] = p;
    s[255] = n;
    p = q;
  }
  if ((w & 0x1) !== 0) {
    if (end - p < 16) return v.fail(14, 128, p, 16, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & cls[b[(p + 2) | 0]!]! & cls[b[(p + 3) | 0]!]! & cls[b[(p + 4) | 0]!]! & cls[b[(p + 5) | 0]!]! & cls[b[(p + 6) | 0]!]! & cls[b[(p + 7) | 0]!]! & cls[b[(p + 8) | 0]!]! & cls[b[(p + 9) | 0]!]! & cls[b[(p + 10) | 0]!]! & cls[b[(p + 11) | 0]!]! & cls[b[(p + 12) | 0]!]! & cls[b[(p + 13) | 0]!]! & cls[b[(p + 14) | 0]!]! & cls[b[(p + 15) | 0]!]! & 64) === 0) return v.fail(16, 128, p, 16, 16);
    s[256] = p;
    s[257] = 16;
    p += 16;
  }
  return p;
}

/** Primary bitmap at p; returns the position after it, or a packed status. */
function readPrimary(v: View, b: Buffer, p: number, end: number): number {
  if (end - p < 16) return v.fail(7, 0, p, 16, end - p);
  const h0 = hex[b[p]!]!;
  const h1 = hex[b[(p + 1) | 0]!]!;
  const h2 = hex[b[(p + 2) | 0]!]!;
  const h3 = hex[b[(p + 3) | 0]!]!;
  const h4 = hex[b[(p + 4) | 0]!]!;
  const h5 = hex[b[(p + 5) | 0]!]!;
  const h6 = hex[b[(p + 6) | 0]!]!;
  const h7 = hex[b[(p + 7) | 0]!]!;
  const h8 = hex[b[(p + 8) | 0]!]!;
  const h9 = hex[b[(p + 9) | 0]!]!;
  const h10 = hex[b[(p + 10) | 0]!]!;
  const h11 = hex[b[(p + 11) | 0]!]!;
  const h12 = hex[b[(p + 12) | 0]!]!;
  const h13 = hex[b[(p + 13) | 0]!]!;
  const h14 = hex[b[(p + 14) | 0]!]!;
  const h15 = hex[b[(p + 15) | 0]!]!;
  if ((h0 | h1 | h2 | h3 | h4 | h5 | h6 | h7 | h8 | h9 | h10 | h11 | h12 | h13 | h14 | h15) > 15) return v.fail(8, 0, p, 16, 16);
  v.w0 = (h0 << 28) | (h1 << 24) | (h2 << 20) | (h3 << 16) | (h4 << 12) | (h5 << 8) | (h6 << 4) | h7;
  v.w1 = (h8 << 28) | (h9 << 24) | (h10 << 20) | (h11 << 16) | (h12 << 12) | (h13 << 8) | (h14 << 4) | h15;
  return p + 16;
}

/** Secondary bitmap at p; bit 65 would announce a third one, where the dialect ends. */
function readSecondary(v: View, b: Buffer, p: number, end: number): number {
  if (end - p < 16) return v.fail(7, 0, p, 16, end - p);
  const h0 = hex[b[p]!]!;
  const h1 = hex[b[(p + 1) | 0]!]!;
  const h2 = hex[b[(p + 2) | 0]!]!;
  const h3 = hex[b[(p + 3) | 0]!]!;
  const h4 = hex[b[(p + 4) | 0]!]!;
  const h5 = hex[b[(p + 5) | 0]!]!;
  const h6 = hex[b[(p + 6) | 0]!]!;
  const h7 = hex[b[(p + 7) | 0]!]!;
  const h8 = hex[b[(p + 8) | 0]!]!;
  const h9 = hex[b[(p + 9) | 0]!]!;
  const h10 = hex[b[(p + 10) | 0]!]!;
  const h11 = hex[b[(p + 11) | 0]!]!;
  const h12 = hex[b[(p + 12) | 0]!]!;
  const h13 = hex[b[(p + 13) | 0]!]!;
  const h14 = hex[b[(p + 14) | 0]!]!;
  const h15 = hex[b[(p + 15) | 0]!]!;
  if ((h0 | h1 | h2 | h3 | h4 | h5 | h6 | h7 | h8 | h9 | h10 | h11 | h12 | h13 | h14 | h15) > 15) return v.fail(8, 0, p, 16, 16);
  v.w2 = (h0 << 28) | (h1 << 24) | (h2 << 20) | (h3 << 16) | (h4 << 12) | (h5 << 8) | (h6 << 4) | h7;
  v.w3 = (h8 << 28) | (h9 << 24) | (h10 << 20) | (h11 << 16) | (h12 << 12) | (h13 << 8) | (h14 << 4) | h15;
  if (v.w2 < 0) return v.fail(9, 0, p, -1, -1);
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
  if (end - at < 4) return v.fail(4, 0, at, 4, end - at);
  const m0 = b[at]! - 48;
  const m1 = b[at + 1]! - 48;
  const m2 = b[at + 2]! - 48;
  const m3 = b[at + 3]! - 48;
  if (m0 !== 0 || m1 >>> 0 > 9 || m2 >>> 0 > 9 || m3 >>> 0 > 9)
    return v.fail(5, 0, at, 4, 4);
  const mti = (m0 << 12) | (m1 << 8) | (m2 << 4) | m3;
  v.mti = mti;
  const known =
    ((0x1fe >> m1) & 1) !== 0 &&
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
  bytesMax: 65535,
  bits: 128,
  isPlain: true,
};

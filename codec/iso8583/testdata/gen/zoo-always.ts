// Made by codec/iso8583/generator/main.ts from the dialect data: change that, not this.
import { failContent } from "../../content.ts";
import type { Generated } from "../../generated.ts";
import { failTrailing, failUnknownMTI } from "../../scan-end.ts";
import { bcdFault } from "../../scan-value.ts";
import { byteClass, hexValue } from "../../tables.ts";
import type { View } from "../../view.ts";

const cls = byteClass;
const hex = hexValue;

function messageRow(_mti: number): number {
  return -1;
}

const mandatory = Int32Array.of();

const forbidden = Int32Array.of();

const tagsMandatory = Int32Array.of();

const tagsForbidden = Int32Array.of();

// One row a message, then the row of messages that no row names.
const echo = Int32Array.of(
  0x40000000, 0x0, 0x0, 0x0,
);

const errorEcho = Int32Array.of(
  0x40000000, 0x0, 0x0, 0x0,
);

const prefix = Uint8Array.of(
  0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0,
);

const min = Uint16Array.of(
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  2,
);

const max = Uint32Array.of(
  0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  2,
);

// Sensitivity by element and by tag; 0 has no class and is masked.
const sensitivity = Uint8Array.of(
  0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  1,
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
  if ((w & 0x20000000) !== 0) return v.fail(10, 3, p, -1, -1);
  if ((w & 0x10000000) !== 0) return v.fail(10, 4, p, -1, -1);
  if ((w & 0x8000000) !== 0) return v.fail(10, 5, p, -1, -1);
  if ((w & 0x4000000) !== 0) return v.fail(10, 6, p, -1, -1);
  if ((w & 0x2000000) !== 0) return v.fail(10, 7, p, -1, -1);
  if ((w & 0x1000000) !== 0) return v.fail(10, 8, p, -1, -1);
  if ((w & 0x800000) !== 0) return v.fail(10, 9, p, -1, -1);
  if ((w & 0x400000) !== 0) return v.fail(10, 10, p, -1, -1);
  if ((w & 0x200000) !== 0) return v.fail(10, 11, p, -1, -1);
  if ((w & 0x100000) !== 0) return v.fail(10, 12, p, -1, -1);
  if ((w & 0x80000) !== 0) return v.fail(10, 13, p, -1, -1);
  if ((w & 0x40000) !== 0) return v.fail(10, 14, p, -1, -1);
  if ((w & 0x20000) !== 0) return v.fail(10, 15, p, -1, -1);
  if ((w & 0x10000) !== 0) return v.fail(10, 16, p, -1, -1);
  if ((w & 0x8000) !== 0) return v.fail(10, 17, p, -1, -1);
  if ((w & 0x4000) !== 0) return v.fail(10, 18, p, -1, -1);
  if ((w & 0x2000) !== 0) return v.fail(10, 19, p, -1, -1);
  if ((w & 0x1000) !== 0) return v.fail(10, 20, p, -1, -1);
  if ((w & 0x800) !== 0) return v.fail(10, 21, p, -1, -1);
  if ((w & 0x400) !== 0) return v.fail(10, 22, p, -1, -1);
  if ((w & 0x200) !== 0) return v.fail(10, 23, p, -1, -1);
  if ((w & 0x100) !== 0) return v.fail(10, 24, p, -1, -1);
  if ((w & 0x80) !== 0) return v.fail(10, 25, p, -1, -1);
  if ((w & 0x40) !== 0) return v.fail(10, 26, p, -1, -1);
  if ((w & 0x20) !== 0) return v.fail(10, 27, p, -1, -1);
  if ((w & 0x10) !== 0) return v.fail(10, 28, p, -1, -1);
  if ((w & 0x8) !== 0) return v.fail(10, 29, p, -1, -1);
  if ((w & 0x4) !== 0) return v.fail(10, 30, p, -1, -1);
  if ((w & 0x2) !== 0) return v.fail(10, 31, p, -1, -1);
  if ((w & 0x1) !== 0) return v.fail(10, 32, p, -1, -1);
  return p;
}

function scanWord1(v: View, _b: Buffer, at: number, _end: number, w: number): number {
  let p = at;
  if ((w & -0x80000000) !== 0) return v.fail(10, 33, p, -1, -1);
  if ((w & 0x40000000) !== 0) return v.fail(10, 34, p, -1, -1);
  if ((w & 0x20000000) !== 0) return v.fail(10, 35, p, -1, -1);
  if ((w & 0x10000000) !== 0) return v.fail(10, 36, p, -1, -1);
  if ((w & 0x8000000) !== 0) return v.fail(10, 37, p, -1, -1);
  if ((w & 0x4000000) !== 0) return v.fail(10, 38, p, -1, -1);
  if ((w & 0x2000000) !== 0) return v.fail(10, 39, p, -1, -1);
  if ((w & 0x1000000) !== 0) return v.fail(10, 40, p, -1, -1);
  if ((w & 0x800000) !== 0) return v.fail(10, 41, p, -1, -1);
  if ((w & 0x400000) !== 0) return v.fail(10, 42, p, -1, -1);
  if ((w & 0x200000) !== 0) return v.fail(10, 43, p, -1, -1);
  if ((w & 0x100000) !== 0) return v.fail(10, 44, p, -1, -1);
  if ((w & 0x80000) !== 0) return v.fail(10, 45, p, -1, -1);
  if ((w & 0x40000) !== 0) return v.fail(10, 46, p, -1, -1);
  if ((w & 0x20000) !== 0) return v.fail(10, 47, p, -1, -1);
  if ((w & 0x10000) !== 0) return v.fail(10, 48, p, -1, -1);
  if ((w & 0x8000) !== 0) return v.fail(10, 49, p, -1, -1);
  if ((w & 0x4000) !== 0) return v.fail(10, 50, p, -1, -1);
  if ((w & 0x2000) !== 0) return v.fail(10, 51, p, -1, -1);
  if ((w & 0x1000) !== 0) return v.fail(10, 52, p, -1, -1);
  if ((w & 0x800) !== 0) return v.fail(10, 53, p, -1, -1);
  if ((w & 0x400) !== 0) return v.fail(10, 54, p, -1, -1);
  if ((w & 0x200) !== 0) return v.fail(10, 55, p, -1, -1);
  if ((w & 0x100) !== 0) return v.fail(10, 56, p, -1, -1);
  if ((w & 0x80) !== 0) return v.fail(10, 57, p, -1, -1);
  if ((w & 0x40) !== 0) return v.fail(10, 58, p, -1, -1);
  if ((w & 0x20) !== 0) return v.fail(10, 59, p, -1, -1);
  if ((w & 0x10) !== 0) return v.fail(10, 60, p, -1, -1);
  if ((w & 0x8) !== 0) return v.fail(10, 61, p, -1, -1);
  if ((w & 0x4) !== 0) return v.fail(10, 62, p, -1, -1);
  if ((w & 0x2) !== 0) return v.fail(10, 63, p, -1, -1);
  if ((w & 0x1) !== 0) return v.fail(10, 64, p, -1, -1);
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

function scanWord3(v: View, b: Buffer, at: number, end: number, w: number): number {
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
    if (end - p < 2) return v.fail(14, 128, p, 2, end - p);
    if ((cls[b[p]!]! & cls[b[(p + 1) | 0]!]! & 2) === 0) return failContent(v, b, 128, p, 2);
    s[256] = p;
    s[257] = 2;
    p += 2;
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

/** Secondary bitmap at p; returns the position after it, or a packed status. */
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
  if (end > b.length || end - off > 16384) {
    return v.fail(1, 0, off, 16384, end - off);
  }
  return scanFrom(v, b, off, end);
}

function scanFrom(v: View, b: Buffer, at: number, end: number): number {
  if (end - at < 4) return v.fail(4, 0, at, 4, end - at);
  const m0 = b[at]! - 48;
  const m1 = b[at + 1]! - 48;
  const m2 = b[at + 2]! - 48;
  const m3 = b[at + 3]! - 48;
  if ((m0 !== 0 && m0 !== 1) || m1 >>> 0 > 9 || m2 >>> 0 > 9 || m3 >>> 0 > 9)
    return v.fail(5, 0, at, 4, 4);
  const mti = (m0 << 12) | (m1 << 8) | (m2 << 4) | m3;
  v.mti = mti;
  const known =
    ((0x106 >> m1) & 1) !== 0 &&
    ((0x3 >> m2) & 1) !== 0 &&
    ((0x1 >> m3) & 1) !== 0;
  let p = readPrimary(v, b, at + 4, end);
  if (p > 0) p = readSecondary(v, b, p, end);
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
  writesAllBitmaps: true,
  bytesMax: 16384,
  bits: 128,
  isPlain: false,
};

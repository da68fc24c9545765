// Made by codec/iso8583/generator/main.ts from the dialect data: change that, not this.
import { failContent } from "../../content.ts";
import type { Generated } from "../../generated.ts";
import { failTrailing, failUnknownMTI } from "../../scan-end.ts";
import { bcdFault } from "../../scan-value.ts";
import { byteClass } from "../../tables.ts";
import type { View } from "../../view.ts";

const cls = byteClass;

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
  0,
);

const min = Uint16Array.of(
  0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  1,
);

const max = Uint32Array.of(
  0, 0, 10, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  1,
);

// Sensitivity by element and by tag; 0 has no class and is masked.
const sensitivity = Uint8Array.of(
  0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
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
  if ((w & 0x20000000) !== 0) {
    if (end - p < 2) return v.fail(14, 3, p, 2, end - p);
    if (bcdFault(b, p, p + 2, 3, 0, false) !== 0) return v.fail(15, 3, p, 2, 2);
    s[6] = p;
    s[7] = 2;
    p += 2;
  }
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

function scanWord1(v: View, b: Buffer, at: number, end: number, w: number): number {
  const s = v.slots;
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
  if ((w & 0x1) !== 0) {
    if (end - p < 1) return v.fail(14, 64, p, 1, end - p);
    if ((cls[b[p]!]! & 2) === 0) return failContent(v, b, 64, p, 1);
    s[128] = p;
    s[129] = 1;
    p += 1;
  }
  return p;
}

/** Primary bitmap at p; returns the position after it, or a packed status. */
function readPrimary(v: View, b: Buffer, p: number, end: number): number {
  if (end - p < 8) return v.fail(7, 0, p, 8, end - p);
  v.w0 = (b[p]! << 24) | (b[(p + 1) | 0]! << 16) | (b[(p + 2) | 0]! << 8) | b[(p + 3) | 0]!;
  v.w1 = (b[(p + 4) | 0]! << 24) | (b[(p + 5) | 0]! << 16) | (b[(p + 6) | 0]! << 8) | b[(p + 7) | 0]!;
  if (v.w0 < 0) return v.fail(9, 0, p, -1, -1);
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
  if (end > b.length || end - off > 16384) {
    return v.fail(1, 0, off, 16384, end - off);
  }
  return scanFrom(v, b, off, end);
}

function scanFrom(v: View, b: Buffer, at: number, end: number): number {
  if (end - at < 2) return v.fail(4, 0, at, 2, end - at);
  const m0 = b[at]! >> 4;
  const m1 = b[at]! & 15;
  const m2 = b[at + 1]! >> 4;
  const m3 = b[at + 1]! & 15;
  if ((m0 !== 0 && m0 !== 1) || m1 >>> 0 > 9 || m2 >>> 0 > 9 || m3 >>> 0 > 9)
    return v.fail(5, 0, at, 2, 2);
  const mti = (m0 << 12) | (m1 << 8) | (m2 << 4) | m3;
  v.mti = mti;
  const known =
    ((0x106 >> m1) & 1) !== 0 &&
    ((0x3 >> m2) & 1) !== 0 &&
    ((0x1 >> m3) & 1) !== 0;
  let p = readPrimary(v, b, at + 2, end);
  if (p > 0) p = scanWord0(v, b, p, end, v.w0);
  if (p > 0 && v.w1 !== 0) p = scanWord1(v, b, p, end, v.w1);
  if (p > 0) {
    v.validUpTo = 64;
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
  bytesMax: 16384,
  bits: 64,
  isPlain: false,
};

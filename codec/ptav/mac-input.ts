import { PTAV_HEADER_BYTES, ptavProfileBit } from "./layout.ts";

const tpanBytes = 10;
const tridDigits = 12;
const merchantBytes = 15;

/** Packs an even number of ASCII digits; negative when one was no digit. */
function pack(src: Uint8Array, off: number, digits: number, dst: Uint8Array, at: number): number {
  let bad = 0;
  for (let i = off, to = at; i < off + digits; i += 2, to++) {
    const high = src[i]! - 0x30;
    const low = src[i + 1]! - 0x30;
    bad |= high | (9 - high) | low | (9 - low);
    dst[to] = (high << 4) | low;
  }
  return bad;
}

/** Digits from the left, F behind them. */
function packLeft(src: Uint8Array, off: number, len: number, dst: Uint8Array, at: number): number {
  let bad = pack(src, off, len & ~1, dst, at);
  let to = at + (len >> 1);
  if ((len & 1) === 1) {
    const high = src[off + len - 1]! - 0x30;
    bad |= high | (9 - high);
    dst[to++] = (high << 4) | 15;
  }
  while (to < at + tpanBytes) dst[to++] = 0xff;
  return bad;
}

/** Digits to the right, zeros before them, six bytes. */
function packRight(src: Uint8Array, off: number, len: number, dst: Uint8Array, at: number): number {
  const odd = len & 1;
  const pairsAt = at + ((tridDigits - len + odd) >> 1);
  for (let i = at; i < pairsAt; i++) dst[i] = 0;
  let bad = 0;
  if (odd === 1) {
    const digit = src[off]! - 0x30;
    bad |= digit | (9 - digit);
    dst[pairsAt - 1] = digit;
  }
  return bad | pack(src, off + odd, len - odd, dst, pairsAt);
}

/**
 * Writes the 53 bytes that a PTAV's MAC is over: header 12 ‖ TPAN BCD F-padded 10 ‖ expiry 2 ‖
 * TRID 6 ‖ amount 6 ‖ `0` + currency 2 ‖ merchant 15. Amount (12 ASCII digits) and currency (3) are
 * eight zero bytes without profile bit 1, the merchant id is 15 zero bytes without bit 2, and both
 * are then not read. All numbers are ASCII digits. False when a character is no digit or a part is
 * too long (TPAN 19, TRID 12, merchant 15); `dst` is then undefined and must not be MACed: two
 * different messages must never share one input. Allocates nothing.
 */
export function writeMacInput(
  dst: Uint8Array,
  at: number,
  header: Uint8Array,
  headerOff: number,
  tpan: Uint8Array,
  tpanOff: number,
  tpanLen: number,
  expiry: Uint8Array,
  expiryOff: number,
  trid: Uint8Array,
  tridOff: number,
  tridLen: number,
  amount: Uint8Array,
  amountOff: number,
  currency: Uint8Array,
  currencyOff: number,
  merchant: Uint8Array,
  merchantOff: number,
  merchantLen: number,
): boolean {
  if (tpanLen < 1 || tpanLen > 19 || tridLen < 1 || tridLen > tridDigits) return false;
  for (let i = 0; i < PTAV_HEADER_BYTES; i++) dst[at + i] = header[headerOff + i]!;
  const profile = header[headerOff]! & 15;
  let bad = packLeft(tpan, tpanOff, tpanLen, dst, at + 12);
  bad |= pack(expiry, expiryOff, 4, dst, at + 22);
  bad |= packRight(trid, tridOff, tridLen, dst, at + 24);
  if ((profile & ptavProfileBit.AMOUNT) !== 0) {
    bad |= pack(amount, amountOff, 12, dst, at + 30);
    const first = currency[currencyOff]! - 0x30;
    bad |= first | (9 - first);
    dst[at + 36] = first;
    bad |= pack(currency, currencyOff + 1, 2, dst, at + 37);
  } else {
    for (let i = at + 30; i < at + 38; i++) dst[i] = 0;
  }
  if ((profile & ptavProfileBit.MERCHANT) !== 0) {
    if (merchantLen > merchantBytes) return false;
    let to = at + 38;
    for (let i = 0; i < merchantLen; i++) dst[to++] = merchant[merchantOff + i]!;
    while (to < at + 53) dst[to++] = 0x20;
  } else {
    for (let i = at + 38; i < at + 53; i++) dst[i] = 0;
  }
  return bad >= 0;
}

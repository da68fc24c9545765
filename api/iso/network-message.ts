// Network management requests (0800) as bytes: sign-on, sign-off, echo.
import { writeTransmission } from "../../codec/iso8583/mod.ts";

/** DE70 of 0800, as in ISO 8583:1987. */
export const networkCode = {
  SIGN_ON: 1,
  SIGN_OFF: 2,
  KEY_CHANGE: 161,
  CUT_OVER: 201,
  ECHO: 301,
} as const;

// Bits 1, 7, 11 and 70; the last byte carries bit 128 when a MAC follows.
const head = Buffer.from("080082200000000000000400000000000000", "latin1");

/** Bytes of a request without its MAC. */
export const NETWORK_REQUEST_BYTES = head.length + 10 + 6 + 3;

export interface NetworkRequest {
  readonly code: number;
  /** DE7, Unix seconds. */
  readonly seconds: number;
  /** DE11, 1 to 999,999. */
  readonly stan: number;
  /** Declares DE128; the caller writes its 8 bytes at the returned offset. */
  readonly withMac: boolean;
}

/** Writes the request from its MTI on and returns the offset after DE70. */
export function writeNetworkRequest(dst: Buffer, at: number, request: NetworkRequest): number {
  head.copy(dst, at);
  let end = at + head.length;
  if (request.withMac) dst[end - 1] = 0x31;
  end = writeTransmission(dst, end, request.seconds);
  end = writeDigits(dst, end, request.stan, 6);
  return writeDigits(dst, end, request.code, 3);
}

function writeDigits(dst: Buffer, at: number, value: number, digits: number): number {
  let rest = value;
  for (let i = digits - 1; i >= 0; i--) {
    dst[at + i] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
  return at + digits;
}

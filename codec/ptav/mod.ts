// PTAV layout: the 20 bytes of a one-time token cryptogram, its text, and what its MAC is over.
//
//   0  version (1) and profile     1  KVN     2  nonce, 6 bytes     8  issuedAt, Unix seconds
//  12  first 8 bytes of AES-256-CMAC over the 53 bytes that `writeMacInput` writes
//
// Promises: nothing here allocates or throws on bad input (`writePtavHeader`, which only our own
// issuing code calls, throws on a value that does not fit); one PTAV has exactly one text.
// Never: a key, a clock, a decision. Whether a PTAV is genuine is for crypto and the hot path.

export {
  MAC_INPUT_BYTES,
  PTAV_BYTES,
  PTAV_HEADER_BYTES,
  PTAV_MAC_BYTES,
  PTAV_TEXT,
  ptavFormatValid,
  ptavIssuedAt,
  ptavKvn,
  ptavMacOffset,
  ptavProfile,
  ptavProfileBit,
  writePtavHeader,
} from "./layout.ts";
export { writeMacInput } from "./mac-input.ts";
export { decodePtavText, encodePtavText } from "./text.ts";

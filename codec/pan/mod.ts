// Card numbers: Luhn, BCD, masking, and the type that carries a clear PAN.
//
// Promises: the functions that work on buffers allocate nothing and never throw on bad input;
// `ClearPAN` is always 13-19 digits with a right check digit; no text made of it shows more than
// the first six and last four digits.
// Never: I/O, keys, a clear PAN as a string, a digit in an error message.
// `fixtures.ts` beside this file holds every Luhn-valid number that may stand in the tree; import
// it directly, and only from tests and simulators.

export { bcdToDigits, digitsToBcd } from "./bcd.ts";
export { ClearPAN, maskPan, PANError, panBcdBytes } from "./clear-pan.ts";
export {
  luhnDigit,
  luhnValid,
  panDigitsMax,
  panDigitsMin,
  panValid,
  withCheckDigit,
} from "./luhn.ts";

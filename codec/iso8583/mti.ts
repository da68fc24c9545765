/** MTI digits in a number, 0x0100 for "0100". The third digit is the function. */
export function functionOf(mti: number): number {
  return (mti >> 4) & 15;
}

/** The second digit: 1 authorisation, 2 financial, 3 file action, 4 reversal, 8 network. */
export function classOf(mti: number): number {
  return (mti >> 8) & 15;
}

/**
 * MTI of the answer: function plus one, origin without its repeat flag: 0101 -> 0110, 0421 -> 0430,
 * 0302 -> 0312. Meaningful only where `expectsAnswer` is true.
 */
export function answerMti(mti: number): number {
  return (mti & 0xfffe) + 0x10;
}

/** Answers (odd function) and notifications (function 4) are never answered. */
export function expectsAnswer(mti: number): boolean {
  const digit = functionOf(mti);
  return (digit & 1) === 0 && digit !== 4;
}

/** "0100" for 0x0100. */
export function mtiText(mti: number): string {
  return mti.toString(16).padStart(4, "0");
}

/**
 * Compares `length` bytes without stopping at the first difference, so that a caller cannot learn
 * from the time taken how much of a forged MAC was right. Not `timingSafeEqual`: that needs two
 * views, and a view a message is an allocation.
 */
export function equalConstantTime(
  a: Uint8Array,
  aOff: number,
  b: Uint8Array,
  bOff: number,
  length: number,
): boolean {
  // A range outside its buffer would read undefined on both sides and compare equal.
  if (aOff < 0 || bOff < 0 || aOff + length > a.length || bOff + length > b.length) return false;
  let difference = 0;
  for (let i = 0; i < length; i++) difference |= a[aOff + i]! ^ b[bOff + i]!;
  return difference === 0 && length > 0;
}

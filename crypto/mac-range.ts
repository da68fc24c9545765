/** Throws RangeError where a MAC would read or write outside its buffers. `bytesMax`: its size. */
export function checkMacRange(
  buf: Uint8Array,
  off: number,
  length: number,
  out: Uint8Array,
  outOff: number,
  outLength: number,
  bytesMax: number,
): void {
  if (length < 0 || off < 0 || off + length > buf.length) throw new RangeError("mac: range");
  if (outLength < 1 || outLength > bytesMax || outOff + outLength > out.length) {
    throw new RangeError("mac: output range");
  }
}

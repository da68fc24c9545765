// The picture of a card, as its receiver looks at it before showing it to anybody.

const pngHead = "89504e470d0a1a0a";

/** True for a PNG of 1536 x 969, by its head (IHDR). */
export function isCardPicture(bytes: Buffer): boolean {
  if (bytes.length < 24 || bytes.subarray(0, 8).toString("hex") !== pngHead) return false;
  return bytes.readUInt32BE(16) === 1_536 && bytes.readUInt32BE(20) === 969;
}

// Pictures from outside: looked at before they are decoded, decoded with limits, and encoded anew,
// so that nothing of the bytes that came is ever served: no script, no text chunk, no second file.
import sharp, { type Sharp } from "sharp";
import { pictureBytesMax } from "../../actors/mod.ts";
import { appError } from "../../platform/mod.ts";

/** Pixels of every stored picture: a card (ISO/IEC 7810 ID-1) at 1536 to 969. */
export const pictureWidth = 1536;
export const pictureHeight = 969;

/** Bytes of an upload. */
export const uploadBytesMax = 2 ** 20;
/** Narrower ones look bad, wider ones only cost memory. */
const widthMin = 1024;
const widthMax = 3072;
/** How far from a card's ratio a picture may be. */
const ratioTolerance = 0.01;
const decodeSeconds = 5;

// Of all formats that libvips knows, PNG alone is ever read.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({ operation: ["VipsForeignLoadPng"] });
sharp.cache(false);
sharp.concurrency(1);

const pngHead = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");

/** Width and height as a PNG's first chunk says them: known before anything is unpacked. */
function sizeOf(bytes: Buffer): { readonly width: number; readonly height: number } {
  if (bytes.length < 33 || !bytes.subarray(0, pngHead.length).equals(pngHead)) {
    throw refused("it is no PNG; other formats, SVG among them, are not taken");
  }
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

function checkSize({ width, height }: ReturnType<typeof sizeOf>): void {
  if (width < widthMin || width > widthMax) {
    throw refused(`it must be ${widthMin} to ${widthMax} pixels wide`);
  }
  const ratio = pictureWidth / pictureHeight;
  if (Math.abs(width / height / ratio - 1) > ratioTolerance) {
    throw refused(`width to height must be ${pictureWidth} to ${pictureHeight}, give or take 1 %`);
  }
}

/** The same picture in our own bytes. PAYLOAD_TOO_LARGE, PICTURE_REFUSED. */
export async function checkedPicture(bytes: Buffer): Promise<Buffer> {
  if (bytes.length > uploadBytesMax) {
    throw appError("PAYLOAD_TOO_LARGE", "A picture may take a MiB at most.");
  }
  checkSize(sizeOf(bytes));
  const limitInputPixels = Math.ceil((widthMax * widthMax) / 1.5);
  let pixels: Sharp;
  try {
    const raw = await sharp(bytes, { limitInputPixels, failOn: "warning" })
      .timeout({ seconds: decodeSeconds })
      .resize(pictureWidth, pictureHeight, { fit: "fill" })
      .toColourspace("srgb")
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = raw.info;
    pixels = sharp(raw.data, { raw: { width, height, channels } });
  } catch {
    // Its text is the library's, and may repeat what is in the file.
    throw refused("it cannot be decoded");
  }
  return encoded(pixels);
}

/** PICTURE_REFUSED where they take too much: a palette would have to be searched for seconds. */
export async function encoded(pixels: Sharp): Promise<Buffer> {
  const png = await pixels.png({ compressionLevel: 9, adaptiveFiltering: true }).toBuffer();
  if (png.length > pictureBytesMax) throw refused("it has too much detail for a MiB");
  return png;
}

function refused(why: string): Error {
  return appError("PICTURE_REFUSED", `The picture is not taken: ${why}.`);
}

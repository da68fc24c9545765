// The picture of cards whose issuer brought none: its name on its own colour.
import { createRequire } from "node:module";
import sharp from "sharp";
import { encoded, pictureHeight, pictureWidth } from "./picture.ts";

/** Comes with the program, so that the picture does not depend on the machine's fonts. */
const fontfile = createRequire(import.meta.url).resolve("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf");

const margin = 96;
const nameHeight = 120;
const productHeight = 56;
/** Characters of a name that are drawn: more would be too small to read. */
const nameMax = 40;

export interface GenericArt {
  readonly name: string;
  readonly product: string;
  /** RRGGBB. */
  readonly background: string;
  readonly foreground: string;
}

/** PNG, 1536 x 969; the same bytes for the same input and version of the program. */
export async function drawGeneric(art: GenericArt): Promise<Buffer> {
  const name = await text(art.name.slice(0, nameMax), art.foreground, nameHeight);
  const product = await text(art.product, art.foreground, productHeight);
  const create = {
    width: pictureWidth,
    height: pictureHeight,
    channels: 3,
    background: `#${art.background}`,
  } as const;
  return encoded(
    sharp({ create }).composite([
      { ...name, left: margin, top: margin },
      { ...product, left: margin, top: pictureHeight - margin - productHeight },
    ]),
  );
}

/** One line, as wide as the card at most and as high as said at most. */
async function text(words: string, colour: string, height: number) {
  // Markup of Pango: what stands in a name may not become any.
  const plain = words.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
  const { data, info } = await sharp({
    text: {
      text: `<span foreground="#${colour}">${plain}</span>`,
      font: "DejaVu Sans Bold",
      fontfile,
      width: pictureWidth - 2 * margin,
      height,
      rgba: true,
      wrap: "none",
    },
  })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height: high, channels } = info;
  return { input: data, raw: { width, height: high, channels } };
}

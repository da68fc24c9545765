// Whether text in one colour can be read on another: WCAG 2.2, success criterion 1.4.3.
import { appError } from "../../platform/mod.ts";

/** Contrast that text of any size needs (level AA). */
export const contrastMin = 4.5;

/** Of cards whose issuer named no colour. */
export const defaultBackground = "1F3A5F";

/** RRGGBB in capitals. INVALID_FIELD for anything else. */
export function colourOf(text: string, field: string): string {
  if (/^#?[0-9A-Fa-f]{6}$/.test(text)) return text.replace("#", "").toUpperCase();
  throw appError("INVALID_FIELD", `${field}: a colour as six hex digits, RRGGBB`);
}

/** 1 to 21; the order of the two does not matter. */
export function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Relative luminance of sRGB, 0 to 1. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * The colour of text on `background`: the wanted one, or black or white, one of which always has
 * enough contrast. INVALID_FIELD where the wanted one has too little.
 */
export function foregroundOn(background: string, wanted: string | undefined): string {
  if (wanted === undefined) {
    return contrast(background, "FFFFFF") >= contrast(background, "000000") ? "FFFFFF" : "000000";
  }
  const is = contrast(background, wanted);
  if (is >= contrastMin) return wanted;
  const shown = (Math.floor(is * 100) / 100).toFixed(2);
  const message = `foreground: contrast ${shown} with the background, ${contrastMin} is needed`;
  throw appError("INVALID_FIELD", message);
}

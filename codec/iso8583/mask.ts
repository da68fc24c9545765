// What may be shown of a value, by its sensitivity. Deny by default: a class that is not named
// here, or no class at all, shows the length only.
import { luhnValid, maskPan, panDigitsMax, panDigitsMin } from "../pan/mod.ts";
import { sensitivityOf } from "./sensitivity.ts";

const prefixShown = 6;

function stars(text: string): string {
  return "*".repeat(text.length);
}

/** First 6 of the account number before the separator; nothing where that is too short. */
function maskTrack(text: string): string {
  const account = /^B?([0-9]+)/.exec(text);
  const digits = account?.[1] ?? "";
  if (account === null || digits.length < panDigitsMin) {
    return stars(text);
  }
  const shown = account[0].slice(0, account[0].length - digits.length + prefixShown);
  return shown + stars(text.slice(shown.length));
}

/** Digits with single spaces or dashes between them. */
const digitRun = /[0-9](?:[ -]*[0-9]){12,}/g;

/** Masks one run: it is hidden where it passes Luhn, or is too long to be judged. */
function maskRun(run: string): string {
  const digits = run.replace(/[ -]/g, "");
  if (digits.length > panDigitsMax) {
    return stars(run);
  }
  return luhnValid(Buffer.from(digits, "latin1"), 0, digits.length)
    ? run.length === digits.length
      ? maskPan(digits)
      : stars(run)
    : run;
}

/** Free text: runs of 13 or more digits that look like a card number are hidden. */
export function maskText(text: string): string {
  return text.replace(digitRun, maskRun);
}

/** The text as it may be shown. `code` comes from a generated sensitivity table. */
export function maskValue(code: number, text: string): string {
  switch (sensitivityOf(code)) {
    case "open":
      return text;
    case "text":
      return maskText(text);
    case "pan":
      return /^[0-9]+$/.test(text) ? maskPan(text) : stars(text);
    case "track":
      return maskTrack(text);
    default:
      return stars(text);
  }
}

/** Digits in ASCII or EBCDIC stay, every other byte becomes a letter. */
function digitsIn(bytes: Buffer): string {
  let text = "";
  for (const byte of bytes) {
    const isDigit = (byte & 15) <= 9 && (byte >> 4 === 3 || byte >> 4 === 15);
    text += isDigit ? String(byte & 15) : byte === 0x20 || byte === 0x2d ? " " : "x";
  }
  return text;
}

/** The same for bytes shown in hex: a card number may hide in them as text or as BCD. */
export function maskBinary(code: number, bytes: Buffer, hex: string): string {
  const sensitivity = sensitivityOf(code);
  if (sensitivity === "open") {
    return hex;
  }
  const digits = digitsIn(bytes);
  const hides = maskText(digits) !== digits || maskText(hex) !== hex;
  return sensitivity === "text" && !hides ? hex : stars(hex);
}

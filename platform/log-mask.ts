// The second net under the masking types: text that looks like a card number or a PTAV is masked
// before a log line leaves, whoever put it there.

/** The shortest and longest run of digits that can be a PAN (ISO/IEC 7812). */
const digitsMin = 13;
const digitsMax = 19;

const digitRun = /\d{13,}/g;
/** 20 bytes in base64: the shape of a PTAV, and of a 3DS authentication value. */
const base64Run = /(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{27}=(?![A-Za-z0-9+/=])/g;

function luhnValid(digits: string): boolean {
  let sum = 0;
  for (let i = digits.length - 1, double = 0; i >= 0; i--, double ^= 1) {
    const digit = digits.charCodeAt(i) - 48;
    const value = double === 1 ? digit * 2 : digit;
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** True for a maximal run of digits that could be a card number; decimals are not looked at. */
export function looksLikePAN(digits: string, before: string): boolean {
  if (digits.length < digitsMin || digits.length > digitsMax) return false;
  return before !== "." && luhnValid(digits);
}

function maskDigits(digits: string): string {
  return digits.slice(0, 6) + "*".repeat(digits.length - 10) + digits.slice(-4);
}

/** Masks card numbers and PTAVs in plain text. */
export function maskText(text: string): string {
  const withoutPAN = text.replace(digitRun, (digits: string, offset: number) =>
    looksLikePAN(digits, text.charAt(offset - 1)) ? maskDigits(digits) : digits,
  );
  return withoutPAN.replace(base64Run, "[masked]");
}

/** True when the character at `offset` of a JSON text stands inside a string. */
function insideString(json: string, offset: number): boolean {
  let inside = false;
  for (let i = 0; i < offset; i++) {
    const char = json.charCodeAt(i);
    if (char === 0x5c) i++;
    else if (char === 0x22) inside = !inside;
  }
  return inside;
}

/** Masks a finished JSON line and keeps it JSON: a masked number becomes a string. */
export function maskLine(json: string): string {
  const withoutPAN = json.replace(digitRun, (digits: string, offset: number) => {
    if (!looksLikePAN(digits, json.charAt(offset - 1))) return digits;
    const masked = maskDigits(digits);
    return insideString(json, offset) ? masked : `"${masked}"`;
  });
  return withoutPAN.replace(base64Run, "[masked]");
}

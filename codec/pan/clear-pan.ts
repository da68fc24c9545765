import { digitsToBcd } from "./bcd.ts";
import { luhnValid, panDigitsMax, panDigitsMin } from "./luhn.ts";

/** Bytes of a PAN in BCD, F-padded: room for 20 digits, so 19 always leave a filler. */
export const panBcdBytes = 10;

/** Why a text is no PAN. The message never holds the digits. */
export class PANError extends Error {
  readonly code: "PAN_LENGTH" | "PAN_DIGITS" | "PAN_CHECK_DIGIT";

  constructor(code: PANError["code"], message: string) {
    super(message);
    this.name = "PANError";
    this.code = code;
  }
}

/**
 * First six and last four digits, the rest masked; below 13 digits everything is masked, since ten
 * shown digits of a short number leave too little to guess (PCI DSS 3.4.1).
 */
export function maskPan(digits: string): string {
  if (digits.length < panDigitsMin) return "*".repeat(digits.length);
  return digits.slice(0, 6) + "*".repeat(digits.length - 10) + digits.slice(-4);
}

/**
 * A card number that refuses to print itself: every way of making text of it gives the mask.
 * The digits leave it only as bytes, into a buffer that the caller owns.
 */
export class ClearPAN {
  readonly #digits: Buffer;

  private constructor(digits: Buffer) {
    this.#digits = digits;
  }

  /** Takes 13-19 digits with a right check digit, as text or ASCII bytes; else a PANError. */
  static parse(input: string | Uint8Array): ClearPAN {
    if (input.length < panDigitsMin || input.length > panDigitsMax) {
      throw new PANError("PAN_LENGTH", `a PAN has ${panDigitsMin} to ${panDigitsMax} digits`);
    }
    // Not Buffer.from: that cuts from the shared pool, where the digits would outlive this object.
    const digits = Buffer.alloc(input.length);
    for (let i = 0; i < input.length; i++) {
      const code = typeof input === "string" ? input.charCodeAt(i) : input[i]!;
      if (code < 0x30 || code > 0x39) throw new PANError("PAN_DIGITS", "a PAN is digits only");
      digits[i] = code;
    }
    if (!luhnValid(digits, 0, digits.length)) {
      throw new PANError("PAN_CHECK_DIGIT", "the check digit of the PAN is wrong");
    }
    return new ClearPAN(digits);
  }

  get length(): number {
    return this.#digits.length;
  }

  mask(): string {
    // Only the digits that may be shown become text: strings cannot be wiped.
    const { length } = this.#digits;
    const shown = (from: number, to: number) => this.#digits.toString("latin1", from, to);
    return shown(0, 6) + "*".repeat(length - 10) + shown(length - 4, length);
  }

  /** Writes the ASCII digits at `off` and returns how many. */
  copyTo(buf: Uint8Array, off: number): number {
    buf.set(this.#digits, off);
    return this.#digits.length;
  }

  /** Writes the ten BCD bytes of the sealed block and of the blind index. */
  bcdTo(buf: Uint8Array, off: number): void {
    digitsToBcd(this.#digits, 0, this.#digits.length, buf, off, panBcdBytes);
  }

  equals(other: ClearPAN): boolean {
    return this.#digits.equals(other.#digits);
  }

  toString(): string {
    return this.mask();
  }

  toJSON(): string {
    return this.mask();
  }

  [Symbol.toPrimitive](): string {
    return this.mask();
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `ClearPAN(${this.mask()})`;
  }
}

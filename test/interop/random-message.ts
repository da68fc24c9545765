// Random messages over all elements of a dialect, reproducible from a seed.
import type { ContentClass, ElementSpec } from "../../codec/iso8583/dialect.ts";
import type { Dialect } from "../../codec/iso8583/mod.ts";

/** A number from 0 up to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const digits = "0123456789";
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join("");

const alphabets: Partial<Record<ContentClass, string>> = {
  n: digits,
  a: letters,
  an: `${letters}${digits} `,
  ans: printable,
  ns: `${digits} .,-/=`,
  z: `${digits}=`,
};

/** How many days each month has in every year. */
const days = 28;

export class MessageMaker {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Elements 2 and up, each with a value as the document form has it: text, or hex. */
  fields(dialect: Dialect): Map<number, string> {
    const out = this.values(dialect.elements, this.#random() ** 2);
    // jPOS writes no bitmap at all where there is no element.
    const stan = dialect.elements["11"];
    if (out.size === 0 && stan !== undefined) out.set(11, this.#value(stan));
    return out;
  }

  /** A value for about that share of the elements. */
  values(elements: Readonly<Record<string, ElementSpec>>, share: number): Map<number, string> {
    const out = new Map<number, string>();
    for (const [key, element] of Object.entries(elements)) {
      if (Number(key) > 1 && this.#random() < share) out.set(Number(key), this.#value(element));
    }
    return out;
  }

  mti(version: string): string {
    return `${version}${this.#pick("12345678")}${this.#pick("01234")}${this.#pick("012345")}`;
  }

  #value(element: ElementSpec): string {
    const { content, min, max } = element;
    // Mostly short, now and then as long as can be.
    const length = min + Math.round(this.#random() ** 6 * (max - min));
    if (content === "b") return this.#text("0123456789ABCDEF", 2 * length);
    if (content === "x+n") return this.#pick("CD") + this.#text(digits, length - 1);
    const alphabet = alphabets[content];
    return alphabet === undefined ? this.#date(content) : this.#text(alphabet, length);
  }

  #date(content: string): string {
    const two = (from: number, to: number): string => {
      return String(from + Math.floor(this.#random() * (to - from + 1))).padStart(2, "0");
    };
    // Token by token; MM and mm differ in their limits alone.
    return content.replace(/YYYY|YY|MM|DD|hh|mm|ss/g, (part) => {
      if (part === "YYYY") return `20${two(0, 99)}`;
      if (part === "YY") return two(0, 99);
      if (part === "MM") return two(1, 12);
      if (part === "DD") return two(1, days);
      return part === "hh" ? two(0, 23) : two(0, 59);
    });
  }

  #text(alphabet: string, length: number): string {
    return Array.from({ length }, () => this.#pick(alphabet)).join("");
  }

  #pick(alphabet: string): string {
    return alphabet[Math.floor(this.#random() * alphabet.length)]!;
  }
}

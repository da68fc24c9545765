// Requests that come again, in dialects whose network has no rule of its own: the same key with the
// same content gets the stored answer again, whether or not it is marked as a repeat; the same key
// with other content is a duplicate (94). `mydebit` does not use this: there the claim decides.
import { createHash, type Hash } from "node:crypto";
import type { View } from "../../codec/iso8583/mod.ts";

export interface AnsweredOptions {
  /** Elements that name a request, besides its class; DE7, 11, 32 and 37 by default. */
  readonly keyElements?: readonly number[];
  /** Elements that a repeat may change (DE12 in some networks); MACs are never content. */
  readonly ignored?: readonly number[];
  /** How long an answer is kept: as long as the other side repeats. */
  readonly keepMs: number;
  /** Answers kept, the oldest forgotten first: at 500 bytes each, 100,000 are 50 MB. */
  readonly answersMax: number;
}

export type AnsweredVerdict =
  | { readonly kind: "new" }
  /** The first one is still being worked on; its answer will do for both. */
  | { readonly kind: "under-way" }
  | { readonly kind: "repeat"; readonly answer: Buffer }
  | { readonly kind: "duplicate" };

interface Entry {
  readonly content: string;
  readonly atMs: number;
  answer: Buffer | null;
}

const defaultKey = [7, 11, 32, 37] as const;
const macElements = [64, 128, 192] as const;
/** Bitmap bits are no elements; 192 is the last one of any dialect. */
const elementsMax = 192;
/** Half of SHA-256 tells messages of one day apart many times over. */
const digestBytes = 16;

export class Answered {
  readonly #options: AnsweredOptions;
  readonly #ignored: ReadonlySet<number>;
  /** In the order of coming, so that the oldest stand first. */
  readonly #entries = new Map<string, Entry>();

  constructor(options: AnsweredOptions) {
    this.#options = options;
    this.#ignored = new Set([...macElements, ...(options.ignored ?? [])]);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Judges a request; a new one is noted and waits for `answered`. */
  judge(view: View, nowMs: number): AnsweredVerdict {
    this.#forget(nowMs);
    const key = this.keyOf(view);
    const content = this.#contentOf(view);
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      this.#entries.set(key, { content, atMs: nowMs, answer: null });
      return { kind: "new" };
    }
    if (entry.content !== content) return { kind: "duplicate" };
    return entry.answer === null ? { kind: "under-way" } : { kind: "repeat", answer: entry.answer };
  }

  /** Keeps the answer to the request with this key. */
  answered(key: string, answer: Uint8Array): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) entry.answer = Buffer.from(answer);
  }

  /** The request could not be answered: the next one with its key is new again. */
  abandon(key: string): void {
    this.#entries.delete(key);
  }

  /** What names the request: its class and the key elements, absent ones apart from empty ones. */
  keyOf(view: View): string {
    const hash = createHash("sha256").update(Buffer.from([(view.mti >> 8) & 15]));
    for (const de of this.#options.keyElements ?? defaultKey) addElement(hash, view, de);
    return digestOf(hash);
  }

  #contentOf(view: View): string {
    const hash = createHash("sha256");
    for (let de = 2; de <= elementsMax; de++) {
      if (view.has(de) && !this.#ignored.has(de)) addElement(hash, view, de);
    }
    return digestOf(hash);
  }

  #forget(nowMs: number): void {
    const { keepMs, answersMax } = this.#options;
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= answersMax && nowMs - entry.atMs < keepMs) return;
      this.#entries.delete(key);
    }
  }
}

function addElement(hash: Hash, view: View, de: number): void {
  const present = view.has(de);
  const length = present ? view.length(de) : 0;
  hash.update(Buffer.from([de, present ? 1 : 0, length >>> 8, length & 0xff]));
  if (!present) return;
  const at = view.offset(de);
  hash.update(view.buf.subarray(at, at + length));
}

function digestOf(hash: Hash): string {
  return hash.digest().toString("base64", 0, digestBytes);
}

// Looks at every answer, cheaply: where answers have the length of one that was read in full,
// response code and card number are at the same places.
import { mydebit } from "../../codec/iso8583/mod.ts";
import { testRange } from "../../vault/mod.ts";

/** DE120 tag 13: why. */
const reasonTag = 13;
const reasonDigits = 4;
const zero = 0x30;
const one = 0x31;
const cardHead = Buffer.from(testRange, "latin1");

export class AnswerCheck {
  readonly #view = mydebit.createView();
  #length = -1;
  #responseAt = 0;
  #cardAt = 0;
  /** A copy of the first answer, for an echo to give. */
  first: Buffer | null = null;

  /** Throws unless it is a 0110 with DE39 00 and a card of the test range in DE2. */
  check(bytes: Buffer, at: number, length: number): void {
    if (length !== this.#length) this.#learn(bytes, at, length);
    const response = at + this.#responseAt;
    let good = bytes[response] === zero && bytes[response + 1] === zero;
    good &&= bytes[at + 1] === one && bytes[at + 2] === one;
    const card = at + this.#cardAt;
    for (let i = 0; i < cardHead.length; i++) good &&= bytes[card + i] === cardHead[i];
    if (!good) throw this.#refused(bytes, at, length);
  }

  /** Response code and reason of an answer that is not an approval. */
  #refused(bytes: Buffer, at: number, length: number): Error {
    const view = this.#view;
    if (mydebit.scanMessage(view, bytes, at, at + length) !== 0) {
      return new Error("an answer cannot be read: the bench is void");
    }
    const from = view.has(120) && view.tags.has(reasonTag) ? view.tags.offset(reasonTag) : -1;
    const why = from < 0 ? "none" : bytes.toString("latin1", from, from + reasonDigits);
    return new Error(
      `a good payment was answered ${view.text(39)}, reason ${why}: the bench is void`,
    );
  }

  #learn(bytes: Buffer, at: number, length: number): void {
    const view = this.#view;
    const status = mydebit.scanMessage(view, bytes, at, at + length);
    if (status !== 0) throw mydebit.error(status, view);
    if (!view.has(39) || !view.has(2)) throw this.#refused(bytes, at, length);
    this.#length = length;
    this.#responseAt = view.offset(39) - at;
    this.#cardAt = view.offset(2) - at;
    this.first ??= Buffer.from(bytes.subarray(at, at + length));
  }
}

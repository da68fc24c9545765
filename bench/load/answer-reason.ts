// The reason in an ISO 8583 answer, and the number of the payment that it belongs to.
import { mydebit, type View } from "../../codec/iso8583/mod.ts";
import { reason } from "../../platform/mod.ts";
import { testRange } from "../../vault/mod.ts";

/** DE120 tag 13. */
const reasonTag = 13;
const reasonDigits = 4;
const zero = 0x30;
const cardHead = Buffer.from(testRange, "latin1");

/** What no service may answer: an answer that cannot be read, or an approval without a card. */
export const unreadable = -1;

export class AnswerReason {
  readonly #view: View = mydebit.createView();

  /** The 4-digit reason, or `unreadable`. */
  read(bytes: Buffer, at: number, length: number): number {
    const view = this.#view;
    if (mydebit.scanMessage(view, bytes, at, at + length) !== 0 || !view.has(39)) return unreadable;
    if (!view.has(120) || !view.tags.has(reasonTag)) {
      return view.text(39) === "91" ? reason.OVERLOADED : unreadable;
    }
    const code = digits(bytes, view.tags.offset(reasonTag), reasonDigits);
    return code === 0 && !this.#hasCard(bytes) ? unreadable : code;
  }

  /** DE37 of the answer read last, as a number. */
  sequence(): number {
    const view = this.#view;
    return view.has(37) ? digits(view.buf, view.offset(37), view.length(37)) : unreadable;
  }

  #hasCard(bytes: Buffer): boolean {
    const view = this.#view;
    if (!view.has(2)) return false;
    const at = view.offset(2);
    return cardHead.every((byte, i) => bytes[at + i] === byte);
  }
}

function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) value = value * 10 + (bytes[i] as number) - zero;
  return value;
}

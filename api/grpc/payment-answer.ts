// Answers of the hot path become structured responses here.
import { mydebit, type View } from "../../codec/iso8583/mod.ts";
import { type AppError, getReason } from "../../platform/mod.ts";
import { Decision, type VerifyResponse } from "../../proto/mod.ts";
import { internalError } from "./status.ts";

/** Tags of an answer that stay with the switch: PTAV, reason, mark of a repetition. */
const switchOnly: ReadonlySet<number> = new Set([4, 13, 20]);
/** Tag in two digits, length in three. */
const tagHeadBytes = 5;

/** Reads one answer at a time; the PAN goes into the response as bytes, never as a string. */
export class AnswerReader {
  readonly #view: View = mydebit.createView();

  /**
   * `reasonCode` is what the pipeline says; DE120 tag 13 of the answer repeats it. Returns an error
   * instead of throwing: the other answers of the batch must still leave.
   */
  read(
    bytes: Buffer,
    offset: number,
    length: number,
    reasonCode: number,
  ): VerifyResponse | AppError {
    const view = this.#view;
    const status = mydebit.scanMessage(view, bytes, offset, offset + length);
    if (status < 0) return internalError(new Error("an answer of the hot path does not scan"));
    const approved = reasonCode === 0;
    return {
      decision: approved ? Decision.DECISION_APPROVED : Decision.DECISION_DECLINED,
      reasonCode,
      reason: getReason(reasonCode).name,
      responseCode: view.text(39),
      pan: approved ? this.#copy(2) : Buffer.alloc(0),
      panExpiry: approved ? view.text(14) : "",
      par: this.#tag(9),
      tam: this.#tag(10),
      tokenType: this.#tag(11),
      ptavResult: this.#tag(12),
      verificationId: this.#tag(14),
      tokenStatus: this.#tag(18),
      tokenProvisionedAt: this.#tag(19),
      repetition: this.#tag(20) === "R",
      issuerData: approved ? this.#issuerData() : "",
    };
  }

  /** DE120 as the switch sends it on: all but the reason and the mark of a repetition. */
  #issuerData(): string {
    const { tags, buf } = this.#view;
    let data = "";
    for (let at = 0; at < tags.count; at++) {
      const tag = tags.order[at] as number;
      if (switchOnly.has(tag)) continue;
      const from = tags.offset(tag) - tagHeadBytes;
      data += buf.toString("latin1", from, tags.offset(tag) + tags.length(tag));
    }
    return data;
  }

  #copy(element: number): Buffer {
    const view = this.#view;
    if (!view.has(element)) return Buffer.alloc(0);
    const at = view.offset(element);
    return Buffer.from(view.buf.subarray(at, at + view.length(element)));
  }

  #tag(tag: number): string {
    const view = this.#view;
    if (!view.has(120) || !view.tags.has(tag)) return "";
    const at = view.tags.offset(tag);
    return view.buf.toString("latin1", at, at + view.tags.length(tag));
  }
}

import { ReplyPlans } from "./reply-plan.ts";
import { elementsMax } from "./view.ts";

/** Room for the values of one answer: DE120 (999) and a few short elements, twice over. */
const scratchBytes = 2_048;

const viewOf = (buf: Buffer): DataView => new DataView(buf.buffer, buf.byteOffset, buf.length);

/** What an answer changes or adds to the echo of its request. One per worker, reused. */
export class ReplyPatch {
  /** Where the caller writes the new values. */
  readonly buf: Buffer = Buffer.alloc(scratchBytes);
  /** The same bytes four at a time; the answer's buffer, which `attach` notes, and its bytes. */
  readonly bufWords: DataView = viewOf(this.buf);
  outWords: DataView = this.bufWords;
  out: Buffer = this.buf;
  /** True: echo only what a format error may, 7 11 32 37, as far as they scanned cleanly. */
  errorOnly = false;
  /** True: announce DE128 and leave 8 zero bytes at the end for the MAC. */
  withMac = false;
  /** Which elements are set, as bitmap words. */
  readonly words = new Int32Array(4);
  /** The writer's: how the last answers were put together, which the next one mostly repeats. */
  readonly plans: ReplyPlans = new ReplyPlans();
  /** `[2 * de]` offset in `buf`, `[2 * de + 1]` length. */
  readonly slots = new Int32Array(2 * (elementsMax + 1));

  /** Notes the buffer of the answers to come; nothing where it is the same as before. */
  attach(out: Buffer): void {
    if (this.out === out) return;
    this.out = out;
    this.outWords = viewOf(out);
  }

  clear(): void {
    this.errorOnly = false;
    this.withMac = false;
    this.words[0] = 0;
    this.words[1] = 0;
    this.words[2] = 0;
    this.words[3] = 0;
  }

  /** Sets an element to bytes of `buf`, without a length prefix; replaces its echo. */
  set(de: number, off: number, length: number): void {
    const word = (de - 1) >> 5;
    this.words[word] = this.words[word]! | (1 << (-de & 31));
    this.slots[2 * de] = off;
    this.slots[2 * de + 1] = length;
  }
}

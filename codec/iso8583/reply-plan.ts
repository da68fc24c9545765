// How an answer is put together from its request: the bytes before its first element, then runs of
// echoed elements and single patched ones. It depends on which elements came and are set, not on
// what is in them, so the answers of a batch mostly share one plan.
import type { Generated } from "./generated.ts";
import { answerMti } from "./mti.ts";
import type { ReplyPatch } from "./reply-patch.ts";
import { hexPair } from "./tables.ts";
import { elementsMax, type View } from "./view.ts";

const macBit = 1;
/** MTI and two bitmaps in hex. */
const headBytesMax = 36;
const plansKept = 8;

export class ReplyPlan {
  /** MTI and bitmaps of the answer; `headBytes` of it are in use. */
  readonly head = new DataView(new ArrayBuffer(headBytesMax));
  headBytes = 0;
  /**
   * `[2 * step]` and `[2 * step + 1]`: first and last element of a run that lies end to end in the
   * request, or 0 and the element that the patch sets.
   */
  readonly steps = new Int32Array(2 * (elementsMax + 1));
  count = 0;
  // What the plan was made for.
  private gen: Generated | null = null;
  private mti = 0;
  private validUpTo = 0;
  private flags = 0;
  private readonly present = new Int32Array(4);
  private readonly patched = new Int32Array(4);
  private readonly answer = new Int32Array(4);

  fits(gen: Generated, view: View, patch: ReplyPatch): boolean {
    const { present, patched } = this;
    const { words } = patch;
    return (
      view.w0 === present[0] &&
      view.w1 === present[1] &&
      view.w2 === present[2] &&
      view.w3 === present[3] &&
      words[0] === patched[0] &&
      words[1] === patched[1] &&
      words[2] === patched[2] &&
      words[3] === patched[3] &&
      view.mti === this.mti &&
      view.validUpTo === this.validUpTo &&
      flagsOf(patch) === this.flags &&
      gen === this.gen
    );
  }

  make(gen: Generated, view: View, patch: ReplyPatch): void {
    const { present, answer } = this;
    this.gen = gen;
    this.mti = view.mti;
    this.validUpTo = view.validUpTo;
    this.flags = flagsOf(patch);
    present[0] = view.w0;
    present[1] = view.w1;
    present[2] = view.w2;
    present[3] = view.w3;
    this.patched.set(patch.words);
    for (let k = 0; k < 4; k++) answer[k] = this.echoed(gen, patch, k) | patch.words[k]!;
    answer[3]! &= ~macBit;
    this.makeHead(gen, patch);
    this.makeSteps();
  }

  private makeSteps(): void {
    this.count = 0;
    let running = false;
    for (let de = 2; de <= 128; de++) {
      if (!isSet(this.answer, de)) {
        if (isSet(this.present, de)) running = false;
      } else if (isSet(this.patched, de)) {
        this.addStep(0, de);
        running = false;
      } else if (running) {
        this.steps[2 * this.count - 1] = de;
      } else {
        this.addStep(de, de);
        running = true;
      }
    }
  }

  private makeHead(gen: Generated, patch: ReplyPatch): void {
    const { answer, head } = this;
    const last = answer[3]! | (patch.withMac ? macBit : 0);
    const both = gen.writesAllBitmaps || (answer[2]! | last) !== 0;
    const mti = answerMti(this.mti);
    for (let i = 0; i < 4; i++) head.setUint8(i, 48 + ((mti >> (12 - 4 * i)) & 15));
    writeHexWord(both ? answer[0]! | 0x80000000 : answer[0]!, head, 4);
    writeHexWord(answer[1]!, head, 12);
    writeHexWord(answer[2]!, head, 20);
    writeHexWord(last, head, 28);
    this.headBytes = both ? headBytesMax : 20;
  }

  /** Elements of word k that the answer repeats. */
  private echoed(gen: Generated, patch: ReplyPatch, k: number): number {
    const row = gen.messageRow(this.mti);
    const known = row >= 0;
    const all = gen.echo[(known ? 4 * row : gen.echo.length - 4) + k]!;
    const kept = patch.errorOnly ? (known ? all & gen.errorEcho[k]! : gen.errorEcho[k]!) : all;
    return kept & this.present[k]! & maskUpTo(this.validUpTo, k);
  }

  private addStep(first: number, last: number): void {
    this.steps[2 * this.count] = first;
    this.steps[2 * this.count + 1] = last;
    this.count++;
  }
}

/** The last few plans: approvals and the declines among them differ in what is set. */
export class ReplyPlans {
  private readonly plans: readonly ReplyPlan[] = Array.from(
    { length: plansKept },
    () => new ReplyPlan(),
  );
  private latest = 0;

  /** The plan of this answer, made where none of the last ones fits. */
  find(gen: Generated, view: View, patch: ReplyPatch): ReplyPlan {
    for (let i = 0; i < plansKept; i++) {
      const place = (this.latest + i) % plansKept;
      const plan = this.plans[place]!;
      if (!plan.fits(gen, view, patch)) continue;
      this.latest = place;
      return plan;
    }
    this.latest = (this.latest + plansKept - 1) % plansKept;
    const plan = this.plans[this.latest]!;
    plan.make(gen, view, patch);
    return plan;
  }
}

function flagsOf(patch: ReplyPatch): number {
  return (patch.errorOnly ? 1 : 0) | (patch.withMac ? 2 : 0);
}

function isSet(words: Int32Array, de: number): boolean {
  return (words[(de - 1) >> 5]! & (1 << (-de & 31))) !== 0;
}

/** Bits of the word that stand for elements up to `last`. */
function maskUpTo(last: number, word: number): number {
  const bits = last - 32 * word;
  return bits >= 32 ? -1 : bits <= 0 ? 0 : ~(0xffffffff >>> bits);
}

function writeHexWord(word: number, out: DataView, at: number): void {
  for (let i = 0; i < 4; i++) out.setUint16(at + 2 * i, hexPair[(word >>> (24 - 8 * i)) & 0xff]!);
}

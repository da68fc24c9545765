// Which answer belongs to which request: class, DE7, DE11, DE32 and DE37 must be the same.
import { mydebit, type View } from "../../codec/iso8583/mod.ts";
import type { AnswerHandler } from "./switch-client.ts";

export interface Pending {
  /** Null once its time was up: the answer is then late. */
  handler: AnswerHandler | null;
  readonly hasMac: boolean;
  readonly sentMs: number;
  readonly cls: number;
  /** DE7, DE11, DE32 and DE37 as they were sent, one after the other. */
  readonly key: Buffer;
  readonly stan: number;
  /** Another message with the same STAN. */
  next: Pending | null;
  done: boolean;
}

/** The elements of the key; all but DE32 have a fixed length. */
const keyElements = [7, 11, 32, 37] as const;

/** How long an answer that comes too late is still recognised as such. */
const lateMs = 60_000;

export class MatchTable {
  /** Outstanding messages, those that ran out of time left out. */
  size = 0;
  readonly #byStan = new Map<number, Pending>();
  readonly #view = mydebit.createView();
  /** In the order of sending; `#head` is the oldest one that may be outstanding. */
  #queue: Pending[] = [];
  #head = 0;
  #late: Pending[] = [];

  /** Remembers a request. Throws where it has no key: nobody could match its answer. */
  add(message: Buffer, handler: AnswerHandler, sentMs: number): Pending {
    const view = this.#view;
    // A message that is wrong further on still has a key; its answer 30 echoes it.
    mydebit.scanMessage(view, message, 0, message.length);
    if (!keyElements.every((de) => view.has(de))) throw new Error("the message has no key");
    const stan = view.int(11);
    const pending: Pending = {
      handler,
      hasMac: view.has(128),
      sentMs,
      cls: view.mti & 0xf00,
      key: keyOf(view),
      stan,
      next: this.#byStan.get(stan) ?? null,
      done: false,
    };
    this.#byStan.set(stan, pending);
    this.#queue.push(pending);
    this.size += 1;
    return pending;
  }

  /** The request that this answer belongs to, the oldest where several fit, or null. */
  take(view: View): Pending | null {
    if (!keyElements.every((de) => view.has(de))) return null;
    let found: Pending | null = null;
    for (let p = this.#byStan.get(view.int(11)) ?? null; p !== null; p = p.next) {
      if (p.cls === (view.mti & 0xf00) && sameKey(p.key, view)) found = p;
    }
    if (found === null) return null;
    this.#remove(found);
    if (found.handler !== null) this.size -= 1;
    found.done = true;
    return found;
  }

  /** Gives up on what was sent before `beforeMs`; its answers count as late from then on. */
  sweep(beforeMs: number, onTimeout: (pending: Pending) => void): void {
    while (this.#head < this.#queue.length) {
      const oldest = this.#queue[this.#head]!;
      if (!oldest.done && oldest.sentMs > beforeMs) break;
      this.#head += 1;
      if (oldest.done) continue;
      this.size -= 1;
      onTimeout(oldest);
      oldest.handler = null;
      this.#late.push(oldest);
    }
    this.#queue = this.#queue.slice(this.#head);
    this.#head = 0;
    const keep = this.#late.findIndex((pending) => pending.sentMs > beforeMs - lateMs);
    const gone = this.#late.splice(0, keep < 0 ? this.#late.length : keep);
    for (const pending of gone) if (!pending.done) this.#remove(pending);
  }

  #remove(pending: Pending): void {
    const first = this.#byStan.get(pending.stan);
    if (first === pending) {
      if (pending.next === null) this.#byStan.delete(pending.stan);
      else this.#byStan.set(pending.stan, pending.next);
      return;
    }
    for (let p = first ?? null; p !== null; p = p.next) {
      if (p.next !== pending) continue;
      p.next = pending.next;
      return;
    }
  }
}

function keyOf(view: View): Buffer {
  const length = keyElements.reduce((sum, de) => sum + view.length(de), 0);
  const key = Buffer.allocUnsafe(length);
  let at = 0;
  for (const de of keyElements) {
    const from = view.offset(de);
    at += view.buf.copy(key, at, from, from + view.length(de));
  }
  return key;
}

function sameKey(key: Buffer, view: View): boolean {
  let at = 0;
  for (const de of keyElements) {
    const from = view.offset(de);
    const length = view.length(de);
    if (at + length > key.length) return false;
    for (let i = 0; i < length; i++) if (key[at + i] !== view.buf[from + i]) return false;
    at += length;
  }
  return at === key.length;
}

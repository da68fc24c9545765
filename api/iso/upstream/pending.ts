// Which answer belongs to which request, in any dialect: the same class and DE11, and of DE7, DE32,
// DE37 and DE70 whatever both of them carry. A host that leaves one of these out is still
// understood; one that changes it is not.
import { classOf, type View } from "../../../codec/iso8583/mod.ts";

export const matchElements: readonly number[] = [7, 32, 37, 70];
const stanElement = 11;

/** How long an answer that comes too late is still recognised as such. */
const lateMs = 60_000;
/** Requests that are remembered after their time; beyond them an answer counts as unmatched. */
const lateMax = 100_000;

export interface Pending<T> {
  readonly what: T;
  readonly sentMs: number;
  readonly key: string;
  readonly parts: ReadonlyMap<number, string>;
  /** False once its time was up: the answer is then late. */
  waiting: boolean;
}

export type Match<T> =
  | { readonly kind: "answer"; readonly pending: Pending<T> }
  | { readonly kind: "late"; readonly pending: Pending<T> }
  | { readonly kind: "unmatched" };

export class PendingTable<T> {
  /** Requests that wait for an answer. */
  size = 0;
  readonly #elements: readonly number[];
  /** Oldest first under each key. */
  readonly #byKey = new Map<string, Pending<T>[]>();
  /** In the order of sending. */
  readonly #waiting = new Set<Pending<T>>();
  readonly #late = new Set<Pending<T>>();

  constructor(elements: readonly number[] = matchElements) {
    this.#elements = elements;
  }

  /** Remembers the request in the view; null where it has no DE11, so that nothing can match. */
  add(view: View, what: T, sentMs: number): Pending<T> | null {
    if (!view.has(stanElement)) return null;
    const parts = new Map<number, string>();
    for (const de of this.#elements) if (view.has(de)) parts.set(de, bytesOf(view, de));
    const key = keyOf(view);
    const pending: Pending<T> = { what, sentMs, key, parts, waiting: true };
    const same = this.#byKey.get(key);
    if (same === undefined) this.#byKey.set(key, [pending]);
    else same.push(pending);
    this.#waiting.add(pending);
    this.size += 1;
    return pending;
  }

  /**
   * The request that the answer in the view belongs to: where several fit, the oldest that still
   * waits. A request and its repeat share a key, and one answer does for both.
   */
  take(view: View): Match<T> {
    const same = view.has(stanElement) ? this.#byKey.get(keyOf(view)) : undefined;
    const fitting = same?.filter((one) => fits(one, view));
    const pending = fitting?.find((one) => one.waiting) ?? fitting?.[0];
    if (pending === undefined) return { kind: "unmatched" };
    const kind = pending.waiting ? "answer" : "late";
    this.#remove(pending);
    return { kind, pending };
  }

  /** Gives up on what was sent before `beforeMs`; its answers count as late from then on. */
  sweep(beforeMs: number, onTimeout: (what: T) => void): void {
    for (const pending of this.#waiting) {
      if (pending.sentMs > beforeMs) break;
      this.#waiting.delete(pending);
      this.size -= 1;
      pending.waiting = false;
      this.#late.add(pending);
      onTimeout(pending.what);
    }
    for (const pending of this.#late) {
      if (this.#late.size <= lateMax && pending.sentMs > beforeMs - lateMs) break;
      this.#remove(pending);
    }
  }

  /** Gives up on everything: the connection is gone. */
  clear(onLost: (what: T) => void): void {
    const lost = [...this.#waiting];
    this.#waiting.clear();
    this.#late.clear();
    this.#byKey.clear();
    this.size = 0;
    for (const { what } of lost) onLost(what);
  }

  #remove(pending: Pending<T>): void {
    if (this.#waiting.delete(pending)) this.size -= 1;
    this.#late.delete(pending);
    const same = this.#byKey.get(pending.key) ?? [];
    const rest = same.filter((one) => one !== pending);
    if (rest.length === 0) this.#byKey.delete(pending.key);
    else this.#byKey.set(pending.key, rest);
  }
}

function fits<T>(pending: Pending<T>, view: View): boolean {
  for (const [de, bytes] of pending.parts) {
    if (view.has(de) && bytesOf(view, de) !== bytes) return false;
  }
  return true;
}

function keyOf(view: View): string {
  return `${classOf(view.mti)}:${bytesOf(view, stanElement)}`;
}

function bytesOf(view: View, de: number): string {
  const at = view.offset(de);
  return view.buf.toString("latin1", at, at + view.length(de));
}

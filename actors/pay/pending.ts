// Claims that were judged and whose group is not in the log yet. They are known to the shard's
// owner only, and are dropped with its epoch.
import { paymentAt, paymentKind, verdict } from "../../vault/mod.ts";

/** Told once; `id`: the verification id that the answer carries. */
export type Told = (code: number, id: Buffer) => void;

interface Waiter {
  readonly id: Buffer;
  readonly told: Told;
}

/** One payment on its way to the log, and all who wait for it. */
export interface PendingPayment {
  readonly payment: Buffer;
  readonly waiters: Waiter[];
}

export class Pending {
  readonly #claims = new Map<string, PendingPayment>();
  /** Pending claims by the key under which a reversal names them. */
  readonly #originals = new Map<string, number>();
  readonly #orphans = new Map<string, PendingPayment>();

  /**
   * What those that are pending say to another one. NEW: nothing. Undefined: it waits with the one
   * that it repeats.
   */
  meet(payment: Buffer, told: Told): number | undefined {
    const kind = payment[paymentAt.kind];
    if (kind === paymentKind.ROW) return verdict.NEW;
    if (kind === paymentKind.ORPHAN) {
      const key = keyOf(payment);
      // Its original is about to be accepted: which of them came first is known in a moment.
      if (this.#originals.has(key)) return verdict.REFUSED;
      return join(this.#orphans.get(key), payment, told);
    }
    const rival = this.#claims.get(keyOf(payment));
    if (rival !== undefined) {
      return isSame(rival.payment, payment) ? join(rival, payment, told) : verdict.USED;
    }
    return this.#orphans.has(originalOf(payment)) ? verdict.REVERSED : verdict.NEW;
  }

  add(payment: Buffer, told: Told): PendingPayment {
    const one: PendingPayment = { payment, waiters: [{ id: idOf(payment), told }] };
    const kind = payment[paymentAt.kind];
    if (kind === paymentKind.ORPHAN) this.#orphans.set(keyOf(payment), one);
    else if (kind !== paymentKind.ROW) {
      this.#claims.set(keyOf(payment), one);
      const original = originalOf(payment);
      this.#originals.set(original, (this.#originals.get(original) ?? 0) + 1);
    }
    return one;
  }

  remove({ payment }: PendingPayment): void {
    const kind = payment[paymentAt.kind];
    if (kind === paymentKind.ORPHAN) this.#orphans.delete(keyOf(payment));
    else if (kind !== paymentKind.ROW) {
      this.#claims.delete(keyOf(payment));
      const original = originalOf(payment);
      const left = (this.#originals.get(original) ?? 1) - 1;
      if (left === 0) this.#originals.delete(original);
      else this.#originals.set(original, left);
    }
  }
}

/** Tells all who wait for a payment that is stored: the first is new, the others repeat it. */
export function tellStored({ payment, waiters }: PendingPayment): void {
  const first = idOf(payment);
  const noted = payment[paymentAt.kind] === paymentKind.ORPHAN;
  for (const { id, told } of waiters) {
    if (noted) told(verdict.NOTED, id);
    else told(id.equals(first) ? verdict.NEW : verdict.REPETITION, first);
  }
}

export function tellAll({ waiters }: PendingPayment, code: number): void {
  for (const { id, told } of waiters) told(code, id);
}

function join(rival: PendingPayment | undefined, payment: Buffer, told: Told): number | undefined {
  if (rival === undefined) return verdict.NEW;
  rival.waiters.push({ id: idOf(payment), told });
  return undefined;
}

export function idOf(payment: Buffer): Buffer {
  return payment.subarray(paymentAt.verificationId, paymentAt.row);
}

/** As in the replay store, which knows PTAV and DE7 claims by one key. */
function keyOf(payment: Buffer): string {
  return payment.toString("latin1", paymentAt.key, paymentAt.original);
}

function originalOf(payment: Buffer): string {
  return payment.toString("latin1", paymentAt.original, paymentAt.fingerprint);
}

/** The same transaction from the same peer. */
function isSame(a: Buffer, b: Buffer): boolean {
  const { peer, key, fingerprint, verificationId } = paymentAt;
  return (
    a.compare(b, peer, key, peer, key) === 0 &&
    a.compare(b, fingerprint, verificationId, fingerprint, verificationId) === 0
  );
}

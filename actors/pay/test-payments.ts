// Payments and a ledger in memory for the tests of this room and of the cluster.
import {
  paymentAt,
  paymentBytes,
  paymentHeadBytes,
  paymentKind,
  verdict,
} from "../../vault/mod.ts";
import type { Judged, PaymentLedger } from "./ledger.ts";

export interface TestPayment {
  readonly kind?: number;
  /** Time and number of its claim. */
  readonly time?: number;
  readonly key: number;
  /** Another transaction has another fingerprint. */
  readonly transaction?: number;
  readonly id: number;
  readonly peer?: number;
  /** Number under which a reversal names it. */
  readonly original?: number;
}

export function testPayment(of: TestPayment): Buffer {
  const kind = of.kind ?? paymentKind.PTAV;
  const bytes = Buffer.alloc(kind === paymentKind.ORPHAN ? paymentHeadBytes : paymentBytes);
  const time = of.time ?? 1_000;
  bytes[paymentAt.kind] = kind;
  bytes.writeUInt32LE(of.peer ?? 1, paymentAt.peer);
  bytes.writeUInt32BE(time, paymentAt.key);
  bytes.writeUInt32BE(of.key, paymentAt.key + 8);
  bytes.writeUInt32BE(time, paymentAt.original);
  bytes.writeUInt32BE(of.original ?? 0x8000_0000 + of.key, paymentAt.original + 8);
  bytes.writeUInt32BE(of.transaction ?? of.key, paymentAt.fingerprint);
  bytes.writeUInt32BE(of.id, paymentAt.verificationId);
  return bytes;
}

/** The claim's key, and the transaction and id that a payment brings. */
export function keyOf(payment: Buffer): string {
  return payment.toString("hex", paymentAt.key, paymentAt.original);
}

const originalOf = (payment: Buffer): string =>
  payment.toString("hex", paymentAt.original, paymentAt.fingerprint);

const transactionOf = (payment: Buffer): string =>
  payment.toString("hex", paymentAt.peer, paymentAt.key) +
  payment.toString("hex", paymentAt.fingerprint, paymentAt.verificationId);

/** A replay store without windows: whatever was claimed stays. */
export class MemoryLedger implements PaymentLedger {
  readonly claims = new Map<string, Buffer>();
  readonly orphans = new Set<string>();
  readonly fences: { readonly ptav: number; readonly de7: number }[] = [];
  /** Rows that the journal got. */
  rows = 0;
  readonly #seqs = new Map<number, number>();

  seq(shard: number): number {
    return this.#seqs.get(shard) ?? 0;
  }

  judge(payment: Buffer): Judged {
    const stored = this.claims.get(keyOf(payment));
    if (this.fences.some(({ ptav }) => payment.readUInt32BE(paymentAt.key) <= ptav)) {
      return { code: verdict.EXPIRED, id: undefined };
    }
    if (stored === undefined) {
      const reversed = this.orphans.has(originalOf(payment));
      return { code: reversed ? verdict.REVERSED : verdict.NEW, id: undefined };
    }
    if (transactionOf(stored) !== transactionOf(payment)) {
      return { code: verdict.USED, id: undefined };
    }
    const id = stored.subarray(paymentAt.verificationId, paymentAt.row);
    return { code: verdict.REPETITION, id };
  }

  fold(shard: number, seq: number, atMs: number, payments: readonly Buffer[]): void {
    if (seq <= this.seq(shard)) return;
    this.rows += payments.filter(({ length }) => length === paymentBytes).length;
    this.restore(shard, seq, atMs, payments);
  }

  restore(shard: number, seq: number, _atMs: number, payments: readonly Buffer[]): void {
    if (seq <= this.seq(shard)) return;
    this.#seqs.set(shard, seq);
    for (const payment of payments) {
      const kind = payment[paymentAt.kind];
      if (kind === paymentKind.ORPHAN) this.orphans.add(keyOf(payment));
      else if (kind !== paymentKind.ROW && !this.claims.has(keyOf(payment))) {
        this.claims.set(keyOf(payment), Buffer.from(payment));
      }
    }
  }

  fence(ptav: number, de7: number): void {
    this.fences.push({ ptav, de7 });
  }
}

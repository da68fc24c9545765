// What the log of payments is folded into on each node, and what its owners judge by.
import {
  type JournalWriter,
  type LoggedPayments,
  paymentAt,
  paymentBytes,
  rowBytes,
  verdict,
} from "../../vault/mod.ts";

export interface Judged {
  /** `verdict`: NEW, REPETITION, USED, EXPIRED or REVERSED. */
  readonly code: number;
  /** Of the first claim where it is a REPETITION, else undefined. */
  readonly id: Buffer | undefined;
}

/** Payments as in vault/replay/payment.ts. */
export interface PaymentLedger {
  /** Newest record of the shard's payments whose claims are in. */
  seq(shard: number): number;
  judge(payment: Buffer): Judged;
  /** A record of the log; what is in already changes nothing. */
  fold(shard: number, seq: number, atMs: number, payments: readonly Buffer[]): void;
  /** The same for a record whose rows this node's journal has: only its claims. */
  restore(shard: number, seq: number, atMs: number, payments: readonly Buffer[]): void;
  /** Nothing at or below these Unix seconds is claimed: the log of it is not there. */
  fence(ptav: number, de7: number): void;
}

/** The ledger of a vault: its replay store, and its journal of what the cluster accepted. */
export class VaultLedger implements PaymentLedger {
  readonly #logged: LoggedPayments;
  readonly #journal: JournalWriter;
  readonly #written: ReadonlySet<string>;

  /**
   * `written`: ids of rows, hex, that the life before has written to its journal last; of some of
   * them it may not have noted it.
   */
  constructor(logged: LoggedPayments, journal: JournalWriter, written: ReadonlySet<string>) {
    this.#logged = logged;
    this.#journal = journal;
    this.#written = written;
  }

  seq(shard: number): number {
    return this.#logged.seq(shard);
  }

  judge(payment: Buffer): Judged {
    const code = this.#logged.judge(payment);
    const repeats = code === verdict.REPETITION;
    return { code, id: repeats ? Buffer.from(this.#logged.firstId) : undefined };
  }

  /** The journal first: a row that is written twice is known by its id, a missing one is not. */
  fold(shard: number, seq: number, atMs: number, payments: readonly Buffer[]): void {
    if (seq <= this.#logged.seq(shard)) return;
    this.#write(payments.filter((one) => one.length === paymentBytes && !this.#isWritten(one)));
    this.#logged.fold(shard, seq, atMs, payments);
  }

  restore(shard: number, seq: number, atMs: number, payments: readonly Buffer[]): void {
    this.#logged.fold(shard, seq, atMs, payments);
  }

  fence(ptav: number, de7: number): void {
    this.#logged.fence(ptav, de7);
  }

  #isWritten(payment: Buffer): boolean {
    if (this.#written.size === 0) return false;
    return this.#written.has(payment.toString("hex", paymentAt.verificationId, paymentAt.row));
  }

  #write(payments: readonly Buffer[]): void {
    const { rows, rowsMax } = this.#journal;
    for (let from = 0; from < payments.length; from += rowsMax) {
      const many = payments.slice(from, from + rowsMax);
      for (const [i, payment] of many.entries()) payment.copy(rows, i * rowBytes, paymentAt.row);
      this.#journal.append(many.length);
    }
  }
}

// The replay store of a node in a cluster: claims come out of the log of payments, and are folded
// in here on every node alike. Judging changes nothing; what is not in the log yet, the shard's
// owner knows in memory.
import { ClaimLanes } from "./claim-lanes.ts";
import { claimKeyBytes } from "./claim-record.ts";
import type { ClaimWork } from "./claim-work.ts";
import { paymentAt, paymentKind } from "./payment.ts";
import type { ReplayEnvironment } from "./replay-environment.ts";
import { stateWord } from "./replay-state.ts";

export class LoggedPayments {
  /** Verification id of the first claim, where a judgement was REPETITION. */
  readonly firstId: Buffer;
  readonly #environment: ReplayEnvironment;
  readonly #work: ClaimWork;
  readonly #lanes = new ClaimLanes(1);

  constructor(environment: ReplayEnvironment, work: ClaimWork) {
    this.#environment = environment;
    this.#work = work;
    this.firstId = this.#lanes.verificationIds;
  }

  /** Newest record of the shard's payments that is folded in; 0 where there is none. */
  seq(shard: number): number {
    const row = this.#environment.meta.getBinary(keyOf(shard));
    return row === undefined ? 0 : Number(row.readBigUInt64BE(0));
  }

  /** `claim`: what the payment would get, going by what is folded in and by the clock of now. */
  judge(payment: Buffer): number {
    this.#load(payment);
    return this.#work.judge(this.#lanes, 0);
  }

  /**
   * Folds a record of the shard's payments in; one that is in already changes nothing. `atMs`: the
   * record's time. Throws DISK_FULL and what LMDB throws; nothing is stored then.
   */
  fold(shard: number, seq: number, atMs: number, payments: readonly Buffer[]): void {
    const { root, meta } = this.#environment;
    if (seq <= this.seq(shard)) return;
    root.transactionSync(() => {
      this.#work.begin(payments.length + 1);
      for (const payment of payments) this.#keep(payment, Math.floor(atMs / 1_000));
      const row = Buffer.alloc(8);
      row.writeBigUInt64BE(BigInt(seq));
      meta.putSync(keyOf(shard), row);
      this.#work.end();
    });
    // Whoever judges next sees it, without waiting for the event loop to turn.
    root.resetReadTxn();
  }

  /** Nothing at or below these Unix seconds is claimed any more: the log of it is not there. */
  fence(ptav: number, de7: number): void {
    const { root } = this.#environment;
    root.transactionSync(() => {
      this.#work.begin(1);
      this.#work.raise(stateWord.fencePtav, ptav);
      this.#work.raise(stateWord.fenceDe7, de7);
      this.#work.end();
    });
    root.resetReadTxn();
  }

  #keep(payment: Buffer, claimedAt: number): void {
    const kind = payment[paymentAt.kind];
    if (kind === paymentKind.ROW) return;
    if (kind === paymentKind.ORPHAN) {
      const key = payment.subarray(paymentAt.key, paymentAt.key + claimKeyBytes);
      this.#work.keepOrphan(key, claimedAt);
      return;
    }
    this.#load(payment);
    this.#work.keep(this.#lanes, 0, claimedAt);
  }

  #load(payment: Buffer): void {
    const lanes = this.#lanes;
    lanes.count = 1;
    lanes.kinds[0] = payment[paymentAt.kind]!;
    lanes.peers[0] = payment.readUInt32LE(paymentAt.peer);
    payment.copy(lanes.keys, 0, paymentAt.key, paymentAt.original);
    payment.copy(lanes.originals, 0, paymentAt.original, paymentAt.fingerprint);
    payment.copy(lanes.fingerprints, 0, paymentAt.fingerprint, paymentAt.verificationId);
    payment.copy(lanes.verificationIds, 0, paymentAt.verificationId, paymentAt.row);
  }
}

function keyOf(shard: number): Buffer {
  return Buffer.from(`pay ${shard}`, "latin1");
}

// The payments of one shard on the node that owns it: each is judged against what is folded in and
// what is pending, and is told when its group stands in the stream of payments and is folded in.
// One append is under way; what is judged meanwhile leaves as the next group.
import { paymentAt, paymentKind, rowAt, rowFlag, verdict } from "../../vault/mod.ts";
import type { ShardLog } from "../log/port.ts";
import {
  eventOverheadBytes,
  groupBytesMax,
  type LogEvent,
  ownTypes,
  recordEventsMax,
  recordOverheadBytes,
} from "../log/record.ts";
import { type ResyncCause, settle } from "../log/settle.ts";
import type { Fold } from "../runtime/fold.ts";
import { ParkError } from "../runtime/park.ts";
import { type RuntimePorts, sleep } from "../runtime/ports.ts";
import { sealBehind } from "../runtime/seal-behind.ts";
import type { ShardEvents } from "../runtime/shard.ts";
import type { Judged, PaymentLedger } from "./ledger.ts";
import type { PayFolder } from "./pay-folder.ts";
import { idOf, Pending, type PendingPayment, type Told, tellAll, tellStored } from "./pending.ts";

export interface PayShardOptions extends RuntimePorts {
  readonly log: ShardLog;
  readonly fold: Fold;
  readonly folder: PayFolder;
  readonly ledger: PaymentLedger;
  /** Drawn at this process's start. */
  readonly nonce: Buffer;
  /** Whether this node may decide and append now; asked before each. */
  readonly admit: () => boolean;
  readonly park: (error: ParkError) => void;
  readonly events: Pick<ShardEvents, "resync" | "alarm">;
}

/** Payments of one shard that wait: a second's worth, and what an election makes of it. */
export const waitingMax = 8_192;

/** After a refusal for want of room the stream is tried again this much later. */
const readOnlyMs = 1_000;

/** The projection could not take what the log holds; it is tried again. */
const foldAgainMs = 200;

const fresh: Judged = { code: verdict.NEW, id: undefined };

type Fate = "stored" | "moved" | "full" | "unknown";

export class PayShard {
  readonly #options: PayShardOptions;
  #owns = false;
  #epoch = 0;
  #identity = "";
  #pending = new Pending();
  #next: PendingPayment[] = [];
  #taken: readonly PendingPayment[] = [];
  #busy = false;
  #due = false;
  #stopped = false;
  #waiting = 0;
  #readOnlyUntilMs = 0;
  readonly #idle = new Set<() => void>();

  constructor(options: PayShardOptions) {
    this.#options = options;
  }

  /** Payments that wait for their group. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Judges from now on, in an epoch whose barriers are folded in. */
  own(epoch: number, identity: string): void {
    this.#epoch = epoch;
    this.#identity = identity;
    this.#pending = new Pending();
    this.#owns = true;
  }

  /**
   * Another may own the shard: what was not sent is void, and what is on its way is read from the
   * log.
   */
  release(): void {
    this.#owns = false;
    this.#pending = new Pending();
    for (const one of this.#next.splice(0)) this.#tell(one, verdict.MOVED);
    this.#wake();
  }

  /** Judges no more; resolves when what was judged is told. */
  drain(): Promise<void> {
    this.#owns = false;
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.#busy || this.#next.length > 0) return;
        this.#idle.delete(look);
        resolve();
      };
      this.#idle.add(look);
      look();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#owns = false;
    for (const one of this.#next.splice(0)) this.#tell(one, verdict.REFUSED);
    for (const one of this.#taken) this.#tell(one, verdict.REFUSED);
    this.#taken = [];
    this.#wake();
  }

  /** `told` is called once, in this turn or later. */
  submit(payment: Buffer, told: Told): void {
    const id = idOf(payment);
    const { admit, clock, ledger } = this.#options;
    if (!this.#owns || !admit()) {
      told(verdict.MOVED, id);
      return;
    }
    const full = clock.monotonicMs() < this.#readOnlyUntilMs || this.#waiting >= waitingMax;
    if (full) {
      told(verdict.REFUSED, id);
      return;
    }
    const count: Told = (code, first) => {
      this.#waiting--;
      told(code, first);
    };
    const met = this.#pending.meet(payment, count);
    if (met === undefined) {
      this.#waiting++;
      return;
    }
    if (met !== verdict.NEW) {
      told(met, id);
      return;
    }
    const judged = isClaim(payment) ? ledger.judge(payment) : fresh;
    if (judged.code === verdict.REPETITION) this.#repeat(payment, judged.id ?? id, count);
    else if (judged.code !== verdict.NEW) told(judged.code, id);
    else this.#enqueue(this.#pending.add(payment, count));
  }

  /**
   * Nothing is claimed, but an approval leaves only while the log says that this node may give it:
   * what it stores is the row. Its own claim, made for a try whose answer was lost, is no
   * repetition.
   */
  #repeat(payment: Buffer, first: Buffer, told: Told): void {
    const own = idOf(payment).equals(first);
    const repeated: Told = (code) => {
      const stored = code === verdict.NEW;
      told(stored && !own ? verdict.REPETITION : code, first);
    };
    this.#enqueue(this.#pending.add(repetitionOf(payment, first), repeated));
  }

  #enqueue(one: PendingPayment): void {
    this.#waiting++;
    this.#next.push(one);
    this.#pumpSoon();
  }

  #tell(one: PendingPayment, code: number): void {
    this.#pending.remove(one);
    tellAll(one, code);
  }

  /** One pump for all that arrives in this turn: they make one group. */
  #pumpSoon(): void {
    if (this.#due || this.#busy) return;
    this.#due = true;
    this.#options.turns.defer(() => {
      this.#due = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#busy || this.#next.length === 0 || this.#stopped) return;
    const pending = this.#pending;
    const group = this.#next.splice(0, groupSize(this.#next));
    this.#busy = true;
    this.#taken = group;
    void this.#append(group).then((fate) => {
      this.#busy = false;
      this.#taken = [];
      if (!this.#stopped) this.#settled(group, pending, fate);
      this.#pump();
      this.#wake();
    });
  }

  #settled(group: readonly PendingPayment[], pending: Pending, fate: Fate): void {
    const code = fate === "moved" ? verdict.MOVED : verdict.REFUSED;
    for (const one of group) {
      pending.remove(one);
      if (fate === "stored") tellStored(one);
      else tellAll(one, code);
    }
  }

  async #append(group: readonly PendingPayment[]): Promise<Fate> {
    const { fold, log, nonce, clock, turns, random, admit, park, events } = this.#options;
    const { shard } = log;
    const epoch = this.#epoch;
    const identity = this.#identity;
    const claimed = horizonsOf(group);
    const fields = { kind: "pay", shard, epoch, nonce, atMs: clock.nowMs(), claimed } as const;
    try {
      const { bytes, record, after } = sealBehind(fold, fields, group.map(eventOf));
      const sent = { bytes, after, identity, epoch, role: "owner" } as const;
      const fate = await settle(log, sent, () => {}, {
        sleep: (ms) => sleep(turns, ms),
        below: (limit) => random(4).readUInt32BE(0) % limit,
        maySend: admit,
        givenUp: () => this.#stopped,
        resync: (cause: ResyncCause) => events.resync?.(shard, cause),
      });
      if (fate.kind === "stored") {
        return await this.#folded(() => this.#options.folder.add(shard, after + 1, bytes, record));
      }
      if (fate.kind === "full") {
        this.#readOnlyUntilMs = clock.monotonicMs() + readOnlyMs;
        events.alarm?.(shard, fate.cause);
        return "full";
      }
      if (fate.kind === "given-up") return "unknown";
      if (fate.kind !== "park") return "moved";
      park(new ParkError(fate.reason, shard, after + 1, "behind what this node has applied"));
      return "unknown";
    } catch (error) {
      // Nothing was handed over: the keys are not there.
      events.alarm?.(shard, error as Error);
      return "full";
    }
  }

  /** It is in the log: it is told only when it is folded in too, for a later one to meet it. */
  async #folded(work: () => Promise<void>): Promise<Fate> {
    const { turns, park, events, log } = this.#options;
    while (!this.#stopped) {
      try {
        await work();
        return "stored";
      } catch (error) {
        if (error instanceof ParkError) {
          park(error);
          return "unknown";
        }
        events.alarm?.(log.shard, error as Error);
        await sleep(turns, foldAgainMs);
      }
    }
    return "unknown";
  }

  #wake(): void {
    for (const look of [...this.#idle]) look();
  }
}

function isClaim(payment: Buffer): boolean {
  const kind = payment[paymentAt.kind];
  return kind === paymentKind.PTAV || kind === paymentKind.DE7;
}

/** The row of a repetition, under the id of the first. */
function repetitionOf(payment: Buffer, first: Buffer): Buffer {
  const row = Buffer.from(payment);
  const { row: at, verificationId, kind } = paymentAt;
  row[kind] = paymentKind.ROW;
  row.set(first, verificationId);
  row.set(first, at + rowAt.verificationId);
  row[at + rowAt.flags] = row[at + rowAt.flags]! | rowFlag.repetition;
  return row;
}

/** How many of them one record takes. */
function groupSize(payments: readonly PendingPayment[]): number {
  let bytes = recordOverheadBytes;
  let count = 0;
  for (const { payment } of payments) {
    bytes += eventOverheadBytes + payment.length;
    if (count > 0 && (bytes > groupBytesMax || count === recordEventsMax)) break;
    count++;
  }
  return count;
}

function eventOf({ payment }: PendingPayment): LogEvent {
  return {
    type: ownTypes.paymentAccepted,
    version: 1,
    // Whoever passed over one would accept its PTAV again.
    critical: true,
    commandId: idOf(payment),
    payload: payment,
  };
}

/** Highest times claimed, Unix seconds. */
function horizonsOf(group: readonly PendingPayment[]): { ptav: number; de7: number } {
  const claimed = { ptav: 0, de7: 0 };
  for (const { payment } of group) {
    const kind = payment[paymentAt.kind];
    const time = payment.readUInt32BE(paymentAt.key);
    if (kind === paymentKind.PTAV) claimed.ptav = Math.max(claimed.ptav, time);
    else if (kind !== paymentKind.ROW) claimed.de7 = Math.max(claimed.de7, time);
  }
  return claimed;
}

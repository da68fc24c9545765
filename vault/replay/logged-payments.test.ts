// Defends: a store that is folded from a log of payments judges as one that claims by itself would:
// one winner a key, the same transaction again within 120 s a repetition under the first id, a
// reversal that came first refuses its original, and what is old, fenced or emptied out is expired.
// A record that is folded twice changes nothing, and a new boot begins empty and at no record.
import { afterEach, describe, expect, it } from "vitest";
import { claim } from "./claim-record.ts";
import { paymentAt, paymentBytes, paymentHeadBytes, paymentKind } from "./payment.ts";
import type { ReplayStore } from "./replay-store.ts";
import { bootB, ReplayRig } from "./test-rig.ts";

let rig = new ReplayRig();
afterEach(async () => {
  await rig.close();
  rig = new ReplayRig();
});

interface Parts {
  readonly kind?: number;
  readonly time?: number;
  readonly key?: number;
  readonly transaction?: number;
  readonly peer?: number;
  readonly id?: number;
  readonly original?: number;
}

function payment(parts: Parts = {}): Buffer {
  const kind = parts.kind ?? paymentKind.PTAV;
  const bytes = Buffer.alloc(kind === paymentKind.ORPHAN ? paymentHeadBytes : paymentBytes);
  const time = parts.time ?? rig.now;
  bytes[paymentAt.kind] = kind;
  bytes.writeUInt32LE(parts.peer ?? 1, paymentAt.peer);
  bytes.writeUInt32BE(time, paymentAt.key);
  bytes.writeUInt32BE(parts.key ?? 1, paymentAt.key + 8);
  bytes.writeUInt32BE(time, paymentAt.original);
  bytes.writeUInt32BE(parts.original ?? 77, paymentAt.original + 8);
  bytes.fill(parts.transaction ?? 1, paymentAt.fingerprint, paymentAt.verificationId);
  bytes.writeUInt32BE(parts.id ?? 5, paymentAt.verificationId);
  return bytes;
}

function fold(store: ReplayStore, seq: number, ...payments: readonly Buffer[]): void {
  store.logged.fold(3, seq, rig.clock.nowMs(), payments);
}

describe("what is folded in", () => {
  it("is claimed: the same transaction repeats it, another one is refused", () => {
    const { logged } = rig.store();
    const store = rig.store();
    expect(logged.judge(payment())).toBe(claim.NEW);
    fold(store, 1, payment());
    expect(store.logged.judge(payment({ id: 9 }))).toBe(claim.REPETITION);
    expect(store.logged.firstId.readUInt32BE(0)).toBe(5);
    expect(store.logged.judge(payment({ transaction: 2 }))).toBe(claim.USED);
    expect(store.logged.judge(payment({ peer: 2 }))).toBe(claim.USED);
    rig.clock.advance(121_000);
    expect(store.logged.judge(payment({ time: rig.now - 121 }))).toBe(claim.USED);
  });

  it("stays as it is when it comes again", () => {
    const store = rig.store();
    fold(store, 4, payment());
    expect(store.logged.seq(3)).toBe(4);
    fold(store, 4, payment({ key: 2 }));
    expect(store.logged.judge(payment({ key: 2 }))).toBe(claim.NEW);
    expect(store.logged.seq(2)).toBe(0);
  });

  it("may be a reversal, which refuses its original, or a row that takes nothing", () => {
    const store = rig.store();
    const orphan = payment({ kind: paymentKind.ORPHAN, key: 77 });
    fold(store, 1, orphan, payment({ kind: paymentKind.ROW, key: 8 }));
    expect(store.logged.judge(payment({ original: 77 }))).toBe(claim.REVERSED);
    expect(store.logged.judge(payment({ key: 8, original: 78 }))).toBe(claim.NEW);
  });

  it("is gone with the boot, and so is how far it was", () => {
    fold(rig.store(), 4, payment());
    const { logged } = rig.store({ bootId: bootB });
    expect(logged.seq(3)).toBe(0);
    expect(logged.judge(payment())).toBe(claim.NEW);
    expect(rig.horizon.raises).toEqual([]);
  });
});

describe("time", () => {
  it("refuses what its window, a fence or an emptied slot does not let be told", () => {
    const store = rig.store();
    const { logged } = store;
    expect(logged.judge(payment({ time: rig.now - 901 }))).toBe(claim.EXPIRED);
    expect(logged.judge(payment({ time: rig.now + 61 }))).toBe(claim.EXPIRED);
    const de7 = { kind: paymentKind.DE7, time: rig.now - 301 };
    expect(logged.judge(payment(de7))).toBe(claim.EXPIRED);
    logged.fence(rig.now - 10, rig.now - 20);
    expect(logged.judge(payment({ time: rig.now - 10 }))).toBe(claim.EXPIRED);
    expect(logged.judge(payment({ time: rig.now - 9 }))).toBe(claim.NEW);
    const kinds = { kind: paymentKind.DE7, time: rig.now - 15 };
    expect(logged.judge(payment(kinds))).toBe(claim.NEW);
  });

  it("lets a claim of long ago be folded in without emptying what is newer", () => {
    const store = rig.store();
    fold(store, 1, payment());
    fold(store, 2, payment({ time: rig.now - 86_400 }));
    expect(store.logged.judge(payment({ transaction: 2 }))).toBe(claim.USED);
  });
});

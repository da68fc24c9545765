// Defends: a reversal, completion or refund finds the approved original of the same TPAN, TRID and
// merchant and no other; a refund never exceeds it, however often and in whatever order rows come.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { de90Of, type RowFields, testId } from "../journal/test-rows.ts";
import type { History } from "./history.ts";
import { HistoryRig } from "./test-rig.ts";

let rig: HistoryRig;
let history: History;

beforeEach(() => {
  rig = new HistoryRig();
  history = rig.history();
});
afterEach(() => rig.close());

function purchase(changes: Partial<RowFields> = {}): RowFields {
  return { id: 1, timeMs: rig.nowMs, mti: 0x0200, amount: "000000001000", ...changes };
}

function refund(of: RowFields, changes: Partial<RowFields> = {}): RowFields {
  return {
    kind: "originalBased",
    id: 2,
    timeMs: rig.nowMs,
    mti: 0x0200,
    processingCode: "200000",
    stan: "000900",
    amount: "000000000400",
    original: de90Of(of),
    ...changes,
  };
}

function reversal(of: RowFields, changes: Partial<RowFields> = {}): RowFields {
  return {
    kind: "originalBased",
    id: 3,
    timeMs: rig.nowMs,
    mti: 0x0400,
    stan: "000950",
    original: de90Of(of),
    ...changes,
  };
}

describe("findOriginal", () => {
  it("gives what the row told", () => {
    const row = purchase({ cardId: 77n });
    rig.append("w0", row);
    expect(history.findOriginal(rig.queryOf(row))).toBeUndefined();
    const found = history.findOriginalFresh(rig.queryOf(row));
    expect(found).toMatchObject({
      mti: 0x0200,
      amount: 1_000,
      currency: "458",
      cardId: 77n,
      sealVersion: 3,
      refunded: 0,
      reversed: false,
      refund: false,
      verificationId: testId(1),
      timeMs: rig.nowMs,
    });
    expect(found!.sealedPAN).toEqual(Buffer.alloc(32, 0x5e));
  });

  it("is found by the MTI of a repeat too", () => {
    rig.append("w0", purchase({ mti: 0x0201 }));
    expect(history.findOriginalFresh(rig.queryOf(purchase({ mti: 0x0200 })))).toBeDefined();
  });

  it.each([
    ["another token", { token: 2 }],
    ["another STAN", { stan: "000124" }],
    ["another acquirer", { acquirer: "458002" }],
    ["another class", { mti: 0x0100 }],
    ["another second", { transmissionTime: "0101000001" }],
  ] as const)("is not found for %s", (_, changes) => {
    rig.append("w0", purchase());
    history.fold();
    expect(history.findOriginal(rig.queryOf(purchase(changes)))).toBeUndefined();
  });

  it("is not found for another TRID or merchant", () => {
    const row = purchase();
    rig.append("w0", row);
    history.fold();
    const trid = Buffer.from("099900000002", "hex");
    expect(history.findOriginal(rig.queryOf(row, { trid }))).toBeUndefined();
    const de42 = Buffer.from("MERCHANT0000002", "latin1");
    expect(history.findOriginal(rig.queryOf(row, { de42 }))).toBeUndefined();
    const de90 = Buffer.from("x".repeat(42), "latin1");
    expect(history.findOriginal(rig.queryOf(row, { de90 }))).toBeUndefined();
  });

  it("is not made by a decline, nor by an advice", () => {
    rig.append("w0", purchase({ reason: 1006 }), purchase({ id: 2, kind: "advice" }));
    expect(history.findOriginalFresh(rig.queryOf(purchase()))).toBeUndefined();
  });

  it("finds one that is older than a year, whose date DE90 writes without its year", () => {
    const row = purchase();
    rig.append("w0", row);
    history.fold();
    rig.clock.advance(400 * 86_400_000);
    const query = { ...rig.queryOf(row), de90: Buffer.from(de90Of(row), "latin1") };
    expect(history.findOriginal(query)).toMatchObject({ verificationId: testId(1) });
  });
});

describe("a reversal", () => {
  it("marks its original, once or repeated, before it or after it", () => {
    const row = purchase();
    rig.append("w1", reversal(row), reversal(row, { id: 4, mti: 0x0401 }));
    history.fold();
    expect(history.findOriginal(rig.queryOf(row))).toBeUndefined();
    rig.append("w0", row);
    history.fold();
    expect(rig.get(history, row)).toMatchObject({ reversed: true, amount: 1_000 });
  });

  it("of a part does not mark the whole", () => {
    const row = purchase();
    rig.append("w0", row, reversal(row, { flags: ["partialReversal"] }));
    history.fold();
    expect(rig.get(history, row)).toMatchObject({ reversed: false, partlyReversed: true });
  });

  it("that was declined marks nothing", () => {
    const row = purchase();
    rig.append("w0", row, reversal(row, { reason: 3004 }));
    history.fold();
    expect(rig.get(history, row).reversed).toBe(false);
  });
});

describe("a refund", () => {
  const take = (row: RowFields, id: number, amount: number, currency = "458"): boolean =>
    history.reserveRefund({
      key: rig.get(history, row).key,
      amount,
      currency,
      verificationId: testId(id),
    });

  it("takes at most what is left, and takes once for one verification id", () => {
    const row = purchase();
    rig.append("w0", row);
    history.fold();
    expect(take(row, 10, 600)).toBe(true);
    expect(take(row, 10, 600)).toBe(true);
    expect(rig.get(history, row).refunded).toBe(600);
    expect(take(row, 11, 401)).toBe(false);
    expect(take(row, 12, 400, "840")).toBe(false);
    expect(take(row, 12, 400)).toBe(true);
    expect(take(row, 13, 1)).toBe(false);
    expect(take(row, 14, Number.NaN)).toBe(false);
  });

  it("takes nothing from what was reversed, and nothing from a refund", () => {
    const row = purchase();
    rig.append("w0", row, refund(row));
    history.fold();
    expect(take(refund(row), 20, 1)).toBe(false);
    rig.append("w0", reversal(row));
    history.fold();
    expect(take(row, 21, 1)).toBe(false);
  });

  it("that was reserved is not counted again when its row is read", () => {
    const row = purchase();
    rig.append("w0", row);
    history.fold();
    expect(take(row, 2, 400)).toBe(true);
    rig.append("w0", refund(row));
    history.fold();
    expect(rig.get(history, row).refunded).toBe(400);
    expect(rig.get(history, refund(row))).toMatchObject({ refund: true, amount: 400 });
  });

  it("whose reservation was lost is counted from its row, also before its original", () => {
    const row = purchase();
    rig.append("w1", refund(row));
    history.fold();
    rig.append("w0", row);
    history.fold();
    expect(rig.get(history, row)).toMatchObject({ refunded: 400, amount: 1_000 });
  });

  it("that is reversed gives back what it took, in either order", () => {
    const row = purchase();
    const back = refund(row);
    rig.append("w0", row, back);
    history.fold();
    expect(rig.get(history, row).refunded).toBe(400);
    rig.append("w0", reversal(back), reversal(back, { id: 5, mti: 0x0401 }));
    history.fold();
    expect(rig.get(history, row).refunded).toBe(0);
    expect(take(row, 2, 400)).toBe(true);
    expect(rig.get(history, row).refunded).toBe(0);
    const second = refund(row, { id: 7, stan: "000901" });
    rig.append("w1", reversal(second, { id: 8, stan: "000951" }));
    history.fold();
    rig.append("w0", second);
    history.fold();
    expect(rig.get(history, row).refunded).toBe(0);
  });
});

describe("a completion", () => {
  it("can be named in its turn", () => {
    const row = purchase({ mti: 0x0100 });
    const completion: RowFields = {
      ...purchase({ id: 2, mti: 0x0220, stan: "000777" }),
      kind: "originalBased",
      original: de90Of(row),
    };
    rig.append("w0", row, completion);
    history.fold();
    expect(rig.get(history, completion)).toMatchObject({ completion: true, refund: false });
    rig.append("w0", reversal(completion));
    history.fold();
    expect(rig.get(history, completion).reversed).toBe(true);
    expect(rig.get(history, row).reversed).toBe(false);
  });
});

// Defends: every row counts once, whoever reads it and in whatever order; what a row means for
// events, agreements, finer reasons and flags; that a fold which fails changes nothing.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rowBytes } from "../journal/row.ts";
import { type RowFields, testId, testIndex } from "../journal/test-rows.ts";
import type { History } from "./history.ts";
import { HistoryRig } from "./test-rig.ts";

let rig: HistoryRig;
let history: History;

beforeEach(() => {
  rig = new HistoryRig();
  history = rig.history();
});
afterEach(() => rig.close());

const row = (id: number, changes: Partial<RowFields> = {}): RowFields => ({
  id,
  timeMs: rig.nowMs + id,
  ...changes,
});

const reasons = (token = 1): number[] => history.eventsOf(testIndex(token)).map((e) => e.reason);

describe("fold", () => {
  it("reads every journal once", () => {
    rig.append("w0", row(1), row(2));
    rig.append("w1", row(3));
    expect(history.fold()).toBe(3);
    expect(history.fold()).toBe(0);
    rig.append("w1", row(4));
    expect(rig.history().fold()).toBe(1);
    expect(history.fold()).toBe(0);
    expect(history.eventsOf(testIndex(1)).map((e) => e.timeMs - rig.nowMs)).toEqual([4, 3, 2, 1]);
  });

  it("drops a repetition, whichever of the two it reads first", () => {
    rig.append("w1", row(1, { flags: ["repetition"], timeMs: rig.nowMs + 9 }));
    history.fold();
    rig.append("w0", row(1), row(1, { flags: ["repetition"], timeMs: rig.nowMs + 8 }));
    expect(history.fold()).toBe(2);
    expect(history.eventsOf(testIndex(1))).toHaveLength(1);
    expect(history.stats()).toMatchObject({ rowsDropped: 2, rowsBehind: 0, segments: 2 });
  });

  it("waits for the rest of a torn row", () => {
    rig.append("w0", row(1), row(2));
    const { path } = rig.writer();
    const whole = readFileSync(path);
    for (const cut of [rowBytes - 1, rowBytes + 1, 2 * rowBytes - 1]) {
      writeFileSync(path, whole.subarray(0, cut));
      history.fold();
      expect(history.eventsOf(testIndex(1))).toHaveLength(Math.floor(cut / rowBytes));
    }
    writeFileSync(path, whole);
    expect(history.fold()).toBe(1);
    expect(history.eventsOf(testIndex(1))).toHaveLength(2);
  });

  it("waits at a damaged row while its segment is open, and passes over it afterwards", () => {
    rig.append("w0", row(1), row(2), row(3));
    const { path } = rig.writer();
    const bytes = readFileSync(path);
    bytes[rowBytes + 100]! ^= 1;
    writeFileSync(path, bytes);
    expect(history.fold()).toBe(1);
    expect(history.fold()).toBe(0);
    rig.clock.advance(86_400_001);
    rig.append("w0", row(4));
    expect(history.foldAll()).toBe(3);
    expect(history.eventsOf(testIndex(1))).toHaveLength(3);
    expect(history.stats().rowsDamaged).toBe(1);
  });

  it("that fails at a sink changes nothing and comes again", () => {
    rig.append("w0", row(1, { initiation: "M", agreementId: "A-1" }));
    rig.sinks.broken = true;
    expect(() => history.fold()).toThrow();
    expect(history.eventsOf(testIndex(1))).toEqual([]);
    rig.sinks.broken = false;
    expect(history.fold()).toBe(1);
    expect(history.eventsOf(testIndex(1))).toHaveLength(1);
    expect(rig.sinks.calls).toHaveLength(1);
  });

  it("takes a backlog in several transactions", () => {
    for (let from = 1; from <= 2_112; from += 64) {
      rig.append("w0", ...Array.from({ length: 64 }, (_, i) => row(from + i)));
    }
    expect(history.fold()).toBe(2_048);
    expect(history.stats().rowsBehind).toBe(2_112 - 2_048);
    expect(history.foldAll()).toBe(2_112 - 2_048);
  });

  it("of a long backlog ends when its time is over", () => {
    for (let from = 1; from <= 2 * 2_048; from += 64) {
      rig.append("w0", ...Array.from({ length: 64 }, (_, i) => row(from + i)));
    }
    expect(history.foldAll(0)).toBe(2_048);
    expect(history.foldAll()).toBe(2_048);
  });

  it("knows repetitions over folds of several readers, also after one that failed", () => {
    const other = rig.history();
    const rows = Array.from({ length: 40 }, (_, i) => row(i + 1, { stan: `0001${10 + i}` }));
    rows.forEach((fields, i) => {
      rig.append("w0", fields);
      rig.append("w1", { ...fields, timeMs: rig.nowMs + 900, flags: ["repetition"] });
      rig.append("w2", row(100 + i, { initiation: "M", agreementId: "A-1", stan: "000900" }));
      rig.sinks.broken = i % 3 === 0;
      const reader = i % 2 === 0 ? history : other;
      if (rig.sinks.broken) expect(() => reader.fold()).toThrow();
      else reader.fold();
    });
    rig.sinks.broken = false;
    history.foldAll();
    expect(history.eventsOf(testIndex(1), { limit: 1_000 })).toHaveLength(80);
    for (const fields of rows) {
      expect(rig.get(history, fields).verificationId).toEqual(testId(fields.id));
    }
  });

  it("keeps no events of tokens that are unknown, nor of messages without one", () => {
    rig.append("w0", row(1, { reason: 1001 }), row(2, { reason: 1003 }));
    history.fold();
    expect(reasons()).toEqual([1003]);
  });

  it("keeps tokens apart and turns pages", () => {
    rig.append("w0", row(1, { token: 1 }), row(2, { token: 2 }), row(3, { token: 1 }));
    history.fold();
    expect(history.eventsOf(testIndex(2))).toHaveLength(1);
    const [newest] = history.eventsOf(testIndex(1), { limit: 1 });
    const older = history.eventsOf(testIndex(1), { before: newest!.position });
    expect(older.map((e) => e.verificationId)).toEqual(["11111111-1111-1111-1111-111100000001"]);
  });
});

describe("events", () => {
  it("tell what a desk needs", () => {
    rig.append("w0", row(5, { reason: 1006, responseCode: "62", kvn: 2, mti: 0x0200 }));
    history.fold();
    expect(history.eventsOf(testIndex(1))[0]).toEqual({
      position: expect.stringMatching(/^[0-9a-f]{50}$/),
      timeMs: rig.nowMs + 5,
      kind: "verification",
      reason: 1006,
      answeredReason: 1006,
      responseCode: "62",
      mti: "0200",
      verificationId: "11111111-1111-1111-1111-111100000005",
      trid: "99900000001",
      amount: "000000012345",
      currency: "458",
      acquirer: "458001",
      merchant: "MERCHANT0000001",
      rrn: "000000000123",
      stan: "000123",
      entryMode: "810",
      transmissionTime: "0101000000",
      processingCode: "000000",
      initiation: "C",
      mitType: "",
      storedCredential: "",
      agreementId: "",
      peer: 7,
      kvn: 2,
      repetition: false,
      ptavIgnored: false,
      reference: "",
    });
  });
});

describe("a failed PTAV", () => {
  const issue = (changes: Partial<RowFields> = {}): RowFields =>
    row(0, { kind: "ptavIssued", issuedAt: 5, nonce: 6, kvn: 2, ...changes });
  const check = (changes: Partial<RowFields> = {}): RowFields =>
    row(1, { reason: 2004, issuedAt: 5, nonce: 6, kvn: 2, ...changes });
  const finer = (): number => {
    history.fold();
    return history.eventsOf(testIndex(1)).find((e) => e.kind === "verification")!.reason;
  };

  it.each([
    ["one sen more", { amount: "000000012346" }, 2007],
    ["another currency", { currency: "840" }, 2007],
    ["another merchant", { merchant: "MERCHANT0000002" }, 2008],
    ["nothing that was bound", {}, 2004],
    ["another nonce", { nonce: 7, amount: "000000000001" }, 2004],
    ["another KVN", { kvn: 3, amount: "000000000001" }, 2004],
  ] as const)(
    "with %s is explained by its issue, read before or after it",
    (_, changes, expected) => {
      rig.append("w0", issue(), check(changes));
      expect(finer()).toBe(expected);
    },
  );

  it("is explained when its issue is read later", () => {
    rig.append("w1", check({ amount: "000000012346" }));
    expect(finer()).toBe(2004);
    rig.append("w0", issue());
    expect(finer()).toBe(2007);
    const [event] = history.eventsOf(testIndex(1)).filter((e) => e.kind === "verification");
    expect(event).toMatchObject({ reason: 2007, answeredReason: 2004 });
  });

  it("is not explained by what was not bound", () => {
    rig.append("w0", issue({ amount: "", currency: "", merchant: "" }));
    rig.append("w0", check({ amount: "000000000001", merchant: "MERCHANT0000002" }));
    expect(finer()).toBe(2004);
  });

  it("counts each issue once, with or without an id of its own", () => {
    rig.append("w0", issue(), issue(), issue({ nonce: 9 }), issue({ id: 3, nonce: 10 }));
    history.fold();
    expect(history.eventsOf(testIndex(1)).map((e) => e.kind)).toEqual(
      Array.from({ length: 3 }, () => "ptav-issued"),
    );
  });
});

describe("velocity", () => {
  const failures = (count: number, stepMs: number): RowFields[] =>
    Array.from({ length: count }, (_, i) =>
      row(i + 1, { reason: i % 2 === 0 ? 2004 : 2006, timeMs: rig.nowMs + i * stepMs, nonce: i }),
    );

  it("flags a token for ten minutes at the 21st failure within 60 s", () => {
    rig.append("w0", ...failures(20, 1_000));
    history.fold();
    expect(rig.sinks.calls).toEqual([]);
    rig.append("w1", row(99, { reason: 2006, timeMs: rig.nowMs + 20_000 }));
    history.fold();
    expect(rig.sinks.calls).toEqual([`flag 1 ${rig.now + 20 + 600}`]);
  });

  it("does not flag 21 failures within 63 s, nor other declines", () => {
    rig.append("w0", ...failures(21, 3_001));
    rig.append("w0", ...failures(30, 1).map((f) => ({ ...f, id: f.id + 100, reason: 2005 })));
    history.fold();
    expect(rig.sinks.calls).toEqual([]);
  });

  it("does not flag for what is long past", () => {
    rig.append("w0", ...failures(21, 1));
    rig.clock.advance(3_600_000);
    history.fold();
    expect(rig.sinks.calls).toEqual([]);
  });
});

describe("agreements", () => {
  const setup = (changes: Partial<RowFields> = {}): RowFields =>
    row(1, {
      flags: ["agreementSetup"],
      mitType: "R",
      agreementId: "SUB-1",
      timeMs: rig.nowMs,
      ...changes,
    });
  const advice = (responseCode: string, changes: Partial<RowFields> = {}): RowFields =>
    row(2, { kind: "advice", mti: 0x0120, reference: 1, responseCode, ...changes });

  it("are set up by a verified CIT that says so", () => {
    rig.append("w0", setup());
    history.fold();
    expect(rig.sinks.calls).toEqual([`put SUB-1 1 ${rig.now}`]);
  });

  it.each([
    ["declined", { reason: 2004 }],
    ["without the mark", { flags: [] }],
    ["without an id", { agreementId: "" }],
    ["of no type", { mitType: "X" }],
    ["repeated", { kind: "advice" as const }],
  ] as const)("are not set up by a CIT that is %s", (_, changes) => {
    rig.append("w0", setup(changes));
    history.fold();
    expect(rig.sinks.calls).toEqual([]);
  });

  it.each(["00", "10", "85"])("stay where the issuer answered %s", (answer) => {
    rig.append("w0", setup(), advice(answer));
    history.fold();
    expect(rig.sinks.calls).toEqual([`put SUB-1 1 ${rig.now}`]);
  });

  it("fall where the issuer declined", () => {
    rig.append("w0", setup());
    history.fold();
    rig.append("w0", advice("05", { timeMs: rig.nowMs + 9_000 }));
    history.fold();
    expect(rig.sinks.calls).toEqual([`put SUB-1 1 ${rig.now}`, `revoke ${rig.now} ${rig.now + 9}`]);
  });

  it("are not set up where the issuer's no was read first", () => {
    rig.append("w1", advice("51"));
    history.fold();
    rig.append("w0", setup());
    history.fold();
    expect(rig.sinks.calls).toEqual([]);
  });

  it("are touched once a fold, at the last use", () => {
    const mit = { initiation: "M", agreementId: "SUB-1", mitType: "R" } as const;
    rig.append("w0", row(1, { ...mit, timeMs: rig.nowMs + 5_000 }), row(2, mit));
    rig.append("w0", row(3, { ...mit, reason: 3002 }));
    history.fold();
    expect(rig.sinks.calls).toEqual([`touch ${rig.now + 5}`]);
  });
});

describe("retention", () => {
  const sweepAll = (rowsMax?: number): number => {
    let removed = 0;
    for (let i = 0; i < 60; i++) removed += history.sweep(rowsMax);
    return removed;
  };

  it("sweeps what is older than 18 months and leaves the rest", () => {
    rig.append("w0", row(1));
    history.fold();
    expect(sweepAll()).toBe(0);
    rig.clock.advance(547 * 86_400_000);
    expect(sweepAll()).toBe(0);
    expect(history.eventsOf(testIndex(1))).toHaveLength(1);
    rig.clock.advance(2 * 86_400_000);
    expect(history.eventsOf(testIndex(1))).toEqual([]);
    // The record, its second, its run, and the run's place in the list.
    expect(sweepAll()).toBe(4);
    expect(sweepAll()).toBe(0);
  });

  it("no longer shows what is due, though newer records stand in the same block", () => {
    const old = row(1);
    const recent = row(2, { timeMs: rig.nowMs + 86_400_000, stan: "000124" });
    rig.append("w0", old, recent);
    history.fold();
    rig.clock.advance(548 * 86_400_000 + 60_000);
    expect(sweepAll()).toBe(0);
    expect(history.eventsOf(testIndex(1)).map((e) => e.stan)).toEqual(["000124"]);
    expect(history.findOriginal(rig.queryOf(old))).toBeUndefined();
    expect(history.findOriginal(rig.queryOf(recent))).toBeDefined();
  });

  it("walks a table in steps and removes while it walks", () => {
    for (let id = 1; id <= 50; id++) {
      rig.append("w0", row(id, { token: id, stan: String(id).padStart(6, "0") }));
      history.fold();
    }
    rig.clock.advance(600 * 86_400_000);
    // Fifty blocks; the 28 buckets of the second that fifty marks fall into; three runs of sixteen
    // and two of one, each a chunk and a place in the list.
    expect(sweepAll(7)).toBe(50 + 28 + 10);
    expect(sweepAll(7)).toBe(0);
  });

  it("removes segments that are read, left and old, and no others", () => {
    rig.append("w0", row(1));
    const first = rig.writer("w0").path;
    rig.clock.advance(86_400_001);
    rig.append("w0", row(2));
    const second = rig.writer("w0").path;
    expect(history.removeFolded(0)).toEqual([]);
    rig.clock.advance(2 * 86_400_000 + 1);
    rig.append("w0", row(3));
    expect(history.removeFolded(0)).toEqual([]);
    history.foldAll();
    appendFileSync(second, Buffer.alloc(rowBytes));
    expect(history.removeFolded(30 * 86_400_000)).toEqual([]);
    expect(history.removeFolded(0)).toHaveLength(1);
    expect([first, second].map(existsSync)).toEqual([false, true]);
    expect(existsSync(rig.writer("w0").path)).toBe(true);
    history.foldAll();
    expect(history.removeFolded(0)).toHaveLength(1);
    expect(existsSync(second)).toBe(false);
    expect(history.eventsOf(testIndex(1))).toHaveLength(3);
  });
});

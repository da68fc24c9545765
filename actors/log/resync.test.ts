// Defends: RESYNC row by row: a record in doubt is taken for stored, sent again, given up or reason
// to park exactly as the log says, and never on a timeout alone.
import { describe, expect, it } from "vitest";
import type { LogEnd } from "./port.ts";
import { headBytes } from "./record.ts";
import { judgeAnswer, judgeEnd, judgeFound, type Sent } from "./resync.ts";

/** A record of an epoch; the rest of it does not matter here. */
function record(epoch: number, fill: number): Buffer {
  const bytes = Buffer.alloc(headBytes + 40, fill);
  bytes[0] = 1;
  bytes.writeBigUInt64BE(BigInt(epoch), 7);
  bytes.writeBigUInt64BE(0n, 39);
  bytes.writeUInt16BE(1, 55);
  return bytes;
}

const sent: Sent = { bytes: record(5, 1), after: 9, identity: "a", epoch: 5, role: "owner" };
const candidate: Sent = { ...sent, role: "candidate" };
const cause = new Error("why");

describe("an answer", () => {
  it("stored: stored", () => {
    expect(judgeAnswer({ kind: "stored", seq: 10 }, true)).toEqual({ kind: "stored" });
  });
  it("full, and never in doubt: full", () => {
    expect(judgeAnswer({ kind: "full", cause }, false)).toEqual({ kind: "full", cause });
  });
  it("full, while an earlier copy may be on its way: read the log", () => {
    expect(judgeAnswer({ kind: "full", cause }, true)).toBeUndefined();
  });
  it("refused, whatever end it names: read the log", () => {
    expect(judgeAnswer({ kind: "refused", lastSeq: 12 }, false)).toBeUndefined();
    expect(judgeAnswer({ kind: "refused", lastSeq: undefined }, false)).toBeUndefined();
  });
  it("none: read the log", () => {
    expect(judgeAnswer({ kind: "unknown", cause }, false)).toBeUndefined();
  });
});

describe("what stands behind the expected end", () => {
  it("my bytes: stored", () => {
    expect(judgeFound(Buffer.from(sent.bytes), sent)).toEqual({ kind: "stored" });
  });
  it("a higher epoch: fenced", () => {
    expect(judgeFound(record(6, 2), sent)).toEqual({ kind: "fenced", epoch: 6 });
    expect(judgeFound(record(6, 2), candidate)).toEqual({ kind: "fenced", epoch: 6 });
  });
  it("my epoch, not my bytes: an alien append", () => {
    expect(judgeFound(record(5, 2), sent)).toEqual({ kind: "park", reason: "alien-append" });
  });
  it("a lower epoch: an alien append", () => {
    expect(judgeFound(record(4, 2), sent)).toEqual({ kind: "park", reason: "alien-append" });
  });
  it("no record at all: an alien append, for a candidate too", () => {
    const text = Buffer.from("something else");
    expect(judgeFound(text, sent)).toEqual({ kind: "park", reason: "alien-append" });
    expect(judgeFound(text, candidate)).toEqual({ kind: "park", reason: "alien-append" });
  });
  it("the old owner or another candidate, found by a candidate: overtaken", () => {
    expect(judgeFound(record(4, 2), candidate)).toEqual({ kind: "overtaken", epoch: 4 });
    expect(judgeFound(record(5, 2), candidate)).toEqual({ kind: "overtaken", epoch: 5 });
  });
});

describe("nothing behind the expected end, and the log", () => {
  const end = (change: Partial<LogEnd>): LogEnd => ({
    firstSeq: 1,
    lastSeq: 9,
    identity: "a",
    ...change,
  });
  it("ends there: again", () => {
    expect(judgeEnd(end({}), sent)).toEqual({ kind: "again" });
  });
  it("has moved on since it was read: again, which reads it anew", () => {
    expect(judgeEnd(end({ lastSeq: 10 }), sent)).toEqual({ kind: "again" });
  });
  it("ends before it: behind the projection", () => {
    const reason = "log-behind-projection";
    expect(judgeEnd(end({ lastSeq: 8 }), sent)).toEqual({ kind: "park", reason });
  });
  it("is another stream: recreated, also where it ends at the same place", () => {
    const reason = "log-recreated";
    expect(judgeEnd(end({ identity: "b" }), sent)).toEqual({ kind: "park", reason });
    expect(judgeEnd(end({ identity: "b", lastSeq: 0 }), sent)).toEqual({ kind: "park", reason });
  });
  it("was trimmed past it: a gap", () => {
    const reason = "gap";
    expect(judgeEnd(end({ firstSeq: 11, lastSeq: 12 }), sent)).toEqual({ kind: "park", reason });
  });
});

// Property: a request that comes again gets the answer that it got, whatever its MTI says, one that
// only has the same key gets none of it, and what is kept has an end.
import { expect, test } from "vitest";
import { iso87Ascii } from "../../codec/iso8583/mod.ts";
import { Answered } from "./answered.ts";

const base = {
  "3": "000000",
  "4": "000000012345",
  "7": "0101000500",
  "11": "000123",
  "12": "080500",
  "32": "458001",
  "37": "600100000123",
};
const limits = { keepMs: 60_000, answersMax: 3 };

function viewOf(mti: string, change: Record<string, string> = {}) {
  const out = Buffer.alloc(1_000);
  const end = iso87Ascii.encode({ mti, fields: { ...base, ...change } }, out, 0);
  const view = iso87Ascii.createView();
  expect(iso87Ascii.scan(view, out, 0, end)).toBe(0);
  return view;
}

function kindOf(answered: Answered, mti: string, change: Record<string, string> = {}, ms = 0) {
  return answered.judge(viewOf(mti, change), ms).kind;
}

test("a repeat waits for the first answer, then gets it again, MAC and repeat digit or not", () => {
  const answered = new Answered(limits);
  const request = viewOf("0200", { "64": "0011223344556677" });
  expect(answered.judge(request, 0)).toEqual({ kind: "new" });
  expect(kindOf(answered, "0201")).toBe("under-way");
  const answer = Buffer.from("0210 answer");
  answered.answered(answered.keyOf(request), answer);
  for (const mti of ["0200", "0201"]) {
    expect(answered.judge(viewOf(mti), 0)).toEqual({ kind: "repeat", answer });
  }
});

test.each([
  ["another amount", "0201", { "4": "000000012346" }, "duplicate"],
  ["an element more", "0201", { "41": "TERM0001" }, "duplicate"],
  ["another local time", "0201", { "12": "080501" }, "duplicate"],
  ["another class", "0100", {}, "new"],
  ["another STAN", "0200", { "11": "000124" }, "new"],
  ["another acquirer", "0200", { "32": "45800" }, "new"],
])("%s", (_name, mti, change, kind) => {
  const answered = new Answered(limits);
  kindOf(answered, "0200");
  expect(kindOf(answered, mti, change as Record<string, string>)).toBe(kind);
});

test("what the network lets a repeat change is no content", () => {
  const answered = new Answered({ ...limits, ignored: [12] });
  kindOf(answered, "0200");
  expect(kindOf(answered, "0201", { "12": "080501" })).toBe("under-way");
});

test("answers are forgotten by age and by number, and an abandoned request is new again", () => {
  const answered = new Answered(limits);
  for (let stan = 1; stan <= 5; stan++) kindOf(answered, "0200", { "11": `00000${stan}` });
  expect(answered.size).toBe(4);
  expect(kindOf(answered, "0200", { "11": "000001" })).toBe("new");
  expect(kindOf(answered, "0200", { "11": "000005" }, 59_999)).toBe("under-way");
  expect(kindOf(answered, "0200", { "11": "000005" }, 60_000)).toBe("new");
  answered.abandon(answered.keyOf(viewOf("0200", { "11": "000005" })));
  expect(kindOf(answered, "0200", { "11": "000005" }, 60_000)).toBe("new");
});

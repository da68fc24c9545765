// Defends: whoever tries numbers or cryptograms over one acquirer is told of by that acquirer's
// number, once a minute; an acquirer's ordinary declines are not, however many it sends.
import { beforeEach, expect, it } from "vitest";
import { reason } from "../../platform/mod.ts";
import { rowBytes } from "../journal/row.ts";
import { RowView } from "../journal/row-view.ts";
import { putRow, type RowFields } from "../journal/test-rows.ts";
import { guessesMin, type Scan, ScanWatch } from "./scan-watch.ts";
import { HistoryRig } from "./test-rig.ts";

const startMs = 1_800_000_000_000;
let told: Scan[];
let watch: ScanWatch;
beforeEach(() => {
  told = [];
  watch = new ScanWatch((scan) => told.push(scan));
});

const bytes = Buffer.alloc(rowBytes);
const view = new RowView();
view.bytes = bytes;

function see(times: number, fields: Partial<RowFields> = {}): void {
  for (let i = 0; i < times; i++) {
    putRow(bytes, 0, { timeMs: startMs, id: 1, ...fields });
    watch.row(view);
  }
}

const unknown = { reason: reason.TOKEN_UNKNOWN };

it.each([
  ["unknown tokens", reason.TOKEN_UNKNOWN],
  ["other requestors' tokens", reason.TRID_MISMATCH],
  ["deleted tokens", reason.TOKEN_DELETED],
  ["cryptograms", reason.PTAV_INVALID],
  ["key versions", reason.PTAV_KEY],
])("%s are told of at the hundredth of a minute, once", (_, code) => {
  see(guessesMin - 1, { reason: code, acquirer: "00458001" });
  expect(told).toEqual([]);
  see(2 * guessesMin, { reason: code, acquirer: "00458001" });
  const counts = { guesses: guessesMin, payments: guessesMin };
  expect(told).toEqual([{ acquirer: "00458001", ...counts, minuteMs: startMs }]);
});

it("counts each acquirer and each minute for itself", () => {
  for (const acquirer of ["458001", "0458001", "458002"])
    see(guessesMin - 1, { ...unknown, acquirer });
  see(guessesMin - 1, { ...unknown, acquirer: "458001", timeMs: startMs + 60_000 });
  // A late row of the minute before.
  see(guessesMin, { ...unknown, acquirer: "458001" });
  expect(told).toEqual([]);
  see(1, { ...unknown, acquirer: "458001", timeMs: startMs + 119_999 });
  expect(told).toMatchObject([{ acquirer: "458001", minuteMs: startMs + 60_000 }]);
});

it("tells nothing of other declines, nor of few among many payments", () => {
  for (const code of [1006, 1007, 2005, 2006, 3002, 0]) see(2 * guessesMin, { reason: code });
  see(20 * guessesMin, { reason: 0 });
  see(2 * guessesMin, unknown);
  see(guessesMin, { ...unknown, kind: "advice", acquirer: "458009" });
  expect(told).toEqual([]);
});

it("watches what a fold reads, unknown tokens too, of which no history is kept", async () => {
  const rig = new HistoryRig();
  const history = rig.history({ watch });
  for (let id = 1; id <= guessesMin; id++) {
    rig.append("w0", { ...unknown, id, timeMs: startMs, acquirer: "458003" });
  }
  history.foldAll();
  expect(told).toMatchObject([{ acquirer: "458003", guesses: guessesMin }]);
  await rig.close();
});

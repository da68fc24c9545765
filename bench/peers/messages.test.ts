// Defends: what the peers are compared on: the same bytes every time, good to our own codec,
// distinct, with one bitmap and with eight; and bad ones that it refuses.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { iso87Ascii, mydebit } from "../../codec/iso8583/mod.ts";
import { allElements, fileOf, messagesInSet, readBlock, writeSets } from "./messages.ts";

const dir = mkdtempSync(join(tmpdir(), "pantun-sets-"));
afterAll(() => rmSync(dir, { recursive: true }));
writeSets(dir);

describe.each([
  ["same", iso87Ascii, 1],
  ["mixed", iso87Ascii, 8],
  ["tsp", mydebit, 1],
] as const)("set %s", (set, codec, bitmapsWanted) => {
  const { bytes, offsets } = readBlock(fileOf(dir, set));

  it("has distinct messages that are good, with as many bitmaps as it says", () => {
    const view = codec.createView();
    const texts = new Set<string>();
    const bitmaps = new Set<string>();
    for (let i = 0; i < messagesInSet; i++) {
      expect(codec.scanMessage(view, bytes, offsets[i]!, offsets[i + 1]!)).toBe(0);
      texts.add(bytes.toString("latin1", offsets[i], offsets[i + 1]));
      bitmaps.add(`${view.w0} ${view.w1} ${view.w2} ${view.w3}`);
    }
    expect(offsets).toHaveLength(messagesInSet + 1);
    expect(texts.size).toBe(messagesInSet);
    expect(bitmaps.size).toBe(bitmapsWanted);
  });

  it("is the same every time", () => {
    const before = readFileSync(fileOf(dir, set));
    writeSets(dir);
    expect(readFileSync(fileOf(dir, set))).toEqual(before);
  });
});

it("the messages with one bitmap have all 19 elements", () => {
  const { bytes, offsets } = readBlock(fileOf(dir, "same"));
  const view = iso87Ascii.createView();
  iso87Ascii.scanMessage(view, bytes, 0, offsets[1]!);
  expect(Object.keys(iso87Ascii.values(view)).map(Number)).toEqual(allElements);
});

it("bad messages are refused", () => {
  const { bytes, offsets } = readBlock(fileOf(dir, "bad"));
  const view = iso87Ascii.createView();
  for (let i = 1; i < offsets.length; i++) {
    expect(iso87Ascii.scanMessage(view, bytes, offsets[i - 1]!, offsets[i]!)).toBeLessThan(0);
  }
});

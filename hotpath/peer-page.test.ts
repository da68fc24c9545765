// Property: peers that are added are read as they were, by whoever has the memory, and never more
// than were added.
import { expect, test } from "vitest";
import type { Peer } from "./dispatch-types.ts";
import { PeerPage, peersMax } from "./peer-page.ts";

const peer = (id: number, more: Partial<Peer> = {}): Peer => {
  return {
    id,
    tag: 0xffff_fff0 + (id % 8),
    name: `P${id}`,
    macRequired: false,
    macLabel: null,
    door: id % 4,
    ...more,
  };
};

test("what is added is read back, through the memory alone", () => {
  const long = "x".repeat(64);
  const first = [peer(0), peer(1, { macRequired: true, macLabel: long, name: long })];
  const page = PeerPage.of(first);
  const reader = new PeerPage(page.shared);
  expect(reader.read()).toEqual(first);
  page.add([peer(2, { macLabel: "" })]);
  expect([reader.count(), reader.read(2)]).toEqual([3, [peer(2, { macLabel: "" })]]);
});

test("ids go on without a hole; names and numbers have limits", () => {
  const page = PeerPage.of([peer(0)]);
  expect(() => page.add([peer(2)])).toThrow("has id 2, not 1");
  expect(() => page.add([peer(1, { name: "x".repeat(65) })])).toThrow("longer than 64");
  expect(page.count()).toBe(1);
  page.add(Array.from({ length: peersMax - 1 }, (_, i) => peer(i + 1)));
  expect(() => page.add([peer(peersMax)])).toThrow("restart");
});

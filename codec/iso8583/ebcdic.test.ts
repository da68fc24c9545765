// Property: each EBCDIC page is a permutation of Latin-1, and its digits, letters and differing
// characters stand where the published tables put them.
import { expect, it } from "vitest";
import type { EbcdicPage } from "./dialect.ts";
import { ebcdicBytes, ebcdicText, ebcdicToLatin1 } from "./ebcdic.ts";

const pages: readonly EbcdicPage[] = ["ebcdic-037", "ebcdic-500", "ebcdic-1047"];

it.each(pages)("%s is a permutation", (page) => {
  expect(new Set(ebcdicToLatin1[page]).size).toBe(256);
  const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  expect(ebcdicBytes(page, ebcdicText(page, all))).toEqual(all);
});

it.each(pages)("%s has digits, letters, space, tilde and backslash in their places", (page) => {
  expect(ebcdicBytes(page, "0189AIJRSZaijrsz ~\\").toString("hex")).toBe(
    "f0f1f8f9c1c9d1d9e2e9" + "81899199a2a9" + "40a1e0",
  );
});

it("the pages differ where they should", () => {
  const hex = (page: EbcdicPage, text: string) => ebcdicBytes(page, text).toString("hex");
  expect(pages.map((page) => hex(page, "[]"))).toEqual(["babb", "4a5a", "adbd"]);
  expect(pages.map((page) => hex(page, "^!|"))).toEqual(["b05a4f", "5f4fbb", "5f5a4f"]);
  expect(pages.map((page) => hex(page, "\x85\n"))).toEqual(["1525", "1525", "1525"]);
});

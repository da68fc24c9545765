// Defends: the fast order is the order of the bytes, also where the first 32 bits agree.
import { describe, expect, test } from "vitest";
import { seededRandom } from "../test-vault.ts";
import { isSameIndex, orderOf } from "./index-order.ts";

describe("orderOf", () => {
  test.each([
    ["random", 16],
    ["with equal beginnings", 2],
    ["all beginning alike", 0],
  ])("%s", (_, freeBytes) => {
    const count = 500;
    const indexes = seededRandom(`order ${freeBytes}`)(count * 16);
    if (freeBytes < 16) {
      for (let row = 0; row < count; row++) {
        indexes.fill(9, row * 16 + freeBytes, row * 16 + 10);
        for (let i = 0; i < freeBytes; i++) indexes[row * 16 + i]! &= 3;
      }
    }
    const at = (row: number) => indexes.subarray(row * 16, row * 16 + 16);
    const plain = Array.from({ length: count }, (_, row) => row);
    plain.sort((a, b) => Buffer.compare(at(a), at(b)) || a - b);
    expect([...orderOf(indexes, count)]).toEqual(plain);
  });

  test("equal indexes keep the order of the rows and are found", () => {
    const indexes = Buffer.alloc(48, 1);
    expect([...orderOf(indexes, 3)]).toEqual([0, 1, 2]);
    expect(isSameIndex(indexes, 0, 2)).toBe(true);
    indexes[47] = 2;
    expect(isSameIndex(indexes, 0, 2)).toBe(false);
  });
});

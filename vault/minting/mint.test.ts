// Defends: a TPAN is random, Luhn-valid, under the token BIN and its card's sub-range, and never
// given out twice; full sub-ranges are noticed before they are full.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deleteToken, provision } from "../../actors/card/test-rig.ts";
import { isAppError } from "../../platform/mod.ts";
import type { BinRange } from "../registry/records.ts";
import { putBinRange } from "../registry/registry-admin.ts";
import { createTestVault, otherTrid, type TestVault, testPan, trid } from "../test-vault.ts";
import type { Vault } from "../vault.ts";
import { drawBelow, drawTpan, parseRef, pickSubRange, refText, tokenRef } from "./mint.ts";
import { closeUsedSubRanges, openSubRange, subRangeFills } from "./sub-ranges.ts";

let t: TestVault;
beforeEach(() => {
  t = createTestVault();
});
afterEach(() => t.remove());

const rangeOf = (vault: Vault, prefix = "999999") =>
  vault.registry().ranges.find((range) => range?.prefix === prefix)!;

function mintOne(vault = t.vault, prefix = "999999") {
  return vault.env.write(() => mint(vault, rangeOf(vault, prefix)));
}

/** What an event of a provisioned token does to the sub-ranges, without the token. */
function mint(vault: Vault, range: BinRange) {
  const { subRange, isNew, alarm } = pickSubRange(vault, range);
  if (isNew) openSubRange(vault, subRange);
  vault.meta.addSubRangeUsed(subRange.number, 1);
  return { ...drawTpan(vault, subRange, 5), alarm };
}

function digitsOf(minted: ReturnType<typeof mintOne>): string {
  const buf = Buffer.alloc(19);
  return buf.toString("latin1", 0, minted.tpan.copyTo(buf, 0));
}

describe("mint", () => {
  test("gives 16 digits under the token BIN and the range's own sub-range", () => {
    expect(digitsOf(mintOne())).toMatch(/^608727000[0-9]{7}$/);
    expect(digitsOf(mintOne(t.vault, "888888"))).toMatch(/^608727001[0-9]{7}$/);
    expect(subRangeFills(t.vault).map((one) => one.used)).toEqual([1, 1]);
  });

  test("gives 19 digits where the vault is set so", async () => {
    const wide = createTestVault({ tpanDigits: 19 });
    expect(digitsOf(mintOne(wide.vault))).toMatch(/^608727000[0-9]{10}$/);
    const made = provision(wide.vault, { pan: testPan(1), panExpiry: 2909, trid, assurance: 12 });
    expect(made.token.tpan.length).toBe(19);
    await wide.remove();
  });

  test("draws again when a token has or had the number, even a deleted one", async () => {
    // In one shard every number is at home; a draw takes 32 numbers at once.
    const one = createTestVault({ shards: 1 });
    const numbers = [...Array(32).fill(7), ...Array(31).fill(7), 8];
    const vault = one.open({
      random: (bytes) => (bytes === drawBytes ? drawn(numbers) : numbered(bytes, 5)),
    });
    const request = { pan: testPan(1), panExpiry: 2909, assurance: 12 };
    const first = provision(vault, { ...request, trid });
    deleteToken(vault, first.token.ref);
    const other = one.open({ random: source(numbers) });
    const second = provision(other, { ...request, trid: otherTrid });
    expect(second.token.tpan.equals(first.token.tpan)).toBe(false);
    expect(numbers).toEqual([]);
    await one.remove();
  });

  test("a number that is reserved for a decision under way is not drawn", () => {
    const { subRange } = pickSubRange(t.vault, rangeOf(t.vault));
    const refused: string[] = [];
    const { index } = drawTpan(t.vault, subRange, 3, (drawn) => {
      refused.push(drawn.toString("hex"));
      return refused.length < 5;
    });
    expect(refused).toHaveLength(5);
    expect(index.toString("hex")).toBe(refused[4]);
  });

  test("a number is at home in the shard that was asked for", () => {
    const { subRange } = pickSubRange(t.vault, rangeOf(t.vault));
    for (let shard = 0; shard < t.vault.shards; shard++) {
      const bcd = Buffer.alloc(10);
      drawTpan(t.vault, subRange, shard).tpan.bcdTo(bcd, 0);
      expect(t.vault.sealing.homes.one(bcd, t.vault.shards)).toBe(shard);
    }
  });

  test("opens the next sub-range at 70 % and says so", () => {
    mintOne();
    t.vault.env.write(() => t.vault.meta.addSubRangeUsed(0, 699_999));
    const at = mintOne();
    expect(at.alarm).toMatchObject({ subRange: 0, opened: 1 });
    expect(digitsOf(at)).toMatch(/^608727001/);
    expect(mintOne().alarm).toBeUndefined();
  });

  test("a closed sub-range gives nothing more", () => {
    mintOne();
    expect(t.vault.env.write(() => closeUsedSubRanges(t.vault))).toBe(1);
    expect(digitsOf(mintOne())).toMatch(/^608727001/);
  });

  test("when every sub-range is given out and full, TOKEN_RANGE_FULL", () => {
    t.vault.env.write(() => {
      for (let number = 0; number < 1000; number++) {
        t.vault.registryStore.put("subranges", number, { range: 1, digits: 16, status: "CLOSED" });
      }
    });
    try {
      mintOne();
      expect.unreachable();
    } catch (error) {
      expect(isAppError(error, "TOKEN_RANGE_FULL")).toBe(true);
    }
  });

  test("no card range may lie inside the token BIN", () => {
    const inside = () => putBinRange(t.vault, { prefix: "60872712", issuerId: "TESTBANK" });
    expect(inside).toThrow("token BIN");
  });

  test("numbers are spread: a thousand use every leading digit, none in order", () => {
    const numbers = t.vault.env.write(() =>
      Array.from({ length: 1000 }, () => digitsOf(mint(t.vault, rangeOf(t.vault)))),
    );
    // Nothing stores them here: of the 62,500 of one shard some eight in a thousand come twice.
    expect(new Set(numbers).size).toBeGreaterThan(975);
    expect(new Set(numbers.map((one) => one[9])).size).toBe(10);
    const rising = numbers.filter((one, i) => i > 0 && one > numbers[i - 1]!).length;
    expect(rising).toBeGreaterThan(400);
    expect(rising).toBeLessThan(600);
  });
});

/** Random bytes that end in a number, so that a draw gives it. */
function numbered(bytes: number, value: number): Buffer {
  const buf = Buffer.alloc(bytes, 0);
  buf[bytes - 1] = value;
  return buf;
}

/** Numbers are drawn 32 at a time, six bytes each. */
const drawBytes = 192;

function drawn(draws: number[]): Buffer {
  return Buffer.concat(Array.from({ length: 32 }, () => numbered(6, draws.shift()!)));
}

/** Draws from the list; what a reference needs is apart from what the first vault used. */
function source(draws: number[]): (bytes: number) => Buffer {
  return (bytes) => (bytes === drawBytes ? drawn(draws) : Buffer.alloc(bytes, 0xab));
}

describe("drawBelow", () => {
  test("has no bias: what lies above the last whole multiple is drawn again", () => {
    const values = [0xffff_ffff_ffff, 0xffff_ffff_fffe, 999_999];
    const random = (bytes: number) => {
      const buf = Buffer.alloc(bytes);
      buf.writeUIntBE(values.shift()!, 0, 6);
      return buf;
    };
    expect(drawBelow(random, 1_000_000)).toBe(999_999);
    expect(values).toEqual([]);
  });
});

describe("token references", () => {
  test("are UUIDv7 of their moment, in order within a batch", () => {
    const nowMs = 1_767_225_600_123;
    const refs = Array.from({ length: 100 }, (_, i) =>
      tokenRef(t.vault.random, nowMs, i * 399 + 1),
    );
    for (const ref of refs) {
      expect(refText(ref)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
      expect(ref.readUIntBE(0, 6)).toBe(nowMs);
      expect(parseRef(refText(ref))).toEqual(ref);
      expect(parseRef(`tok_${refText(ref)}`)).toEqual(ref);
    }
    expect([...refs].sort(Buffer.compare)).toEqual(refs);
    expect(parseRef("019b76da-a800-7a53-b039")).toBeUndefined();
  });
});

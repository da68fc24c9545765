// Defends: the home of a number is a fixed function of the routing key, for ever, and spreads
// numbers evenly; without the key nothing is minted and the error says what to do.
import { afterEach, describe, expect, test } from "vitest";
import { provision } from "../actors/card/test-rig.ts";
import { knownTpan } from "../codec/pan/fixtures.ts";
import { ClearPAN } from "../codec/pan/mod.ts";
import { Cmac, KeyRing } from "../crypto/mod.ts";
import { Homes, routeKeyOf } from "./home-shard.ts";
import { bcdOf } from "./plain-block.ts";
import { createTestVault, type TestVault, testKey, testPan, trid } from "./test-vault.ts";

let t: TestVault | undefined;
afterEach(() => t?.remove());

describe("home", () => {
  test("known answers: the CMAC of the known TPAN under 00 01 … 1F", () => {
    // 86BFA913C731A47490BB3FADB9D96CA0: its first eight bytes modulo the number of shards.
    const homes = new Homes(testKey("route", 0));
    const bcd = bcdOf(ClearPAN.parse(knownTpan));
    expect(homes.one(bcd, 16)).toBe(Number(0x86bfa913c731a474n % 16n));
    expect(homes.one(bcd, 16)).toBe(4);
    expect(homes.one(bcd, 1024)).toBe(Number(0x86bfa913c731a474n % 1024n));
    expect(homes.one(bcd, 7)).toBe(Number(0x86bfa913c731a474n % 7n));
    expect(homes.one(bcd, 1)).toBe(0);
  });

  test("agrees with a CMAC of its own and 64-bit arithmetic, at any number of shards", () => {
    const key = testKey("route", 50);
    const homes = new Homes(key);
    const count = 600;
    const bcd = Buffer.alloc(count * 10);
    for (let i = 0; i < count; i++) testPan(i).bcdTo(bcd, i * 10);
    const out = new Uint16Array(count);
    for (const shards of [2, 3, 16, 33, 1000]) {
      homes.many(bcd, count, shards, out);
      for (let i = 0; i < count; i++) {
        const mac = Buffer.alloc(16);
        new Cmac(key.bytes).mac(bcd, i * 10, 10, mac, 0, 16);
        expect(out[i]).toBe(Number(mac.readBigUInt64BE(0) % BigInt(shards)));
      }
    }
  });

  test("spreads numbers over all shards", () => {
    const homes = new Homes(testKey("route", 50));
    const bcd = Buffer.alloc(16_000 * 10);
    for (let i = 0; i < 16_000; i++) testPan(i).bcdTo(bcd, i * 10);
    const out = new Uint16Array(16_000);
    homes.many(bcd, 16_000, 16, out);
    const counts = new Array<number>(16).fill(0);
    for (const home of out) counts[home]!++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(200);
  });
});

test("a vault keeps its number of shards, whatever a later opener asks for", () => {
  t = createTestVault({ shards: 5 });
  expect(t.vault.shards).toBe(5);
  expect(t.open({ shards: 9 }).shards).toBe(5);
  expect(() => t!.open({ shards: 0 })).toThrow(RangeError);
});

test("without a routing key a vault is read, and minting says how to make one", () => {
  t = createTestVault();
  const ring = new KeyRing([testKey("index", 0), testKey("seal", 0)]);
  const vault = t.open({ ring });
  expect(vault.shards).toBe(16);
  expect(() => routeKeyOf(ring)).toThrow("keys add route");
  const request = { pan: testPan(1), panExpiry: 2909, trid, assurance: 12 };
  expect(() => provision(vault, request)).toThrow("keys add route");
});

// Defends: a peer whose key is a double-length DES key speaks X9.19 through the whole pipeline,
// beside the AES-CMAC of the key that it has just replaced.
import { afterEach, expect, it } from "vitest";
import { KeyRing, retailKeyBytes } from "../crypto/mod.ts";
import { reason } from "../platform/mod.ts";
import { baseKeys, macPeer, Rig, ringKey, signMac } from "./test-rig.ts";

let rig: Rig;
afterEach(() => rig.remove());

it("row 2: verifies and signs with X9.19, and refuses another key", () => {
  rig = new Rig();
  const des = Buffer.from(Array.from({ length: retailKeyBytes }, (_, i) => 40 + i));
  const aes = ringKey("mac", 0, { state: "VERIFY_ONLY" });
  const key = ringKey("mac", 0, { bytes: des, version: 2 });
  rig.keys.publish(new KeyRing([...baseKeys.filter((k) => k.usage !== "mac"), aes, key]));
  for (const bytes of [des, aes.bytes]) {
    const answer = rig.one(rig.payment({ mac: bytes }), macPeer);
    const expected = Buffer.from(answer.bytes);
    signMac(expected, bytes);
    expect([answer.reason, answer.bytes.equals(expected)]).toEqual([0, true]);
  }
  const other = Buffer.alloc(retailKeyBytes, 9);
  expect(rig.one(rig.payment({ mac: other }), macPeer).reason).toBe(reason.MAC_FAILED);
});

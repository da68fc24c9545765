// Defends: the numbers that other parties compute too. PTAVs, blind index, sealed block, DE128 and
// KCV below were computed with OpenSSL, not with this code.
import { describe, expect, test } from "vitest";
import {
  knownPan,
  knownTpan,
  knownTpanExpiry,
  knownTrid,
  sealedPan,
} from "../codec/pan/fixtures.ts";
import { ClearPAN } from "../codec/pan/mod.ts";
import {
  decodePtavText,
  encodePtavText,
  MAC_INPUT_BYTES,
  writeMacInput,
  writePtavHeader,
} from "../codec/ptav/mod.ts";
import { Cmac, CmacLanes, IndexLanes, keyCheckValue, SivLanes } from "./mod.ts";

const counting = (length: number) => Buffer.from(Array.from({ length }, (_, i) => i));
const key = counting(32);
const ascii = (text: string) => Buffer.from(text, "latin1");
const upper = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex").toUpperCase();

describe("known answers", () => {
  test("KCV", () => {
    expect(keyCheckValue(key)).toBe("377822");
  });

  test.each([
    {
      ptav: "EwEAAKGyw9RpVbkAuHbVDFLsKAk=",
      ...{ profile: 3, kvn: 1, nonce: "0000A1B2C3D4", issuedAt: 1767225600 },
      ...{ merchant: "MERCHANT0000001", mac: "B876D50C52EC2809" },
    },
    {
      ptav: "EAEAAAAAAABpVbk8sxLG/uTWIUU=",
      ...{ profile: 0, kvn: 1, nonce: "000000000000", issuedAt: 1767225660 },
      ...{ merchant: "", mac: "B312C6FEE4D62145" },
    },
    {
      ptav: "FwL//yNCRWNpVccQNMYFE47Fbr4=",
      ...{ profile: 7, kvn: 2, nonce: "FFFF23424563", issuedAt: 1767229200 },
      ...{ merchant: "M1", mac: "34C605138EC56EBE" },
    },
  ])("PTAV $ptav", ({ ptav, profile, kvn, nonce, issuedAt, merchant, mac }) => {
    const bytes = Buffer.alloc(20);
    writePtavHeader(bytes, 0, profile, kvn, Buffer.from(nonce, "hex"), 0, issuedAt);
    // One lane is too few for a lane step, so the filled batch takes the other path.
    for (const count of [1, 32]) {
      const lanes = new CmacLanes(key, { lanesMax: 32, bytesMax: MAC_INPUT_BYTES });
      for (let lane = 0; lane < count; lane++) {
        const written = writeMacInput(
          ...([lanes.bytes, lanes.at(lane), bytes, 0, ascii(knownTpan), 0, 16] as const),
          ...([ascii(knownTpanExpiry), 0, ascii(knownTrid), 0, 11] as const),
          ...([ascii("000000012345"), 0, ascii("458"), 0] as const),
          ...([ascii(merchant), 0, merchant.length] as const),
        );
        expect(written).toBe(true);
        lanes.setLength(lane, MAC_INPUT_BYTES);
      }
      lanes.run(count);
      for (let lane = 0; lane < count; lane++) {
        expect(upper(lanes.out.subarray(lane * 16, lane * 16 + 8))).toBe(mac);
      }
      lanes.out.copy(bytes, 12, 0, 8);
    }
    const text = Buffer.alloc(28);
    encodePtavText(bytes, 0, text, 0);
    expect(text.toString("latin1")).toBe(ptav);
    const back = Buffer.alloc(20);
    expect(decodePtavText(text, 0, 28, back, 0)).toBe(true);
    expect(back).toEqual(bytes);
  });

  const knownIndex = "86BFA913C731A47490BB3FADB9D96CA0";

  test("blind index", () => {
    const lanes = new IndexLanes(key, 20);
    for (let lane = 0; lane < 20; lane++) {
      expect(lanes.set(lane, ascii(`x${knownTpan}`), 1, 16)).toBe(true);
    }
    for (const count of [1, 20]) {
      lanes.out.fill(0);
      lanes.run(count);
      for (let lane = 0; lane < count; lane++) {
        expect(upper(lanes.out.subarray(lane * 16, lane * 16 + 16))).toBe(knownIndex);
      }
    }
    expect(lanes.set(0, ascii("1".repeat(20)), 0, 20)).toBe(false);
    expect(lanes.set(0, ascii("12a4"), 0, 4)).toBe(false);
    expect(lanes.set(0, ascii(""), 0, 0)).toBe(false);
  });

  test("sealed block", () => {
    const siv = new SivLanes(counting(64), 2);
    for (let lane = 0; lane < 2; lane++) {
      ClearPAN.parse(sealedPan).bcdTo(siv.plain, lane * 16);
      siv.plain.write("290900000000", lane * 16 + 10, "hex");
      siv.ad.write(knownIndex, lane * 16, "hex");
    }
    siv.seal(2);
    const expected = "4CC413BFD8EDB8C541095D89E046F939A69C7E8073217B7A21727D65F0F24D90";
    expect(upper(siv.sealed)).toBe(expected.repeat(2));
  });

  // DE128 of a request and its answer, of a sign-on and its answer.
  test.each([
    [
      "request",
      221,
      `0100F23C448108C08000000000000000010116${knownTpan}000000000000012345010100050000` +
        "01230805000101301254118105906458001600100000123TERM0001MERCHANT00000014580610301" +
        "19990000000105001C07001F04028EwEAAKGyw9RpVbkAuHbVDFLsKAk=",
      "366527A289B875E6",
    ],
    [
      "answer",
      315,
      `0110F23C00010AC08000000000000000010116${knownPan}0000000000000123450101000500000` +
        "123080500010129090645800160010000012300TERM0001MERCHANT000000145816201016" +
        `${knownTpan}020043012030119990000000105001C07001F09029ZZ99A1B2C3D4E5F6G7H8J9K0L1` +
        "M2N1000212110020112001V1300400001403600000000-0000-7000-8000-000000000001",
      "73497F04DB1B4477",
    ],
    ["sign-on", 55, "0800822000000000000004000000000000010101000400000001001", "B5BC5E0DDD181AC6"],
    [
      "sign-on answer",
      57,
      "081082200000020000000400000000000001010100040000000100001",
      "47D4C03BCCEF61F4",
    ],
  ])("DE128 of the %s", (_, length, text, mac) => {
    expect(text.length).toBe(length);
    const out = Buffer.alloc(8);
    new Cmac(key).mac(ascii(text), 0, text.length, out, 0, 8);
    expect(upper(out)).toBe(mac);
    // In a batch of mixed lengths too.
    const lanes = new CmacLanes(key, { lanesMax: 64, bytesMax: 320 });
    for (let lane = 0; lane < 64; lane++) {
      const short = lane % 3;
      lanes.bytes.write(text, lanes.at(lane), "latin1");
      lanes.setLength(lane, text.length - short);
    }
    lanes.run(64);
    for (let lane = 0; lane < 64; lane += 3) {
      expect(upper(lanes.out.subarray(lane * 16, lane * 16 + 8))).toBe(mac);
    }
  });
});

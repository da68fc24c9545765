// Defends: the bytes of an answer: the profile's own example, unknown tags kept in their order,
// what does not fit dropped from the end, never a PTAV.
import { afterEach, describe, expect, it } from "vitest";
import { knownPan, knownTpan, knownTrid } from "../codec/pan/fixtures.ts";
import { digitsToBcd } from "../codec/pan/mod.ts";
import { parseRef, tokenAt, tokenBytes } from "../vault/mod.ts";
import { Batch } from "./batch.ts";
import { macPeer, Rig, readAnswers, ringKey, signMac } from "./test-rig.ts";

let rig: Rig;
afterEach(() => rig.remove());
const macKey = ringKey("mac", 0).bytes;

describe("the known answer", () => {
  const request =
    `0100F23C448108C08000000000000000010116${knownTpan}000000000000012345010100050000012308050` +
    "00101301254118105906458001600100000123TERM0001MERCHANT0000001458061" +
    "030119990000000105001C07001F04028EwEAAKGyw9RpVbkAuHbVDFLsKAk=";
  const answer =
    `0110F23C00010AC08000000000000000010116${knownPan}000000000000012345010100050000012308050` +
    "00101290906458001600100000123" +
    `00TERM0001MERCHANT000000145816201016${knownTpan}020043012030119990000000105001C07001F` +
    "09029ZZ99A1B2C3D4E5F6G7H8J9K0L1M2N1000212110020112001V13004000014036" +
    "00000000-0000-7000-8000-000000000001";

  it("comes out byte for byte, with its MAC", () => {
    rig = new Rig({ startMs: Date.parse("2026-01-01T00:05:00Z") });
    storeKnownToken();
    const message = Buffer.from(`${request}........`, "latin1");
    signMac(message, macKey);
    expect(message.subarray(-8).toString("hex").toUpperCase()).toBe("366527A289B875E6");
    const batch = new Batch();
    batch.add(macPeer.id, message, 0, message.length);
    batch.ids.fill(0);
    Buffer.from("00000000000070008000000000000001", "hex").copy(batch.ids);
    batch.markIdsAssigned();
    rig.opened.pipeline.processBatch(batch);
    const [answered] = readAnswers(batch);
    expect(answered?.bytes.toString("latin1", 0, 315)).toBe(answer);
    expect(answered?.bytes.toString("hex", 315).toUpperCase()).toBe("73497F04DB1B4477");
  });

  function storeKnownToken(): void {
    const { vault } = rig;
    const record = Buffer.alloc(tokenBytes);
    const plain = Buffer.alloc(16);
    digitsToBcd(Buffer.from(knownTpan), 0, 16, plain, 0, 10);
    const index = vault.sealing.index("token", plain.subarray(0, 10));
    const template = vault.findTokenByRef(parseRef(rig.token.ref) as Buffer)?.record as Buffer;
    template.copy(record);
    digitsToBcd(Buffer.from(knownPan), 0, 16, plain, 0, 10);
    plain.writeUInt16BE(0x2909, 10);
    vault.sealing.seal(plain, index).copy(record, tokenAt.sealedPan);
    record.write(`0${knownTrid}`, tokenAt.trid, "hex");
    record.writeUInt16LE(3012, tokenAt.expiry);
    vault.env.write(() => vault.tables.tokens.putSync(index, record));
  }
});

describe("the answer", () => {
  it("keeps unknown tags in their order, and drops from the end what does not fit", () => {
    rig = new Rig();
    const filler = "x".repeat(225);
    const message = rig.payment({ tags: { "77": "a", "21": "b", "15": "PIAV", "16": "05" } });
    const swapped = message.toString("latin1").replace("21001b77001a", "77001a21001b");
    const answer = rig.one(Buffer.from(swapped, "latin1"));
    expect(answer.fields["120"]?.endsWith("77001a21001b")).toBe(true);
    expect(answer.tags).toMatchObject({ "15": "PIAV", "16": "05" });
    const full = rig.one(
      rig.payment({ tags: { "60": filler, "61": filler, "62": filler, "63": filler } }),
    );
    expect(full.reason).toBe(0);
    expect([full.tags["62"], full.tags["63"]]).toEqual([filler, undefined]);
    expect((full.fields["120"] ?? "").length).toBeLessThanOrEqual(999);
  });

  it("never carries a PTAV, and acknowledges an advice with 00", () => {
    rig = new Rig();
    const ptav = rig.ptav();
    const answer = rig.one(rig.payment({ tags: { "04": ptav } }));
    expect(answer.bytes.includes(ptav)).toBe(false);
    const advice = rig.payment({
      mti: "0120",
      fields: {
        "14": null,
        "18": null,
        "22": null,
        "25": null,
        "41": null,
        "39": "51",
        "90": "0".repeat(42),
      },
      tags: { "03": null, "04": null, "05": null, "07": null, "14": answer.tags["14"] ?? "" },
    });
    expect(rig.one(advice).fields).toMatchObject({ mti: "0130", "39": "00" });
  });
});

// Property: what the door answers by itself is a right message of the profile, whatever it was
// asked.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type MessageInput, mydebit } from "../../codec/iso8583/mod.ts";
import { knownTpan, knownTpanExpiry, knownTrid } from "../../codec/pan/fixtures.ts";
import { KeyRing } from "../../crypto/mod.ts";
import type { Peer } from "../../hotpath/mod.ts";
import { createManualClock, reason } from "../../platform/mod.ts";
import { AnswerDesk } from "./answer-desk.ts";
import { PeerMacs } from "./peer-macs.ts";

const peer: Peer = { id: 0, tag: 1, name: "a", macRequired: false, macLabel: null };

function desk(): AnswerDesk {
  const macs = new PeerMacs({ epoch: () => 1, read: () => new KeyRing([]) });
  return new AnswerDesk(macs, createManualClock(), (bytes) => Buffer.alloc(bytes, 0xab));
}

function request(mti: string, tags: string | Record<string, string>): Buffer {
  const own = { "03": knownTrid, "05": "C", "07": "N" };
  const input: MessageInput = {
    mti,
    fields: {
      "2": knownTpan,
      "3": "000000",
      "4": "000000012345",
      "7": "0101000500",
      "11": "000123",
      "12": "080500",
      "13": "0101",
      "14": knownTpanExpiry,
      "18": "5411",
      "22": "810",
      "25": "59",
      "32": "458001",
      "37": "600100000123",
      "42": "MERCHANT0000001",
      "49": "458",
      "120": typeof tags === "string" ? tags : { ...own, ...tags },
    },
  };
  const out = Buffer.alloc(4_096);
  return out.subarray(0, mydebit.encode(input, out, 0));
}

function decode(bytes: Buffer) {
  return mydebit.decode(bytes, 0, bytes.length, { bare: true, reveal: true });
}

test("known tags stand ascending, then unknown ones as received, and the PTAV never", () => {
  const d = desk();
  const tags = ["66002zz", `04028${"x".repeat(28)}`, "1600205", "21005later", "08003SUB"];
  const raw = `${tags.join("")}07001N05001C03011${knownTrid}`;
  const bytes = request("0100", raw);
  expect(d.read(bytes, 0, bytes.length)).toBe(0);
  const answer = d.out.subarray(0, d.decline(peer, reason.OVERLOADED));
  const view = mydebit.createView();
  expect(mydebit.scanMessage(view, answer, 0, answer.length)).toBe(0);
  const order = [...view.tags.order.subarray(0, view.tags.count)];
  expect(order).toEqual([3, 5, 7, 8, 12, 13, 14, 16, 66, 21]);
  const values = new Map(
    decode(answer).fields["120"]?.tags?.map(({ tag, value }) => [tag, value] as const),
  );
  expect([values.get("12"), values.get("13"), values.get("21")]).toEqual(["U", "9091", "later"]);
});

test("an answer is right, and at most 999 long in DE120, however much was sent", () => {
  const d = desk();
  const unknownTag = fc.constantFrom("21", "30", "39", "42", "49", "60", "77", "99");
  const value = fc.integer({ min: 1, max: 400 }).map((n) => "v".repeat(n));
  const tags = fc.dictionary(unknownTag, value, { maxKeys: 8 });
  const mti = fc.constantFrom("0100", "0101", "0200", "0201");
  fc.assert(
    fc.property(mti, tags, (name, extra) => {
      const total = Object.values(extra).reduce((sum, v) => sum + v.length + 5, 28);
      fc.pre(total <= 999);
      const bytes = request(name, extra);
      expect(d.read(bytes, 0, bytes.length)).toBe(0);
      const answer = decode(d.out.subarray(0, d.decline(peer, reason.NOT_SIGNED_ON)));
      expect([answer.ok, answer.mti]).toEqual([
        true,
        name === "0100" || name === "0101" ? "0110" : "0210",
      ]);
      expect(answer.fields["39"]?.value).toBe("58");
      expect(answer.fields["2"]?.value).toBe(knownTpan);
      expect(answer.fields["14"]?.value).toBe(knownTpanExpiry);
      const kept = answer.fields["120"]?.tags?.map(({ tag }) => tag);
      for (const tag of ["03", "05", "07", "12", "13", "14"]) expect(kept).toContain(tag);
    }),
  );
});

test("the id carries the time of the answer", () => {
  const d = desk();
  const bytes = request("0100", {});
  d.read(bytes, 0, bytes.length);
  const answer = decode(d.out.subarray(0, d.decline(peer, reason.OVERLOADED)));
  const id = answer.fields["120"]?.tags?.find(({ tag }) => tag === "14")?.value ?? "";
  expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(1_767_225_600_000);
});

// Property: in every dialect an answer repeats the echo set from the request's own bytes, carries
// what the patch sets, and is itself a message of the dialect; where the plain writer serves too,
// both write the same bytes.
import { describe, expect, it } from "vitest";
import { knownTpan } from "../pan/fixtures.ts";
import { dialects, iso87Ascii, ReplyPatch } from "./mod.ts";
import { writeReplyGenerally } from "./reply-general.ts";
import { tableDriven } from "./table-driven.ts";
import { bytesOfText } from "./writer/bytes.ts";

const requests: Readonly<Record<string, string>> = {
  "iso87-bcd": "0200",
  "iso93-ascii": "1200",
  "iso93-bcd": "1200",
  iso2003: "2200",
  "mc-style": "0100",
  "visa-style": "0100",
  "postilion-style": "0200",
};

const fields = { "2": knownTpan, "7": "1122153045", "11": "1", "37": "532615000123" };

describe.each(Object.entries(requests))("%s", (name, mti) => {
  const codec = dialects[name]!;
  const buf = Buffer.alloc(512);
  const end = codec.encode({ mti, fields: { ...fields, "32": "06458001" } }, buf, 0);
  const view = codec.createView();
  const out = Buffer.alloc(512);

  it("an answer echoes, is patched, and reads well", () => {
    expect(codec.scanMessage(view, buf, 0, end)).toBe(0);
    const patch = new ReplyPatch();
    const { encoding } = codec.spec.elements[38]!;
    patch.buf.set(Buffer.from(bytesOfText(encoding, "A1B2C3"), "latin1"));
    patch.set(38, 0, 6);
    patch.withMac = codec.spec.elements[128] !== undefined;
    const stop = codec.reply(view, out, 3, patch);
    const answer = codec.decode(out, 3, stop, { bare: true, reveal: true });
    expect(answer.error).toBeUndefined();
    expect(answer.mti).toBe(mti.replace(/00$/, "10"));
    expect(Object.keys(answer.fields)).toEqual(["2", "7", "11", "32", "37", "38", "128"]);
    expect(answer.fields["2"]!.value).toBe(knownTpan);
    const before = codec.decode(buf, 0, end, { bare: true, reveal: true });
    for (const de of ["2", "7", "11", "32", "37"]) {
      expect(answer.fields[de]!.raw).toBe(before.fields[de]!.raw);
    }
  });

  it("a small output, or a request that is none, is a status", () => {
    codec.scanMessage(view, buf, 0, end);
    expect(codec.reply(view, Buffer.alloc(20), 0, new ReplyPatch())).toBeLessThan(0);
    view.mti += 0x10;
    expect(codec.reply(view, out, 0, new ReplyPatch())).toBeLessThan(0);
  });
});

it("both writers write the same where both serve", () => {
  const buf = Buffer.alloc(512);
  const message = { mti: "0100", fields: { ...fields, "32": "06458001", "41": "T", "70": "1" } };
  const end = iso87Ascii.encode(message, buf, 0);
  const view = iso87Ascii.createView();
  iso87Ascii.scanMessage(view, buf, 0, end);
  const { generated } = tableDriven(iso87Ascii.spec);
  for (const change of [0, 1, 2, 3]) {
    const patch = new ReplyPatch();
    patch.buf.write("0012345678", 0, "latin1");
    patch.set(39, 0, 2);
    patch.errorOnly = (change & 1) === 1;
    patch.withMac = (change & 2) === 2;
    if (change === 0) patch.set(48, 2, 8);
    const [a, b] = [Buffer.alloc(512), Buffer.alloc(512)];
    const plain = iso87Ascii.reply(view, a, 0, patch);
    expect(writeReplyGenerally(iso87Ascii.spec, generated, view, b, 0, patch)).toBe(plain);
    expect(b).toEqual(a);
  }
});

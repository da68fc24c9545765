// Property: without `reveal` nothing sensitive is in a document or a description of any dialect:
// not as text, not in the bytes of the element around it, not in hex; and the work that hostile
// tag lists cause is bounded by their length.
import { describe, expect, it } from "vitest";
import { knownTpan } from "../pan/fixtures.ts";
import { describeDocument } from "./describe.ts";
import { dialects } from "./mod.ts";
import { zoo } from "./testdata/codecs.ts";
import { seededRandom } from "./testdata/random.ts";
import { secretsOf } from "./testdata/secrets.ts";
import { randomMessage } from "./testdata/values.ts";
import { zooMessage } from "./testdata/zoo-message.ts";

describe.each(Object.values(dialects))("$name", (codec) => {
  it("hides what is sensitive in random messages", () => {
    const random = seededRandom(12);
    const out = Buffer.alloc(65_535);
    let seen = 0;
    for (let i = 0; i < 60; i++) {
      const end = codec.encode(randomMessage(codec.spec, random, 8), out, 0);
      const clear = codec.decode(out, 0, end, { bare: true, reveal: true });
      const masked = codec.decode(out, 0, end, { bare: true });
      const shown = JSON.stringify(masked) + describeDocument(codec.spec, masked).join("\n");
      for (const secret of secretsOf(clear, masked)) {
        seen++;
        expect(shown.includes(secret), secret).toBe(false);
      }
    }
    expect(seen).toBeGreaterThan(60);
  });

  it("hides a card number wherever free text can hold it", () => {
    const out = Buffer.alloc(4_096);
    const { elements, mti } = codec.spec;
    for (const [de, element] of Object.entries(elements)) {
      const isText = ["ans", "b"].includes(element.content) && element.max >= 20;
      if (!isText || element.composite !== undefined || element.prefix === null) continue;
      const hex = Buffer.from(`card ${knownTpan} `).toString("hex").toUpperCase();
      const value = element.content === "b" ? hex : `card ${knownTpan} `;
      const start = codec.name === "mydebit" ? "0100" : `${mti.version}100`;
      const end = codec.encode({ mti: start, fields: { [de]: value } }, out, 0);
      const shown = JSON.stringify(codec.decode(out, 0, end, { bare: true }));
      expect(shown).not.toContain(knownTpan);
      expect(shown).not.toContain(Buffer.from(knownTpan).toString("hex").toUpperCase());
    }
  });
});

describe("hostile tag lists", () => {
  const message = (body: Buffer): Buffer => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(body.length);
    const wire = Buffer.concat([length, body]).toString("hex");
    return zooMessage("0100", [{ de: 51, what: "", wire, value: null }]);
  };
  const cases: readonly (readonly [what: string, body: Buffer])[] = [
    ["empty objects", Buffer.from("C100".repeat(200), "hex")],
    ["zero bytes alone", Buffer.alloc(400)],
    ["tags without an end", Buffer.alloc(400, 0xff)],
    ["lengths beyond the end", Buffer.from("C182FFFF".repeat(100), "hex")],
    ["one in another", Buffer.from("E182018C".repeat(100), "hex")],
  ];

  it.each(cases)("%s end after 64 tags at most, and alike in both decoders", (_, body) => {
    const bytes = message(body);
    const view = zoo.createView();
    const status = zoo.scanMessage(view, bytes, 0, bytes.length);
    const document = zoo.decode(bytes, 0, bytes.length, { bare: true });
    expect(document.error?.code ?? "OK").toBe(status === 0 ? "OK" : zoo.error(status, view).code);
    expect(document.fields["51"]?.tags?.length ?? 0).toBeLessThanOrEqual(64);
  });
});

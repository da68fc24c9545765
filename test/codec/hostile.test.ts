// Defends: no bytes make a reader of composites work for longer than their number allows. Every
// look at a byte is counted, in the generated scanner and in the table-driven codec, for the worst
// inputs of every kind: twice the bytes never cost more than twice the looks, and no byte is looked
// at more often than levels of nesting explain. Nothing is timed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { buildDialect } from "../../codec/iso8583/generator/build.ts";
import { type Codec, loadCodec } from "../../codec/iso8583/mod.ts";
import { root } from "../tidy/tree.ts";
import { bodyBytesMax, hostileSpec, inputs, kinds, messageOf } from "./hostile-dialect.ts";

const scratch = join(root, "var");
mkdirSync(scratch, { recursive: true });
const dir = mkdtempSync(join(scratch, "hostile-"));
afterAll(() => rmSync(dir, { recursive: true }));
const file = join(dir, "hostile.ts");
writeFileSync(file, buildDialect(hostileSpec, join(root, "codec/iso8583/")));
const { codec: generated } = (await import(file)) as { codec: Codec };
const tableDriven = loadCodec(hostileSpec);

interface Count {
  looks: number;
}

/** Bytes that a method of a Buffer hands out or reads. */
function bytesOfCall(key: string, args: readonly unknown[], length: number): number {
  const [a = 0, b = length, c = length] = args as number[];
  if (key === "subarray") return b - a;
  if (key === "toString") return c - b;
  return 8;
}

/** A buffer that counts what is looked at, one by one and in pieces; pieces count too. */
function counting(bytes: Buffer, count: Count): Buffer {
  return new Proxy(bytes, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof key === "string" && /^\d+$/.test(key)) count.looks++;
      if (typeof value !== "function" || key === "constructor") return value;
      return (...args: unknown[]) => {
        const found: unknown = Reflect.apply(value, target, args);
        count.looks += 1 + bytesOfCall(String(key), args, target.length);
        return Buffer.isBuffer(found) ? counting(found, count) : found;
      };
    },
  });
}

/** Looks that one scan takes. */
function looksOf(codec: Codec, message: Buffer): number {
  const count = { looks: 0 };
  const buf = counting(message, count);
  const view = codec.createView();
  view.attach(buf);
  // Four bytes at once are four looks.
  const { words } = view;
  view.words = new Proxy(words, {
    get: (target, key) => (at: number, little: boolean) => {
      count.looks += 4;
      return (Reflect.get(target, key) as DataView["getInt32"]).call(target, at, little);
    },
  });
  codec.scanMessage(view, buf, 0, message.length);
  return count.looks;
}

/** Of a short message as well: prefix, bitmap, one tag. */
const fixedLooks = 400;
/**
 * Tag, length and value of each of three levels and the element around them; the table-driven codec
 * takes pieces and makes text of them, too.
 */
const looksAByteMax = 5;

const cases = kinds.flatMap((kind) =>
  Object.entries(inputs[kind]!).map(([what, make]) => [kind, what, make] as const),
);

describe.each([
  ["generated", generated],
  ["table-driven", tableDriven],
] as const)("%s", (_, codec) => {
  it.each(cases)("%s: %s", (kind, __, make) => {
    const sizes = [bodyBytesMax / 4, bodyBytesMax / 2, bodyBytesMax];
    const looks = sizes.map((size) => looksOf(codec, messageOf(kind, make(size))));
    for (const [i, size] of sizes.entries()) {
      expect(looks[i]).toBeLessThanOrEqual(looksAByteMax * size + fixedLooks);
      if (i > 0) expect(looks[i]).toBeLessThanOrEqual(2 * looks[i - 1]! + fixedLooks);
    }
  });
});

it("counts: a scan that looked at nothing would pass everything", () => {
  const zeros = messageOf("ber", Buffer.alloc(bodyBytesMax));
  for (const codec of [generated, tableDriven]) {
    expect(looksOf(codec, zeros)).toBeGreaterThanOrEqual(bodyBytesMax);
  }
});

it("both say the same of all of them, and find 64 tags at most", () => {
  for (const [kind, what, make] of cases) {
    const message = messageOf(kind, make(bodyBytesMax));
    const verdicts = [generated, tableDriven].map((codec) => {
      const view = codec.createView();
      const status = codec.scanMessage(view, message, 0, message.length);
      return status === 0 ? "OK" : { ...codec.error(status, view) };
    });
    expect(verdicts[0], `${kind}: ${what}`).toEqual(verdicts[1]);
    const { fields } = generated.decode(message, 0, message.length);
    for (const field of Object.values(fields))
      expect(field.tags?.length ?? 0).toBeLessThanOrEqual(64);
  }
});

// Property: the object of strings of a scanned message holds what the document form holds, in every
// dialect, and nothing behind an error.
import { expect, it } from "vitest";
import { iso87Ascii } from "./mod.ts";
import { allCodecs } from "./testdata/codecs.ts";
import { seededRandom } from "./testdata/random.ts";
import { randomMessage } from "./testdata/values.ts";
import { textReader } from "./values.ts";

it.each(allCodecs)("a reader of some elements says the same in any order ($name)", (codec) => {
  const random = seededRandom(10);
  const out = Buffer.alloc(65_535);
  const view = codec.createView();
  const numbers = Object.keys(codec.spec.elements).map(Number);
  for (let i = 0; i < 40; i++) {
    const end = codec.encode(randomMessage(codec.spec, random, 6), out, 0);
    codec.scanMessage(view, out, 0, random(2) === 0 ? end : end - 1);
    const asked = Array.from({ length: random(9) }, () => numbers[random(numbers.length)]!);
    const values = codec.values(view);
    const wanted = asked.map((de) => values[de] ?? "");
    expect(textReader(codec, asked)(view)).toEqual(wanted);
  }
});

it("a reader of text alone makes no string of what stands around it", () => {
  const view = iso87Ascii.createView();
  const bytes = Buffer.from("0800822000000000000004000000000000000101000500000001301", "latin1");
  iso87Ascii.scanMessage(view, bytes, 0, bytes.length);
  const slices: (readonly unknown[])[] = [];
  view.buf = new Proxy(bytes, {
    get:
      (target, key) =>
      (...parts: unknown[]) => {
        slices.push(parts);
        return (Reflect.get(target, key) as (...args: unknown[]) => unknown).apply(target, parts);
      },
  });
  const [network, stan, nothing] = textReader(iso87Ascii, [70, 11, 48])(view);
  expect([network, stan, nothing]).toEqual(["301", "000001", ""]);
  expect(slices).toEqual([["latin1", 46, 55]]);
  expect(textReader(iso87Ascii, [48])(view)).toEqual([""]);
});

it.each(allCodecs)("$name", (codec) => {
  const random = seededRandom(9);
  const out = Buffer.alloc(65_535);
  const view = codec.createView();
  for (let i = 0; i < 40; i++) {
    const end = codec.encode(randomMessage(codec.spec, random, 20), out, 0);
    for (const stop of [end, Math.max(20, end - 1)]) {
      const status = codec.scanMessage(view, out, 0, stop);
      const { fields } = codec.decode(out, 0, stop, { bare: true, reveal: true });
      const wanted = Object.entries(fields).map(([de, field]) => [de, field.value]);
      if (status === 0 || codec.error(status, view).path !== "") {
        expect(codec.values(view)).toEqual(Object.fromEntries(wanted));
      }
    }
  }
});

// Property: the object of strings of a scanned message holds what the document form holds, in every
// dialect, and nothing behind an error.
import { expect, it } from "vitest";
import { allCodecs } from "./testdata/codecs.ts";
import { seededRandom } from "./testdata/random.ts";
import { randomMessage } from "./testdata/values.ts";

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

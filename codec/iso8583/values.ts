// A scanned message as an object of strings, for callers that want nothing else. One native call
// makes the text of the whole frame and each value is a piece of it: it is the call into native
// code that costs, not the string (a piece keeps the whole text alive).
import type { Dialect } from "./dialect.ts";
import { decodeSlowly } from "./oracle/message.ts";
import type { View } from "./view.ts";

/** Element numbers whose bytes are their text. */
function textElements(dialect: Dialect): Uint8Array {
  const isText = new Uint8Array(dialect.bitmap.bits + 1);
  const overridden = new Set(
    dialect.messages.flatMap(({ overrides = {} }) => Object.keys(overrides)),
  );
  for (const [key, { encoding }] of Object.entries(dialect.elements)) {
    const oneByte = encoding === "ascii" || encoding === "latin1" || encoding === "hex";
    isText[Number(key)] = oneByte && !overridden.has(key) ? 1 : 2;
  }
  return isText;
}

const upperHex = (buf: Buffer, from: number, to: number): string =>
  buf.toString("hex", from, to).toUpperCase();

function wordOf(view: View, k: number): number {
  switch (k) {
    case 0:
      return view.w0;
    case 1:
      return view.w1;
    case 2:
      return view.w2;
    case 3:
      return view.w3;
    default:
      return k === 4 ? view.w4 : view.w5;
  }
}

/** Makes the reader of values of a dialect: text as on the wire, binary as hex, unmasked. */
export function valuesReader(dialect: Dialect): (view: View) => Record<string, string> {
  const isText = textElements(dialect);
  const allText = isText.every(
    (kind, de) => kind !== 2 || dialect.elements[de]?.encoding === "raw",
  );
  return (view) => {
    const out: Record<string, string> = {};
    if (!allText) {
      const bare = view.begin === view.origin;
      const { fields } = decodeSlowly(dialect, view.buf, view.origin, view.end, bare);
      for (const [de, node] of fields) out[de] = node.text;
      return out;
    }
    const base = view.begin;
    const text = view.buf.toString("latin1", base, view.end);
    for (let k = 0; k < 6; k++) {
      let word = wordOf(view, k);
      while (word !== 0) {
        const z = Math.clz32(word);
        word &= ~(0x80000000 >>> z);
        const de = 32 * k + z + 1;
        const kind = isText[de];
        if (kind === 0 || de > view.validUpTo) continue;
        const from = view.slots[2 * de]!;
        const to = from + view.slots[2 * de + 1]!;
        out[de] =
          kind === 1 ? text.substring(from - base, to - base) : upperHex(view.buf, from, to);
      }
    }
    return out;
  };
}

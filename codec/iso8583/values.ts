// A scanned message, or some of its elements, as strings. One native call
// makes the text of all of them and each value is a piece of it: it is the call into native
// code that costs, not the string (a piece keeps the whole text alive).
import type { Codec } from "./codec.ts";
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
  const lastWord = dialect.bitmap.bits / 32 - 1;
  return (view) => {
    const out: Record<string, string> = {};
    if (!allText) {
      const bare = view.begin === view.origin;
      const { fields } = decodeSlowly(dialect, view.buf, view.origin, view.end, bare);
      for (const [de, node] of fields) out[de] = node.text;
      return out;
    }
    const { begin, buf, slots, validUpTo } = view;
    const text = buf.toString("latin1", begin, view.end);
    // From the highest element down, so that the object grows once.
    for (let k = lastWord; k >= 0; k--) {
      for (let word = wordOf(view, k); word !== 0; word &= word - 1) {
        const de = 32 * k + 1 + Math.clz32(word & -word);
        const kind = isText[de];
        if (kind === 0 || de > validUpTo) continue;
        const from = slots[2 * de]!;
        const to = from + slots[2 * de + 1]!;
        out[de] = kind === 1 ? text.substring(from - begin, to - begin) : upperHex(buf, from, to);
      }
    }
    return out;
  };
}

/** A string for each element that was asked for. */
export type Texts<E extends readonly number[]> = { -readonly [K in keyof E]: string };

/**
 * Makes a reader of some elements of a scanned message: their values as strings in the order of
 * `elements`, "" where one is absent; text as on the wire, binary as hex, unmasked. Faster than
 * `values` and than `view.text` for each: one native call covers what was asked for and nothing
 * before or behind it, and the strings are pieces of it (a long one keeps all of it alive).
 */
export function textReader<const E extends readonly number[]>(
  codec: Codec,
  elements: E,
): (view: View) => Texts<E> {
  const kinds = textElements(codec.spec);
  if (!elements.every((de) => kinds[de] === 1)) {
    return (view) => {
      const values = codec.values(view);
      return elements.map((de) => values[de] ?? "") as Texts<E>;
    };
  }
  const ascending = Int32Array.from(elements).sort();
  const asked = Int32Array.from(elements);
  return (view) => {
    const { slots } = view;
    let first = -1;
    let end = 0;
    for (let i = 0; i < ascending.length; i++) {
      const de = ascending[i]!;
      if (!view.has(de)) continue;
      if (first < 0) first = slots[2 * de]!;
      end = slots[2 * de]! + slots[2 * de + 1]!;
    }
    const text = first < 0 ? "" : view.buf.toString("latin1", first, end);
    const out: string[] = [];
    for (let i = 0; i < asked.length; i++) {
      const de = asked[i]!;
      const at = slots[2 * de]! - first;
      out.push(view.has(de) ? text.substring(at, at + slots[2 * de + 1]!) : "");
    }
    return out as Texts<E>;
  };
}

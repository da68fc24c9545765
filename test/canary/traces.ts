// Finds a secret in whatever was written: as it is, in hexadecimal, in BCD, in base64.

export interface Trace {
  readonly where: string;
  readonly form: string;
}

interface Needle {
  readonly form: string;
  readonly bytes: Buffer;
}

/**
 * Base64 of a text depends on what stands before it: three alignments, each without the characters
 * at the edges that neighbours have a part in.
 */
function base64Forms(bytes: Buffer): Buffer[] {
  const forms: Buffer[] = [];
  for (let shift = 0; shift < 3; shift++) {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const from = shift === 0 ? 0 : 4;
    const kept = text.slice(from, text.length - (text.length % 4 === 0 ? 0 : 2));
    forms.push(Buffer.from(kept, "latin1"));
  }
  return forms;
}

/** Every form of one secret; `digits` adds the BCD forms of a card number. */
export function needlesOf(secret: string, kind: "digits" | "text"): Needle[] {
  const text = Buffer.from(secret, "latin1");
  const hex = text.toString("hex");
  const needles: Needle[] = [
    { form: "clear", bytes: text },
    { form: "UTF-16", bytes: Buffer.from(secret, "utf16le") },
    { form: "hex", bytes: Buffer.from(hex, "latin1") },
    { form: "HEX", bytes: Buffer.from(hex.toUpperCase(), "latin1") },
    ...base64Forms(text).map((bytes) => ({ form: "base64", bytes })),
  ];
  if (kind === "digits") {
    // Eight bytes of packed digits; their own hexadecimal is the clear form.
    const bcd = Buffer.from(secret, "hex");
    needles.push({ form: "BCD", bytes: bcd });
    needles.push(...base64Forms(bcd).map((bytes) => ({ form: "base64 of BCD", bytes })));
  }
  return needles;
}

/** Needles by their first three bytes; all have more. One pass then looks for thousands. */
interface Finder {
  readonly starts: Uint8Array;
  readonly byStart: ReadonlyMap<number, readonly Needle[]>;
}

const finders = new WeakMap<readonly Needle[], Finder>();

function startOf(bytes: Buffer, at: number): number {
  return (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
}

function finderOf(needles: readonly Needle[]): Finder {
  const known = finders.get(needles);
  if (known !== undefined) return known;
  const starts = new Uint8Array(2 ** 24);
  const byStart = new Map<number, Needle[]>();
  for (const needle of needles) {
    const start = startOf(needle.bytes, 0);
    starts[start] = 1;
    byStart.set(start, [...(byStart.get(start) ?? []), needle]);
  }
  const finder = { starts, byStart };
  finders.set(needles, finder);
  return finder;
}

export function findTraces(where: string, haystack: Buffer, needles: readonly Needle[]): Trace[] {
  const { starts, byStart } = finderOf(needles);
  const found = new Set<Needle>();
  for (let at = 0; at + 2 < haystack.length; at++) {
    const start = startOf(haystack, at);
    if (starts[start] === 0) continue;
    for (const needle of byStart.get(start)!) {
      const end = at + needle.bytes.length;
      if (end <= haystack.length && needle.bytes.equals(haystack.subarray(at, end))) {
        found.add(needle);
      }
    }
  }
  return needles.filter((needle) => found.has(needle)).map(({ form }) => ({ where, form }));
}

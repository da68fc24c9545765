import { expect } from "vitest";
import type { Codec } from "../codec.ts";
import { codeOf, unpackStatus } from "../errors.ts";
import { bitsOf, decodeSlowly, type OracleResult } from "../oracle.ts";
import type { View } from "../view.ts";

/** What a scan says, as plain data. */
function outcome(codec: Codec, view: View, status: number): object {
  const fields: Record<string, readonly number[]> = {};
  for (let de = 2; de <= 128; de++) {
    if (view.has(de)) {
      fields[de] = [view.offset(de), view.length(de)];
    }
  }
  const tags: string[] = [];
  if (view.has(120) && codec.name === "mydebit") {
    for (let i = 0; i < view.tags.count; i++) {
      const tag = view.tags.order[i]!;
      const name = String(tag).padStart(2, "0");
      tags.push(`${name}@${view.tags.offset(tag)}+${view.tags.length(tag)}`);
    }
  }
  if (status === 0) {
    return { fields, tags, error: null };
  }
  const { code, path } = unpackStatus(status);
  const offset = view.errorAt - view.origin;
  const error = { code, path, offset, expected: view.errorExpected, actual: view.errorActual };
  return { fields, tags, error };
}

function expected(codec: Codec, result: OracleResult, origin: number): object {
  const fields: Record<string, readonly number[]> = {};
  for (const [de, slot] of result.fields) {
    fields[de] = [slot.offset, slot.length];
  }
  const listed = codec.name === "mydebit" && result.fields.has(120) ? [...result.tags] : [];
  const tags = listed.map(([tag, slot]) => `${tag}@${slot.offset}+${slot.length}`);
  if (result.error === null) {
    return { fields, tags, error: null };
  }
  const { code, path, at, expected: want = -1, actual = -1 } = result.error;
  return { fields, tags, error: { code, path, offset: at - origin, expected: want, actual } };
}

/**
 * Demands that scanner and oracle say the same of these bytes: verdict, code, path, offset,
 * lengths, and every element and tag that is readable. Returns the code, or OK.
 */
export function expectAgreement(codec: Codec, view: View, bytes: Buffer, bare: boolean): string {
  const origin = 3;
  const end = origin + bytes.length;
  const buf = Buffer.alloc(end + 2, 0x31);
  bytes.copy(buf, origin);
  const status = bare
    ? codec.scanMessage(view, buf, origin, end)
    : codec.scan(view, buf, origin, end);
  const result = decodeSlowly(codec.spec, buf, origin, end, bare);
  const got = outcome(codec, view, status);
  const want = expected(codec, result, origin);
  // Comparing the texts first is ten times faster than a deep comparison of every case.
  if (JSON.stringify(got) !== JSON.stringify(want)) {
    expect(got, bytes.toString("latin1")).toEqual(want);
  }
  if (result.bitmap !== null && result.error === null) {
    const words = [view.w0, view.w1, view.w2, view.w3];
    const bits = words.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
    expect(bitsOf(bits)).toEqual(bitsOf(result.bitmap));
  }
  return status === 0 ? "OK" : codeOf(status);
}

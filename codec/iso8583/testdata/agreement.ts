import { expect } from "vitest";
import type { Codec } from "../codec.ts";
import { codeOf, unpackStatus } from "../errors.ts";
import { decodeSlowly, type OracleResult } from "../oracle.ts";
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

/** True where every element has the same place in both. */
function sameSlots(view: View, result: OracleResult): boolean {
  for (let de = 2; de <= 128; de++) {
    const slot = result.fields.get(de);
    if (view.has(de) !== (slot !== undefined)) return false;
    if (slot === undefined) continue;
    if (slot.offset !== view.offset(de) || slot.length !== view.length(de)) return false;
  }
  return true;
}

/** True where the whole outcome is the same; the forms above are for showing a difference. */
function sameOutcome(codec: Codec, view: View, status: number, result: OracleResult): boolean {
  if (!sameSlots(view, result)) return false;
  if (result.error === null || status === 0) {
    const got = JSON.stringify(outcome(codec, view, status));
    return got === JSON.stringify(expected(codec, result, view.origin));
  }
  const { code, path, at, expected: want = -1, actual = -1 } = result.error;
  const unpacked = unpackStatus(status);
  return (
    unpacked.code === code &&
    unpacked.path === path &&
    view.errorAt === at &&
    view.errorExpected === want &&
    view.errorActual === actual &&
    (!result.fields.has(120) || view.tags.count === result.tags.size)
  );
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
  if (!sameOutcome(codec, view, status, result)) {
    const got = outcome(codec, view, status);
    expect(got, bytes.toString("latin1")).toEqual(expected(codec, result, origin));
    expect.unreachable("the outcomes differ in what is not shown");
  }
  if (result.bitmap !== null && result.error === null) {
    const words = [view.w0, view.w1, view.w2, view.w3];
    const bits = words.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
    expect(bits.startsWith(result.bitmap.toLowerCase())).toBe(true);
  }
  return status === 0 ? "OK" : codeOf(status);
}

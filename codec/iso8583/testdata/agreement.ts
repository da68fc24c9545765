import { expect } from "vitest";
import type { Codec } from "../codec.ts";
import { codeOf } from "../errors.ts";
import { tagViewElement } from "../generator/resolve.ts";
import { decodeSlowly, type OracleResult } from "../oracle/message.ts";
import type { View } from "../view.ts";

const listElements = new Map<string, number>();

/** The element whose tags the tag view shows, 0 where there is none. */
function listOf(codec: Codec): number {
  let de = listElements.get(codec.name);
  if (de === undefined) {
    de = tagViewElement(codec.spec)?.de ?? 0;
    listElements.set(codec.name, de);
  }
  return de;
}

/** What a scan says, as plain data. */
function outcome(codec: Codec, view: View, status: number): object {
  const fields: Record<string, readonly number[]> = {};
  for (let de = 2; de <= codec.spec.bitmap.bits; de++) {
    if (view.has(de) && !isSkipped(codec, de)) {
      fields[de] = [view.offset(de), view.length(de)];
    }
  }
  const tags: string[] = [];
  if (listOf(codec) !== 0 && view.has(listOf(codec))) {
    for (let i = 0; i < view.tags.count; i++) {
      const tag = view.tags.order[i]!;
      const name = String(tag).padStart(2, "0");
      tags.push(`${name}@${view.tags.offset(tag)}+${view.tags.length(tag)}`);
    }
  }
  if (status === 0) {
    return { fields, tags, error: null };
  }
  const { code, path } = codec.error(status, view);
  const offset = view.errorAt - view.origin;
  const error = { code, path, offset, expected: view.errorExpected, actual: view.errorActual };
  return { fields, tags, error };
}

/** Bits that stand for a bitmap are no elements. */
function isSkipped(codec: Codec, de: number): boolean {
  const { bits, continues } = codec.spec.bitmap;
  if (de % 64 !== 1) return false;
  return codec.spec.elements[de] === undefined || (continues === "bit1" && de + 64 <= bits);
}

function expected(codec: Codec, result: OracleResult, origin: number): object {
  const fields: Record<string, readonly number[]> = {};
  for (const [de, node] of result.fields) {
    fields[de] = [node.offset, node.length];
  }
  const listed = result.fields.get(listOf(codec))?.children ?? [];
  const tags = listed.map((node) => `${node.key}@${node.offset}+${node.length}`);
  if (result.error === null) {
    return { fields, tags, error: null };
  }
  const { code, path, at, expected: want = -1, actual = -1 } = result.error;
  return { fields, tags, error: { code, path, offset: at - origin, expected: want, actual } };
}

/** True where every element has the same place in both. */
function sameSlots(codec: Codec, view: View, result: OracleResult): boolean {
  for (let de = 2; de <= codec.spec.bitmap.bits; de++) {
    const node = result.fields.get(de);
    if (node === undefined) {
      if (view.has(de) && !isSkipped(codec, de)) return false;
    } else if (
      !view.has(de) ||
      node.offset !== view.offset(de) ||
      node.length !== view.length(de)
    ) {
      return false;
    }
  }
  const list = result.fields.get(listOf(codec));
  if (list === undefined) return true;
  return (
    view.tags.count === list.children.length &&
    list.children.every(
      ({ key, offset, length }, i) =>
        view.tags.order[i] === Number(key) &&
        view.tags.offset(Number(key)) === offset &&
        view.tags.length(Number(key)) === length,
    )
  );
}

/** True where the whole outcome is the same; the forms above are for showing a difference. */
function sameOutcome(codec: Codec, view: View, status: number, result: OracleResult): boolean {
  if (!sameSlots(codec, view, result)) return false;
  if (result.error === null || status === 0) {
    return result.error === null && status === 0;
  }
  const { code, path, at, expected: want = -1, actual = -1 } = result.error;
  const error = codec.error(status, view);
  return (
    error.code === code &&
    error.path === path &&
    view.errorAt === at &&
    view.errorExpected === want &&
    view.errorActual === actual
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
    expect(got, `${codec.name} ${bytes.toString("hex")}`).toEqual(expected(codec, result, origin));
    expect.unreachable("the outcomes differ in what is not shown");
  }
  if (result.bitmap !== null && result.error === null) {
    const words = [view.w0, view.w1, view.w2, view.w3, view.w4, view.w5];
    const bits = words.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
    expect(bits.startsWith(result.bitmap.toLowerCase())).toBe(true);
  }
  return status === 0 ? "OK" : codeOf(status);
}

import { keyCheckValue } from "./check-value.ts";
import { CryptoError } from "./crypto-error.ts";
import { readGuardedFile } from "./safe-file.ts";

/** A component file is one or two short lines. */
const fileBytesMax = 256;
export const componentsMin = 2;
export const componentsMax = 3;

/**
 * A key that a peer has too, from the components that its custodians hold: the XOR of two or three,
 * so that no one person ever knows it (split knowledge, PCI DSS 3.7.6). A file holds the component
 * in hex and, on a second line, its KCV, which is checked if it is there. Where a key may have one
 * of several lengths, the first component says which.
 */
export function loadKeyComponents(
  paths: readonly string[],
  ...lengths: readonly [number, ...number[]]
): Buffer {
  assertCount(paths.length);
  const [first = ""] = paths;
  const keyBytes = lengths.find((bytes) => digitsOf(first) === 2 * bytes) ?? lengths[0];
  return combineComponents(paths.map((path) => loadComponent(path, keyBytes)));
}

function assertCount(count: number): void {
  if (count >= componentsMin && count <= componentsMax) return;
  const text = `a key comes in ${componentsMin} to ${componentsMax} components`;
  throw new CryptoError("KEY_INVALID", text);
}

/** The XOR of components of one length, which are overwritten. */
export function combineComponents(components: readonly Buffer[]): Buffer {
  assertCount(components.length);
  const key = Buffer.alloc(components[0]!.length);
  try {
    for (const component of components) {
      if (component.length !== key.length) {
        throw new CryptoError("KEY_INVALID", "the components have different lengths");
      }
      for (let i = 0; i < key.length; i++) key[i]! ^= component[i]!;
    }
    // The same one given twice cancels itself; of three, two that cancel leave the third alone.
    const pair = components.some((one, i) =>
      components.slice(i + 1).some((two) => one.equals(two)),
    );
    if (pair || key.every((byte) => byte === 0)) {
      throw new CryptoError("KEY_INVALID", "the components cancel each other out");
    }
    return key;
  } finally {
    for (const component of components) component.fill(0);
  }
}

/** Hex digits, in groups or not. Undefined unless they are one of the lengths; never all zero. */
export function parseComponent(text: string, lengths: readonly number[]): Buffer | undefined {
  const hex = text.replaceAll(/[ \t-]/g, "");
  if (!/^([0-9A-Fa-f]{2})+$/.test(hex) || !lengths.includes(hex.length / 2)) return undefined;
  const component = Buffer.from(hex, "hex");
  return component.every((byte) => byte === 0) ? undefined : component;
}

function digitsOf(path: string): number {
  const file = readGuardedFile(path, fileBytesMax);
  const end = file.findIndex((byte) => byte === 0x0a || byte === 0x0d);
  file.fill(0);
  return end < 0 ? file.length : end;
}

/** One component out of its file. Errors: KEY_INVALID, and those of reading a guarded file. */
export function loadComponent(path: string, ...lengths: readonly [number, ...number[]]): Buffer {
  const file = readGuardedFile(path, fileBytesMax);
  const [hex = "", kcv = "", ...rest] = file.toString("latin1").trimEnd().split(/\r?\n/);
  file.fill(0);
  const component = rest.length > 0 ? undefined : parseComponent(hex, lengths);
  if (component === undefined) {
    const digits = lengths.map((bytes) => 2 * bytes).join(" or ");
    throw new CryptoError(
      "KEY_INVALID",
      `${path} must hold ${digits} hex digits, and below them the component's KCV or nothing`,
    );
  }
  if (kcv !== "" && kcv.toUpperCase() !== keyCheckValue(component)) {
    component.fill(0);
    throw new CryptoError(
      "KEY_INVALID",
      `the component in ${path} does not have the KCV beside it`,
    );
  }
  return component;
}

import { CryptoError } from "./crypto-error.ts";
import { keyCheckValue } from "./key.ts";
import { readGuardedFile } from "./safe-file.ts";

/** A component file is one or two short lines. */
const fileBytesMax = 256;
const componentsMax = 3;

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
  if (paths.length < 2 || paths.length > componentsMax) {
    throw new CryptoError("KEY_INVALID", `a key comes in 2 to ${componentsMax} components`);
  }
  const [first = ""] = paths;
  const keyBytes = lengths.find((bytes) => digitsOf(first) === 2 * bytes) ?? lengths[0];
  const key = Buffer.alloc(keyBytes);
  for (const path of paths) {
    const component = loadComponent(path, keyBytes);
    for (let i = 0; i < keyBytes; i++) key[i]! ^= component[i]!;
    component.fill(0);
  }
  // The same file given twice cancels itself.
  if (key.every((byte) => byte === 0)) {
    throw new CryptoError("KEY_INVALID", "the components cancel each other out");
  }
  return key;
}

function digitsOf(path: string): number {
  const file = readGuardedFile(path, fileBytesMax);
  const end = file.findIndex((byte) => byte === 0x0a || byte === 0x0d);
  file.fill(0);
  return end < 0 ? file.length : end;
}

function loadComponent(path: string, keyBytes: number): Buffer {
  const file = readGuardedFile(path, fileBytesMax);
  const [hex = "", kcv = "", ...rest] = file.toString("latin1").trimEnd().split(/\r?\n/);
  file.fill(0);
  if (!/^[0-9A-Fa-f]+$/.test(hex) || hex.length !== keyBytes * 2 || rest.length > 0) {
    throw new CryptoError(
      "KEY_INVALID",
      `${path} must hold ${keyBytes * 2} hex digits, and below them the component's KCV or nothing`,
    );
  }
  const component = Buffer.from(hex, "hex");
  if (kcv !== "" && kcv.toUpperCase() !== keyCheckValue(component)) {
    component.fill(0);
    throw new CryptoError(
      "KEY_INVALID",
      `the component in ${path} does not have the KCV beside it`,
    );
  }
  return component;
}

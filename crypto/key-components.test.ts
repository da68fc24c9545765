// Defends: a key put together from components is the key that the peer has, or there is no key.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keyCheckValue, loadKeyComponents } from "./mod.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-components-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

function write(name: string, text: string, mode = 0o600): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const parts = [11, 22, 33].map((n) => Buffer.from(Array.from({ length: 32 }, (_, i) => i * n)));

describe("key components", () => {
  test.each([2, 3])("%i are XORed", (count) => {
    const used = parts.slice(0, count);
    const paths = used.map((part, i) =>
      write(`c${i}`, `${part.toString("hex")}\r\n${keyCheckValue(part).toLowerCase()}\n`),
    );
    const key = loadKeyComponents(paths, 32);
    for (let i = 0; i < 32; i++) expect(key[i]).toBe(used.reduce((x, part) => x ^ part[i]!, 0));
  });

  test("the first component says which of the lengths it is", () => {
    const short = parts.map((part) => part.subarray(0, 16));
    const paths = short.map((part, i) => write(`s${i}`, `${part.toString("hex")}\n`));
    expect(loadKeyComponents(paths, 32, 16).length).toBe(16);
    const mixed = [paths[0]!, write("long", parts[0]!.toString("hex"))];
    expect(() => loadKeyComponents(mixed, 32, 16)).toThrow(/32 hex digits/);
    expect(() => loadKeyComponents(paths, 32)).toThrow(/64 hex digits/);
  });

  const [a, b] = parts.map((part) => part.toString("hex")) as [string, string];
  test.each([
    ["one component", [a], /2 to 3 components/],
    ["four", [a, b, a, b], /2 to 3 components/],
    ["one twice", [a, a], /cancel/],
    ["a short one", [a, b.slice(2)], /64 hex digits/],
    ["one that is not hex", [a, `${b.slice(1)}g`], /64 hex digits/],
    ["a wrong KCV", [a, `${b}\n000000`], /does not have the KCV/],
    ["something more", [a, `${b}\n\nmore`], /64 hex digits/],
    ["nothing", [a, ""], /64 hex digits/],
  ])("%s is refused, and not shown", (_, texts, message) => {
    const paths = texts.map((text, i) => write(`c${i}`, text));
    try {
      loadKeyComponents(paths, 32);
      expect.unreachable();
    } catch (error) {
      expect(String(error)).toMatch(message);
      expect(String(error)).not.toContain(a.slice(0, 8));
      expect(String(error)).not.toContain(b.slice(2, 10));
    }
  });

  test("a file that everybody can read is refused", () => {
    const paths = [write("a", a), write("b", b, 0o644)];
    expect(() => loadKeyComponents(paths, 32)).toThrow(/chmod 600/);
  });
});

// Defends: a key block is explained, its key is not shown, and a changed or foreign one is refused.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { registerKeyBlock } from "./keys-block.ts";

/** The standard's example of version D: a PIN key of 128 bits. */
const block =
  "D0112P0AE00E0000B82679114F470F540165EDFBF7E250FCEA43F810D215F8D2" +
  "07E2E417C07156A27E8E31DA05F7425509593D03A457DC34";
const protection = "88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6";

let dir: string;
let out: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-block-"));
  out = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true });
});

function file(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, `${text}\n`);
  chmodSync(path, 0o600);
  return path;
}

function show(text: string, key = protection, ...more: string[]): void {
  const program = new Command("pantun").exitOverride();
  registerKeyBlock(program);
  const args = ["block", file("block", text), "--protection", file("kbpk", key), ...more];
  program.parse(args, { from: "user" });
}

test("says what the key is for, and not the key", () => {
  show(block);
  expect(out).toMatch(/usage +P0 \(PIN encryption key\)/);
  expect(out).toMatch(/algorithm +A \(AES\), 128 bits/);
  expect(out).toMatch(/mode +E \(encrypts\)/);
  expect(out).toMatch(/exportable +E \(under a trusted key\)/);
  expect(out.toUpperCase()).not.toContain("3F419E1C");
});

test("as a document, with the check value", () => {
  show(block, protection, "--json");
  expect(JSON.parse(out)).toMatchObject({ usage: "P0", algorithm: "A", bits: 128, version: "00" });
  expect(JSON.parse(out).kcv).toMatch(/^[0-9A-F]{6}$/);
});

test("refuses another header, another key and what is no block", () => {
  const fault = expect.objectContaining({ code: "KEY_INVALID" });
  expect(() => show(block.replace("P0AE", "D0AE"))).toThrow(fault);
  expect(() => show(block, protection.replace("88E1", "88E2"))).toThrow(fault);
  expect(() => show("B0080")).toThrow(fault);
  expect(out).toBe("");
});

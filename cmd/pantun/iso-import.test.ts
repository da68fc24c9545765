// Property: `pantun iso import` writes a dialect file that checks and decodes at once, names what
// it lost for people and for machines, and fails only where nothing came out, or under --strict.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { register } from "./iso.ts";

let dir = "";
let printed = "";
let complaints = "";

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-import-"));
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    complaints += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(dir, { recursive: true });
});

async function iso(...args: readonly string[]): Promise<string> {
  printed = "";
  complaints = "";
  const program = new Command("pantun").exitOverride();
  register(program);
  await program.parseAsync(["node", "pantun", "iso", ...args]);
  return printed;
}

function file(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

const field = (id: number, length: number, name: string): string =>
  `<isofield id="${id}" length="${length}" name="field ${id}" class="org.jpos.iso.${name}"/>`;

const packager = (...more: readonly string[]): string =>
  [
    '<?xml version="1.0"?>',
    '<!DOCTYPE isopackager SYSTEM "http://127.0.0.1:1/none.dtd">',
    "<isopackager>",
    field(0, 4, "IFA_NUMERIC"),
    field(1, 16, "IFA_BITMAP"),
    field(11, 6, "IFA_NUMERIC"),
    ...more,
    "</isopackager>",
  ].join("\n");

it("what comes out checks, and decodes at once", async () => {
  const out = join(dir, "mine.json");
  expect(await iso("import", file("My Net.87.xml", packager()), "--out", out)).toBe("");
  expect(complaints).toBe("1 elements, 0 things not carried\n");
  expect(JSON.parse(readFileSync(out, "utf8")).name).toBe("my-net-87");
  expect(await iso("dialect", "check", out)).toMatch(/my-net-87, 1 elements, nothing wrong/);
  const hex = Buffer.from("08000020000000000000000042", "latin1").toString("hex");
  const shown = await iso("decode", "--json", "--dialect", out, file("a.hex", hex));
  expect(JSON.parse(shown).fields["11"].value).toBe("000042");
});

it("names what is lost, by line, and fails under --strict only", async () => {
  const path = file("net.xml", packager(field(48, 99, "IFEP_LLCHAR")));
  const text = await iso("import", path, "--name", "net");
  expect(JSON.parse(text).name).toBe("net");
  expect(complaints).toMatch(/net\.xml:7: 48: IFEP_LLCHAR: .*left out\n1 elements, 1 things/);
  expect(process.exitCode).toBeUndefined();
  await iso("import", path, "--json");
  expect(JSON.parse(complaints)).toMatchObject({ line: 7, path: "48", what: "IFEP_LLCHAR" });
  expect(await iso("import", path, "--strict")).not.toBe("");
  expect(process.exitCode).toBe(1);
});

it("a moov spec is taken by its form, or by --from", async () => {
  const text = { type: "String", length: 4, enc: "ASCII", prefix: "ASCII.Fixed" };
  const bitmap = { type: "Bitmap", enc: "Binary", prefix: "Binary.Fixed" };
  const fields = { "0": text, "1": bitmap, "11": { ...text, length: 6 } };
  const path = file("spec.json", JSON.stringify({ name: "net", fields }));
  const made = await iso("import", path);
  expect(JSON.parse(made)).toMatchObject({ name: "spec", bitmap: { encoding: "raw", bits: 128 } });
  expect(await iso("import", path, "--from", "moov")).toBe(made);
  await expect(iso("import", path, "--from", "jpos")).rejects.toThrow(/spec\.json:1: /);
});

it("what cannot be used is one sentence with its line", async () => {
  const empty = file("empty.xml", "<isopackager/>");
  await expect(iso("import", empty)).rejects.toThrow(/empty\.xml:1: messages without a bitmap/);
  await expect(iso("import", join(dir, "none.xml"))).rejects.toMatchObject({
    code: "FILE_UNREADABLE",
  });
  const good = file("good.xml", packager());
  await expect(iso("import", good, "--name", "A B")).rejects.toMatchObject({ code: "USAGE" });
});

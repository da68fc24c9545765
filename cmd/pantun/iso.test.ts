// Property: `pantun iso` shows every message of its input, masked unless told otherwise, keeps what
// stood before an error, and ends with 1 where a message is bad. Runs the command in this process
// with captured output.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { mydebit } from "../../codec/iso8583/mod.ts";
import { knownTpan } from "../../codec/pan/fixtures.ts";
import { register } from "./iso.ts";

const startBytes = "ISO026000050";
let dir = "";
let printed = "";

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-iso-"));
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(dir, { recursive: true });
});

async function pantun(lines: readonly string[], args: readonly string[]): Promise<void> {
  const file = join(dir, "messages.hex");
  writeFileSync(file, lines.join("\n"));
  const program = new Command("pantun").exitOverride();
  register(program);
  await program.parseAsync(["node", "pantun", "iso", ...args, file]);
}

function hexOf(fields: Readonly<Record<string, string>>): string {
  const out = Buffer.alloc(512);
  const end = mydebit.encode({ mti: "0800", header: startBytes, fields }, out, 0);
  return out.toString("hex", 0, end);
}

const good = { "7": "0101000500", "11": "000001", "70": "301" };

it("decode prints a masked document a line, and ends with 0", async () => {
  await pantun(["# echo", hexOf({ ...good, "2": knownTpan }), ""], ["decode", "--json"]);
  const document = JSON.parse(printed);
  expect(document).toMatchObject({ ok: true, mti: "0800", header: startBytes });
  expect(document.bitmap).toBe("C2200000000000000400000000000000");
  expect(document.fields["11"]).toMatchObject({ value: "000001", raw: "303030303031", length: 6 });
  expect(document.fields["2"].value).toMatch(/^608727\*{6}0018$/);
  expect(document.fields["2"].raw).toBeUndefined();
  expect(process.exitCode).toBeUndefined();
});

it("--reveal shows what is asked for", async () => {
  await pantun([hexOf({ ...good, "2": knownTpan })], ["decode", "--json", "--reveal"]);
  expect(JSON.parse(printed).fields["2"].value).toBe(knownTpan);
});

it("a bad message ends with 1, after the good ones around it", async () => {
  const cut = hexOf(good).slice(0, -2);
  await pantun([hexOf(good), cut, "zz", "abc", hexOf(good)], ["decode", "--json"]);
  const documents = printed
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(documents.map((document) => document.ok)).toEqual([true, false, false, false, true]);
  expect(documents[1].error).toEqual({
    code: "FIELD_TRUNCATED",
    path: "70",
    offset: 64,
    message: "the data is shorter than its length says",
  });
  expect(documents[1].fields["11"].value).toBe("000001");
  expect(documents[2].error).toMatchObject({ code: "BAD_HEX", offset: 0 });
  expect(documents[3].error).toMatchObject({ code: "BAD_HEX", offset: 1 });
  expect(process.exitCode).toBe(1);
});

it("presence is judged, unless only the structure is asked for", async () => {
  const { 70: _, ...rest } = good;
  await pantun([hexOf(rest)], ["decode", "--json"]);
  expect(JSON.parse(printed).error).toMatchObject({ code: "MISSING_FIELD", path: "70" });
  printed = "";
  process.exitCode = undefined;
  await pantun([hexOf(rest)], ["decode", "--json", "--structure"]);
  expect(JSON.parse(printed).ok).toBe(true);
});

it("describe prints readable lines; another dialect and bare messages are read", async () => {
  await pantun([hexOf(good)], ["describe"]);
  expect(printed).toContain("0800   network management");
  expect(printed).toMatch(/^70 {5}network management code\.+ \[3\] 301 {2}\(echo test\)$/m);
  printed = "";
  const bare = hexOf(good).slice(24);
  await pantun([bare], ["describe", "--dialect", "iso87-ascii"]);
  expect(printed).toContain("system trace audit number");
  printed = "";
  await pantun([bare], ["decode", "--bare", "--json"]);
  expect(JSON.parse(printed).ok).toBe(true);
});

it("a file that cannot be read is one clear sentence", async () => {
  const program = new Command("pantun").exitOverride();
  register(program);
  const missing = join(dir, "none.hex");
  await expect(
    program.parseAsync(["node", "pantun", "iso", "decode", missing]),
  ).rejects.toMatchObject({ code: "FILE_UNREADABLE", message: `cannot read ${missing}: ENOENT` });
});

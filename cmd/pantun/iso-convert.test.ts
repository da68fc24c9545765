// Property: `pantun iso convert` shows nothing sensitive without --reveal, whatever the message is;
// its bytes decode in the other dialect and lead back; what is lost is named by message, code and
// path, and --strict holds such a message back.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { convertible, dialects } from "../../codec/iso8583/mod.ts";
import { damage, seededRandom } from "../../codec/iso8583/testdata/random.ts";
import { secretsOf } from "../../codec/iso8583/testdata/secrets.ts";
import { randomMessage } from "../../codec/iso8583/testdata/values.ts";
import { knownTpan } from "../../codec/pan/fixtures.ts";
import { register } from "./iso.ts";

let dir = "";
let printed: Buffer[] = [];
let complaints = "";

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-convert-"));
  complaints = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed.push(Buffer.from(text as string));
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

async function convert(lines: readonly string[], ...args: readonly string[]): Promise<string> {
  printed = [];
  const file = join(dir, "messages.hex");
  writeFileSync(file, lines.join("\n"));
  const program = new Command("pantun").exitOverride();
  register(program);
  await program.parseAsync(["node", "pantun", "iso", "convert", ...args, file]);
  return Buffer.concat(printed).toString("latin1");
}

function hexOf(dialect: string, mti: string, fields: Readonly<Record<string, string>>): string {
  const out = Buffer.alloc(1_024);
  return out.toString("hex", 0, dialects[dialect]!.encode({ mti, fields }, out, 0));
}

const versions = ["--from", "iso87-ascii", "--to", "iso93-bcd"];
const at = ["--at", "2026-11-25T12:00:00Z", "--utc-offset", "+08:00"];

const pairs = convertible.flatMap((from) => convertible.map((to) => [from, to] as const));

describe.each(pairs)("%s to %s", (from, to) => {
  it("shows nothing that either side hides, of good messages and of bad ones", async () => {
    const codec = dialects[from]!;
    const random = seededRandom(5 + from.length);
    const out = Buffer.alloc(65_535);
    const secrets: string[] = [knownTpan];
    const lines: string[] = [];
    for (let i = 0; i < 25; i++) {
      const end = codec.encode(randomMessage(codec.spec, random, 9), out, 0);
      const bytes = Buffer.from(out.subarray(0, end));
      const clear = codec.decode(bytes, 0, end, { reveal: true });
      // ICC data is one hidden text in 1987, and objects with classes of their own in 1993.
      const { "55": _, ...fields } = clear.fields;
      secrets.push(...secretsOf({ ...clear, fields }, codec.decode(bytes, 0, end)));
      lines.push(bytes.toString("hex"), damage(random, bytes, 4).toString("hex"));
    }
    const mti = `${codec.spec.mti.version}100`;
    lines.push(hexOf(from, mti, { "2": knownTpan, "35": `${knownTpan}=2911`, "11": "1" }));
    const args = ["--from", from, "--to", to];
    for (const more of [[], ["--json"], ["--strict"]]) {
      const shown = (await convert(lines, ...args, ...more)) + complaints;
      for (const secret of secrets) {
        expect(shown.includes(secret), `a secret of ${secret.length} characters`).toBe(false);
      }
      expect(shown.length).toBeGreaterThan(500);
    }
    expect(secrets.length).toBeGreaterThan(20);
  });
});

describe("bytes", () => {
  const fields = { "2": knownTpan, "12": "153045", "13": "1122", "22": "812", "25": "59" };

  it("are written with --reveal, and lead back", async () => {
    const line = hexOf("iso87-ascii", "0100", fields);
    const output = ["--reveal", "--output", "hex"];
    const over = (await convert([line], ...versions, ...at, ...output)).trim();
    const bytes = Buffer.from(over, "hex");
    const document = dialects["iso93-bcd"]!.decode(bytes, 0, bytes.length, { reveal: true });
    expect(document).toMatchObject({ ok: true, mti: "1100" });
    expect(document.fields["12"]!.value).toBe("261122153045");
    const home = ["--from", "iso93-bcd", "--to", "iso87-ascii", ...at, ...output];
    expect((await convert([over], ...home)).trim()).toBe(line.toUpperCase());
    expect(complaints).toBe("");
    const raw = await convert([line], ...versions, ...at, "--reveal", "--output", "raw");
    expect(Buffer.from(raw, "latin1").equals(bytes)).toBe(true);
  });

  it("are refused without it", async () => {
    const line = hexOf("iso87-ascii", "0100", fields);
    await expect(convert([line], ...versions, "--output", "hex")).rejects.toThrow(/--reveal/);
    await expect(convert([line], ...versions, "--output", "raw")).rejects.toThrow(/--reveal/);
    expect(Buffer.concat(printed).length).toBe(0);
  });
});

describe("what is lost", () => {
  const lossy = hexOf("iso87-ascii", "0100", { "2": knownTpan, "24": "012", "28": "C00000010" });
  const good = hexOf("iso87-ascii", "0800", { "11": "1", "70": "301" });

  it("is named by message, code and path", async () => {
    const shown = await convert([good, lossy], ...versions);
    expect(shown).toMatch(/^1804 /);
    expect(complaints.split("\n").slice(0, 2)).toEqual([
      "message 2: NO_PLACE 24: the other version has no element for it",
      "message 2: NO_PLACE 28: the other version has no element for it",
    ]);
    expect(process.exitCode).toBeUndefined();
  });

  it("is a part of the document, and with --strict holds the message back", async () => {
    const document = JSON.parse(await convert([lossy], ...versions, "--json"));
    expect(document.losses.map(({ path }: { path: string }) => path)).toEqual(["24", "28"]);
    expect(document.fields["2"].masked).toBe(true);
    expect(await convert([lossy], ...versions, "--strict")).toBe("");
    expect(process.exitCode).toBe(1);
  });

  it("bad messages and those without a counterpart end with 1", async () => {
    const none = hexOf("iso93-ascii", "1150", { "11": "1" });
    const back = ["--from", "iso93-ascii", "--to", "iso87-ascii"];
    expect(await convert([none, "3131"], ...back)).toBe("");
    expect(complaints).toMatch(/message 1: UNKNOWN_MTI: .*\nmessage 2: MTI_TRUNCATED/);
    expect(process.exitCode).toBe(1);
    const documents = await convert([none], ...back, "--json");
    expect(JSON.parse(documents)).toMatchObject({ ok: false, error: { code: "UNKNOWN_MTI" } });
  });
});

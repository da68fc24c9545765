// Defends: the guides of the codec are true. Every example of the library guide runs and prints
// what the page says, and the dialect of the dialect guide reads its message as the page shows.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { describeDocument, dialects, loadCodec, parseDialect } from "../../codec/iso8583/mod.ts";
import { root } from "../tidy/tree.ts";

// Within the package, so that its own name resolves; git ignores the folder.
const scratch = join(root, "var");
mkdirSync(scratch, { recursive: true });
const dir = mkdtempSync(join(scratch, "guides-"));
afterAll(() => rmSync(dir, { recursive: true }));

const page = (name: string): string => readFileSync(join(root, "docs/guides", name), "utf8");

function blocks(text: string, language: string): string[] {
  const pattern = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, "g");
  return [...text.matchAll(pattern)].map((match) => match[1]!);
}

const known = Object.fromEntries(Object.values(dialects).map(({ name, spec }) => [name, spec]));

describe("the library guide", () => {
  const text = page("iso8583-library.md");
  const examples = blocks(text, "ts");
  const printed = [...text.matchAll(/It prints\s+`([^`]+)`/g)].map((match) => match[1]!);

  it("says of every example what it prints", () => {
    expect(examples.length).toBeGreaterThan(4);
    expect(printed).toHaveLength(examples.length);
  });

  it.each(examples.map((code, i) => [printed[i]!, code] as const))("prints %s", (wanted, code) => {
    const file = join(dir, "example.ts");
    writeFileSync(file, code);
    const run = spawnSync(process.execPath, [file], { encoding: "utf8" });
    expect(run.stderr).toBe("");
    expect(run.stdout).toBe(`${wanted}\n`);
  });
});

describe("the dialect guide", () => {
  const text = page("iso8583-dialects.md");
  const [file, element, messages] = blocks(text, "json");
  const [hex, described] = blocks(text, "text");

  it("its example reads its message as shown", () => {
    const { dialect, problems } = parseDialect(file!, known);
    expect(problems).toEqual([]);
    const codec = loadCodec(dialect!);
    const bytes = Buffer.from(hex!.replace(/\s/g, ""), "hex");
    const document = codec.decode(bytes, 0, bytes.length);
    expect(`${describeDocument(codec.spec, document).join("\n")}\n`).toBe(described);
  });

  it("its pieces are good", () => {
    for (const more of [`{"elements":{"2":${element}}}`, messages!]) {
      const whole = { name: "piece", extends: "iso87-ascii", ...JSON.parse(more) };
      expect(parseDialect(JSON.stringify(whole), known).problems).toEqual([]);
    }
  });
});

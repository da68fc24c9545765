// Property: what `iso decode` prints, `iso encode` writes back byte for byte in every dialect;
// every kind of input gives the same messages; a masked document is refused; `diff` names what
// differs and shows nothing sensitive; mistakes in a dialect file are named by line, and a good one
// works at once.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { dialects, encodeFrame, framings } from "../../codec/iso8583/mod.ts";
import { knownTpan } from "../../codec/pan/fixtures.ts";
import { register } from "./iso.ts";

let dir = "";
let printed: Buffer[] = [];
let complaints = "";

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-iso-"));
  printed = [];
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

/** Writes a file of the test's folder. */
function file(name: string, content: string | Buffer): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

async function iso(...args: readonly string[]): Promise<string> {
  printed = [];
  const program = new Command("pantun").exitOverride();
  register(program);
  await program.parseAsync(["node", "pantun", "iso", ...args]);
  return Buffer.concat(printed).toString("latin1");
}

const fields = {
  "2": knownTpan,
  "7": "1122153045",
  "11": "1",
  "32": "06458001",
  "37": "532615000123",
  "42": "M1",
};

function message(dialect: string, changes: Readonly<Record<string, string>> = {}): Buffer {
  const codec = dialects[dialect]!;
  const mti = `${codec.spec.mti.version}${dialect === "mydebit" ? "800" : "100"}`;
  const start = codec.spec.header === null ? {} : { header: "ISO026000050" };
  const out = Buffer.alloc(1_024);
  const end = codec.encode({ mti, ...start, fields: { ...fields, ...changes } }, out, 0);
  return Buffer.from(out.subarray(0, end));
}

const hex = (bytes: Buffer): string => bytes.toString("hex").toUpperCase();

describe.each(Object.keys(dialects))("%s", (name) => {
  it("decode --reveal, then encode, gives the same bytes; masked it is refused", async () => {
    const bytes = message(name);
    const input = file("a.hex", `${hex(bytes)}\n`);
    const read = ["decode", "--json", "--structure", "--dialect", name, input];
    const documents = await iso(...read, "--reveal");
    expect(JSON.parse(documents)).toMatchObject({ ok: true });
    const written = await iso("encode", "--dialect", name, file("a.json", documents));
    expect(written).toBe(`${hex(bytes)}\n`);
    const masked = await iso(...read);
    expect(masked).not.toContain(knownTpan);
    expect(await iso("encode", "--dialect", name, file("m.json", masked))).toBe("");
    expect(complaints).toMatch(/^document 1: ENCODE_BAD_VALUE: element 2 /);
    expect(process.exitCode).toBe(1);
  });
});

describe("inputs", () => {
  const two = [message("iso87-bcd"), message("iso87-bcd", { "11": "2" })];
  const traces = (text: string): string[] =>
    text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).fields["11"]?.value ?? JSON.parse(line).error.code);
  const decode = (path: string, ...more: readonly string[]) =>
    iso("decode", "--json", "--dialect", "iso87-bcd", ...more, path);

  it("hex, raw, stream and blocks give the same messages", async () => {
    expect(traces(await decode(file("a", two.map(hex).join("\n"))))).toEqual(["000001", "000002"]);
    expect(traces(await decode(file("b", two[1]!), "--input", "raw"))).toEqual(["000002"]);
    for (const framing of ["raw2", "ascii4", "raw4", "nac"]) {
      const { headBytes } = framings[framing]!;
      const head = headBytes === 0 ? undefined : Buffer.from("6000010002", "hex");
      const frames = two.map((one) => encodeFrame(framings[framing]!, one, head));
      const path = file("c", Buffer.concat([...frames, frames[0]!.subarray(0, 9)]));
      const found = await decode(path, "--input", "stream", "--framing", framing);
      expect(traces(found)).toEqual(["000001", "000002", "FRAME_LENGTH"]);
    }
    const records = two.flatMap((one) => [Buffer.from([0, 0, 0, one.length]), one]);
    const plain = Buffer.concat([...records, Buffer.alloc(4)]);
    const block = Buffer.concat([plain, Buffer.alloc(1_012 - plain.length), Buffer.from("@@")]);
    for (const content of [plain, block]) {
      const found = await decode(file("d", content), "--input", "blocks");
      expect(traces(found)).toEqual(["000001", "000002"]);
    }
  });

  /** A TCP segment in an Ethernet packet, as pcap keeps it. */
  const packet = (sequence: number, data: Buffer): Buffer => {
    const tcp = Buffer.alloc(20);
    tcp.writeUInt16BE(4_000, 0);
    tcp.writeUInt16BE(8_583, 2);
    tcp.writeUInt32BE(sequence >>> 0, 4);
    tcp[12] = 0x50;
    const ip = Buffer.alloc(20);
    ip[0] = 0x45;
    ip.writeUInt16BE(40 + data.length, 2);
    ip[9] = 6;
    const ether = Buffer.alloc(14);
    ether.writeUInt16BE(0x0800, 12);
    return Buffer.concat([ether, ip, tcp, data]);
  };
  const pcap = (packets: readonly Buffer[]): Buffer => {
    const head = Buffer.alloc(24);
    head.writeUInt32LE(0xa1b2c3d4, 0);
    head.writeUInt32LE(1, 20);
    const records = packets.flatMap((one) => {
      const record = Buffer.alloc(16);
      record.writeUInt32LE(one.length, 8);
      return [record, one];
    });
    return Buffer.concat([head, ...records]);
  };
  const pcapng = (packets: readonly Buffer[]): Buffer => {
    const block = (type: number, body: Buffer): Buffer => {
      const size = 12 + body.length + ((4 - (body.length % 4)) % 4);
      const out = Buffer.alloc(size);
      out.writeUInt32LE(type, 0);
      out.writeUInt32LE(size, 4);
      body.copy(out, 8);
      out.writeUInt32LE(size, size - 4);
      return out;
    };
    const section = Buffer.alloc(16, 0xff);
    section.writeUInt32LE(0x1a2b3c4d, 0);
    const link = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
    const records = packets.map((one) => {
      const head = Buffer.alloc(20);
      head.writeUInt32LE(one.length, 12);
      head.writeUInt32LE(one.length, 16);
      return block(6, Buffer.concat([head, one]));
    });
    return Buffer.concat([block(0x0a0d0d0a, section), block(1, link), ...records]);
  };

  it("captures are put in order, across a wrap of the sequence, and a hole is told", async () => {
    const stream = Buffer.concat(two.map((one) => encodeFrame(framings.raw2!, one)));
    const base = 0xfffffff0;
    const pieces = [0, 40, 90].map((from, i, all) =>
      packet(base + from, stream.subarray(from, all[i + 1] ?? stream.length)),
    );
    const [first, second, third] = pieces as [Buffer, Buffer, Buffer];
    for (const capture of [pcap, pcapng]) {
      const shuffled = file("p", capture([first, third, second, first]));
      expect(traces(await decode(shuffled, "--input", "pcap"))).toEqual(["000001", "000002"]);
      const holed = file("h", capture([first, third]));
      expect(traces(await decode(holed, "--input", "pcap"))).toContain("FRAME_LENGTH");
    }
    const none = await decode(file("n", Buffer.alloc(100)), "--input", "pcap");
    expect(traces(none)).toEqual(["FRAME_LENGTH"]);
  });
});

describe("diff", () => {
  it("names what differs, masked, and ends with 1", async () => {
    const a = file("a", hex(message("mydebit")));
    const b = file("b", hex(message("mydebit", { "11": "2", "70": "301" })));
    const found = JSON.parse(await iso("diff", "--json", a, b));
    expect(found).toEqual([
      { path: "11", name: "system trace audit number", a: "000001", b: "000002" },
      { path: "70", name: "network management code", a: null, b: "301" },
    ]);
    expect(process.exitCode).toBe(1);
    process.exitCode = undefined;
    expect(await iso("diff", a, a)).toBe("");
    expect(process.exitCode).toBeUndefined();
    const c = file("c", hex(message("mydebit", { "2": `${knownTpan.slice(0, -1)}9` })));
    expect(await iso("diff", a, c)).toMatch(/608727\*{6}0018\n {2}\+ 608727\*{6}0019/);
  });
});

describe("dialect files", () => {
  it("init gives one that checks, decodes and encodes at once", async () => {
    const path = file("mine.json", await iso("dialect", "init", "mine"));
    expect(await iso("dialect", "check", path)).toMatch(
      /dialect mine, \d+ elements, nothing wrong/,
    );
    const good = Buffer.from("0100" + "0000000000010000" + "008" + "01003web", "latin1");
    const read = ["--json", "--reveal", "--dialect", path, file("y", hex(good))];
    const document = JSON.parse(await iso("decode", ...read));
    expect(document.fields["48"].tags).toMatchObject([
      { tag: "01", name: "channel", value: "web" },
    ]);
    const json = file("y.json", JSON.stringify(document));
    expect(await iso("encode", "--dialect", path, json)).toBe(`${hex(good)}\n`);
  });

  it("mistakes are named by line", async () => {
    const path = file(
      "bad.json",
      `{
  "name": "bad",
  "extends": "iso87-ascii",
  "elements": {
    "48": { "format": "ans....999" },
    "52": { "content": "b", "max": 8, "encoding": "bcd" },
    "55": {
      "format": "b...255",
      "composite": { "kind": "ber-tlv", "tags": { "9F": { "max": 2 } } }
    },
    "300": { "format": "n 6" },
    "3": { "length": 6 }
  }
}`,
    );
    const text = await iso("dialect", "check", path);
    expect(text).toContain(":12: elements.3.length: there is no length here");
    writeFileSync(path, readFileSync(path, "utf8").replace('"length": 6', '"format": "n 6"'));
    const lines = (await iso("dialect", "check", path)).trim().split("\n");
    expect(lines.map((line) => /:(\d+): ([\w.]+)/.exec(line)?.slice(1, 3))).toEqual([
      ["6", "elements.52.encoding"],
      ["9", "elements.55.composite.tags.9F"],
      ["11", "elements.300"],
    ]);
    expect(process.exitCode).toBe(1);
    const broken = file("broken.json", '{\n  "name": "x",\n  "elements": {\n  "3" 4\n}');
    expect(await iso("dialect", "check", broken)).toMatch(/broken\.json:4: expected ":"/);
    await expect(iso("decode", "--dialect", path, path)).rejects.toThrow(
      /bad\.json:6: .*and 2 more/,
    );
  });

  it("build compiles to a codec that says the same", async () => {
    const path = file("mine.json", await iso("dialect", "init", "mine", "--extends", "iso87-bcd"));
    const out = join(dir, "mine-codec.ts");
    await iso("dialect", "build", path, "--out", out);
    const { codec } = (await import(out)) as { codec: (typeof dialects)[string] };
    const bytes = message("iso87-bcd");
    expect(codec.name).toBe("mine");
    expect(codec.scan(codec.createView(), bytes, 0, bytes.length)).toBe(0);
    expect(codec.decode(bytes, 0, bytes.length).fields["11"]!.value).toBe("000001");
  });
});

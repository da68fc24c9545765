// Property: bytes printed in any style that tools have are read back as the same bytes, one dump or
// several in a text; an offset that is wrong ends its dump with a fault that repeats nothing of it;
// what is no dump is never taken for one; printed packets give the messages of their connections.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { dialects, encodeFrame, framings } from "../../codec/iso8583/mod.ts";
import { register } from "./iso.ts";
import { dumpsOf } from "./iso-hexdump.ts";

type Print = (bytes: Buffer) => string;

/** Printable ASCII, a point for the rest. */
const ascii = (bytes: Buffer): string =>
  [...bytes].map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");
const hexes = (bytes: Buffer): string[] =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0"));
const pairs = (bytes: Buffer): string => bytes.toString("hex").replace(/(.{4})(?=.)/g, "$1 ");

function rows(bytes: Buffer, size: number, line: (at: number, row: Buffer) => string): string {
  const out: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    out.push(line(at, bytes.subarray(at, at + size)));
  }
  return out.join("\n");
}

const offset = (at: number, digits: number): string => at.toString(16).padStart(digits, "0");
const halves = (row: Buffer): string => {
  const all = hexes(row);
  const right = all.slice(8).join(" ");
  return `${all.slice(0, 8).join(" ")}${right === "" ? "" : `  ${right}`}`;
};

/** hexdump -C: equal lines are one star, and the length ends it. */
const hexdumpC: Print = (bytes) => {
  const lines: string[] = [];
  let last = "";
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const same = row.length === 16 && row.toString("hex") === last;
    const text = `${offset(at, 8)}  ${halves(row).padEnd(48)}  |${ascii(row)}|`;
    if (!same) lines.push(text);
    else if (lines.at(-1) !== "*") lines.push("*");
    last = row.toString("hex");
  }
  return [...lines, offset(bytes.length, 8)].join("\n");
};

const styles: Readonly<Record<string, Print>> = {
  "tcpdump -x": (bytes) => rows(bytes, 16, (at, row) => `\t0x${offset(at, 4)}:  ${pairs(row)}`),
  "tcpdump -X": (bytes) =>
    rows(bytes, 16, (at, row) => `\t0x${offset(at, 4)}:  ${pairs(row).padEnd(39)}  ${ascii(row)}`),
  xxd: (bytes) =>
    rows(bytes, 16, (at, row) => `${offset(at, 8)}: ${pairs(row).padEnd(39)}  ${ascii(row)}`),
  "xxd -g1 -c8": (bytes) =>
    rows(bytes, 8, (at, row) => {
      return `${offset(at, 8)}: ${hexes(row).join(" ").padEnd(23)}  ${ascii(row)}`;
    }),
  "xxd -u -g4": (bytes) =>
    rows(bytes, 16, (at, row) => {
      const groups = row
        .toString("hex")
        .toUpperCase()
        .replace(/(.{8})(?=.)/g, "$1 ");
      return `${offset(at, 8)}: ${groups.padEnd(35)}  ${ascii(row)}`;
    }),
  "hexdump -C": hexdumpC,
  "od -A x -t x1z": (bytes) =>
    [
      rows(bytes, 16, (at, row) => {
        return `${offset(at, 6)} ${hexes(row).join(" ").padEnd(47)}  >${ascii(row)}<`;
      }),
      offset(bytes.length, 6),
    ].join("\n"),
  "Wireshark, hex and ASCII": (bytes) =>
    rows(bytes, 16, (at, row) => {
      return `${offset(at, 4)}   ${hexes(row).join(" ").padEnd(47)}   ${ascii(row)}`;
    }),
  "Wireshark, hex": (bytes) =>
    rows(bytes, 16, (at, row) => `${offset(at, 4)}   ${hexes(row).join(" ")}`),
  "tshark -x": (bytes) =>
    rows(bytes, 16, (at, row) => `${offset(at, 4)}  ${halves(row).padEnd(48)}   ${ascii(row)}`),
  text2pcap: (bytes) => rows(bytes, 16, (at, row) => `${offset(at, 6)} ${hexes(row).join(" ")}`),
  jPOS: (bytes) =>
    rows(bytes, 16, (at, row) => {
      const hex = `${halves(row).toUpperCase()} `.padEnd(49);
      return `${offset(at, 4)}  ${hex} ${ascii(row)}`;
    }),
};

/** Bytes that print as what dumps are made of come often. */
const telling = [..."0123456789abcdefABCDEF |<>*:."].map((char) => char.charCodeAt(0));
const anyBytes = fc
  .array(fc.oneof(fc.constantFrom(...telling), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 90,
  })
  .map((list) => Buffer.from(list));

const read = (text: string) => [...dumpsOf(text)];

describe.each(Object.entries(styles))("%s", (_, print) => {
  it("gives the same bytes back", () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(read(print(bytes))).toEqual([{ bytes, error: null }]);
      }),
      { numRuns: 300 },
    );
  });

  it("several dumps, with and without other lines between them", () => {
    fc.assert(
      fc.property(fc.array(anyBytes, { minLength: 2, maxLength: 4 }), (list) => {
        const header = "12:34:56.789 IP 10.0.0.1.4000 > 10.0.0.2.8583: Flags [P.], length 40";
        for (const between of ["", "\n", `\n${header}\n`, "\r\n"]) {
          const text = list.map(print).join(`\n${between}`);
          expect(read(text)).toEqual(list.map((bytes) => ({ bytes, error: null })));
        }
      }),
      { numRuns: 40 },
    );
  });

  it("a line that is missing is a fault, and the dumps around it stay", () => {
    const long = Buffer.from(Array.from({ length: 64 }, (_one, i) => i * 3));
    const lines = print(long).split("\n");
    const cut = [...lines.slice(0, 1), ...lines.slice(2)].join("\n");
    const good = Buffer.from("good");
    const found = read([print(good), "", cut, "", print(good)].join("\n"));
    expect(found.map(({ error }) => error === null)).toEqual([true, false, true]);
    expect(found[1]!.error).toMatch(/^line \d+: the offset is not 00(10|08)$/);
    expect(found[2]!.bytes).toEqual(good);
  });
});

describe("what is no dump", () => {
  it.each([
    "2026-11-25 12:00:00 sent 30 31 32 33",
    "message: 0800822000000000",
    "0800822000000000000004000000000000000101000500000001301",
    "<header>6000010002</header>",
    "0800",
    "",
  ])("%s", (text) => {
    expect(read(text)).toEqual([
      { bytes: Buffer.alloc(0), error: expect.stringMatching(/no dump/) },
    ]);
  });

  it("a star without whole lines, and one that is too large", () => {
    expect(read("00000000  30 31\n*\n00000005")[0]!.error).toMatch(/star/);
    expect(read(`00000000  ${hexes(Buffer.alloc(16)).join(" ")}\n*\nfffffff0`)[0]!.error).toMatch(
      /at most/,
    );
  });

  it("jPOS writes a dump into its log", () => {
    const bytes = Buffer.from("0800822000000000", "latin1");
    const log = `<log realm="channel"><send>\n<header>6000010002</header>\n<![CDATA[\n`;
    expect(read(`${log}${styles.jPOS!(bytes)}\n]]>\n</send></log>`)).toEqual([
      { bytes, error: null },
    ]);
  });
});

describe("pantun iso", () => {
  let dir = "";
  let printed = "";
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "pantun-dump-"));
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

  const codec = dialects["iso87-ascii"]!;
  const message = (stan: string): Buffer => {
    const out = Buffer.alloc(512);
    const fields = { "7": "0101000500", "11": stan, "70": "301" };
    return Buffer.from(out.subarray(0, codec.encode({ mti: "0800", fields }, out, 0)));
  };

  async function traces(text: string, ...args: readonly string[]): Promise<string[]> {
    const file = join(dir, "dump.txt");
    writeFileSync(file, text);
    printed = "";
    const program = new Command("pantun").exitOverride();
    register(program);
    const read = ["node", "pantun", "iso", "decode", "--json", "--dialect", "iso87-ascii"];
    await program.parseAsync([...read, ...args, file]);
    const documents = printed
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    return documents.map(({ fields, error }) => fields["11"]?.value ?? error.code);
  }

  it("takes each dump as a message, or cuts frames out of it", async () => {
    const one = styles.xxd!(message("1"));
    expect(await traces(`${one}\n\n${styles.jPOS!(message("2"))}`, "--input", "hexdump")).toEqual([
      "000001",
      "000002",
    ]);
    const frames = ["3", "4"].map((stan) => encodeFrame(framings.ascii4!, message(stan)));
    const text = styles["hexdump -C"]!(Buffer.concat(frames));
    const framed = ["--input", "hexdump", "--framing", "ascii4"];
    expect(await traces(text, ...framed)).toEqual(["000003", "000004"]);
    expect(await traces(`${one}\n00000099: 3031`, "--input", "hexdump")).toEqual(["BAD_DUMP"]);
    expect(await traces("nothing here", "--input", "hexdump")).toEqual(["BAD_DUMP"]);
  });

  /** An IPv4 packet with a TCP segment. */
  const packet = (sequence: number, data: Buffer): Buffer => {
    const head = Buffer.alloc(40);
    head[0] = 0x45;
    head.writeUInt16BE(40 + data.length, 2);
    head[9] = 6;
    head.writeUInt16BE(4_000, 20);
    head.writeUInt16BE(8_583, 22);
    head.writeUInt32BE(sequence, 24);
    head[32] = 0x50;
    return Buffer.concat([head, data]);
  };

  it("puts printed packets together, out of order and twice", async () => {
    const stream = Buffer.concat(
      ["5", "6"].map((one) => encodeFrame(framings.raw2!, message(one))),
    );
    const pieces = [
      packet(100, stream.subarray(0, 30)),
      packet(150, stream.subarray(50)),
      packet(130, stream.subarray(30, 50)),
      packet(130, stream.subarray(30, 50)),
    ];
    const text = pieces.map((one) => `12:00 IP a > b: Flags\n${styles["tcpdump -X"]!(one)}`);
    const ip = ["--input", "packets", "--link", "ip"];
    expect(await traces(text.join("\n"), ...ip)).toEqual(["000005", "000006"]);
    const ether = Buffer.alloc(14);
    ether.writeUInt16BE(0x0800, 12);
    const wired = pieces.map((one) => styles["tshark -x"]!(Buffer.concat([ether, one])));
    expect(await traces(wired.join("\n\n"), "--input", "packets")).toEqual(["000005", "000006"]);
  });
});

// Defends: what was appended is read back row by row; a batch is one write; a segment that a write
// failed in, that is full or that is a day old is never written again.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createManualClock, type ManualClock } from "../../platform/mod.ts";
import { type JournalOptions, JournalWriter, type RowSink } from "./journal-writer.ts";
import { oldRowMagic, rowAt, rowBytes } from "./row.ts";
import { RowView, rowValid } from "./row-view.ts";
import { listSegments } from "./segment.ts";
import { putRow, testId, testIndex } from "./test-rows.ts";

let dir: string;
let clock: ManualClock;
const writers: JournalWriter[] = [];

function open(options: Partial<JournalOptions> = {}): JournalWriter {
  const writer = JournalWriter.open({ dir, name: "w0", clock, rowsMax: 8, ...options });
  writers.push(writer);
  return writer;
}

function append(writer: JournalWriter, ...ids: readonly number[]): void {
  ids.forEach((id, row) => {
    putRow(writer.rows, row, { id, timeMs: clock.nowMs() });
  });
  writer.append(ids.length);
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-journal-"));
  clock = createManualClock();
});
afterEach(() => {
  for (const writer of writers.splice(0)) writer.close();
  rmSync(dir, { recursive: true, force: true });
});

describe("a row", () => {
  it("fills its 320 bytes without overlap", () => {
    const ends: [number, number][] = [
      [rowAt.verificationId, 16],
      [rowAt.index, 16],
      [rowAt.trid, 6],
      [rowAt.amount, 12],
      [rowAt.transmissionTime, 10],
      [rowAt.stan, 6],
      [rowAt.acquirer, 11],
      [rowAt.currency, 3],
      [rowAt.rrn, 12],
      [rowAt.merchant, 15],
      [rowAt.processingCode, 6],
      [rowAt.entryMode, 3],
      [rowAt.responseCode, 2],
      [rowAt.agreementId, 36],
      [rowAt.forwarder, 11],
      [rowAt.kvn, 1],
      [rowAt.issuedAt, 4],
      [rowAt.peer, 4],
      [rowAt.nonce, 6],
      [rowAt.sealVersion, 2],
      [rowAt.sealedPAN, 32],
      [rowAt.cardId, 8],
      [rowAt.original, 42],
      [rowAt.reference, 16],
    ];
    let end = 0;
    for (const [from, length] of ends) {
      expect(from).toBeGreaterThanOrEqual(end);
      end = from + length;
    }
    expect(end).toBe(306);
    expect(rowAt.checksum + 4).toBe(rowBytes);
  });

  it("reads back as it was written", () => {
    const writer = open();
    const fields = { id: 5, token: 6, timeMs: 1.5, reason: 2004, mti: 0x0201, kvn: 9 };
    putRow(writer.rows, 0, { ...fields, flags: ["repetition"], agreementId: "A-1" });
    writer.append(1);
    const view = new RowView();
    view.bytes = readFileSync(writer.path);
    expect(rowValid(view.bytes, 0)).toBe(true);
    expect(view).toMatchObject({ reason: 2004, kind: 1, timeMs: 1.5, mti: 0x0201, kvn: 9 });
    expect(view.verificationId).toEqual(testId(5));
    expect(view.index).toEqual(testIndex(6));
    expect(view.has("repetition")).toBe(true);
    expect(view.has("agreementSetup")).toBe(false);
    expect(view.text(rowAt.agreementId, 36)).toBe("A-1");
    expect(view.text(rowAt.amount, 12)).toBe("000000012345");
    expect(view.letter(rowAt.initiation)).toBe("C");
    expect(view.letter(rowAt.mitType)).toBe("");
  });

  it("of the version before is still read", () => {
    const writer = open();
    append(writer, 1);
    const bytes = readFileSync(writer.path);
    bytes.writeUInt32LE(oldRowMagic, rowAt.magic);
    expect(rowValid(bytes, 0)).toBe(false);
    bytes.writeUInt32LE(crc32(bytes.subarray(0, rowAt.checksum)), rowAt.checksum);
    expect(rowValid(bytes, 0)).toBe(true);
    bytes[100]! ^= 1;
    expect(rowValid(bytes, 0)).toBe(false);
  });

  it("is found at any byte of a buffer", () => {
    const writer = open();
    append(writer, 1);
    const shifted = Buffer.concat([Buffer.alloc(3), readFileSync(writer.path)]);
    expect(rowValid(shifted, 3)).toBe(true);
    expect(rowValid(shifted, 2)).toBe(false);
  });

  it("with any bit changed, or cut short, is not valid", () => {
    const writer = open();
    append(writer, 1);
    const bytes = readFileSync(writer.path);
    for (let bit = 0; bit < rowBytes * 8; bit++) {
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      expect(rowValid(bytes, 0), `bit ${bit}`).toBe(false);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
    }
    for (let length = 0; length < rowBytes; length++) {
      expect(rowValid(bytes.subarray(0, length), 0)).toBe(false);
    }
    expect(rowValid(bytes, 0)).toBe(true);
  });
});

describe("append", () => {
  it("lays batches end to end", () => {
    const writer = open();
    append(writer, 1, 2);
    append(writer, 3);
    const bytes = readFileSync(writer.path);
    expect(bytes.length).toBe(3 * rowBytes);
    for (let row = 0; row < 3; row++) expect(rowValid(bytes, row * rowBytes)).toBe(true);
  });

  it("begins a new segment when the old one is full", () => {
    const writer = open({ segmentBytesMax: 3 * rowBytes });
    const first = writer.path;
    append(writer, 1, 2);
    append(writer, 3);
    append(writer, 4);
    expect(writer.path).not.toBe(first);
    expect(listSegments(dir).map(({ bytes }) => bytes / rowBytes)).toEqual([3, 1]);
  });

  it("begins a new segment after a day", () => {
    const writer = open();
    append(writer, 1);
    clock.advance(24 * 3_600_000 + 1);
    append(writer, 2);
    const segments = listSegments(dir);
    expect(segments).toHaveLength(2);
    expect(segments[1]!.startMs).toBe(clock.nowMs());
  });

  it("refuses more rows than there are", () => {
    expect(() => open().append(9)).toThrow(RangeError);
  });

  describe("that fails", () => {
    /** Writes only so many bytes of each batch. */
    let room = Number.POSITIVE_INFINITY;
    const write: RowSink = (fd, rows, bytes) => {
      const written = writeSync(fd, rows, 0, Math.min(bytes, room));
      if (written < bytes && room < rowBytes) throw new Error("ENOSPC");
      return written;
    };

    afterEach(() => {
      room = Number.POSITIVE_INFINITY;
    });

    it.each([0, 100, rowBytes, rowBytes + 7])("after %i bytes leaves nothing of them", (bytes) => {
      const writer = open({ write });
      append(writer, 1);
      const first = writer.path;
      room = bytes;
      expect(() => append(writer, 2, 3)).toThrow();
      room = Number.POSITIVE_INFINITY;
      expect(statSync(first).size).toBe(rowBytes);
      append(writer, 4);
      expect(writer.path).not.toBe(first);
      expect(statSync(first).size).toBe(rowBytes);
      expect(listSegments(dir)).toHaveLength(2);
    });

    it("over and over leaves no heap of empty segments", () => {
      const writer = open({ write });
      room = 0;
      for (let i = 0; i < 5; i++) expect(() => append(writer, 1)).toThrow();
      expect(listSegments(dir)).toHaveLength(0);
      room = Number.POSITIVE_INFINITY;
      append(writer, 1);
      expect(listSegments(dir)).toHaveLength(1);
    });
  });
});

describe("names", () => {
  it("give two writers of one name and moment two files", () => {
    const paths = [open().path, open().path, open({ name: "w1" }).path];
    expect(new Set(paths).size).toBe(3);
    expect(listSegments(dir).map(({ writer }) => writer)).toEqual(["w0", "w0", "w1"]);
  });

  it.each(["", "../x", "A", "a b", "-a"])("refuse %j", (name) => {
    expect(() => open({ name })).toThrow(RangeError);
  });

  it("of other files in the folder are passed over", () => {
    open();
    expect(listSegments(join(dir, "nowhere"))).toEqual([]);
    expect(listSegments(dir)).toHaveLength(1);
  });
});

describe("flush", () => {
  it("resolves, also when several wait and when the writer is closed", async () => {
    const writer = open();
    append(writer, 1);
    await Promise.all([writer.flush(), writer.flush()]);
    writer.close();
    await writer.flush();
  });

  it("a folder that cannot be written is one clear sentence", () => {
    const file = join(dir, "file");
    writeFileSync(file, "");
    expect(() => open({ dir: file })).toThrow(/journal folder .* cannot be written/);
  });
});

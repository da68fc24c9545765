// What stands in a block of the audit chain: entries of type u8, length u16, content. A card number
// stands in none of them: a release names its token by the blind index.
import { createHash } from "node:crypto";
import { rowAt, rowBytes, rowKind } from "../journal/row.ts";
import type { RowView } from "../journal/row-view.ts";
import type { NumberedAct } from "./act.ts";

/** A card number left the vault. */
export interface Release {
  readonly kind: "release";
  readonly atMs: number;
  /** Why: a payment, a message about an approved one, or a question outside of payments. */
  readonly reason: "verification" | "original" | "resolve";
  readonly door: DoorName;
  readonly mti: string;
  /** The same answer again. */
  readonly repetition: boolean;
  /** Tag of the peer that got it: `peerTag` of its name. */
  readonly peer: number;
  readonly verificationId: Buffer;
  /** Blind index of the token. */
  readonly index: Buffer;
  readonly trid: string;
}

/** Rows of a journal file that were read for this block, approved or not. */
export interface Source {
  readonly kind: "source";
  readonly file: string;
  /** Bytes of the file, from `from` to before `to`. */
  readonly from: number;
  readonly to: number;
  /** SHA-256 of them. */
  readonly digest: Buffer;
}

export interface ActEntry extends NumberedAct {
  readonly kind: "act";
}

export type Entry = Release | Source | ActEntry;

/** How a message came in; the number stands in journal rows. */
export const doors = ["unknown", "iso8583", "grpc", "json"] as const;
export type DoorName = (typeof doors)[number];
export const doorCode = { iso8583: 1, grpc: 2, json: 3 } as const;

const entryType = { release: 1, source: 2, act: 3 } as const;
const headBytes = 3;

/** Offsets in a release; integers are little-endian. */
const releaseAt = {
  atMs: 0, // f64
  peer: 8, // u32
  mti: 12, // u16
  work: 14, // u8, `rowKind`
  door: 15, // u8
  flags: 16, // u8
  trid: 17, // 6, BCD
  verificationId: 23, // 16
  index: 39, // 16
} as const;
const releaseBytes = 55;
const flagRepetition = 1;

/** Collects the entries of one block. */
export class BlockBody {
  #bytes = Buffer.alloc(4_096);
  #end = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** For the next block, in the same memory. */
  clear(): void {
    this.#end = 0;
    this.#count = 0;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  /** The card number of an approved message was handed out. */
  release(row: RowView): void {
    const at = this.#begin(entryType.release, releaseBytes);
    const out = this.#bytes;
    out.writeDoubleLE(row.timeMs, at + releaseAt.atMs);
    row.copyField(rowAt.peer, 4, out, at + releaseAt.peer);
    out.writeUInt16LE(row.mti, at + releaseAt.mti);
    out[at + releaseAt.work] = row.kind;
    out[at + releaseAt.door] = row.door;
    out[at + releaseAt.flags] = row.has("repetition") ? flagRepetition : 0;
    row.copyField(rowAt.trid, 6, out, at + releaseAt.trid);
    row.copyField(rowAt.verificationId, 16, out, at + releaseAt.verificationId);
    row.copyField(rowAt.index, 16, out, at + releaseAt.index);
  }

  source({ file, from, to, digest }: Omit<Source, "kind">): void {
    const name = Buffer.from(file, "latin1");
    const at = this.#begin(entryType.source, 12 + digest.length + name.length);
    this.#bytes.writeUIntLE(from, at, 6);
    this.#bytes.writeUIntLE(to, at + 6, 6);
    digest.copy(this.#bytes, at + 12);
    name.copy(this.#bytes, at + 12 + digest.length);
  }

  act({ number, act }: NumberedAct): void {
    const text = Buffer.from(JSON.stringify(act));
    const at = this.#begin(entryType.act, 6 + text.length);
    this.#bytes.writeUIntLE(number, at, 6);
    text.copy(this.#bytes, at + 6);
  }

  #begin(type: number, length: number): number {
    const at = this.#end;
    const needed = at + headBytes + length;
    if (needed > this.#bytes.length) {
      const grown = Buffer.alloc(2 * needed);
      this.#bytes.copy(grown);
      this.#bytes = grown;
    }
    this.#bytes[at] = type;
    this.#bytes.writeUInt16LE(length, at + 1);
    this.#end = needed;
    this.#count++;
    return at + headBytes;
  }
}

/** The entries of a body, or undefined where it is none. */
export function readEntries(body: Buffer): Entry[] | undefined {
  const entries: Entry[] = [];
  for (let at = 0; at < body.length; ) {
    if (at + headBytes > body.length) return undefined;
    const length = body.readUInt16LE(at + 1);
    const from = at + headBytes;
    if (from + length > body.length) return undefined;
    const entry = readEntry(body[at]!, body.subarray(from, from + length));
    if (entry === undefined) return undefined;
    entries.push(entry);
    at = from + length;
  }
  return entries;
}

function readEntry(type: number, bytes: Buffer): Entry | undefined {
  if (type === entryType.release && bytes.length === releaseBytes) return readRelease(bytes);
  if (type === entryType.source && bytes.length > 44) {
    return {
      kind: "source",
      from: bytes.readUIntLE(0, 6),
      to: bytes.readUIntLE(6, 6),
      digest: bytes.subarray(12, 44),
      file: bytes.toString("latin1", 44),
    };
  }
  if (type !== entryType.act || bytes.length < 8) return undefined;
  try {
    const act = JSON.parse(bytes.toString("utf8", 6));
    return { kind: "act", number: bytes.readUIntLE(0, 6), act };
  } catch {
    return undefined;
  }
}

function readRelease(bytes: Buffer): Release {
  const work = bytes[releaseAt.work]!;
  return {
    kind: "release",
    atMs: bytes.readDoubleLE(releaseAt.atMs),
    reason:
      work === rowKind.verification
        ? "verification"
        : work === rowKind.resolved
          ? "resolve"
          : "original",
    door: doors[bytes[releaseAt.door]!] ?? "unknown",
    mti: bytes.readUInt16LE(releaseAt.mti).toString(16).padStart(4, "0"),
    repetition: (bytes[releaseAt.flags]! & flagRepetition) !== 0,
    peer: bytes.readUInt32LE(releaseAt.peer),
    trid: bytes.toString("hex", releaseAt.trid, releaseAt.trid + 6).slice(1),
    verificationId: bytes.subarray(releaseAt.verificationId, releaseAt.verificationId + 16),
    index: bytes.subarray(releaseAt.index, releaseAt.index + 16),
  };
}

/** Whether the row handed a card number out. */
export function releases(row: RowView): boolean {
  return row.reason === 0 && row.kind in releasing;
}

const releasing: Readonly<Record<number, true>> = {
  [rowKind.verification]: true,
  [rowKind.originalBased]: true,
  [rowKind.resolved]: true,
};

/** SHA-256 of journal rows, chunk by chunk as they are read. */
export class RowDigest {
  readonly #hash = createHash("sha256");

  add(rows: Buffer, count: number): void {
    this.#hash.update(rows.subarray(0, count * rowBytes));
  }

  end(): Buffer {
    return this.#hash.digest();
  }
}

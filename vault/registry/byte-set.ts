// An allow-list of short byte strings, asked on the hot path by offset: open addressing over typed
// arrays, no allocation and no string per question.

/** Entries of one list; a requestor that needs more should not use a list. */
export const byteSetEntriesMax = 65_536;
/** Bytes of one entry: DE42 has 15, DE32 11. */
export const byteSetEntryBytesMax = 255;

/** FNV-1a over the bytes; the lists come from our own registry, so no flooding is to be feared. */
function hashOf(buf: Buffer, off: number, length: number): number {
  let hash = 0x811c9dc5;
  for (let i = off; i < off + length; i++) hash = Math.imul(hash ^ buf[i]!, 0x01000193);
  return hash ^ (hash >>> 15);
}

export class ByteSet {
  readonly size: number;
  readonly #bytes: Buffer;
  /** Two words a slot: offset plus one (0 is an empty slot) and length. */
  readonly #slots: Int32Array;
  readonly #mask: number;

  constructor(entries: readonly string[]) {
    const unique = [...new Set(entries)];
    if (unique.length > byteSetEntriesMax) throw new RangeError("too many entries in one list");
    let slotCount = 8;
    while (slotCount < unique.length * 2) slotCount *= 2;
    this.size = unique.length;
    this.#mask = slotCount - 1;
    this.#slots = new Int32Array(slotCount * 2);
    this.#bytes = Buffer.from(unique.join(""), "latin1");
    let offset = 0;
    for (const entry of unique) {
      if (entry.length > byteSetEntryBytesMax) throw new RangeError("entry too long");
      this.#add(offset, entry.length);
      offset += entry.length;
    }
  }

  #add(offset: number, length: number): void {
    let slot = hashOf(this.#bytes, offset, length) & this.#mask;
    while (this.#slots[2 * slot] !== 0) slot = (slot + 1) & this.#mask;
    this.#slots[2 * slot] = offset + 1;
    this.#slots[2 * slot + 1] = length;
  }

  /** True when exactly these bytes are an entry. Never allocates. */
  has(buf: Buffer, off: number, length: number): boolean {
    let slot = hashOf(buf, off, length) & this.#mask;
    for (;;) {
      const start = this.#slots[2 * slot]!;
      if (start === 0) return false;
      if (this.#slots[2 * slot + 1] === length && this.#same(start - 1, buf, off, length)) {
        return true;
      }
      slot = (slot + 1) & this.#mask;
    }
  }

  #same(start: number, buf: Buffer, off: number, length: number): boolean {
    for (let i = 0; i < length; i++) if (this.#bytes[start + i] !== buf[off + i]) return false;
    return true;
  }

  /** The entries in the order in which they were given. */
  entries(): string[] {
    const found: [number, string][] = [];
    for (let slot = 0; slot <= this.#mask; slot++) {
      const start = this.#slots[2 * slot]! - 1;
      if (start < 0) continue;
      const end = start + this.#slots[2 * slot + 1]!;
      found.push([start, this.#bytes.toString("latin1", start, end)]);
    }
    return found.sort(([a], [b]) => a - b).map(([, entry]) => entry);
  }

  /** True when DE42 without its trailing spaces is an entry. Never allocates. */
  hasTrimmed(buf: Buffer, off: number, length: number): boolean {
    let end = off + length;
    while (end > off && buf[end - 1] === 0x20) end--;
    return this.has(buf, off, end - off);
  }
}

// Bytes of commands, events and side records: big-endian numbers, counted texts, nothing else. The
// reader refuses bytes that end early, go on too long, or hold a code that no table has.
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { bcdOf, numberOfBcd } from "../../vault/mod.ts";

/** Bytes of a first buffer; it doubles as needed. */
const firstBytes = 256;

export class ByteWriter {
  #bytes = Buffer.alloc(firstBytes);
  #length = 0;

  #room(bytes: number): number {
    const at = this.#length;
    if (at + bytes > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(this.#bytes.length * 2, at + bytes));
      this.#bytes.copy(grown, 0, 0, at);
      this.#bytes.fill(0);
      this.#bytes = grown;
    }
    this.#length = at + bytes;
    return at;
  }

  u8(value: number): this {
    const at = this.#room(1);
    this.#bytes.writeUInt8(value, at);
    return this;
  }

  flag(value: boolean): this {
    return this.u8(value ? 1 : 0);
  }

  u16(value: number): this {
    const at = this.#room(2);
    this.#bytes.writeUInt16BE(value, at);
    return this;
  }

  u32(value: number): this {
    const at = this.#room(4);
    this.#bytes.writeUInt32BE(value, at);
    return this;
  }

  /** Six bytes: Unix milliseconds. */
  u48(value: number): this {
    const at = this.#room(6);
    this.#bytes.writeUIntBE(value, at, 6);
    return this;
  }

  /** Exactly `length` bytes. */
  raw(bytes: Buffer, length: number): this {
    if (bytes.length !== length) throw new RangeError(`${bytes.length} bytes where ${length} go`);
    const at = this.#room(length);
    bytes.copy(this.#bytes, at);
    return this;
  }

  /** A length of one byte, then ASCII. */
  text(value: string): this {
    if (!/^[\x20-\x7e]{0,255}$/.test(value)) throw new RangeError("a text of 0 to 255 characters");
    this.u8(value.length);
    const at = this.#room(value.length);
    this.#bytes.write(value, at, "latin1");
    return this;
  }

  /** Ten BCD bytes. */
  number(value: ClearPAN): this {
    const bcd = bcdOf(value);
    this.raw(bcd, bcd.length);
    bcd.fill(0);
    return this;
  }

  /** The code of a name in a table. */
  code<Name extends string>(table: Readonly<Record<Name, number>>, name: Name): this {
    return this.u8(table[name]);
  }

  /** A flag, then the value where there is one. */
  optional<Value>(value: Value | undefined, write: (value: Value) => void): this {
    this.flag(value !== undefined);
    if (value !== undefined) write(value);
    return this;
  }

  /** A count of two bytes, then the values. */
  list<Value>(values: readonly Value[], write: (value: Value) => void): this {
    this.u16(values.length);
    for (const value of values) write(value);
    return this;
  }

  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}

export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  #take(bytes: number): number {
    const at = this.#at;
    if (at + bytes > this.#bytes.length) throw new RangeError("the bytes end early");
    this.#at = at + bytes;
    return at;
  }

  u8(): number {
    return this.#bytes[this.#take(1)]!;
  }

  flag(): boolean {
    const value = this.u8();
    if (value > 1) throw new RangeError("a flag is 0 or 1");
    return value === 1;
  }

  u16(): number {
    return this.#bytes.readUInt16BE(this.#take(2));
  }

  u32(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  u48(): number {
    return this.#bytes.readUIntBE(this.#take(6), 6);
  }

  /** A copy: the bytes read from may be a buffer that others use again. */
  raw(length: number): Buffer {
    const at = this.#take(length);
    return Buffer.from(this.#bytes.subarray(at, at + length));
  }

  text(): string {
    const length = this.u8();
    const at = this.#take(length);
    return this.#bytes.toString("latin1", at, at + length);
  }

  number(): ClearPAN {
    const at = this.#take(10);
    return numberOfBcd(this.#bytes.subarray(at, at + 10));
  }

  code<Name extends string>(table: Readonly<Record<Name, number>>): Name {
    const value = this.u8();
    for (const name in table) if (table[name] === value) return name;
    throw new RangeError(`no name for code ${value}`);
  }

  optional<Value>(read: () => Value): Value | undefined {
    return this.flag() ? read() : undefined;
  }

  list<Value>(read: () => Value): Value[] {
    const count = this.u16();
    return Array.from({ length: count }, read);
  }

  /** Throws where bytes are left. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw new RangeError("bytes are left over");
  }
}

// Reads a JSON object of strings and numbers (RFC 8259) without making strings of its values: text
// of the runtime cannot be wiped, bytes can.

const quote = 0x22;
const backslash = 0x5c;
const membersMax = 32;

interface Span {
  readonly from: number;
  readonly to: number;
}

export class FlatObject {
  readonly #bytes: Uint8Array;
  readonly #members: ReadonlyMap<string, Span>;

  private constructor(bytes: Uint8Array, members: ReadonlyMap<string, Span>) {
    this.#bytes = bytes;
    this.#members = members;
  }

  /** Undefined where it is no such object, or a name stands in it twice. */
  static read(bytes: Uint8Array): FlatObject | undefined {
    const members = new Reader(bytes).object();
    return members && new FlatObject(bytes, members);
  }

  /** The bytes between the quotes, or of the number; a view, not a copy. */
  bytes(name: string): Uint8Array | undefined {
    const span = this.#members.get(name);
    return span && this.#bytes.subarray(span.from, span.to);
  }

  /** 1 to `digitsMax` digits as a number; undefined for anything else. */
  number(name: string, digitsMax: number): number | undefined {
    const bytes = this.bytes(name);
    if (bytes === undefined || bytes.length === 0 || bytes.length > digitsMax) return undefined;
    let value = 0;
    for (const byte of bytes) {
      if (!isDigit(byte)) return undefined;
      value = value * 10 + (byte - 0x30);
    }
    return value;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  object(): ReadonlyMap<string, Span> | undefined {
    const members = new Map<string, Span>();
    if (!this.#take("{")) return undefined;
    if (this.#take("}")) return this.#ended() ? members : undefined;
    do {
      const name = this.#string();
      if (name === undefined || !this.#take(":")) return undefined;
      const value = this.#string() ?? this.#digits();
      // Names are ours or unknown; only values can hold card data.
      const text = Buffer.from(this.#bytes.subarray(name.from, name.to)).toString("latin1");
      if (value === undefined || members.has(text) || members.size >= membersMax) return undefined;
      members.set(text, value);
    } while (this.#take(","));
    return this.#take("}") && this.#ended() ? members : undefined;
  }

  #space(): void {
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return;
      this.#at++;
    }
  }

  #take(char: string): boolean {
    this.#space();
    if (this.#bytes[this.#at] !== char.charCodeAt(0)) return false;
    this.#at++;
    return true;
  }

  #ended(): boolean {
    this.#space();
    return this.#at === this.#bytes.length;
  }

  #string(): Span | undefined {
    this.#space();
    if (this.#bytes[this.#at] !== quote) return undefined;
    const from = ++this.#at;
    for (; this.#at < this.#bytes.length; this.#at++) {
      const byte = this.#bytes[this.#at]!;
      if (byte < 0x20) return undefined;
      if (byte === backslash) this.#at++;
      else if (byte === quote) return { from, to: this.#at++ };
    }
    return undefined;
  }

  #digits(): Span | undefined {
    const from = this.#at;
    while (isDigit(this.#bytes[this.#at])) this.#at++;
    return this.#at === from ? undefined : { from, to: this.#at };
  }
}

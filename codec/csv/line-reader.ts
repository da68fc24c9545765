/** Why a stream of lines cannot be read. The message never holds its content. */
export class CsvError extends Error {
  readonly code: "LINE_TOO_LONG";

  constructor(code: CsvError["code"], message: string) {
    super(message);
    this.name = "CsvError";
    this.code = code;
  }
}

const lineFeed = 0x0a;

/** Cuts a byte stream into lines that end with LF; keeps no more than one unfinished line. */
export class LineReader {
  readonly #bytesMax: number;
  #rest: Buffer = Buffer.alloc(0);

  constructor(lineBytesMax: number) {
    this.#bytesMax = lineBytesMax;
  }

  /** The lines that the chunk completes, without their LF. Errors: LINE_TOO_LONG. */
  *push(chunk: Buffer): Generator<Buffer> {
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, from)) {
      const end = chunk.subarray(from, at);
      this.#check(end.length);
      yield this.#rest.length === 0 ? end : Buffer.concat([this.#rest, end]);
      this.#forget();
      from = at + 1;
    }
    const tail = chunk.subarray(from);
    this.#check(tail.length);
    // A copy: the caller may wipe or use the chunk again.
    if (tail.length > 0) this.#keep(Buffer.concat([this.#rest, tail]));
  }

  /** What follows the last LF. */
  get rest(): Buffer {
    return this.#rest;
  }

  #check(more: number): void {
    if (this.#rest.length + more <= this.#bytesMax) return;
    throw new CsvError("LINE_TOO_LONG", `a line has more than ${this.#bytesMax} bytes`);
  }

  #keep(rest: Buffer): void {
    this.#forget();
    this.#rest = rest;
  }

  #forget(): void {
    this.#rest.fill(0);
    this.#rest = Buffer.alloc(0);
  }
}

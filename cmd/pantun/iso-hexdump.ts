// Bytes as other tools print them: tcpdump -x and -X, xxd, hexdump -C, od -A x -t x1, Wireshark and
// text2pcap, jPOS. A line of a dump begins with its offset in hex; the offset must be the number of
// bytes before it. 0 begins another dump, and so does the first line after something else.

export interface Dump {
  /** What was read up to the end, or up to the fault. */
  readonly bytes: Buffer;
  /** Names the line; never a piece of it. */
  readonly error: string | null;
}

/** Bytes that a line can have; tools print 16, some 32. */
const lineBytesMax = 256;
/** Bytes of one dump, so that a line of stars cannot make more than a capture has. */
const dumpBytesMax = 512 * 1024 * 1024;

interface Line {
  readonly offset: number;
  readonly bytes: Buffer;
}

const offsetColon = /^\s*(?:0x)?([0-9a-f]{4,8}):(?:\s+(.*))?$/i;
const offsetSpace = /^\s*([0-9a-f]{4,8})(?:\s+(.*))?$/i;
/** Text between bars (hexdump -C) or angles (od) at the end of a line. */
const endText = /\s+(?:\|.*\||>.*<)\s*$/;

/**
 * Groups of whole bytes up to the first gap: what stands behind it is text. xxd and tcpdump; their
 * groups have single spaces between them.
 */
function bytesUpToGap(text: string): Buffer | null {
  const groups = text
    .split(/\s{2,}/, 1)[0]!
    .trim()
    .split(/\s/);
  const isHex = groups.every((group) => /^(?:[0-9a-f]{2})+$/i.test(group));
  return isHex && text !== "" ? Buffer.from(groups.join(""), "hex") : null;
}

/**
 * Single bytes with a space between them, and a wider gap behind the eighth at most: Wireshark,
 * text2pcap, hexdump -C, jPOS. A gap of three ends them everywhere.
 */
function singleBytes(text: string): Buffer | null {
  const found = /^((?:[0-9a-f]{2}(?: |$)){8})(?: (?! )|(?=[0-9a-f]{2}(?: |$)))(.*)$/i.exec(text);
  const halves = found === null ? [text] : [found[1]!, found[2]!];
  const hex = halves.map((half) => /^(?:[0-9a-f]{2}(?: |$))*/i.exec(half)![0]);
  const digits = hex.join("").replaceAll(" ", "");
  return digits === "" ? null : Buffer.from(digits, "hex");
}

/** A line of a dump; null where it is something else. */
function lineOf(text: string): Line | null {
  const colon = offsetColon.exec(text);
  const found = colon ?? offsetSpace.exec(text);
  if (found === null) {
    return null;
  }
  const offset = Number.parseInt(found[1]!, 16);
  const rest = (found[2] ?? "").replace(endText, "");
  if (rest.trim() === "") {
    return { offset, bytes: Buffer.alloc(0) };
  }
  const bytes = colon === null ? singleBytes(rest) : bytesUpToGap(rest);
  return bytes === null ? null : { offset, bytes };
}

class DumpReader {
  #pieces: Buffer[] = [];
  #size = 0;
  /** hexdump -C: lines like the one before are one star. */
  #isStarred = false;
  #isOpen = false;
  #isEnded = false;

  get isOpen(): boolean {
    return this.#isOpen;
  }

  take(error: string | null = null): Dump {
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#size = 0;
    this.#isStarred = false;
    this.#isOpen = false;
    this.#isEnded = false;
    return { bytes, error };
  }

  star(): void {
    this.#isStarred = true;
  }

  /** What is wrong with the line, or null. */
  add({ offset, bytes }: Line): string | null {
    this.#isOpen = true;
    if (this.#isStarred) {
      const last = this.#pieces.at(-1);
      const missing = offset - this.#size;
      this.#isStarred = false;
      if (last === undefined || missing < 0 || missing % last.length !== 0) {
        return "a star stands for no whole lines";
      }
      if (offset > dumpBytesMax) return `a dump has at most ${dumpBytesMax} bytes`;
      for (let left = missing; left > 0; left -= last.length) this.#pieces.push(last);
      this.#size = offset;
    }
    if (this.#isEnded || offset !== this.#size) {
      return `the offset is not ${this.#size.toString(16).padStart(4, "0")}`;
    }
    if (bytes.length > lineBytesMax) return `a line has at most ${lineBytesMax} bytes`;
    this.#isEnded = bytes.length === 0;
    if (bytes.length > 0) this.#pieces.push(bytes);
    this.#size += bytes.length;
    return null;
  }
}

/** Every dump of a text, in order. What follows a fault is read over, up to the next dump. */
export function* dumpsOf(text: string): Generator<Dump> {
  const reader = new DumpReader();
  let isBroken = false;
  let count = 0;
  const lines = text.split(/\r?\n/);
  for (const [i, one] of lines.entries()) {
    if (reader.isOpen && one.trim() === "*") {
      reader.star();
      continue;
    }
    const found = lineOf(one);
    // An offset alone is the end of a dump, and else a number in some text.
    const line = found?.bytes.length === 0 && !reader.isOpen ? null : found;
    if (line === null) {
      if (reader.isOpen) yield reader.take();
      isBroken = false;
      continue;
    }
    if (line.offset === 0) {
      if (reader.isOpen) yield reader.take();
      isBroken = false;
    }
    if (isBroken) continue;
    count++;
    const error = reader.add(line);
    if (error !== null) {
      isBroken = true;
      yield reader.take(`line ${i + 1}: ${error}`);
    }
  }
  if (reader.isOpen) yield reader.take();
  if (count === 0) {
    yield { bytes: Buffer.alloc(0), error: "there is no dump: no line begins with an offset" };
  }
}

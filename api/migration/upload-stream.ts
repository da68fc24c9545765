// The clear text of an upload as a stream of rows: header, rows, trailer, each checked. Nothing of
// a file may be acted upon before the whole of it was read once: only the trailer says that it is
// complete.
import { createHash } from "node:crypto";
import { CsvError, LineReader } from "../../codec/csv/mod.ts";
import { uploadColumns } from "./upload-row.ts";

export const rowsMax = 100_000;
export const clearBytesMax = 64 * 2 ** 20;
/** The longest row that all columns allow is some 400 bytes. */
const lineBytesMax = 4_096;

export type UploadFault =
  | "TOO_LARGE"
  | "TOO_MANY_ROWS"
  | "LINE_TOO_LONG"
  | "LINE_ENDING"
  | "HEADER_INVALID"
  | "CVV_COLUMN"
  | "TRAILER_MISSING"
  | "TRAILER_INVALID"
  | "COUNT_MISMATCH"
  | "HASH_MISMATCH"
  | "NO_ROWS"
  | "DECRYPTION_FAILED"
  | "REQUESTOR_NOT_ALLOWED";

/** Why a whole file is refused. */
export class UploadError extends Error {
  readonly code: UploadFault;

  constructor(code: UploadFault) {
    super(`the upload is refused: ${code}`);
    this.name = "UploadError";
    this.code = code;
  }
}

export interface UploadEnd {
  readonly rows: number;
  /** SHA-256, hex, of everything before the trailer. */
  readonly sha256: string;
}

const header = uploadColumns.join(",");
const trailerStart = "#TRAILER,";
/** Names under which a card's verification value comes; it must never be stored. */
const cvvNames = /(^|,)"?(cvv2?|cvc2?|cid|cvn|csc|security_?code)"?(,|$)/i;

/**
 * Yields the rows, those of one chunk together; they are valid until the next ones are asked for.
 * Returns when the trailer fits. Errors: UploadError.
 */
export async function* uploadRows(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer[], UploadEnd> {
  const reader = new LineReader(lineBytesMax);
  const check = new UploadCheck();
  for await (const bytes of chunks) {
    // A copy, which may be wiped: whoever made the chunk may not be done with it.
    const chunk = Buffer.from(bytes);
    check.addBytes(chunk.length);
    const rows: Buffer[] = [];
    try {
      for (const line of reader.push(chunk)) if (check.isRow(line)) rows.push(line);
    } catch (error) {
      throw error instanceof CsvError ? new UploadError(error.code) : error;
    }
    if (rows.length > 0) yield rows;
  }
  if (reader.rest.length > 0) check.isRow(reader.rest);
  return check.end();
}

class UploadCheck {
  #bytes = 0;
  #rows = 0;
  #lines = 0;
  readonly #hash = createHash("sha256");
  #trailer: Buffer | undefined;

  /** A decompression bomb ends here, whatever it claimed to be. */
  addBytes(count: number): void {
    this.#bytes += count;
    if (this.#bytes > clearBytesMax) throw new UploadError("TOO_LARGE");
  }

  /** False for header and trailer. */
  isRow(line: Buffer): boolean {
    this.#lines += 1;
    if (this.#trailer !== undefined) throw new UploadError("TRAILER_INVALID");
    if (this.#lines > 1 && line.toString("latin1", 0, trailerStart.length) === trailerStart) {
      this.#trailer = Buffer.from(line);
      return false;
    }
    this.#hash.update(line).update("\n");
    if (this.#lines === 1) {
      checkHeader(line);
      return false;
    }
    if (line.at(-1) === 0x0d) throw new UploadError("LINE_ENDING");
    this.#rows += 1;
    if (this.#rows > rowsMax) throw new UploadError("TOO_MANY_ROWS");
    return true;
  }

  end(): UploadEnd {
    if (this.#trailer === undefined) throw new UploadError("TRAILER_MISSING");
    const [, count, claimed] =
      /^#TRAILER,([0-9]{1,9}),([0-9a-fA-F]{64})$/.exec(this.#trailer.toString("latin1")) ?? [];
    if (count === undefined || claimed === undefined) throw new UploadError("TRAILER_INVALID");
    if (Number(count) !== this.#rows) throw new UploadError("COUNT_MISMATCH");
    const sha256 = this.#hash.digest("hex");
    if (claimed.toLowerCase() !== sha256) throw new UploadError("HASH_MISMATCH");
    if (this.#rows === 0) throw new UploadError("NO_ROWS");
    return { rows: this.#rows, sha256 };
  }
}

function checkHeader(line: Buffer): void {
  const text = line.toString("latin1");
  if (cvvNames.test(text)) throw new UploadError("CVV_COLUMN");
  if (text.endsWith("\r")) throw new UploadError("LINE_ENDING");
  if (text !== header) throw new UploadError("HEADER_INVALID");
}

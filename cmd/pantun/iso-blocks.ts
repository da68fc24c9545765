// Clearing files: records behind a length of four bytes, big-endian, ended by a length of zero; on
// their way they are often cut into blocks of 1,014 bytes, of which the last two are filling.

const blockBytes = 1_014;
const fillBytes = 2;
/** Filling of a block, EBCDIC spaces. */
const fill = 0x40;
const lengthBytes = 4;

export interface ClearingRecord {
  readonly bytes: Buffer;
  /** False: the file ends inside the record, or its length is none. */
  readonly isWhole: boolean;
}

/** True where the file comes in blocks: every block ends with its filling. */
function isBlocked(file: Buffer): boolean {
  if (file.length === 0 || file.length % blockBytes !== 0) {
    return false;
  }
  for (let end = blockBytes; end <= file.length; end += blockBytes) {
    if (file[end - 1] !== fill || file[end - 2] !== fill) return false;
  }
  return true;
}

/** The same file without the filling of its blocks; a file that has none is taken as it is. */
export function withoutBlocks(file: Buffer): Buffer {
  if (!isBlocked(file)) {
    return file;
  }
  const pieces: Buffer[] = [];
  for (let at = 0; at < file.length; at += blockBytes) {
    pieces.push(file.subarray(at, at + blockBytes - fillBytes));
  }
  return Buffer.concat(pieces);
}

/** Records of a clearing file, blocked or not. */
export function* recordsOfBlocks(file: Buffer): Generator<ClearingRecord> {
  const data = withoutBlocks(file);
  for (let at = 0; at < data.length; ) {
    if (data.length - at < lengthBytes) {
      yield { bytes: data.subarray(at), isWhole: false };
      return;
    }
    const length = data.readUInt32BE(at);
    if (length === 0) return;
    const from = at + lengthBytes;
    const isWhole = length <= data.length - from;
    yield { bytes: data.subarray(from, isWhole ? from + length : data.length), isWhole };
    if (!isWhole) return;
    at = from + length;
  }
}

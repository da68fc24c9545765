// The one meta record of a replay store, 64 bytes, read at the start of every claim transaction.
// The folder belongs to one boot of one machine, so the words are in the machine's own byte order.

/** A store of another layout is refused; the folder is then replaced by the next boot's. */
export const stateLayout = 2;

export const stateBytes = 64;

/** Index of each word. */
export const stateWord = {
  layout: 0,
  /** W in seconds. Another process with another TTL sees another W and is refused. */
  width: 1,
  /** Highest slot number (not modulo 3) that was entered. */
  highestSlot: 2,
  /** At or below it nothing is claimed: the database that knew those times was emptied. */
  floor: 3,
  fencePtav: 4,
  fenceDe7: 5,
  /** Orphans remembered in slots 0, 1, 2. */
  orphans: 6,
  /** Highest times claimed; the keeper holds the horizons above them. */
  highestPtav: 9,
  highestDe7: 10,
  /** Horizons whose flush has returned; nothing above them is claimed. */
  horizonPtav: 11,
  horizonDe7: 12,
  /** Pages of the file that were written once, from its beginning. */
  pagesWritten: 13,
} as const;

export const stateKey = Buffer.from("state", "latin1");

export class ReplayState {
  readonly bytes: Buffer = Buffer.allocUnsafeSlow(stateBytes).fill(0);
  readonly words: Uint32Array = new Uint32Array(
    this.bytes.buffer,
    this.bytes.byteOffset,
    stateBytes / 4,
  );

  /** Copies a stored record; false where there is none or its size is wrong. */
  load(stored: Uint8Array | undefined): boolean {
    if (stored === undefined || stored.length !== stateBytes) return false;
    for (let i = 0; i < stateBytes; i++) this.bytes[i] = stored[i]!;
    return true;
  }

  /** Raises a word; true where that changed it. */
  raise(word: number, value: number): boolean {
    if (value <= this.words[word]!) return false;
    this.words[word] = value;
    return true;
  }

  /** Orphans in all slots together. */
  orphans(): number {
    const { words } = this;
    const first = stateWord.orphans;
    return words[first]! + words[first + 1]! + words[first + 2]!;
  }
}

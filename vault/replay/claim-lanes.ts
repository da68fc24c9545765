// The claims of one batch, side by side in buffers that live as long as the worker.
import { claimKeyBytes } from "./claim-record.ts";

/** Rows of the largest batch that a worker may take. A claim transaction holds the write lock. */
const rowsLimit = 4_096;

export class ClaimLanes {
  readonly rowsMax: number;
  /** Rows in use; the caller sets it before `ReplayStore.claim`. */
  count = 0;
  /** 12 bytes a row: time u32 big-endian, then 8 bytes. */
  readonly keys: Buffer;
  /** One view a row of `keys`, made once: LMDB takes keys as buffers, and a claim makes none. */
  readonly keyOf: readonly Buffer[];
  /** 16 bytes a row, and the same as words. */
  readonly fingerprints: Buffer;
  readonly fingerprintWords: Int32Array;
  /** 16 bytes a row, and the same as words; a REPETITION overwrites it with the first one. */
  readonly verificationIds: Buffer;
  readonly verificationIdWords: Int32Array;
  readonly peers: Uint32Array;
  /** `claimKind` a row. */
  readonly kinds: Uint8Array;
  /**
   * 12 bytes a row: DE7 as Unix seconds u32 big-endian, then the first 8 bytes of the original-id
   * CMAC. A reversal that came first was remembered under it. All zero: not looked up.
   */
  readonly originals: Buffer;
  /** Called once a batch, inside its transaction, where orphans are known: fills `originals`. */
  fillOriginals: () => void = () => {};
  /** `claim` a row. */
  readonly results: Uint8Array;

  constructor(rowsMax: number) {
    if (!(rowsMax >= 1 && rowsMax <= rowsLimit)) throw new RangeError(`rowsMax is ${rowsMax}`);
    this.rowsMax = rowsMax;
    this.keys = Buffer.alloc(rowsMax * claimKeyBytes);
    this.keyOf = Array.from({ length: rowsMax }, (_, row) =>
      this.keys.subarray(row * claimKeyBytes, (row + 1) * claimKeyBytes),
    );
    this.fingerprints = Buffer.allocUnsafeSlow(rowsMax * 16).fill(0);
    this.fingerprintWords = new Int32Array(this.fingerprints.buffer);
    this.verificationIds = Buffer.allocUnsafeSlow(rowsMax * 16).fill(0);
    this.verificationIdWords = new Int32Array(this.verificationIds.buffer);
    this.peers = new Uint32Array(rowsMax);
    this.kinds = new Uint8Array(rowsMax);
    this.originals = Buffer.alloc(rowsMax * claimKeyBytes);
    this.results = new Uint8Array(rowsMax);
  }
}

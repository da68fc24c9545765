// The projection's store as a port: ordered tables of bytes, one writer, every transaction whole
// and flushed. LMDB in the product, memory with crashes in the simulator.

export interface Row {
  readonly key: Buffer;
  readonly value: Buffer;
}

export interface RangeOptions {
  /** First key, inclusive. */
  readonly start: Buffer;
  /** Key behind the last, exclusive. */
  readonly end: Buffer;
  readonly limit: number;
  /** From the end of the range backwards. */
  readonly reverse?: boolean;
}

export interface Rows {
  /** A copy, or undefined. Inside a transaction it sees what that has written. */
  get(key: Buffer): Buffer | undefined;
  /** Only inside `write`. */
  put(key: Buffer, value: Buffer): void;
  /** Only inside `write`. */
  remove(key: Buffer): void;
  /** Copies of the rows from `start` to before `end`, in order. */
  range(options: RangeOptions): Row[];
}

export interface Store {
  rows(name: string): Rows;
  /**
   * Runs `work` as one transaction; what it wrote is flushed when the call returns. A throw rolls
   * all of it back. Within another transaction of this store it is a part of that one. `bytes`:
   * about how much is written beside single rows. Throws the AppErrors DISK_FULL and MAP_FULL where
   * there is no room.
   */
  write<T>(work: () => T, bytes?: number): T;
}

/** The key behind every key that begins with `prefix`: the end of its range. */
export function afterPrefix(prefix: Buffer): Buffer {
  const end = Buffer.from(prefix);
  for (let i = end.length - 1; i >= 0; i--) {
    if (end[i] !== 0xff) {
      end[i]!++;
      return end.subarray(0, i + 1);
    }
  }
  throw new RangeError("no key comes behind a prefix of 0xff bytes");
}

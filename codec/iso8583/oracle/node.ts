import type { CompositeSpec, DataEncoding, ValueSpec } from "../dialect.ts";

/** A value that was found: where it stands, what it says, and the parts inside of it. */
export interface Node {
  /** Element number, part number, or the tag as it is printed. */
  readonly key: string;
  readonly spec: ValueSpec;
  readonly encoding: DataEncoding;
  /** Absolute offset and length of the data on the wire, in bytes. */
  readonly offset: number;
  readonly length: number;
  /** The data; inside of hex text not what stands on the wire, but what the hex says. */
  readonly bytes: Buffer;
  /** Characters of the value; hex where it is binary. */
  readonly text: string;
  readonly composite: CompositeSpec | null;
  readonly children: readonly Node[];
  /** What stood before the first tag or the bitmap, as text or hex. */
  readonly leading?: string;
  /** Bitmap of a bitmapped composite, in hex. */
  readonly bitmap?: string;
}

/** What a reader of composites finds. */
export interface Parts {
  readonly children: readonly Node[];
  readonly leading?: string;
  readonly bitmap?: string;
}

import type { View } from "./view.ts";

/** What a generated file hands to the engine. Bitmap tables have four int32 words a row. */
export interface Generated {
  readonly scan: (view: View, buf: Buffer, off: number, end: number) => number;
  readonly scanMessage: (view: View, buf: Buffer, off: number, end: number) => number;
  /** Row of an MTI in the presence tables, -1 where the dialect does not name it. */
  readonly messageRow: (mti: number) => number;
  readonly mandatory: Int32Array;
  readonly forbidden: Int32Array;
  readonly tagsMandatory: Int32Array;
  readonly tagsForbidden: Int32Array;
  /** One row a message, then the row of messages that no row names. */
  readonly echo: Int32Array;
  readonly errorEcho: Int32Array;
  /** By element: bytes of the length prefix, smallest and largest length in bytes. */
  readonly prefix: Uint8Array;
  readonly min: Uint16Array;
  readonly max: Uint32Array;
  readonly sensitivity: Uint8Array;
  readonly tagSensitivity: Uint8Array;
  /** `[tag, byte, byte, ...]`: values allowed in a tag of one character. */
  readonly tagValues: readonly (readonly number[])[];
  /** The element with the tag list, 0 where there is none. */
  readonly tagListElement: number;
  readonly headerLength: number;
  readonly writesAllBitmaps: boolean;
  readonly bytesMax: number;
  readonly bits: number;
  /** True where MTI, bitmap and prefixes are ASCII and hex: answers are written the fast way. */
  readonly isPlain: boolean;
}

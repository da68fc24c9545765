import type { Dialect } from "./dialect.ts";
import type { CodecError } from "./errors.ts";
import type { ReplyPatch } from "./reply-patch.ts";
import type { View } from "./view.ts";

/** Values of a message for `encode`: text as on the wire, binary elements as hex. */
export interface MessageInput {
  /** Four digits. */
  readonly mti: string;
  /** Start bytes; where absent, the bytes begin with the MTI. */
  readonly header?: string;
  /**
   * By element number: text, or the tags of a tag list by two-digit number. A tag list given as
   * text is written as it is, in its own order.
   */
  readonly fields: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

/** One element, tag or slice in the document form; `raw` is left out where the value is masked. */
export interface DecodedValue {
  readonly name: string;
  readonly value: string;
  /** The bytes of the data in hex, without the length prefix. */
  readonly raw?: string;
  /** From the first byte of the message. */
  readonly offset: number;
  /** Bytes of the data. */
  readonly length: number;
}

export interface DecodedField extends DecodedValue {
  /** Tags of a tag list by two-digit number; their offsets tell the order of the wire. */
  readonly tags?: Readonly<Record<string, DecodedValue>>;
  /** Slices of a positional element, by position from 1. */
  readonly fields?: Readonly<Record<string, DecodedValue>>;
}

/** A message as a document: everything before an error stays in it. */
export interface DecodedMessage {
  readonly ok: boolean;
  readonly mti: string | null;
  readonly header?: string;
  /** Upper-case hex, 16 or 32 characters. */
  readonly bitmap: string | null;
  readonly fields: Readonly<Record<string, DecodedField>>;
  readonly error?: DecodedError;
}

export interface DecodedError {
  readonly code: string;
  readonly path: string;
  readonly offset: number;
  readonly message: string;
}

export interface RevealOptions {
  /** True: sensitive values in clear. For tools, on explicit request. */
  readonly reveal?: boolean;
  /** True: the bytes begin with the MTI although the dialect has start bytes. */
  readonly bare?: boolean;
  /** True: judge presence and tags too, as `validate` does. */
  readonly judge?: boolean;
}

/** One dialect at work. `scan`, `validate` and `reply` never throw and never allocate. */
export interface Codec {
  readonly name: string;
  readonly spec: Dialect;
  /** Bytes before the MTI. */
  readonly headerLength: number;
  createView(): View;
  /** Scans a message with the dialect's start bytes: 0, or a packed error below 0. */
  scan(view: View, buf: Buffer, off: number, end: number): number;
  /** The same from the MTI on. */
  scanMessage(view: View, buf: Buffer, off: number, end: number): number;
  /** Judges presence and tags of a message that scanned cleanly: 0, or a packed error below 0. */
  validate(view: View): number;
  /** What a packed status of the view's last scan or validation means. */
  error(status: number, view: View): CodecError;
  /** True where response code 30 can be answered; else count the message and close. */
  answerable(status: number, view: View): boolean;
  /** Writes the answer from its MTI on; returns its end, or a packed error below 0. */
  reply(view: View, out: Buffer, at: number, patch: ReplyPatch): number;
  /** Slow: writes a message from values; returns its end, throws a CodecError ENCODE_*. */
  encode(message: MessageInput, out: Buffer, at: number): number;
  /** Slow: the document form, masked unless told otherwise. Never throws on bad bytes. */
  decode(buf: Buffer, off: number, end: number, options?: RevealOptions): DecodedMessage;
  /** Slow: a line an element, masked unless told otherwise. */
  describe(view: View, options?: RevealOptions): string[];
}

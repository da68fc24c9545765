import type { Dialect } from "./dialect.ts";
import type { CodecError } from "./errors.ts";
import type { ReplyPatch } from "./reply-patch.ts";
import type { View } from "./view.ts";

/**
 * What is given of one element: `value` alone, `raw` alone, both where they agree, or its parts. A
 * masked one is refused.
 */
export interface FieldInput {
  /** Text as on the wire, hex where it is binary. */
  readonly value?: string;
  /** Bytes of the data in hex, without the length prefix. */
  readonly raw?: string;
  /** Digits of BCD, where `raw` alone could mean one more. */
  readonly digits?: number;
  readonly masked?: boolean;
  /** Tags in the order of the wire. */
  readonly tags?: readonly TagInput[];
  /** Parts by number. */
  readonly fields?: Readonly<Record<string, FieldInput | string>>;
  /** Characters before the first tag; bytes before a bitmap, in hex. */
  readonly leading?: string;
  /** Bitmap of a bitmapped element, in hex. */
  readonly bitmap?: string;
}

export interface TagInput extends FieldInput {
  readonly tag: string;
}

/** Values of a message for `encode`; the document form of `decode` is one. */
export interface MessageInput {
  /** Four digits; null, as in a document that has none, is refused. */
  readonly mti: string | null;
  /** Start bytes; where absent, the bytes begin with the MTI. */
  readonly header?: string;
  /** Bitmaps in hex; they must announce the elements that are there. */
  readonly bitmap?: string | null;
  /**
   * By element number: text, tags or parts by name, or what a document says. A composite given as
   * text is written as it is, in its own order.
   */
  readonly fields: Readonly<Record<string, string | FieldInput | Readonly<Record<string, string>>>>;
}

/** One value in the document form; `raw` is left out where anything in it is masked. */
export interface DecodedField {
  readonly name: string;
  readonly value: string;
  /** The bytes of the data in hex, without the length prefix. */
  readonly raw?: string;
  /** What the value says in words, where that is known. */
  readonly meaning?: string;
  /** True where the value, or a part of it, is hidden. */
  readonly masked?: true;
  /** From the first byte of the message. */
  readonly offset: number;
  /** Bytes of the data. */
  readonly length: number;
  /** Digits of BCD whose length varies. */
  readonly digits?: number;
  /** What stood before the first tag or before a bitmap. */
  readonly leading?: string;
  readonly bitmap?: string;
  /** Tags, tokens or datasets in the order of the wire. */
  readonly tags?: readonly DecodedTag[];
  /** Parts by number, from 1. */
  readonly fields?: Readonly<Record<string, DecodedField>>;
}

export interface DecodedTag extends DecodedField {
  readonly tag: string;
}

/** A message as a document: everything before an error stays in it. */
export interface DecodedMessage {
  readonly ok: boolean;
  readonly mti: string | null;
  readonly header?: string;
  /** All bitmaps in upper-case hex. */
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

/**
 * One dialect at work. `scan`, `validate` and `reply` never throw, and allocate nothing but one
 * small object where a view or a patch meets another buffer than before: keep messages in one.
 */
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
  /**
   * Everything that scanned cleanly as an object of strings: text as on the wire, binary as hex.
   * Unmasked, and made of new strings: for tools and tests, not for the path of a payment.
   */
  values(view: View): Record<string, string>;
  /** Slow: a line an element, masked unless told otherwise. */
  describe(view: View, options?: RevealOptions): string[];
}

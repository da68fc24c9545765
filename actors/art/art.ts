// Card art as values: a picture is known by the hash of its bytes, so its id never means another
// picture; a face says which picture the cards of an issuer show.
import { createHash } from "node:crypto";

/** A piece of a picture fills a third of a record (512 KiB); one event is never cut. */
export const pieceBytesMax = 160 * 1024;
export const piecesMax = 7;
/** Pictures are at most a MiB after they were encoded anew. */
export const pictureBytesMax = 2 ** 20;

/** How the cards of an issuer, or of one of its BIN ranges, look. */
export interface Look {
  /** Prefix of the BIN range; "" for all cards of the issuer that have no look of their own. */
  readonly prefix: string;
  readonly assetId: string;
  /** What the picture shows, for who cannot see it. */
  readonly altText: string;
  /** RRGGBB; text that is put beside the picture in these has enough contrast. */
  readonly background: string;
  readonly foreground: string;
  /** True where the issuer brought no picture and one was drawn in its colours. */
  readonly isGeneric: boolean;
}

export interface Face {
  readonly issuerId: string;
  readonly looks: readonly Look[];
  readonly version: number;
}

/**
 * "ast_" and the first 16 bytes of SHA-256 over the picture, a letter from a to p for each four
 * bits: without digits it can never be taken for a card number.
 */
export function assetIdOf(picture: Buffer): string {
  const hex = createHash("sha256").update(picture).digest("hex").slice(0, 32);
  const letters = hex.replace(/./g, (digit) => letterOf(Number.parseInt(digit, 16)));
  return `ast_${letters}`;
}

const firstLetter = 97;
const letterOf = (four: number) => String.fromCharCode(firstLetter + four);

/** The actor's key of a picture, 16 bytes; undefined where the text is no such id. */
export function assetKey(assetId: string): Buffer | undefined {
  const [, letters] = /^ast_([a-p]{32})$/.exec(assetId) ?? [];
  const hex = letters?.replace(/./g, (one) => (one.charCodeAt(0) - firstLetter).toString(16));
  return hex === undefined ? undefined : Buffer.from(hex, "hex");
}

export function faceKey(issuerId: string): Buffer {
  return createHash("sha256").update(`face\0${issuerId}`).digest().subarray(0, 16);
}

/** No card depends on art, so any spread over the shards will do. */
export function artShard(key: Buffer, shards: number): number {
  return key.readUInt16BE(0) % shards;
}

export function piecesOf(picture: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < picture.length; at += pieceBytesMax) {
    pieces.push(picture.subarray(at, at + pieceBytesMax));
  }
  return pieces;
}

/** The look of cards in a BIN range: its own, else that of the issuer. */
export function lookOf(face: Face | undefined, prefix: string): Look | undefined {
  const of = (wanted: string) => face?.looks.find((look) => look.prefix === wanted);
  return of(prefix) ?? of("");
}

// A picture as a kind of actor: its pieces go through the log, so that every node has it, a backup
// holds it, and a rebuild makes it again. What is stored once never changes.
import { appError } from "../../platform/mod.ts";
import type { ActorKind, Codec, Decision, EventType } from "../runtime/actor-kind.ts";
import type { Store } from "../store/port.ts";
import { pieceBytesMax, piecesMax } from "./art.ts";
import { ArtRows, type Piece } from "./art-rows.ts";

/** Part of stored keys; never another kind's. */
export const pictureKindNumber = 10;

/** Which pieces are there, by bit; undefined for no picture. */
export type PictureState = { readonly mask: number; readonly count: number } | undefined;

export type PictureKind = ActorKind<PictureState, Piece, Piece>;

/** index 1, count 1, bytes. */
export const pieceCodec: Codec<Piece> = {
  encode: ({ index, count, bytes }) => Buffer.concat([Buffer.of(index, count), bytes]),
  decode: (all) => {
    if (all.length < 3) throw new RangeError("a piece of a picture has some bytes");
    return { index: all[0]!, count: all[1]!, bytes: all.subarray(2) };
  },
};

const pieceStored: EventType<Piece> = { type: 2560, version: 1, critical: true, ...pieceCodec };

export function createPictureKind(store: Store): PictureKind {
  const rows = new ArtRows(store);
  return {
    name: "picture",
    number: pictureKindNumber,
    commands: pieceCodec,
    typeOf: () => pieceStored,
    eventTypes: [pieceStored],
    load: (key) => rows.piecesThere(key),
    gather: () => undefined,
    decide: decidePicture,
    evolve: (state, { index, count }) => ({ mask: (state?.mask ?? 0) | (1 << index), count }),
    project: (key, _, __, piece) => rows.putPiece(key, piece),
    timers: () => [],
    fingerprint: (state) => state && Buffer.of(state.mask, state.count),
  };
}

/** Pure. */
export function decidePicture(state: PictureState, piece: Piece): Decision<Piece> {
  const { index, count, bytes } = piece;
  const fits = count >= 1 && count <= piecesMax && index < count && bytes.length <= pieceBytesMax;
  if (!fits || (state !== undefined && state.count !== count)) {
    const error = appError("INVALID_FIELD", "This is no piece of that picture.");
    return { kind: "reject", error };
  }
  const isThere = state !== undefined && (state.mask & (1 << index)) !== 0;
  return { kind: "accept", events: isThere ? [] : [piece], answer: { stored: !isThere } };
}

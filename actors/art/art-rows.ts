// Pictures and faces in the projection, one table: they are public, so they are kept in clear.
import type { Rows, Store } from "../store/port.ts";
import { assetIdOf, assetKey, type Face, faceKey, piecesMax } from "./art.ts";

/** First byte of a key: what the row holds. */
const holds = { piece: 1, face: 2 } as const;

export interface Piece {
  readonly index: number;
  readonly count: number;
  readonly bytes: Buffer;
}

export class ArtRows {
  /**
   * [1, actor's key 16, piece 1] -> how many pieces there are 1, bytes;
   * [2, actor's key 16] -> face as JSON.
   */
  readonly #rows: Rows;

  constructor(store: Store) {
    this.#rows = store.rows("art");
  }

  /** Which pieces are there, by bit, and of how many. */
  piecesThere(key: Buffer): { readonly mask: number; readonly count: number } | undefined {
    const pieces = this.#pieces(key);
    const [first] = pieces;
    if (first === undefined) return undefined;
    return { mask: pieces.reduce((mask, { index }) => mask | (1 << index), 0), count: first.count };
  }

  /** Inside a transaction. */
  putPiece(key: Buffer, { index, count, bytes }: Piece): void {
    this.#rows.put(pieceKey(key, index), Buffer.concat([Buffer.of(count), bytes]));
  }

  /** The whole picture; undefined where a piece is not here (yet) or is not what was stored. */
  picture(assetId: string): Buffer | undefined {
    const key = assetKey(assetId);
    if (key === undefined) return undefined;
    const pieces = this.#pieces(key);
    if (pieces.length === 0 || pieces.length !== pieces[0]!.count) return undefined;
    const picture = Buffer.concat(pieces.map(({ bytes }) => bytes));
    return assetIdOf(picture) === assetId ? picture : undefined;
  }

  face(key: Buffer): Face | undefined {
    const row = this.#rows.get(Buffer.concat([Buffer.of(holds.face), key]));
    return row === undefined ? undefined : (JSON.parse(row.toString()) as Face);
  }

  faceOf(issuerId: string): Face | undefined {
    return this.face(faceKey(issuerId));
  }

  /** Inside a transaction. */
  putFace(key: Buffer, face: Face): void {
    const value = Buffer.from(JSON.stringify(face));
    this.#rows.put(Buffer.concat([Buffer.of(holds.face), key]), value);
  }

  #pieces(key: Buffer): Piece[] {
    const end = pieceKey(key, piecesMax);
    const rows = this.#rows.range({ start: pieceKey(key, 0), end, limit: piecesMax });
    return rows.map((row) => ({
      index: row.key[17]!,
      count: row.value[0]!,
      bytes: row.value.subarray(1),
    }));
  }
}

function pieceKey(key: Buffer, index: number): Buffer {
  return Buffer.concat([Buffer.of(holds.piece), key, Buffer.of(index)]);
}

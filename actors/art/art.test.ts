// Defends: a picture's pieces come together to the very bytes under its id, in any order and as
// often as they are sent, and nothing else does; a face changes as asked and in no other way.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MemoryStore } from "../store/memory.ts";
import { assetIdOf, assetKey, type Look, lookOf, pieceBytesMax, piecesOf } from "./art.ts";
import { ArtRows } from "./art-rows.ts";
import { decideFace, type FaceState } from "./face-kind.ts";
import { createPictureKind, decidePicture, pieceCodec } from "./picture-kind.ts";

const position = { incarnation: 1, shard: 0, seq: 1, ord: 0 };

describe("a picture", () => {
  test("is what its pieces are, in any order, sent any number of times", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 * pieceBytesMax }),
        fc.array(fc.nat(6), { maxLength: 20 }),
        (bytes, order) => {
          const store = new MemoryStore();
          const kind = createPictureKind(store);
          const rows = new ArtRows(store);
          const picture = Buffer.alloc(bytes, "pixels");
          const id = assetIdOf(picture);
          const key = assetKey(id)!;
          const pieces = piecesOf(picture);
          const sent = new Set<number>();
          for (const at of [...order, ...pieces.keys()]) {
            const index = at % pieces.length;
            const body = { index, count: pieces.length, bytes: pieces[index]! };
            const state = kind.load(key);
            const decision = decidePicture(state, pieceCodec.decode(pieceCodec.encode(body)));
            if (decision.kind === "reject") throw decision.error;
            expect(decision.events).toHaveLength(sent.has(index) ? 0 : 1);
            for (const event of decision.events) {
              const after = kind.evolve(state, event, 0);
              store.write(() => kind.project(key, state, after, event, position));
              expect(kind.load(key)).toEqual(after);
            }
            sent.add(index);
            expect(rows.picture(id) !== undefined).toBe(sent.size === pieces.length);
          }
          expect(rows.picture(id)?.equals(picture)).toBe(true);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("of other bytes than its id says is none", () => {
    const store = new MemoryStore();
    const kind = createPictureKind(store);
    const id = assetIdOf(Buffer.from("this one"));
    const key = assetKey(id)!;
    const piece = { index: 0, count: 1, bytes: Buffer.from("another") };
    store.write(() => kind.project(key, undefined, undefined, piece, position));
    expect(new ArtRows(store).picture(id)).toBeUndefined();
    expect(new ArtRows(store).picture("ast_00")).toBeUndefined();
  });

  test("takes no piece that cannot be one", () => {
    const of = (index: number, count: number, bytes = 1) => {
      return decidePicture({ mask: 1, count: 2 }, { index, count, bytes: Buffer.alloc(bytes) })
        .kind;
    };
    expect(of(1, 2)).toBe("accept");
    expect([of(2, 2), of(1, 3), of(0, 0), of(1, 2, pieceBytesMax + 1)]).toEqual(
      Array.from({ length: 4 }, () => "reject"),
    );
  });
});

describe("a face", () => {
  const look = (prefix: string, assetId: string): Look => {
    const colours = { background: "000000", foreground: "FFFFFF" };
    return { prefix, assetId, altText: "a card", ...colours, isGeneric: false };
  };
  const then = (state: FaceState, one: Look, onlyFirst = false) => {
    const decision = decideFace(state, { issuerId: "BANK0001", look: one, onlyFirst });
    if (decision.kind === "reject") throw decision.error;
    return { answer: decision.answer, state: decision.events.at(-1)?.after ?? state };
  };

  test("has one look a prefix, and the issuer's where there is none", () => {
    let { state } = then(undefined, look("", "ast_1"));
    state = then(state, look("999999", "ast_2")).state;
    state = then(state, look("", "ast_3")).state;
    expect(lookOf(state, "999999")?.assetId).toBe("ast_2");
    expect(lookOf(state, "888888")?.assetId).toBe("ast_3");
    expect(state?.version).toBe(3);
  });

  test("keeps its first look where only a first one was offered, and says which", () => {
    const { state } = then(undefined, look("", "ast_1"), true);
    const second = then(state, look("", "ast_2"), true);
    expect(second.answer).toMatchObject({ changed: false, look: { assetId: "ast_1" } });
    expect(second.state).toBe(state);
  });

  test("does not change by the same look again", () => {
    const { state } = then(undefined, look("", "ast_1"));
    expect(then(state, look("", "ast_1")).answer.changed).toBe(false);
  });
});

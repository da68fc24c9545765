// Names of things that are made of card numbers or of callers' own words: keyed, since a card
// number is soon guessed from a plain hash.
import { createHmac } from "node:crypto";
import { rowOf, type StoredCard } from "./upload-row.ts";

const firstLetter = 97;

/** 16 bytes as 32 letters a to p: without digits they can never be taken for a card number. */
function lettersOf(bytes: Buffer): string {
  return bytes
    .toString("hex")
    .slice(0, 32)
    .replace(/./g, (four) => String.fromCharCode(firstLetter + Number.parseInt(four, 16)));
}

export class Digests {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  /** Of an idempotency key: one client's, of one requestor, for one kind of call. */
  ofKey(kind: "card" | "batch", trid: string, client: string, idempotencyKey: string): string {
    const parts = [kind, trid, client, idempotencyKey];
    return lettersOf(this.#hmac(parts.map((part) => Buffer.from(part))));
  }

  /** Of a card and all that is said with it. */
  ofCard(card: StoredCard): string {
    const row = rowOf(0, card);
    const digest = lettersOf(this.#hmac([row]));
    row.fill(0);
    return digest;
  }

  /** Of many, in their order: 32 bytes in hex, and the same as a name. */
  ofBatch(trid: string, cards: readonly string[]): { readonly hex: string; readonly id: string } {
    const digest = this.#hmac([trid, ...cards].map((part) => Buffer.from(part)));
    return { hex: digest.toString("hex"), id: `mig_${lettersOf(digest)}` };
  }

  #hmac(parts: readonly Buffer[]): Buffer {
    const hmac = createHmac("sha256", this.#key);
    for (const part of parts) {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      hmac.update(length).update(part);
    }
    return hmac.digest();
  }
}

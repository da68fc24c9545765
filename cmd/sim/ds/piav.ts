// The value by which an issuer knows later that its own access control server let a payment pass:
// bound to the card, the check and the purchase. Only the issuer has the key.
import { createHmac, timingSafeEqual } from "node:crypto";

export interface CheckedPurchase {
  readonly pan: string;
  readonly dsTransId: string;
  /** Minor units. */
  readonly amount: number;
  /** ISO 4217, numeric. */
  readonly currency: string;
}

const piavBytes = 20;

export class PiavKey {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  /** 20 bytes in base64. */
  make(purchase: CheckedPurchase): string {
    return this.#bytes(purchase).toString("base64");
  }

  fits(piav: string, purchase: CheckedPurchase): boolean {
    const given = Buffer.from(piav, "base64");
    return given.length === piavBytes && timingSafeEqual(given, this.#bytes(purchase));
  }

  #bytes({ pan, dsTransId, amount, currency }: CheckedPurchase): Buffer {
    const text = [pan, dsTransId, amount, currency].join("\0");
    return createHmac("sha256", this.#key).update(text).digest().subarray(0, piavBytes);
  }
}

// Provisionings of one card number in an hour, over all doors of a node: somebody who tries a
// number again and again is slowed down, whichever door he takes. A repetition under its
// idempotency key asks for nothing new and does not count.
import type { CardDesk, DeskCall } from "../../actors/mod.ts";
import type { ClearPAN } from "../../codec/pan/mod.ts";
import type { Clock } from "../../platform/mod.ts";
import { bcdOf, type Vault } from "../../vault/mod.ts";
import { Quota } from "./quota.ts";

const hourMs = 3_600_000;

export interface CardRateOptions {
  readonly vault: Vault;
  readonly perHour: number;
  readonly clock: Clock;
}

export class CardRate {
  readonly #vault: Vault;
  readonly #quota: Quota;

  constructor({ vault, perHour, clock }: CardRateOptions) {
    this.#vault = vault;
    this.#quota = new Quota({ callsMax: perHour, windowMs: hourMs, clock, subject: "card" });
  }

  /** RATE_LIMITED. Counted by blind index: no number is kept. */
  take(pan: ClearPAN, desk: CardDesk, call: DeskCall): void {
    if (desk.isRepetition(call)) return;
    const bcd = bcdOf(pan);
    const index = this.#vault.sealing.index("card", bcd);
    bcd.fill(0);
    this.#quota.take(index.toString("base64"));
  }
}

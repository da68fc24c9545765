// Provisionings of one card number in an hour, over all doors of a node: somebody who tries a
// number again and again is slowed down, whichever door he takes. A repetition under its
// idempotency key asks for nothing new and does not count. In memory; where more cards come than it
// holds the oldest are forgotten, so that many cards never keep the next one out.
import type { CardDesk, DeskCall } from "../../actors/mod.ts";
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { appError, type Clock } from "../../platform/mod.ts";
import { bcdOf, type Vault } from "../../vault/mod.ts";

const hourMs = 3_600_000;
/** Some 30 MB; 70 provisionings a second for an hour. */
const cardsMaxDefault = 1 << 18;

export interface CardRateOptions {
  readonly vault: Pick<Vault, "sealing">;
  readonly perHour: number;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly cardsMax?: number;
}

interface Hour {
  readonly startMs: number;
  taken: number;
}

export class CardRate {
  readonly #options: CardRateOptions;
  /** By blind index, the oldest hour first. */
  readonly #hours = new Map<string, Hour>();

  constructor(options: CardRateOptions) {
    this.#options = options;
  }

  /** RATE_LIMITED with the time to wait. No number is kept. */
  take(pan: ClearPAN, desk: Pick<CardDesk, "isRepetition">, call: DeskCall): void {
    if (desk.isRepetition(call)) return;
    const { vault, perHour, clock } = this.#options;
    const bcd = bcdOf(pan);
    const card = vault.sealing.index("card", bcd).toString("latin1");
    bcd.fill(0);
    const now = clock.monotonicMs();
    const hour = this.#hours.get(card);
    if (hour === undefined || now - hour.startMs >= hourMs) this.#begin(card, now);
    else if (hour.taken < perHour) hour.taken++;
    else {
      const retryAfterMs = Math.ceil(hour.startMs + hourMs - now);
      const message = `A card is provisioned ${perHour} times an hour at most.`;
      throw appError("RATE_LIMITED", message, { retryAfterMs });
    }
  }

  #begin(card: string, startMs: number): void {
    this.#hours.delete(card);
    this.#hours.set(card, { startMs, taken: 1 });
    const [oldest] = this.#hours.keys();
    const { cardsMax = cardsMaxDefault } = this.#options;
    if (this.#hours.size > cardsMax && oldest !== undefined) this.#hours.delete(oldest);
  }
}

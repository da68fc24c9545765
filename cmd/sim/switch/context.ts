// What the scenarios share: tokens in turn, numbers of messages, and payments that later messages
// can be about.
import type { Clock } from "../../../platform/mod.ts";
import type { Original, Payment } from "../messages.ts";
import type { PtavSource, SimAgreement, SimToken } from "../tokens.ts";

/** Approved payments kept for replays, reversals and the like. */
const originalsMax = 10_000;
/** Agreements that this run set up. */
const agreementsMax = 10_000;
/** What a payment set up is written from the journal within a second; twice that is safe. */
const settledMs = 2_000;
/** A retransmission counts as one for 120 s; older originals are for reversals only. */
const freshMs = 60_000;
/** More than 20 failed PTAV checks of a token in 60 s would flag it; stay well below. */
const failuresMax = 15;
const failureWindowMs = 60_000;

const stanMax = 999_999;

interface Kept {
  readonly original: Original;
  readonly token: SimToken;
  /** The request as it was sent, for an exact retransmission. */
  readonly message: Buffer;
  readonly atMs: number;
}

export interface StandingAgreement {
  readonly token: SimToken;
  readonly agreement: SimAgreement;
  readonly readyMs: number;
}

export interface ContextOptions {
  readonly tokens: readonly SimToken[];
  readonly ptavs: PtavSource;
  readonly clock: Clock;
  readonly withMac: boolean;
  readonly random: (bytes: number) => Buffer;
}

export class SimContext {
  readonly ptavs: PtavSource;
  readonly clock: Clock;
  readonly withMac: boolean;
  readonly #active: readonly SimToken[];
  readonly #suspended: readonly SimToken[];
  readonly #originals: Kept[] = [];
  readonly #agreements: StandingAgreement[] = [];
  readonly #failures = new Map<string, { count: number; sinceMs: number }>();
  readonly #rrnPrefix: string;
  #turn = 0;
  #suspendedTurn = 0;
  #agreementTurn = 0;
  #sequence = 0;
  #stan: number;

  constructor(options: ContextOptions) {
    this.ptavs = options.ptavs;
    this.clock = options.clock;
    this.withMac = options.withMac;
    this.#active = options.tokens.filter((token) => token.state === "ACTIVE");
    this.#suspended = options.tokens.filter((token) => token.state === "SUSPENDED");
    // Two simulators at once must not send the same keys.
    const seed = options.random(6);
    this.#stan = seed.readUInt32BE(0) % stanMax;
    this.#rrnPrefix = String(seed.readUInt16BE(4) % 10_000).padStart(4, "0");
    for (const token of this.#active) {
      for (const agreement of token.agreements ?? []) {
        this.#agreements.push({ token, agreement, readyMs: Number.NEGATIVE_INFINITY });
      }
    }
  }

  get activeTokens(): number {
    return this.#active.length;
  }

  token(): SimToken {
    const token = this.#active[this.#turn++ % this.#active.length];
    if (token === undefined) throw new Error("the simulator has no active token");
    return token;
  }

  suspended(): SimToken | null {
    return this.#suspended[this.#suspendedTurn++ % Math.max(1, this.#suspended.length)] ?? null;
  }

  /** A token whose PTAV check may fail once more without flagging it; null when all are used up. */
  tokenToFail(): SimToken | null {
    for (let tries = 0; tries < Math.min(64, this.#active.length); tries++) {
      const token = this.token();
      if (this.mayFail(token)) return token;
    }
    return null;
  }

  /** Counts a failed PTAV check of the token; false where another one would be too many. */
  mayFail(token: SimToken): boolean {
    const nowMs = this.clock.monotonicMs();
    let entry = this.#failures.get(token.tpan);
    if (entry === undefined || nowMs - entry.sinceMs > failureWindowMs) {
      entry = { count: 0, sinceMs: nowMs };
      this.#failures.set(token.tpan, entry);
    }
    if (entry.count >= failuresMax) return false;
    entry.count += 1;
    return true;
  }

  /** DE11, DE37 and DE7 of the next message. */
  next(): { stan: number; rrn: string; seconds: number } {
    this.#stan = (this.#stan % stanMax) + 1;
    this.#sequence += 1;
    const rrn = this.#rrnPrefix + String(this.#sequence % 100_000_000).padStart(8, "0");
    return { stan: this.#stan, rrn, seconds: Math.floor(this.clock.nowMs() / 1_000) };
  }

  keepOriginal(token: SimToken, original: Original, message: Buffer): void {
    if (this.#originals.length >= originalsMax) this.#originals.shift();
    this.#originals.push({ token, original, message, atMs: this.clock.monotonicMs() });
  }

  /** The newest approved payment, for one use; null when there is none that is young enough. */
  takeFresh(): Kept | null {
    const kept = this.#originals.at(-1);
    if (kept === undefined || this.clock.monotonicMs() - kept.atMs > freshMs) return null;
    this.#originals.pop();
    return kept;
  }

  /** The oldest approved payment, for one use; null when none has settled. */
  takeSettled(): Kept | null {
    const kept = this.#originals[0];
    if (kept === undefined || this.clock.monotonicMs() - kept.atMs < settledMs) return null;
    this.#originals.shift();
    return kept;
  }

  keepAgreement(token: SimToken, agreement: SimAgreement): void {
    if (this.#agreements.length >= agreementsMax) return;
    const readyMs = this.clock.monotonicMs() + settledMs;
    this.#agreements.push({ token, agreement, readyMs });
  }

  /** An agreement that the service knows by now, or null. */
  agreement(): StandingAgreement | null {
    const standing = this.#agreements[this.#agreementTurn % Math.max(1, this.#agreements.length)];
    if (standing === undefined || standing.readyMs > this.clock.monotonicMs()) {
      this.#agreementTurn = 0;
      return null;
    }
    this.#agreementTurn += 1;
    return standing;
  }

  /** A cardholder's payment with this token, still without its PTAV. */
  payment(token: SimToken, amount: number): Payment {
    return {
      ...this.next(),
      tpan: token.tpan,
      tpanExpiry: token.tpanExpiry,
      trid: token.trid,
      amount,
      merchantId: token.merchantId,
      acquirerId: token.acquirerId,
      initiation: "C",
    };
  }
}

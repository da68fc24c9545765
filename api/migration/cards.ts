// Cards of a migration: who may have a token, and the token itself, by the card's own actor.
import type { CardDesk, Done, Provision } from "../../actors/mod.ts";
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { type AppError, type Clock, type ErrorCode, isAppError } from "../../platform/mod.ts";
import { hasPassed, type TokenView, type Vault } from "../../vault/mod.ts";
import type { UploadRow } from "./upload-row.ts";

/** The card is fit for a pre-authorisation, or why it is not. */
export type Eligibility =
  | { readonly ok: true; readonly issuer: number }
  | { readonly ok: false; readonly code: ErrorCode };

export interface MadeToken {
  readonly token: TokenView;
  readonly reused: boolean;
}

export interface MigrationCardsPorts {
  readonly vault: Vault;
  readonly desk: CardDesk;
  readonly clock: Clock;
}

/** A pre-authorisation that the issuer approved: "issuer account verification" (EMVCo). */
const assuranceByIssuer = 10;
const commandTimeoutMs = 10_000;
/** A restart of the service is over by then; the card's record says so otherwise. */
const retryForMs = 120_000;
const firstPauseMs = 100;
const pauseMaxMs = 3_000;

export class MigrationCards {
  readonly #ports: MigrationCardsPorts;

  constructor(ports: MigrationCardsPorts) {
    this.#ports = ports;
  }

  /** Whether the requestor takes part at all. */
  mayMigrate(trid: string): boolean {
    const { vault } = this.#ports;
    vault.freshRead();
    return vault.registry().findRequestor(trid)?.status === "ACTIVE";
  }

  /** What can be known without asking the issuer. */
  judge(trid: string, { pan, expiry, agreement }: UploadRow): Eligibility {
    const { vault, desk, clock } = this.#ports;
    const range = desk.rangeOf(pan);
    const refuse = (code: ErrorCode): Eligibility => ({ ok: false, code });
    if (range === undefined || !range.tokenisable) return refuse("CARD_NOT_ELIGIBLE");
    if (range.status !== "ACTIVE" || range.issuer.status !== "ACTIVE") {
      return refuse("CARD_NOT_ALLOWED");
    }
    if (hasPassed(expiry, Math.floor(clock.nowMs() / 1_000))) return refuse("CARD_EXPIRED");
    const requestor = vault.registry().findRequestor(trid);
    if (agreement !== undefined && requestor?.allowAttestedAgreements !== true) {
      return refuse("SCOPE_MISSING");
    }
    return { ok: true, issuer: range.issuer.number };
  }

  /**
   * The card's token; the same key gives the same one. Errors: what the actor refuses; after two
   * minutes what kept it from answering.
   */
  async provision(key: string, trid: string, row: UploadRow): Promise<MadeToken> {
    const { desk } = this.#ports;
    const command: Provision = {
      command: "provision",
      pan: row.pan,
      panExpiry: row.expiry,
      trid,
      assurance: assuranceByIssuer,
      active: true,
      verified: true,
      async: false,
      agreement: row.agreement,
    };
    const done = await this.#insist(key, trid, command);
    const token = desk.viewToken(String(done.answer.tokenRef), trid);
    return { token, reused: done.answer.reused === true };
  }

  async #insist(key: string, trid: string, command: Provision): Promise<Done> {
    const { desk, clock } = this.#ports;
    const untilMs = clock.monotonicMs() + retryForMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, pauseMaxMs)) {
      const deadlineMs = clock.monotonicMs() + commandTimeoutMs;
      const call = { client: `migrate:${trid}`, idempotencyKey: key, deadlineMs };
      try {
        return await desk.provision(call, command);
      } catch (error) {
        if (!isWorthAnother(error) || clock.monotonicMs() > untilMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs ?? pauseMs));
      }
    }
  }
}

function isWorthAnother(error: unknown): error is AppError {
  return isAppError(error) && error.retryable && error.kind !== "refused";
}

/** The digits of a requestor's own token. */
export function tokenDigits(tpan: ClearPAN): string {
  const digits = Buffer.alloc(tpan.length);
  tpan.copyTo(digits, 0);
  const text = digits.toString("latin1");
  digits.fill(0);
  return text;
}

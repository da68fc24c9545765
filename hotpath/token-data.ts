// Get Token Data: mints a PTAV for one payment. Stateless: any node can mint, and verification
// needs nothing that is written here; the journal row only serves the finer reasons of histories.
import { randomBytes } from "node:crypto";
import { bcdToDigits, panBcdBytes } from "../codec/pan/mod.ts";
import {
  encodePtavText,
  MAC_INPUT_BYTES,
  PTAV_BYTES,
  PTAV_HEADER_BYTES,
  PTAV_TEXT,
  ptavMacOffset,
  ptavProfileBit,
  writeMacInput,
  writePtavHeader,
} from "../codec/ptav/mod.ts";
import { Cmac, type Key, type KeyPage } from "../crypto/mod.ts";
import { appError, type Clock } from "../platform/mod.ts";
import {
  beginRow,
  cardStatus,
  type JournalWriter,
  parseRef,
  type ReplayStore,
  type Requestor,
  rowAt,
  rowKind,
  sealedBytes,
  tokenAt,
  tokenStatus,
  tridOf,
  type Vault,
} from "../vault/mod.ts";
import { monthAt } from "./rows.ts";
import { TokenRate } from "./token-rate.ts";
import { assignIds } from "./verification-id.ts";

export interface TokenDataParts {
  readonly vault: Vault;
  readonly replay: ReplayStore;
  readonly journal: JournalWriter;
  readonly keys: KeyPage;
  readonly clock: Clock;
  readonly ptavTtlSeconds: number;
  /** PTAVs of one token in a minute, on this node; 0: no limit. */
  readonly perTokenPerMinute: number;
  readonly random?: (bytes: number) => Buffer;
}

/** A request for a PTAV; the texts are checked, the rules are not. */
export interface TokenDataRequest {
  readonly trid: string;
  /** "tok_" and a UUID, or the UUID alone. */
  readonly tokenRef: string;
  readonly transactionType: "CIT" | "MIT";
  /** Minor units, 0 to 999,999,999,999. */
  readonly amount: bigint;
  /** ISO 4217 number, 3 digits. */
  readonly currency: string;
  /** 1-15 printable ASCII characters. */
  readonly merchantId: string;
  /** 4 bytes, or null. */
  readonly unpredictableNumber: Buffer | null;
  readonly bindAmount: boolean;
  readonly bindMerchant: boolean;
}

export interface TokenDataAnswer {
  readonly ptav: string;
  readonly tpan: string;
  /** YYMM. */
  readonly tpanExpiry: string;
  readonly trid: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

const ringgit = "458";
const amountMax = 999_999_999_999n;
const nonceBytes = 6;
/** Drawn at once: a call of `randomBytes` takes 5 µs, a seventh of a whole issue. */
const noncesDrawn = 256;

export class TokenDataService {
  /** PTAVs handed out since the start; read by the metrics. */
  issued = 0;
  private readonly parts: TokenDataParts;
  private readonly random: (bytes: number) => Buffer;
  private readonly rate: TokenRate;
  private readonly input = Buffer.alloc(MAC_INPUT_BYTES);
  private readonly ptav = Buffer.alloc(PTAV_BYTES);
  private readonly text = Buffer.alloc(PTAV_TEXT);
  private readonly tpan = Buffer.alloc(20);
  private readonly id = Buffer.alloc(16);
  private nonces: Buffer = Buffer.alloc(0);
  private noncesUsed = 0;
  private epoch = 0;
  private key: Key | null = null;
  private cmac: Cmac | null = null;

  constructor(parts: TokenDataParts) {
    this.parts = parts;
    this.random = parts.random ?? randomBytes;
    this.rate = new TokenRate(parts.perTokenPerMinute);
  }

  /** Refuses by throwing an AppError. */
  issue(request: TokenDataRequest): TokenDataAnswer {
    const { vault, clock } = this.parts;
    vault.freshRead();
    this.refreshKey();
    if (request.transactionType === "MIT") {
      throw appError("PTAV_NOT_APPLICABLE", "A merchant-initiated payment carries no PTAV.");
    }
    const now = Math.floor(clock.nowMs() / 1000);
    const { index, record } = this.findToken(request);
    const requestor = this.checkRequestor(record);
    checkBinding(request, requestor);
    checkState(record, now);
    this.rate.take(index, clock.monotonicMs());
    const issuedAt = this.issueTime(record, now);
    const digits = this.openTpan(record, index);
    const expiry = String(record.readUInt16LE(tokenAt.expiry)).padStart(4, "0");
    this.mint(request, issuedAt, digits, expiry);
    this.journal(request, index, issuedAt);
    const answer = {
      ptav: this.text.toString("latin1"),
      tpan: this.tpan.toString("latin1", 0, digits),
      tpanExpiry: expiry,
      trid: request.trid,
      expiresAt: issuedAt + this.parts.ptavTtlSeconds,
    };
    this.tpan.fill(0);
    this.issued++;
    return answer;
  }

  private findToken(request: TokenDataRequest): { index: Buffer; record: Buffer } {
    const ref = parseRef(request.tokenRef);
    const found = ref === undefined ? undefined : this.parts.vault.findTokenByRef(ref);
    // Another requestor's token is "not found" too: the answer tells nobody that it exists.
    if (found === undefined || tridOf(found.record) !== request.trid) throw tokenNotFound();
    return found;
  }

  private checkRequestor(record: Buffer): Requestor {
    const number = record.readUInt16LE(tokenAt.requestor);
    const requestor = this.parts.vault.registry().requestors[number];
    if (requestor === undefined || requestor.status !== "ACTIVE") {
      throw appError("REQUESTOR_SUSPENDED", "The token requestor is suspended.");
    }
    return requestor;
  }

  /**
   * Above every fence and above the last suspension, so that what is minted now can be verified.
   */
  private issueTime(record: Buffer, now: number): number {
    const fence = this.parts.replay.fence("ptav");
    return Math.max(now, fence + 1, record.readUInt32LE(tokenAt.ptavNotBefore) + 1);
  }

  private openTpan(record: Buffer, index: Buffer): number {
    const { sealing } = this.parts.vault;
    const sealed = record.subarray(tokenAt.sealedTpan, tokenAt.sealedTpan + sealedBytes);
    const plain = sealing.open(sealed, index, record.readUInt16LE(tokenAt.sealKeyVersion));
    const digits = bcdToDigits(plain, 0, panBcdBytes, this.tpan, 0);
    plain.fill(0);
    return digits;
  }

  private mint(request: TokenDataRequest, issuedAt: number, digits: number, expiry: string): void {
    const { ptav, input } = this;
    const nonce = this.nonce();
    request.unpredictableNumber?.copy(nonce, nonceBytes - 4);
    const profile =
      (request.bindAmount ? ptavProfileBit.AMOUNT : 0) |
      (request.bindMerchant ? ptavProfileBit.MERCHANT : 0) |
      (request.unpredictableNumber === null ? 0 : ptavProfileBit.REQUESTOR_NONCE);
    writePtavHeader(ptav, 0, profile, (this.key as Key).version, nonce, 0, issuedAt);
    const trid = Buffer.from(request.trid, "latin1");
    const amount = Buffer.from(request.amount.toString().padStart(12, "0"), "latin1");
    const merchant = Buffer.from(request.merchantId, "latin1");
    const written = writeMacInput(
      input,
      0,
      ptav,
      0,
      this.tpan,
      0,
      digits,
      Buffer.from(expiry, "latin1"),
      0,
      trid,
      0,
      trid.length,
      amount,
      0,
      Buffer.from(request.currency, "latin1"),
      0,
      merchant,
      0,
      merchant.length,
    );
    if (!written) throw new Error("a checked request does not fit the PTAV's MAC input");
    const macBytes = PTAV_BYTES - PTAV_HEADER_BYTES;
    (this.cmac as Cmac).mac(input, 0, MAC_INPUT_BYTES, ptav, ptavMacOffset, macBytes);
    input.fill(0);
    encodePtavText(ptav, 0, this.text, 0);
  }

  private nonce(): Buffer {
    if (this.noncesUsed === this.nonces.length) {
      this.nonces = this.random(nonceBytes * noncesDrawn);
      this.noncesUsed = 0;
    }
    this.noncesUsed += nonceBytes;
    return this.nonces.subarray(this.noncesUsed - nonceBytes, this.noncesUsed);
  }

  /** Best effort: verification never needs it. */
  private journal(request: TokenDataRequest, index: Buffer, issuedAt: number): void {
    const { journal, clock } = this.parts;
    const { rows } = journal;
    const nowMs = clock.nowMs();
    beginRow(rows, 0, rowKind.ptavIssued);
    assignIds(this.id, 1, nowMs);
    this.id.copy(rows, rowAt.verificationId);
    rows.writeDoubleLE(nowMs, rowAt.timeMs);
    index.copy(rows, rowAt.index);
    rows.write(request.trid.padStart(12, "0"), rowAt.trid, "hex");
    if (request.bindAmount) {
      rows.write(request.amount.toString().padStart(12, "0"), rowAt.amount, "latin1");
      rows.write(request.currency, rowAt.currency, "latin1");
    }
    if (request.bindMerchant) {
      rows.write(request.merchantId.padEnd(15, " "), rowAt.merchant, "latin1");
    }
    rows[rowAt.kvn] = (this.key as Key).version;
    rows.writeUInt32LE(issuedAt, rowAt.issuedAt);
    this.ptav.copy(rows, rowAt.nonce, 2, 2 + nonceBytes);
    try {
      journal.append(1);
    } catch {
      // Histories lose a finer reason; the payment does not.
    }
  }

  private refreshKey(): void {
    const { keys } = this.parts;
    if (keys.epoch() === this.epoch) return;
    const ring = keys.read();
    this.key = ring.active("ptav");
    this.cmac = new Cmac(this.key.bytes);
    this.epoch = ring.epoch;
  }
}

function tokenNotFound() {
  return appError("TOKEN_NOT_FOUND", "No token with this reference belongs to the requestor.");
}

function checkBinding(request: TokenDataRequest, requestor: Requestor): void {
  if (request.currency !== ringgit) {
    throw appError("INVALID_FIELD", "The currency must be 458 (MYR).", {
      details: { field: "currency" },
    });
  }
  if (request.amount < 0n || request.amount > amountMax) {
    throw appError("INVALID_FIELD", "The amount must have at most 12 digits.", {
      details: { field: "amount" },
    });
  }
  if (!/^[\x20-\x7e]{1,15}$/.test(request.merchantId)) {
    throw appError("INVALID_FIELD", "A merchant id has 1 to 15 printable characters.", {
      details: { field: "merchant_id" },
    });
  }
  const amountFree = request.bindAmount || requestor.allowUnboundAmount;
  const merchantFree = request.bindMerchant || requestor.allowUnboundMerchant;
  if (!amountFree || !merchantFree) {
    throw appError("SCOPE_MISSING", "The token requestor may not ask for an unbound PTAV.");
  }
}

/** Effective state: the worse of the token's and the card's. */
function checkState(record: Buffer, now: number): void {
  const status = record[tokenAt.status];
  const card = record[tokenAt.cardStatus];
  if (status === tokenStatus.DELETED || card === cardStatus.DELETED) {
    throw appError("TOKEN_DELETED", "The token was deleted.");
  }
  if (status === tokenStatus.INACTIVE) {
    throw appError("TOKEN_STATE_CONFLICT", "The token is not active yet.");
  }
  if (status === tokenStatus.SUSPENDED || card === cardStatus.SUSPENDED) {
    throw appError("TOKEN_SUSPENDED", "The token is suspended.");
  }
  const month = monthAt(now);
  if (status === tokenStatus.EXPIRED || record.readUInt16LE(tokenAt.expiry) < month) {
    throw appError("TOKEN_EXPIRED", "The token has expired.");
  }
  if (record.readUInt16LE(tokenAt.cardExpiry) < month) {
    throw appError("CARD_EXPIRED", "The card behind the token has expired.");
  }
}

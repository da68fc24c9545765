// Tokens for the simulator out of a vault beside it, with the cards that approvals must hand back.
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { appError } from "../../platform/mod.ts";
import { agreementsOf, type Vault, viewOf } from "../../vault/mod.ts";
import type { SimAgreement, SimToken } from "./tokens.ts";

export interface VaultTokenOptions {
  /** Active tokens to take; the simulator uses them in turn. */
  readonly tokensMax: number;
  /** DE32; only tokens of requestors that may use it are taken. */
  readonly acquirerId: string;
  /** DE42, likewise. */
  readonly merchantId: string;
}

/** Suspended tokens to take beside the active ones. */
const suspendedMax = 100;
/**
 * Rows looked at for each token that is wanted: a vault of other acquirers must not be read whole.
 */
const lookedAtMax = 100;

/** Throws TOKEN_NOT_FOUND where no token can pay there. */
export function readVaultTokens(vault: Vault, options: VaultTokenOptions): SimToken[] {
  const active: SimToken[] = [];
  const suspended: SimToken[] = [];
  let rows = 0;
  for (const { key, value } of vault.tables.tokens.getRange({})) {
    rows += 1;
    if (active.length >= options.tokensMax || rows > options.tokensMax * lookedAtMax) break;
    const token = toToken(vault, Buffer.from(key), Buffer.from(value), options);
    if (token === null) continue;
    if (token.state === "ACTIVE") active.push(token);
    else if (suspended.length < suspendedMax) suspended.push(token);
  }
  if (active.length === 0) {
    const where = `acquirer ${options.acquirerId}, merchant ${options.merchantId}`;
    throw appError("TOKEN_NOT_FOUND", `The vault has no active token that can pay at ${where}.`);
  }
  return [...active, ...suspended];
}

function toToken(
  vault: Vault,
  index: Buffer,
  record: Buffer,
  options: VaultTokenOptions,
): SimToken | null {
  const view = viewOf(vault, index, record);
  const usable = view.status === "ACTIVE" || view.status === "SUSPENDED";
  if (!usable || view.cardStatus !== "ACTIVE") return null;
  const requestor = vault.registry().findRequestor(view.trid);
  if (requestor === undefined || requestor.status !== "ACTIVE") return null;
  const acquirer = Buffer.from(options.acquirerId, "latin1");
  const merchant = Buffer.from(options.merchantId, "latin1");
  if (!requestor.acquirers.has(acquirer, 0, acquirer.length)) return null;
  const anywhere = requestor.merchants.size === 0;
  if (!anywhere && !requestor.merchants.has(merchant, 0, merchant.length)) return null;
  return {
    tpan: digitsOf(view.tpan).toString("latin1"),
    tpanExpiry: view.expiry,
    trid: view.trid,
    tokenRef: view.ref,
    state: view.status === "ACTIVE" ? "ACTIVE" : "SUSPENDED",
    acquirerId: options.acquirerId,
    merchantId: options.merchantId,
    card: { pan: digitsOf(view.pan), expiry: view.cardExpiry },
    agreements: standing(vault, index, options),
  };
}

function digitsOf(number: ClearPAN): Buffer {
  const digits = Buffer.alloc(20);
  return digits.subarray(0, number.copyTo(digits, 0));
}

const mitLetters = [
  [1, "R"],
  [2, "I"],
  [4, "U"],
] as const;

function standing(vault: Vault, index: Buffer, options: VaultTokenOptions): SimAgreement[] {
  const found: SimAgreement[] = [];
  for (const agreement of agreementsOf(vault, index)) {
    if (agreement.revokedAt !== 0 || agreement.acquirer !== options.acquirerId) continue;
    if (agreement.merchant.trimEnd() !== options.merchantId) continue;
    const letter = mitLetters.find(([bit]) => (agreement.types & bit) !== 0);
    if (letter !== undefined) found.push({ id: agreement.id, mitType: letter[1] });
  }
  return found;
}

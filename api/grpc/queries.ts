// Checks what a directory server or a requestor sent, field by field, before anybody looks it up.

import type { DirectoryQuery, TokenDataRequest } from "../../hotpath/mod.ts";
import {
  Binding,
  type GetTokenDataRequest,
  type ResolveRequest,
  TransactionType,
} from "../../proto/mod.ts";
import { amountMax } from "./payment-message.ts";
import { type FieldViolation, InvalidFields } from "./status.ts";

type Check = readonly [field: string, value: string, pattern: RegExp, rule: string];

function violationsOf(checks: readonly Check[]): FieldViolation[] {
  const violations: FieldViolation[] = [];
  for (const [field, value, pattern, rule] of checks) {
    if (value === "") {
      violations.push({ field, code: "MISSING_FIELD", description: "must be given" });
    } else if (!pattern.test(value)) {
      violations.push({ field, code: "INVALID_FIELD", description: rule });
    }
  }
  return violations;
}

const trid = [/^[0-9]{11}$/, "11 digits"] as const;
const merchant = [/^[ -~]{1,15}$/, "1 to 15 printable ASCII characters"] as const;

export function checkResolve(request: ResolveRequest): DirectoryQuery {
  const violations = violationsOf([
    ["tpan", request.tpan, /^[0-9]{13,19}$/, "13 to 19 digits"],
    ["token_expiry", request.tokenExpiry, /^[0-9]{4}$/, "4 digits, YYMM"],
    ["trid", request.trid, ...trid],
    ["acquirer_id", request.acquirerId, /^[0-9]{1,11}$/, "1 to 11 digits"],
    ["merchant_id", request.merchantId, ...merchant],
  ]);
  if (violations.length > 0) throw new InvalidFields(violations);
  return {
    tpan: request.tpan,
    tokenExpiry: request.tokenExpiry,
    trid: request.trid,
    acquirerId: request.acquirerId,
    merchantId: request.merchantId,
  };
}

/** Bytes of a requestor's part of the nonce. */
const unpredictableBytes = 4;

export function checkTokenData(request: GetTokenDataRequest): TokenDataRequest {
  const { transactionType, unpredictableNumber, amount } = request;
  const cit = transactionType === TransactionType.TRANSACTION_TYPE_CIT;
  const mit = transactionType === TransactionType.TRANSACTION_TYPE_MIT;
  const violations = violationsOf([
    ["trid", request.trid, ...trid],
    ["token_ref", request.tokenRef, /^[!-~]{1,64}$/, "1 to 64 printable ASCII characters"],
    ["currency", request.currency, /^[0-9]{3}$/, "3 digits of ISO 4217"],
    ["merchant_id", request.merchantId, ...merchant],
  ]);
  const refuse = (field: string, description: string) => {
    violations.push({ field, code: "INVALID_FIELD", description });
  };
  if (!cit && !mit) {
    const description = "must be given";
    violations.push({ field: "transaction_type", code: "MISSING_FIELD", description });
  }
  if (amount > amountMax) refuse("amount", "at most 999,999,999,999");
  const nonce = unpredictableNumber.length;
  if (nonce !== 0 && nonce !== unpredictableBytes)
    refuse("unpredictable_number", "4 bytes or none");
  for (const field of ["amountBinding", "merchantBinding"] as const) {
    const known = Object.values<number>(Binding).includes(request[field]);
    if (!known) refuse(field.replace("B", "_b"), "BINDING_BOUND or BINDING_UNBOUND");
  }
  if (violations.length > 0) throw new InvalidFields(violations);
  return {
    trid: request.trid,
    tokenRef: request.tokenRef,
    transactionType: cit ? "CIT" : "MIT",
    amount,
    currency: request.currency,
    merchantId: request.merchantId,
    unpredictableNumber: nonce === 0 ? null : unpredictableNumber,
    bindAmount: request.amountBinding !== Binding.BINDING_UNBOUND,
    bindMerchant: request.merchantBinding !== Binding.BINDING_UNBOUND,
  };
}

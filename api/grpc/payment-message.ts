// Structured requests become ISO 8583 messages here, so that one path judges everything. All that
// is wrong with a request is named at once; no value of it stands in an error.
import { CodecError, type MessageInput, mydebit } from "../../codec/iso8583/mod.ts";
import type { AppError } from "../../platform/mod.ts";
import type { AdviseRequest, OriginalData, VerifyRequest } from "../../proto/mod.ts";
import {
  fieldOfPath,
  followUpTypes,
  isOtherTag,
  paymentFields,
  paymentTypes,
} from "./payment-fields.ts";
import { type FieldViolation, InvalidFields } from "./status.ts";

/** Twelve digits of minor units. */
export const amountMax = 999_999_999_999n;

/** Violations of one request that are named; the rest would only lengthen the answer. */
const violationsMax = 32;

type Fields = Record<string, string | Record<string, string>>;

/** One request on its way to a message: what is put, and what was wrong. */
class Draft {
  readonly fields: Fields = {};
  readonly tags: Record<string, string> = {};
  readonly violations: FieldViolation[] = [];

  put(path: string, value: string): void {
    const [element = "", tag] = path.split(".");
    if (tag === undefined) this.fields[element] = value;
    else this.tags[tag] = value;
  }

  invalid(field: string, description: string): void {
    this.#violation({ field, code: "INVALID_FIELD", description });
  }

  missing(field: string): void {
    this.#violation({ field, code: "MISSING_FIELD", description: "must be given" });
  }

  text(field: string, path: string, value: string, pattern: RegExp, rule: string): void {
    if (value === "") this.missing(field);
    else if (pattern.test(value)) this.put(path, value);
    else this.invalid(field, rule);
  }

  amount(field: string, path: string, value: bigint): void {
    if (value > amountMax) this.invalid(field, "at most 999,999,999,999");
    else this.put(path, value.toString().padStart(12, "0"));
  }

  message(mti: string): MessageInput {
    if (this.violations.length > 0) throw new InvalidFields(this.violations);
    if (Object.keys(this.tags).length > 0) this.fields["120"] = this.tags;
    return { mti, fields: this.fields };
  }

  #violation(violation: FieldViolation): void {
    if (this.violations.length < violationsMax) this.violations.push(violation);
  }
}

function putFields(draft: Draft, request: VerifyRequest): void {
  const payment = paymentTypes.has(request.mti);
  for (const row of paymentFields) {
    const value = request[row.field];
    if (value === "") {
      if (row.needed === "always" || (payment && row.needed === "payment")) draft.missing(row.name);
    } else if (!row.pattern.test(value)) draft.invalid(row.name, row.rule);
    else draft.put(row.path, row.padTo > 0 ? value.padEnd(row.padTo, " ") : value);
  }
}

function putOtherTags(draft: Draft, request: VerifyRequest): void {
  request.otherTags.forEach(({ tag, value }, index) => {
    const name = tag < 100 ? String(tag).padStart(2, "0") : "";
    if (!isOtherTag(tag)) {
      draft.invalid(`other_tags[${index}].tag`, "21-39, 42-49 or 60-99");
    } else if (!/^[ -~]{1,994}$/.test(value)) {
      draft.invalid(`other_tags[${index}].value`, "1 to 994 printable ASCII characters");
    } else if (draft.tags[name] !== undefined) {
      draft.invalid(`other_tags[${index}].tag`, "each tag once");
    } else draft.tags[name] = value;
  });
}

/** DE90: message type, STAN, DE7, DE32 and DE33 filled up with zeros on the left. */
function putOriginal(draft: Draft, original: OriginalData): void {
  const { mti, stan, transmissionDateTime, acquirerId, forwarderId } = original;
  const part = (field: string, value: string, pattern: RegExp, rule: string): string => {
    if (!pattern.test(value)) draft.invalid(`original.${field}`, rule);
    return value;
  };
  draft.put(
    "90",
    part("mti", mti, /^[0-9]{4}$/, "4 digits") +
      part("stan", stan, /^[0-9]{6}$/, "6 digits") +
      part("transmission_date_time", transmissionDateTime, /^[0-9]{10}$/, "10 digits") +
      part("acquirer_id", acquirerId, /^[0-9]{1,11}$/, "1 to 11 digits").padStart(11, "0") +
      part("forwarder_id", forwarderId, /^[0-9]{0,11}$/, "up to 11 digits").padStart(11, "0"),
  );
}

function verifyMessage(request: VerifyRequest): MessageInput {
  const draft = new Draft();
  const followUp = followUpTypes.has(request.mti);
  if (request.mti === "") draft.missing("mti");
  else if (!followUp && !paymentTypes.has(request.mti)) {
    draft.invalid("mti", "one of 0100 0101 0200 0201 0220 0221 0400 0401 0420 0421");
  }
  putFields(draft, request);
  putOtherTags(draft, request);
  draft.amount("amount", "4", request.amount);
  if (request.original !== undefined) putOriginal(draft, request.original);
  else if (followUp) draft.missing("original");
  if (request.replacementAmount > 0n) {
    draft.amount("replacement_amount", "95", request.replacementAmount);
    // The other three amounts of DE95 are the settlement amount and two fees: not used here.
    const [amount] = [draft.fields["95"]];
    if (typeof amount === "string") draft.put("95", amount.padEnd(42, "0"));
  }
  return draft.message(request.mti);
}

const advisePatterns = [
  ["tpan", "2", /^[0-9]{13,19}$/, "13 to 19 digits"],
  ["processing_code", "3", /^[0-9]{6}$/, "6 digits"],
  ["transmission_date_time", "7", /^[0-9]{10}$/, "10 digits"],
  ["stan", "11", /^[0-9]{6}$/, "6 digits"],
  ["local_time", "12", /^[0-9]{6}$/, "6 digits"],
  ["local_date", "13", /^[0-9]{4}$/, "4 digits"],
  ["acquirer_id", "32", /^[0-9]{1,11}$/, "1 to 11 digits"],
  ["rrn", "37", /^[ -~]{12}$/, "12 characters"],
  ["response_code", "39", /^[0-9A-Z]{2}$/, "2 characters"],
  ["merchant_id", "42", /^[ -~]{1,15}$/, "1 to 15 printable ASCII characters"],
  ["currency", "49", /^[0-9]{3}$/, "3 digits"],
  ["verification_id", "120.14", /^[ -~]{36}$/, "36 characters"],
] as const;

function adviseMessage(request: AdviseRequest): MessageInput {
  const draft = new Draft();
  const values: Record<string, string> = {
    tpan: request.tpan,
    processing_code: request.processingCode,
    transmission_date_time: request.transmissionDateTime,
    stan: request.stan,
    local_time: request.localTime,
    local_date: request.localDate,
    acquirer_id: request.acquirerId,
    rrn: request.rrn,
    response_code: request.responseCode,
    merchant_id: request.merchantId,
    currency: request.currency,
    verification_id: request.verificationId,
  };
  for (const [field, path, pattern, rule] of advisePatterns) {
    draft.text(field, path, values[field] ?? "", pattern, rule);
  }
  const merchant = draft.fields["42"];
  if (typeof merchant === "string") draft.put("42", merchant.padEnd(15, " "));
  draft.amount("amount", "4", request.amount);
  if (request.original === undefined) draft.missing("original");
  else putOriginal(draft, request.original);
  return draft.message(request.repeat ? "0121" : "0120");
}

/** Also leads back what fits its pattern and yet cannot be written, such as too many tags. */
function encode(message: MessageInput, out: Buffer, at: number): number {
  try {
    return mydebit.encode(message, out, at) - at;
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    const description = `does not fit the message: ${error.code}`;
    const field = fieldOfPath(error.path);
    throw new InvalidFields([{ field, code: "INVALID_FIELD", description }]);
  }
}

/** Writes structured requests as messages from the MTI on. Throws InvalidFields. */
export class PaymentEncoder {
  /** Returns the length of the message. */
  encodeVerify(request: VerifyRequest | undefined, out: Buffer, at: number): number {
    if (request === undefined) {
      const description = "must be given";
      throw new InvalidFields([{ field: "request", code: "MISSING_FIELD", description }]);
    }
    return encode(verifyMessage(request), out, at);
  }

  encodeAdvise(request: AdviseRequest, out: Buffer, at: number): number {
    return encode(adviseMessage(request), out, at);
  }
}

/** The same violations under a longer path, such as `requests[3].amount`. */
export function nested(error: AppError, prefix: string): AppError {
  if (!(error instanceof InvalidFields)) return error;
  return new InvalidFields(
    error.violations.map((violation) => ({ ...violation, field: `${prefix}.${violation.field}` })),
  );
}

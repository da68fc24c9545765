// A row of an upload: what its columns may hold, and what is wrong with it otherwise. Reasons name
// the column, never its value.
import type { Provision } from "../../actors/mod.ts";
import { beginsFormula, parseRow, writeRow } from "../../codec/csv/mod.ts";
import { ClearPAN } from "../../codec/pan/mod.ts";
import { mitTypesOf, parseYymm } from "../../vault/mod.ts";

export const uploadColumns = [
  "record_no",
  "requestor_ref",
  "pan",
  "expiry_yymm",
  "cardholder_name",
  "consumer_ref",
  "consent_at",
  "agreement_id",
  "mit_types",
  "merchant_id",
  "acquirer_id",
] as const;

type Column = (typeof uploadColumns)[number];
type Fault = "MISSING" | "INVALID";
/** Reason code of a row that cannot be used. */
export type RowFault = "ROW_MALFORMED" | `${Uppercase<Column>}_${Fault}`;

export interface UploadRow {
  /** The requestor's own name of the card. */
  readonly requestorRef: string;
  readonly pan: ClearPAN;
  /** YYMM as a number. */
  readonly expiry: number;
  readonly agreement: Provision["agreement"];
}

/** A card as it comes over the API. Its texts are as the columns want them. */
export interface StoredCard {
  readonly requestorRef: string;
  readonly pan: ClearPAN;
  /** YYMM as a number. */
  readonly expiry: number;
  /** Empty where there is none. */
  readonly consumerRef: string;
  /** RFC 3339, UTC. */
  readonly consentAt: string;
  readonly agreement:
    | {
        readonly id: string;
        /** Letters of R, I, U. */
        readonly types: string;
        readonly merchant: string;
        readonly acquirer: string;
      }
    | undefined;
}

/**
 * The card as a row of an upload, which is then judged like any other; wipe it after use. Throws a
 * RangeError for a text that a spreadsheet would run.
 */
export function rowOf(recordNo: number, card: StoredCard): Buffer {
  const { requestorRef, pan, expiry, consumerRef, consentAt, agreement } = card;
  const terms =
    agreement === undefined
      ? ["", "", "", ""]
      : [agreement.id, agreement.types, agreement.merchant, agreement.acquirer];
  const yymm = String(expiry).padStart(4, "0");
  const before = writeRow([String(recordNo), requestorRef]).replace("\n", ",");
  const after = writeRow(["", yymm, "", consumerRef, consentAt, ...terms]).replace("\n", "");
  const digits = Buffer.alloc(pan.length);
  pan.copyTo(digits, 0);
  const row = Buffer.concat([Buffer.from(before), digits, Buffer.from(after)]);
  digits.fill(0);
  return row;
}

export type JudgedRow =
  | { readonly ok: true; readonly row: UploadRow }
  /** `requestorRef` is empty where it is what cannot be used. */
  | { readonly ok: false; readonly fault: RowFault; readonly requestorRef: string };

/** Longest value of each text column. */
const referenceMax = 64;
const nameMax = 64;

class Faulty extends Error {
  readonly fault: RowFault;

  constructor(column: Column, why: Fault) {
    super("a column cannot be used");
    this.fault = `${column.toUpperCase() as Uppercase<Column>}_${why}`;
  }
}

type Values = Readonly<Record<Column, Buffer>>;

/** `recordNo`: the number that the row must have, counting from 1. */
export function judgeRow(line: Buffer, recordNo: number): JudgedRow {
  const fields = parseRow(line, uploadColumns.length);
  if (fields?.length !== uploadColumns.length) {
    return { ok: false, fault: "ROW_MALFORMED", requestorRef: "" };
  }
  const values = Object.fromEntries(
    uploadColumns.map((column, i) => [column, fields[i]]),
  ) as unknown as Values;
  let requestorRef = "";
  try {
    requestorRef = text(values, "requestor_ref", /^[!-~]{1,64}$/);
    if (text(values, "record_no", /^[0-9]{1,9}$/) !== String(recordNo)) {
      throw new Faulty("record_no", "INVALID");
    }
    return { ok: true, row: { requestorRef, ...cardOf(values), ...termsOf(values) } };
  } catch (error) {
    if (!(error instanceof Faulty)) throw error;
    return { ok: false, fault: error.fault, requestorRef };
  }
}

function cardOf(values: Values): Pick<UploadRow, "pan" | "expiry"> {
  const expiry = parseYymm(text(values, "expiry_yymm", /^[0-9]{4}$/));
  if (expiry === undefined) throw new Faulty("expiry_yymm", "INVALID");
  optional(values, "cardholder_name", nameMax);
  optional(values, "consumer_ref", referenceMax);
  const consent = text(values, "consent_at", /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|\+[0-9:]+)$/);
  if (Number.isNaN(Date.parse(consent))) throw new Faulty("consent_at", "INVALID");
  return { pan: panOf(values.pan), expiry };
}

function panOf(digits: Buffer): ClearPAN {
  if (digits.length === 0) throw new Faulty("pan", "MISSING");
  try {
    return ClearPAN.parse(digits);
  } catch {
    throw new Faulty("pan", "INVALID");
  }
}

/** All four columns of an agreement, or none of them. */
function termsOf(values: Values): Pick<UploadRow, "agreement"> {
  const columns = ["agreement_id", "mit_types", "merchant_id", "acquirer_id"] as const;
  if (columns.every((column) => values[column].length === 0)) return { agreement: undefined };
  const types = mitTypesOf(text(values, "mit_types", /^[RIU]{1,3}$/));
  if (types === undefined) throw new Faulty("mit_types", "INVALID");
  const agreement = {
    id: text(values, "agreement_id", /^[!-~]{1,36}$/),
    merchant: text(values, "merchant_id", /^[ -~]{1,15}$/),
    acquirer: text(values, "acquirer_id", /^[0-9]{1,11}$/),
    types,
    source: "MIGRATION",
  } as const;
  return { agreement };
}

function text(values: Values, column: Column, pattern: RegExp): string {
  const bytes = values[column];
  if (bytes.length === 0) throw new Faulty(column, "MISSING");
  // Longer than any column's text, so that no long value becomes a string first.
  const value = bytes.length > 128 ? "" : bytes.toString("utf8");
  if (!pattern.test(value) || beginsFormula(value)) throw new Faulty(column, "INVALID");
  return value;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** A text that is checked and not kept. */
function optional(values: Values, column: Column, charactersMax: number): void {
  let value: string;
  try {
    value = utf8.decode(values[column]);
  } catch {
    throw new Faulty(column, "INVALID");
  }
  const isPlain = !/\p{Cc}/u.test(value) && !beginsFormula(value);
  if (value.length > charactersMax || !isPlain) throw new Faulty(column, "INVALID");
}

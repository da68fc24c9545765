// What a requestor gets back: a row a record in the order of the upload, and an acknowledgement.
import { parseRow, writeRow } from "../../codec/csv/mod.ts";
import { type RecordStatus, recordStatuses } from "./checkpoints.ts";
import { doneOf, type RunStatus } from "./status.ts";

export const resultColumns = [
  "record_no",
  "requestor_ref",
  "status",
  "reason_code",
  "token_ref",
  "tpan",
  "tpan_expiry",
  "par",
  "card_last4",
  "reused",
] as const;

export const resultHeader = writeRow(resultColumns);

interface Row {
  readonly recordNo: number;
  readonly requestorRef: string;
  readonly status: RecordStatus;
}

export interface TokenRow extends Row {
  readonly tokenRef: string;
  readonly tpan: string;
  /** YYMM. */
  readonly tpanExpiry: string;
  readonly par: string;
  readonly last4: string;
  readonly reused: boolean;
}

export function tokenLine(row: TokenRow): string {
  const { recordNo, requestorRef, status, tokenRef, tpan, tpanExpiry, par, last4, reused } = row;
  const token = [tokenRef, tpan, tpanExpiry, par, last4, String(reused)];
  return writeRow([String(recordNo), requestorRef, status, "", ...token]);
}

export function failedLine(row: Row & { readonly reason: string }): string {
  const { recordNo, requestorRef, status, reason } = row;
  return writeRow([String(recordNo), requestorRef, status, reason, "", "", "", "", "", ""]);
}

/** What came of a record, out of its line. */
export type RecordResult =
  | (TokenRow & { readonly status: "TOKENISED" | "DUPLICATE" })
  | (Row & {
      readonly status: Exclude<RecordStatus, "TOKENISED" | "DUPLICATE">;
      readonly reason: string;
    });

export function resultOf(line: string): RecordResult {
  const fields = parseRow(Buffer.from(line.trimEnd(), "utf8"), resultColumns.length);
  const [number = "", requestorRef = "", status = "", reason = "", ...token] =
    fields?.map((field) => field.toString("utf8")) ?? [];
  const [tokenRef = "", tpan = "", tpanExpiry = "", par = "", last4 = "", reused] = token;
  const recordNo = Number(number);
  if (status !== "TOKENISED" && status !== "DUPLICATE") {
    const failed = recordStatuses.find((one) => one === status) as "ERROR" | undefined;
    if (failed === undefined) throw new Error("this is no line of a result");
    return { recordNo, requestorRef, status: failed, reason };
  }
  const row = { recordNo, requestorRef, status, tokenRef, tpan, tpanExpiry, par, last4 } as const;
  return { ...row, reused: reused === "true" };
}

const ackHeader = [
  "file",
  "outcome",
  "reason_code",
  "records",
  ...recordStatuses.map((status) => status.toLowerCase()),
  "sha256",
];

/** Header and one row. Nothing in it is about a single card. */
export function ackText(name: string, status: RunStatus): string {
  const { state, refused = "", counts, sha256 = "" } = status;
  const outcome = state === "REFUSED" ? "REFUSED" : "DONE";
  const numbers = [doneOf(status), ...recordStatuses.map((one) => counts[one])].map(String);
  return writeRow(ackHeader) + writeRow([name, outcome, refused, ...numbers, sha256]);
}

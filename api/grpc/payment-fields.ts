// Which field of a structured payment is which element of an ISO 8583 message, what may stand in
// it, and when it must be there. One table: requests are checked and written by it, and an error of
// the codec is led back to the field that caused it.
import type { VerifyRequest } from "../../proto/mod.ts";

type TextField = {
  [K in keyof VerifyRequest]: VerifyRequest[K] extends string ? K : never;
}[keyof VerifyRequest];

export interface FieldRow {
  readonly field: TextField;
  /** Name in the proto, as errors print it. */
  readonly name: string;
  /** "11" for an element, "120.05" for a tag of DE120. */
  readonly path: string;
  readonly pattern: RegExp;
  readonly rule: string;
  /** `payment`: in 0100 and 0200 and their repeats; `always`: in all messages. */
  readonly needed: "always" | "payment" | "optional";
  /** Fixed length that shorter texts are filled up to with spaces. */
  readonly padTo: number;
}

type Needed = FieldRow["needed"];

const digits = (least: number, most: number): [RegExp, string] => [
  new RegExp(`^[0-9]{${least === most ? most : `${least},${most}`}}$`),
  least === most ? `${most} digits` : `${least} to ${most} digits`,
];
const text = (most: number): [RegExp, string] => [
  new RegExp(`^[ -~]{1,${most}}$`),
  `1 to ${most} printable ASCII characters`,
];

function row(
  field: TextField,
  path: string,
  needed: Needed,
  [pattern, rule]: [RegExp, string],
  padTo = 0,
): FieldRow {
  const name = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return { field, name, path, pattern, rule, needed, padTo };
}

/**
 * The network profile. A missing or odd TRID, PTAV, MIT type, entry mode or agreement is no error
 * of the call: the verification table has a reason for each, and the switch wants that reason.
 */
export const paymentFields: readonly FieldRow[] = [
  row("tpan", "2", "always", digits(13, 19)),
  row("processingCode", "3", "always", digits(6, 6)),
  row("transmissionDateTime", "7", "always", digits(10, 10)),
  row("stan", "11", "always", digits(6, 6)),
  row("localTime", "12", "always", digits(6, 6)),
  row("localDate", "13", "always", digits(4, 4)),
  row("tokenExpiry", "14", "payment", digits(4, 4)),
  row("mcc", "18", "payment", digits(4, 4)),
  row("posEntryMode", "22", "payment", digits(3, 3)),
  row("posCondition", "25", "payment", digits(2, 2)),
  row("acquirerId", "32", "always", digits(1, 11)),
  row("forwarderId", "33", "optional", digits(1, 11)),
  row("rrn", "37", "always", [/^[ -~]{12}$/, "12 characters"]),
  row("terminalId", "41", "optional", text(8), 8),
  row("merchantId", "42", "always", text(15), 15),
  row("merchantName", "43", "optional", text(40), 40),
  row("currency", "49", "always", digits(3, 3)),
  row("trid", "120.03", "optional", text(11)),
  row("ptav", "120.04", "optional", text(40)),
  row("initiation", "120.05", "payment", [/^[CM]$/, "C or M"]),
  row("mitType", "120.06", "optional", [/^[A-Z]$/, "one letter"]),
  row("storedCredential", "120.07", "payment", [/^[FSN]$/, "F, S or N"]),
  row("agreementId", "120.08", "optional", text(36)),
  row("piav", "120.15", "optional", text(64)),
  row("eci", "120.16", "optional", digits(2, 2)),
  row("dsTransId", "120.17", "optional", [/^[ -~]{36}$/, "36 characters"]),
];

/** Message types that ask for a card anew, and those that refer to an earlier payment. */
export const paymentTypes: ReadonlySet<string> = new Set(["0100", "0101", "0200", "0201"]);
export const followUpTypes: ReadonlySet<string> = new Set([
  "0220",
  "0221",
  "0400",
  "0401",
  "0420",
  "0421",
]);

/** Tags that this interface has no name for and passes on. */
export function isOtherTag(tag: number): boolean {
  return (tag >= 21 && tag <= 39) || (tag >= 42 && tag <= 49) || (tag >= 60 && tag <= 99);
}

/** The field behind a path of the codec, for errors; the path itself where there is none. */
export function fieldOfPath(path: string): string {
  if (path === "4") return "amount";
  if (path === "90") return "original";
  if (path === "95") return "replacement_amount";
  // Named tags have their limits, so what makes DE120 too long is the rest.
  if (path === "120") return "other_tags";
  return paymentFields.find((known) => known.path === path)?.name ?? `element ${path}`;
}

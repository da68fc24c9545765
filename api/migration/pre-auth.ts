// The check that a card is alive: a card-not-present pre-authorisation of nothing (0100, DE4 zero),
// and the reversal that takes it back (0400, DE90). A record has one of each, however often the
// file is run: STAN, time and RRN belong to the record.
import { createHash } from "node:crypto";
import { mydebit, writeTransmission } from "../../codec/iso8583/mod.ts";
import type { ClearPAN } from "../../codec/pan/mod.ts";
import type { Intent } from "./checkpoints.ts";

/** Who asks, as every message says it. */
export interface PreAuthLine {
  /** DE32. */
  readonly acquirerId: string;
  /** DE42, padded with spaces to 15. */
  readonly merchantId: string;
  /** "ISO" and what follows it. */
  readonly startBytes: string;
  /** Messages carry room for a MAC (DE128). */
  readonly withMac: boolean;
}

export interface PreAuth extends Intent {
  readonly pan: ClearPAN;
  /** YYMM as a number. */
  readonly expiry: number;
  readonly trid: string;
  /** DE37, 12 digits. */
  readonly rrn: string;
}

const macPlace = "00".repeat(8);
const malaysiaOffsetSeconds = 8 * 3_600;
const out = Buffer.alloc(mydebit.spec.bytesMax);

/** DE37 of a record: 12 digits out of the file's hash and the record's number. */
export function rrnOf(sha256: string, recordNo: number): string {
  const digest = createHash("sha256").update(`${sha256}:${recordNo}`).digest();
  return String(digest.readUIntBE(0, 6) % 1e12).padStart(12, "0");
}

/** 0100, or 0101 where it may have been sent before. From the start bytes on. */
export function preAuthMessage(line: PreAuthLine, auth: PreAuth, repeat: boolean): Buffer {
  return encode(line, repeat ? "0101" : "0100", auth, {
    "14": String(auth.expiry).padStart(4, "0"),
    "18": "6012",
    // Keyed in from a file; nobody and no terminal is present.
    "22": "010",
    "25": "59",
  });
}

/** 0400 about the message above, from its MTI on. */
export function reversalMessage(line: PreAuthLine, auth: PreAuth): Buffer {
  const stan = String(auth.stan).padStart(6, "0");
  const acquirer = line.acquirerId.padStart(11, "0");
  const original = `0100${stan}${timeText(auth.seconds)}${acquirer}${"0".repeat(11)}`;
  return encode({ ...line, startBytes: "" }, "0400", auth, { "90": original });
}

function encode(
  line: PreAuthLine,
  mti: string,
  auth: PreAuth,
  more: Readonly<Record<string, string>>,
): Buffer {
  const local = timeText(auth.seconds + malaysiaOffsetSeconds);
  const fields = {
    "2": digitsOf(auth.pan),
    "3": "000000",
    "4": "0".repeat(12),
    "7": timeText(auth.seconds),
    "11": String(auth.stan).padStart(6, "0"),
    "12": local.slice(4),
    "13": local.slice(0, 4),
    "32": line.acquirerId,
    "37": auth.rrn,
    "42": line.merchantId.padEnd(15, " "),
    "49": "458",
    "120": { "03": auth.trid, "05": "C", "07": "N" },
    ...more,
    ...(line.withMac ? { "128": macPlace } : {}),
  };
  const header = line.startBytes === "" ? {} : { header: line.startBytes };
  const end = mydebit.encode({ mti, ...header, fields }, out, 0);
  const message = Buffer.from(out.subarray(0, end));
  out.fill(0, 0, end);
  return message;
}

/** The codec writes from text; the string lives as long as the message is made. */
function digitsOf(pan: ClearPAN): string {
  const digits = Buffer.alloc(pan.length);
  pan.copyTo(digits, 0);
  const text = digits.toString("latin1");
  digits.fill(0);
  return text;
}

/** MMDDhhmmss. */
function timeText(seconds: number): string {
  const scratch = Buffer.alloc(10);
  writeTransmission(scratch, 0, seconds);
  return scratch.toString("latin1");
}

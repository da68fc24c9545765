// Checks of what requestors and issuers send about cards and tokens: every bad field is named at
// once, before anybody looks anything up, and no value is repeated.
import { ClearPAN } from "../../codec/pan/mod.ts";
import type { CardReasonName } from "../../vault/mod.ts";
import { isYymm, parseYymm } from "../../vault/mod.ts";
import { reasonName } from "./card-names.ts";
import { type FieldViolation, InvalidFields } from "./status.ts";

interface WireTime {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** Latest time that fits into six bytes of milliseconds with room to spare: the year 9999. */
const secondsMax = 253_402_300_799n;

/** Collects what is wrong; `done` throws it all. */
export class FieldCheck {
  readonly #violations: FieldViolation[] = [];
  readonly #prefix: string;

  /** `prefix`: path of the message that holds the fields, such as "action.". */
  constructor(prefix = "") {
    this.#prefix = prefix;
  }

  refuse(field: string, description: string, code: FieldViolation["code"] = "INVALID_FIELD"): void {
    this.#violations.push({ field: this.#prefix + field, code, description });
  }

  missing(field: string): void {
    this.refuse(field, "must be given", "MISSING_FIELD");
  }

  text(field: string, value: string, pattern: RegExp, rule: string): string {
    if (value === "") this.missing(field);
    else if (!pattern.test(value)) this.refuse(field, rule);
    return value;
  }

  idempotencyKey(value: string): string {
    const rule = "1 to 64 printable ASCII characters";
    return this.text("idempotency_key", value, /^[!-~]{1,64}$/, rule);
  }

  trid(value: string): string {
    return this.text("trid", value, /^[0-9]{11}$/, "11 digits");
  }

  tokenRef(value: string): string {
    const rule = "1 to 64 printable ASCII characters";
    return this.text("token_ref", value, /^[!-~]{1,64}$/, rule);
  }

  reason(value: number): CardReasonName {
    const name = reasonName(value as Parameters<typeof reasonName>[0]);
    if (name === undefined) this.refuse("reason_code", "one of the enum's values");
    return name ?? "NONE";
  }

  /** YYMM as a number. */
  yymm(field: string, value: string): number {
    if (value === "") this.missing(field);
    const yymm = parseYymm(value);
    const known = yymm !== undefined && isYymm(yymm);
    if (value !== "" && !known) this.refuse(field, "4 digits, YYMM");
    return yymm ?? 0;
  }

  /** Undefined where it was refused. The bytes that came are wiped. */
  pan(field: string, bytes: Buffer): ClearPAN | undefined {
    if (bytes.length === 0) this.missing(field);
    else {
      try {
        return ClearPAN.parse(bytes);
      } catch {
        this.refuse(field, "13 to 19 digits, the last one a check digit");
      } finally {
        bytes.fill(0);
      }
    }
    return undefined;
  }

  /** Unix milliseconds; 0 where none is given. */
  time(field: string, value: WireTime | undefined): number {
    if (value === undefined) return 0;
    const { seconds, nanos } = value;
    if (seconds > 0n && seconds <= secondsMax && nanos >= 0 && nanos < 1e9) {
      return Number(seconds) * 1_000 + Math.floor(nanos / 1e6);
    }
    this.refuse(field, "a time after 1970");
    return 0;
  }

  /** 1 to `max`, or `fallback` for 0. */
  limit(value: number, max: number, fallback: number): number {
    if (value > max) this.refuse("limit", `at most ${max}`);
    return value === 0 ? fallback : value;
  }

  done(): void {
    if (this.#violations.length > 0) throw new InvalidFields(this.#violations);
  }
}

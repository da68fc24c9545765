// A message on its way: what of the source is not yet taken, what the result has, what was lost.
import { type ConversionLoss, type LossCode, lossCodes } from "./loss.ts";

/** Version of ISO 8583 by the first digit of its message types. */
export type Version = "0" | "1";

export interface ConversionOptions {
  /** Unix seconds: gives dates without a year their year. */
  readonly now: number;
  /** Minutes that local time is ahead of UTC; absent: unknown, taken as 0 and named. */
  readonly localOffset?: number;
}

export class Draft {
  readonly out: Record<string, string> = {};
  readonly losses: ConversionLoss[] = [];
  /** Second digit of the message type: what the message is for. */
  readonly messageClass: string;
  /** True where the message is no answer. */
  readonly isRequest: boolean;
  readonly options: ConversionOptions;
  readonly #source: Map<string, string>;

  constructor(mti: string, fields: Readonly<Record<string, string>>, options: ConversionOptions) {
    this.messageClass = mti[1]!;
    this.isRequest = Number(mti[2]) % 2 === 0;
    this.options = options;
    this.#source = new Map(Object.entries(fields));
  }

  /** Takes a value out of the source; undefined where it is not there, or taken already. */
  take(de: number): string | undefined {
    const value = this.#source.get(String(de));
    this.#source.delete(String(de));
    return value;
  }

  /** What stands there, without taking it. */
  peek(de: number): string | undefined {
    return this.#source.get(String(de));
  }

  /** Numbers that nobody took, ascending. */
  left(): number[] {
    return [...this.#source.keys()].map(Number).sort((a, b) => a - b);
  }

  put(de: number, value: string): void {
    this.out[String(de)] = value;
  }

  lose(code: LossCode, path: string | number): void {
    this.losses.push({ code, path: String(path), text: lossCodes[code] });
  }
}

// Fresh payments, fetched a few at a time. Each carries a PTAV that nobody was given before and
// nobody is given again; what lies around for a minute is thrown away.
import http from "k6/http";
import { poolUrl } from "./k6-env.ts";

/** A structured payment and the reason it must be answered with. */
export interface Payment {
  readonly request: Record<string, string>;
  readonly reason: number;
}

/** A block of ISO 8583 messages in base64, and the reasons by correlation id. */
export interface Frame {
  readonly block: string;
  readonly reasons: readonly number[];
}

const ageMsMax = 60_000;

export class Stock<T> {
  private readonly path: string;
  private readonly fetched: number;
  private items: T[] = [];
  private fetchedAt = 0;

  /** `fetched`: how many are asked for at a time. */
  constructor(path: string, fetched: number) {
    this.path = path;
    this.fetched = fetched;
  }

  take(): T {
    const now = Date.now();
    if (this.items.length === 0 || now - this.fetchedAt > ageMsMax) {
      const response = http.get(`${poolUrl}/${this.path}?count=${this.fetched}`);
      if (response.status !== 200) throw new Error(`the pool answered ${response.status}`);
      this.items = response.json() as unknown as T[];
      this.fetchedAt = now;
    }
    const item = this.items.pop();
    if (item === undefined) throw new Error("the pool gave nothing");
    return item;
  }
}

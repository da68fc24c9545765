// Administrative acts: who did what, and who approved it. Written in the vault's own transaction
// with what they tell of, numbered there, and taken over into the audit chain by the fold.
import type { Environment, Table } from "../store/environment.ts";

export interface Act {
  readonly atMs: number;
  /** What was done: "issuer.put", "key.rotate", "vault.restore" … */
  readonly act: string;
  /** Who did or proposed it; "cli:<name>" for somebody at the machine itself. */
  readonly by: string;
  /** The second person, where there was one. */
  readonly approvedBy?: string;
  /** What it was done to. */
  readonly subject?: string;
  /** The change that it belongs to. */
  readonly change?: string;
  /** Plain words and numbers; never a card number, a cryptogram or a key. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface NumberedAct {
  /** 1, 2, 3 … in one vault. */
  readonly number: number;
  readonly act: Act;
}

const numberBytes = 8;
/** One act in JSON; a longer detail is a fault of the program. */
export const actBytesMax = 16_384;

export class ActRows {
  readonly #table: Table;

  constructor(env: Environment) {
    this.#table = env.table("acts");
  }

  /** Inside a transaction of the vault. */
  put(act: Act): void {
    const bytes = Buffer.from(JSON.stringify(act));
    if (bytes.length > actBytesMax) throw new RangeError(`an act of ${bytes.length} bytes`);
    this.#table.putSync(keyOf(this.last() + 1), bytes);
  }

  /** The number of the newest act, 0 where there is none. */
  last(): number {
    for (const key of this.#table.getKeys({ reverse: true, limit: 1 })) return numberOf(key);
    return 0;
  }

  /** Acts behind number `after`, in order. */
  after(after: number, limit: number): NumberedAct[] {
    const found: NumberedAct[] = [];
    for (const { key, value } of this.#table.getRange({ start: keyOf(after + 1), limit })) {
      found.push({ number: numberOf(key), act: JSON.parse(value.toString()) as Act });
    }
    return found;
  }
}

function keyOf(number: number): Buffer {
  const key = Buffer.alloc(numberBytes);
  key.writeBigUInt64BE(BigInt(number));
  return key;
}

function numberOf(key: Buffer): number {
  return Number(key.readBigUInt64BE(0));
}

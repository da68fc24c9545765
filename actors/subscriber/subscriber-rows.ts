// Subscribers in the vault's environment: [key 16] -> key version 2, then AES-SIV over JSON with
// the row's key as associated data. The keys of usage `log` are kept for good, so rows never need
// to be sealed anew.
import { type KeyRing, sivOpen, sivSeal } from "../../crypto/mod.ts";
import { appError } from "../../platform/mod.ts";
import type { Rows, Store } from "../store/port.ts";
import type { Subscriber } from "./subscriber.ts";

const label = Buffer.from("pantun subscriber");
const versionBytes = 2;
/** Requestors of one network. */
const subscribersMax = 65_536;

export class SubscriberRows {
  readonly #rows: Rows;
  readonly #ring: () => KeyRing;

  constructor(store: Store, ring: () => KeyRing) {
    this.#rows = store.rows("subscribers");
    this.#ring = ring;
  }

  /** VAULT_CORRUPT where the row's seal does not open. */
  get(key: Buffer): Subscriber | undefined {
    const row = this.#rows.get(key);
    return row === undefined ? undefined : this.#open(key, row);
  }

  /** Inside a transaction. */
  put(key: Buffer, subscriber: Subscriber): void {
    const sealKey = this.#ring().active("log");
    const version = Buffer.alloc(versionBytes);
    version.writeUInt16BE(sealKey.version);
    const plain = Buffer.from(JSON.stringify(subscriber));
    const sealed = sivSeal(sealKey.bytes, [label, key], plain);
    plain.fill(0);
    this.#rows.put(key, Buffer.concat([version, sealed]));
  }

  /** Every subscriber, those that have ended too. */
  all(): Subscriber[] {
    const range = { start: Buffer.alloc(1), end: Buffer.alloc(17, 0xff), limit: subscribersMax };
    return this.#rows.range(range).map(({ key, value }) => this.#open(key, value));
  }

  #open(key: Buffer, row: Buffer): Subscriber {
    const sealKey = this.#ring().find("log", row.readUInt16BE(0));
    const sealed = row.subarray(versionBytes);
    const plain = sealKey && sivOpen(sealKey.bytes, [label, key], sealed);
    if (plain === undefined) throw appError("VAULT_CORRUPT", "A subscriber's row does not open.");
    const subscriber = JSON.parse(plain.toString()) as Subscriber;
    plain.fill(0);
    return subscriber;
  }
}

// DE128 on the switch's side: the key that signs, and for a while the one before it.
import type { View } from "../../codec/iso8583/mod.ts";
import { createMessageMac, equalConstantTime, type MessageMac } from "../../crypto/mod.ts";

const macBytes = 8;

export class MacKeys {
  #current: MessageMac;
  #previous: MessageMac | null = null;
  readonly #out = Buffer.alloc(macBytes);

  constructor(key: Buffer) {
    this.#current = createMessageMac(key);
  }

  /** Signs with another key from now on; the one before is good for `previousMs` more. */
  replace(key: Buffer, previousMs: number): void {
    const previous = this.#current;
    this.#previous = previous;
    this.#current = createMessageMac(key);
    const end = (): void => {
      if (this.#previous === previous) this.#previous = null;
    };
    setTimeout(end, previousMs).unref();
  }

  /** Writes the MAC of the message that ends at `end` into its last eight bytes. */
  sign(buf: Buffer, end: number): void {
    this.#current.mac(buf, 0, end - macBytes, buf, end - macBytes, macBytes);
  }

  /** True where DE128 is there and one of the keys made it. */
  fits(view: View): boolean {
    if (!view.has(128)) return false;
    return [this.#current, this.#previous].some((mac) => mac !== null && this.#made(mac, view));
  }

  #made(mac: MessageMac, view: View): boolean {
    const at = view.offset(128);
    mac.mac(view.buf, view.begin, at - view.begin, this.#out, 0, macBytes);
    return equalConstantTime(this.#out, 0, view.buf, at, macBytes);
  }
}

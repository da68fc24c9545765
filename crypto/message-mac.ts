import { Cmac } from "./cmac.ts";
import { RetailMac, retailKeyBytes } from "./retail-mac.ts";

/** A MAC over a message: the key's length says which (16 bytes X9.19, 32 bytes AES-CMAC). */
export interface MessageMac {
  mac(
    buf: Uint8Array,
    off: number,
    length: number,
    out: Uint8Array,
    outOff: number,
    outLength: number,
  ): void;
}

/** The MAC of DE128 under a peer's key. */
export function createMessageMac(key: Uint8Array): MessageMac {
  return key.length === retailKeyBytes ? new RetailMac(key) : new Cmac(key);
}

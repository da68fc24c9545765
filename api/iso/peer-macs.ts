// DE128 of the messages that the door answers itself: 8 bytes, the leftmost of AES-256-CMAC, or
// X9.19, over all bytes from the MTI to the byte before it. The peer's key says which.
import {
  createMessageMac,
  equalConstantTime,
  type KeyRing,
  type MessageMac,
} from "../../crypto/mod.ts";
import type { Peer } from "../../hotpath/mod.ts";

export const MAC_BYTES = 8;

/** A ring holds one ACTIVE key a peer and a few that were just replaced. */
interface PeerKeys {
  readonly macs: readonly MessageMac[];
}

export class PeerMacs {
  readonly #source: { epoch(): number; read(): KeyRing };
  readonly #scratch = Buffer.alloc(MAC_BYTES);
  #epoch = -1;
  #keys = new Map<string, PeerKeys>();

  constructor(source: { epoch(): number; read(): KeyRing }) {
    this.#source = source;
  }

  /** True where answers to this peer can carry a MAC. */
  has(peer: Peer): boolean {
    return this.#of(peer).length > 0;
  }

  /**
   * The number of the key under which `mac` (8 bytes in `buf`) fits the bytes from `start` to
   * `mac`, or -1. The current key is number 0; a key that was just replaced still verifies.
   */
  verify(peer: Peer, buf: Buffer, start: number, mac: number): number {
    const macs = this.#of(peer);
    for (let key = 0; key < macs.length; key++) {
      macs[key]!.mac(buf, start, mac - start, this.#scratch, 0, MAC_BYTES);
      if (equalConstantTime(this.#scratch, 0, buf, mac, MAC_BYTES)) return key;
    }
    return -1;
  }

  /** Writes the MAC of the bytes from `start` to `mac` at `mac`, under key number `key`. */
  sign(peer: Peer, key: number, buf: Buffer, start: number, mac: number): void {
    const made = this.#of(peer)[key];
    if (made === undefined) throw new Error("the peer has no such MAC key");
    made.mac(buf, start, mac - start, buf, mac, MAC_BYTES);
  }

  #of(peer: Peer): readonly MessageMac[] {
    if (peer.macLabel === null) return [];
    const epoch = this.#source.epoch();
    if (epoch !== this.#epoch) {
      this.#keys = new Map();
      this.#epoch = epoch;
    }
    let found = this.#keys.get(peer.macLabel);
    if (found === undefined) {
      found = { macs: load(this.#source.read(), peer.macLabel) };
      this.#keys.set(peer.macLabel, found);
    }
    return found.macs;
  }
}

function load(ring: KeyRing, label: string): MessageMac[] {
  return ring.usable("mac", label).map((key) => createMessageMac(key.bytes));
}

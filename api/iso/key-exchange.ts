// Working keys that a peer sends over the line: 0800 with DE70 161, the key under the zone master
// key that both sides have. The door opens and proves the key; whoever keeps keys stores it.
import { CryptoError, type ZoneKey } from "../../crypto/mod.ts";
import type { Peer } from "../../hotpath/mod.ts";

/** How long the previous key goes on verifying: messages under way carry it. */
export const previousKeyMs = 60_000;

export interface KeyExchange {
  /** True where this peer may change its key over the line. */
  allows(peer: Peer): boolean;
  /** The key in DE120 tags 40 and 41, or null where block or check value are wrong. */
  open(peer: Peer, block: string, kcv: string): Buffer | null;
  /** Stores the key as the one that signs; resolves when it does. Rejects where it cannot. */
  activate(peer: Peer, key: Buffer): Promise<void>;
}

export interface KeyExchangeOptions {
  /** By peer name; asked anew each time, since a zone key may be replaced. */
  readonly zoneKeys: Pick<ReadonlyMap<string, ZoneKey>, "get" | "has">;
  /** Makes the key the active one and publishes it; the previous one verifies on. */
  readonly rotate: (label: string, key: Buffer) => Promise<void>;
  /** Ends the keys that were replaced; called `previousKeyMs` after each exchange. */
  readonly retirePrevious: (label: string) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

export function createKeyExchange(options: KeyExchangeOptions): KeyExchange {
  const { zoneKeys, rotate, retirePrevious, onError } = options;
  return {
    allows: (peer) => peer.macLabel !== null && zoneKeys.has(peer.name),
    open(peer, block, kcv) {
      try {
        return zoneKeys.get(peer.name)?.open(block, kcv) ?? null;
      } catch (error) {
        if (error instanceof CryptoError) return null;
        throw error;
      }
    },
    async activate(peer, key) {
      const label = peer.macLabel;
      if (label === null) throw new Error("a peer without a MAC has no key to change");
      await rotate(label, key);
      key.fill(0);
      const end = (): void => void retirePrevious(label).catch(onError);
      setTimeout(end, previousKeyMs).unref();
    },
  };
}

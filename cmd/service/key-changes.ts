// MAC keys that switches send over the line: stored in the vault's key file, published to every
// thread, and their predecessors ended a minute later.
import { createKeyExchange, type KeyExchange, previousKeyMs } from "../../api/iso/mod.ts";
import { type KeyRing, type KeyStore, ZoneKey } from "../../crypto/mod.ts";
import type { Logger } from "../../platform/mod.ts";

export interface KeyChangeOptions {
  readonly keyStore: KeyStore;
  /** Gives every thread the new ring. */
  readonly publish: (ring: KeyRing) => void;
  /** The keys as they are now. */
  readonly ring: () => KeyRing;
  /** Files of zone master keys by peer name. */
  readonly zoneKeyFiles: ReadonlyMap<string, string>;
  readonly nowMs: () => number;
  readonly log: Logger;
}

/**
 * A zone key of the key file (`keys ceremony zone`) wins over one in a file of its own. Errors:
 * those of reading a zone key, as CryptoError. Null where no peer has one.
 */
export function openKeyExchange(options: KeyChangeOptions): KeyExchange | null {
  const { zoneKeyFiles, keyStore, log, ring } = options;
  const stored = ring().all("zone");
  if (zoneKeyFiles.size === 0 && stored.length === 0) return null;
  const loaded = new Map([...zoneKeyFiles].map(([peer, file]) => [peer, ZoneKey.load(file)]));
  const find = (peer: string): ZoneKey | undefined => {
    const key = ring().findActive("zone", peer);
    return key === undefined ? loaded.get(peer) : new ZoneKey(key.bytes);
  };
  const onError = (error: unknown): void => {
    log.error({ event: "keys.retire", err: error }, "a replaced MAC key could not be ended");
  };
  const retirePrevious = (label: string): Promise<void> => retireReplaced(options, label);
  // What an earlier run of the program had not ended yet.
  const timer = setTimeout(() => {
    const peers = new Set([...loaded.keys(), ...stored.map((key) => key.label)]);
    for (const peer of peers) void retirePrevious(peer).catch(onError);
  }, previousKeyMs);
  timer.unref();
  return createKeyExchange({
    zoneKeys: { get: find, has: (peer) => find(peer) !== undefined },
    retirePrevious,
    onError,
    rotate: async (label, bytes) => {
      await keyStore.rotate("mac", { label, bytes });
      await publish(options);
    },
  });
}

async function publish(options: KeyChangeOptions): Promise<void> {
  options.publish(await options.keyStore.load());
}

async function retireReplaced(options: KeyChangeOptions, label: string): Promise<void> {
  const { keyStore, nowMs } = options;
  const old = keyStore.list().filter((key) => {
    const replaced = key.usage === "mac" && key.label === label && key.state === "VERIFY_ONLY";
    return replaced && nowMs() - Date.parse(key.rotatedAt ?? key.createdAt) >= previousKeyMs;
  });
  for (const { version } of old) await keyStore.retire("mac", version, { label });
  if (old.length > 0) await publish(options);
}

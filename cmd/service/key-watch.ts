// Sees that another process rotated a key, and reads the keys again. Two seconds after
// `pantun keys rotate` every thread works with the new ring.
import type { KeyRing, KeyStore } from "../../crypto/mod.ts";

/** A rotation is no emergency; a compromised key is refused within this time. */
const intervalMs = 2_000;

export interface KeyWatchOptions {
  readonly store: KeyStore;
  readonly onChange: (ring: KeyRing) => void;
  readonly onError: (error: unknown) => void;
}

/** Returns how to stop. */
export function watchKeys(options: KeyWatchOptions): () => void {
  let busy = false;
  const look = async () => {
    if (busy) return;
    busy = true;
    try {
      if (await options.store.refresh()) options.onChange(await options.store.load());
    } catch (error) {
      options.onError(error);
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(() => void look(), intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

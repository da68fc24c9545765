// The two horizons and the incarnation of a real vault folder, without keys or tokens: what the
// replay store needs of a vault.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { HorizonKind, HorizonPort } from "../../vault/replay/mod.ts";
import { openEnvironment } from "../../vault/store/environment.ts";
import { Meta } from "../../vault/store/meta.ts";

export interface VaultMeta {
  readonly horizon: HorizonPort;
  readonly incarnation: string;
  close(): Promise<void>;
}

export function openVaultMeta(dir: string): VaultMeta {
  const env = openEnvironment({
    path: join(dir, "vault"),
    mapSizeBytes: 16 * 1024 ** 2,
    readOnly: false,
    create: true,
  });
  const meta = new Meta(env);
  meta.prepare(randomBytes, true);
  return {
    incarnation: meta.incarnation(),
    horizon: {
      horizon(kind: HorizonKind) {
        env.root.resetReadTxn();
        return meta.horizon(kind);
      },
      raise: (kind, seconds) => meta.raiseHorizon(kind, seconds),
    },
    close: () => env.close(),
  };
}

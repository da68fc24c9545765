// The vault's two horizons as the replay store wants them: read fresh, raised with a flush.
import type { HorizonKind, HorizonPort } from "./horizon.ts";

/** The part of the vault that is needed here. */
export interface HorizonVault {
  freshRead(): void;
  horizon(kind: HorizonKind): number;
  raiseHorizon(kind: HorizonKind, seconds: number): void;
}

/** An old snapshot would show an old horizon, and a fence that is too low accepts a replay. */
export function vaultHorizons(vault: HorizonVault): HorizonPort {
  return {
    horizon(kind) {
      vault.freshRead();
      return vault.horizon(kind);
    },
    raise: (kind, seconds) => vault.raiseHorizon(kind, seconds),
  };
}

// The listener of the ISO 8583 door.
import type { KeyRing } from "../../crypto/mod.ts";
import type { PaymentDispatcher } from "../../hotpath/mod.ts";
import type { Clock, Logger } from "../../platform/mod.ts";
import type { IsoLimits } from "./limits.ts";
import type { IsoPeers } from "./peers.ts";
import type { IsoStats } from "./stats.ts";
import type { TlsFiles } from "./tls.ts";

export interface IsoServerOptions {
  /** Port 0 takes a free one. `reusePort` lets several processes listen on one port. */
  readonly listen: { readonly host: string; readonly port: number; readonly reusePort?: boolean };
  /** Certificate files for TLS with client certificates; null is plain TCP. */
  readonly tls: TlsFiles | null;
  /** Allows plain TCP beyond loopback. */
  readonly insecure?: boolean;
  readonly peers: IsoPeers;
  readonly dispatcher: PaymentDispatcher;
  /** The current keys: a `KeyPage` fits. */
  readonly keys: { epoch(): number; read(): KeyRing };
  readonly log: Logger;
  readonly clock: Clock;
  /** Cryptographically strong bytes, for the ids of answers that the door itself gives. */
  readonly random: (bytes: number) => Buffer;
  readonly stats?: IsoStats;
  readonly limits?: Partial<IsoLimits>;
}

export interface IsoServer {
  readonly stats: IsoStats;
  /** Resolves with the bound address; rejects with PORT_IN_USE, CERTIFICATE_UNREADABLE or INSECURE_REFUSED. */
  listen(): Promise<{ host: string; port: number }>;
  /** Takes nothing new, answers what is in flight, then closes; resolves when all is closed. */
  stop(): Promise<void>;
}

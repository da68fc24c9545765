// What a gRPC server is made from.
import type { PaymentDispatcher } from "../../hotpath/mod.ts";
import type { Clock, Logger } from "../../platform/mod.ts";
import type { Vault } from "../../vault/mod.ts";
import type { CardRate } from "./card-rate.ts";
import type { HealthBoard } from "./health.ts";
import type { GrpcLimits } from "./limits.ts";
import type {
  Caller,
  CommandsPort,
  EventsPort,
  GrpcMetrics,
  HistoryPort,
  IssuerCaller,
  RequestorCaller,
  SwitchCaller,
  TokenDataIssuer,
} from "./ports.ts";
import type { Resolver } from "./resolver.ts";

/** Files of a server that demands client certificates. They are read again when they change. */
export interface ServerTLSFiles {
  readonly certificateFile: string;
  readonly privateKeyFile: string;
  /** Authorities whose client certificates are accepted; there is no other root. */
  readonly clientCAFile: string;
}

export type GrpcSecurity =
  | {
      readonly kind: "mtls";
      readonly files: ServerTLSFiles;
      /** How often the files are looked at; 10 s when left out. */
      readonly reloadIntervalMs?: number;
    }
  | {
      readonly kind: "insecure";
      /** The caller everybody is taken for; must be in the table of callers. */
      readonly caller: string;
      /** Only by the operator's explicit flag may such a server listen outside loopback. */
      readonly outsideLoopback: "refused" | "allowed";
    };

export type GrpcServices =
  | {
      readonly kind: "switch";
      readonly dispatcher: PaymentDispatcher;
      readonly callers: readonly SwitchCaller[];
      readonly resolver: Resolver;
    }
  | {
      readonly kind: "requestor";
      readonly issuer: TokenDataIssuer;
      readonly callers: readonly RequestorCaller[];
      /** Absent where this process takes no commands: then only token data is served. */
      readonly lifecycle?: RequestorLifecycle;
    }
  | {
      readonly kind: "issuer";
      readonly vault: Vault;
      readonly commands: CommandsPort;
      readonly history: HistoryPort;
      readonly callers: readonly IssuerCaller[];
    }
  /** Health and reflection only; in the clear it may listen on loopback alone. */
  | { readonly kind: "admin" };

/** What the requestors' lifecycle service stands on. */
export interface RequestorLifecycle {
  readonly vault: Vault;
  readonly commands: CommandsPort;
  readonly events: EventsPort;
  /** Webhooks to this machine are taken: for tests and demonstrations only. */
  readonly loopbackWebhooks: boolean;
  readonly provisions: CardRate;
}

export interface GrpcServerOptions {
  /** Port 0 takes a free one. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly security: GrpcSecurity;
  readonly services: GrpcServices;
  readonly health: HealthBoard;
  readonly metrics: GrpcMetrics;
  readonly log: Logger;
  readonly clock: Clock;
  /** Changes to the limits of limits.ts. */
  readonly limits?: Partial<GrpcLimits>;
}

export interface GrpcServer {
  readonly port: number;
  /** host:port, as a client writes it. */
  readonly address: string;
  /**
   * Takes another table of callers for calls that begin from now on. Sessions of callers that are
   * gone, or whose peer is another one, answer what is under way and end. `plain`: the caller of a
   * server without TLS; it may be gone, and nobody is let in then. Throws CONFIG_INVALID where two
   * callers share a name or an identity; nothing has changed then.
   */
  replaceCallers(callers: readonly Caller[], plain: string | null): void;
  /**
   * Health NOT_SERVING, wait for load balancers, no new calls or frames, answer what is under way,
   * then close; what is still open after `limitMs` is cut off. Never rejects.
   */
  stop(options: { readonly limitMs: number }): Promise<void>;
}

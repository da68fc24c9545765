// What the generator's and the server's process of a service scenario agree on.

export const host = "127.0.0.1";

/** The peer that signs comes from another loopback address: that is how the door knows it. */
export const macAddress = "127.0.0.2";

/** Given to the server's process as JSON. */
export interface ServeOptions {
  readonly dir: string;
  readonly passphraseFile: string;
  /** Threads of the service's pool; 0 judges in the main thread. */
  readonly workers: number;
  /** Null: the service. Otherwise the answer, in hex, that an echo gives to everything. */
  readonly echo: string | null;
}

/** What the server's process tells when it listens. */
export interface Ready {
  readonly isoPort: number;
  /** host:port of the switch's gRPC. */
  readonly session: string;
}

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
  /** Settings of the service that are not the bench's usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Rows of the parties file beside the bench's own. */
  readonly requestors?: readonly object[];
  readonly issuers?: readonly object[];
  /** No service: a route that authenticates its callers and answers them all alike. */
  readonly bare?: BareOptions;
}

export interface BareOptions {
  /** The door's own keys. */
  readonly keysFile: string;
  readonly answer: object;
}

/** What the server's process tells when it listens. */
export interface Ready {
  readonly isoPort: number;
  /** host:port of the switch's gRPC. */
  readonly session: string;
  /** host:port of the JSON API; null where it is shut. */
  readonly http: string | null;
}

/** What a server's process has used so far, all its threads together. */
export interface ServerUsage {
  readonly cpuSeconds: number;
  /** Allocated on all V8 heaps since the start, and external memory that is held now. */
  readonly allocatedBytes: number;
  /** The main thread's part of it: doors, and the pipeline where it judges inline. */
  readonly mainAllocatedBytes: number;
  readonly heapBytes: number;
  /** RssAnon and RssShmem: memory that is the process's own, without mapped files. */
  readonly residentBytes: number;
  readonly descriptors: number;
  /** 0 for an echo. */
  readonly claimBytes: number;
  readonly rowsBehind: number;
}

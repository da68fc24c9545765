// Where the history's findings go. Both sinks are called from inside the fold, again after a crash,
// and from several processes: every call has to be harmless the second time.

export interface AgreementSink {
  /**
   * A verified CIT set up this agreement. `key`: 80 bytes; `types`: bit set of `mitType`. Where a
   * live one stands, the types are added to it; a revocation after `createdAt` is not undone.
   */
  put(key: Buffer, agreement: { readonly types: number; readonly createdAt: number }): void;
  /** A verified MIT used it. */
  touch(key: Buffer, lastUsedAt: number): void;
  /** Revokes what the CIT of second `createdAt` set up, and nothing that was there before it. */
  revoke(key: Buffer, createdAt: number, revokedAt: number): void;
}

export interface FlagSink {
  /** Verification of this token declines with SUSPECTED_FRAUD until then (Unix seconds). */
  flag(index: Buffer, untilSeconds: number): void;
}

/** Runs several sink calls as one change; the default just runs them. */
export type SinkBatch = <T>(work: () => T) => T;

export interface HistorySinks {
  readonly agreements: AgreementSink;
  readonly flags: FlagSink;
  readonly batch: SinkBatch;
}

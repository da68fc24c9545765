// What a test and the processes that claim for it say to each other.

export interface ClaimerSettings {
  readonly dir: string;
  /** Where the replay store lies; another place than `dir` where its disk is to be full. */
  readonly replayDir?: string;
  readonly bootId: string;
  readonly incarnation?: string;
  readonly ttlSeconds: number;
  /** A file with the wall clock in milliseconds; absent: the machine's. */
  readonly clockFile?: string;
  /** Name of the journal writer; absent: no journal. */
  readonly journal?: string;
}

export interface ClaimCommand {
  readonly do: "claim";
  readonly kind: "ptav" | "de7";
  /** Unix seconds of each key. */
  readonly time: number;
  /** Keys `from` to `from + count - 1`, in batches of `batch`. */
  readonly from: number;
  readonly count: number;
  readonly batch: number;
  /** Who claims: another number has another fingerprint. */
  readonly transaction: number;
  /** The process stops itself inside the claim, after its checks and before the transaction. */
  readonly stopInside?: boolean;
}

export interface CloseCommand {
  readonly do: "close";
}

export type Command = ClaimCommand | CloseCommand;

export type Report =
  | { readonly ready: true }
  /** Results of one batch, answered and journalled. */
  | { readonly from: number; readonly results: readonly number[] }
  | { readonly done: true; readonly failures: number };

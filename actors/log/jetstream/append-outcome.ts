// What a publish that was not acknowledged as expected says about the record: the one place that
// knows the server's codes. Whatever is not certain is `unknown`, and is read from the log.
import { JetStreamApiError } from "@nats-io/jetstream";
import type { AppendOutcome } from "../port.ts";

/** API error codes, as nats-server 2.12 to 2.15 use them. */
export const apiCode = {
  /** Wrong last sequence; the text names the real one. */
  WRONG_LAST_SEQUENCE: 10071,
  /** Wrong last sequence; the real one is not known. */
  WRONG_LAST_SEQUENCE_UNKNOWN: 10164,
  /** The store failed; the text says how. */
  STORE_FAILED: 10077,
  INSUFFICIENT_RESOURCES: 10023,
  NO_STORAGE_LEFT: 10047,
  STREAM_NOT_FOUND: 10059,
} as const;

const realSequence = /^wrong last sequence: (\d+)$/;
/** Refusals of `discard: new`; another failure of the store may have come halfway. */
const limitReached = /^maximum (bytes|messages) exceeded$/;

export function outcomeOfError(error: unknown, expectedLast: number): AppendOutcome {
  const cause = error instanceof Error ? error : new Error(String(error));
  const unknown: AppendOutcome = { kind: "unknown", cause };
  if (!(error instanceof JetStreamApiError)) return unknown;
  switch (error.code) {
    case apiCode.WRONG_LAST_SEQUENCE: {
      const found = realSequence.exec(error.message)?.[1];
      if (found === undefined) return { kind: "refused", lastSeq: undefined };
      // A refusal that names the expected end contradicts itself: seen on replicated streams.
      const lastSeq = Number(found);
      return lastSeq === expectedLast ? unknown : { kind: "refused", lastSeq };
    }
    case apiCode.WRONG_LAST_SEQUENCE_UNKNOWN:
      return { kind: "refused", lastSeq: undefined };
    case apiCode.INSUFFICIENT_RESOURCES:
    case apiCode.NO_STORAGE_LEFT:
      return { kind: "full", cause };
    case apiCode.STORE_FAILED:
      return limitReached.test(error.message) ? { kind: "full", cause } : unknown;
    default:
      return unknown;
  }
}

/** The server knows of no such stream; an election gives another error. */
export function isStreamMissing(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === apiCode.STREAM_NOT_FOUND;
}

/** Nobody took a publish: no stream, or no leader of it. The client exports no class for this. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof Error && error.name === "JetStreamNotEnabled";
}

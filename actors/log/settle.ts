// Appends one record and stays with it until its fate is known.
import { LogBroken } from "./log-broken.ts";
import type { ShardLog } from "./port.ts";
import { judgeAnswer, judgeEnd, judgeFound, type Sent, type Verdict } from "./resync.ts";

export interface SettlePorts {
  sleep(ms: number): Promise<void>;
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number;
  /** Whether the record may be sent (again) now; asked before each time. */
  maySend(): boolean;
  /** True: whoever wants to know has gone, the fate stays open. */
  givenUp(): boolean;
  /** The log has to be read, and why: the answer to an append, or that none could be sent. */
  readonly resync?: (cause: ResyncCause) => void;
}

/** `held`: this node may not send now. `failed`: the append or what applies it threw. */
export type ResyncCause = "refused" | "unknown" | "full" | "held" | "failed";

export type Fate = Exclude<Verdict, { kind: "again" }> | { readonly kind: "given-up" };

/** Between two tries: lets an election or a reconnection pass without a storm. */
const retryMsMin = 50;
const retryMsMax = 500;
/** A leader that was deposed answers too; after this it has noticed. */
export const secondLookMs = 10_000;
const lookAgainMs = 500;

/**
 * `apply` runs exactly once, and without a throw, before `stored` is returned; where it throws it
 * is tried again with the next look.
 */
export async function settle(
  log: ShardLog,
  sent: Sent,
  apply: (seq: number) => void,
  ports: SettlePorts,
): Promise<Fate> {
  let doubt = false;
  let applied = false;
  const applyOnce = (seq: number): void => {
    if (applied) return;
    apply(seq);
    applied = true;
  };
  while (!ports.givenUp()) {
    let cause: ResyncCause = "held";
    try {
      if (ports.maySend()) {
        cause = "failed";
        const outcome = await log.append(sent.bytes, sent.after, applyOnce);
        const decided = judgeAnswer(outcome, doubt);
        if (decided !== undefined && decided.kind !== "again") return decided;
        doubt ||= outcome.kind === "unknown";
        if (outcome.kind !== "stored") cause = outcome.kind;
      }
      ports.resync?.(cause);
      const verdict = await look(log, sent, ports);
      if (verdict.kind === "stored") applyOnce(sent.after + 1);
      if (verdict.kind !== "again") return verdict;
    } catch {
      // The append or what applies it failed; whether it was stored, the next look says.
      doubt = true;
      if (ports.givenUp()) break;
    }
    await ports.sleep(retryMsMin + ports.below(retryMsMax - retryMsMin));
  }
  return { kind: "given-up" };
}

async function look(log: ShardLog, sent: Sent, ports: SettlePorts): Promise<Verdict> {
  const first = await lookOnce(log, sent);
  if (first.kind !== "park" || first.reason === "alien-append") return first;
  // One that has just been elected may not have applied all that it holds: what it finds then ends
  // the doubt.
  let last: Verdict = first;
  for (let waitedMs = 0; waitedMs < secondLookMs && last.kind === "park"; ) {
    await ports.sleep(lookAgainMs);
    waitedMs += lookAgainMs;
    last = await lookOnce(log, sent);
  }
  return last;
}

/** Where the log cannot be asked now, nothing is decided. */
async function lookOnce(log: ShardLog, sent: Sent): Promise<Verdict> {
  try {
    const found = await log.read(sent.after + 1);
    if (found !== undefined) return judgeFound(found, sent);
    return judgeEnd(await log.end(), sent);
  } catch (error) {
    if (error instanceof LogBroken) return { kind: "park", reason: error.reason };
    return { kind: "again" };
  }
}

// What the door counts, as plain numbers: the metrics read them when they are asked.

/** Of one peer, over all its connections. */
export interface PeerStats {
  /** Handed over and not yet answered. */
  inFlight: number;
  /** Answers that came after their time. */
  late: number;
  /** Answers to nothing that was asked. */
  unmatched: number;
  /** Echoes that were not answered in time. */
  missedEchoes: number;
  /** 0800 with DE70 201. */
  cutOvers: number;
  /** Keys taken over the line, and those that were refused. */
  keyChanges: number;
  keyChangesRefused: number;
}

export interface IsoStats {
  /** Open connections now, and those of them that are signed on, by peer name. */
  connections: number;
  readonly signedOn: Map<string, number>;
  accepted: number;
  /** Refused before a session began: over a limit, unknown certificate or address. */
  refused: number;
  keepAlives: number;
  /** Streams that could not be read on, and messages that could not be answered, by error code. */
  readonly unanswerable: Map<string, number>;
  /** Answered 91 because the queue was full. */
  overloaded: number;
  /** Answered 58 because no sign-on came first. */
  notSignedOn: number;
  /** Answers for which the connection was gone. */
  undelivered: number;
  /** Cut because answers were not read, or because echoes stayed unanswered. */
  slowReaders: number;
  silentPeers: number;
  echoesSent: number;
  bytesIn: number;
  bytesOut: number;
  /** Unix seconds at which our certificate expires; 0 without TLS. */
  certificateExpiresAt: number;
  /** Answers by request MTI and reason: the key is `answerKey(mti, reason)`. */
  readonly answers: Map<number, number>;
  /** By peer name. */
  readonly peers: Map<string, PeerStats>;
}

export function peerStats(stats: IsoStats, name: string): PeerStats {
  let found = stats.peers.get(name);
  if (found === undefined) {
    found = {
      inFlight: 0,
      late: 0,
      unmatched: 0,
      missedEchoes: 0,
      cutOvers: 0,
      keyChanges: 0,
      keyChangesRefused: 0,
    };
    stats.peers.set(name, found);
  }
  return found;
}

export function createIsoStats(): IsoStats {
  return {
    connections: 0,
    signedOn: new Map(),
    accepted: 0,
    refused: 0,
    keepAlives: 0,
    unanswerable: new Map(),
    overloaded: 0,
    notSignedOn: 0,
    undelivered: 0,
    slowReaders: 0,
    silentPeers: 0,
    echoesSent: 0,
    bytesIn: 0,
    bytesOut: 0,
    certificateExpiresAt: 0,
    answers: new Map(),
    peers: new Map(),
  };
}

const reasons = 10_000;

/** MTI as the decimal number it is written as (0100 is 100), and the 4-digit reason. */
export function answerKey(mti: number, reason: number): number {
  return mti * reasons + reason;
}

export function splitAnswerKey(key: number): { mti: string; reason: number } {
  const mti = Math.floor(key / reasons);
  return { mti: String(mti).padStart(4, "0"), reason: key % reasons };
}

export function countUp<K>(counts: Map<K, number>, key: K, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

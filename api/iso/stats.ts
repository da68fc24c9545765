// What the door counts, as plain numbers: the metrics read them when they are asked.

/** MTIs and reasons are four digits, so a count of each is one array look-up. */
const fourDigits = 10_000;

export interface IsoStats {
  /** Open connections now, and those of them that are signed on. */
  connections: number;
  signedOn: number;
  accepted: number;
  /** Refused before a session began: over a limit, unknown certificate or address. */
  refused: number;
  keepAlives: number;
  /** Messages that could not be answered. */
  unanswerable: number;
  /** Streams that could not be read on: length or start bytes wrong. */
  framingErrors: number;
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
  /** Messages received by MTI, and answers by reason: index is the number they are written as. */
  readonly byMti: Uint32Array;
  readonly byReason: Uint32Array;
}

export function createIsoStats(): IsoStats {
  return {
    connections: 0,
    signedOn: 0,
    accepted: 0,
    refused: 0,
    keepAlives: 0,
    unanswerable: 0,
    framingErrors: 0,
    overloaded: 0,
    notSignedOn: 0,
    undelivered: 0,
    slowReaders: 0,
    silentPeers: 0,
    echoesSent: 0,
    bytesIn: 0,
    bytesOut: 0,
    byMti: new Uint32Array(fourDigits),
    byReason: new Uint32Array(fourDigits),
  };
}

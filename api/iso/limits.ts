// Every limit of the ISO 8583 door, each with its reason.

export interface IsoLimits {
  /** Open connections in all; each holds about 50 KiB of buffers. */
  readonly connectionsMax: number;
  /** Of one peer, so that one switch cannot shut the others out. */
  readonly connectionsPerPeerMax: number;
  /**
   * Unanswered messages of one connection; above it the door stops reading from that connection.
   */
  readonly inFlightMax: number;
  /** A switch gives up after 2 s, so an answer later than that helps nobody. */
  readonly deadlineMs: number;
  /** A command waits for its log and its actor; an issuer's host waits longer than a till. */
  readonly commandMs: number;
  /** Unanswered file actions of one connection; above it the door stops reading from it. */
  readonly commandsMax: number;
  /** Bytes of answers that wait for the peer to read; above it the door stops reading requests. */
  readonly unsentBytesMax: number;
  /** How long a peer may leave its answers unread before the connection is cut. */
  readonly slowReaderMs: number;
  /** Silence after which a signed-on session is asked for an echo, and any other one is closed. */
  readonly idleMs: number;
  /** How long an echo may stay unanswered; any traffic counts as an answer. */
  readonly echoAnswerMs: number;
  /** Echoes in a row without a sign of life; then the connection is cut. */
  readonly echoMissesMax: number;
  /** Unanswerable messages that a connection survives: a fault now and then, not a broken peer. */
  readonly unanswerableMax: number;
  /** The TLS handshake costs about a millisecond of our time and must not stay open. */
  readonly handshakeMs: number;
  /** How long what is in flight may take when the door or a connection closes. */
  readonly drainMs: number;
  /** How often the certificate files are looked at. */
  readonly reloadMs: number;
  /** How often silence, slow readers and drains are judged. */
  readonly tickMs: number;
}

export const isoLimits: IsoLimits = {
  connectionsMax: 256,
  connectionsPerPeerMax: 64,
  inFlightMax: 1_024,
  deadlineMs: 2_000,
  commandMs: 5_000,
  commandsMax: 64,
  unsentBytesMax: 256 * 1_024,
  slowReaderMs: 10_000,
  idleMs: 60_000,
  echoAnswerMs: 10_000,
  echoMissesMax: 3,
  unanswerableMax: 3,
  handshakeMs: 10_000,
  drainMs: 10_000,
  reloadMs: 10_000,
  tickMs: 500,
};

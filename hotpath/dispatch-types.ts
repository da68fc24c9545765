// What the doors and the dispatcher agree on.

/** A party that sends payments: a switch, known by its certificate or its configured address. */
export interface Peer {
  /** Position in the peer table. */
  readonly id: number;
  /** Unsigned 32-bit digest of the name; stable over processes, stored with every claim. */
  readonly tag: number;
  readonly name: string;
  /** True where a business message without DE128 is refused. */
  readonly macRequired: boolean;
  /** Label of the peer's MAC key in the key ring; null where the peer has none. */
  readonly macLabel: string | null;
  /** How its messages come in, `doorCode`; the audit chain names it. */
  readonly door?: number;
  /** Of a card issuer's peer: it speaks of this issuer's cards, and sends no payments. */
  readonly issuerId?: string;
}

/** Where the answers of one connection go. */
export interface AnswerSink {
  /**
   * One answer. `bytes` are valid only during the call. A `length` of 0 means that the message
   * cannot be answered: an ISO connection counts and closes, a gRPC session reports the item.
   * `reason` is the 4-digit reason, `status` the codec's packed error or 0.
   */
  answer(
    ticket: number,
    bytes: Buffer,
    offset: number,
    length: number,
    reason: number,
    status: number,
  ): void;
  /** Called after the last answer of a batch for this sink: write what was gathered. */
  flush(): void;
}

/** The hot path as a door sees it. */
export interface PaymentDispatcher {
  /**
   * Hands over one message, from its MTI on; the bytes are copied before the call returns.
   * `deadlineMs` is on the monotonic clock. Returns false when the queue is full: the door then
   * answers overload itself.
   */
  submit(
    peer: Peer,
    bytes: Buffer,
    offset: number,
    length: number,
    ticket: number,
    sink: AnswerSink,
    deadlineMs: number,
  ): boolean;
  /** Resolves when everything that was handed over has been answered. */
  drain(): Promise<void>;
}

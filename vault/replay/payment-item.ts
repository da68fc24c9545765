// A payment, or what becomes of one, on its way between a door, its shard's owner and other nodes.

export interface PaymentItem {
  /** Names the item to whoever sent it. */
  readonly ticket: number;
  readonly shard: number;
  /** A verdict, or the reason of an answer. */
  readonly code: number;
  /** Of an answer: the codec's packed error. */
  readonly status: number;
  /** Of the owner that the sender believes in. */
  readonly epoch: number;
  /** Milliseconds that are left for it: two machines have two clocks. */
  readonly leftMs: number;
  /** Tag of the peer that it came from. */
  readonly peer: number;
  /** Verification id, 16 bytes. */
  readonly id: Buffer;
  /** The message, the payment or the answer. */
  readonly body: Buffer;
}

// One batch of messages in shared memory: the dispatcher fills it, the pipeline answers in place,
// in the same thread or in a worker. Nothing but the slot's number crosses the thread border.

/**
 * Rows of one batch. A batch of 64 already amortises every native call (0.1 µs of lane work a
 * message); beyond 256 only the waiting grows.
 */
export const rowsMax = 256;

/** Request bytes of one batch: 256 rows of the usual 300 bytes, or 80 of the longest (4,096). */
const inputBytesMax = 320 * 1024;

/** An answer drops fields and adds at most a full DE120 (1,002 bytes) to what it echoes. */
const answerGrowthMax = 1_100;

/**
 * Longest message that a door may hand over: the limit of the framing, ISO 8583 start bytes off.
 */
export const messageBytesMax = 4_084;

const outputBytesMax = inputBytesMax + rowsMax * answerGrowthMax;
const headerWords = 4;
const rowWords = 9;
const idBytes = 16;
const rowsAt = headerWords * 4;
const idsAt = rowsAt + rowsMax * rowWords * 4;
const inputAt = idsAt + rowsMax * idBytes;
const outputAt = inputAt + inputBytesMax;
const verdictsAt = outputAt + outputBytesMax;
const givenIdsAt = verdictsAt + rowsMax * 4;

/** Shared bytes of one batch. */
export const batchBytes = givenIdsAt + rowsMax * idBytes;

/**
 * In place of a reason, where payments are in a log: the row waits for its shard's owner, and what
 * stands in place of its answer is the payment for the log.
 */
export const pendingReason = 1;

// Words of the header and of a row.
const hCount = 0;
const hInputUsed = 1;
const hIdsAssigned = 2;
const hGiven = 3;
const rOffset = 0;
const rLength = 1;
const rPeer = 2;
const rExpired = 3;
const rAnswerOffset = 4;
const rAnswerLength = 5;
const rReason = 6;
const rStatus = 7;
const rReleased = 8;

/** A view over one batch's shared memory; every thread makes its own. */
export class Batch {
  readonly shared: SharedArrayBuffer;
  readonly input: Buffer;
  /** The same bytes, for scanning. */
  readonly inputWords: DataView;
  readonly output: Buffer;
  /** Verification ids, 16 bytes a row; kept when a batch is run again after a worker's death. */
  readonly ids: Buffer;
  /** The same bytes, four words a row. */
  readonly idWords: Int32Array;
  private readonly verdicts: Int32Array;
  private readonly givenIds: Buffer;
  private readonly header: Int32Array;
  private readonly rows: Int32Array;

  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(batchBytes)) {
    this.shared = shared;
    this.header = new Int32Array(shared, 0, headerWords);
    this.rows = new Int32Array(shared, rowsAt, rowsMax * rowWords);
    this.ids = Buffer.from(shared, idsAt, rowsMax * idBytes);
    this.idWords = new Int32Array(shared, idsAt, (rowsMax * idBytes) / 4);
    this.input = Buffer.from(shared, inputAt, inputBytesMax);
    this.inputWords = new DataView(shared, inputAt, inputBytesMax);
    this.output = Buffer.from(shared, outputAt, outputBytesMax);
    this.verdicts = new Int32Array(shared, verdictsAt, rowsMax);
    this.givenIds = Buffer.from(shared, givenIdsAt, rowsMax * idBytes);
  }

  get count(): number {
    return this.header[hCount] as number;
  }

  clear(): void {
    this.header[hCount] = 0;
    this.header[hInputUsed] = 0;
    this.header[hIdsAssigned] = 0;
    this.header[hGiven] = 0;
  }

  /** Copies one message in. Returns false when it does not fit any more. */
  add(peer: number, bytes: Buffer, offset: number, length: number): boolean {
    const count = this.header[hCount] as number;
    const used = this.header[hInputUsed] as number;
    if (count === rowsMax || used + length > inputBytesMax) return false;
    bytes.copy(this.input, used, offset, offset + length);
    const at = count * rowWords;
    this.rows[at + rOffset] = used;
    this.rows[at + rLength] = length;
    this.rows[at + rPeer] = peer;
    this.rows[at + rExpired] = 0;
    this.header[hCount] = count + 1;
    this.header[hInputUsed] = used + length;
    return true;
  }

  offset(row: number): number {
    return this.rows[row * rowWords + rOffset] as number;
  }

  length(row: number): number {
    return this.rows[row * rowWords + rLength] as number;
  }

  peer(row: number): number {
    return this.rows[row * rowWords + rPeer] as number;
  }

  /** Marks a row whose deadline passed while it waited: it is answered, not worked on. */
  expire(row: number): void {
    this.rows[row * rowWords + rExpired] = 1;
  }

  expired(row: number): boolean {
    return this.rows[row * rowWords + rExpired] === 1;
  }

  /** Gives the last row an id and what the owner of its shard has said; NONE: nothing yet. */
  give(verdict: number, id: Buffer): void {
    const row = this.count - 1;
    this.header[hGiven] = 1;
    this.verdicts[row] = verdict;
    id.copy(this.givenIds, row * idBytes, 0, idBytes);
  }

  /** True where every row was given an id and a verdict. */
  get given(): boolean {
    return this.header[hGiven] === 1;
  }

  verdict(row: number): number {
    return this.verdicts[row] as number;
  }

  /** In place of the ids that would be drawn. */
  takeGivenIds(): void {
    this.givenIds.copy(this.ids, 0, 0, this.count * idBytes);
  }

  get idsAssigned(): boolean {
    return this.header[hIdsAssigned] === 1;
  }

  markIdsAssigned(): void {
    this.header[hIdsAssigned] = 1;
  }

  /** `length` 0: the message cannot be answered. */
  setAnswer(row: number, offset: number, length: number, reason: number, status: number): void {
    const at = row * rowWords;
    this.rows[at + rAnswerOffset] = offset;
    this.rows[at + rAnswerLength] = length;
    this.rows[at + rReason] = reason;
    this.rows[at + rStatus] = status;
    this.rows[at + rReleased] = 0;
  }

  /** Notes that the row's answer carries a card number. */
  release(row: number): void {
    this.rows[row * rowWords + rReleased] = 1;
  }

  released(row: number): boolean {
    return this.rows[row * rowWords + rReleased] === 1;
  }

  answerOffset(row: number): number {
    return this.rows[row * rowWords + rAnswerOffset] as number;
  }

  answerLength(row: number): number {
    return this.rows[row * rowWords + rAnswerLength] as number;
  }

  reason(row: number): number {
    return this.rows[row * rowWords + rReason] as number;
  }

  status(row: number): number {
    return this.rows[row * rowWords + rStatus] as number;
  }
}

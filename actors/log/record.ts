// One record of the log: a clear head that every node can check, then a sealed group of events.
//
//   head, 59 bytes: version 1, shard 2, incarnation 4, epoch 8, owner nonce 8, prev 16, at 8,
//                   horizonPtav 4, horizonDe7 4, count 2, key version 2; numbers big-endian
//   body:           V (16) and C of AES-SIV over count x {length 4, type 2, version 2, flags 1,
//                   command id 16, payload}, with the head as associated data
//
// `prev` is the first half of SHA-256 over the whole record before it, so a shard's records are a
// chain: replicas of one stream have been seen to serve different histories under one numbering.
import { createHmac, hash, hkdfSync } from "node:crypto";
import { CryptoError, type Key, type KeyRing, sivOpen, sivSeal } from "../../crypto/mod.ts";
import type { StreamKind } from "./port.ts";

export const recordVersion = 1;
export const headBytes = 59;
export const hashBytes = 16;
export const nonceBytes = 8;
export const commandIdBytes = 16;

/** What a group costs beside its events: the head and the tag of AES-SIV. */
export const recordOverheadBytes = headBytes + 16;
/** What an event costs beside its payload. */
export const eventOverheadBytes = 25;

/** A group is cut here, though never inside one command: one append takes about a flush. */
export const groupBytesMax = 64 * 1024;
/** The largest record there may be; a stream refuses larger messages. */
export const recordBytesMax = 512 * 1024;
/** Events of one record: a position within a shard is seq x 4096 + ord. */
export const recordEventsMax = 4_096;

/** Types that belong to the log itself; kinds of actors use those below. */
export const ownTypes = {
  epochOpened: 0xff01,
  epochClosed: 0xff02,
  commandNoted: 0xff03,
  /** In the stream of payments: a claim and its row of the journal. */
  paymentAccepted: 0xff04,
  /** In the stream of payments: what was claimed up to here may be lost, so it is void. */
  paymentsFenced: 0xff05,
  /** Marks of the states that a record's actors end in. */
  statesNoted: 0xff06,
} as const;
/** The highest type that a kind of actor may use. */
export const kindTypeMax = 0xfeff;

export interface LogEvent {
  readonly type: number;
  readonly version: number;
  /** True: whoever does not know the type must not go past it. */
  readonly critical: boolean;
  /** Of the command that caused it; zeros where none did. */
  readonly commandId: Buffer;
  readonly payload: Buffer;
}

export interface HeadFields {
  readonly shard: number;
  readonly incarnation: number;
  readonly epoch: number;
  /** Drawn once a process start: tells two processes of one node id apart. */
  readonly nonce: Buffer;
  readonly prev: Buffer;
  /** Unix milliseconds by the owner's clock, never falling within a shard. */
  readonly atMs: number;
  /** Highest times claimed so far in this shard, Unix seconds. */
  readonly horizonPtav: number;
  readonly horizonDe7: number;
}

export interface RecordHead extends HeadFields {
  readonly count: number;
  readonly keyVersion: number;
}

export interface LogRecord {
  readonly head: RecordHead;
  readonly events: readonly LogEvent[];
}

/**
 * What is wrong with bytes that should be a record. `key`: sealed under a key version that this
 * node does not have (yet): wait for the key and alarm. All others: damaged, or not ours.
 */
export type RecordFault = "size" | "version" | "key" | "seal" | "layout";

export class RecordError extends Error {
  override readonly name = "RecordError";
  readonly fault: RecordFault;

  constructor(fault: RecordFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/** First half of SHA-256 over a whole record: what the next one carries as `prev`. */
export function recordHash(bytes: Uint8Array): Buffer {
  return hash("sha256", bytes, "buffer").subarray(0, hashBytes);
}

/** `prev` of a stream's first record: names the stream, so that no record fits into another. */
export function firstPrev(kind: StreamKind, shard: number, incarnation: number): Buffer {
  return recordHash(Buffer.from(`pantun log ${kind} ${shard} ${incarnation}`));
}

/** Where an event stands within its shard, as one number that sorts. */
export function positionNumber(seq: number, ord: number): number {
  return seq * recordEventsMax + ord;
}

/** Bytes that these events add to a record. */
export function eventsBytes(events: readonly LogEvent[]): number {
  return events.reduce((sum, event) => sum + eventOverheadBytes + event.payload.length, 0);
}

/** The clear head. Needs no key; throws a RecordError (size, version, layout). */
export function readHead(bytes: Buffer): RecordHead {
  if (bytes.length < recordOverheadBytes || bytes.length > recordBytesMax) {
    throw new RecordError("size", `a record of ${bytes.length} bytes`);
  }
  const version = bytes[0]!;
  if (version !== recordVersion) {
    throw new RecordError("version", `a record of version ${version}; known is ${recordVersion}`);
  }
  const head: RecordHead = {
    shard: bytes.readUInt16BE(1),
    incarnation: bytes.readUInt32BE(3),
    epoch: readU64(bytes, 7),
    nonce: bytes.subarray(15, 23),
    prev: bytes.subarray(23, 39),
    atMs: readU64(bytes, 39),
    horizonPtav: bytes.readUInt32BE(47),
    horizonDe7: bytes.readUInt32BE(51),
    count: bytes.readUInt16BE(55),
    keyVersion: bytes.readUInt16BE(57),
  };
  if (head.count > recordEventsMax) {
    throw new RecordError("layout", `a record of ${head.count} events`);
  }
  return head;
}

function readU64(bytes: Buffer, at: number): number {
  const value = bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
  if (!Number.isSafeInteger(value)) throw new RecordError("layout", "a number beyond 2^53");
  return value;
}

function writeU64(bytes: Buffer, value: number, at: number): void {
  bytes.writeUInt32BE(Math.floor(value / 2 ** 32), at);
  bytes.writeUInt32BE(value % 2 ** 32, at + 4);
}

export const contentDigestBytes = 16;

/** Seals and opens records under the keys of usage `log`. */
export class RecordSeal {
  #ring: KeyRing;

  /** Throws a CryptoError KEY_NOT_FOUND where the ring has no active `log` key. */
  constructor(ring: KeyRing) {
    ring.active("log");
    this.#ring = ring;
  }

  /** Takes new keys after a rotation; the next record is sealed under the active one. */
  useKeys(ring: KeyRing): void {
    ring.active("log");
    this.#ring = ring;
  }

  /** The record's whole body. A RangeError where it would exceed what a record may hold. */
  seal(fields: HeadFields, events: readonly LogEvent[]): Buffer {
    return this.sealRecord(fields, events).bytes;
  }

  /** The same, with what `open` would give for it. */
  sealRecord(
    fields: HeadFields,
    events: readonly LogEvent[],
  ): { readonly bytes: Buffer; readonly record: LogRecord } {
    const plain = Buffer.alloc(eventsBytes(events));
    if (events.length > recordEventsMax || plain.length > recordBytesMax - recordOverheadBytes) {
      const size = `${events.length} events, ${plain.length} bytes`;
      throw new RangeError(`${size}: more than a record holds`);
    }
    let at = 0;
    for (const event of events) at = writeEvent(plain, at, event);
    const key = this.#ring.active("log");
    const head = { ...fields, count: events.length, keyVersion: key.version };
    const headPart = writeHead(head);
    const sealed = sivSeal(key.bytes, [headPart], plain);
    plain.fill(0);
    return { bytes: Buffer.concat([headPart, sealed]), record: { head, events } };
  }

  /** Head and events; throws a RecordError that says what is wrong. */
  open(bytes: Buffer): LogRecord {
    const head = readHead(bytes);
    const key = this.#ring.find("log", head.keyVersion);
    if (key === undefined) {
      throw new RecordError("key", `there is no log key of version ${head.keyVersion}`);
    }
    const plain = sivOpen(key.bytes, [bytes.subarray(0, headBytes)], bytes.subarray(headBytes));
    if (plain === undefined) throw new RecordError("seal", "the record's seal does not open");
    return { head, events: readEvents(plain, head.count) };
  }

  /**
   * 16 bytes that tell contents apart and, without the key, nothing of a content that could be
   * tried out: a card number among known words.
   */
  digest(content: Buffer): Buffer {
    return digestUnder(this.#ring.active("log"), content);
  }

  /** Whether a digest is of this content, also one that was made before a rotation of the key. */
  isDigest(digest: Buffer, content: Buffer): boolean {
    return this.#ring.usable("log").some((key) => digestUnder(key, content).equals(digest));
  }
}

/** The key seals records; digests have one of their own. */
const digestKeys = new WeakMap<Key, Buffer>();

function digestKeyOf(key: Key): Buffer {
  let known = digestKeys.get(key);
  if (known === undefined) {
    known = Buffer.from(hkdfSync("sha256", key.bytes, "", "pantun command content", 32));
    digestKeys.set(key, known);
  }
  return known;
}

function digestUnder(key: Key, content: Buffer): Buffer {
  const mac = createHmac("sha256", digestKeyOf(key)).update(content).digest();
  return mac.subarray(0, contentDigestBytes);
}

function writeHead(head: RecordHead): Buffer {
  const lengths = head.nonce.length === nonceBytes && head.prev.length === hashBytes;
  if (!lengths) throw new RangeError("a record's nonce has 8 bytes, its prev 16");
  const bytes = Buffer.alloc(headBytes);
  bytes[0] = recordVersion;
  bytes.writeUInt16BE(head.shard, 1);
  bytes.writeUInt32BE(head.incarnation, 3);
  writeU64(bytes, head.epoch, 7);
  bytes.set(head.nonce, 15);
  bytes.set(head.prev, 23);
  writeU64(bytes, head.atMs, 39);
  bytes.writeUInt32BE(head.horizonPtav, 47);
  bytes.writeUInt32BE(head.horizonDe7, 51);
  bytes.writeUInt16BE(head.count, 55);
  bytes.writeUInt16BE(head.keyVersion, 57);
  return bytes;
}

function writeEvent(plain: Buffer, start: number, event: LogEvent): number {
  if (event.commandId.length !== commandIdBytes) throw new RangeError("a command id has 16 bytes");
  let at = plain.writeUInt32BE(event.payload.length, start);
  at = plain.writeUInt16BE(event.type, at);
  at = plain.writeUInt16BE(event.version, at);
  at = plain.writeUInt8(event.critical ? 1 : 0, at);
  plain.set(event.commandId, at);
  plain.set(event.payload, at + commandIdBytes);
  return at + commandIdBytes + event.payload.length;
}

function readEvents(plain: Buffer, count: number): LogEvent[] {
  const events: LogEvent[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const start = at + eventOverheadBytes;
    const end = start <= plain.length ? start + plain.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    const flags = end <= plain.length ? plain[at + 8]! : 0xff;
    // The seal is right, so this is another program's writing and no accident.
    if (flags > 1) throw new RecordError("layout", `event ${i} of a record cannot be read`);
    events.push({
      type: plain.readUInt16BE(at + 4),
      version: plain.readUInt16BE(at + 6),
      critical: flags === 1,
      commandId: plain.subarray(at + 9, start),
      payload: plain.subarray(start, end),
    });
    at = end;
  }
  if (at !== plain.length) throw new RecordError("layout", "bytes behind a record's last event");
  return events;
}

/** True where the fault ends once the node has read new keys. */
export function waitsForKey(error: unknown): boolean {
  if (error instanceof RecordError) return error.fault === "key";
  return error instanceof CryptoError && error.code === "KEY_NOT_FOUND";
}

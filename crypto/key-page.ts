import { CryptoError } from "./crypto-error.ts";
import { type Key, keyStates, keyUsages, SecretKey } from "./key.ts";
import { KeyRing, ringKeysMax } from "./key-ring.ts";

/** A key takes at most 8 + 12 (KCV) + 64 (label) + 64 (bytes) = 148 bytes on the page. */
const keyBytesMax = 148;
const headerBytes = 16;
const slotBytes = 4 + ringKeysMax * keyBytesMax;
const pageBytes = headerBytes + 2 * slotBytes;

/** A reader that lost this many races meets a publisher that never stops, which is a fault. */
const readTriesMax = 1_000;

const epochWord = 0;
const intentWord = 1;

/**
 * The key ring in memory shared by the threads of one process, so that workers see new keys at
 * their next batch. Two slots: the publisher writes the one that nobody is sent to, then moves the
 * epoch. A reader that was so slow that the publisher came round to its slot notices by the intent
 * word, which is raised before writing, and reads again. One thread publishes.
 */
export class KeyPage {
  readonly shared: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #bytes: Buffer;

  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(pageBytes)) {
    if (shared.byteLength !== pageBytes) throw new RangeError("KeyPage: not a key page");
    this.shared = shared;
    this.#words = new Int32Array(shared, 0, headerBytes / 4);
    this.#bytes = Buffer.from(shared);
  }

  /** 0 before the first publish, then one more each time. One atomic load: ask at every batch. */
  epoch(): number {
    return Atomics.load(this.#words, epochWord);
  }

  publish(ring: KeyRing): void {
    const keys = keyUsages.flatMap((usage) => ring.all(usage));
    const next = this.epoch() + 1;
    // Read-modify-write, not store: only that keeps the plain writes below from moving before it.
    Atomics.exchange(this.#words, intentWord, next);
    let at = this.#slotOf(next);
    at = this.#bytes.writeUInt32LE(keys.length, at);
    for (const key of keys) at = writeKey(this.#bytes, at, key);
    Atomics.store(this.#words, epochWord, next);
  }

  /**
   * The ring as last published; its epoch is the page's. KEY_NOT_FOUND before the first publish.
   */
  read(): KeyRing {
    for (let tries = 0; tries < readTriesMax; tries++) {
      const epoch = this.epoch();
      if (epoch === 0) throw new CryptoError("KEY_NOT_FOUND", "no keys have been published");
      const from = this.#slotOf(epoch);
      const copy = Buffer.alloc(slotBytes);
      this.#bytes.copy(copy, 0, from, from + slotBytes);
      // Likewise, so that the plain reads above cannot move behind it.
      const torn = Atomics.add(this.#words, intentWord, 0) - epoch > 1;
      if (!torn) {
        const ring = new KeyRing(readKeys(copy), epoch);
        copy.fill(0);
        return ring;
      }
    }
    throw new CryptoError("KEY_STATE", "the key page changes faster than it can be read");
  }

  #slotOf(epoch: number): number {
    return headerBytes + (epoch & 1) * slotBytes;
  }
}

function writeKey(page: Buffer, start: number, key: Key): number {
  let at = start;
  at = page.writeUInt8(keyUsages.indexOf(key.usage), at);
  at = page.writeUInt8(keyStates.indexOf(key.state), at);
  at = page.writeUInt16LE(key.version, at);
  for (const text of [key.kcv, key.label]) {
    at = page.writeUInt8(text.length, at);
    at += page.write(text, at, "latin1");
  }
  at = page.writeUInt8(key.bytes.length, at);
  return at + key.bytes.copy(page, at);
}

function readKeys(page: Buffer): Key[] {
  const keys: Key[] = [];
  let at = 4;
  const text = () => {
    const length = page[at++]!;
    at += length;
    return page.toString("latin1", at - length, at);
  };
  for (let left = page.readUInt32LE(0); left > 0; left--) {
    const usage = keyUsages[page[at]!]!;
    const state = keyStates[page[at + 1]!]!;
    const version = page.readUInt16LE(at + 2);
    at += 4;
    const kcv = text();
    const label = text();
    const length = page[at++]!;
    keys.push(
      new SecretKey({
        usage,
        state,
        version,
        kcv,
        label,
        bytes: page.subarray(at, at + length),
      }),
    );
    at += length;
  }
  return keys;
}

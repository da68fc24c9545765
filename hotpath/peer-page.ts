// The table of peers in memory shared by the threads of one process. Peers are only ever added: a
// message under way keeps meaning the peer that it came from, and a reader never sees half a row.
import { appError } from "../platform/mod.ts";
import type { Peer } from "./dispatch-types.ts";

/** Peers that one run of the program may come to know, those that are gone included. */
export const peersMax = 2_048;

const headerBytes = 16;
/** Tag 4, flags 1, two texts of at most 64 characters with their lengths. */
const rowBytes = 136;
const textMax = 64;
const pageBytes = headerBytes + peersMax * rowBytes;
const at = { tag: 0, flags: 4, name: 5, label: 70 } as const;
const flag = { MAC_REQUIRED: 1, HAS_LABEL: 2 } as const;
/** The door stands in the upper half of the flags. */
const doorShift = 4;
const countWord = 0;

export class PeerPage {
  readonly shared: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #bytes: Buffer;

  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(pageBytes)) {
    if (shared.byteLength !== pageBytes) throw new RangeError("PeerPage: not a peer page");
    this.shared = shared;
    this.#words = new Int32Array(shared, 0, headerBytes / 4);
    this.#bytes = Buffer.from(shared);
  }

  static of(peers: readonly Peer[]): PeerPage {
    const page = new PeerPage();
    page.add(peers);
    return page;
  }

  /** Peers on the page. One atomic load: ask at every batch. */
  count(): number {
    return Atomics.load(this.#words, countWord);
  }

  /**
   * Adds peers, whose ids must go on where the page ends. One thread adds. Errors: OVERLOADED where
   * there is no room, CONFIG_INVALID where a name is too long.
   */
  add(peers: readonly Peer[]): void {
    let count = this.count();
    if (count + peers.length > peersMax) {
      throw appError("OVERLOADED", `${peersMax} peers were seen: restart to forget those gone.`);
    }
    for (const peer of peers) {
      if (peer.id !== count) throw new Error(`peer ${peer.name} has id ${peer.id}, not ${count}`);
      this.#write(headerBytes + count * rowBytes, peer);
      count += 1;
    }
    // After the rows: who sees the count sees them.
    Atomics.store(this.#words, countWord, count);
  }

  /** The peers from number `from` on. */
  read(from = 0): Peer[] {
    const count = this.count();
    return Array.from({ length: count - from }, (_, i) => this.#read(from + i));
  }

  #write(row: number, { tag, name, macLabel, macRequired, door = 0 }: Peer): void {
    const label = macLabel ?? "";
    const longest = Math.max(name.length, label.length);
    if (longest > textMax) throw appError("CONFIG_INVALID", `${name} is longer than ${textMax}.`);
    const flags = (macRequired ? flag.MAC_REQUIRED : 0) | (macLabel === null ? 0 : flag.HAS_LABEL);
    this.#bytes.writeUInt32LE(tag, row + at.tag);
    this.#bytes[row + at.flags] = flags | (door << doorShift);
    for (const [text, place] of [
      [name, row + at.name],
      [label, row + at.label],
    ] as const) {
      this.#bytes[place] = text.length;
      this.#bytes.write(text, place + 1, "latin1");
    }
  }

  #read(id: number): Peer {
    const row = headerBytes + id * rowBytes;
    const flags = this.#bytes[row + at.flags]!;
    return {
      id,
      tag: this.#bytes.readUInt32LE(row + at.tag),
      name: this.#text(row + at.name),
      macRequired: (flags & flag.MAC_REQUIRED) !== 0,
      door: flags >> doorShift,
      macLabel: (flags & flag.HAS_LABEL) === 0 ? null : this.#text(row + at.label),
    };
  }

  #text(place: number): string {
    return this.#bytes.toString("latin1", place + 1, place + 1 + this.#bytes[place]!);
  }
}

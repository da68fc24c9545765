// Answers that the door gives by itself: to network management, to what cannot be read, and to
// payments that it may not or cannot hand over. One desk a server; its buffers are used in turn.
import { expectsAnswer, mydebit, ReplyPatch, type View } from "../../codec/iso8583/mod.ts";
import type { Peer } from "../../hotpath/mod.ts";
import { type Clock, de39Of, getReason } from "../../platform/mod.ts";
import { AnswerIds } from "./answer-ids.ts";
import { MAC_BYTES, type PeerMacs } from "./peer-macs.ts";
import { writeDecline } from "./token-data.ts";

/** An answer is never longer than a frame's body. */
const answerBytesMax = 4_096;

export class AnswerDesk {
  readonly view: View = mydebit.createView();
  /** The last answer, from its MTI on. */
  readonly out = Buffer.alloc(answerBytesMax);
  readonly #patch = new ReplyPatch();
  readonly #macs: PeerMacs;
  readonly #ids: AnswerIds;

  constructor(macs: PeerMacs, clock: Clock, random: (bytes: number) => Buffer) {
    this.#macs = macs;
    this.#ids = new AnswerIds(clock, random);
  }

  /** Reads a message, from its MTI on, structure first and meaning second: 0 or a packed error. */
  read(buf: Buffer, off: number, end: number): number {
    const status = mydebit.scanMessage(this.view, buf, off, end);
    return status === 0 ? mydebit.validate(this.view) : status;
  }

  /**
   * True where the message just read is a request: answers and notifications are never answered.
   */
  expectsAnswer(): boolean {
    return expectsAnswer(this.view.mti);
  }

  /**
   * Judges DE128 of the message just read: the number of the key that fits (0 is the current one
   * and also the answer where none was needed), or a `macVerdict`.
   */
  judgeMac(peer: Peer): number {
    const view = this.view;
    if (!view.has(128)) return peer.macRequired ? macVerdict.MISSING : 0;
    if (peer.macLabel === null) return 0;
    const key = this.#macs.verify(peer, view.buf, view.begin, view.offset(128));
    return key < 0 ? macVerdict.WRONG : key;
  }

  /** Answer to a message that could not be read; 0 where it cannot be answered. */
  unreadable(peer: Peer, status: number): number {
    if (!mydebit.answerable(status, this.view)) return 0;
    return this.errorOnly(peer, "30");
  }

  /** An answer that echoes only what names the message. */
  errorOnly(peer: Peer, de39: string): number {
    this.#begin(peer, false);
    this.#patch.errorOnly = true;
    this.#text(39, 0, de39);
    return this.#finish(peer, 0);
  }

  /** 0810, signed by key number `key`. */
  network(peer: Peer, de39: string, key: number): number {
    this.#begin(peer, true);
    this.#text(39, 0, de39);
    return this.#finish(peer, key);
  }

  /** 0312, signed by key number `key`; `tags` is DE120, left out where it is "". */
  file(peer: Peer, de39: string, tags: string, key: number): number {
    this.#begin(peer, true);
    const at = this.#text(39, 0, de39);
    if (tags !== "") this.#text(120, at, tags);
    return this.#finish(peer, key);
  }

  /** Declines the payment just read with one of the door's own reasons; nothing was checked. */
  decline(peer: Peer, reason: number): number {
    const patch = this.#patch;
    const view = this.view;
    this.#begin(peer, true);
    let at = this.#text(39, 0, de39Of(reason));
    at = this.#echo(2, at);
    const cls = view.mti & 0xff0;
    // An advice and a file action get DE39 alone; DE14 goes back as received only where a
    // verification was asked for.
    if (cls === 0x100 || cls === 0x200) at = this.#echo(14, at);
    if (cls !== 0x120 && cls !== 0x300) {
      const result = getReason(reason).ptavResult ?? "U";
      const token = { result, reason, id: this.#ids.next() };
      patch.set(120, at, writeDecline(view, patch.buf, at, token) - at);
    }
    return this.#finish(peer, 0);
  }

  #begin(peer: Peer, readable: boolean): void {
    this.#patch.clear();
    this.#patch.errorOnly = false;
    this.#patch.withMac =
      this.#macs.has(peer) && (peer.macRequired || (readable && this.view.has(128)));
  }

  #text(de: number, at: number, value: string): number {
    const length = this.#patch.buf.write(value, at, "latin1");
    this.#patch.set(de, at, length);
    return at + length;
  }

  #echo(de: number, at: number): number {
    const view = this.view;
    if (!view.has(de)) return at;
    const from = view.offset(de);
    const length = view.length(de);
    view.buf.copy(this.#patch.buf, at, from, from + length);
    this.#patch.set(de, at, length);
    return at + length;
  }

  #finish(peer: Peer, key: number): number {
    const end = mydebit.reply(this.view, this.out, 0, this.#patch);
    if (end < 0) throw new Error("an answer of the door does not fit its buffer");
    if (this.#patch.withMac) this.#macs.sign(peer, key, this.out, 0, end - MAC_BYTES);
    return end;
  }
}

/** What `judgeMac` found wrong. */
export const macVerdict = { MISSING: -1, WRONG: -2 } as const;

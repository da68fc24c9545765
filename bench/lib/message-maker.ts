// Good payments by the hundred thousand: each over a token chosen at random, with a PTAV of its
// own that was never used. They are made before the clock runs: a template whose fields are
// written over, and MACs in lanes.
import { randomFillSync } from "node:crypto";
import { encodeMessage, verification } from "../../cmd/sim/messages.ts";
import { mydebit, type View, writeTransmission } from "../../codec/iso8583/mod.ts";
import {
  encodePtavText,
  MAC_INPUT_BYTES,
  PTAV_BYTES,
  PTAV_MAC_BYTES,
  PTAV_TEXT,
  ptavMacOffset,
  ptavProfileBit,
  writeMacInput,
  writePtavHeader,
} from "../../codec/ptav/mod.ts";
import { CmacLanes, type Key } from "../../crypto/mod.ts";
import { testAcquirer } from "../../vault/mod.ts";
import type { Chooser } from "./random.ts";
import { deckAt, expiryDigits, type TokenDeck, tpanDigits, tridDigits } from "./token-deck.ts";

const lanesMax = 128;
const macBytes = 8;
const nonceBytes = 6;
const amountDigits = 12;
const stanDigits = 6;
const rrnDigits = 12;
const stanMax = 999_999;
/** Sen; the rest of the amount counts up, so that fingerprints differ. */
const amountMin = 100;
const tag = { TRID: 3, PTAV: 4 } as const;
const zero = 0x30;
const merchant = "MERCHANT0000001";

/** Messages laid end to end, all of one length. */
export interface MessageBlock {
  readonly bytes: Buffer;
  /** Bytes of a message, from its MTI on. */
  readonly length: number;
  readonly count: number;
  /** Which token of the deck each message pays with. */
  readonly tokens: Uint32Array;
}

export interface MakerOptions {
  readonly deck: TokenDeck;
  /** The active PTAV key. */
  readonly ptavKey: Key;
  /** The peer's DE128 key; null makes messages without DE128. */
  readonly macKey: Buffer | null;
  readonly choose: Chooser;
}

/** Offsets in a message of what differs from message to message. */
export interface Places {
  readonly tpan: number;
  readonly amount: number;
  readonly transmitted: number;
  readonly stan: number;
  readonly expiry: number;
  readonly rrn: number;
  readonly currency: number;
  readonly merchant: number;
  readonly trid: number;
  readonly ptav: number;
}

/** Changes message `index` of a block, which begins at `at`, before it is signed. */
export type Alter = (bytes: Buffer, at: number, index: number) => void;

export class MessageMaker {
  readonly #options: MakerOptions;
  readonly #template: Buffer;
  readonly #places: Places;
  readonly #lanes: CmacLanes;
  readonly #macLanes: CmacLanes | null;
  readonly #ptavs = Buffer.alloc(lanesMax * PTAV_BYTES);
  readonly #nonces = Buffer.alloc(lanesMax * nonceBytes);
  #sequence = 0;

  constructor(options: MakerOptions) {
    this.#options = options;
    const withMac = options.macKey !== null;
    this.#template = template(options.deck, withMac);
    this.#places = placesOf(this.#template);
    const shape = { lanesMax, bytesMax: MAC_INPUT_BYTES };
    this.#lanes = new CmacLanes(options.ptavKey.bytes, shape);
    this.#macLanes =
      options.macKey === null
        ? null
        : new CmacLanes(options.macKey, { lanesMax, bytesMax: this.#template.length });
  }

  get places(): Places {
    return this.#places;
  }

  /** Number in DE37 of the message made last; they count up by one. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Bytes of every message. */
  get length(): number {
    return this.#template.length;
  }

  /** `count` messages with DE7 of `seconds` and PTAVs issued at `issuedAt`, Unix seconds. */
  make(count: number, seconds: number, issuedAt: number, alter?: Alter): MessageBlock {
    const { length } = this;
    const bytes = Buffer.allocUnsafeSlow(count * length);
    const tokens = new Uint32Array(count);
    for (let first = 0; first < count; first += lanesMax) {
      const many = Math.min(lanesMax, count - first);
      randomFillSync(this.#nonces);
      for (let lane = 0; lane < many; lane++) {
        tokens[first + lane] = this.#options.choose.next(this.#options.deck.count);
        this.#write(bytes, (first + lane) * length, tokens[first + lane] as number, seconds);
        this.#input(bytes, (first + lane) * length, lane, issuedAt);
      }
      this.#sealPtavs(bytes, first, many);
      for (let i = first; alter !== undefined && i < first + many; i++) alter(bytes, i * length, i);
      this.#sign(bytes, first, many);
    }
    return { bytes, length, count, tokens };
  }

  #write(out: Buffer, at: number, token: number, seconds: number): void {
    const { deck } = this.#options;
    const p = this.#places;
    const from = deck.at(token);
    this.#template.copy(out, at);
    deck.bytes.copy(out, at + p.tpan, from + deckAt.tpan, from + deckAt.tpan + tpanDigits);
    deck.bytes.copy(out, at + p.expiry, from + deckAt.expiry, from + deckAt.expiry + expiryDigits);
    deck.bytes.copy(out, at + p.trid, from + deckAt.trid, from + deckAt.trid + tridDigits);
    this.#sequence++;
    writeDigits(out, at + p.amount, amountMin + (this.#sequence % 1_000_000), amountDigits);
    writeTransmission(out, at + p.transmitted, seconds);
    writeDigits(out, at + p.stan, 1 + (this.#sequence % stanMax), stanDigits);
    writeDigits(out, at + p.rrn, this.#sequence, rrnDigits);
  }

  #input(out: Buffer, at: number, lane: number, issuedAt: number): void {
    const p = this.#places;
    const profile = ptavProfileBit.AMOUNT | ptavProfileBit.MERCHANT;
    const kvn = this.#options.ptavKey.version;
    const ptav = lane * PTAV_BYTES;
    writePtavHeader(this.#ptavs, ptav, profile, kvn, this.#nonces, lane * nonceBytes, issuedAt);
    const written = writeMacInput(
      this.#lanes.bytes,
      this.#lanes.at(lane),
      this.#ptavs,
      ptav,
      out,
      at + p.tpan,
      tpanDigits,
      out,
      at + p.expiry,
      out,
      at + p.trid,
      tridDigits,
      out,
      at + p.amount,
      out,
      at + p.currency,
      out,
      at + p.merchant,
      merchant.length,
    );
    if (!written) throw new Error("a made payment does not fit the PTAV's MAC input");
    this.#lanes.setLength(lane, MAC_INPUT_BYTES);
  }

  #sealPtavs(out: Buffer, first: number, many: number): void {
    this.#lanes.run(many);
    for (let lane = 0; lane < many; lane++) {
      const ptav = lane * PTAV_BYTES;
      this.#lanes.out.copy(
        this.#ptavs,
        ptav + ptavMacOffset,
        lane * 16,
        lane * 16 + PTAV_MAC_BYTES,
      );
      encodePtavText(this.#ptavs, ptav, out, (first + lane) * this.length + this.#places.ptav);
    }
  }

  #sign(out: Buffer, first: number, many: number): void {
    const lanes = this.#macLanes;
    if (lanes === null) return;
    const covered = this.length - macBytes;
    for (let lane = 0; lane < many; lane++) {
      const at = (first + lane) * this.length;
      out.copy(lanes.bytes, lanes.at(lane), at, at + covered);
      lanes.setLength(lane, covered);
    }
    lanes.run(many);
    for (let lane = 0; lane < many; lane++) {
      const to = (first + lane) * this.length + covered;
      lanes.out.copy(out, to, lane * 16, lane * 16 + macBytes);
    }
  }
}

/** The 0100 of the profile with every element that a first purchase has. */
function template(deck: TokenDeck, withMac: boolean): Buffer {
  const text = (at: number, length: number) => deck.bytes.toString("latin1", at, at + length);
  const payment = {
    tpan: text(deckAt.tpan, tpanDigits),
    tpanExpiry: text(deckAt.expiry, expiryDigits),
    trid: text(deckAt.trid, tridDigits),
    amount: amountMin,
    merchantId: merchant,
    acquirerId: testAcquirer,
    stan: 1,
    rrn: "0".repeat(rrnDigits),
    seconds: 0,
    initiation: "C",
    ptav: "A".repeat(PTAV_TEXT),
  } as const;
  return encodeMessage(verification(payment, { mti: "0100", withMac }));
}

function placesOf(message: Buffer): Places {
  const view: View = mydebit.createView();
  const status = mydebit.scanMessage(view, message, 0, message.length);
  if (status !== 0) throw mydebit.error(status, view);
  return {
    tpan: view.offset(2),
    amount: view.offset(4),
    transmitted: view.offset(7),
    stan: view.offset(11),
    expiry: view.offset(14),
    rrn: view.offset(37),
    merchant: view.offset(42),
    currency: view.offset(49),
    trid: view.tags.offset(tag.TRID),
    ptav: view.tags.offset(tag.PTAV),
  };
}

/** ASCII digits with zeros in front. */
export function writeDigits(out: Buffer, at: number, value: number, digits: number): void {
  let rest = value;
  for (let i = digits - 1; i >= 0; i--) {
    out[at + i] = zero + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

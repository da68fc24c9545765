// Defends: what the bench sends is what it says: valid 0100s, each over a token of the deck, with
// a PTAV that the plain CMAC agrees with and no other message has, and with a right DE128 where
// there is one.
import { describe, expect, it } from "vitest";
import { mydebit, transmissionSeconds } from "../../codec/iso8583/mod.ts";
import { withCheckDigit } from "../../codec/pan/mod.ts";
import {
  decodePtavText,
  MAC_INPUT_BYTES,
  PTAV_BYTES,
  ptavFormatValid,
  ptavIssuedAt,
  ptavMacOffset,
  writeMacInput,
} from "../../codec/ptav/mod.ts";
import { Cmac, SecretKey } from "../../crypto/mod.ts";
import { type MessageBlock, MessageMaker } from "./message-maker.ts";
import { Chooser } from "./random.ts";
import { deckAt, deckEntryBytes, TokenDeck } from "./token-deck.ts";

const tokens = 7;
const seconds = Date.parse("2026-11-24T10:20:30Z") / 1_000;
const key = Buffer.alloc(32, 3);
const ptavKey = new SecretKey({
  usage: "ptav",
  label: "",
  version: 5,
  state: "ACTIVE",
  bytes: key,
});

function deck(): TokenDeck {
  const bytes = Buffer.alloc(tokens * deckEntryBytes);
  for (let token = 0; token < tokens; token++) {
    const at = token * deckEntryBytes;
    bytes.write(withCheckDigit(`60872700100${1_000 + token}`), at + deckAt.tpan, "latin1");
    bytes.write(String(2_901 + token), at + deckAt.expiry, "latin1");
    bytes.write(`9990000000${token}`, at + deckAt.trid, "latin1");
  }
  return new TokenDeck(bytes);
}

function maker(macKey: Buffer | null): MessageMaker {
  return new MessageMaker({ deck: deck(), ptavKey, macKey, choose: new Chooser(9) });
}

function viewOf(block: MessageBlock, i: number) {
  const view = mydebit.createView();
  const at = i * block.length;
  expect(mydebit.scanMessage(view, block.bytes, at, at + block.length)).toBe(0);
  expect(mydebit.validate(view)).toBe(0);
  return view;
}

/** The PTAV of a message, after its MAC was computed again from the message alone. */
function provenPtav(block: MessageBlock, i: number): string {
  const view = viewOf(block, i);
  const { buf, tags } = view;
  const ptav = Buffer.alloc(PTAV_BYTES);
  expect(decodePtavText(buf, tags.offset(4), tags.length(4), ptav, 0)).toBe(true);
  expect(ptavFormatValid(ptav, 0)).toBe(true);
  expect(ptavIssuedAt(ptav, 0)).toBe(seconds - 3);
  const input = Buffer.alloc(MAC_INPUT_BYTES);
  writeMacInput(
    input,
    0,
    ptav,
    0,
    buf,
    view.offset(2),
    view.length(2),
    buf,
    view.offset(14),
    buf,
    tags.offset(3),
    tags.length(3),
    buf,
    view.offset(4),
    buf,
    view.offset(49),
    buf,
    view.offset(42),
    view.length(42),
  );
  const mac = Buffer.alloc(8);
  new Cmac(key).mac(input, 0, MAC_INPUT_BYTES, mac, 0, 8);
  expect(mac.equals(ptav.subarray(ptavMacOffset))).toBe(true);
  return ptav.toString("hex");
}

describe("MessageMaker", () => {
  it("makes valid payments with PTAVs of their own, across several lane runs", () => {
    const block = maker(null).make(300, seconds, seconds - 3);
    const ptavs = new Set<string>();
    const pairs = new Set<string>();
    for (let i = 0; i < block.count; i++) {
      ptavs.add(provenPtav(block, i));
      const view = viewOf(block, i);
      pairs.add(view.text(11) + view.text(37));
      expect(transmissionSeconds(block.bytes, view.offset(7), seconds)).toBe(seconds);
    }
    expect(ptavs.size).toBe(300);
    expect(pairs.size).toBe(300);
  });

  it("writes number, expiry and requestor of the token that it says", () => {
    const block = maker(null).make(50, seconds, seconds - 3);
    const cards = deck();
    for (let i = 0; i < block.count; i++) {
      const at = cards.at(block.tokens[i] as number);
      const view = viewOf(block, i);
      expect(view.text(2)).toBe(cards.bytes.toString("latin1", at, at + 16));
      expect(view.text(14)).toBe(cards.bytes.toString("latin1", at + 16, at + 20));
    }
    expect(new Set(block.tokens).size).toBe(tokens);
  });

  it("signs DE128 where there is a key, and goes on counting in the next block", () => {
    const signing = maker(key);
    const first = signing.make(130, seconds, seconds - 3);
    const second = signing.make(1, seconds, seconds - 3);
    const mac = Buffer.alloc(8);
    for (const i of [0, 127, 128, 129]) {
      const at = i * first.length;
      new Cmac(key).mac(first.bytes, at, first.length - 8, mac, 0, 8);
      expect(mac.equals(first.bytes.subarray(at + first.length - 8, at + first.length))).toBe(true);
    }
    expect(viewOf(second, 0).text(37)).toBe("000000000131");
  });
});

// Defends: a card number that a directory server's question opens stands in the journal before it
// leaves, and so in the audit chain with who got it and through which door; what is not written
// down does not leave; a question that opens nothing leaves no entry.
import { afterEach, beforeEach, expect, it } from "vitest";
import { suspendToken } from "../actors/card/test-rig.ts";
import { type Entry, JournalWriter, openBlock, parseRef } from "../vault/mod.ts";
import { acquirer, merchant, otherTrid, plainPeer, Rig, trid } from "./test-rig.ts";
import { type DirectoryQuery, TokenDirectoryService } from "./token-directory.ts";

const json = 3;
const caller = { ...plainPeer, door: json };
let rig: Rig;
let journal: JournalWriter;
let full: JournalWriter;
let isFull: boolean;
let directory: TokenDirectoryService;
let query: DirectoryQuery;

beforeEach(() => {
  rig = new Rig();
  isFull = false;
  const { dir, clock, vault, keys } = rig;
  const write = (): number => {
    throw Object.assign(new Error("no space"), { code: "ENOSPC" });
  };
  journal = JournalWriter.open({ dir, clock, name: "directory" });
  full = JournalWriter.open({ dir, clock, name: "full", write });
  const either = {
    rows: journal.rows,
    append: (count: number) => (isFull ? full : journal).append(count),
  } as JournalWriter;
  directory = new TokenDirectoryService({ vault, keys, clock, journal: either });
  const { tpan, expiry } = rig.tpanOf(rig.token);
  query = { tpan, tokenExpiry: expiry, trid, acquirerId: acquirer, merchantId: merchant };
});
afterEach(async () => {
  journal.close();
  full.close();
  await rig.remove();
});

function released(): Entry[] {
  rig.opened.history.foldAll();
  return [...rig.opened.history.auditChain().blocks()].flatMap(({ bytes }) => {
    const block = openBlock(Buffer.from(bytes));
    if (typeof block === "string") throw new Error(block);
    return block.entries.filter(({ kind }) => kind === "release");
  });
}

it("a card that is opened is in the chain, once each time, with caller and door", () => {
  for (let times = 1; times <= 2; times++) {
    const { reasonCode, issuerId, pan } = directory.resolve(caller, query, () => true);
    expect([reasonCode, issuerId, String(pan)]).toEqual([0, "BANK0001", String(rig.pan)]);
    const entries = released();
    expect(entries).toHaveLength(times);
    expect(entries.at(-1)).toMatchObject({
      reason: "resolve",
      door: "json",
      peer: plainPeer.tag,
      trid,
      repetition: false,
      index: rig.vault.findTokenByRef(parseRef(rig.token.ref) as Buffer)?.index,
    });
  }
});

it("what cannot be written down does not leave; the next question is answered", () => {
  isFull = true;
  expect(() => directory.resolve(caller, query, () => true)).toThrow("cannot be written down");
  isFull = false;
  expect(released()).toEqual([]);
  expect(directory.resolve(caller, query, () => true).pan).toBeDefined();
  expect(released()).toHaveLength(1);
});

it("no card, no entry: the issuer has no server, the question is declined", () => {
  const routed = directory.resolve(caller, query, () => false);
  expect(routed).toEqual({ reasonCode: 0, issuerId: "BANK0001", acsRoutingKey: "BANK0001" });
  const foreign = directory.resolve(caller, { ...query, trid: otherTrid }, () => true);
  expect(foreign).toEqual({ reasonCode: 1003, issuerId: "", acsRoutingKey: "" });
  suspendToken(rig.vault, rig.token.ref, "ADMIN");
  expect(directory.resolve(caller, query, () => true).reasonCode).toBe(1006);
  expect(released()).toEqual([]);
});

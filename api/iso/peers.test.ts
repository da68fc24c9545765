// Property: a certificate names one peer or nobody, and no spelling makes it name another.
import { expect, test } from "vitest";
import type { Peer } from "../../hotpath/mod.ts";
import { findPeerByAddress, findPeerByNames, type IsoPeers } from "./peers.ts";

const a: Peer = { id: 0, tag: 1, name: "a", macRequired: false, macLabel: null };
const b: Peer = { ...a, id: 1, tag: 2, name: "b" };
const peers: IsoPeers = {
  byIdentity: new Map([
    ["DNS:a.example", a],
    ["URI:spiffe://a", a],
    ["DNS:b.example", b],
  ]),
  byAddress: new Map([["10.0.0.1", b]]),
  plainDefault: null,
};

test.each([
  ["DNS:a.example", a],
  ["DNS:x.example, DNS:a.example, URI:spiffe://a", a],
  ["DNS:b.example, IP Address:10.0.0.9", b],
  ["DNS:a.example, DNS:b.example", null],
  ["DNS:A.EXAMPLE", null],
  ["DNS:a.example.", null],
  ['DNS:"x, DNS:a.example, y"', null],
  ['DNS:a.example, URI:"x"', null],
  ["", null],
  [undefined, null],
])("%s", (names, peer) => {
  expect(findPeerByNames(peers, names)).toBe(peer);
});

test.each([
  ["10.0.0.1", b],
  ["::ffff:10.0.0.1", b],
  ["10.0.0.2", null],
  [undefined, null],
])("address %s", (address, peer) => {
  expect(findPeerByAddress(peers, address)).toBe(peer);
});

test("an unlisted address is the default where there is one", () => {
  expect(findPeerByAddress({ ...peers, plainDefault: a }, "10.0.0.2")).toBe(a);
});

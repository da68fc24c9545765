// Property: what the parties file says of a switch's line reaches the door, and a changed file
// moves only what can move while the service runs.
import { expect, test } from "vitest";
import { linesOf, partiesOf } from "./parties.ts";

const bank = { name: "BANK", identities: ["DNS:bank.example"] };

test("framing, stations, zone key and call-out are taken", () => {
  const parties = partiesOf(
    {
      switches: [
        {
          ...bank,
          framing: "nac",
          stations: { destination: "12", source: "3" },
          zoneKeyFile: "zmk.txt",
          callOut: { hosts: ["a.example:8583", "b.example:8584"] },
        },
        { name: "OTHER", stations: { destination: "1", source: "2" } },
      ],
    },
    "test",
  );
  const lines = linesOf(parties, "base1");
  expect(lines.get("BANK")?.framing.name).toBe("nac");
  expect(lines.get("OTHER")?.framing.name).toBe("base1");
  expect(parties.zoneKeyFiles.get("BANK")).toBe("zmk.txt");
  expect(
    parties.callOuts.map(({ peer, hosts, connections }) => [peer.name, hosts, connections]),
  ).toEqual([
    [
      "BANK",
      [
        { host: "a.example", port: 8_583 },
        { host: "b.example", port: 8_584 },
      ],
      1,
    ],
  ]);
});

test.each([
  [{ ...bank, framing: "raw9" }],
  [{ ...bank, stations: { destination: "x", source: "1" } }],
  [{ ...bank, callOut: { hosts: [] } }],
  [{ ...bank, callOut: { hosts: ["nowhere"] } }],
])("%j is refused", (party) => {
  expect(() => partiesOf({ switches: [party] }, "test")).toThrow("test: ");
});

test("a changed file keeps the ids of those that stay; new ones and other MACs come behind", () => {
  const running = partiesOf({ switches: [bank, { name: "GONE", addresses: ["10.0.0.1"] }] }, "a");
  const content = {
    switches: [
      { name: "NEW", identities: ["DNS:new.example"] },
      { ...bank, identities: ["DNS:bank2.example"], framing: "amex" },
    ],
  };
  const next = partiesOf(content, "b", running.peers);
  expect(next.peers.slice(0, 6)).toEqual(running.peers);
  expect(next.iso.byIdentity.get("DNS:bank2.example")).toBe(running.peers[0]);
  expect(next.iso.byIdentity.get("DNS:new.example")).toMatchObject({ id: 6, macRequired: true });
  expect(next.switches.map(({ peer }) => peer.id)).toEqual([7, 1]);
  expect(next.peers.slice(6).map(({ door }) => door)).toEqual([1, 2, 3]);
  expect([...next.iso.byIdentity.keys(), ...next.iso.byAddress.keys()]).not.toContain("10.0.0.1");
  expect(linesOf(next, "raw2").get("BANK")?.framing.name).toBe("amex");
  const unsigned = partiesOf({ switches: [{ ...bank, mac: "none" }] }, "c", next.peers);
  expect(unsigned.iso.byIdentity.get("DNS:bank.example")).toMatchObject({ id: 9, macLabel: null });
  expect(unsigned.peers.map(({ id }) => id)).toEqual(Array.from({ length: 12 }, (_, id) => id));
});

test("an issuer may have a peer, which is no switch's and never another issuer's", () => {
  const issuer = { name: "ISSUER", identities: ["DNS:i.example"], issuerId: "BANK1", iso: {} };
  const running = partiesOf({ switches: [bank], issuers: [issuer] }, "a");
  const peer = running.iso.byIdentity.get("DNS:i.example");
  expect(peer).toMatchObject({ id: 3, issuerId: "BANK1", macLabel: "ISSUER", macRequired: true });
  expect(running.iso.byIdentity.get("DNS:bank.example")).not.toHaveProperty("issuerId");
  const other = { ...issuer, issuerId: "BANK2", iso: { addresses: ["10.0.0.2"] } };
  const next = partiesOf({ issuers: [other] }, "b", running.peers);
  expect(next.iso.byAddress.get("10.0.0.2")).toMatchObject({ id: 6, issuerId: "BANK2" });
  for (const wrong of [
    { ...issuer, name: "BANK" },
    { ...issuer, identities: bank.identities },
    { ...issuer, iso: { framing: "raw9" } },
  ]) {
    expect(() => partiesOf({ switches: [bank], issuers: [wrong] }, "c")).toThrow("c: ");
  }
  const unserved = partiesOf({ issuers: [{ ...issuer, iso: undefined }] }, "d");
  expect(unserved.peers).toEqual([]);
});

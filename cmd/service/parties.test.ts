// Property: what the parties file says of a switch's line reaches the door, and a changed file
// moves only what can move while the service runs.
import { expect, test } from "vitest";
import { linesOf, partiesOf } from "./parties.ts";
import { tableOf } from "./parties-watch.ts";

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

test("a changed file moves identities and framings; new switches and other MACs wait", () => {
  const running = partiesOf({ switches: [bank, { name: "GONE", addresses: ["10.0.0.1"] }] }, "a");
  const next = partiesOf(
    {
      switches: [
        { name: "NEW", identities: ["DNS:new.example"] },
        { ...bank, identities: ["DNS:bank2.example"], framing: "amex" },
      ],
    },
    "b",
  );
  const table = tableOf(running, next, "raw2");
  expect([...table.peers.byIdentity]).toEqual([["DNS:bank2.example", running.peers[0]]]);
  expect(table.peers.byAddress.size).toBe(0);
  expect(table.lines.get("BANK")?.framing.name).toBe("amex");
  expect(table.waiting).toEqual(["NEW"]);
  const unsigned = partiesOf({ switches: [{ ...bank, mac: "none" }] }, "c");
  expect(tableOf(running, unsigned, "raw2").waiting).toEqual(["BANK"]);
});

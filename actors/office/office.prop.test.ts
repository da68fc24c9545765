// Defends: whatever commands come in whatever order, a change has two people and one outcome, and
// what the vault has of the office is what the office is.
import fc from "fast-check";
import { expect, it } from "vitest";
import { otherTrid } from "../../vault/test-vault.ts";
import type { Change, OfficeCommand } from "./office.ts";
import { bank, codeOf, OfficeRig } from "./test-office.ts";

it("whatever is tried: two people, one outcome, and the vault has the office", async () => {
  const names = fc.constantFrom("alice", "bob", "carol", "dave", "erin", "mallory");
  const change = fc.nat(12);
  const content = fc.constantFrom<[string, Record<string, unknown>]>(
    ["issuer.put", bank],
    ["issuer.put", { id: "B2", name: "Two" }],
    ["requestor.status", { trid: otherTrid, status: "SUSPENDED" }],
    ["user.put", { name: "erin", roles: ["users"] }],
    ["policy.put", { alone: ["issuer.put"] }],
    ["key.rotate", { usage: "ptav", from: 1 }],
  );
  const command = fc.oneof(
    fc.tuple(names, content).map(([by, [kindName, what]]): OfficeCommand => {
      return { command: "propose", by, kind: kindName, content: what, note: "" };
    }),
    fc.record({ command: fc.constant("approve" as const), by: names, change }),
    fc.record({ command: fc.constant("refuse" as const), by: names, change, why: fc.constant("") }),
    fc.record({
      command: fc.constant("withdraw" as const),
      by: names,
      change,
      why: fc.constant(""),
    }),
    fc.record({ command: fc.constant("begin" as const), executor: names, change }),
    fc.constant<OfficeCommand>({ command: "expire" }),
  );
  const rig = new OfficeRig();
  rig.setUp();
  const closed = new Map<number, Change>();
  fc.assert(
    fc.property(fc.array(command, { minLength: 5, maxLength: 25 }), (commands) => {
      for (const one of commands) {
        codeOf(() => rig.act(one));
        rig.nowMs += 60_000;
      }
      for (const found of rig.changes()) {
        const before = closed.get(found.id);
        if (before !== undefined) expect(found).toEqual(before);
        if (!["PROPOSED", "APPROVED", "BEGUN"].includes(found.status)) closed.set(found.id, found);
        const alone = found.decidedBy === found.proposedBy && found.status === "DONE";
        expect(alone && found.kind !== "issuer.put").toBe(false);
      }
    }),
    { numRuns: 100 },
  );
  expect(closed.size).toBeGreaterThan(3);
  await rig.t.remove();
});

// Defends: a change of the programme takes two people, whatever they try; it is carried out once,
// at the registry that payments read; it expires; both names are written down; and what the vault
// has of the office is what the office is.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { knownPan } from "../../codec/pan/fixtures.ts";
import { otherTrid, type TestVault, testNowMs } from "../../vault/test-vault.ts";
import { executorGoneMs } from "./decide.ts";
import type { OfficeCommand } from "./office.ts";
import { bank, codeOf, OfficeRig, people, user } from "./test-office.ts";

let rig: OfficeRig;
let t: TestVault;
beforeEach(() => {
  rig = new OfficeRig();
  t = rig.t;
});
afterEach(() => t.remove());

const decide = (command: OfficeCommand) => rig.decide(command);
const act = (command: OfficeCommand) => rig.act(command);
const setUp = () => rig.setUp();
const propose = (by: string, kind: string, content: object, note?: string) =>
  rig.propose(by, kind, content, note);
const approve = (by: string, change: number) => rig.approve(by, change);
const changeOf = (id: number) => rig.changeOf(id);
const acts = () => rig.acts();

describe("an office", () => {
  it("is set up once, with two people who can decide about users", () => {
    const one = { command: "setup", by: "cli:root", users: people.slice(1) } as const;
    expect(codeOf(() => decide(one))).toBe("INVALID_REQUEST");
    setUp();
    expect(codeOf(() => decide({ ...one, users: people }))).toBe("ALREADY_EXISTS");
    expect(acts()).toEqual([["office.setup", "cli:root", undefined]]);
  });

  it.each([
    ["two users of one name", [user("alice", "users"), user("alice", "users")]],
    [
      "a certificate of two",
      [user("alice", "users"), { ...user("bob", "users"), identities: ["URI:test:alice"] }],
    ],
    ["a user without proof", [user("alice", "users"), { ...user("bob", "users"), identities: [] }]],
  ])("does not have %s", (_, users) => {
    const setup = { command: "setup", by: "cli:root", users } as const;
    expect(codeOf(() => decide(setup))).toBe("INVALID_REQUEST");
  });
});

describe("a change", () => {
  beforeEach(setUp);

  it("is carried out when another approves it, and payments' registry has it", () => {
    const id = propose("alice", "issuer.put", bank);
    expect(t.vault.registry().findIssuer("BANK0001")).toBeUndefined();
    expect(approve("bob", id)).toEqual({ change: id, status: "DONE" });
    expect(t.vault.registry().findIssuer("BANK0001")).toMatchObject({ ...bank, status: "ACTIVE" });
    const range = propose("bob", "range.put", { prefix: "777777", issuerId: "BANK0001" });
    approve("alice", range);
    expect(t.vault.registry().ranges.at(-1)).toMatchObject({
      prefix: "777777",
      issuer: { id: "BANK0001" },
    });
    expect(acts().slice(1)).toEqual([
      ["change.proposed", "alice", undefined],
      ["issuer.put", "alice", "bob"],
      ["change.proposed", "bob", undefined],
      ["range.put", "bob", "alice"],
    ]);
  });

  it("is not approved by who proposed it, by another role, or by nobody's name", () => {
    const id = propose("alice", "issuer.put", bank);
    expect(codeOf(() => approve("alice", id))).toBe("SECOND_PERSON_NEEDED");
    for (const by of ["carol", "erin", "mallory", ""]) {
      expect(codeOf(() => approve(by, id))).toBe("SCOPE_MISSING");
    }
    expect(codeOf(() => propose("erin", "issuer.put", { ...bank, id: "B2" }))).toBe(
      "SCOPE_MISSING",
    );
    expect(codeOf(() => approve("bob", 77))).toBe("CHANGE_NOT_FOUND");
    expect(t.vault.registry().findIssuer("BANK0001")).toBeUndefined();
  });

  it("is carried out once, and neither again nor after it was refused or withdrawn", () => {
    const done = propose("alice", "issuer.put", bank);
    approve("bob", done);
    const refused = propose("alice", "issuer.put", { ...bank, name: "Two" });
    act({ command: "refuse", by: "bob", change: refused, why: "not agreed" });
    const withdrawn = propose("alice", "issuer.put", { ...bank, name: "Three" });
    act({ command: "withdraw", by: "alice", change: withdrawn, why: "" });
    for (const id of [done, refused, withdrawn]) {
      expect(codeOf(() => approve("bob", id))).toBe("CHANGE_CLOSED");
    }
    expect(t.vault.registry().findIssuer("BANK0001")?.name).toBe("Bank One");
    expect([done, refused, withdrawn].map((id) => changeOf(id).status)).toEqual([
      "DONE",
      "REFUSED",
      "WITHDRAWN",
    ]);
    expect(changeOf(refused)).toMatchObject({ decidedBy: "bob", outcome: "not agreed" });
  });

  it("is withdrawn by its own, refused by others", () => {
    const id = propose("alice", "issuer.put", bank);
    const end = (command: "refuse" | "withdraw", by: string) => {
      return codeOf(() => decide({ command, by, change: id, why: "" }));
    };
    expect(end("refuse", "alice")).toBe("SECOND_PERSON_NEEDED");
    expect(end("withdraw", "bob")).toBe("SCOPE_MISSING");
  });

  it("expires, and then nobody can approve it", () => {
    const id = propose("alice", "issuer.put", bank);
    const [timer] = rig.kind.timers(rig.office);
    expect(timer?.dueMs).toBe(testNowMs + 72 * 3_600_000);
    rig.nowMs = timer!.dueMs;
    expect(codeOf(() => approve("bob", id))).toBe("CHANGE_CLOSED");
    act(timer!.command);
    expect(changeOf(id).status).toBe("EXPIRED");
    expect(rig.kind.timers(rig.office)).toEqual([]);
    expect(acts().at(-1)).toEqual(["change.expired", "alice", undefined]);
  });

  it("is checked when it is proposed, also for what looks like a card number", () => {
    const faults: [string, object, string?][] = [
      ["issuer.put", { id: "BANK-0001", name: "x" }],
      ["issuer.put", { id: "B", name: "x", more: 1 }],
      ["issuer.erase", { id: "B" }],
      ["range.put", { prefix: "777777", issuerId: "NOBODY" }],
      ["range.put", { prefix: "60872712", issuerId: "TESTBANK" }],
      ["subrange.put", { number: 5, status: "OPEN" }],
      ["issuer.put", { id: "B", name: `of ${knownPan}` }],
      ["issuer.put", { id: "B", name: "x" }, `${knownPan}`],
      ["policy.put", { alone: ["key.rotate"] }],
      ["policy.put", { alone: ["user.put"] }],
    ];
    for (const [name, content, note] of faults) {
      expect(codeOf(() => propose("alice", name, content, note))).toBe("INVALID_FIELD");
    }
    const unknown = { trid: "99900000009", status: "SUSPENDED" };
    expect(codeOf(() => propose("alice", "requestor.status", unknown))).toBe("REQUESTOR_NOT_FOUND");
  });

  it("of one thing is proposed once at a time, and stale when the thing changed meanwhile", () => {
    const put = { trid: otherTrid, name: "Other", type: "MERCHANT", acquirers: ["458001"] };
    const id = propose("alice", "requestor.put", put);
    expect(codeOf(() => propose("bob", "requestor.put", put))).toBe("ALREADY_EXISTS");
    const status = propose("alice", "requestor.status", { trid: otherTrid, status: "SUSPENDED" });
    approve("bob", status);
    expect(t.vault.registry().findRequestor(otherTrid)?.status).toBe("SUSPENDED");
    expect(codeOf(() => approve("bob", id))).toBe("VERSION_CONFLICT");
  });

  it("gets a number of its own, also before the one before it is in the vault", () => {
    const ids = ["B1", "B2", "B3"].map((id) => propose("alice", "issuer.put", { id, name: id }));
    for (const change of ids) decide({ command: "approve", by: "bob", change });
    rig.fold();
    const numbers = ["B1", "B2", "B3"].map((id) => t.vault.registry().findIssuer(id)?.number);
    expect(new Set(numbers).size).toBe(3);
    expect(numbers).not.toContain(t.vault.registry().findIssuer("TESTBANK")?.number);
    expect(t.vault.registry().ranges[1]?.issuer.id).toBe("TESTBANK");
  });

  it("of an acquirer stops all requestors' payments over it", () => {
    const suspended = { id: "458001", name: "Acquirer One", status: "SUSPENDED" };
    approve("bob", propose("alice", "acquirer.put", suspended));
    const requestor = t.vault.registry().findRequestor(otherTrid)!;
    expect(requestor.acquirers.size).toBe(0);
    expect(requestor.acquirersListed).toEqual(["458001"]);
    approve("bob", propose("alice", "acquirer.put", { ...suspended, status: "ACTIVE" }));
    expect(t.vault.registry().findRequestor(otherTrid)?.acquirers.size).toBe(1);
  });

  it("opens and closes sub-ranges, and gives none to another range", () => {
    const open = { number: 7, status: "OPEN", prefix: "999999" };
    approve("bob", propose("alice", "subrange.put", open));
    expect(t.vault.registry().subRanges[7]).toMatchObject({ status: "OPEN", digits: 16 });
    const stolen = { number: 7, status: "OPEN", prefix: "888888" };
    expect(codeOf(() => propose("alice", "subrange.put", stolen))).toBe("INVALID_FIELD");
    approve("bob", propose("alice", "subrange.put", { number: 7, status: "CLOSED" }));
    expect(t.vault.registry().subRanges[7]?.status).toBe("CLOSED");
  });
});

describe("who may", () => {
  beforeEach(setUp);

  it("is himself changed by two others", () => {
    const more = { name: "bob", roles: ["programme", "users", "keys"] };
    const id = propose("alice", "user.put", more);
    expect(codeOf(() => approve("bob", id))).toBe("SECOND_PERSON_NEEDED");
    act({ command: "withdraw", by: "alice", change: id, why: "" });
    approve(
      "bob",
      propose("alice", "user.put", {
        name: "frank",
        roles: ["users"],
        identities: ["URI:test:frank"],
      }),
    );
    approve("frank", propose("alice", "user.put", more));
    const bob = rig.office.users.find(({ name }) => name === "bob");
    expect(bob).toMatchObject({
      roles: ["programme", "users", "keys"],
      identities: ["URI:test:bob"],
    });
  });

  it("cannot be so few that nobody could be changed any more", () => {
    const gone = { name: "bob", roles: ["programme", "users"], status: "SUSPENDED" };
    expect(codeOf(() => propose("alice", "user.put", gone))).toBe("INVALID_REQUEST");
  });

  it("is not asked of who was suspended meanwhile, as proposer or as second", () => {
    approve(
      "bob",
      propose("alice", "user.put", {
        name: "frank",
        roles: ["users", "programme"],
        identities: ["URI:test:frank"],
      }),
    );
    const left = propose("alice", "issuer.put", bank);
    const gone = propose("frank", "user.put", {
      name: "alice",
      roles: ["users"],
      status: "SUSPENDED",
    });
    approve("bob", gone);
    expect(codeOf(() => approve("bob", left))).toBe("SCOPE_MISSING");
    expect(codeOf(() => approve("alice", left))).toBe("SCOPE_MISSING");
  });

  it("may do alone only what two others allowed, never keys, users or the policy", () => {
    approve("bob", propose("alice", "policy.put", { alone: ["requestor.status"], expiryHours: 1 }));
    const id = propose("alice", "requestor.status", { trid: otherTrid, status: "SUSPENDED" });
    expect(changeOf(id)).toMatchObject({ status: "DONE", decidedBy: "alice" });
    expect(t.vault.registry().findRequestor(otherTrid)?.status).toBe("SUSPENDED");
    expect(acts().at(-1)).toEqual(["requestor.status", "alice", undefined]);
    expect(changeOf(propose("alice", "issuer.put", bank)).status).toBe("PROPOSED");
    expect(changeOf(propose("carol", "key.rotate", { usage: "ptav", from: 1 })).status).toBe(
      "PROPOSED",
    );
  });
});

describe("a change of keys", () => {
  beforeEach(setUp);
  const finish = (executor: string, change: number, done = true) => {
    return act({ command: "finish", executor, change, done, outcome: "ptav-2" });
  };

  it("is carried out by one service, once, and closed by that one only", () => {
    const id = propose("carol", "key.rotate", { usage: "ptav", from: 1 });
    const begin = (executor: string) => act({ command: "begin", executor, change: id });
    expect(codeOf(() => begin("a"))).toBe("CHANGE_CLOSED");
    expect(codeOf(() => approve("alice", id))).toBe("SCOPE_MISSING");
    expect(approve("dave", id)).toEqual({ change: id, status: "APPROVED" });
    begin("a");
    expect(codeOf(() => begin("b"))).toBe("CHANGE_CLOSED");
    expect(codeOf(() => finish("b", id))).toBe("CHANGE_CLOSED");
    finish("a", id);
    expect(codeOf(() => finish("a", id))).toBe("CHANGE_CLOSED");
    expect(changeOf(id)).toMatchObject({ status: "DONE", outcome: "ptav-2", decidedBy: "dave" });
    expect(acts().slice(1)).toEqual([
      ["change.proposed", "carol", undefined],
      ["change.approved", "carol", "dave"],
      ["key.rotate", "carol", "dave"],
    ]);
  });

  it("is taken over where who began it is not heard of", () => {
    const id = propose("carol", "key.compromise", { usage: "ptav", version: 1 });
    approve("dave", id);
    act({ command: "begin", executor: "a", change: id });
    rig.nowMs += executorGoneMs + 1;
    act({ command: "begin", executor: "b", change: id });
    expect(codeOf(() => finish("a", id))).toBe("CHANGE_CLOSED");
    finish("b", id, false);
    expect(acts().at(-1)).toEqual(["change.failed", "carol", "dave"]);
  });
});

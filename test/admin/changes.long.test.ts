// Defends: over the administration API a change takes two people and is in effect at the next
// payment, without a restart; keys are rotated once, by the service; both names are in the audit
// chain; nobody at the machine goes round it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adminOperationIds, adminOperations } from "../../api/admin/mod.ts";
import { acquirerId, demoTrid } from "../../cmd/demo/world.ts";
import { luhnPan } from "../grpc/cards.ts";
import { type Admin, OfficeWorld } from "./office-world.ts";

let world: OfficeWorld;
let alice: Admin;
let bob: Admin;

beforeAll(async () => {
  world = await OfficeWorld.open();
  alice = world.as("alice");
  bob = world.as("bob");
}, 60_000);
afterAll(() => world.close());

async function reasonOf(place: number): Promise<number> {
  const { payments } = world;
  const answer = await payments.payer.verify(await payments.paid(place));
  return answer.reasonCode;
}

/** What both agreed on. */
async function agreed(kind: string, content: object): Promise<void> {
  expect(await bob.decide("approve", await alice.propose(kind, content))).toBe("OK");
}

test("everybody is told who he is; every list has the form that is described", async () => {
  expect((await alice.call("whoAmI")).body).toEqual({
    name: "alice",
    roles: ["programme", "users"],
  });
  const erin = world.as("erin");
  for (const id of adminOperationIds) {
    const { method, path } = adminOperations[id];
    if (method === "GET" && !path.includes("{")) expect(await erin.codeOf(id)).toBe("OK");
  }
  const { subRanges, unassigned } = (await erin.call("listSubRanges")).body;
  expect(subRanges).toEqual([
    expect.objectContaining({ number: 0, used: 64, capacity: 1_000_000, full: false }),
  ]);
  expect(unassigned).toBe(999);
  const users = (await erin.call("listUsers")).text;
  expect(users).not.toContain("scrypt");
  expect((await erin.call("listKeys")).text).not.toMatch(/"(bytes|wrapped)"/);
});

describe("a change that two agreed on is in effect at the next payment", () => {
  test("a requestor is suspended and comes back", async () => {
    const place = world.payments.tokens.findIndex(({ trid }) => trid === demoTrid(2));
    expect(await reasonOf(place)).toBe(0);
    const request = await world.payments.paid(place);
    await agreed("requestor.status", { trid: demoTrid(2), status: "SUSPENDED" });
    expect((await world.payments.payer.verify(request)).reasonCode).toBe(1004);
    await agreed("requestor.status", { trid: demoTrid(2), status: "ACTIVE" });
    expect(await reasonOf(place)).toBe(0);
  });

  test("an acquirer is suspended and comes back", async () => {
    const request = await world.payments.paid(0);
    await agreed("acquirer.put", { id: acquirerId, name: "One", status: "SUSPENDED" });
    expect((await world.payments.payer.verify(request)).reasonCode).toBe(1004);
    await agreed("acquirer.put", { id: acquirerId, name: "One" });
    expect((await world.payments.payer.verify(world.payments.again(request))).reasonCode).toBe(0);
  });

  test("a closed sub-range gives no new token", async () => {
    await agreed("subrange.put", { number: 0, status: "CLOSED" });
    await agreed("subrange.put", { number: 5, status: "OPEN", prefix: "999999" });
    await world.payments.lifecycle.call(
      "provisionToken",
      world.payments.provision(luhnPan("999999417")),
    );
    const { subRanges } = (await alice.call("listSubRanges")).body;
    const shown = subRanges.map((one: Record<string, unknown>) => [
      one.number,
      one.status,
      one.used,
    ]);
    expect(shown).toEqual([
      [0, "CLOSED", 64],
      [5, "OPEN", 1],
    ]);
    // Every requestor is told that there are other token numbers.
    for (const trid of [demoTrid(1), demoTrid(3)]) {
      const page = { trid, cursor: "", limit: 100 };
      const { events } = await world.payments.lifecycle.call("listEvents", page);
      expect(events.map(({ type }) => type)).toContain("TOKEN_BINS_UPDATED");
    }
  });

  test("a new issuer with a range and a requestor", async () => {
    await agreed("issuer.put", { id: "BANK0009", name: "Bank Nine" });
    await agreed("range.put", { prefix: "777777", issuerId: "BANK0009", product: "Debit Gold" });
    const shop = { trid: "99900000077", name: "Shop", type: "MERCHANT", acquirers: ["458001"] };
    await agreed("requestor.put", { ...shop, merchants: ["M1", "M 2"] });
    const { issuers } = (await bob.call("listIssuers")).body;
    expect(issuers).toContainEqual({ id: "BANK0009", name: "Bank Nine", status: "ACTIVE" });
    const { ranges } = (await bob.call("listRanges")).body;
    expect(ranges).toContainEqual({
      prefix: "777777",
      issuerId: "BANK0009",
      product: "Debit Gold",
      tokenisable: true,
      status: "ACTIVE",
    });
    const { requestors } = (await bob.call("listRequestors")).body;
    expect(requestors).toContainEqual(
      expect.objectContaining({ ...shop, merchants: ["M1", "M 2"] }),
    );
  });
});

test("a key is rotated once by the service, which pays on with it", async () => {
  const [carol, dave] = [world.as("carol"), world.as("dave")];
  const before = await world.payments.paid(3);
  const change = await carol.propose("key.rotate", { usage: "ptav", from: 1 }, "yearly");
  expect(await dave.decide("approve", change)).toBe("OK");
  const done = async () => (await erinSees(change)).status === "DONE";
  for (let i = 0; i < 60 && !(await done()); i++) await pause();
  expect(await erinSees(change)).toMatchObject({
    status: "DONE",
    proposedBy: "carol",
    decidedBy: "dave",
    outcome: expect.stringMatching(/^ptav-2 ACTIVE KCV [0-9A-F]{6}$/),
  });
  const { keys } = (await carol.call("listKeys")).body;
  const states = keys.filter(({ usage }: { usage: string }) => usage === "ptav");
  expect(states.map((key: { version: number; state: string }) => [key.version, key.state])).toEqual(
    [
      [1, "VERIFY_ONLY"],
      [2, "ACTIVE"],
    ],
  );
  expect((await world.payments.payer.verify(before)).reasonCode).toBe(0);
  expect(await reasonOf(5)).toBe(0);
  const again = { kind: "key.rotate", content: { usage: "ptav", from: 1 } };
  expect(await carol.codeOf("proposeChange", { body: again })).toBe("KEY_NOT_FOUND");
}, 60_000);

const erinSees = async (changeId: number) => {
  return (await world.as("erin").call("getChange", { params: { changeId } })).body;
};
const pause = () => new Promise((resolve) => setTimeout(resolve, 250));

test("both names stand in the audit chain", async () => {
  let acts: Record<string, unknown>[] = [];
  for (let i = 0; i < 20 && !acts.some(({ act }) => act === "key.rotate"); i++) {
    const { stdout } = await world.pantun("audit", "tail", "-n", "2000", "--json");
    acts = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  }
  expect(acts).toContainEqual(
    expect.objectContaining({
      act: "key.rotate",
      by: "carol",
      approvedBy: "dave",
      subject: "ptav-1",
    }),
  );
  expect(acts).toContainEqual(
    expect.objectContaining({
      act: "issuer.put",
      by: "alice",
      approvedBy: "bob",
      subject: "BANK0009",
    }),
  );
  expect((await world.pantun("audit", "verify")).code).toBe(0);
}, 60_000);

test("nobody at the machine does alone what takes two", async () => {
  const registry = join(world.files, "registry.json");
  writeFileSync(registry, JSON.stringify({ issuers: [{ id: "ALONE", name: "Alone" }] }));
  for (const args of [
    ["keys", "rotate", "ptav", "--spread", "0"],
    ["keys", "compromise", "mac", "1", "--label", "mydebit-net", "--yes"],
    ["vault", "registry", registry],
  ]) {
    expect((await world.pantun(...args)).stderr).toContain("SECOND_PERSON_NEEDED");
  }
  const users = join(world.files, "users.json");
  expect((await world.pantun("admin", "setup", users)).stderr).toContain("ALREADY_EXISTS");
  expect((await alice.call("listIssuers")).text).not.toContain("ALONE");
}, 60_000);

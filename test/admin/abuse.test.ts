// Defends the administration against its abuses: strangers, other people's proofs, one person with
// two hands, numbers and secrets where none belong, oversized and doubled requests.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeSecret } from "../../api/http/mod.ts";
import { luhnPan } from "../grpc/cards.ts";
import { makeCertificate } from "../grpc/certificates.ts";
import { send } from "../http/requestor.ts";
import { Admin, OfficeWorld, secrets } from "./office-world.ts";

let world: OfficeWorld;
let alice: Admin;
let bob: Admin;
const bank = { id: "BANK0009", name: "Bank Nine" };

beforeAll(async () => {
  world = await OfficeWorld.open({ "administration.tokenTriesPerMinute": "30" });
  alice = world.as("alice");
  bob = world.as("bob");
}, 60_000);
afterAll(() => world.close());

async function faultOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "OK",
    (error: { code?: string }) => error.code ?? "a fault",
  );
}

describe("who calls", () => {
  test("has a certificate of our authority with a user's name, or he is nobody", async () => {
    const nameless = new Admin(world.address, world.tlsOf(["URI:test:nobody"]));
    expect(await nameless.codeOf("whoAmI")).toBe("INVALID_CREDENTIALS");
    const forger = makeCertificate("forger", []);
    const forged = new Admin(world.address, world.tlsOf(["URI:test:alice"], forger));
    expect(await faultOf(forged.call("whoAmI"))).not.toBe("OK");
    const bare = new Admin(world.address, { ca: world.authority.certificate });
    expect(await faultOf(bare.call("whoAmI"))).not.toBe("OK");
    const plain = new Admin(world.address, undefined);
    expect(await faultOf(plain.call("whoAmI"))).not.toBe("OK");
  });

  test("or has a token for his secret, on the certificate for which it was given", async () => {
    const tls = world.tlsOf(["URI:test:alice"]);
    const good = await world.tokenOf("alice", secrets.get("alice")!, tls);
    expect(good.status).toBe(200);
    const mine = new Admin(world.address, tls, good.body.access_token);
    expect((await mine.call("whoAmI")).body.name).toBe("alice");
    const stolen = new Admin(world.address, world.tlsOf(["URI:test:bob"]), good.body.access_token);
    expect(await stolen.codeOf("whoAmI")).toBe("INVALID_CREDENTIALS");
    for (const [name, secret] of [
      ["alice", secrets.get("bob")!],
      ["mallory", secrets.get("alice")!],
      ["alice", ""],
    ] as const) {
      expect((await world.tokenOf(name, secret, tls)).body.code).toBe("INVALID_CREDENTIALS");
    }
    // Bob's certificate does not fetch a token for alice, even with her secret.
    const other = await world.tokenOf(
      "alice",
      secrets.get("alice")!,
      world.tlsOf(["URI:test:bob"]),
    );
    expect(other.body.code).toBe("INVALID_CREDENTIALS");
    mine.token = `${good.body.access_token.slice(0, -4)}AAAA`;
    expect(await mine.codeOf("whoAmI")).toBe("INVALID_CREDENTIALS");
    mine.token = "eyJhbGciOiJub25lIn0.e30.";
    expect(await mine.codeOf("whoAmI")).toBe("INVALID_CREDENTIALS");
  });

  test("is out the moment he is suspended, whatever he holds", async () => {
    const { line } = await makeSecret();
    const frank = { name: "frank", roles: ["programme"], identities: ["URI:test:frank"] };
    const secret = { secrets: [line] };
    const made = await alice.propose("user.put", { ...frank, ...secret });
    expect(await bob.decide("approve", made)).toBe("OK");
    const asFrank = new Admin(world.address, world.tlsOf(["URI:test:frank"]));
    const proposed = await asFrank.propose("issuer.put", bank);
    const out = await alice.propose("user.put", { ...frank, status: "SUSPENDED" });
    expect(await bob.decide("approve", out)).toBe("OK");
    expect(await asFrank.codeOf("whoAmI")).toBe("INVALID_CREDENTIALS");
    // And what he left behind cannot be approved.
    expect(await bob.decide("approve", proposed)).toBe("SCOPE_MISSING");
    expect(await bob.decide("refuse", proposed)).toBe("OK");
  });

  test("is asked for a secret so many times a minute", async () => {
    const tls = world.tlsOf(["URI:test:erin"]);
    const codes = new Set<string>();
    for (let i = 0; i < 40 && !codes.has("RATE_LIMITED"); i++) {
      codes.add((await world.tokenOf("erin", "wrong", tls)).body.code);
    }
    expect(codes).toEqual(new Set(["INVALID_CREDENTIALS", "RATE_LIMITED"]));
  });
});

describe("one person", () => {
  test("does not approve his own change under another header, key or name of it", async () => {
    const changeId = await alice.propose("issuer.put", bank);
    const approve = { params: { changeId } };
    expect(await alice.codeOf("approveChange", approve)).toBe("SECOND_PERSON_NEEDED");
    const body = { by: "bob" };
    expect(await alice.codeOf("approveChange", { ...approve, body })).toBe("INVALID_FIELD");
    const headers = { "x-user": "bob", "x-forwarded-user": "bob" };
    expect(await alice.codeOf("approveChange", { ...approve, headers })).toBe(
      "SECOND_PERSON_NEEDED",
    );
    // The certificate decides, not the name of a key that somebody else used.
    const key = "bobs-key";
    expect(await bob.decide("refuse", changeId, { key })).toBe("OK");
    expect(await alice.codeOf("approveChange", { ...approve, key })).toBe("CHANGE_CLOSED");
  });

  test("does not become two: a certificate's name and a secret belong to one user", async () => {
    const second = { name: "alice2", roles: ["programme"], identities: ["URI:test:alice"] };
    const body = { kind: "user.put", content: second };
    expect(await alice.codeOf("proposeChange", { body })).toBe("INVALID_REQUEST");
  });

  test("does not give himself a role by another's hand that is his own", async () => {
    const content = { name: "bob", roles: ["programme", "users", "keys"] };
    const change = await alice.propose("user.put", content);
    expect(await bob.decide("approve", change)).toBe("SECOND_PERSON_NEEDED");
    expect(await alice.decide("withdraw", change)).toBe("OK");
  });

  test("does not switch two people off for keys and users", async () => {
    for (const kind of ["key.rotate", "user.put", "policy.put", "key.compromise"]) {
      const body = { kind: "policy.put", content: { alone: [kind] } };
      expect(await alice.codeOf("proposeChange", { body })).toBe("INVALID_FIELD");
    }
  });

  test("of another role reads and does nothing", async () => {
    const erin = world.as("erin");
    const carol = world.as("carol");
    const changeId = await alice.propose("issuer.put", bank);
    for (const one of [erin, carol]) {
      expect(await one.codeOf("getChange", { params: { changeId } })).toBe("OK");
      expect(await one.decide("approve", changeId)).toBe("SCOPE_MISSING");
      expect(await one.decide("refuse", changeId)).toBe("SCOPE_MISSING");
    }
    const key = { kind: "key.rotate", content: { usage: "ptav", from: 1 } };
    expect(await alice.codeOf("proposeChange", { body: key })).toBe("SCOPE_MISSING");
    expect(await bob.decide("refuse", changeId)).toBe("OK");
  });
});

describe("two hands at once", () => {
  test("approve a change once, and one key has one effect", async () => {
    const changeId = await alice.propose("issuer.put", bank);
    const frank = { name: "grace", roles: ["programme"], identities: ["URI:test:grace"] };
    await bob.decide("approve", await alice.propose("user.put", frank));
    const grace = new Admin(world.address, world.tlsOf(["URI:test:grace"]));
    const codes = await Promise.all([
      bob.decide("approve", changeId),
      grace.decide("approve", changeId),
      bob.decide("refuse", changeId),
    ]);
    expect(codes.filter((code) => code === "OK")).toHaveLength(1);
    expect(codes.filter((code) => code === "CHANGE_CLOSED")).toHaveLength(2);
    const proposal = { body: { kind: "issuer.put", content: { ...bank, id: "ONCE" } }, key: "k-1" };
    const first = await alice.call("proposeChange", proposal);
    const again = await alice.call("proposeChange", proposal);
    expect(again.body).toEqual(first.body);
    expect(again.headers["idempotent-replayed"]).toBe("true");
    const other = { ...proposal, body: { kind: "issuer.put", content: { ...bank, id: "TWICE" } } };
    expect(await alice.codeOf("proposeChange", other)).toBe("IDEMPOTENCY_KEY_REUSED");
    const missing = { body: proposal.body, headers: { "idempotency-key": "" } };
    expect(await alice.codeOf("proposeChange", missing)).toBe("INVALID_FIELD");
  });
});

describe("what does not belong", () => {
  const pan = luhnPan("999999417");

  test("a card number in a name or a note is refused, and not repeated", async () => {
    for (const body of [
      { kind: "issuer.put", content: { id: "P1", name: `Bank ${pan}` } },
      { kind: "issuer.put", content: { id: "P1", name: pan.replace(/(.{4})(?=.)/g, "$1 ") } },
      { kind: "issuer.put", content: { id: "P1", name: "P" }, note: `for ${pan}` },
      { kind: "issuer.put", content: { id: pan, name: "P" } },
      { kind: pan, content: {} },
    ]) {
      const reply = await alice.call("proposeChange", { body });
      expect([reply.status, reply.body.code]).toEqual([400, "INVALID_FIELD"]);
      expect(reply.text).not.toContain(pan);
    }
  });

  test.each([
    ["a range inside the token BIN", "range.put", { prefix: "6087270", issuerId: "TESTBANK" }],
    ["a range of nobody", "range.put", { prefix: "777777", issuerId: "NOBODY" }],
    ["a TRID of ten digits", "requestor.status", { trid: "9990000000", status: "ACTIVE" }],
    ["another prototype", "issuer.put", JSON.parse('{"id":"P1","name":"P","__proto__":{"a":1}}')],
    ["fields that nobody knows", "issuer.put", { ...bank, admin: true }],
    ["a list for a text", "issuer.put", { id: ["P1"], name: "P" }],
    ["a control character", "issuer.put", { id: "P1", name: "a\nb" }],
    ["a secret in clear", "user.put", { name: "eve", roles: ["users"], secrets: ["hunter2"] }],
  ])("%s is refused", async (_, kind, content) => {
    expect(await alice.codeOf("proposeChange", { body: { kind, content } })).toBe("INVALID_FIELD");
  });

  test("bodies that are too large, too deep, of another type, or no JSON", async () => {
    const many = Array.from({ length: 1_501 }, (_, i) => `M${i}`);
    const wide = { trid: "99900000077", name: "S", type: "MERCHANT", acquirers: ["1"] };
    const body = { kind: "requestor.put", content: { ...wide, merchants: many } };
    expect(await alice.codeOf("proposeChange", { body })).toBe("INVALID_FIELD");
    const raw = alice.raw("proposeChange", { body: {} });
    const codes: string[] = [];
    for (const [text, type] of [
      ["x".repeat(70_000), "application/json"],
      [`{"a":${"[".repeat(40)}${"]".repeat(40)}}`, "application/json"],
      ["kind=issuer.put", "application/x-www-form-urlencoded"],
      ["{", "application/json"],
      ["\ufeff{}", "application/json"],
    ] as const) {
      const headers = { ...raw.headers, "content-type": type };
      codes.push((await send(world.address, { ...raw, body: text, headers })).body.code);
    }
    expect(codes).toEqual([
      "PAYLOAD_TOO_LARGE",
      "INVALID_REQUEST",
      "UNSUPPORTED_MEDIA_TYPE",
      "INVALID_REQUEST",
      "INVALID_REQUEST",
    ]);
  });

  test("numbers of changes that are none", async () => {
    for (const changeId of ["0", "999999", "-1", "1e3", "%2e%2e", "99999999999999999999"]) {
      const code = await alice.codeOf("getChange", { params: { changeId } });
      expect(["CHANGE_NOT_FOUND", "PATH_NOT_FOUND"]).toContain(code);
    }
    const query = "?state=secret";
    expect(await alice.codeOf("listChanges", { query })).toBe("INVALID_FIELD");
    expect(await alice.codeOf("listIssuers", { query: "?a=1" })).toBe("INVALID_REQUEST");
  });
});

test("no answer and no list holds a secret, its hash or a key", async () => {
  const erin = world.as("erin");
  const texts = await Promise.all([
    erin.call("listUsers"),
    erin.call("listChanges", { query: "?state=all" }),
    erin.call("listKeys"),
  ]);
  const all = texts.map(({ text }) => text).join();
  expect(all).toContain("frank");
  expect(all).not.toContain("scrypt$");
  for (const secret of secrets.values()) expect(all).not.toContain(secret);
});

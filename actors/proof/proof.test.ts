// Property: whatever commands come in whatever order, a proof has one user at a time, and only that
// one gives it back, and only where it is known that nothing was done.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { knownPan } from "../../codec/pan/fixtures.ts";
import { ClearPAN, withCheckDigit } from "../../codec/pan/mod.ts";
import { appError, type ErrorCode, isAppError } from "../../platform/mod.ts";
import { createTestVault, type TestVault } from "../../vault/test-vault.ts";
import type { Envelope, Reply } from "../runtime/actor-kind.ts";
import { withProof } from "./desk.ts";
import { decideProof, type ProofCommand, type ProofState } from "./kind.ts";

const users = ["aa", "bb", "cc"];
const command = fc.record({
  command: fc.constantFrom("reserve", "release"),
  by: fc.constantFrom(...users),
}) as fc.Arbitrary<ProofCommand>;

test("has one user at a time", () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
      let state: ProofState;
      for (const one of commands) {
        const before = state;
        const decision = decideProof(state, one);
        if (decision.kind === "reject") {
          expect(isAppError(decision.error, "VERIFICATION_USED")).toBe(true);
          expect([one.command, before === undefined, before === one.by]).toEqual([
            "reserve",
            false,
            false,
          ]);
          continue;
        }
        for (const { by } of decision.events) state = by === "" ? undefined : by;
        if (one.command === "reserve") expect(state).toBe(one.by);
        else expect(state).toBe(before === one.by ? undefined : before);
      }
    }),
  );
});

let t: TestVault;
beforeAll(() => {
  t = createTestVault();
});
afterAll(() => t.remove());

const desk = { isRepetition: () => false };
const clock = { monotonicMs: () => 0 };
const position = { incarnation: 1, shard: 0, seq: 1, ord: 0 };
const call = { client: "a", idempotencyKey: "k", deadlineMs: 1_000 };
const use = { dsTransId: "id", pan: ClearPAN.parse(knownPan), panExpiry: 2909 };

/** What is sent to the proof while the provisioning ends so. */
async function sentFor(outcome: ErrorCode, fresh: boolean): Promise<string[]> {
  const sent: string[] = [];
  const commands = {
    async submit({ body }: Envelope): Promise<Reply> {
      sent.push((JSON.parse(body.toString()) as ProofCommand).command);
      return { ok: true, answer: { fresh }, position, repeated: false };
    },
  };
  const ports = { vault: t.vault, commands, clock, desk };
  const work = () => Promise.reject(appError(outcome, "A sentence."));
  await expect(withProof(ports, call, use, work)).rejects.toMatchObject({ code: outcome });
  return sent;
}

test("is given back where nothing was done, and kept in doubt", async () => {
  expect(await sentFor("CARD_NOT_ELIGIBLE", true)).toEqual(["reserve", "release"]);
  // The command had it before: it may have made a token then.
  expect(await sentFor("CARD_NOT_ELIGIBLE", false)).toEqual(["reserve"]);
  for (const doubt of ["OUTCOME_UNKNOWN", "DEADLINE_EXCEEDED"] as const) {
    expect(await sentFor(doubt, true)).toEqual(["reserve"]);
  }
  // Another request took the key: this one did nothing.
  expect(await sentFor("IDEMPOTENCY_KEY_REUSED", true)).toEqual(["reserve", "release"]);
});

test("under one key another request is another user, and the same one is the same", async () => {
  let state: ProofState;
  const commands = {
    async submit({ body }: Envelope): Promise<Reply> {
      const decision = decideProof(state, JSON.parse(body.toString()) as ProofCommand);
      if (decision.kind === "reject") return { ok: false, error: decision.error };
      for (const { by } of decision.events) state = by === "" ? undefined : by;
      return { ok: true, answer: decision.answer, position, repeated: false };
    },
  };
  let isRepetition = false;
  const ports = { vault: t.vault, commands, clock, desk: { isRepetition: () => isRepetition } };
  const done = { answer: {}, position, repeated: false };
  const run = (changes: object, work = () => Promise.resolve(done)) =>
    withProof(ports, { ...call, ...changes }, { ...use, ...changes }, work);
  const request = Buffer.alloc(32, 1);
  const refused = appError("CARD_NOT_ALLOWED", "A sentence.");
  // It comes with two cards at once: the one that is refused does not give back what is used.
  const gate = Promise.withResolvers<typeof done>();
  const first = run({ request }, () => gate.promise);
  const others = [
    { request, pan: ClearPAN.parse(withCheckDigit("999999000004003")) },
    { request, panExpiry: 3001 },
    { request: Buffer.alloc(32, 2) },
    { request, idempotencyKey: "l" },
    { request, client: "b" },
  ];
  for (const other of others) {
    await expect(run(other)).rejects.toMatchObject({ code: "VERIFICATION_USED" });
  }
  isRepetition = true;
  await expect(run(others[2]!)).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
  isRepetition = false;
  await run({ request });
  const again = run({ request }, () => Promise.reject(refused));
  await expect(again).rejects.toBe(refused);
  gate.resolve(done);
  await first;
  expect(state).not.toBeUndefined();
});

// Property: whatever commands come in whatever order, a proof has one user at a time, and only that
// one gives it back, and only where it is known that nothing was done.
import fc from "fast-check";
import { expect, test } from "vitest";
import { appError, type ErrorCode, isAppError } from "../../platform/mod.ts";
import type { Vault } from "../../vault/mod.ts";
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

/** What is sent to the proof while the provisioning ends so. */
async function sentFor(outcome: ErrorCode, fresh: boolean): Promise<string[]> {
  const sent: string[] = [];
  const commands = {
    async submit({ body }: Envelope): Promise<Reply> {
      sent.push((JSON.parse(body.toString()) as ProofCommand).command);
      const position = { incarnation: 1, shard: 0, seq: 1, ord: 0 };
      return { ok: true, answer: { fresh }, position, repeated: false };
    },
  };
  const vault = { shards: 16, random: (bytes: number) => Buffer.alloc(bytes) } as unknown as Vault;
  const ports = { vault, commands, clock: { monotonicMs: () => 0 } };
  const call = { client: "a", idempotencyKey: "k", deadlineMs: 1_000 };
  const work = () => Promise.reject(appError(outcome, "A sentence."));
  await expect(withProof(ports, call, "id", work)).rejects.toMatchObject({ code: outcome });
  return sent;
}

test("is given back where nothing was done, and kept in doubt", async () => {
  expect(await sentFor("CARD_NOT_ELIGIBLE", true)).toEqual(["reserve", "release"]);
  // The command had it before: it may have made a token then.
  expect(await sentFor("CARD_NOT_ELIGIBLE", false)).toEqual(["reserve"]);
  for (const doubt of ["OUTCOME_UNKNOWN", "DEADLINE_EXCEEDED", "IDEMPOTENCY_KEY_REUSED"] as const) {
    expect(await sentFor(doubt, true)).toEqual(["reserve"]);
  }
});

// Property: whatever commands come in whatever order, a proof has one user at a time, and only that
// one gives it back.
import fc from "fast-check";
import { expect, test } from "vitest";
import { isAppError } from "../../platform/mod.ts";
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

// Defends: whatever befalls nodes, stores and the log, no command that was answered is lost, none
// has two effects, projections are the fold of the log, each account's history is one order that
// fits what callers saw, and in peace everybody is served. And that this would be noticed: planted
// bugs are found, a seed gives the same run twice, and a failing run is made small.
import { describe, expect, test } from "vitest";
import { bugs } from "./bugs.ts";
import { flagsOf, planOf } from "./plan.ts";
import { runPlan, shrink, type Verdict } from "./run.ts";

/** A few seconds; `npm run sim -- --seeds 2000` does more. */
const seeds = 60;

describe("the simulator", () => {
  test(`finds nothing in ${seeds} seeds`, async () => {
    for (let seed = 1; seed <= seeds; seed++) {
      const { plan, faults } = await runPlan(planOf(seed));
      expect(faults, `npm run sim -- ${flagsOf(plan)}`).toEqual([]);
    }
  });

  test("runs a seed the same way twice, and another in another way", async () => {
    const [one, same, other] = await Promise.all([7, 7, 8].map((seed) => runPlan(planOf(seed))));
    expect(one!.trace.length).toBeGreaterThan(50);
    expect(same!.trace).toEqual(one!.trace);
    expect(other!.trace).not.toEqual(one!.trace);
  });

  test("exercises what it is for: ends of nodes, takeovers, answers that go astray", async () => {
    const lines: string[] = [];
    for (let seed = 1; seed <= 10; seed++) lines.push(...(await runPlan(planOf(seed))).trace);
    const text = lines.join("\n");
    for (const what of ["ends", "loses what", "stands still", "clock steps", "late", "lost"]) {
      expect(text).toContain(what);
    }
  });

  test("makes a failing run small, and the small one still fails", async () => {
    const plan = planOf(1, { bug: "forgetful-idem" });
    let failing: Verdict | undefined;
    for (let seed = 1; failing === undefined; seed++) {
      const verdict = await runPlan({ ...plan, seed });
      if (verdict.faults.length > 0) failing = verdict;
    }
    const small = await shrink(failing);
    expect(small.faults.length).toBeGreaterThan(0);
    const sizeOf = ({ plan: { clients, commands, faults } }: Verdict) =>
      clients * commands + faults.length;
    expect(sizeOf(small)).toBeLessThan(sizeOf(failing));
    expect((await runPlan(small.plan)).faults).toEqual(small.faults);
  });
});

describe("planted bugs", () => {
  test.each(bugs.map(({ name, seeds }) => [name, seeds] as const))(
    "%s is found within %d seeds",
    async (bug, most) => {
      for (let seed = 1; seed <= most; seed++) {
        if ((await runPlan(planOf(seed, { bug }))).faults.length > 0) return;
      }
      expect.unreachable(`${bug} was not found`);
    },
  );
});

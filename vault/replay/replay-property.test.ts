// Defends: over any sequence of claims, clock steps in both directions, reboots, restores and
// changes of the TTL, no key is NEW twice within one time line of the vault. A ten-line model
// decides.
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { claim } from "./claim-record.ts";
import type { ReplayStore } from "./replay-store.ts";
import { bootA, bootB, incarnation, ReplayRig } from "./test-rig.ts";

const rigs: ReplayRig[] = [];
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.close()));
});

const ttls = [60, 900, 2_000] as const;

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant("claim" as const), key: fc.nat(2) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("move" as const),
      seconds: fc.constantFrom(-5_000, -1_300, -400, -61, 1, 30, 299, 700, 1_200, 2_500, 9_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("reopen" as const),
      boot: fc.constantFrom(bootA, bootB, "cccccccccccccccc"),
      ttl: fc.constantFrom(...ttls),
    }),
  },
);

describe("nothing is accepted twice", () => {
  it("whatever the clock, the boots and the TTL do", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, ptavOnly) => {
        const rig = new ReplayRig();
        rigs.push(rig);
        // A boot id that was left never comes back: it is made anew by the kernel.
        const left = new Set<string>();
        let boot: string = bootA;
        let store: ReplayStore = rig.store();
        const accepted = new Set<string>();
        const base = rig.now;
        for (const action of steps) {
          if (action.do === "move") rig.clock.stepWall(action.seconds * 1_000);
          else if (action.do === "reopen") {
            if (left.has(action.boot)) continue;
            if (action.boot !== boot) left.add(boot);
            boot = action.boot;
            store = rig.store({ bootId: boot, incarnation, ttlSeconds: action.ttl });
          } else {
            // A few fixed times, so that keys meet again after the clock has moved.
            for (const time of [base, base + 250, base + 1_250, rig.now]) {
              const kind = ptavOnly || action.key === 0 ? ("ptav" as const) : ("de7" as const);
              const name = `${kind}.${time}.${action.key}`;
              const transaction = accepted.size % 251;
              const key = action.key + (kind === "ptav" ? 0 : 100);
              const result = rig.claimOne(store, { kind, time, key, transaction });
              if (result !== claim.NEW) continue;
              expect(accepted.has(name), name).toBe(false);
              accepted.add(name);
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

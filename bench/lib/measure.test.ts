// Defends: runs are made in turns with the order turned round, warm-ups do not count, and a figure
// is time divided by operations.
import { describe, expect, it } from "vitest";
import { measure, timePerOperation } from "./measure.ts";

describe("measure", () => {
  it("interleaves the contenders and leaves out the warm-ups", async () => {
    const seen: string[] = [];
    let figure = 0;
    const contender = (name: string) => ({
      name,
      run: () => {
        seen.push(name);
        return figure++;
      },
    });
    const [a, b] = await measure({ runs: 3, warmUps: 1 }, [contender("a"), contender("b")]);
    expect(seen.join("")).toBe("baabbaab");
    // Figures 0 and 1 were the warm-up's.
    expect(a).toEqual({ median: 5, min: 2, max: 6, runs: 3 });
    expect(b).toEqual({ median: 4, min: 3, max: 7, runs: 3 });
  });

  it("waits for runs that are promises and passes their failure on", async () => {
    const slow = { name: "slow", run: async () => 7 };
    expect((await measure({ runs: 1, warmUps: 0 }, [slow]))[0]?.median).toBe(7);
    const broken = { name: "broken", run: () => Promise.reject(new Error("void")) };
    await expect(measure({ runs: 1, warmUps: 0 }, [broken])).rejects.toThrow("void");
  });
});

describe("timePerOperation", () => {
  it("goes on for the time asked and divides by calls and operations", () => {
    let calls = 0;
    const begin = process.hrtime.bigint();
    const figure = timePerOperation(() => calls++, 10, 5);
    const micros = Number(process.hrtime.bigint() - begin) / 1_000;
    expect(calls).toBeGreaterThan(1);
    expect(micros).toBeGreaterThanOrEqual(5_000);
    expect(figure * calls * 10).toBeLessThanOrEqual(micros);
    expect(figure * calls * 10).toBeGreaterThanOrEqual(5_000);
  });
});

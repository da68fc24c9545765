// Defends: budgets come from the echo's figures of the same run, and a kind of call that did not
// run gives none.
import { describe, expect, it } from "vitest";
import { budgetOf, figuresOf } from "./budget.ts";

const summary = {
  metrics: {
    "grpc_req_duration{scenario:unary}": { values: { med: 0.5, "p(99)": 2, max: 9 } },
    checks: { values: { passes: 3 } },
  },
};

describe("budgets", () => {
  it("are a multiple of the echo's figure and a millisecond", () => {
    const echo = figuresOf(summary, "grpc_req_duration{scenario:unary}");
    expect(echo).toEqual({ p50: 0.5, p99: 2 });
    expect(budgetOf({ p50: 0.5, p99: 2 }, 4)).toEqual({ p50: 3, p99: 9 });
  });

  it("are not made of nothing", () => {
    expect(figuresOf(summary, "pantun_frame_duration")).toBeNull();
    expect(figuresOf(summary, "checks")).toBeNull();
  });
});

// Property: an id is taken once while its signature can be good, memory is bounded, and a change
// that is under way is told from another one under its key.
import { expect, test } from "vitest";
import { type AppError, createManualClock } from "../../platform/mod.ts";
import { InFlight } from "./in-flight.ts";
import { ReplayCache } from "./replay-cache.ts";

function codeOf(work: () => unknown): string {
  try {
    work();
    return "OK";
  } catch (error) {
    return (error as AppError).code;
  }
}

test("an id is refused for ten minutes at least, each client's for itself", () => {
  const clock = createManualClock(1_000_000);
  const cache = new ReplayCache(clock);
  expect(codeOf(() => cache.take("a", "one"))).toBe("OK");
  for (let minute = 0; minute < 10; minute++) {
    expect(codeOf(() => cache.take("a", "one"))).toBe("REPLAYED_REQUEST");
    expect(codeOf(() => cache.take("b", `one ${minute}`))).toBe("OK");
    clock.advance(59_000);
  }
  expect(codeOf(() => cache.take("a", "one"))).toBe("REPLAYED_REQUEST");
  clock.advance(1_200_000);
  expect(codeOf(() => cache.take("a", "one"))).toBe("OK");
});

test("a client that signs without end is stopped, and only he", () => {
  const cache = new ReplayCache(createManualClock(0), 3);
  for (const id of ["1", "2", "3"]) cache.take("a", id);
  expect(codeOf(() => cache.take("a", "4"))).toBe("RATE_LIMITED");
  expect(codeOf(() => cache.take("b", "4"))).toBe("OK");
});

test("one request runs under a key; what came meanwhile is told why not", async () => {
  const inFlight = new InFlight();
  const gate = Promise.withResolvers<string>();
  const run = (client: string, content: string) =>
    inFlight
      .run(client, "key", [content], () => gate.promise)
      .catch((error: AppError) => error.code);
  const first = run("a", "x");
  expect(await run("a", "x")).toBe("REQUEST_IN_PROGRESS");
  expect(await run("a", "y")).toBe("IDEMPOTENCY_KEY_REUSED");
  const other = run("b", "x");
  expect(inFlight.size).toBe(2);
  gate.resolve("done");
  expect([await first, await other]).toEqual(["done", "done"]);
  expect(inFlight.size).toBe(0);
  const broken = inFlight.run("a", "key", ["x"], () => Promise.reject(new Error("no")));
  await expect(broken).rejects.toThrow("no");
  expect(inFlight.size).toBe(0);
});

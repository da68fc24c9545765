// Defends: the pinned nats-server fences, refuses, keeps and expires as the log relies on; other
// versions and clusters are run by `npm run conformance:nats`.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { obtainTimeoutMs, startSite } from "../../deploy/tools/nats-site.ts";
import { checksFor, type NatsSite, runCheck } from "./conformance/checks.ts";

let site: NatsSite;

beforeAll(async () => {
  site = await startSite(1);
}, obtainTimeoutMs);

afterAll(() => site.stop());

describe("one server of the pinned version", () => {
  const checks = checksFor("single");

  it("has checks to pass", () => {
    expect(checks.length).toBeGreaterThan(15);
  });

  it.each(checks.map((check) => [check.name, check] as const))("%s", async (_name, check) => {
    await expect(runCheck("single", site, check)).resolves.toBeUndefined();
  });
});

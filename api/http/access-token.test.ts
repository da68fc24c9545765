// Defends: a token is good at the door that gave it and at no other, also where one file of keys
// signs for both; that it was good before makes no later check of it weaker.
import { expect, it } from "vitest";
import { createManualClock } from "../../platform/mod.ts";
import { AccessTokens } from "./access-token.ts";
import { makeServerKeys, serverKeysOf } from "./server-keys.ts";

it("of requestors is none at the administration, and the other way round", async () => {
  const served = serverKeysOf(JSON.parse(makeServerKeys("test")), "here");
  const options = { keys: () => served, clock: createManualClock(), lifeSeconds: 900 };
  const requestors = new AccessTokens(options);
  const admin = new AccessTokens({ ...options, audience: "pantun-admin-api" });
  const access = { clientId: "alice", scopes: [] };
  for (const [giver, other] of [
    [requestors, admin],
    [admin, requestors],
  ] as const) {
    const token = await giver.issue(access, "");
    expect((await giver.check(token, "")).clientId).toBe("alice");
    await expect(other.check(token, "")).rejects.toMatchObject({ code: "INVALID_CREDENTIALS" });
    await expect(giver.check(token, "x")).rejects.toMatchObject({ code: "INVALID_CREDENTIALS" });
  }
});

it("is good no longer than its time, its certificate and its key are", async () => {
  let served = serverKeysOf(JSON.parse(makeServerKeys("one")), "here");
  const clock = createManualClock(1_000_000);
  const tokens = new AccessTokens({ keys: () => served, clock, lifeSeconds: 900 });
  const access = { clientId: "shop", scopes: [] };
  const refusal = { code: "INVALID_CREDENTIALS" };
  const token = await tokens.issue(access, "certificate");
  for (let time = 0; time < 3; time++) {
    expect((await tokens.check(token, "certificate")).clientId).toBe("shop");
    await expect(tokens.check(token, "another")).rejects.toMatchObject(refusal);
    await expect(tokens.check(token, "")).rejects.toMatchObject(refusal);
    const [head, body, tail] = token.split(".") as [string, string, string];
    const forged = `${head}.${body}.${tail.slice(0, -8)}AAAAAAAA`;
    await expect(tokens.check(forged, "certificate")).rejects.toMatchObject(refusal);
    clock.advance(299_000);
  }
  clock.advance(3_000);
  await expect(tokens.check(token, "certificate")).rejects.toMatchObject(refusal);
  const next = await tokens.issue(access, "");
  expect((await tokens.check(next, "")).clientId).toBe("shop");
  served = serverKeysOf(JSON.parse(makeServerKeys("one")), "here");
  await expect(tokens.check(next, "")).rejects.toMatchObject(refusal);
});
